// SPDX-License-Identifier: Apache-2.0
// A correlation in words.
#include "explain/internal.h"
#include "output/escape.h"
#include "output/json.h"

static void put_number(struct buf *out, double number)
{
	char digits[JSON_DOUBLE_SIZE];

	json_format_double(number, digits);
	buf_put_text(out, digits);
}

static void put_bounds(const struct correlation *c, struct buf *out)
{
	static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};

	buf_put_text(out, c->bound_count > 0 ? ", " : "");
	if (c->has_percentile) {
		buf_put_text(out, "percentile ");
		put_number(out, c->percentile);
		buf_put_char(out, ' ');
	}
	for (size_t i = 0; i < c->bound_count; i++) {
		buf_printf(out, "%s%s ", i > 0 ? " and " : "", ops[c->bounds[i].op]);
		put_number(out, c->bounds[i].value);
	}
}

// As it may be written: in parentheses where it is a part of another one.
static void put_expression(const struct correlation *c, const struct expr *expr, bool is_part,
			   struct buf *out)
{
	bool joins = expr->kind == EXPR_AND || expr->kind == EXPR_OR;

	if (expr->kind == EXPR_SELECTION)
		escape_terminal(out, c->rules[expr->selection].name);
	buf_put_text(out, expr->kind == EXPR_NOT ? "not " : joins && is_part ? "(" : "");
	for (size_t i = 0; i < expr->count; i++) {
		if (i > 0)
			buf_put_text(out, expr->kind == EXPR_AND ? " and " : " or ");
		put_expression(c, expr->kids[i], true, out);
	}
	buf_put_text(out, joins && is_part ? ")" : "");
}

static void put_alias(const struct correlation_alias *alias, struct buf *out)
{
	buf_put_text(out, "  ");
	escape_terminal(out, alias->name);
	buf_put_text(out, " is ");
	for (size_t i = 0; i < alias->count; i++) {
		buf_put_text(out, i > 0 ? ", " : "");
		escape_terminal(out, alias->fields[i]);
		buf_put_text(out, " of ");
		escape_terminal(out, alias->rules[i].name);
	}
	buf_put_char(out, '\n');
}

static void put_rules(const struct correlation *c, struct buf *out)
{
	buf_put_text(out, "  of:\n");
	for (size_t i = 0; i < c->rule_count; i++) {
		buf_put_text(out, "  ");
		if (c->rules[i].target != NULL) {
			text_rule_line(out, c->rules[i].target);
			continue;
		}
		buf_put_text(out, "  ");
		escape_terminal(out, c->rules[i].name);
		buf_put_text(out, " (unknown)\n");
	}
}

void explain_correlation(const struct rule *rule, struct buf *out)
{
	const struct correlation *c = rule->correlation;

	buf_put_text(out, "Correlation: ");
	escape_terminal(out, c->type_name);
	buf_printf(out, " within %llu s", (unsigned long long)(c->timespan / UINT64_C(10000000)));
	put_bounds(c, out);
	if (c->expression != NULL) {
		buf_put_text(out, ", ");
		put_expression(c, c->expression, false, out);
	}
	if (c->field_count > 0) {
		buf_put_text(out, ", of ");
		text_list(out, c->fields, c->field_count);
	}
	buf_put_text(out, c->group_count > 0 ? ", by " : "");
	text_list(out, c->group_by, c->group_count);
	buf_put_text(out, rule->broken ? ", broken: a reference does not resolve\n" : "\n");
	for (size_t i = 0; i < c->alias_count; i++)
		put_alias(&c->aliases[i], out);
	put_rules(c, out);
}
