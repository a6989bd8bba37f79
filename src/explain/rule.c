// SPDX-License-Identifier: Apache-2.0
// A rule: its log sources, plan and what acts on it.
#include <stdlib.h>
#include <string.h>

#include "allow/facts.h"
#include "base/mem.h"
#include "explain/internal.h"
#include "output/escape.h"

#define LITERALS_SHOWN 12
#define REASONS_SHOWN 3

struct explain *explain_new(const struct ruleset *set)
{
	struct explain *explain = mem_zalloc(sizeof(*explain));

	explain->set = set;
	explain->matcher = matcher_new(set);
	explain->state = match_state_new(explain->matcher, true);
	return explain;
}

void explain_set_zone(struct explain *explain, const struct zone *zone)
{
	explain->zone = zone;
}

void explain_free(struct explain *explain)
{
	if (explain == NULL)
		return;
	match_state_free(explain->state);
	matcher_free(explain->matcher);
	arena_release(&explain->arena);
	free(explain);
}

// ---- log sources --------------------------------------------------------

static void put_ids(struct buf *out, const uint32_t *ids, size_t count)
{
	buf_put_text(out, count == 0 ? "all" : "");
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%u", i > 0 ? ", " : "", ids[i]);
}

static void put_view_name(struct buf *out, const struct view *view)
{
	if (view->any_record)
		buf_put_text(out, "every record");
	else
		escape_terminal(out, view->id);
	if (view->also != NULL) {
		buf_put_text(out, " + ");
		escape_terminal(out, view->also->id);
	}
}

static void put_when(struct buf *out, const struct view *view)
{
	for (size_t i = 0; i < view->when_count; i++) {
		buf_put_text(out, "    when ");
		escape_terminal(out, view->when[i].field);
		buf_put_text(out, " is ");
		text_list(out, view->when[i].values, view->when[i].count);
		buf_put_char(out, '\n');
	}
}

static void put_view(struct explain *e, struct buf *out, const struct view *view)
{
	const uint32_t *ids;
	size_t count = explain_view_ids(view, &e->arena, &ids);

	buf_put_text(out, "  view ");
	put_view_name(out, view);
	buf_put_char(out, '\n');
	if (view->channel_count > 0) {
		buf_put_text(out, "    channels: ");
		text_list(out, view->channels, view->channel_count);
		buf_put_char(out, '\n');
	}
	buf_put_text(out, "    event ids: ");
	put_ids(out, ids, count);
	buf_put_char(out, '\n');
	if (view->provider_count > 0) {
		buf_put_text(out, "    providers: ");
		text_list(out, view->providers, view->provider_count);
		buf_put_char(out, '\n');
	}
	put_when(out, view);
	if (view->also != NULL)
		put_when(out, view->also);
}

static void put_logsource(struct explain *e, const struct rule *rule, struct buf *out)
{
	const struct logsource *source = &rule->logsource;
	const struct view **optional;
	size_t count;

	buf_put_text(out, "Log source:");
	if (source->product.len > 0) {
		buf_put_text(out, " product ");
		escape_terminal(out, source->product);
	}
	if (source->category.len > 0) {
		buf_put_text(out, " category ");
		escape_terminal(out, source->category);
	}
	if (source->service.len > 0) {
		buf_put_text(out, " service ");
		escape_terminal(out, source->service);
	}
	buf_put_char(out, '\n');
	for (size_t i = 0; i < rule->view_count; i++)
		put_view(e, out, rule->views[i]);
	if (rule->view_count == 0) {
		buf_put_text(out, "  not placed: ");
		escape_terminal(out, e->set->unplaced[rule->index]);
		buf_put_char(out, '\n');
	}
	optional = logsources_optional(&e->set->sources, source, &count);
	for (size_t i = 0; i < count; i++) {
		buf_put_text(out, "  off by default (--source ");
		escape_terminal(out, optional[i]->id);
		buf_put_text(out, "): ");
		text_list(out, optional[i]->channels, optional[i]->channel_count);
		buf_put_char(out, '\n');
	}
}

// ---- plan ---------------------------------------------------------------

