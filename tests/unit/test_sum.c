// SPDX-License-Identifier: Apache-2.0
// Sums are exact: what was taken out leaves nothing, and each value is the nearest double.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "correlate/sum.h"

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

// Up to a million times a power of two up to 2^100: sums are exact in 128 bits.
static __int128 random_number(uint64_t *random)
{
	__int128 number = (__int128)(next_random(random) % 1000000);
	unsigned shift = (unsigned)(next_random(random) % 100);

	return next_random(random) % 2 == 0 ? number << shift : -(number << shift);
}

static void expect_sum(const struct sum *sum, double expected)
{
	double got = sum_over(sum, 1);

	if (memcmp(&got, &expected, sizeof(got)) != 0 && (got != 0 || expected != 0))
		fail_msg("%.17g is not %.17g", got, expected);
}

static void the_nearest_double_is_given(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct sum sum = {.count = 0};
		__int128 exact = 0;

		for (int i = 0; i < 20; i++) {
			__int128 number = random_number(&random);

			exact += number;
			sum_add(&sum, (double)number);
			expect_sum(&sum, (double)exact);
		}
	}
}

static void what_was_taken_out_leaves_nothing(void **state)
{
	static const double numbers[] = {1e308, -1e40, 0.1, 1e308, 3e-250, 2e6, -1e-3, 1e300};
	struct sum sum = {.count = 0};

	(void)state;
	for (size_t i = 0; i < 8; i++)
		sum_add(&sum, numbers[i]);
	expect_sum(&sum, INFINITY);
	assert_true(sum_over(&sum, 8) > 2e307 && sum_over(&sum, 8) < 3e307);
	for (size_t i = 0; i < 8; i++) {
		if (i != 2)
			sum_add(&sum, -numbers[i]);
	}
	expect_sum(&sum, 0.1);
	sum_add(&sum, -0.1);
	assert_int_equal(sum.count, 0);
	expect_sum(&sum, 0);
}

// Half of the last place, and a little more or less.
static void a_tie_is_broken_by_what_is_far_below(void **state)
{
	struct sum sum = {.count = 0};

	(void)state;
	sum_add(&sum, 9007199254740992.0); // 2^53
	sum_add(&sum, 1);
	expect_sum(&sum, 9007199254740992.0);
	sum_add(&sum, 1e-30);
	expect_sum(&sum, 9007199254740994.0);
	sum_add(&sum, -2e-30);
	expect_sum(&sum, 9007199254740992.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_double_is_given),
		cmocka_unit_test(what_was_taken_out_leaves_nothing),
		cmocka_unit_test(a_tie_is_broken_by_what_is_far_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
