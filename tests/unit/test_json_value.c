// SPDX-License-Identifier: Apache-2.0
// Typed values as JSON: the fast ways say what value_text and escape_json say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dump/json_value.h"
#include "output/escape.h"

static void expect_json(struct value value, const char *expected)
{
	struct json_day day = {0};
	struct arena arena = {0};
	struct buf out = {0};

	json_value(&out, &value, &day, &arena);
	if (!str_eq(buf_str(&out), str_from(expected)))
		fail_msg("'%.*s' instead of '%s'", STR_ARG(buf_str(&out)), expected);
	buf_release(&out);
	arena_release(&arena);
}

static struct value bytes(enum value_type type, const void *ptr, uint32_t len)
{
	return (struct value){.ptr = ptr, .len = len, .type = (uint16_t)type};
}

static void integers_are_numbers(void **state)
{
	static const unsigned char ones[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	static const unsigned char low[8] = {0xFB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
	static const unsigned char ten[4] = {10, 0, 0, 0};

	(void)state;
	expect_json(bytes(VALUE_UINT8, ones, 1), "255");
	expect_json(bytes(VALUE_INT8, low, 1), "-5");
	expect_json(bytes(VALUE_UINT16, ones, 2), "65535");
	expect_json(bytes(VALUE_INT16, ones, 2), "-1");
	expect_json(bytes(VALUE_UINT32, ten, 4), "10");
	expect_json(bytes(VALUE_UINT32, ones, 4), "4294967295");
	expect_json(bytes(VALUE_UINT64, ones, 8), "18446744073709551615");
	expect_json(bytes(VALUE_INT64, low, 8), "9223372036854775803");
	expect_json(bytes(VALUE_INT64, "\0\0\0\0\0\0\0\x80", 8), "-9223372036854775808");
	expect_json(bytes(VALUE_UINT64, "\0\0\0\0\1\0\0\0", 8), "4294967296");
}

static void a_size_that_does_not_fit_is_shown_as_hex_text(void **state)
{
	(void)state;
	expect_json(bytes(VALUE_UINT32, "\x01\x02", 2), "513"); // a number in any word
	expect_json(bytes(VALUE_UINT32, "\x01\x02\x03", 3), "\"010203\"");
	expect_json(bytes(VALUE_GUID, "\xAB", 1), "\"AB\"");
	expect_json(bytes(VALUE_SID, "\x01\x05\0\0\0\0\0\x05", 8), "\"0105000000000005\"");
	expect_json(bytes(VALUE_BINARY, "\xDE\xAD", 2), "\"DEAD\"");
	expect_json(bytes(VALUE_BINARY, "", 0), "\"\"");
	expect_json(bytes(VALUE_UINT32, "", 0), "\"\"");
	expect_json(bytes(VALUE_STRING, NULL, 0), "\"\"");
}

static void other_types_have_their_forms(void **state)
{
	(void)state;
	expect_json(bytes(VALUE_NULL, NULL, 0), "null");
	expect_json(bytes(VALUE_BOOL, "\0\0\0\0", 4), "false");
	expect_json(bytes(VALUE_BOOL, "\0\0\1\0", 4), "true");
	expect_json(bytes(VALUE_HEX32, "\xE7\x03\0\0", 4), "\"0x3e7\"");
	expect_json(bytes(VALUE_HEX32, "\0\0\0\0", 4), "\"0x0\"");
	expect_json(bytes(VALUE_HEX64, "\0\0\0\0\0\0\0\x80", 8), "\"0x8000000000000000\"");
	expect_json(bytes(VALUE_SIZE, "\x10\0\0\0", 4), "\"0x10\"");
	// evtx-format.md 3: Data1 to Data3 are little-endian.
	expect_json(bytes(VALUE_GUID,
			  "\x6D\xCA\x72\xC7\xCD\xB8\x8A\x67\xF1\x45\x69\x3B\x5D\x0B\x93\x8C", 16),
		    "\"{c772ca6d-b8cd-678a-f145-693b5d0b938c}\"");
	expect_json(bytes(VALUE_SID, "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16),
		    "\"S-1-5-32-544\"");
	// 1970-01-01 and one tick.
	expect_json(bytes(VALUE_FILETIME, "\x01\x80\x3E\xD5\xDE\xB1\x9D\x01", 8),
		    "\"1970-01-01T00:00:00.0000001Z\"");
	expect_json(bytes(VALUE_FILETIME, "\0\0\0\0\0\0\0\0", 8),
		    "\"1601-01-01T00:00:00.0000000Z\"");
	// Past the year 9999: the number.
	expect_json(bytes(VALUE_FILETIME, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8),
		    "\"18446744073709551615\"");
	expect_json(bytes(VALUE_ANSI, "a\x80\"", 3), "\"a\xE2\x82\xAC\\\"\"");
}

static void floats_are_numbers_where_json_has_them(void **state)
{
	double half = 0.5;
	double huge = 1e300 * 1e300;
	float third = 0.25f;

	(void)state;
	expect_json(bytes(VALUE_DOUBLE, &half, sizeof(half)), "0.5");
	expect_json(bytes(VALUE_FLOAT, &third, sizeof(third)), "0.25");
	expect_json(bytes(VALUE_DOUBLE, &huge, sizeof(huge)), "\"inf\"");
}

static void text_is_a_number_only_where_the_log_stored_one(void **state)
{
	(void)state;
	expect_json(value_of_text(STR("4624"), VALUE_UINT16), "4624");
	expect_json(value_of_text(STR("4624"), VALUE_STRING), "\"4624\"");
	expect_json(value_of_text(STR("0x10"), VALUE_UINT16), "\"0x10\"");
	expect_json(value_of_text(STR("01"), VALUE_UINT16), "\"01\"");
	expect_json(value_of_text(STR("-"), VALUE_INT16), "\"-\"");
	expect_json(value_of_text(STR("-3"), VALUE_INT16), "-3");
	expect_json(value_of_text(STR("a\"b\n"), VALUE_STRING), "\"a\\\"b\\n\"");
	expect_json(value_of_text(STR("0123456789abcdef\x80"), VALUE_STRING),
		    "\"0123456789abcdef\xEF\xBF\xBD\"");
}

// Numbers without a pattern, the same in every run.
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static uint16_t random_unit(uint32_t *state)
{
	static const uint16_t odd[] = {'"',    '\\',   '\n',   0,      0x1F,   0x7F,   0x80,
				       0x9F,   0xFF,   0x100,  0x7FFF, 0x8000, 0x2028, 0x2029,
				       0xD83D, 0xDE00, 0xDFFF, 0xD800, 0xFFFE, 0xFFFF};

	if (next_random(state) % 8 == 0)
		return odd[next_random(state) % (sizeof(odd) / sizeof(odd[0]))];
	return (uint16_t)(0x20 + next_random(state) % 0x60);
}

static void strings_are_what_the_slow_way_makes_of_them(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t round = 0; round < 20000; round++) {
		unsigned char text[120];
		uint32_t units = next_random(&seed) % 60;
		struct value value = bytes(VALUE_STRING, text, 2 * units);
		struct arena arena = {0};
		struct buf out = {0};
		struct buf expected = {0};
		struct json_day day = {0};

		for (size_t i = 0; i < units; i++) {
			uint16_t unit = random_unit(&seed);

			text[2 * i] = (unsigned char)unit;
			text[2 * i + 1] = (unsigned char)(unit >> 8);
		}
		json_value(&out, &value, &day, &arena);
		escape_json(&expected, value_text(&value, &arena));
		if (!str_eq(buf_str(&out), buf_str(&expected)))
			fail_msg("'%s' instead of '%s'", out.ptr, expected.ptr);
		buf_release(&out);
		buf_release(&expected);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_numbers),
		cmocka_unit_test(a_size_that_does_not_fit_is_shown_as_hex_text),
		cmocka_unit_test(other_types_have_their_forms),
		cmocka_unit_test(floats_are_numbers_where_json_has_them),
		cmocka_unit_test(text_is_a_number_only_where_the_log_stored_one),
		cmocka_unit_test(strings_are_what_the_slow_way_makes_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