// What a pattern lacks to have a literal.
static const char *pattern_reason(const struct pattern *p)
{
	switch (p->kind) {
	case PATTERN_TEXT:
		return "is all wildcards";
	case PATTERN_REGEX:
		return "is a regular expression without a literal of three characters";
	case PATTERN_ANY_OF:
		return "has a form without a literal";
	case PATTERN_NULL:
		return "asks for an absent value";
	case PATTERN_EXISTS:
		return "asks whether the field exists";
	case PATTERN_FIELD:
		return "is compared with another field";
	default:
		return "is compared by value, not as text";
	}
}

struct reasons {
	struct explain *explain;
	const struct detection *detection;
	const struct inspect_kind *kind;
	struct buf *out;
	size_t count;
};

static enum trigger_kind find_trigger(const struct reasons *r, const struct expr *expr,
				      struct trigger_set *set)
{
	return inspect_trigger(r->explain->state, r->detection, expr, r->kind, &r->explain->arena,
			       set);
}

static void add_item_reason(struct reasons *r, const struct item *item)
{
	const struct pattern *blocking = &item->patterns[0];

	if (r->count++ >= REASONS_SHOWN)
		return;
	buf_put_text(r->out, r->count > 1 ? "; " : "");
	escape_terminal(r->out, item->field.len > 0 ? item->field : STR("a keyword"));
	if (event_tells_apart(item->field) && !item_has_fieldref(item)) {
		buf_put_text(r->out, " is settled by the kind of event");
		return;
	}
	for (size_t i = 0; i < item->count && !item->neq; i++) {
		struct item single = *item;
		struct expr expr = {.kind = EXPR_ITEM, .item = &single};
		struct trigger_set set;

		single.patterns = &item->patterns[i];
		single.count = 1;
		if (find_trigger(r, &expr, &set) != TRIGGER_NONE)
			continue;
		blocking = &item->patterns[i];
		break;
	}
	buf_printf(r->out, " %s", item->neq ? "is negated" : pattern_reason(blocking));
}

// `expr` has no trigger: of an `or`, one part without one is to blame; of an
// `and`, all parts.
static void add_reasons(struct reasons *r, const struct expr *expr)
{
	struct trigger_set set;

	switch (expr->kind) {
	case EXPR_ITEM:
		add_item_reason(r, expr->item);
		return;
	case EXPR_SELECTION:
		add_reasons(r, r->detection->selections[expr->selection].body);
		return;
	case EXPR_NOT:
		if (r->count++ < REASONS_SHOWN)
			buf_printf(r->out, "%swhat stands under 'not' need not occur",
				   r->count > 1 ? "; " : "");
		return;
	default:
		for (size_t i = 0; i < expr->count; i++) {
			if (find_trigger(r, expr->kids[i], &set) != TRIGGER_NONE)
				continue;
			add_reasons(r, expr->kids[i]);
			if (expr->kind == EXPR_OR)
				return;
		}
	}
}

static void put_literals(struct buf *out, const struct trigger_set *set)
{
	static const char *const anchors[] = {"is", "begins with", "ends with", "contains"};

	buf_printf(out, "evaluated when one of %zu literal%s is found (cost %.3g)\n", set->count,
		   set->count == 1 ? "" : "s", set->cost);
	for (size_t i = 0; i < set->count && i < LITERALS_SHOWN; i++) {
		const struct trigger *trigger = &set->items[i];

		buf_put_text(out, "        ");
		escape_terminal(out, trigger->item->field.len > 0 ? trigger->item->field
								  : STR("any value"));
		buf_printf(out, " %s ", anchors[trigger->anchor]);
		text_quoted(out, trigger->text);
		buf_put_char(out, '\n');
	}
	if (set->count > LITERALS_SHOWN)
		buf_printf(out, "        and %zu more\n", set->count - LITERALS_SHOWN);
}

// What happens to events of a kind: one line, literals below it.
static void put_kind(struct explain *e, const struct rule *rule, const struct inspect_kind *kind,
		     struct buf *out)
{
	const struct detection *detection = &rule->detection;
	size_t possible = 0;

