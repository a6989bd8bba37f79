// SPDX-License-Identifier: Apache-2.0
// JSON read as YAML: what the writer makes, and what other writers make of it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "output/escape.h"
#include "yaml/json.h"

static void check_text(const char *json, struct str expected)
{
	struct arena arena = {0};
	struct yaml_node *root = json_parse_object(&arena, str_from(json));
	const struct yaml_node *value;

	assert_non_null(root);
	value = yaml_get(root, "k");
	assert_non_null(value);
	assert_int_equal(value->kind, YAML_SCALAR);
	assert_int_equal(value->text.len, expected.len);
	assert_memory_equal(value->text.ptr, expected.ptr, expected.len);
	arena_release(&arena);
}

static void short_escapes_are_read(void **state)
{
	(void)state;
	check_text("{\"k\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"}", STR("a\"\\/\b\f\n\r\tz"));
}

static void unicode_escapes_are_read(void **state)
{
	(void)state;
	check_text("{\"k\":\"\\u0041\\u00e9\\u20AC\"}", STR("A\xC3\xA9\xE2\x82\xAC"));
	check_text("{\"k\":\"a\\u0000b\"}", STR("a\0b"));
}

static void surrogate_pairs_are_one_character(void **state)
{
	(void)state;
	check_text("{\"k\":\"\\ud83d\\ude00\\uD83D\\uDE01\"}",
		   STR("\xF0\x9F\x98\x80\xF0\x9F\x98\x81"));
}

static void lone_surrogates_are_replaced(void **state)
{
	(void)state;
	check_text("{\"k\":\"\\ud83d\"}", STR("\xEF\xBF\xBD"));
	check_text("{\"k\":\"\\ud83dx\"}", STR("\xEF\xBF\xBDx"));
	check_text("{\"k\":\"\\ude00\\ud83d\"}", STR("\xEF\xBF\xBD\xEF\xBF\xBD"));
	check_text("{\"k\":\"\\ud83d\\u0041\"}", STR("\xEF\xBF\xBD"
						     "A"));
}

static void an_escaped_backslash_before_u_is_no_escape(void **state)
{
	(void)state;
	check_text("{\"k\":\"C:\\\\ud83d\\\\users\"}", STR("C:\\ud83d\\users"));
}

// YAML folds line ends of its own and refuses control characters; JSON does not.
static void raw_characters_stay(void **state)
{
	(void)state;
	check_text("{\"k\":\"a\xE2\x80\xA8 \xC2\x85 \x7F \xC2\x9B \xEF\xBF\xBE \xEF\xBB\xBFz\"}",
		   STR("a\xE2\x80\xA8 \xC2\x85 \x7F \xC2\x9B \xEF\xBF\xBE \xEF\xBB\xBFz"));
	check_text("{\"k\":\"  # no comment: {x} & * ! ' --- \"}",
		   STR("  # no comment: {x} & * ! ' --- "));
	check_text("{\"k\":\"\xFF\"}", STR("\xEF\xBF\xBD"));
}

static void every_code_point_survives_our_writer(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x11000; cp += cp < 0x3000 ? 1 : 7) {
		struct buf text = {0};
		struct buf json = {0};

		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		buf_put_cp(&text, cp);
		buf_put_text(&text, "'\"\\");
		buf_put_text(&json, "{\"k\":");
		escape_json(&json, buf_str(&text));
		buf_put_char(&json, '}');
		check_text(json.ptr, buf_str(&text));
		buf_release(&text);
		buf_release(&json);
	}
}

static void objects_nest(void **state)
{
	struct arena arena = {0};
	const struct yaml_node *root = json_parse_object(
		&arena, STR(" {\"a\":{\"b\":[\"x\",2,null,{}]},\"c\":true,\"d\":-1.5e3} \n"));

	(void)state;
	assert_non_null(root);
	assert_int_equal(root->count, 3);
	assert_int_equal(yaml_get(yaml_get(root, "a"), "b")->count, 4);
	assert_true(str_eq(yaml_get_text(root, "d"), STR("-1.5e3")));
	arena_release(&arena);
}

static void what_is_no_object_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "x",
					  "[1]",
					  "{",
					  "{\"a\":1",
					  "{\"a\":\"",
					  "{\"a\":\"\\",
					  "{\"a\":1}{\"b\":2}",
					  "{\"a\":1}\n---\n{}",
					  "{\"a\":1,\"a\":2}",
					  "{\"a\":\"\\q\"}",
					  "{\"a\":\"\\u12\"}"};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (json_parse_object(&arena, str_from(bad[i])) != NULL)
			fail_msg("accepted: %s", bad[i]);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_escapes_are_read),
		cmocka_unit_test(unicode_escapes_are_read),
		cmocka_unit_test(surrogate_pairs_are_one_character),
		cmocka_unit_test(lone_surrogates_are_replaced),
		cmocka_unit_test(an_escaped_backslash_before_u_is_no_escape),
		cmocka_unit_test(raw_characters_stay),
		cmocka_unit_test(every_code_point_survives_our_writer),
		cmocka_unit_test(objects_nest),
		cmocka_unit_test(what_is_no_object_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
