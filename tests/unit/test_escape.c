// SPDX-License-Identifier: Apache-2.0
// Escaping of hostile text.
#include "output/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "output/json.h"

struct escape_case {
	struct str in;
	struct str out;
};

static void check_all(void (*escape)(struct buf *, struct str), const struct escape_case *cases,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf buf = {0};

		escape(&buf, cases[i].in);
		if (!str_eq(buf_str(&buf), cases[i].out))
			fail_msg("case %zu gives %.*s", i, STR_ARG(buf_str(&buf)));
		buf_release(&buf);
	}
}

#define CHECK_ALL(escape, cases) check_all(escape, cases, sizeof(cases) / sizeof((cases)[0]))

static void csv_cell_is_quoted_only_when_needed(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT(""), STR_INIT("")},
		{STR_INIT("C:\\Windows\\nt"), STR_INIT("C:\\Windows\\nt")},
		{STR_INIT("a,b"), STR_INIT("\"a,b\"")},
		{STR_INIT("a;b"), STR_INIT("\"a;b\"")},
		{STR_INIT("say \"x\""), STR_INIT("\"say \"\"x\"\"\"")},
		{STR_INIT(" a"), STR_INIT("\" a\"")},
		{STR_INIT("a "), STR_INIT("\"a \"")},
	};

	(void)state;
	CHECK_ALL(escape_csv, cases);
}

static void csv_cell_never_holds_a_line_end(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("a\r\nb"), STR_INIT("a\\r\\nb")},
		{STR_INIT("a\tb\x01\x1b[2J\x7f"), STR_INIT("a\\tb\\x01\\x1b[2J\\x7f")},
		{STR_INIT("a\0b"), STR_INIT("a\\x00b")},
		{STR_INIT("a\xc2\x85g"), STR_INIT("a\\x85g")},
		{STR_INIT("a\xe2\x80\xa8\xe2\x80\xa9"), STR_INIT("a\\u2028\\u2029")},
	};

	(void)state;
	CHECK_ALL(escape_csv, cases);
}

static void csv_formula_gets_an_apostrophe(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("=1+1"), STR_INIT("'=1+1")},
		{STR_INIT("+1"), STR_INIT("'+1")},
		{STR_INIT("-1"), STR_INIT("'-1")},
		{STR_INIT("@SUM(A1)"), STR_INIT("'@SUM(A1)")},
		{STR_INIT("\t=1"), STR_INIT("'\\t=1")},
		{STR_INIT("\r=1"), STR_INIT("'\\r=1")},
		{STR_INIT("=cmd|' /C calc'!A0,x"), STR_INIT("\"'=cmd|' /C calc'!A0,x\"")},
		{STR_INIT("\xef\xbc\x9d"
			  "1"),
		 STR_INIT("'\xef\xbc\x9d"
			  "1")},
		{STR_INIT("a=1"), STR_INIT("a=1")},
	};

	(void)state;
	CHECK_ALL(escape_csv, cases);
}

static void csv_invalid_utf8_becomes_u_fffd(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("a\xff"), STR_INIT("a\xef\xbf\xbd")},
		{STR_INIT("\xed\xa0\x80z"), STR_INIT("\xef\xbf\xbdz")}, // lone surrogate
		{STR_INIT("\xc3"), STR_INIT("\xef\xbf\xbd")},		// cut off
	};

	(void)state;
	CHECK_ALL(escape_csv, cases);
	CHECK_ALL(escape_terminal, cases);
}

static void csv_joined_cell_cannot_be_forged(void **state)
{
	struct buf buf = {0};

	(void)state;
	escape_csv_open(&buf, STR("=a"));
	escape_csv_put(&buf, STR("=a ¦ b\"\n"));
	escape_csv_close(&buf);
	assert_string_equal(buf.ptr, "\"'=a \\xa6 b\"\"\\n\"");
	buf_release(&buf);
}

static void json_escapes_what_is_not_plain_text(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT(""), STR_INIT("\"\"")},
		{STR_INIT("a\"b\\c"), STR_INIT("\"a\\\"b\\\\c\"")},
		{STR_INIT("\b\f\n\r\t"), STR_INIT("\"\\b\\f\\n\\r\\t\"")},
		{STR_INIT("\0\x1f\x7f"), STR_INIT("\"\\u0000\\u001f\\u007f\"")},
		{STR_INIT("\xe2\x80\xa8\xe2\x80\xa9"), STR_INIT("\"\\u2028\\u2029\"")},
		{STR_INIT("\xff\xed\xa0\x80"), STR_INIT("\"\xef\xbf\xbd\xef\xbf\xbd\"")},
		{STR_INIT("\xf0\x9f\x98\x80 ü"), STR_INIT("\"\xf0\x9f\x98\x80 ü\"")},
		{STR_INIT("\xf4\x90\x80\x80"), // above U+10FFFF: four bad bytes
		 STR_INIT("\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"")},
	};

	(void)state;
	CHECK_ALL(escape_json, cases);
}

