// SPDX-License-Identifier: Apache-2.0
// The condition grammar (sigma-engine.md 3.1), read back as a tree.
#include "rule_fixture.h"

#include "base/limits.h"

static void put_expr(struct buf *out, const struct detection *detection, const struct expr *expr)
{
	if (expr->kind == EXPR_SELECTION) {
		buf_put_str(out, detection->selections[expr->selection].name);
		return;
	}
	if (expr->kind == EXPR_NOT) {
		buf_put_char(out, '!');
		put_expr(out, detection, expr->kids[0]);
		return;
	}
	buf_put_char(out, '(');
	for (size_t i = 0; i < expr->count; i++) {
		if (i > 0)
			buf_put_char(out, expr->kind == EXPR_AND ? '&' : '|');
		put_expr(out, detection, expr->kids[i]);
	}
	buf_put_char(out, ')');
}

#define SELECTIONS                                                                                 \
	RULE("  a: {F: 1}\n  b: {F: 1}\n  c: {F: 1}\n  d: {F: 1}\n"                                \
	     "  x_1: {F: 1}\n  x_2: {F: 1}\n  _h: {F: 1}\n  and_x: {F: 1}\n  1abc: {F: 1}\n"       \
	     "  a-b: {F: 1}\n")

static void expect_tree(const char *condition, const char *tree)
{
	struct buf text = {0};
	struct buf got = {0};
	struct ruleset *set;

	buf_printf(&text, "%s  condition: \"%s\"\n", SELECTIONS, condition);
	set = good_rules(buf_str(&text));
	put_expr(&got, &set->rules[0]->detection, set->rules[0]->detection.conditions[0]);
	if (!str_eq(buf_str(&got), str_from(tree)))
		fail_msg("'%s' is %s, not %s", condition, got.ptr, tree);
	ruleset_free(set);
	buf_release(&text);
	buf_release(&got);
}

static void expect_error(const char *condition, const char *code)
{
	struct buf text = {0};

	buf_printf(&text, "%s  condition: \"%s\"\n", SELECTIONS, condition);
	expect_code(buf_str(&text), code);
	buf_release(&text);
}

static void precedence(void **state)
{
	(void)state;
	expect_tree("a or b and c", "(a|(b&c))");
	expect_tree("a and b or c", "((a&b)|c)");
	expect_tree("a and not b or not c and d", "((a&!b)|(!c&d))");
	expect_tree("not a and b", "(!a&b)");
	expect_tree("not not a", "!!a");
	expect_tree("not (a or b)", "!(a|b)");
	expect_tree("(a)", "a");
	expect_tree("a and(b)or(c)", "((a&b)|c)");
	expect_tree("a\\n  and\\tb", "(a&b)");
}

static void words(void **state)
{
	(void)state;
	expect_tree("and_x", "and_x");
	expect_tree("1abc", "1abc");
	expect_tree("a-b", "a-b");
	expect_error("A", "E_COND_UNDEFINED");
	expect_error("a AND b", "E_COND_SYNTAX");
	expect_error("1 Of x_*", "E_COND_SYNTAX");
	expect_error("ALL of them", "E_COND_SYNTAX");
	expect_error("1of x_*", "E_COND_UNDEFINED");
	expect_error("not1 of x_*", "E_COND_SYNTAX");
	expect_error("a & b", "E_COND_SYNTAX");
	expect_error("a and not", "E_COND_SYNTAX");
	expect_error("a and", "E_COND_SYNTAX");
	expect_error("and a", "E_COND_SYNTAX");
	expect_error("a b", "E_COND_SYNTAX");
	expect_error("(a", "E_COND_SYNTAX");
	expect_error("a)", "E_COND_SYNTAX");
	expect_error("()", "E_COND_SYNTAX");
	expect_error("a | count() > 5", "E_COND_AGGREGATION");
}

static void selectors(void **state)
{
	(void)state;
	expect_tree("1 of x_*", "(x_1|x_2)");
	expect_tree("any of x_*", "(x_1|x_2)");
	expect_tree("all of x_*", "(x_1&x_2)");
	expect_tree("1 of x_1", "x_1");
	expect_tree("1 of *_1", "x_1");
	expect_tree("not 1 of x_*", "!(x_1|x_2)");
	expect_tree("all of x_* and a", "(x_1&x_2&a)");
	expect_tree("1 of _*", "_h");
	expect_error("2 of them", "E_COND_SYNTAX");
	expect_error("1 of x-*", "E_COND_SYNTAX");
	expect_error("1 of x?", "E_COND_SYNTAX");
	expect_error("1 of", "E_COND_SYNTAX");
	expect_error("1 of (x_1)", "E_COND_SYNTAX");
}

