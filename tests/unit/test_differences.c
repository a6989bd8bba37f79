// SPDX-License-Identifier: Apache-2.0
// What libevtx prints unlike Windows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "refreader/differences.h"

static void expect_undone(struct str raw, struct str text, enum value_type type)
{
	struct arena arena = {0};
	struct value value = difference_undo(raw, &arena);
	struct str got = value_text(&value, &arena);

	if (!str_eq(got, text))
		fail_msg("'%.*s' becomes '%.*s'", STR_ARG(raw), STR_ARG(got));
	if (value.source != type)
		fail_msg("'%.*s' is taken for %s", STR_ARG(raw), value_type_name(&value));
	arena_release(&arena);
}

static void expect_untouched(struct str raw)
{
	expect_undone(raw, raw, VALUE_STRING);
}

static void hex_padding_is_removed(void **state)
{
	(void)state;
	expect_undone(STR("0x00000000000003e7"), STR("0x3e7"), VALUE_HEX64);
	expect_undone(STR("0x8020000000000000"), STR("0x8020000000000000"), VALUE_HEX64);
	expect_undone(STR("0x0000000000000000"), STR("0x0"), VALUE_HEX64);
	expect_undone(STR("0x001fffff"), STR("0x1fffff"), VALUE_HEX32);
	expect_undone(STR("0x40810000"), STR("0x40810000"), VALUE_HEX32);
}

static void hex_that_libevtx_does_not_write_is_a_string(void **state)
{
	(void)state;
	expect_untouched(STR("0x3e7"));
	expect_untouched(STR("0x001FFFFF"));
	expect_untouched(STR("0x0000000g"));
	expect_untouched(STR("0x"));
	expect_untouched(STR("0x000000000"));
}

static void guids_become_lower_case(void **state)
{
	(void)state;
	expect_undone(STR("{71A551F5-C893-4849-886B-B5EC8502641E}"),
		      STR("{71a551f5-c893-4849-886b-b5ec8502641e}"), VALUE_GUID);
	expect_untouched(STR("71A551F5-C893-4849-886B-B5EC8502641E"));
	expect_untouched(STR("{71A551F5-C893-4849-886B-B5EC8502641G}"));
}

static void times_get_seven_digits(void **state)
{
	(void)state;
	expect_undone(STR("2017-07-12T17:16:28.214161600Z"), STR("2017-07-12T17:16:28.2141616Z"),
		      VALUE_FILETIME);
	expect_undone(STR("2024-05-06T07:08:09.123Z"), STR("2024-05-06T07:08:09.1230000Z"),
		      VALUE_SYSTEMTIME);
	// Sysmon's UtcTime is a string, and so is a time finer than a tick.
	expect_untouched(STR("2020-07-11 12:58:32.242"));
	expect_untouched(STR("2017-07-12T17:16:28.214161601Z"));
}

static void sids_are_told_by_their_form(void **state)
{
	(void)state;
	expect_undone(STR("S-1-5-18"), STR("S-1-5-18"), VALUE_SID);
	expect_undone(STR("S-1-0-0"), STR("S-1-0-0"), VALUE_SID);
	expect_untouched(STR("S-1-"));
	expect_untouched(STR("S-1-5-"));
	expect_untouched(STR("S-1-5--18"));
	expect_untouched(STR("S-1-5-x1"));
	expect_untouched(STR(""));
}

static void characters_above_ffff_are_put_right(void **state)
{
	(void)state;
	// U+1F600 and U+10FFFF as libevtx printed them.
	expect_undone(STR("x\xF0\x9F\x88\x81y\xF4\x8F\xB0\x80"),
		      STR("x\xF0\x9F\x98\x80y\xF4\x8F\xBF\xBF"), VALUE_STRING);
}