static void terminal_shows_controls_and_direction_marks(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("\x1b]0;x\x07"), STR_INIT("\\x1b]0;x\\x07")},
		{STR_INIT("\xc2\x9b"
			  "31m"),
		 STR_INIT("\\x9b31m")},
		{STR_INIT("a\nb\x7f"), STR_INIT("a\\nb\\x7f")},
		{STR_INIT("exe.\xe2\x80\xaegpj"), STR_INIT("exe.\\u202egpj")},
		{STR_INIT("\xe2\x81\xa6x\xe2\x81\xa9"), STR_INIT("\\u2066x\\u2069")},
		{STR_INIT("\xf3\xa0\x81\x81"), STR_INIT("\\U000e0041")},
		{STR_INIT("C:\\x ü"), STR_INIT("C:\\x ü")},
	};

	(void)state;
	CHECK_ALL(escape_terminal, cases);
}

static void no_byte_pair_reaches_the_terminal_as_a_control(void **state)
{
	(void)state;
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char bytes[2] = {(char)(pair >> 8), (char)(pair & 0xFF)};
		struct buf buf = {0};
		size_t at = 0;

		escape_terminal(&buf, (struct str){bytes, 2});
		assert_true(utf8_is_valid(buf_str(&buf)));
		while (at < buf.len) {
			uint32_t cp = utf8_next(buf_str(&buf), &at);

			assert_true(cp >= 0x20 && !(cp >= 0x7F && cp < 0xA0));
		}
		buf_release(&buf);
	}
}

static void check_cut(struct str in, size_t width, const char *head, const char *tail)
{
	struct buf buf = {0};

	assert_true(escape_terminal_cut(&buf, in, width) <= width);
	assert_string_equal(buf.ptr != NULL ? buf.ptr : "", head);
	buf_reset(&buf);
	assert_true(escape_terminal_tail(&buf, in, width) <= width);
	assert_string_equal(buf.ptr != NULL ? buf.ptr : "", tail);
	buf_release(&buf);
}

static void cutting_counts_columns(void **state)
{
	(void)state;
	check_cut(STR("abcdef"), 6, "abcdef", "abcdef");
	check_cut(STR("abcdef"), 4, "abc…", "…def");
	check_cut(STR("日本語"), 5, "日本…", "…本語");
	check_cut(STR("日本語"), 4, "日…", "…語");
	check_cut(STR("a\nb"), 3, "a…", "…b");
	check_cut(STR("abc"), 1, "…", "…");
	check_cut(STR("e\xcc\x81x"), 2, "e\xcc\x81x", "e\xcc\x81x");
	assert_int_equal(escape_terminal_width(STR("e\xcc\x81日\x01")), 1 + 2 + 4);
}

static void a_flood_of_combining_marks_is_cut(void **state)
{
	struct buf marks = {0};
	struct buf out = {0};

	(void)state;
	buf_put_char(&marks, 'x');
	for (int i = 0; i < 10000; i++)
		buf_put_text(&marks, "\xcc\x81");
	escape_terminal_cut(&out, buf_str(&marks), 10);
	assert_true(out.len < 200);
	buf_release(&marks);
	buf_release(&out);
}

static void doubles_read_back_and_whole_numbers_have_no_point(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{0, "0"},	   {-0.0, "0"},
		{57, "57"},	   {-3, "-3"},
		{0.1, "0.1"},	   {2.5, "2.5"},
		{1e300, "1e+300"}, {9007199254740991.0, "9007199254740991"},
		{1e200, "1e+200"}, {1e17, "1e+17"},
	};
	static const double odd[] = {1.0 / 3, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1e22};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[JSON_DOUBLE_SIZE];

		json_format_double(cases[i].value, text);
		assert_string_equal(text, cases[i].text);
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		char text[JSON_DOUBLE_SIZE];

		json_format_double(odd[i], text);
		assert_true(strtod(text, NULL) >= odd[i] && strtod(text, NULL) <= odd[i]);
	}
}

static void json_has_no_nan(void **state)
{
	struct buf buf = {0};
	struct json json = {.out = &buf};

	(void)state;
	json_open(&json, '[');
	json_double(&json, strtod("nan", NULL));
	json_double(&json, strtod("inf", NULL));
	json_time(&json, 0);
	json_close(&json, ']');
	assert_string_equal(buf.ptr, "[null,null,null]");
	buf_release(&buf);
}

