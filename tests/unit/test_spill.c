// SPDX-License-Identifier: Apache-2.0
// What does not fit into memory: written, read back, and told when it cannot be.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/runs.h"

static int by_bytes(struct str a, struct str b)
{
	return str_cmp(a, b);
}

// A temporary file that cannot be made.
static struct spill *nowhere(void)
{
	struct spill *spill;

	setenv("TMPDIR", "/nonexistent", 1);
	spill = spill_new();
	unsetenv("TMPDIR");
	return spill;
}

static void expect_no_file(const struct err *err)
{
	assert_string_equal(err->text, "cannot keep hits in a temporary file in /nonexistent "
				       "(TMPDIR): No such file or directory");
}

static void items_are_found_again_in_memory_and_in_the_file(void **state)
{
	struct spool spool = {.file = spill_new(), .most = 100};
	struct buf out = {0};
	uint64_t at[500];
	struct err err;

	(void)state;
	for (int round = 0; round < 2; round++) { // the second in the space of the first
		for (int i = 0; i < 500; i++) {
			char item[16];

			snprintf(item, sizeof(item), "item %d of %d", i, round);
			assert_int_equal(spool_put(&spool, str_from(item), &at[i], &err), RC_OK);
			assert_true(spool.held.len <= 100);
		}
		assert_int_equal(at[0], 0);
		for (int i = 499; i >= 0; i--) {
			char item[16];
			size_t len =
				(size_t)snprintf(item, sizeof(item), "item %d of %d", i, round);

			buf_reset(&out);
			assert_int_equal(spool_get(&spool, at[i], len, &out, &err), RC_OK);
			assert_memory_equal(out.ptr, item, len);
			assert_int_equal(out.len, len);
		}
		spool_clear(&spool);
	}
	spill_free(spool.file);
	spool_release(&spool);
	buf_release(&out);
}

static void an_item_of_any_size_is_taken(void **state)
{
	struct spool spool = {.file = spill_new(), .most = 10};
	char large[1000];
	struct buf out = {0};
	uint64_t first, second;
	struct err err;

	(void)state;
	memset(large, 'x', sizeof(large));
	assert_int_equal(spool_put(&spool, (struct str){large, sizeof(large)}, &first, &err),
			 RC_OK);
	assert_int_equal(spool_put(&spool, STR("y"), &second, &err), RC_OK);
	assert_int_equal(second, sizeof(large));
	assert_int_equal(spool_get(&spool, first, sizeof(large), &out, &err), RC_OK);
	assert_memory_equal(out.ptr, large, sizeof(large));
	spill_free(spool.file);
	spool_release(&spool);
	buf_release(&out);
}

// That there is no file is told when it is needed.
static void without_a_file_what_does_not_fit_is_an_error(void **state)
{
	struct spool spool = {.file = nowhere(), .most = 4};
	struct runs *runs = runs_new(20, by_bytes, spool.file);
	struct str item = STR("four");
	uint64_t at;
	struct err err = {""};

	(void)state;
	assert_int_equal(spool_put(&spool, item, &at, &err), RC_OK);
	assert_int_equal(spool_put(&spool, item, &at, &err), RC_FATAL);
	expect_no_file(&err);
	err.text[0] = '\0';
	assert_int_equal(runs_add(runs, &item, 1, &err), RC_OK);
	assert_int_equal(runs_add(runs, &item, 1, &err), RC_FATAL);
	expect_no_file(&err);
	runs_free(runs);
	spill_free(spool.file);
	spool_release(&spool);
}

static void what_is_not_there_any_more_is_an_error(void **state)
{
	static const char *const lost =
		"cannot read hits back from the temporary file: Input/output error";
	struct spill *spill = spill_new();
	struct runs *runs = runs_new(20, by_bytes, spill);
	struct spool spool = {.file = spill, .most = 1};
	struct str item = STR("four");
	struct buf out = {0};
	struct runs_reader *reader;
	uint64_t at;
	struct err err;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(runs_add(runs, &item, 1, &err), RC_OK);
	assert_int_equal(spool_put(&spool, item, &at, &err), RC_OK);
	assert_int_equal(spool_put(&spool, item, &(uint64_t){0}, &err), RC_OK);
	spill_clear(spill);
	assert_int_equal(spool_get(&spool, at, item.len, &out, &err), RC_FATAL);
	assert_string_equal(err.text, lost);
	reader = runs_read(&runs, 1);
	memset(&err, 0, sizeof(err));
	assert_int_equal(runs_next(reader, &item, &err), RC_FATAL);
	assert_string_equal(err.text, lost);
	runs_reader_free(reader);
	runs_free(runs);
	spill_free(spill);
	spool_release(&spool);
	buf_release(&out);
}

