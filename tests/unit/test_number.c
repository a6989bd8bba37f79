// SPDX-License-Identifier: Apache-2.0
// Numbers in event text (sigma-engine.md 1.7, 2.6).
#include "rule_fixture.h"

#include "match/number.h"

static struct number parse(const char *text)
{
	struct number n;

	if (!number_parse(str_from(text), &n))
		fail_msg("'%s' is no number", text);
	return n;
}

static void expect_order(const char *a, const char *b, int order)
{
	struct number x = parse(a);
	struct number y = parse(b);

	if (number_compare(&x, &y) != order || number_compare(&y, &x) != -order)
		fail_msg("%s and %s do not compare as %d", a, b, order);
}

static void what_is_a_number(void **state)
{
	static const char *const good[] = {"0",
					   "5",
					   "+5",
					   "-5",
					   " 5 ",
					   "007",
					   "1.5",
					   ".5",
					   "5.",
					   "1e3",
					   "1E-3",
					   "0x10",
					   "0XfF",
					   "18446744073709551615",
					   "99999999999999999999"};
	static const char *const bad[] = {"",	 "-",	"+",	 ".",	  "e5", "5e",
					  "0x",	 "0xg", "5 5",	 "--5",	  "5a", "inf",
					  "nan", "1,5", "1_000", "0x1.8", "- 5"};
	struct number n;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		parse(good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (number_parse(str_from(bad[i]), &n))
			fail_msg("'%s' is a number", bad[i]);
	}
	assert_false(number_parse(STR("5\0"), &n));
	assert_false(number_parse((struct str){NULL, 0}, &n));
}

static void integers_compare_exactly(void **state)
{
	(void)state;
	expect_order("18446744073709551615", "18446744073709551614", 1);
	expect_order("9007199254740993", "9007199254740992", 1); // 2^53 + 1
	expect_order("-9007199254740993", "-9007199254740992", -1);
	expect_order("-1", "1", -1);
	expect_order("-2", "-1", -1);
	expect_order("-0", "0", 0);
	expect_order("0x10", "16", 0);
	expect_order("007", "7", 0);
}

static void floats_compare_as_doubles(void **state)
{
	(void)state;
	expect_order("1.5", "1", 1);
	expect_order("1e3", "1000", 0);
	expect_order("-0.5", "0", -1);
	expect_order("1e999", "18446744073709551615", 1);
	expect_order("99999999999999999999", "18446744073709551615", 1);
}

static void operators(void **state)
{
	(void)state;
	assert_true(compare_holds(COMPARE_LTE, 0) && compare_holds(COMPARE_LTE, -1));
	assert_false(compare_holds(COMPARE_LTE, 1) || compare_holds(COMPARE_LT, 0));
	assert_true(compare_holds(COMPARE_GTE, 0) && compare_holds(COMPARE_GT, 1));
	assert_false(compare_holds(COMPARE_GT, 0) || compare_holds(COMPARE_NEQ, 0));
	assert_true(compare_holds(COMPARE_EQ, 0) && compare_holds(COMPARE_NEQ, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_number),
		cmocka_unit_test(integers_compare_exactly),
		cmocka_unit_test(floats_compare_as_doubles),
		cmocka_unit_test(operators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