static const char *explanation(struct value native, struct str ref)
{
	struct arena arena = {0};
	struct str text = value_text(&native, &arena);
	const struct difference *entry = difference_explain(&native, text, ref, &arena);

	arena_release(&arena);
	return entry != NULL ? entry->name : "nothing";
}

#define VALUE(kind, bytes)                                                                         \
	((struct value){.ptr = (bytes), .len = sizeof(bytes) - 1, .type = (kind)})
#define expect_explained(kind, bytes, ref, name)                                                   \
	assert_string_equal(explanation(VALUE(kind, bytes), STR(ref)), name)

static void what_only_the_typed_value_shows_is_explained(void **state)
{
	const float pi = 3.14159f;
	struct value number = {.ptr = &pi, .len = sizeof(pi), .type = VALUE_FLOAT};

	(void)state;
	expect_explained(VALUE_SIZE, "\xF4\x01\0\0", "500", "size-decimal");
	// Both measured, evtx-format.md 3.
	expect_explained(VALUE_INT8, "\xFB", "-123", "negative-integer");
	expect_explained(VALUE_INT32, "\x90\xEE\xFE\xFF", "-2147413648", "negative-integer");
	assert_string_equal(explanation(number, STR("3.141590e+000")), "float-exponent");
	// Measured on written logs, as are the SID and the strings below.
	expect_explained(VALUE_SYSTEMTIME, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
			 "(0x0000 0x0000 0x0000 0x0000 0x0000 0x0000 0x0000 0x0000)", "raw-time");
	expect_explained(VALUE_FILETIME, "\x01\x31\x39\x32\x2e\x30\x2e\x32",
			 "(0x322e302e 0x32393101)", "raw-time");
	expect_explained(VALUE_SID, "\1\1\0\x17\0\0\x86\xef\1\0\0\0", "S-1-98784282351-1",
			 "sid-authority");
	expect_explained(VALUE_ANSI,
			 "a\x90"
			 "b",
			 "a\xEF\xBF\xBD"
			 "b",
			 "unassigned-byte");
	expect_explained(VALUE_ANSI, "a\x90\0b", "a\xEF\xBF\xBD", "unassigned-byte");
	expect_explained(VALUE_STRING, "\x00\xDC\0\0x\0", "\xEF\xBF\xBD", "lone-surrogate");
	expect_explained(VALUE_STRING, "\x00\xD8\0\0x\0", "\xEF\xBF\xBDx", "lone-surrogate");
	expect_explained(VALUE_STRING, "\xFF\xFEx\0\0\0y\0", "x", "byte-order-mark");
	expect_explained(VALUE_STRING, "\xFE\xFFx\0", "x", "byte-order-mark");
	// 4178623.5 and 39022.125, which lie between two numbers of seven digits.
	expect_explained(VALUE_FLOAT, "\xFE\x0A\x7F\x4A", "4.178623e+006", "float-exponent");
	expect_explained(VALUE_FLOAT, "\x20\x6E\x18\x47", "3.902213e+004", "float-exponent");
	expect_explained(VALUE_FLOAT, "\x20\x6E\x18\x47", "3.902214e+004", "nothing");
	expect_explained(VALUE_FLOAT, "\x20\x6E\x18\x47", "-3.902213e+004", "nothing");
	expect_explained(VALUE_SYSTEMTIME, "\1\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0",
			 "0001-01-01T00:00:00.0000000Z", "raw-time");
	expect_explained(VALUE_SYSTEMTIME, "\0\x1d\5\0\x1b\x1b\x1f\0\0\0\0\0\0\0\0\0",
			 "(0x0740 0x0001 0x06c6 0x0007 0x0000 0x0000 0x0000 0x0000)", "raw-time");
	expect_explained(VALUE_STRING, "\n\0", "", "single-line-end");
	expect_explained(VALUE_ANSI, "\n\0x", "", "single-line-end");
	expect_explained(VALUE_STRING, "\xFF\xFE\n\0", "", "single-line-end");
	expect_explained(VALUE_STRING, "\xFF\xFE\n\0x\0", "", "nothing");
	expect_explained(VALUE_ANSI, "a\0b", "a", "embedded-nul");
	expect_explained(VALUE_STRING, "a\0\0\0b\0", "a", "embedded-nul");
	expect_explained(VALUE_STRING, "x\0\x00\xD8y\0\x00\xDC", "x\xEF\xBF\xBD\xEF\xBF\xBD",
			 "lone-surrogate");
	expect_explained(VALUE_STRING, "\x00\xD8\x00\xDC", "\xEF\xB0\x81", "lone-surrogate");
	// The unit that is taken along may be the first half of a pair.
	expect_explained(VALUE_STRING, "\x00\xD8\x00\xD8\x40\xDCx\0", "\xEF\xBF\xBD\xEF\xBF\xBDx",
			 "lone-surrogate");
}