// Larger than the window that is read at once.
static void large_items_come_back_in_order(void **state)
{
	struct spill *spill = spill_new();
	struct runs *runs = runs_new(60000, by_bytes, spill);
	struct runs_reader *reader;
	char item[40000];
	struct str got;
	struct err err;

	(void)state;
	for (int i = 0; i < 9; i++) {
		memset(item, 'a' + i * 7 % 9, sizeof(item));
		assert_int_equal(
			runs_add(runs, &(struct str){item, sizeof(item) - (size_t)i}, 1, &err),
			RC_OK);
	}
	reader = runs_read(&runs, 1);
	for (int i = 0; i < 9; i++) {
		assert_int_equal(runs_next(reader, &got, &err), RC_OK);
		assert_int_equal(got.ptr[0], 'a' + i);
		assert_int_equal(got.ptr[got.len - 1], 'a' + i);
		assert_int_equal((sizeof(item) - got.len) * 7 % 9, i);
	}
	assert_int_equal(runs_next(reader, &got, &err), RC_END);
	runs_reader_free(reader);
	runs_free(runs);
	spill_free(spill);
}

// Of 64 runs one is made, and of 64 such again one.
static void many_runs_become_few(void **state)
{
	enum { ITEMS = 5000, RUNS = ITEMS - 1, MERGED = 78 * 64, MERGED_TWICE = 64 * 64 };
	struct spill *spill = spill_new();
	struct runs *runs = runs_new(1, by_bytes, spill);
	struct runs_reader *reader;
	char item[8];
	uint64_t written;
	struct str got;
	struct err err;

	(void)state;
	for (int i = 0; i < ITEMS; i++) {
		snprintf(item, sizeof(item), "%04d", i * 7919 % ITEMS);
		assert_int_equal(runs_add(runs, &(struct str){item, 4}, 1, &err), RC_OK);
	}
	reader = runs_read(&runs, 1);
	for (int i = 0; i < ITEMS; i++) {
		snprintf(item, sizeof(item), "%04d", i);
		assert_int_equal(runs_next(reader, &got, &err), RC_OK);
		assert_int_equal(got.len, 4);
		assert_memory_equal(got.ptr, item, 4);
	}
	assert_int_equal(runs_next(reader, &got, &err), RC_END);
	assert_int_equal(spill_write(spill, STR(""), &written, &err), RC_OK);
	assert_int_equal(written, (RUNS + MERGED + MERGED_TWICE) * (sizeof(uint64_t) + 4));
	runs_reader_free(reader);
	runs_free(runs);
	spill_free(spill);
}

static void runs_that_are_not_there_any_more_cannot_be_merged(void **state)
{
	struct spill *spill = spill_new();
	struct runs *runs = runs_new(1, by_bytes, spill);
	struct str item = STR("four");
	struct err err = {""};

	(void)state;
	for (int i = 0; i < 64; i++)
		assert_int_equal(runs_add(runs, &item, 1, &err), RC_OK);
	spill_clear(spill);
	assert_int_equal(runs_add(runs, &item, 1, &err), RC_FATAL);
	assert_string_equal(err.text,
			    "cannot read hits back from the temporary file: Input/output error");
	runs_free(runs);
	spill_free(spill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_found_again_in_memory_and_in_the_file),
		cmocka_unit_test(an_item_of_any_size_is_taken),
		cmocka_unit_test(without_a_file_what_does_not_fit_is_an_error),
		cmocka_unit_test(what_is_not_there_any_more_is_an_error),
		cmocka_unit_test(large_items_come_back_in_order),
		cmocka_unit_test(many_runs_become_few),
		cmocka_unit_test(runs_that_are_not_there_any_more_cannot_be_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
