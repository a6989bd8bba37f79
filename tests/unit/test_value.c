// SPDX-License-Identifier: Apache-2.0
// Typed values: their text, number and time.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/tm.h"
#include "event/value.h"

// A value of the bytes of a string literal.
#define VALUE(kind, bytes)                                                                         \
	((struct value){.ptr = (bytes), .len = sizeof(bytes) - 1, .type = (kind)})

static void expect_text_of(struct value value, struct str expected)
{
	struct arena arena = {0};
	// A copy of exactly that size lets a sanitizer see reads past it.
	void *copy = test_malloc(value.len + 1u);
	struct str text;

	memcpy(copy, value.ptr, value.len);
	value.ptr = value.len != 0 ? (char *)copy : NULL;
	text = value_text(&value, &arena);
	if (!str_eq(text, expected))
		fail_msg("'%.*s' is not '%.*s'", STR_ARG(text), STR_ARG(expected));
	test_free(copy);
	arena_release(&arena);
}

#define expect_text(kind, bytes, text) expect_text_of(VALUE(kind, bytes), STR(text))

static void integers_are_decimal(void **state)
{
	(void)state;
	expect_text(VALUE_INT8, "\xFB", "-5");
	expect_text(VALUE_UINT8, "\xFB", "251");
	expect_text(VALUE_INT16, "\x00\x80", "-32768");
	expect_text(VALUE_UINT16, "\x48\x12", "4680");
	expect_text(VALUE_INT32, "\x90\xEE\xFE\xFF", "-70000");
	expect_text(VALUE_UINT32, "\xFF\xFF\xFF\xFF", "4294967295");
	expect_text(VALUE_INT64, "\0\0\0\0\0\0\0\x80", "-9223372036854775808");
	expect_text(VALUE_UINT64, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "18446744073709551615");
}

static void hex_types_have_no_leading_zeros(void **state)
{
	(void)state;
	expect_text(VALUE_HEX64, "\xE7\x03\0\0\0\0\0\0", "0x3e7");
	expect_text(VALUE_HEX32, "\xFF\xFF\x1F\0", "0x1fffff");
	expect_text(VALUE_HEX32, "\0\0\0\0", "0x0");
	expect_text(VALUE_HEX64, "\0\0\0\0\0\0\x20\x80", "0x8020000000000000");
	expect_text(VALUE_SIZE, "\xF4\x01\0\0", "0x1f4");
	expect_text(VALUE_SIZE, "\xF4\x01\0\0\0\0\0\x01", "0x1000000000001f4");
}

static void a_boolean_is_true_unless_all_zero(void **state)
{
	(void)state;
	expect_text(VALUE_BOOL, "\0\0\0\0", "false");
	expect_text(VALUE_BOOL, "\x01\0\0\0", "true");
	// 65536 occurs in a real log (evtx-format.md 3).
	expect_text(VALUE_BOOL, "\0\0\x01\0", "true");
	expect_text(VALUE_BOOL, "\x01", "true");
}

static void guids_are_lower_case_in_braces(void **state)
{
	(void)state;
	// The Security-Auditing provider, in the byte order of a log.
	expect_text(VALUE_GUID, "\x25\x96\x84\x54\x78\x54\x94\x49\xA5\xBA\x3E\x3B\x03\x28\xC3\x0D",
		    "{54849625-5478-4994-a5ba-3e3b0328c30d}");
}

static void sids_show_authority_and_parts(void **state)
{
	(void)state;
	expect_text(VALUE_SID, "\x01\x01\0\0\0\0\0\x05\x12\0\0\0", "S-1-5-18");
	expect_text(VALUE_SID, "\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", "S-1-5-32-544");
	expect_text(VALUE_SID, "\x01\0\0\0\0\0\0\x05", "S-1-5");
	// [MS-DTYP] 2.4.2.1: hex from 2^32 on.
	expect_text(VALUE_SID, "\x01\x01\0\x01\0\0\0\0\x07\0\0\0", "S-1-0x000100000000-7");
}

static void a_sid_whose_count_does_not_fit_is_hex(void **state)
{
	(void)state;
	expect_text(VALUE_SID, "\x01\x0F\0\0\0\0\0\x05\x12\0\0\0", "010F00000000000512000000");
	expect_text(VALUE_SID, "\x01\0\0\0\0\0\0\x05\x12\0\0\0", "010000000000000512000000");
	expect_text(VALUE_SID, "\x01", "01");
}

