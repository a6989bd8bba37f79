// SPDX-License-Identifier: Apache-2.0
// One event against rules: hits, reasons, filters, dispatch.
#include "rule_fixture.h"

#include "match/match.h"

struct setup {
	struct arena arena;
	struct ruleset *set;
	struct matcher *matcher;
	struct match_state *state;
	struct match_state *naive; // without index, for the same results
	const struct match *matches;
	size_t count;
};

static struct setup *setup(const char *rules)
{
	struct setup *s = test_calloc(1, sizeof(*s));

	s->set = good_rules(str_from(rules));
	s->matcher = matcher_new(s->set);
	s->state = match_state_new(s->matcher, true);
	s->naive = match_state_new(s->matcher, false);
	return s;
}

static void done(struct setup *s)
{
	match_state_free(s->state);
	match_state_free(s->naive);
	matcher_free(s->matcher);
	ruleset_free(s->set);
	arena_release(&s->arena);
	test_free(s);
}

static size_t run(struct setup *s, const struct event *event)
{
	const struct match *naive;

	s->count = match_event(s->state, event, NULL, &s->matches);
	assert_int_equal(match_event(s->naive, event, NULL, &naive), s->count);
	for (size_t i = 0; i < s->count; i++) {
		assert_ptr_equal(naive[i].rule, s->matches[i].rule);
		assert_ptr_equal(naive[i].filtered, s->matches[i].filtered);
		assert_int_equal(naive[i].condition, s->matches[i].condition);
	}
	return s->count;
}

static bool matches(const char *rule, const struct event *event)
{
	struct setup *s = setup(rule);
	bool result = run(s, event) == 1;

	done(s);
	return result;
}

static void missing_empty_and_null(void **state)
{
	static const struct {
		const char *rule;
		bool absent, empty, null, text;
	} rows[] = {
		{RULE("  a: {F: ''}\n  condition: a\n"), false, true, true, false},
		{RULE("  a: {F: null}\n  condition: a\n"), true, false, true, false},
		{RULE("  a: {F: []}\n  condition: a\n"), true, false, true, false},
		{RULE("  a: {F: '*'}\n  condition: a\n"), false, true, true, true},
		{RULE("  a: {F|contains: ''}\n  condition: a\n"), false, true, true, true},
		{RULE("  a: {F|exists: true}\n  condition: a\n"), false, true, true, true},
		{RULE("  a: {F|exists: false}\n  condition: a\n"), true, false, false, false},
		{RULE("  a: {F|re: '^$'}\n  condition: a\n"), false, true, true, false},
		{RULE("  a: {F|neq: x}\n  condition: a\n"), true, true, true, false},
		{RULE("  a: {F: ''}\n  condition: not a\n"), true, false, false, true},
	};
	struct arena arena = {0};
	struct event absent = EVENT(&arena, "G", "x");
	struct event empty = EVENT(&arena, "F", "");
	struct event null = EVENT(&arena, "F", "");
	struct event text = EVENT(&arena, "F", "x");

	(void)state;
	null.fields[0].value.type = VALUE_NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (matches(rows[i].rule, &absent) != rows[i].absent ||
		    matches(rows[i].rule, &empty) != rows[i].empty ||
		    matches(rows[i].rule, &null) != rows[i].null ||
		    matches(rows[i].rule, &text) != rows[i].text)
			fail_msg("row %zu", i);
	}
	arena_release(&arena);
}

static void any_instance_will_do(void **state)
{
	struct arena arena = {0};
	struct event event = EVENT(&arena, "Data", "one", "Data", "two");

	(void)state;
	assert_true(matches(RULE("  a: {Data: two}\n  condition: a\n"), &event));
	assert_true(matches(RULE("  a: {Data|all: [one, two]}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {Data|all: [one, six]}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {Data|neq: two}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {Data: null}\n  condition: a\n"), &event));
	arena_release(&arena);
}

static void keywords_search_each_value(void **state)
{
	struct arena arena = {0};
	struct event event = EVENT(&arena, "F", "abc", "G", "d5e");

	(void)state;
	assert_true(matches(RULE("  a: [B]\n  condition: a\n"), &event));
	assert_true(matches(RULE("  a: [5]\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: [cd]\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: [F]\n  condition: a\n"), &event));
	assert_true(matches(RULE("  a: {'|all': [ab, d]}\n  condition: a\n"), &event));
	assert_true(matches(RULE("  a: ['a?c', {G: x}]\n  condition: a\n"), &event));
	arena_release(&arena);
}