static void xml_carries_every_value(void **state)
{
	static const struct {
		struct str value;
		const char *expected;
	} cases[] = {
		{STR_INIT("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c'"},
		// A parser would make blanks of these in an attribute.
		{STR_INIT("\t\n\r"), "&#9;&#10;&#13;"},
		// XML 1.0 has no way to say these.
		{STR_INIT("\0\x1b\xEF\xBF\xBF"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{STR_INIT("\x7F\xC2\x9B\xE2\x80\xA8"), "&#127;&#155;&#8232;"},
		{STR_INIT("\xFF\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD"},
		{STR_INIT("\xC3\xA9\xF0\x9F\x98\x80"), "\xC3\xA9\xF0\x9F\x98\x80"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {0};

		escape_xml(&out, cases[i].value);
		assert_string_equal(out.ptr, cases[i].expected);
		buf_release(&out);
	}
}

static void uri_paths_hold_any_bytes(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT(""), STR_INIT("")},
		{STR_INIT("/a-b/c_d.e~f"), STR_INIT("/a-b/c_d.e~f")},
		{STR_INIT("a b?c#d%e:f"), STR_INIT("a%20b%3Fc%23d%25e%3Af")},
		{STR_INIT("C:\\x"), STR_INIT("C%3A%5Cx")},
		{STR_INIT("\0\n\x7f\xff\xc3\xa9"), STR_INIT("%00%0A%7F%FF%C3%A9")},
		{STR_INIT("a+b&c=d;e,f@g!(h)"), STR_INIT("a%2Bb%26c%3Dd%3Be%2Cf%40g%21%28h%29")},
	};

	(void)state;
	CHECK_ALL(escape_uri_path, cases);
}

static void uris_stay_uris(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("https://a.example/x?y=1&z=%41#t"),
		 STR_INIT("https://a.example/x?y=1&z=%41#t")},
		{STR_INIT("http://a b/%zz%4"), STR_INIT("http://a%20b/%25zz%254")},
		{STR_INIT("http://a/#b#c"), STR_INIT("http://a/#b%23c")},
		{STR_INIT("http://a/\"<>\\^`{|}[]"),
		 STR_INIT("http://a/%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D")},
		{STR_INIT("http://a/\0\x1b\xe2\x80\xae%"), STR_INIT("http://a/%00%1B%E2%80%AE%25")},
	};

	(void)state;
	CHECK_ALL(escape_uri, cases);
}

static void html_is_text_and_shows_what_cannot_be_seen(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT(""), STR_INIT("")},
		{STR_INIT("a b"), STR_INIT("a b")},
		{STR_INIT("<b class='x\">&amp;"),
		 STR_INIT("&lt;b class=&#39;x&quot;&gt;&amp;amp;")},
		{STR_INIT("\0\n\x1b[2J\x7f"), STR_INIT("\\x00\\n\\x1b[2J\\x7f")},
		{STR_INIT("\xe2\x80\xae\xff\xc3\xa4"), STR_INIT("\\u202e\xef\xbf\xbd\xc3\xa4")},
	};

	(void)state;
	CHECK_ALL(escape_html, cases);
}

static void json_in_a_script_element_cannot_end_it(void **state)
{
	static const struct escape_case cases[] = {
		{STR_INIT("[1,\"a\"]"), STR_INIT("[1,\"a\"]")},
		{STR_INIT("[\"</script><!--&\"]"),
		 STR_INIT("[\"\\u003c/script\\u003e\\u003c!--\\u0026\"]")},
		{STR_INIT("<"), STR_INIT("\\u003c")},
	};

	(void)state;
	CHECK_ALL(escape_script, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_cell_is_quoted_only_when_needed),
		cmocka_unit_test(csv_cell_never_holds_a_line_end),
		cmocka_unit_test(csv_formula_gets_an_apostrophe),
		cmocka_unit_test(csv_invalid_utf8_becomes_u_fffd),
		cmocka_unit_test(csv_joined_cell_cannot_be_forged),
		cmocka_unit_test(json_escapes_what_is_not_plain_text),
		cmocka_unit_test(terminal_shows_controls_and_direction_marks),
		cmocka_unit_test(no_byte_pair_reaches_the_terminal_as_a_control),
		cmocka_unit_test(cutting_counts_columns),
		cmocka_unit_test(a_flood_of_combining_marks_is_cut),
		cmocka_unit_test(doubles_read_back_and_whole_numbers_have_no_point),
		cmocka_unit_test(json_has_no_nan),
		cmocka_unit_test(xml_carries_every_value),
		cmocka_unit_test(uri_paths_hold_any_bytes),
		cmocka_unit_test(uris_stay_uris),
		cmocka_unit_test(html_is_text_and_shows_what_cannot_be_seen),
		cmocka_unit_test(json_in_a_script_element_cannot_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
