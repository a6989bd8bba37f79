// SPDX-License-Identifier: Apache-2.0
// Escaping (sigma-engine.md 1.5), and what compiled patterns match.
#include "rule_fixture.h"

#include <stdlib.h>

#include "base/text.h"
#include "match/test.h"
#include "sigma/pattern.h"

// The parsed pattern with wildcards as <*>, <?> and dashes as <->.
static void expect_parsed(const char *written, const char *parsed)
{
	struct arena arena = {0};
	struct pattern p;
	struct buf got = {0};

	pattern_parse_text(&arena, str_from(written), &p);
	for (size_t i = 0; i < p.text.count; i++) {
		if (p.text.cps[i] == PAT_ANY_RUN)
			buf_put_text(&got, "<*>");
		else if (p.text.cps[i] == PAT_ANY_ONE)
			buf_put_text(&got, "<?>");
		else
			buf_put_cp(&got, p.text.cps[i]);
	}
	if (!str_eq(buf_str(&got), str_from(parsed)))
		fail_msg("'%s' is '%.*s', not '%s'", written, STR_ARG(buf_str(&got)), parsed);
	buf_release(&got);
	arena_release(&arena);
}

// Every row of the table.
static void backslashes(void **state)
{
	static const char *const rows[][2] = {
		{"a", "a"},
		{"a*", "a<*>"},
		{"a\\*", "a*"},
		{"a\\\\*", "a\\<*>"},
		{"a\\\\\\*", "a\\*"},
		{"a\\\\\\\\*", "a\\\\<*>"},
		{"a\\\\\\\\\\*", "a\\\\*"},
		{"a\\?", "a?"},
		{"a\\\\?", "a\\<?>"},
		{"a\\b", "a\\b"},
		{"a\\\\b", "a\\b"},
		{"a\\\\\\b", "a\\\\b"},
		{"a\\\\\\\\b", "a\\\\b"},
		{"\\?\\C:", "?\\C:"},
		{"\\\\?\\C:", "\\<?>\\C:"},
		{"\\\\\\?\\C:", "\\?\\C:"},
		{"\\\\\\\\?\\\\C:", "\\\\<?>\\C:"},
		{"\\", "\\"},
		{"\\\\", "\\"},
		{"a\\", "a\\"},
		{"a\\\\", "a\\"},
		{"a\\\\\\", "a\\\\"},
		{"a\\\\\\\\", "a\\\\"},
		{"\\*", "*"},
		{"*", "<*>"},
		{"**", "<*><*>"},
		{"", ""},
		{"C:\\Windows\\*\\x.exe", "C:\\Windows*\\x.exe"},
		{"C:\\Windows\\\\*\\x.exe", "C:\\Windows\\<*>\\x.exe"},
		{"\\\\server\\share", "\\server\\share"},
		{"\\\\\\\\server\\share", "\\\\server\\share"},
		{"\\\\.\\pipe", "\\.\\pipe"},
		{"\\\\\\\\\\*\\IPC$", "\\\\*\\IPC$"},
		{"a\\%b%", "a\\%b%"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_parsed(rows[i][0], rows[i][1]);
}

static size_t no_field(void *user, struct str name)
{
	(void)user;
	(void)name;
	return 0;
}

// Does `F: value` (key with modifiers) hold for a field of that text?
static bool matches(const char *key, struct str value, struct str text)
{
	struct arena arena = {0};
	struct diag_list diags;
	struct value_context ctx = {&arena, STR("t"), &diags, NULL, NULL};
	struct yaml_node key_node = {.kind = YAML_SCALAR, .quoted = true, .text = str_from(key)};
	struct yaml_node value_node = {.kind = YAML_SCALAR, .quoted = true, .text = value};
	struct instance instance = {.value = value_of_text(text, VALUE_STRING)};
	struct event event;
	struct item item;
	struct test_context test = {.event = &event};
	bool result;

	diag_init(&diags, &arena);
	event_init(&event, &arena);
	assert_true(item_parse(&ctx, &key_node, &value_node, &item));
	result = test_item(&item, test_compile(&arena, &item, no_field, NULL),
			   (struct instances){&instance, 1}, &test);
	diag_release(&diags);
	arena_release(&arena);
	return result;
}

#define YES(key, value, text) assert_true(matches(key, STR(value), STR(text)))
#define NO(key, value, text) assert_false(matches(key, STR(value), STR(text)))

static void plain_values_are_compared_whole_and_without_case(void **state)
{
	(void)state;
	YES("F", "abc", "ABC");
	NO("F", "abc", "abcd");
	NO("F", "abc", " abc");
	NO("F", "abc", "abc\0d");
	YES("F", "\xC3\xA9", "\xC3\x89");
	NO("F", "ss", "\xC3\x9F");
	YES("F", "k", "\xE2\x84\xAA"); // the Kelvin sign folds to k
	NO("F|cased", "abc", "ABC");
	YES("F", "", "");
	NO("F", "", "x");
}

static void a_question_mark_is_one_code_point(void **state)
{
	(void)state;
	YES("F", "a?b",
	    "a\xF0\x9F\x98\x80"
	    "b");
	NO("F", "a??b",
	   "a\xF0\x9F\x98\x80"
	   "b");
	YES("F", "a?b", "a\nb");
	YES("F", "a?b", "a\0b");
	NO("F", "a?b", "ab");
	YES("F", "?", "\xED\xA0\x80"); // a lone surrogate
	NO("F", "\\?", "x");
}

static void a_star_is_any_run(void **state)
{
	(void)state;
	YES("F", "*", "");
	YES("F", "a*b*c", "abbbc");
	YES("F", "a*b*c", "a\r\nb\0c");
	NO("F", "a*b*c", "acb");
	YES("F", "*b", "ab");
	YES("F", "a*", "a");
	YES("F", "*a*", "bab");
	YES("F", "**", "x");
	YES("F", "*?", "x");
	NO("F", "*?", "");
	YES("F", "*aab", "aaab");
	YES("F", "a*?c*", "abcabc");
	NO("F", "\\*", "x");
}

static void relations(void **state)
{
	(void)state;
	YES("F|contains", "b", "ABC");
	YES("F|contains", "", "");
	YES("F|startswith", "ab", "ABC");
	NO("F|startswith", "bc", "ABC");
	YES("F|endswith", "bc", "ABC");
	YES("F|contains", "\\", "a\\b");
	YES("F|endswith", "\\", "a\\");
	NO("F|endswith", "\\", "a*");
	YES("F|contains", "a*c", "xabcx");
	YES("F|endswith", "a*", "xay");
	YES("F|contains", "x\0y", "ax\0yb");
	NO("F|contains", "xz", "ax\0zb");
	NO("F|neq", "a", "A");
	YES("F|contains|neq", "x", "A");
}

// Wildcards on random texts against a plain recursive matcher.
static bool slow_match(const char *p, const char *s)
{
	if (*p == '\0')
		return *s == '\0';
	if (*p == '*')
		return slow_match(p + 1, s) || (*s != '\0' && slow_match(p, s + 1));
	return *s != '\0' && (*p == '?' || *p == *s) && slow_match(p + 1, s + 1);
}

static void wildcards_agree_with_a_naive_matcher(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char pattern[8];
		char text[10];
		size_t n = 0;

		for (; n < 7 && (n < 2 || random >> 29 != 0); n++) {
			random = random * 1664525 + 1013904223;
			pattern[n] = "ab*?"[random >> 30];
		}
		pattern[n] = '\0';
		for (n = 0; n < 9 && (n < 2 || random >> 29 != 0); n++) {
			random = random * 1664525 + 1013904223;
			text[n] = "ab"[random >> 31];
		}
		text[n] = '\0';
		if (matches("F", str_from(pattern), str_from(text)) != slow_match(pattern, text))
			fail_msg("'%s' on '%s'", pattern, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backslashes),
		cmocka_unit_test(plain_values_are_compared_whole_and_without_case),
		cmocka_unit_test(a_question_mark_is_one_code_point),
		cmocka_unit_test(a_star_is_any_run),
		cmocka_unit_test(relations),
		cmocka_unit_test(wildcards_agree_with_a_naive_matcher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