static void fields_can_be_compared_with_each_other(void **state)
{
	struct arena arena = {0};
	struct event event = EVENT(&arena, "F", "C:\\A\\b.exe", "G", "c:\\a\\B.EXE", "H", "b.exe");

	(void)state;
	assert_true(matches(RULE("  a: {F|fieldref: G}\n  condition: a\n"), &event));
	assert_true(matches(RULE("  a: {F|fieldref|endswith: H}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {F|fieldref: H}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {F|fieldref: None}\n  condition: a\n"), &event));
	assert_false(matches(RULE("  a: {None|fieldref: F}\n  condition: a\n"), &event));
	arena_release(&arena);
}

static void a_float_is_never_compared_with_hexadecimal(void **state)
{
	struct arena arena = {0};
	struct event hex = EVENT(&arena, "F", "0x5");
	struct event blank = EVENT(&arena, "F", " 0x5");
	struct event plain = EVENT(&arena, "F", "5");

	(void)state;
	assert_true(matches(RULE("  a: {F: 5}\n  condition: a\n"), &hex));
	assert_false(matches(RULE("  a: {F: 5.0}\n  condition: a\n"), &hex));
	assert_false(matches(RULE("  a: {F: 5.0}\n  condition: a\n"), &blank));
	assert_true(matches(RULE("  a: {F: 5.0}\n  condition: a\n"), &plain));
	assert_false(matches(RULE("  a: {F: '5'}\n  condition: a\n"), &hex));
	arena_release(&arena);
}

static void reasons_name_selection_value_and_pattern(void **state)
{
	struct setup *s = setup(RULE("  a: {F|contains: [x, b], G: null}\n  b: {H: 1}\n"
				     "  n: {F: z}\n  condition: (a or b) and not n\n"));
	struct event event = EVENT(&s->arena, "F", "abc");
	struct match_reason reasons[8];

	(void)state;
	assert_int_equal(run(s, &event), 1);
	assert_int_equal(match_explain(s->state, &s->matches[0], reasons, 8), 2);
	expect_str(reasons[0].selection, STR("a"));
	expect_str(reasons[0].value, STR("abc"));
	expect_str(reasons[0].pattern, STR("b"));
	expect_str(reasons[1].item->field, STR("G"));
	expect_str(reasons[1].value, STR(""));
	assert_int_equal(match_explain(s->state, &s->matches[0], reasons, 1), 1);
	assert_int_equal(match_explain(s->state, &s->matches[0], reasons, 0), 0);
	done(s);
}

static void the_first_true_condition_counts(void **state)
{
	struct setup *s = setup(RULE("  a: {F: 1}\n  b: {F: 2}\n  condition: [a, b]\n"));
	struct event event = EVENT(&s->arena, "F", "2");

	(void)state;
	assert_int_equal(run(s, &event), 1);
	assert_int_equal(s->matches[0].condition, 1);
	done(s);
}

// Rule and filter both have a selection `a`, and results are remembered.
static void a_filter_has_selections_of_its_own(void **state)
{
	struct setup *s = setup(RULE(
		"  a: {F: 1}\n  condition: a\n") "---\ntitle: f\nlogsource: {product: windows}\n"
						 "filter: {rules: any, a: {G: 2}, condition: not "
						 "a}\n---\n" RULE("  a: {G: 2}\n  condition: a\n"));
	struct event silenced = EVENT(&s->arena, "F", "1", "G", "2");
	struct event kept = EVENT(&s->arena, "F", "1", "G", "3");

	(void)state;
	assert_int_equal(run(s, &silenced), 2);
	assert_ptr_equal(s->matches[0].filtered, s->set->rules[1]);
	assert_ptr_equal(s->matches[1].filtered, s->set->rules[1]);
	assert_int_equal(run(s, &kept), 1);
	assert_null(s->matches[0].filtered);
	done(s);
}

static void nothing_of_an_event_is_left_for_the_next(void **state)
{
	struct setup *s = setup(RULE("  a: {F: 1}\n  k: [one]\n  condition: a or k\n"));

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct event event = EVENT(&s->arena, i % 2 == 0 ? "F" : "G", "1");

		assert_int_equal(run(s, &event), i % 2 == 0);
		arena_reset(&s->arena);
	}
	done(s);
}

