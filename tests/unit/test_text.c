// SPDX-License-Identifier: Apache-2.0
// Encodings and case folding; samples from the Unicode standard (table 3-7,
// CaseFolding.txt) and the WTF-8 description.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static struct arena arena;

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void expect_str(struct str got, struct str expected)
{
	if (!str_eq(got, expected))
		fail_msg("got '%.*s', expected '%.*s'", STR_ARG(got), STR_ARG(expected));
}

static void expect_cp(struct str s, uint32_t cp, size_t length)
{
	size_t at = 0;
	char out[4];

	assert_int_equal(utf8_next(s, &at), cp);
	assert_int_equal(at, length);
	if (cp != TEXT_INVALID)
		expect_str((struct str){out, utf8_encode(cp, out)}, str_sub(s, 0, length));
}

static void code_points_are_read_and_written(void **state)
{
	(void)state;
	expect_cp(STR("\0"), 0, 1);
	expect_cp(STR("A"), 'A', 1);
	expect_cp(STR("\xC2\x80"), 0x80, 2);
	expect_cp(STR("\xDF\xBF"), 0x7FF, 2);
	expect_cp(STR("\xE0\xA0\x80"), 0x800, 3);
	expect_cp(STR("\xEF\xBF\xBF"), 0xFFFF, 3);
	expect_cp(STR("\xF0\x90\x80\x80"), 0x10000, 4);
	expect_cp(STR("\xF4\x8F\xBF\xBF"), 0x10FFFF, 4);
	// WTF-8: a lone surrogate keeps its three bytes.
	expect_cp(STR("\xED\xA0\x80"), 0xD800, 3);
	expect_cp(STR("\xED\xBF\xBF"), 0xDFFF, 3);
}

static void bytes_that_begin_nothing_are_skipped_one_by_one(void **state)
{
	static const struct str bad[] = {
		STR_INIT("\x80"),
		STR_INIT("\xBF\x80"),
		STR_INIT("\xC0\x80"),
		STR_INIT("\xC1\xBF"),
		STR_INIT("\xC2"),
		STR_INIT("\xC2\x41"),
		STR_INIT("\xC2\xC2\x80"),
		STR_INIT("\xE2\x82\xC0"),
		STR_INIT("\xE0\x9F\xBF"),
		STR_INIT("\xE2\x82"),
		STR_INIT("\xE2\x41\x80"),
		STR_INIT("\xF0\x8F\xBF\xBF"),
		STR_INIT("\xF4\x90\x80\x80"),
		STR_INIT("\xF0\x90\x80"),
		STR_INIT("\xF5\x80\x80\x80"),
		STR_INIT("\xFE"),
		STR_INIT("\xFF"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect_cp(bad[i], TEXT_INVALID, 1);
		assert_false(utf8_is_valid(bad[i]));
	}
}

static void texts_are_cut_between_characters(void **state)
{
	struct buf out = {0};

	(void)state;
	utf8_put_cut(&out,
		     STR("a\xC3\xA4"
			 "b"),
		     4);
	utf8_put_cut(&out,
		     STR("|a\xC3\xA4"
			 "b"),
		     3);
	utf8_put_cut(&out, STR("|ab"), 1);
	assert_true(str_eq(buf_str(&out), STR("a\xC3\xA4"
					      "b|a… [+3 bytes]|… [+2 bytes]")));
	buf_release(&out);
}

static void validity_excludes_surrogates(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(STR("")));
	assert_true(utf8_is_valid(STR("a\0b \xC3\xA4 \xF0\x9F\x98\x80")));
	assert_false(utf8_is_valid(STR("a\xED\xA0\x80")));
}

