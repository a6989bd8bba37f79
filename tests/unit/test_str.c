// SPDX-License-Identifier: Apache-2.0
// Slices and numbers in text.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static const struct str none = {NULL, 0};

static void expect_str(struct str got, struct str expected)
{
	if (!str_eq(got, expected))
		fail_msg("got '%.*s', expected '%.*s'", STR_ARG(got), STR_ARG(expected));
}

static void slices_come_from_literals_and_strings(void **state)
{
	(void)state;
	assert_int_equal(STR("a\0b").len, 3);
	assert_int_equal(str_from("abc").len, 3);
	assert_int_equal(str_from(NULL).len, 0);
}

static void parts_are_cut_to_what_is_there(void **state)
{
	struct str s = STR("abcdef");

	(void)state;
	expect_str(str_sub(s, 0, SIZE_MAX), s);
	expect_str(str_sub(s, 2, 3), STR("cde"));
	expect_str(str_sub(s, 4, 9), STR("ef"));
	expect_str(str_sub(s, 6, 1), STR(""));
	expect_str(str_sub(s, SIZE_MAX, SIZE_MAX), STR(""));
	expect_str(str_sub(none, 0, 1), STR(""));
}

static void equality_counts_nul_bytes(void **state)
{
	(void)state;
	assert_true(str_eq(none, STR("")));
	assert_true(str_eq(STR("a\0b"), STR("a\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
	assert_false(str_eq(STR("a"), STR("a\0")));
	assert_false(str_eq(STR("a"), STR("A")));
}

static void only_ascii_letters_lose_their_case(void **state)
{
	(void)state;
	assert_true(str_eq_nocase(STR("AZaz09"), STR("azAZ09")));
	assert_false(str_eq_nocase(STR("@"), STR("`")));
	assert_false(str_eq_nocase(STR("["), STR("{")));
	assert_false(str_eq_nocase(STR("\xC4"), STR("\xE4")));
	assert_false(str_eq_nocase(STR("a"), STR("ab")));
}

static void prefixes_and_suffixes_are_found(void **state)
{
	(void)state;
	assert_true(str_starts(STR("abc"), STR("")));
	assert_true(str_starts(STR("abc"), STR("abc")));
	assert_false(str_starts(STR("abc"), STR("abcd")));
	assert_false(str_starts(STR("abc"), STR("B")));
	assert_true(str_ends(STR("abc"), STR("")));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_false(str_ends(STR("abc"), STR("xabc")));
	assert_false(str_ends(STR("abc"), STR("C")));
	assert_true(str_starts_nocase(STR("ABC"), STR("ab")));
	assert_false(str_starts_nocase(STR("A"), STR("ab")));
	assert_true(str_ends_nocase(STR("x.EXE"), STR(".exe")));
	assert_false(str_ends_nocase(STR("exe"), STR(".exe")));
	assert_true(str_starts(none, none));
	assert_true(str_ends(none, none));
}

static void order_is_by_unsigned_byte_then_length(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("b"), STR("a")) > 0);
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("ab"), STR("a")) > 0);
	assert_true(str_cmp(STR("z"), STR("\x80")) < 0);
	assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
	assert_int_equal(str_cmp(none, STR("")), 0);
}

static void needles_are_found_from_a_place_on(void **state)
{
	struct str s = STR("aababab");

	(void)state;
	assert_int_equal(str_find(s, STR("ab"), 0), 1);
	assert_int_equal(str_find(s, STR("ab"), 2), 3);
	assert_int_equal(str_find(s, STR("ab"), 5), 5);
	assert_true(str_find(s, STR("ab"), 6) == SIZE_MAX);
	assert_true(str_find(s, STR("aababaab"), 0) == SIZE_MAX);
	assert_int_equal(str_find(s, s, 0), 0);
	assert_int_equal(str_find(s, STR(""), 7), 7);
	assert_true(str_find(s, STR(""), 8) == SIZE_MAX);
	assert_int_equal(str_find(STR("a\0b\0c"), STR("\0c"), 0), 3);
	assert_int_equal(str_find_char(s, 'b', 0), 2);
	assert_int_equal(str_find_char(s, 'b', 3), 4);
	assert_true(str_find_char(s, 'c', 0) == SIZE_MAX);
	assert_true(str_find_char(s, 'b', 7) == SIZE_MAX);
	assert_true(str_find_char(none, 'b', 0) == SIZE_MAX);
	assert_true(str_find(none, STR("b"), 0) == SIZE_MAX);
}

