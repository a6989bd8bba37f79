// SPDX-License-Identifier: Apache-2.0
// Hits in order through sorted runs: the same with and without spilling.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "scan/store.h"

#define HITS 5000

// A hit whose place in the order is scattered: time repeats, then computer,
// record id and rule decide.
static void add_hit(struct runs *store, uint32_t number)
{
	uint32_t scattered = number * 2654435761u;
	struct store_key key = {
		.time = scattered % 50,
		.record_id = scattered % 7,
		.sequence = number,
		.rule = scattered % 3,
	};
	char texts[32];
	char body[64];
	struct err err;

	key.computer_len = (uint32_t)snprintf(texts, sizeof(texts), "host%u", scattered % 11);
	snprintf(body, sizeof(body), "body of %u", number);
	assert_int_equal(
		store_add(store, &key, (struct str){texts, key.computer_len}, str_from(body), &err),
		RC_OK);
}

static void read_all(struct runs **stores, size_t count, struct buf *out)
{
	struct runs_reader *reader = runs_read(stores, count);
	struct store_key key;
	struct str texts;
	struct str body;
	struct err err;
	size_t hits = 0;

	while (store_next(reader, &key, &texts, &body, &err) == RC_OK) {
		buf_printf(out, "%u %.*s %u %u %.*s\n", (unsigned)key.time, STR_ARG(texts),
			   (unsigned)key.record_id, (unsigned)key.rule, STR_ARG(body));
		hits++;
	}
	assert_int_equal(hits, HITS);
	runs_reader_free(reader);
}

static void hits_in_one_store(size_t budget, struct buf *out)
{
	struct spill *spill = spill_new();
	struct runs *store = store_new(budget, spill);

	for (uint32_t i = 0; i < HITS; i++)
		add_hit(store, i);
	read_all(&store, 1, out);
	runs_free(store);
	spill_free(spill);
}

static void spilled_runs_give_the_order_of_memory(void **state)
{
	struct buf whole = {0};
	struct buf spilled = {0};

	(void)state;
	hits_in_one_store(SIZE_MAX, &whole);
	hits_in_one_store(4096, &spilled); // some hundred runs
	assert_true(str_eq(buf_str(&whole), buf_str(&spilled)));
	buf_release(&whole);
	buf_release(&spilled);
}

static void several_stores_merge_like_one(void **state)
{
	struct spill *spill = spill_new();
	struct runs *stores[3];
	struct buf whole = {0};
	struct buf merged = {0};

	(void)state;
	hits_in_one_store(SIZE_MAX, &whole);
	for (size_t i = 0; i < 3; i++)
		stores[i] = store_new(i == 1 ? 2048 : SIZE_MAX, spill);
	for (uint32_t i = HITS; i > 0; i--) // another order, spread over stores
		add_hit(stores[i % 3], i - 1);
	read_all(stores, 3, &merged);
	assert_true(str_eq(buf_str(&whole), buf_str(&merged)));
	for (size_t i = 0; i < 3; i++)
		runs_free(stores[i]);
	spill_free(spill);
	buf_release(&whole);
	buf_release(&merged);
}

static void hits_come_in_order_of_time_then_computer(void **state)
{
	struct buf out = {0};
	struct str rest;
	struct str line;
	unsigned last = 0;

	(void)state;
	hits_in_one_store(4096, &out);
	rest = buf_str(&out);
	while (str_split(&rest, '\n', &line) && line.len > 0) {
		unsigned time = (unsigned)strtoul(line.ptr, NULL, 10);

		assert_true(time >= last);
		last = time;
	}
	buf_release(&out);
}

static void a_store_without_hits_ends_at_once(void **state)
{
	struct spill *spill = spill_new();
	struct runs *store = store_new(1024, spill);
	struct runs_reader *reader = runs_read(&store, 1);
	struct store_key key;
	struct str texts;
	struct str body;
	struct err err;

	(void)state;
	assert_int_equal(store_next(reader, &key, &texts, &body, &err), RC_END);
	runs_reader_free(reader);
	runs_free(store);
	spill_free(spill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spilled_runs_give_the_order_of_memory),
		cmocka_unit_test(several_stores_merge_like_one),
		cmocka_unit_test(hits_come_in_order_of_time_then_computer),
		cmocka_unit_test(a_store_without_hits_ends_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