	for (size_t i = 0; i < detection->condition_count; i++) {
		struct reasons reasons = {e, detection, kind, out, 0};
		struct trigger_set set;

		switch (find_trigger(&reasons, detection->conditions[i], &set)) {
		case TRIGGER_FALSE:
			continue;
		case TRIGGER_NONE:
			buf_put_text(out, possible++ > 0 ? "      or " : "");
			buf_put_text(out, "always evaluated: ");
			add_reasons(&reasons, detection->conditions[i]);
			buf_put_char(out, '\n');
			break;
		case TRIGGER_SET:
			buf_put_text(out, possible++ > 0 ? "      or " : "");
			put_literals(out, &set);
			break;
		}
	}
	if (possible == 0)
		buf_put_text(out, "never evaluated: the condition cannot be true\n");
}

// Kinds of events whose plans read the same.
struct kinds {
	struct kind_row {
		struct buf names, text;
	} * rows;
	size_t count, cap;
};

static void add_kind(struct kinds *kinds, struct str name, struct str text)
{
	size_t i = 0;

	while (i < kinds->count && !str_eq(buf_str(&kinds->rows[i].text), text))
		i++;
	if (i == kinds->count) {
		mem_grow(&kinds->rows, &kinds->cap, kinds->count + 1, sizeof(*kinds->rows));
		memset(&kinds->rows[kinds->count++], 0, sizeof(*kinds->rows));
		buf_put_str(&kinds->rows[i].text, text);
	} else {
		buf_put_text(&kinds->rows[i].names, ", ");
	}
	buf_put_str(&kinds->rows[i].names, name);
}

static void add_id(struct explain *e, const struct rule *rule, const struct inspect_kind *kind,
		   struct str name, struct kinds *kinds)
{
	struct buf text = {0};

	put_kind(e, rule, kind, &text);
	add_kind(kinds, name, buf_str(&text));
	buf_release(&text);
}

static void put_ids_plan(struct explain *e, const struct rule *rule, struct inspect_kind kind,
			 const uint32_t *ids, size_t count, struct kinds *kinds)
{
	for (size_t i = 0; i < count; i++) {
		kind.event_id = &ids[i];
		add_id(e, rule, &kind, arena_printf(&e->arena, "%u", ids[i]), kinds);
	}
}

// A row for each id that the rule tells apart, and one for all others.
static void put_asked(struct explain *e, const struct rule *rule, struct inspect_kind kind,
		      struct kinds *kinds)
{
	struct asked_ids asked = explain_asked_ids(&rule->detection, &e->arena);
	struct str others = asked.count > 0 ? STR("all others") : STR("all");

	put_ids_plan(e, rule, kind, asked.ids, asked.count, kinds);
	kind.event_id = &asked.other;
	if (asked.others_differ)
		add_kind(kinds, others,
			 STR("depends on the id: EventID is not only compared with whole ids\n"));
	else
		add_id(e, rule, &kind, others, kinds);
}

static void put_view_plan(struct explain *e, const struct rule *rule, const struct view *view,
			  struct buf *out)
{
	struct str channel = view->channel_count > 0 ? view->channels[0] : (struct str){NULL, 0};
	struct inspect_kind kind = {.provider = view->provider_count == 1 ? view->providers : NULL};
	struct kinds kinds = {0};
	const uint32_t *ids;
	size_t count = explain_view_ids(view, &e->arena, &ids);

	if (view->channel_count == 1 && !str_ends(channel, STR("*")))
		kind.channel = &channel;
	if (count > 0)
		put_ids_plan(e, rule, kind, ids, count, &kinds);
	else
		put_asked(e, rule, kind, &kinds);
	buf_put_text(out, "  view ");
	put_view_name(out, view);
	buf_put_char(out, '\n');
	for (size_t i = 0; i < kinds.count; i++) {
		buf_printf(out, "    event id %.*s: %.*s", STR_ARG(buf_str(&kinds.rows[i].names)),
			   STR_ARG(buf_str(&kinds.rows[i].text)));
		buf_release(&kinds.rows[i].names);
		buf_release(&kinds.rows[i].text);
	}
	free(kinds.rows);
}