static void sanitising_mends_each_bad_byte(void **state)
{
	struct str good = STR("a\xC3\xA4");

	(void)state;
	assert_ptr_equal(utf8_sanitise(&arena, good).ptr, good.ptr);
	expect_str(utf8_sanitise(&arena, STR("a\xFF\xC3\xA4")), STR("a\xEF\xBF\xBD\xC3\xA4"));
	expect_str(utf8_sanitise(&arena, STR("\xED\xA0\x80x")), STR("\xEF\xBF\xBDx"));
	expect_str(utf8_sanitise(&arena, STR("\xE2\x82")), STR("\xEF\xBF\xBD\xEF\xBF\xBD"));
}

static void expect_utf16(struct str utf16, struct str utf8)
{
	struct buf back = {0};

	expect_str(utf16_to_utf8(&arena, utf16.ptr, utf16.len), utf8);
	utf8_to_utf16(&back, utf8);
	expect_str(buf_str(&back), utf16);
	buf_release(&back);
}

static void utf16_goes_both_ways(void **state)
{
	(void)state;
	expect_utf16(STR(""), STR(""));
	expect_utf16(STR("A\0\0\0\xE4\0"), STR("A\0\xC3\xA4"));
	expect_utf16(STR("\xAC\x20"), STR("\xE2\x82\xAC"));
	expect_utf16(STR("\x3D\xD8\x00\xDE"), STR("\xF0\x9F\x98\x80"));
	expect_utf16(STR("\xFF\xDB\xFF\xDF"), STR("\xF4\x8F\xBF\xBF"));
}

static void lone_surrogates_survive(void **state)
{
	(void)state;
	expect_utf16(STR("\x3D\xD8"), STR("\xED\xA0\xBD"));
	expect_utf16(STR("\x00\xDE"), STR("\xED\xB8\x80"));
	expect_utf16(STR("\x3D\xD8"
			 "A\0"),
		     STR("\xED\xA0\xBD"
			 "A"));
	// Low before high is no pair; high, high, low is one lone and one pair.
	expect_utf16(STR("\x00\xDE\x3D\xD8"), STR("\xED\xB8\x80\xED\xA0\xBD"));
	expect_utf16(STR("\x3D\xD8\x3D\xD8\x00\xDE"), STR("\xED\xA0\xBD\xF0\x9F\x98\x80"));
}

static void an_odd_last_byte_is_dropped(void **state)
{
	(void)state;
	expect_str(utf16_to_utf8(&arena, "A\0B", 3), STR("A"));
	expect_str(utf16_to_utf8(&arena, "A", 1), STR(""));
	expect_str(utf16_to_utf8(&arena, NULL, 0), STR(""));
}

static void invalid_bytes_become_the_replacement_in_utf16(void **state)
{
	struct buf out = {0};

	(void)state;
	utf8_to_utf16(&out, STR("a\xFF"));
	expect_str(buf_str(&out), STR("a\0\xFD\xFF"));
	buf_release(&out);
}

static void ansi_is_windows_1252(void **state)
{
	(void)state;
	expect_str(ansi_to_utf8(&arena, "a\0\x7F", 3), STR("a\0\x7F"));
	expect_str(ansi_to_utf8(&arena, "\x80\x93\x9F", 3),
		   STR("\xE2\x82\xAC\xE2\x80\x9C\xC5\xB8"));
	expect_str(ansi_to_utf8(&arena, "\xA0\xE4\xFF", 3), STR("\xC2\xA0\xC3\xA4\xC3\xBF"));
	expect_str(ansi_to_utf8(&arena, "\x81", 1), STR("\xC2\x81"));
}

