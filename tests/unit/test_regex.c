// SPDX-License-Identifier: Apache-2.0
// The dialect of regular expressions (sigma-engine.md 2.2) and its limits.
#include "rule_fixture.h"

#include "base/limits.h"
#include "base/regex.h"

static enum regex_result search(struct str pattern, unsigned flags, struct str text)
{
	struct regex *regex;
	struct err err = {""};
	struct regex_scratch *scratch = regex_scratch_new();
	enum regex_result result;

	assert_int_equal(regex_compile(pattern, flags, &regex, NULL, &err), RC_OK);
	result = regex_search(regex, scratch, text);
	regex_free(regex);
	regex_scratch_free(scratch);
	return result;
}

#define YES(pattern, flags, text)                                                                  \
	assert_int_equal(search(STR(pattern), flags, STR(text)), REGEX_YES)
#define NO(pattern, flags, text) assert_int_equal(search(STR(pattern), flags, STR(text)), REGEX_NO)

static void it_searches_anywhere(void **state)
{
	(void)state;
	YES("b", 0, "abc");
	NO("B", 0, "abc");
	YES("B", REGEX_CASELESS, "abc");
	YES("(?i)B", 0, "abc");
	YES("^a.c$", 0, "abc");
	YES("", 0, "");
	YES("x*", 0, "");
}

static void line_ends(void **state)
{
	(void)state;
	YES("a$", 0, "a\n");
	NO("a$", 0, "a\n\n");
	NO("a$", 0, "a\nb");
	YES("a$", REGEX_MULTILINE, "a\nb");
	NO("a$", REGEX_MULTILINE, "a\rb");
	YES("a.b", 0, "a\rb");
	NO("a.b", 0, "a\nb");
	YES("a.b", REGEX_DOTALL, "a\nb");
}

static void classes_are_ascii_and_characters_code_points(void **state)
{
	(void)state;
	NO("\\d", 0, "\xD9\xA3"); // an Arabic digit
	NO("\\w", 0, "\xC3\xA9");
	YES("^.$", 0, "\xF0\x9F\x98\x80");
	YES("\xC3\x89", REGEX_CASELESS, "\xC3\xA9");
}

static void nul_is_a_character(void **state)
{
	(void)state;
	YES("a.b", 0, "a\0b");
	YES("\\x00", 0, "a\0b");
	YES("b$", 0, "a\0b");
}

// Lone surrogates stand in logs as three bytes that are no UTF-8.
static void text_around_invalid_bytes_is_searched(void **state)
{
	(void)state;
	YES("abc", 0,
	    "\xED\xA0\x80"
	    "abc");
	YES("abc", 0, "abc\xFF");
	NO("a.c", 0,
	   "a\xFF"
	   "c");
}

static void giving_up_is_told(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < 40; i++)
		buf_put_char(&text, 'a');
	assert_int_equal(search(STR("^(a+)+b$|^(a|aa)+c"), 0, buf_str(&text)), REGEX_LIMIT);
	buf_release(&text);
}

static void what_does_not_compile_names_its_place(void **state)
{
	struct regex *regex = NULL;
	struct err err = {""};
	size_t offset = 0;

	(void)state;
	assert_int_equal(regex_compile(STR("ab("), 0, &regex, &offset, &err), RC_FAILED);
	assert_int_equal(offset, 3);
	assert_true(err.text[0] != '\0');
	assert_int_equal(regex_compile(STR("\\C"), 0, &regex, NULL, NULL), RC_FAILED);
	assert_int_equal(regex_compile(STR("a\xFF"), 0, &regex, NULL, NULL), RC_FAILED);
	assert_int_equal(regex_compile(STR("((a{1000}){1000}){1000}"), 0, &regex, NULL, NULL),
			 RC_FAILED);
	assert_null(regex);
	// What stands behind the pattern is no part of it.
	assert_int_equal(
		regex_compile(str_sub(STR("(*LIMIT_MATCH=1)"), 0, 15), 0, &regex, &offset, &err),
		RC_FAILED);
	assert_int_equal(offset, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_searches_anywhere),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(classes_are_ascii_and_characters_code_points),
		cmocka_unit_test(nul_is_a_character),
		cmocka_unit_test(text_around_invalid_bytes_is_searched),
		cmocka_unit_test(giving_up_is_told),
		cmocka_unit_test(what_does_not_compile_names_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
