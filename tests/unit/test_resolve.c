// SPDX-License-Identifier: Apache-2.0
// What plain scalars mean (sigma-engine.md 1.1), as PyYAML 6 resolves them.
#include <math.h>

#include "rule_fixture.h"

static struct yaml_value resolve(const char *text)
{
	struct yaml_node node = {.kind = YAML_SCALAR, .text = str_from(text)};

	return yaml_resolve(&node);
}

static void expect_type(const char *const *texts, size_t count, enum yaml_type type)
{
	for (size_t i = 0; i < count; i++) {
		if (resolve(texts[i]).type != type)
			fail_msg("'%s' has type %d, not %d", texts[i], resolve(texts[i]).type,
				 type);
	}
}

#define EXPECT_TYPE(type, ...)                                                                     \
	expect_type((const char *const[]){__VA_ARGS__},                                            \
		    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), type)

static void expect_int(const char *text, bool negative, uint64_t magnitude)
{
	struct yaml_value value = resolve(text);

	if (value.type != YAML_INT || value.negative != negative || value.magnitude != magnitude)
		fail_msg("'%s' is not %s%llu", text, negative ? "-" : "",
			 (unsigned long long)magnitude);
}

static void expect_float(const char *text, double number)
{
	struct yaml_value value = resolve(text);

	if (value.type != YAML_FLOAT || value.number < number || value.number > number)
		fail_msg("'%s' is not %g", text, number);
}

static void nulls(void **state)
{
	(void)state;
	EXPECT_TYPE(YAML_NULL, "", "~", "null", "Null", "NULL");
	EXPECT_TYPE(YAML_STRING, "nULL", "none", "~~");
}

static void booleans(void **state)
{
	static const char *const yes[] = {"true", "True", "TRUE", "yes", "Yes",
					  "YES",  "on",	  "On",	  "ON"};

	(void)state;
	EXPECT_TYPE(YAML_BOOL, "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(resolve(yes[i]).type == YAML_BOOL && resolve(yes[i]).boolean);
	assert_false(resolve("off").boolean);
	EXPECT_TYPE(YAML_STRING, "y", "n", "Y", "N", "tRUE", "oN");
}

static void integers(void **state)
{
	(void)state;
	expect_int("0", false, 0);
	expect_int("123", false, 123);
	expect_int("+5", false, 5);
	expect_int("-5", true, 5);
	expect_int("1_000", false, 1000);
	expect_int("0x1F", false, 31);
	expect_int("-0x1f", true, 31);
	expect_int("0b11", false, 3);
	expect_int("010", false, 8);
	expect_int("0_", false, 0);
	expect_int("18446744073709551615", false, UINT64_MAX);
	EXPECT_TYPE(YAML_STRING, "0o10", "08", "0x", "0b2", "0xG", "--5", "+", "-", "_1", "1a",
		    "0B1", "0X1F", "5 5");
}

static void integers_that_do_not_fit_are_no_wrapped_ones(void **state)
{
	(void)state;
	expect_float("18446744073709551616", 18446744073709551616.0);
	expect_float("-0x1_0000_0000_0000_0000", -18446744073709551616.0);
}

static void base_60(void **state)
{
	(void)state;
	expect_int("12:30", false, 750);
	expect_int("1:02:03", false, 3723);
	expect_int("-12:30", true, 750);
	assert_true(resolve("12:30").sexagesimal);
	assert_false(resolve("12").sexagesimal);
	EXPECT_TYPE(YAML_STRING, "12:60", "12:", ":30", "0:30", "12:030", "12:3_", "12:-3");
}

static void floats(void **state)
{
	(void)state;
	expect_float("1.5", 1.5);
	expect_float(".5", 0.5);
	expect_float("1.", 1.0);
	expect_float("1.0e+3", 1000.0);
	expect_float("-1.5E-1", -0.15);
	expect_float("1_0.5", 10.5);
	EXPECT_TYPE(YAML_FLOAT, ".inf", ".Inf", ".INF", "+.inf", "-.INF", ".nan", ".NaN", ".NAN");
	assert_true(isinf(resolve("-.inf").number) && resolve("-.inf").number < 0);
	EXPECT_TYPE(YAML_STRING, "1e3", "1.0e3", ".", "..", "1.0e+", "_1.5", "._5", "-.5", "1.5.5",
		    "inf", "nan", ".iNF", "1.2.3.4", "0x1.5");
}

static void a_float_of_many_digits_is_one(void **state)
{
	char text[400];

	(void)state;
	memset(text, '1', sizeof(text));
	memcpy(text + 200, ".", 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(resolve(text).type, YAML_FLOAT);
}

static void dates(void **state)
{
	(void)state;
	EXPECT_TYPE(YAML_DATE, "2021-01-01", "2021-01-01T10:00:00Z", "2021-01-01 10:00:00");
	EXPECT_TYPE(YAML_STRING, "2021-01", "01-01-2021", "2021/01/01", "2021-01-01x");
}

static void quoted_text_is_text(void **state)
{
	struct yaml_node node = {.kind = YAML_SCALAR, .quoted = true, .text = STR("null")};

	(void)state;
	assert_int_equal(yaml_resolve(&node).type, YAML_STRING);
	node.text = STR("");
	assert_int_equal(yaml_resolve(&node).type, YAML_STRING);
	node.text = STR("5");
	assert_int_equal(yaml_resolve(&node).type, YAML_STRING);
}

// A NUL is a character like others, never an end.
static void a_nul_makes_text(void **state)
{
	struct yaml_node node = {.kind = YAML_SCALAR, .text = STR("5\0")};

	(void)state;
	assert_int_equal(yaml_resolve(&node).type, YAML_STRING);
	node.text = STR("true\0");
	assert_int_equal(yaml_resolve(&node).type, YAML_STRING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nulls),
		cmocka_unit_test(booleans),
		cmocka_unit_test(integers),
		cmocka_unit_test(integers_that_do_not_fit_are_no_wrapped_ones),
		cmocka_unit_test(base_60),
		cmocka_unit_test(floats),
		cmocka_unit_test(a_float_of_many_digits_is_one),
		cmocka_unit_test(dates),
		cmocka_unit_test(quoted_text_is_text),
		cmocka_unit_test(a_nul_makes_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