static void a_sid_of_the_largest_count_is_shown_whole(void **state)
{
	static unsigned char bytes[8 + 4 * 255];
	struct value value = {.ptr = bytes, .len = sizeof(bytes), .type = VALUE_SID};
	struct arena arena = {0};
	struct str text;

	(void)state;
	memset(bytes, 0xFF, sizeof(bytes));
	text = value_text(&value, &arena);
	assert_true(str_starts(text, STR("S-255-0xffffffffffff-4294967295-")));
	assert_int_equal(text.len, strlen("S-255-0xffffffffffff") + 255 * strlen("-4294967295"));
	arena_release(&arena);
}

static void times_have_seven_digits_and_z(void **state)
{
	(void)state;
	// 116444736000000000 is 1970 (Windows' own constant), plus 1234567.
	expect_text(VALUE_FILETIME, "\x87\x56\x51\xD5\xDE\xB1\x9D\x01",
		    "1970-01-01T00:00:00.1234567Z");
	expect_text(VALUE_FILETIME, "\0\0\0\0\0\0\0\0", "1601-01-01T00:00:00.0000000Z");
	// 2024-05-06 (a Monday) 07:08:09.123
	expect_text(VALUE_SYSTEMTIME, "\xE8\x07\x05\0\x01\0\x06\0\x07\0\x08\0\x09\0\x7B\0",
		    "2024-05-06T07:08:09.1230000Z");
}

static void an_impossible_systemtime_is_hex(void **state)
{
	(void)state;
	expect_text(VALUE_SYSTEMTIME, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		    "00000000000000000000000000000000");
	expect_text(VALUE_SYSTEMTIME, "\xE8\x07\x02\0\0\0\x1E\0\0\0\0\0\0\0\0\0",
		    "E80702000000"
		    "1E0000000000"
		    "00000000");
}

static void strings_are_kept_but_for_nuls_at_the_end(void **state)
{
	(void)state;
	expect_text(VALUE_STRING, "a\0\xE9\0\0\0\0\0", "a\xC3\xA9");
	expect_text(VALUE_STRING, "a\0\0\0b\0", "a\0b");
	expect_text(VALUE_STRING, "\x3D\xD8\x00\xDE", "\xF0\x9F\x98\x80");
	expect_text(VALUE_STRING, "a\0b", "a");
	// A6 and 01 as in the DNS server's log of a malformed query.
	expect_text(VALUE_ANSI,
		    "@\xA6"
		    "5\x01.\0",
		    "@\xC2\xA6"
		    "5\x01.");
	expect_text(VALUE_ANSI, "\x80", "\xE2\x82\xAC");
}

static void binary_is_upper_case_hex(void **state)
{
	(void)state;
	expect_text(VALUE_BINARY, "\xDE\xAD\xBE\xEF\x01", "DEADBEEF01");
}

static void floats_take_the_fewest_digits(void **state)
{
	const float third = 1.0f / 3;
	const double tenth = 0.1;
	struct value value = {.ptr = &third, .len = sizeof(third), .type = VALUE_FLOAT};

	(void)state;
	expect_text_of(value, STR("0.33333334"));
	value = (struct value){.ptr = &tenth, .len = sizeof(tenth), .type = VALUE_DOUBLE};
	expect_text_of(value, STR("0.1"));
	expect_text(VALUE_DOUBLE, "\0\0\0\0\0\0\xF8\xFF", "nan");
	expect_text(VALUE_FLOAT, "\0\0\xC0\xFF", "nan");
}

static void null_and_empty_values_have_no_text(void **state)
{
	(void)state;
	// A null may have bytes (evtx-format.md 2.8); they are garbage.
	expect_text(VALUE_NULL, "\x12\x34", "");
	expect_text(VALUE_STRING, "", "");
	expect_text(VALUE_SID, "", "");
	expect_text(VALUE_FILETIME, "", "");
}

static void a_size_that_does_not_fit_the_type_is_hex(void **state)
{
	(void)state;
	expect_text(VALUE_UINT32, "\x01\x02\x03", "010203");
	expect_text(VALUE_HEX64, "\x01\x02\x03\x04\x05\x06\x07", "01020304050607");
	expect_text(VALUE_UINT64, "\x01\x02\x03\x04\x05\x06\x07\x08\x09", "010203040506070809");
	expect_text(VALUE_GUID, "\x01\x02\x03", "010203");
	expect_text(VALUE_FILETIME, "\x01", "01");
	expect_text(VALUE_BOOL, "\x01\x02\x03", "010203");
	expect_text(VALUE_SIZE, "\x01\x02", "0102");
	expect_text(VALUE_DOUBLE, "\x01\x02", "0102");
	expect_text(0x7F, "\xAB", "AB");
}

