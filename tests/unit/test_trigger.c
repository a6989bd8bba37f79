// SPDX-License-Identifier: Apache-2.0
// Trigger literals: a rule that is true has one of them in its field.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "match/trigger.h"
#include "sigma/ruleset.h"

// What trigger_find says of the only rule in `detection`.
struct found {
	struct ruleset *set;
	struct arena arena;
	enum trigger_kind kind;
	struct trigger_set triggers;
};

static int knows_event_id(void *user, const struct item *item)
{
	(void)user;
	if (!str_eq(item->field, STR("EventID")))
		return -1;
	return item->patterns[0].number.value.magnitude == 1;
}

static void find(struct found *f, const char *detection)
{
	struct buf text = {0};

	buf_printf(&text, "title: t\nlogsource: {product: windows}\ndetection: {%s}\n", detection);
	*f = (struct found){.set = ruleset_new()};
	ruleset_add(f->set, STR("t.yml"), buf_str(&text));
	assert_int_equal(f->set->count, 1);
	f->kind = trigger_find(&f->arena, &f->arena, &f->set->rules[0]->detection,
			       f->set->rules[0]->detection.conditions[0], knows_event_id, NULL,
			       &f->triggers);
	buf_release(&text);
}

static void release(struct found *f)
{
	arena_release(&f->arena);
	ruleset_free(f->set);
}

static void assert_trigger(const char *detection, const char *text, enum literal_anchor anchor)
{
	struct found f;

	find(&f, detection);
	assert_int_equal(f.kind, TRIGGER_SET);
	assert_int_equal(f.triggers.count, 1);
	if (!str_eq(f.triggers.items[0].text, str_from(text)))
		fail_msg("trigger '%.*s', not '%s'", STR_ARG(f.triggers.items[0].text), text);
	assert_int_equal(f.triggers.items[0].anchor, anchor);
	release(&f);
}

static void assert_kind(const char *detection, enum trigger_kind kind)
{
	struct found f;

	find(&f, detection);
	assert_int_equal(f.kind, kind);
	release(&f);
}

static void texts_give_their_longest_run(void **state)
{
	(void)state;
	assert_trigger("s: {F: CMD.exe}, condition: s", "cmd.exe", LITERAL_EQUAL);
	assert_trigger("s: {F|endswith: \\Cmd.exe}, condition: s", "\\cmd.exe", LITERAL_SUFFIX);
	assert_trigger("s: {F: 'ab*defg?i'}, condition: s", "defg", LITERAL_CONTAINS);
	assert_trigger("s: {F: 'abcd*f'}, condition: s", "abcd", LITERAL_PREFIX);
	assert_trigger("s: {F|contains|windash: ' -word'}, condition: s", "word", LITERAL_CONTAINS);
	assert_kind("s: {F: '*'}, condition: s", TRIGGER_NONE);
}

static void the_cheapest_side_of_an_and_is_enough(void **state)
{
	(void)state;
	assert_trigger("s: {F|contains: ab, G|contains: long literal}, condition: s",
		       "long literal", LITERAL_CONTAINS);
	assert_trigger("s: {F|contains|all: [ab, a long one]}, condition: s", "a long one",
		       LITERAL_CONTAINS);
	assert_trigger("s: {F: abcde}, n: {G: 1}, condition: s and not n", "abcde", LITERAL_EQUAL);
}

static void an_or_needs_all_its_sides(void **state)
{
	struct found f;

	(void)state;
	find(&f, "s: [{F: one}, {G|contains: three}], condition: s");
	assert_int_equal(f.kind, TRIGGER_SET);
	assert_int_equal(f.triggers.count, 2);
	release(&f);
	assert_kind("s: [{F: one}, {G: 5}], condition: s", TRIGGER_NONE);
	assert_kind("s: {F: [one, null]}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|neq: one}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F: one}, condition: not s", TRIGGER_NONE);
}

static void what_is_known_of_the_events_is_folded_in(void **state)
{
	(void)state;
	assert_kind("s: {EventID: 1}, condition: s", TRIGGER_NONE);
	assert_kind("s: {EventID: 2}, condition: s", TRIGGER_FALSE);
	assert_kind("s: {EventID: 2, F: abc}, condition: s", TRIGGER_FALSE);
	assert_kind("s: {EventID: 1}, f: {F: x}, condition: f and not s", TRIGGER_FALSE);
	assert_trigger("s: [{EventID: 2, F: one}, {EventID: 1, F: two}], condition: s", "two",
		       LITERAL_EQUAL);
}

static void expressions_give_text_that_every_match_holds(void **state)
{
	(void)state;
	assert_trigger("s: {F|re: 'foo\\.bar[0-9]+'}, condition: s", "foo.bar", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: '(?i)Some(thing)?Else'}, condition: s", "some", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: 'abcx*defgh'}, condition: s", "defgh", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: 'abcdefx*gh'}, condition: s", "abcdef", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: 'abcdefx?gh'}, condition: s", "abcdef", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: 'abcde{2}fg'}, condition: s", "abcd", LITERAL_CONTAINS);
	assert_trigger("s: {F|re: 'abc+defg'}, condition: s", "defg", LITERAL_CONTAINS);
}

static void expressions_that_are_not_followed_give_none(void **state)
{
	(void)state;
	assert_kind("s: {F|re: 'foobar|barfoo'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '.{1000,}'}, condition: s", TRIGGER_NONE);
	// A brace that is no count stands for itself.
	assert_kind("s: {F|re: '{foo|bar}foobar'}, condition: s", TRIGGER_NONE);
	// A bracket in a class is one of its characters, and so is its end at the beginning.
	assert_kind("s: {F|re: '[3[]a|b]foobar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '[]a|b]foobar|x'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '[a\\]b|c]|foobar'}, condition: s", TRIGGER_NONE);
	// A comment stands between a character and its quantifier, and holds any brackets.
	assert_kind("s: {F|re: 'foobar(?#x)?'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '(?#[)foo|x[])]foobar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '(?C''['')foo|x[])]foobar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '(?^x)foo bar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '(?:foobar|x)'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '[[:digit:]x]foobar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '\\x41BCDEF'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: '(?x)foo bar'}, condition: s", TRIGGER_NONE);
	assert_kind("s: {F|re: 'ab'}, condition: s", TRIGGER_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_give_their_longest_run),
		cmocka_unit_test(the_cheapest_side_of_an_and_is_enough),
		cmocka_unit_test(an_or_needs_all_its_sides),
		cmocka_unit_test(what_is_known_of_the_events_is_folded_in),
		cmocka_unit_test(expressions_give_text_that_every_match_holds),
		cmocka_unit_test(expressions_that_are_not_followed_give_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
