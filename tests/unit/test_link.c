// SPDX-License-Identifier: Apache-2.0
// References between rules: cycles, depth, filters; what a refusal leaves behind.
#include "rule_fixture.h"

#include "base/limits.h"

static void put_base(struct buf *text, const char *name)
{
	buf_printf(text,
		   "title: %s\nname: %s\nlogsource: {product: windows}\n"
		   "detection: {a: {F: 1}, condition: a}\n---\n",
		   name, name);
}

static void put_correlation(struct buf *text, const char *name, const char *rules)
{
	buf_printf(text,
		   "title: %s\nname: %s\ncorrelation: {type: event_count, rules: [%s], "
		   "timespan: 1m, condition: {gte: 1}}\n---\n",
		   name, name, rules);
}

static struct ruleset *linked(struct buf *text)
{
	struct ruleset *set = rules_from(buf_str(text));

	buf_release(text);
	return set;
}

static void a_cycle_breaks_those_on_it_and_above(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	put_base(&text, "base");
	put_correlation(&text, "top", "x");
	put_correlation(&text, "x", "base, y");
	put_correlation(&text, "y", "x");
	put_correlation(&text, "fine", "base");
	set = linked(&text);
	assert_true(has_code(set, "E_CORR_CYCLE"));
	assert_true(ruleset_find(set, STR("top"))->broken);
	assert_true(ruleset_find(set, STR("x"))->broken);
	assert_true(ruleset_find(set, STR("y"))->broken);
	assert_false(ruleset_find(set, STR("fine"))->broken);
	assert_int_equal(set->refused, 3);
	ruleset_free(set);
}

static void a_correlation_of_itself_is_a_cycle(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	put_correlation(&text, "x", "x");
	set = linked(&text);
	assert_true(has_code(set, "E_CORR_CYCLE"));
	ruleset_free(set);
}

// A chain of correlations, the one at the bottom last.
static void chains_end_at_the_limit(void **state)
{
	struct buf text = {0};
	struct ruleset *set;
	size_t broken = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char name[16];
		char below[16];

		snprintf(name, sizeof(name), "c%d", i);
		snprintf(below, sizeof(below), "c%d", i + 1);
		put_correlation(&text, name, i == 1999 ? "base" : below);
	}
	put_base(&text, "base");
	set = linked(&text);
	for (size_t i = 0; i < set->count; i++)
		broken += set->rules[i]->broken;
	assert_int_equal(broken, 2000 - LIMIT_CORRELATION_DEPTH);
	assert_false(ruleset_find(set, STR("c1999"))->broken);
	assert_true(ruleset_find(set, STR("c0"))->broken);
	ruleset_free(set);
}

// y is a cycle; x rests on it, and leads to itself only over more levels than are allowed.
static void a_way_of_too_many_levels_is_no_cycle(void **state)
{
	struct buf text = {0};
	struct ruleset *set;
	size_t cycles = 0;

	(void)state;
	put_correlation(&text, "y", "y");
	put_correlation(&text, "x", "y, c0");
	for (int i = 0; i < 100; i++) {
		char name[16];
		char below[16];

		snprintf(name, sizeof(name), "c%d", i);
		snprintf(below, sizeof(below), "c%d", i + 1);
		put_correlation(&text, name, i == 99 ? "x" : below);
	}
	set = linked(&text);
	for (size_t i = 0; i < set->diags.count; i++)
		cycles += str_eq(set->diags.items[i].message,
				 STR("the correlation refers to itself"));
	assert_int_equal(cycles, 1);
	assert_int_equal(set->refused, 102);
	ruleset_free(set);
}

// 60 layers with two ways each are 2^60 ways.
static void layers_are_not_walked_once_for_each_way(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	put_base(&text, "a0");
	put_base(&text, "b0");
	for (int i = 1; i < 60; i++) {
		char name[16];
		char below[32];

		snprintf(below, sizeof(below), "a%d, b%d", i - 1, i - 1);
		snprintf(name, sizeof(name), "a%d", i);
		put_correlation(&text, name, below);
		snprintf(name, sizeof(name), "b%d", i);
		put_correlation(&text, name, below);
	}
	set = linked(&text);
	assert_int_equal(set->diags.errors, 0);
	ruleset_free(set);
}