static void put_regexes(struct explain *e, const struct expr *expr, struct buf *out)
{
	for (size_t i = 0; i < expr->count; i++)
		put_regexes(e, expr->kids[i], out);
	for (size_t i = 0; expr->kind == EXPR_ITEM && i < expr->item->count; i++) {
		const struct pattern *pattern = &expr->item->patterns[i];
		struct str literal;

		if (pattern->kind != PATTERN_REGEX)
			continue;
		literal = inspect_regex_literal(pattern, &e->arena);
		buf_put_text(out, "  regular expression on ");
		escape_terminal(out,
				expr->item->field.len > 0 ? expr->item->field : STR("any value"));
		buf_put_text(out, ": ");
		text_quoted(out, pattern->written);
		if (literal.len > 0) {
			buf_put_text(out, " cannot match without ");
			text_quoted(out, literal);
		} else {
			buf_put_text(out, " has no literal that must occur");
		}
		buf_put_char(out, '\n');
	}
}

static void put_plan(struct explain *e, const struct rule *rule, struct buf *out)
{
	buf_put_text(out, "Plan:\n");
	for (size_t i = 0; i < rule->view_count; i++)
		put_view_plan(e, rule, rule->views[i], out);
	for (size_t i = 0; i < rule->detection.selection_count; i++)
		put_regexes(e, rule->detection.selections[i].body, out);
}

// ---- what acts on it ----------------------------------------------------

static void put_filters(const struct rule *rule, struct buf *out)
{
	buf_printf(out, "Filters:%s\n", rule->filter_count == 0 ? " none" : "");
	for (size_t i = 0; i < rule->filter_count; i++)
		text_rule_line(out, rule->filters[i]);
}

static bool refers(const struct rule *correlation, const struct rule *rule)
{
	for (size_t i = 0; i < correlation->correlation->rule_count; i++) {
		if (correlation->correlation->rules[i].target == rule)
			return true;
	}
	return false;
}

static void put_users(struct explain *e, const struct rule *rule, struct buf *out)
{
	size_t count = 0;

	for (size_t i = 0; i < e->set->count; i++) {
		const struct rule *user = e->set->rules[i];

		if (user->kind != RULE_CORRELATION || !refers(user, rule))
			continue;
		buf_put_text(out, count++ == 0 ? "Correlations:\n" : "");
		text_rule_line(out, user);
	}
	buf_put_text(out, count == 0 ? "Correlations: none\n" : "");
	if (rule->hidden)
		buf_put_text(out, "  its own hits are not reported, only counted\n");
}

static void put_classes(const struct rule *rule, struct buf *out)
{
	buf_put_text(out, "Allowlist: ");
	if (allow_rule_classes(rule) == 0)
		buf_put_text(out, "nothing may silence it");
	text_list(out, rule->allowlist, rule->allowlist_count);
	buf_put_char(out, '\n');
}

void explain_rule(struct explain *e, const struct rule *rule, struct buf *out)
{
	struct str level = str_from(rule_level_name(rule->level));

	escape_terminal(out, rule->title);
	buf_put_text(out, "\n  ");
	text_place(out, rule);
	buf_put_text(out, ", id ");
	escape_terminal(out, rule->id.len > 0 ? rule->id : STR("(none)"));
	buf_put_text(out, ", level ");
	escape_terminal(out, level.len > 0 ? level : STR("(none)"));
	buf_put_char(out, '\n');
	if (rule->kind == RULE_CORRELATION) {
		explain_correlation(rule, out);
		put_users(e, rule, out);
	} else if (rule->kind == RULE_DETECTION) {
		put_logsource(e, rule, out);
		put_plan(e, rule, out);
		put_filters(rule, out);
		put_users(e, rule, out);
		put_classes(rule, out);
	} else {
		buf_put_text(out, "A filter; it acts on:\n");
		for (size_t i = 0; i < e->set->count; i++) {
			for (size_t k = 0; k < e->set->rules[i]->filter_count; k++) {
				if (e->set->rules[i]->filters[k] == rule)
					text_rule_line(out, e->set->rules[i]);
			}
		}
	}
}