static void trimming_takes_blanks_from_both_ends(void **state)
{
	(void)state;
	expect_str(str_trim(STR(" \t\r\na b\n ")), STR("a b"));
	expect_str(str_trim(STR(" \n")), STR(""));
	expect_str(str_trim(none), STR(""));
	expect_str(str_trim(STR("\0 ")), STR("\0"));
}

static void splitting_returns_every_part(void **state)
{
	static const struct {
		struct str text;
		const char *parts[4];
		size_t count;
	} cases[] = {
		{STR_INIT("a,b,c"), {"a", "b", "c"}, 3},
		{STR_INIT("a"), {"a"}, 1},
		{STR_INIT("a,"), {"a", ""}, 2},
		{STR_INIT(","), {"", ""}, 2},
		{STR_INIT(",,a"), {"", "", "a"}, 3},
		{STR_INIT(""), {""}, 1},
		{{NULL, 0}, {NULL}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str rest = cases[i].text;
		struct str part;
		size_t count = 0;

		while (str_split(&rest, ',', &part)) {
			assert_true(count < cases[i].count);
			expect_str(part, str_from(cases[i].parts[count++]));
		}
		assert_int_equal(count, cases[i].count);
	}
}

static void decimal_numbers_are_whole_and_bounded(void **state)
{
	static const char *const bad[] = {"",
					  "-1",
					  "+1",
					  " 1",
					  "1 ",
					  "0x1",
					  "1a",
					  "1.0",
					  "18446744073709551616",
					  "99999999999999999999"};
	uint64_t value;

	(void)state;
	assert_true(str_to_u64(STR("0"), &value) && value == 0);
	assert_true(str_to_u64(STR("007"), &value) && value == 7);
	assert_true(str_to_u64(STR("18446744073709551615"), &value) && value == UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_to_u64(str_from(bad[i]), &value));
	assert_false(str_to_u64(STR("1\0"), &value));
}

static void hexadecimal_numbers_need_their_prefix(void **state)
{
	static const char *const bad[] = {
		"", "0x", "x1", "10", "0xg", "0x-1", "00x1", "0x1 ", "0x10000000000000000"};
	uint64_t value;

	(void)state;
	assert_true(str_hex_to_u64(STR("0x0"), &value) && value == 0);
	assert_true(str_hex_to_u64(STR("0XaF"), &value) && value == 0xAF);
	assert_true(str_hex_to_u64(STR("0xffffffffffffffff"), &value) && value == UINT64_MAX);
	assert_true(str_hex_to_u64(STR("0x00000000000000001"), &value) && value == 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_hex_to_u64(str_from(bad[i]), &value));
}

static void characters_are_classed_as_in_the_c_locale(void **state)
{
	(void)state;
	for (int i = -128; i < 128; i++) {
		char c = (char)i;
		bool digit = i >= 0 && strchr("0123456789", c) != NULL && c != '\0';
		bool upper = i > 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", c) != NULL;
		bool lower = i > 0 && strchr("abcdefghijklmnopqrstuvwxyz", c) != NULL;

		assert_int_equal(ascii_is_digit(c), digit);
		assert_int_equal(ascii_is_alpha(c), upper || lower);
		assert_int_equal(ascii_is_alnum(c), upper || lower || digit);
		assert_int_equal(ascii_lower(c), upper ? i + 32 : i);
		assert_int_equal(ascii_is_space(c), i > 0 && strchr(" \t\n\r\v\f", c) != NULL);
	}
	assert_int_equal(ascii_hex('9'), 9);
	assert_int_equal(ascii_hex('a'), 10);
	assert_int_equal(ascii_hex('F'), 15);
	assert_int_equal(ascii_hex('g'), -1);
	assert_int_equal(ascii_hex('@'), -1);
	assert_int_equal(ascii_hex('\0'), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_come_from_literals_and_strings),
		cmocka_unit_test(parts_are_cut_to_what_is_there),
		cmocka_unit_test(equality_counts_nul_bytes),
		cmocka_unit_test(only_ascii_letters_lose_their_case),
		cmocka_unit_test(prefixes_and_suffixes_are_found),
		cmocka_unit_test(order_is_by_unsigned_byte_then_length),
		cmocka_unit_test(needles_are_found_from_a_place_on),
		cmocka_unit_test(trimming_takes_blanks_from_both_ends),
		cmocka_unit_test(splitting_returns_every_part),
		cmocka_unit_test(decimal_numbers_are_whole_and_bounded),
		cmocka_unit_test(hexadecimal_numbers_need_their_prefix),
		cmocka_unit_test(characters_are_classed_as_in_the_c_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
