// SPDX-License-Identifier: Apache-2.0
// Which records of a chunk another reader did not give.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evtx/roll.h"

// A roll of these ids, at offsets 512, 612 and so on, without a chunk.
static struct roll *roll_of(const uint64_t *ids, size_t count)
{
	static struct roll_entry entries[8];
	static struct roll roll;

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct roll_entry){ids[i], 512 + 100 * (uint32_t)i, false};
	roll = (struct roll){.entries = entries, .count = count};
	return &roll;
}

static void expect_missing(struct roll *roll, const uint64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(roll_missing(roll)->header_id, ids[i]);
	assert_null(roll_missing(roll));
}

static void who_was_not_called_is_missing(void **state)
{
	struct roll *roll = roll_of((const uint64_t[]){1, 2, 3, 4, 5}, 5);
	struct err err;

	(void)state;
	roll_call(roll, 2);
	roll_call(roll, 4);
	roll_tell(roll_missing(roll), "gone", &err);
	assert_string_equal(err.text, "record 1 at chunk offset 512: gone");
	expect_missing(roll, (const uint64_t[]){3, 5}, 2);
}

static void an_id_that_comes_twice_is_called_twice(void **state)
{
	struct roll *roll = roll_of((const uint64_t[]){7, 7, 8, 7}, 4);

	(void)state;
	roll_call(roll, 7);
	roll_call(roll, 7);
	roll_call(roll, 7);
	expect_missing(roll, (const uint64_t[]){8}, 1);
}

static void strangers_change_nothing(void **state)
{
	struct roll *roll = roll_of((const uint64_t[]){1, 2}, 2);

	(void)state;
	roll_call(roll, 9);
	roll_call(roll, 1);
	roll_call(roll, 1);
	expect_missing(roll, (const uint64_t[]){2}, 1);
}

// libevtx fails at records of which it does not say the number.
static void a_loss_without_a_name_is_the_next(void **state)
{
	struct roll *roll = roll_of((const uint64_t[]){1, 2, 0, 4}, 4);

	(void)state;
	roll_call(roll, 1);
	roll_call(roll, 0); // this one is on the roll
	roll_call(roll, 0);
	roll_call(roll, 0);
	expect_missing(roll, (const uint64_t[]){2}, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_not_called_is_missing),
		cmocka_unit_test(an_id_that_comes_twice_is_called_twice),
		cmocka_unit_test(strangers_change_nothing),
		cmocka_unit_test(a_loss_without_a_name_is_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
