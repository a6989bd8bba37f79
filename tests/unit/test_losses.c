// SPDX-License-Identifier: Apache-2.0
// The first losses in order of the records, whatever order they come in.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/limits.h"
#include "scan/internal.h"

static void add(struct losses *losses, size_t file, uint64_t record)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "file %zu record %d", file, (int)record);

	losses_add(losses, SEQUENCE(file, 0, 0) + record, (struct str){text, (size_t)len});
}

static void assert_same(const struct losses *a, const struct losses *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->items[i].sequence, b->items[i].sequence);
		assert_true(str_eq(a->items[i].reason, b->items[i].reason));
	}
}

static void each_file_keeps_its_first(void **state)
{
	struct losses losses;

	(void)state;
	losses_init(&losses, 3);
	for (uint64_t i = 9; i > 0; i--) {
		add(&losses, 7, i);
		add(&losses, 2, i);
	}
	assert_int_equal(losses.count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(losses.items[i].sequence,
				 SEQUENCE(i < 3 ? 2 : 7, 0, 0) + 1 + i % 3);
	assert_true(str_eq(losses.items[5].reason, STR("file 7 record 3")));
	losses_release(&losses);
}

static void the_same_is_kept_once(void **state)
{
	struct losses losses;

	(void)state;
	losses_init(&losses, 9);
	for (int i = 0; i < 3; i++) {
		losses_add(&losses, 5, STR("b"));
		losses_add(&losses, 5, STR("a"));
	}
	assert_int_equal(losses.count, 2);
	assert_true(str_eq(losses.items[0].reason, STR("a")));
	losses_release(&losses);
}

// One list has met all; of the others each has met what `workers` dealt it, in any order.
static void threads_make_no_difference(void **state)
{
	enum { WORKERS = 3, FILES = 100, RECORDS = 90 };
	struct losses all;
	struct losses sum;
	struct losses of[WORKERS];

	(void)state;
	losses_init(&all, LIMIT_FILE_LOSSES);
	losses_init(&sum, LIMIT_FILE_LOSSES);
	for (size_t i = 0; i < WORKERS; i++)
		losses_init(&of[i], LIMIT_FILE_LOSSES);
	for (uint32_t i = 0; i < FILES * RECORDS; i++) {
		uint32_t k = (uint32_t)(i * UINT64_C(7919) % (FILES * RECORDS));

		add(&all, i / RECORDS, i % RECORDS);
		add(&of[k * 2654435761u % WORKERS], k / RECORDS, k % RECORDS);
	}
	for (size_t i = 0; i < WORKERS; i++) {
		losses_merge(&sum, &of[i]);
		losses_release(&of[i]);
	}
	assert_int_equal(all.count, LIMIT_LOSSES);
	assert_same(&all, &sum);
	losses_release(&all);
	losses_release(&sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_keeps_its_first),
		cmocka_unit_test(the_same_is_kept_once),
		cmocka_unit_test(threads_make_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
