// SPDX-License-Identifier: Apache-2.0
// Rules and values as words.
#include "explain/internal.h"

#include "base/buf.h"
#include "output/escape.h"

// Columns of one value, and values of one item.
#define VALUE_COLUMNS 120
#define VALUES_SHOWN 3

void text_quoted(struct buf *out, struct str text)
{
	buf_put_char(out, '\'');
	escape_terminal_cut(out, text, VALUE_COLUMNS);
	buf_put_char(out, '\'');
}

void text_list(struct buf *out, const struct str *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		buf_put_text(out, i > 0 ? ", " : "");
		escape_terminal(out, items[i]);
	}
}

void text_indent(struct buf *out, unsigned level)
{
	buf_printf(out, "%*s", (int)(2 * level), "");
}

void text_place(struct buf *out, const struct rule *rule)
{
	escape_terminal(out, rule->path);
	buf_printf(out, ":%u", rule->place.line);
}

// Wildcards at the ends of a text are what `contains` and its like come to.
static const char *text_relation(const struct pattern *p)
{
	const uint32_t *cps = p->text.cps;
	size_t n = p->text.count;
	bool front = n > 0 && cps[0] == PAT_ANY_RUN;
	bool back = n > 1 && cps[n - 1] == PAT_ANY_RUN;

	if (front || back)
		return front && back ? "contains" : front ? "ends with" : "begins with";
	for (size_t i = 0; i < n; i++) {
		if (cps[i] >= PAT_ANY_RUN && cps[i] <= PAT_DASH)
			return "is like";
	}
	return "is";
}

// Keywords are looked for in a value (1.10).
static bool is_contained(const struct item *item, const struct pattern *p)
{
	return item->field.len == 0 &&
	       (p->kind == PATTERN_TEXT || p->kind == PATTERN_NUMBER || p->kind == PATTERN_BOOL);
}

static const char *compare_words(enum compare_op op)
{
	static const char *const words[] = {"=", "!=", "<", "<=", ">", ">="};

	return words[op];
}

void text_pattern(struct buf *out, const struct item *item, size_t i)
{
	const struct pattern *p = &item->patterns[i];
	static const char *const relations[] = {"is that of", "begins with that of",
						"ends with that of", "contains that of"};
	static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};
	const char *words = "";

	switch (p->kind) {
	case PATTERN_TEXT:
		words = text_relation(p);
		break;
	case PATTERN_REGEX:
		words = "matches";
		break;
	case PATTERN_CIDR:
		words = "lies in";
		break;
	case PATTERN_NUMBER:
		words = compare_words(p->number.op);
		break;
	case PATTERN_TIME:
		buf_printf(out, "%s %s ", parts[p->time.part], compare_words(p->time.op));
		break;
	case PATTERN_FIELD:
		words = relations[p->field.relation];
		break;
	case PATTERN_ANY_OF:
		words = "has a form of";
		break;
	case PATTERN_BOOL:
		words = "is";
		break;
	case PATTERN_NULL:
		buf_put_text(out, "is null");
		return;
	case PATTERN_EXISTS:
		buf_put_text(out, p->boolean ? "exists" : "does not exist");
		return;
	}
	if (is_contained(item, p))
		words = "contains";
	buf_printf(out, words[0] != '\0' ? "%s " : "%s", words);
	text_quoted(out, p->written);
}

void text_item(struct buf *out, const struct item *item)
{
	if (item->field.len > 0)
		escape_terminal(out, item->field);
	else
		buf_put_text(out, "any value");
	buf_put_text(out, item->neq ? " not: " : " ");
	for (size_t i = 0; i < item->count && i < VALUES_SHOWN; i++) {
		buf_put_text(out, i == 0 ? "" : item->all ? " and " : " or ");
		text_pattern(out, item, i);
	}
	if (item->count > VALUES_SHOWN)
		buf_printf(out, " %s %zu more", item->all ? "and" : "or",
			   item->count - VALUES_SHOWN);
}

void text_rule_line(struct buf *out, const struct rule *rule)
{
	buf_put_text(out, "  ");
	escape_terminal(out, rule->title.len > 0 ? rule->title : rule->id);
	buf_put_text(out, " (");
	text_place(out, rule);
	buf_put_text(out, ")\n");
}