// Two channels and providers that differ only in where a NUL stands.
static void crafted_names_do_not_share_a_dispatch(void **state)
{
	struct setup *s = setup("title: t\nlogsource: {product: windows, service: security}\n"
				"detection: {a: {F: 1}, condition: a}\n");
	struct event crafted = EVENT(&s->arena, "F", "1");
	struct event real = EVENT(&s->arena, "F", "1");

	(void)state;
	crafted.channel = STR("Security\0X");
	crafted.provider = STR("Y");
	assert_int_equal(run(s, &crafted), 0);
	real.channel = STR("Security");
	real.provider = STR("X\0Y");
	assert_int_equal(run(s, &real), 1);
	done(s);
}

// More channels than dispatch lists are kept.
static void invented_channels_push_out_lists_not_hits(void **state)
{
	struct setup *s = setup(RULE("  a: {F: 1}\n  condition: a\n"));

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		struct event event = EVENT(&s->arena, "F", "1");

		event.channel = arena_printf(&s->arena, "Channel %u", i);
		assert_int_equal(run(s, &event), 1);
		assert_int_equal(match_candidates(s->state), 1);
		arena_reset(&s->arena);
	}
	done(s);
}

// Of Channel, absent or twice, the index must not believe the event's kind.
static void what_tells_events_apart_may_be_absent_or_twice(void **state)
{
	struct arena arena = {0};
	struct event absent = EVENT(&arena, "EventID", "1", "Provider_Name", "Test");
	struct event twice = EVENT(&arena, "EventID", "1", "Channel", "A", "Channel", "B");

	(void)state;
	for (size_t i = 0; i < absent.count; i++)
		absent.fields[i].section = FIELD_SYSTEM;
	for (size_t i = 0; i < twice.count; i++)
		twice.fields[i].section = FIELD_SYSTEM;
	absent.channel = STR("");
	twice.channel = STR("A");
	twice.provider = STR("");
	assert_true(matches(RULE("  a: {Channel: null}\n  condition: a\n"), &absent));
	assert_true(matches(RULE("  a: {Channel|exists: false}\n  condition: a\n"), &absent));
	assert_false(matches(RULE("  a: {Channel: ''}\n  condition: a\n"), &absent));
	assert_false(matches(RULE("  a: {Provider_Name: null}\n  condition: a\n"), &absent));
	assert_true(matches(RULE("  a: {Channel: B}\n  condition: a\n"), &twice));
	assert_true(matches(RULE("  a: {Provider_Name: null}\n  condition: a\n"), &twice));
	arena_release(&arena);
}

static void regular_expressions_that_give_up_are_counted(void **state)
{
	struct setup *s = setup(RULE("  a: {F|re: '^(a+)+b$|^(a|aa)+c'}\n  condition: a\n"));
	struct event event = EVENT(&s->arena, "F", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

	(void)state;
	assert_int_equal(run(s, &event), 0);
	assert_int_equal(match_regex_limits(s->state)[0], 1);
	done(s);
}

static void joined_fields_keep_what_stands_behind_a_nul(void **state)
{
	struct setup *s =
		setup("title: t\nlogsource: {product: windows, category: process_creation}\n"
		      "detection: {a: {User|endswith: z}, condition: a}\n");
	struct event event = EVENT(&s->arena, "SubjectDomainName", "CORP", "SubjectUserName", "",
				   "TargetUserName", "-", "NewProcessName", "x");

	(void)state;
	event.fields[1].value = value_of_text(STR("u\0z"), VALUE_STRING);
	event.channel = STR("Security");
	event.provider = STR("Microsoft-Windows-Security-Auditing");
	event.event_id = 4688;
	assert_int_equal(run(s, &event), 1);
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_empty_and_null),
		cmocka_unit_test(any_instance_will_do),
		cmocka_unit_test(keywords_search_each_value),
		cmocka_unit_test(fields_can_be_compared_with_each_other),
		cmocka_unit_test(a_float_is_never_compared_with_hexadecimal),
		cmocka_unit_test(reasons_name_selection_value_and_pattern),
		cmocka_unit_test(the_first_true_condition_counts),
		cmocka_unit_test(a_filter_has_selections_of_its_own),
		cmocka_unit_test(nothing_of_an_event_is_left_for_the_next),
		cmocka_unit_test(crafted_names_do_not_share_a_dispatch),
		cmocka_unit_test(invented_channels_push_out_lists_not_hits),
		cmocka_unit_test(what_tells_events_apart_may_be_absent_or_twice),
		cmocka_unit_test(regular_expressions_that_give_up_are_counted),
		cmocka_unit_test(joined_fields_keep_what_stands_behind_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