static void a_stored_string_of_a_known_form_is_explained(void **state)
{
	(void)state;
	expect_explained(VALUE_ANSI, "0x0000001f", "0x1f", "hex32-padding");
	expect_explained(VALUE_HEX64, "\x1A\0", "0x001a", "short-hex");
	expect_explained(VALUE_HEX32, "\x01", "0x01", "short-hex");
	expect_explained(VALUE_ANSI, "{71A551F5-C893-4849-886B-B5EC8502641E}",
			 "{71a551f5-c893-4849-886b-b5ec8502641e}", "guid-case");
}

static void other_differences_are_findings(void **state)
{
	(void)state;
	expect_explained(VALUE_ANSI, "a", "b", "nothing");
	expect_explained(VALUE_ANSI, "a", "", "nothing");
	expect_explained(VALUE_SIZE, "\xF4\x01\0\0", "501", "nothing");
	expect_explained(VALUE_INT8, "\xFB", "-122", "nothing");
	expect_explained(VALUE_UINT8, "\xFB", "250", "nothing");
	expect_explained(VALUE_DOUBLE, "\0\0\0\0\0\0\xF0\x3F", "1.000000e+001", "nothing");
	expect_explained(VALUE_ANSI, "a\0b", "ab", "nothing");
}

static void every_entry_is_named_once_and_does_something(void **state)
{
	(void)state;
	for (size_t i = 0; i < differences_count; i++) {
		assert_true(strlen(differences[i].about) > 0);
		assert_true((differences[i].undo != NULL) != (differences[i].explains != NULL));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(differences[i].name, differences[j].name);
	}
}

static void known_failures_are_told_from_others(void **state)
{
	const struct known_failure *known;

	(void)state;
	known = difference_explain_failure(
		STR("libevtx cannot read the record: libfwevt_xml_document_read_attribute: invalid "
		    "binary XML token - unsupported type: 0x05."));
	assert_non_null(known);
	assert_string_equal(known->name, "plain-elements");
	known = difference_explain_failure(STR("the record's two sizes differ"));
	assert_non_null(known);
	assert_string_equal(known->name, "size-copy");
	assert_null(difference_explain_failure(STR("")));
	assert_null(difference_explain_failure(
		STR("libevtx cannot read the record: libfwevt_xml_document_read_value: "
		    "unsupported type: 0x05.")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_padding_is_removed),
		cmocka_unit_test(hex_that_libevtx_does_not_write_is_a_string),
		cmocka_unit_test(guids_become_lower_case),
		cmocka_unit_test(times_get_seven_digits),
		cmocka_unit_test(sids_are_told_by_their_form),
		cmocka_unit_test(characters_above_ffff_are_put_right),
		cmocka_unit_test(what_only_the_typed_value_shows_is_explained),
		cmocka_unit_test(a_stored_string_of_a_known_form_is_explained),
		cmocka_unit_test(other_differences_are_findings),
		cmocka_unit_test(every_entry_is_named_once_and_does_something),
		cmocka_unit_test(known_failures_are_told_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