// libevtx reads them so, and an EventID that only we do not know would hide its record.
static void a_number_is_one_in_any_word(void **state)
{
	(void)state;
	expect_text(VALUE_UINT32, "\x01\x02", "513");
	expect_text(VALUE_UINT8, "\x01\x02\0\0", "513");
	expect_text(VALUE_INT8, "\x01\x80", "-32767");
	expect_text(VALUE_INT64, "\xFF", "-1");
	expect_text(VALUE_HEX32, "\x1A\0", "0x1a");
	expect_text(VALUE_HEX64, "\x1A", "0x1a");
}

static void expect_number(struct value value, uint64_t expected)
{
	uint64_t number = expected + 1;

	assert_true(value_to_u64(&value, &number));
	assert_int_equal(number, expected);
}

static void numbers_come_from_types_and_from_text(void **state)
{
	(void)state;
	expect_number(VALUE(VALUE_UINT16, "\x50\x12"), 4688);
	expect_number(VALUE(VALUE_HEX64, "\xE7\x03\0\0\0\0\0\0"), 999);
	expect_number(VALUE(VALUE_UINT32, "\x50\x12"), 4688);
	expect_number(VALUE(VALUE_INT32, "\x05\0\0\0"), 5);
	expect_number(VALUE(VALUE_STRING, "4\0"
					  "2\0\0\0"),
		      42);
	expect_number(VALUE(VALUE_ANSI, "0x2A"), 42);
	expect_number(value_of_text(STR("0x3e7"), VALUE_HEX64), 999);
}

static void what_is_no_unsigned_number_gives_none(void **state)
{
	struct value values[] = {
		VALUE(VALUE_INT8, "\xFB"),     VALUE(VALUE_UINT32, "\x01\0\0"),
		VALUE(VALUE_STRING, "4\0x\0"), VALUE(VALUE_STRING, "\x31\x01"),
		VALUE(VALUE_STRING, ""),       VALUE(VALUE_NULL, "\x01\0"),
		VALUE(VALUE_BINARY, "\x01"),   value_of_text(STR("-5"), VALUE_INT32),
	};
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (value_to_u64(&values[i], &number))
			fail_msg("value %zu is taken for a number", i);
	}
}

static void a_decimal_number_is_its_digits(void **state)
{
	struct value decimal[] = {
		VALUE(VALUE_UINT16, "\x50\x12"),
		VALUE(VALUE_INT32, "\x05\0\0\0"),
		VALUE(VALUE_STRING, "4\0"
				    "0\0\0\0"),
		VALUE(VALUE_ANSI, "0"),
		value_of_text(STR("4688"), VALUE_UINT16),
	};
	struct value other[] = {
		VALUE(VALUE_HEX32, "\x01\0\0\0"),
		VALUE(VALUE_SIZE, "\x01\0\0\0"),
		VALUE(VALUE_STRING, "0\0"
				    "1\0"),
		VALUE(VALUE_ANSI, "0x2A"),
		value_of_text(STR("00"), VALUE_UINT16),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(decimal) / sizeof(decimal[0]); i++)
		assert_true(value_is_decimal(&decimal[i]));
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		assert_false(value_is_decimal(&other[i]));
}

static void times_come_from_types_and_from_text(void **state)
{
	struct value values[] = {
		VALUE(VALUE_FILETIME, "\x00\x80\x3E\xD5\xDE\xB1\x9D\x01"),
		VALUE(VALUE_SYSTEMTIME, "\xB2\x07\x01\0\x04\0\x01\0\0\0\0\0\0\0\0\0"),
		value_of_text(STR("1970-01-01T00:00:00.0000000Z"), VALUE_FILETIME),
		VALUE(VALUE_ANSI, "1970-01-01 00:00:00"),
	};
	struct value none = VALUE(VALUE_FILETIME, "\x00\x80");
	uint64_t ticks;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_true(value_to_time(&values[i], &ticks));
		assert_true(ticks == TM_UNIX_EPOCH);
	}
	assert_false(value_to_time(&none, &ticks));
	none = VALUE(VALUE_UINT64, "\x00\x80\x3E\xD5\xDE\xB1\x9D\x01");
	assert_false(value_to_time(&none, &ticks));
}

#define SOUND(kind, bytes) value_is_sound(&VALUE(kind, bytes))