static void folding_maps_one_code_point_to_one(void **state)
{
	static const uint32_t samples[][2] = {
		{'A', 'a'},	  {'Z', 'z'},	      {'[', '['},	  {'a', 'a'},
		{0xB5, 0x3BC},	  {0xC0, 0xE0},	      {0xD7, 0xD7},	  {0xDF, 0xDF},
		{0x100, 0x101},	  {0x101, 0x101},     {0x130, 0x130},	  {0x131, 0x131},
		{0x178, 0xFF},	  {0x17F, 's'},	      {0x1C4, 0x1C6},	  {0x1C5, 0x1C6},
		{0x23A, 0x2C65},  {0x3A3, 0x3C3},     {0x3C2, 0x3C3},	  {0x410, 0x430},
		{0x13A0, 0x13A0}, {0xAB70, 0x13A0},   {0x13F8, 0x13F0},	  {0x1E9E, 0xDF},
		{0x1F88, 0x1F80}, {0x2126, 0x3C9},    {0x212A, 'k'},	  {0x212B, 0xE5},
		{0xFF21, 0xFF41}, {0x10400, 0x10428}, {0x1E900, 0x1E922}, {0x10FFFF, 0x10FFFF},
		{0xD800, 0xD800},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		if (fold_cp(samples[i][0]) != samples[i][1])
			fail_msg("U+%04X became U+%04X", (unsigned)samples[i][0],
				 (unsigned)fold_cp(samples[i][0]));
	}
}

static void folding_twice_changes_nothing_more(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		uint32_t folded = fold_cp(cp);

		if (fold_cp(folded) != folded)
			fail_msg("U+%04X", (unsigned)cp);
	}
}

static void texts_fold_and_keep_bytes_that_are_no_text(void **state)
{
	(void)state;
	expect_str(text_fold(&arena, STR("Stra\xC3\x9F"
					 "E\0X")),
		   STR("stra\xC3\x9F"
		       "e\0x"));
	// Two bytes become three, three become one.
	expect_str(text_fold(&arena, STR("\xC8\xBA\xC8\xBA")), STR("\xE2\xB1\xA5\xE2\xB1\xA5"));
	expect_str(text_fold(&arena, STR("\xE2\x84\xAA")), STR("k"));
	expect_str(text_fold(&arena, STR("A\xFFZ\xC3")), STR("a\xFFz\xC3"));
	expect_str(text_fold(&arena, STR("\xED\xA0\x80")), STR("\xED\xA0\x80"));
}

static void equality_is_under_folding_only(void **state)
{
	(void)state;
	assert_true(text_eq_fold(STR(""), STR("")));
	assert_true(text_eq_fold(STR("PowerShell"), STR("POWERSHELL")));
	assert_true(text_eq_fold(STR("\xE2\x84\xAA"), STR("K")));
	assert_true(text_eq_fold(STR("\xCE\xA3"), STR("\xCF\x82")));
	assert_true(text_eq_fold(STR("a\xFF"), STR("A\xFF")));
	assert_false(text_eq_fold(STR("a\xFF"), STR("A\xFE")));
	assert_false(text_eq_fold(STR("a"), STR("ab")));
	assert_false(text_eq_fold(STR("ab"), STR("a")));
	assert_false(text_eq_fold(STR("a\0b"), STR("a\0c")));
	// No full folding, no normalisation, no Turkish.
	assert_false(text_eq_fold(STR("\xC3\x9F"), STR("ss")));
	assert_false(text_eq_fold(STR("\xC3\xA4"), STR("a\xCC\x88")));
	assert_false(text_eq_fold(STR("\xC4\xB0"), STR("i")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_cut_between_characters),
		cmocka_unit_test(code_points_are_read_and_written),
		cmocka_unit_test(bytes_that_begin_nothing_are_skipped_one_by_one),
		cmocka_unit_test(validity_excludes_surrogates),
		cmocka_unit_test(sanitising_mends_each_bad_byte),
		cmocka_unit_test(utf16_goes_both_ways),
		cmocka_unit_test(lone_surrogates_survive),
		cmocka_unit_test(an_odd_last_byte_is_dropped),
		cmocka_unit_test(invalid_bytes_become_the_replacement_in_utf16),
		cmocka_unit_test(ansi_is_windows_1252),
		cmocka_unit_test(folding_maps_one_code_point_to_one),
		cmocka_unit_test(folding_twice_changes_nothing_more),
		cmocka_unit_test(texts_fold_and_keep_bytes_that_are_no_text),
		cmocka_unit_test(equality_is_under_folding_only),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
