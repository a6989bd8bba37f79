// SPDX-License-Identifier: Apache-2.0
// Encoding modifiers (sigma-engine.md 2.3) and dashes (2.4).
#include "rule_fixture.h"

#include "base/limits.h"
#include "base/text.h"
#include "sigma/pattern.h"

struct parsed {
	struct arena arena;
	struct diag_list diags;
	struct item item;
	bool ok;
};

static struct parsed *parse(const char *key, struct str value)
{
	struct parsed *p = test_calloc(1, sizeof(*p));
	struct value_context ctx = {&p->arena, STR("t"), &p->diags, NULL, NULL};
	struct yaml_node key_node = {.kind = YAML_SCALAR, .quoted = true, .text = str_from(key)};
	struct yaml_node value_node = {.kind = YAML_SCALAR, .quoted = true, .text = value};

	diag_init(&p->diags, &p->arena);
	p->ok = item_parse(&ctx, &key_node, &value_node, &p->item);
	return p;
}

static void done(struct parsed *p)
{
	diag_release(&p->diags);
	arena_release(&p->arena);
	test_free(p);
}

static void put_pattern(struct buf *out, const struct pattern *p)
{
	if (p->kind == PATTERN_ANY_OF) {
		for (size_t i = 0; i < p->any_of.count; i++) {
			if (i > 0)
				buf_put_char(out, ',');
			put_pattern(out, &p->any_of.list[i]);
		}
		return;
	}
	assert_int_equal(p->kind, PATTERN_TEXT);
	for (size_t i = 0; i < p->text.count; i++) {
		if (p->text.cps[i] == PAT_ANY_RUN)
			buf_put_char(out, '*');
		else if (p->text.cps[i] == PAT_DASH)
			buf_put_char(out, '~');
		else
			buf_put_cp(out, p->text.cps[i]);
	}
}

static void expect(const char *key, struct str value, struct str forms)
{
	struct parsed *p = parse(key, value);
	struct buf got = {0};

	assert_true(p->ok);
	put_pattern(&got, &p->item.patterns[0]);
	expect_str(buf_str(&got), forms);
	buf_release(&got);
	done(p);
}

static void expect_error(const char *key, struct str value, const char *code)
{
	struct parsed *p = parse(key, value);

	assert_false(p->ok);
	assert_string_equal(p->diags.items[0].code, code);
	done(p);
}

static void base64(void **state)
{
	(void)state;
	expect("F|base64", STR("foobar"), STR("Zm9vYmFy"));
	expect("F|base64", STR("fo"), STR("Zm8="));
	expect("F|base64", STR("f"), STR("Zg=="));
	expect("F|base64", STR(""), STR(""));
	expect("F|base64|base64", STR("foo"), STR("Wm05dg=="));
	expect("F|base64", STR("\xC3\xA9"), STR("w6k="));
	expect("F|base64|contains", STR("foo"), STR("*Zm9v*"));
	expect("F|base64", STR("a\0b"), STR("YQBi"));
	expect_error("F|base64", STR("foo*"), "E_BASE64_WILDCARD");
	expect_error("F|contains|base64", STR("foo"), "E_BASE64_WILDCARD");
}

static void base64_at_three_offsets(void **state)
{
	(void)state;
	expect("F|base64offset", STR("foobar"), STR("Zm9vYmFy,Zvb2Jhc,mb29iYX"));
	expect("F|base64offset", STR("foo"), STR("Zm9v,Zvb,mb2"));
	expect("F|wide|base64offset", STR("IEX"), STR("SQBFAFgA,kARQBYA,JAEUAWA"));
	expect("F|base64offset|contains", STR("foo"), STR("*Zm9v*,*Zvb*,*mb2*"));
	// Bytes count, not characters: two bytes of é.
	expect("F|base64offset", STR("\xC3\xA9"), STR("w6,Op,Dq"));
}

static void utf16(void **state)
{
	(void)state;
	expect("F|wide", STR("ab"), STR("a\0b\0"));
	expect("F|utf16le", STR("ab"), STR("a\0b\0"));
	expect("F|utf16be", STR("ab"), STR("\0a\0b"));
	expect("F|wide|base64", STR("foo"), STR("ZgBvAG8A"));
	expect("F|utf16be|base64", STR("foo"), STR("AGYAbwBv"));
	expect("F|utf16|base64", STR("foo"), STR("//5mAG8AbwA="));
	expect("F|wide|base64", STR("\xF0\x9F\x98\x80"), STR("PdgA3g==")); // D83D DE00
	expect_error("F|wide|wide", STR("a"), "E_MODIFIER_TYPE");
}

static void dashes(void **state)
{
	(void)state;
	expect("F|windash", STR(" -f "), STR(" ~f "));
	expect("F|windash", STR(" /f "), STR(" ~f "));
	expect("F|windash",
	       STR("\xE2\x80\x93"
		   "f"),
	       STR("~f"));
	expect("F|windash", STR("-param-1 -param2"), STR("~param-1 ~param2"));
	expect("F|windash", STR("a-b"), STR("a-b"));
	expect("F|windash", STR("- foo"), STR("- foo"));
	expect("F|windash", STR("start/b"), STR("start/b"));
	expect("F|windash", STR("--foo"), STR("-~foo"));
	expect("F|windash|contains", STR("-f"), STR("*~f*"));
	expect("F|contains|windash", STR("-f"), STR("*~f*"));
	expect("F|windash", STR("-"), STR("-"));
	expect("F|windash", STR(""), STR(""));
}

static void encoded_dashes_are_written_out(void **state)
{
	struct parsed *p;

	(void)state;
	expect("F|windash|base64", STR("-f"), STR("LWY=,L2Y=,4oCTZg==,4oCUZg==,4oCVZg=="));
	p = parse("F|windash|wide|base64offset", STR("-a -b"));
	assert_true(p->ok);
	assert_int_equal(p->item.patterns[0].any_of.count, 25);
	assert_int_equal(p->item.patterns[0].any_of.list[0].any_of.count, 3);
	done(p);
	expect_error("F|windash|base64", STR("-a -b -c -d -e -f"), "E_VALUE_TYPE");
}

// Forms multiply the text: a long one with five dashes would fill gigabytes.
static void long_text_with_dashes_is_refused(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_put_text(&text, "-a -b -c -d -e ");
	for (int i = 0; i < 100000; i++)
		buf_put_char(&text, 'x');
	expect_error("F|windash|base64", buf_str(&text), "E_VALUE_TYPE");
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64),
		cmocka_unit_test(base64_at_three_offsets),
		cmocka_unit_test(utf16),
		cmocka_unit_test(dashes),
		cmocka_unit_test(encoded_dashes_are_written_out),
		cmocka_unit_test(long_text_with_dashes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