static void sound_values_are_what_windows_stores(void **state)
{
	(void)state;
	assert_true(SOUND(VALUE_STRING, "a\0b\0"));
	assert_true(SOUND(VALUE_STRING, "a\0\0\0\0\0"));
	assert_false(SOUND(VALUE_STRING, "a\0\0\0b\0"));       // behind its end
	assert_false(SOUND(VALUE_STRING, "a\0b"));	       // half a unit
	assert_true(SOUND(VALUE_STRING, "\x3D\xD8\x00\xDE"));  // a pair
	assert_false(SOUND(VALUE_STRING, "\x3D\xD8"));	       // half of it
	assert_false(SOUND(VALUE_STRING, "\x00\xDE\x3D\xD8")); // the wrong way round
	assert_true(SOUND(VALUE_UINT32, "1234"));
	assert_false(SOUND(VALUE_UINT32, "123"));
	assert_false(SOUND(VALUE_UINT32, "12")); // read, but Windows stores no such
	assert_false(SOUND(VALUE_HEX64, "1234"));
	assert_true(SOUND(VALUE_NULL, "garbage"));
	assert_true(SOUND(VALUE_ARRAY | VALUE_UINT16, "123456"));
	assert_false(SOUND(VALUE_ARRAY | VALUE_UINT16, "12345"));
	assert_false(SOUND(0x77, "1"));
}

static void expect_items(struct value array, const char *expected)
{
	struct arena arena = {0};
	struct buf out = {0};
	struct value item;
	uint32_t at = 0;

	while (value_next_item(&array, &at, &item)) {
		buf_put_str(&out, value_text(&item, &arena));
		buf_put_char(&out, ';');
	}
	buf_put_char(&out, '\0');
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
	arena_release(&arena);
}

#define ITEMS(kind, bytes, expected) expect_items(VALUE(VALUE_ARRAY | (kind), bytes), expected)

static void no_byte_of_an_array_is_lost(void **state)
{
	(void)state;
	ITEMS(VALUE_UINT32, "", "");
	ITEMS(VALUE_UINT32, "\x01\0\0\0\x02\0\0\0", "1;2;");
	ITEMS(VALUE_UINT32, "\x01\0\0\0\x02\0\0", "1;020000;");
	ITEMS(VALUE_UINT32, "\x01\0", "0100;"); // part of a number is none
	ITEMS(VALUE_GUID, "secretsecret!!!", "736563726574736563726574212121;");
	ITEMS(VALUE_BOOL, "\x01\0", "0100;");
	ITEMS(VALUE_STRING, "a\0\0\0\0\0b\0", "a;;b;");
	ITEMS(VALUE_STRING, "a\0\0\0b", "a;62;");
	ITEMS(VALUE_ANSI, "a\0\0b", "a;;b;");
	ITEMS(VALUE_SID, "\x01\x01\0\0\0\0\0\x05\x12\0\0\0\x01\xFF\0\0\0\0\0\x05",
	      "S-1-5-18;01FF000000000005;");
	ITEMS(VALUE_SID, "\x01", "01;");
	ITEMS(VALUE_SIZE, "\x01\0\0\0\0", "0x1;00;");
	ITEMS(VALUE_BINARY, "ab", "6162;");
}

static void types_have_names(void **state)
{
	struct value text = value_of_text(STR("S-1-5-18"), VALUE_SID);
	struct value array = VALUE(VALUE_ARRAY | VALUE_STRING, "");
	struct value strange = VALUE(0x7F, "");

	(void)state;
	assert_string_equal(value_type_name(&text), "SID");
	assert_string_equal(value_type_name(&array), "UnicodeString");
	assert_string_equal(value_type_name(&strange), "Unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_decimal),
		cmocka_unit_test(hex_types_have_no_leading_zeros),
		cmocka_unit_test(a_boolean_is_true_unless_all_zero),
		cmocka_unit_test(guids_are_lower_case_in_braces),
		cmocka_unit_test(sids_show_authority_and_parts),
		cmocka_unit_test(a_sid_whose_count_does_not_fit_is_hex),
		cmocka_unit_test(a_sid_of_the_largest_count_is_shown_whole),
		cmocka_unit_test(times_have_seven_digits_and_z),
		cmocka_unit_test(an_impossible_systemtime_is_hex),
		cmocka_unit_test(strings_are_kept_but_for_nuls_at_the_end),
		cmocka_unit_test(binary_is_upper_case_hex),
		cmocka_unit_test(floats_take_the_fewest_digits),
		cmocka_unit_test(null_and_empty_values_have_no_text),
		cmocka_unit_test(a_number_is_one_in_any_word),
		cmocka_unit_test(a_size_that_does_not_fit_the_type_is_hex),
		cmocka_unit_test(numbers_come_from_types_and_from_text),
		cmocka_unit_test(what_is_no_unsigned_number_gives_none),
		cmocka_unit_test(a_decimal_number_is_its_digits),
		cmocka_unit_test(times_come_from_types_and_from_text),
		cmocka_unit_test(sound_values_are_what_windows_stores),
		cmocka_unit_test(no_byte_of_an_array_is_lost),
		cmocka_unit_test(types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