static void them_leaves_out_names_with_an_underscore_in_front(void **state)
{
	(void)state;
	expect_tree("all of them", "(a&b&c&d&x_1&x_2&and_x&1abc&a-b)");
}

static void a_selector_without_selections_leaves_a_hole(void **state)
{
	(void)state;
	expect_tree("a and not 1 of q_*", "a");
	expect_tree("1 of q_* or a", "a");
	expect_tree("(1 of q_*) and a", "a");
	expect_tree("not (not 1 of q_* and not a) and b", "(!!a&b)");
	expect_error("1 of q_*", "E_COND_EMPTY");
	expect_error("not 1 of q_*", "E_COND_EMPTY");
}

static void conditions_of_other_types_are_refused(void **state)
{
	(void)state;
	expect_code(STR(RULE("  a: {F: 1}\n  condition:\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  a: {F: 1}\n  condition: null\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  a: {F: 1}\n  condition: 5\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  a: {F: 1}\n  condition: []\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  a: {F: 1}\n  condition: {a: b}\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  a: {F: 1}\n  condition: [[a]]\n")), "E_COND_TYPE");
	expect_code(STR(RULE("  condition: a\n")), "E_DETECTION");
	expect_code(STR(RULE("  a: {F: 1}\n")), "E_DETECTION");
}

static void every_condition_of_a_list_counts(void **state)
{
	struct ruleset *set =
		good_rules(STR(RULE("  a: {F: 1}\n  b: {F: 2}\n  condition: [a, b]\n")));

	(void)state;
	assert_int_equal(set->rules[0]->detection.condition_count, 2);
	ruleset_free(set);
}

static void an_error_names_its_column(void **state)
{
	struct ruleset *set = rules_from(STR(RULE("  a: {F: 1}\n  condition: a and zz\n")));

	(void)state;
	assert_int_equal(set->diags.items[0].line, 5);
	assert_int_equal(set->diags.items[0].col, 20);
	ruleset_free(set);
}

static void put_nested(struct buf *text, unsigned levels)
{
	buf_reset(text);
	buf_put_text(text, RULE("  a: {F: 1}\n  condition: "));
	for (unsigned i = 0; i < levels; i++)
		buf_put_text(text, "not (");
	buf_put_char(text, 'a');
	for (unsigned i = 0; i < levels; i++)
		buf_put_char(text, ')');
	buf_put_char(text, '\n');
}

static void nesting_has_an_end(void **state)
{
	struct buf text = {0};

	(void)state;
	put_nested(&text, LIMIT_CONDITION_DEPTH / 2 - 1);
	ruleset_free(good_rules(buf_str(&text)));
	put_nested(&text, 100000);
	expect_code(buf_str(&text), "E_COND_SYNTAX");
	buf_release(&text);
}

// Each operand must not copy those before it.
static void many_operands_cost_no_more_than_their_number(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	buf_put_text(&text, RULE("  a: {F: 1}\n  condition: a"));
	for (int i = 1; i < 50000; i++)
		buf_put_text(&text, " or a");
	buf_put_char(&text, '\n');
	set = good_rules(buf_str(&text));
	assert_int_equal(set->rules[0]->detection.conditions[0]->count, 50000);
	assert_true(set->arena.used < 64u << 20);
	ruleset_free(set);
	buf_release(&text);
}

static void selectors_cannot_multiply_without_end(void **state)
{
	struct buf text = {0};
	struct ruleset *set;

	(void)state;
	buf_put_text(&text, RULE(""));
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "  a%d: {F: 1}\n", i);
	buf_put_text(&text, "  condition: 1 of a*");
	for (int i = 1; i < 1000; i++)
		buf_put_text(&text, " or 1 of a*");
	buf_put_char(&text, '\n');
	set = rules_from(buf_str(&text));
	assert_true(has_code(set, "E_COND_SYNTAX"));
	assert_true(set->arena.used < 64u << 20);
	ruleset_free(set);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(precedence),
		cmocka_unit_test(words),
		cmocka_unit_test(selectors),
		cmocka_unit_test(them_leaves_out_names_with_an_underscore_in_front),
		cmocka_unit_test(a_selector_without_selections_leaves_a_hole),
		cmocka_unit_test(conditions_of_other_types_are_refused),
		cmocka_unit_test(every_condition_of_a_list_counts),
		cmocka_unit_test(an_error_names_its_column),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(many_operands_cost_no_more_than_their_number),
		cmocka_unit_test(selectors_cannot_multiply_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