static void unknown_and_ambiguous_references_break(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	put_base(&text, "twice");
	put_base(&text, "twice");
	put_correlation(&text, "x", "twice");
	put_correlation(&text, "y", "nobody");
	set = linked(&text);
	assert_true(has_code(set, "E_REF_AMBIGUOUS"));
	assert_true(has_code(set, "E_REF_UNKNOWN"));
	assert_int_equal(set->refused, 2);
	ruleset_free(set);
}

static void a_correlation_has_a_most_of_rules(void **state)
{
	struct buf text = {0};
	struct buf names = {0};

	(void)state;
	for (int i = 0; i <= LIMIT_CORRELATION_RULES; i++)
		buf_printf(&names, "%sr%d", i > 0 ? ", " : "", i);
	put_correlation(&text, "x", names.ptr);
	expect_code(buf_str(&text), "E_CORR_COND");
	buf_release(&text);
	buf_release(&names);
}

static void names_of_a_string_condition_have_a_most(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_put_text(&text, "title: x\ncorrelation:\n  type: temporal\n  timespan: 1m\n"
			    "  condition: r0");
	for (int i = 1; i <= LIMIT_CORRELATION_RULES; i++)
		buf_printf(&text, " or r%d", i);
	buf_put_char(&text, '\n');
	expect_code(buf_str(&text), "E_CORR_EXTREF");
	buf_release(&text);
}

static void many_filters_on_many_rules_take_linear_memory(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	for (int i = 0; i < 300; i++) {
		put_base(&text, "r");
		buf_put_text(&text, "title: f\nlogsource: {product: windows}\n"
				    "filter: {rules: any, s: {F: 1}, condition: not s}\n---\n");
	}
	set = linked(&text);
	assert_int_equal(set->rules[0]->filter_count, 300);
	assert_int_equal(set->rules[0]->filters[299]->index, 599);
	// 90,000 pointers, twice for growth, and the rules themselves
	assert_true(set->arena.used < 8u << 20);
	ruleset_free(set);
}

// LeakSanitizer looks at this one.
static void refused_rules_give_back_their_regular_expressions(void **state)
{
	struct ruleset *set = rules_from(STR(
		RULE("  a:\n    F|re: 'x+'\n    G|re: ['y+', 'z(']\n  condition: a\n") "---\n" RULE(
			"  a: {F|re: 'x+'}\n  condition: b\n")));

	(void)state;
	assert_true(has_code(set, "E_REGEX"));
	assert_true(has_code(set, "E_COND_UNDEFINED"));
	assert_int_equal(set->regexes.count, 3);
	ruleset_free(set);
}

static void every_refused_document_counts(void **state)
{
	static const struct {
		const char *text;
		size_t count, refused;
	} files[] = {
		{"x: *no\n---\ny: {z: 1, z: 2}\n---\n- list\n---\ntitle: t\n---\n" RULE(
			 "  a: {F: 1}\n  condition: a\n"),
		 1, 4},
		// What an action may have made something else of is refused, too.
		{"x: *no\n---\n" RULE("  a: {F: 1}\n  condition: a\n") "---\naction: repeat\n", 0,
		 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct ruleset *set = rules_from(str_from(files[i].text));

		assert_int_equal(set->count, files[i].count);
		assert_int_equal(set->refused, files[i].refused);
		ruleset_free(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cycle_breaks_those_on_it_and_above),
		cmocka_unit_test(a_correlation_of_itself_is_a_cycle),
		cmocka_unit_test(chains_end_at_the_limit),
		cmocka_unit_test(a_way_of_too_many_levels_is_no_cycle),
		cmocka_unit_test(layers_are_not_walked_once_for_each_way),
		cmocka_unit_test(unknown_and_ambiguous_references_break),
		cmocka_unit_test(a_correlation_has_a_most_of_rules),
		cmocka_unit_test(names_of_a_string_condition_have_a_most),
		cmocka_unit_test(many_filters_on_many_rules_take_linear_memory),
		cmocka_unit_test(refused_rules_give_back_their_regular_expressions),
		cmocka_unit_test(every_refused_document_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
