// SPDX-License-Identifier: Apache-2.0
// Why a rule did or did not hit events.
#include <stdlib.h>

#include "allow/facts.h"
#include "base/mem.h"
#include "explain/internal.h"
#include "output/escape.h"

// Parts of a false `or`, and instances of a field, that are shown.
#define PARTS_SHOWN 8
#define VALUES_SHOWN 3

// An event that is kept, as text.
struct kept {
	double closeness;
	struct buf text;
};

struct trace {
	struct explain *explain;
	const struct rule *rule;
	const struct allowlist *list;
	struct kept *kept; // best first
	size_t count, most;
	uint64_t events, candidates, hits, filtered, silenced, undecided;
};

struct trace *trace_new(struct explain *explain, const struct rule *rule,
			const struct allowlist *list, size_t most)
{
	struct trace *trace = mem_zalloc(sizeof(*trace));

	trace->explain = explain;
	trace->rule = rule;
	trace->list = list;
	trace->most = most;
	trace->kept = mem_zalloc((most + 1) * sizeof(*trace->kept));
	return trace;
}

void trace_free(struct trace *trace)
{
	if (trace == NULL)
		return;
	for (size_t i = 0; i < trace->count; i++)
		buf_release(&trace->kept[i].text);
	free(trace->kept);
	free(trace);
}

// ---- one detection on one event -----------------------------------------

struct walk {
	struct match_state *state;
	const struct event *event;
	const struct detection *detection;
	struct buf *out;
};

static bool holds(const struct walk *w, const struct expr *expr)
{
	return inspect_expr(w->state, w->detection, expr);
}

// What a false `not` counts: an event that only a filter keeps from being a hit
// is what is looked for first.
#define ALMOST 0.9

// The share of the expression that holds: 1 when it is true.
static double closeness(const struct walk *w, const struct expr *expr)
{
	double sum = 0;
	double best = 0;

	if (holds(w, expr))
		return 1;
	if (expr->kind == EXPR_SELECTION)
		return closeness(w, w->detection->selections[expr->selection].body);
	if (expr->kind == EXPR_ITEM || expr->kind == EXPR_NOT)
		return expr->kind == EXPR_NOT ? ALMOST : 0;
	for (size_t i = 0; i < expr->count; i++) {
		double part = closeness(w, expr->kids[i]);

		sum += part;
		best = part > best ? part : best;
	}
	return expr->kind == EXPR_OR ? best : sum / (double)expr->count;
}

static void put_instances(const struct walk *w, const struct item *item)
{
	struct instances found = inspect_instances(w->state, item);

	if (item->field.len == 0) {
		buf_printf(w->out, "; the event has %zu values", found.count);
		return;
	}
	if (found.count == 0) {
		buf_put_text(w->out, "; the event has no such field");
		return;
	}
	buf_put_text(w->out, "; the event has ");
	for (size_t i = 0; i < found.count && i < VALUES_SHOWN; i++) {
		buf_put_text(w->out, i > 0 ? ", " : "");
		if (found.items[i].is_null)
			buf_put_text(w->out, "null");
		else
			text_quoted(w->out, match_text(w->state, &found.items[i]));
	}
	if (found.count > VALUES_SHOWN)
		buf_printf(w->out, " and %zu more", found.count - VALUES_SHOWN);
}

// Of several values that must all hold, the first that does not.
static void put_lacking(const struct walk *w, const struct item *item)
{
	if (!item->all || item->neq || item->count < 2)
		return;
	for (size_t i = 0; i < item->count; i++) {
		if (inspect_pattern(w->state, item, i))
			continue;
		buf_put_text(w->out, ": not true that it ");
		text_pattern(w->out, item, i);
		return;
	}
}

// Of a true item the value that held; of a false one what it asks for.
static void put_item(const struct walk *w, const struct expr *expr, unsigned level)
{
	const struct item *item = expr->item;
	bool truth = holds(w, expr);

	text_indent(w->out, level);
	buf_put_text(w->out, truth ? "true   " : "false  ");
	if (truth && !item->neq && !item->all) {
		size_t i = 0;
		struct instance *instance;

		while (i + 1 < item->count && !inspect_pattern(w->state, item, i))
			i++;
		escape_terminal(w->out, item->field.len > 0 ? item->field : STR("a value"));
		buf_put_char(w->out, ' ');
		text_pattern(w->out, item, i);
		instance = inspect_instance(w->state, item, i);
		if (instance != NULL) {
			buf_put_text(w->out, ": ");
			text_quoted(w->out, match_text(w->state, instance));
		}
	} else {
		text_item(w->out, item);
		put_instances(w, item);
		put_lacking(w, item);
		if (inspect_gives_up(w->state, item))
			buf_put_text(w->out, "; NOT DECIDED: the expression gave up (limit)");
	}
	buf_put_char(w->out, '\n');
}

static void put_expr(const struct walk *w, const struct expr *expr, unsigned level);

// What decides: the first false part of an `and`, the first true one of an
// `or`; else all parts.
static void put_parts(const struct walk *w, const struct expr *expr, unsigned level)
{
	bool truth = holds(w, expr);
	bool one = truth == (expr->kind == EXPR_OR);
	size_t shown = 0;

	for (size_t i = 0; i < expr->count; i++) {
		if (one && holds(w, expr->kids[i]) != truth)
			continue;
		if (shown++ == PARTS_SHOWN) {
			text_indent(w->out, level);
			buf_printf(w->out, "and %zu more\n", expr->count - i);
			return;
		}
		put_expr(w, expr->kids[i], level);
		if (one)
			return;
	}
}

static void put_expr(const struct walk *w, const struct expr *expr, unsigned level)
{
	if (expr->kind == EXPR_ITEM)
		put_item(w, expr, level);
	else
		put_parts(w, expr, level);
}

// The condition as a tree down to the selections, each with its truth; below a
// selection what decides it.
static void put_condition(const struct walk *w, const struct expr *expr, unsigned level)
{
	static const char *const words[] = {
		[EXPR_AND] = "all of:", [EXPR_OR] = "one of:", [EXPR_NOT] = "not:"};
	const struct selection *selection;

	if (expr->kind == EXPR_ITEM) {
		put_item(w, expr, level);
		return;
	}
	text_indent(w->out, level);
	buf_put_text(w->out, holds(w, expr) ? "true   " : "false  ");
	if (expr->kind == EXPR_SELECTION) {
		selection = &w->detection->selections[expr->selection];
		escape_terminal(w->out, selection->name);
		buf_put_char(w->out, '\n');
		put_expr(w, selection->body, level + 1);
		return;
	}
	buf_printf(w->out, "%s\n", words[expr->kind]);
	for (size_t i = 0; i < expr->count; i++)
		put_condition(w, expr->kids[i], level + 1);
}

// Index of the first true condition, SIZE_MAX when none is.
static size_t first_true(const struct walk *w)
{
	for (size_t i = 0; i < w->detection->condition_count; i++) {
		if (holds(w, w->detection->conditions[i]))
			return i;
	}
	return SIZE_MAX;
}

// ---- one event ----------------------------------------------------------

struct verdict {
	double closeness;
	bool hit;
	const struct rule *filter;
	const struct allow_entry *entry;
};

static void put_head(struct buf *out, const struct zone *zone, const struct event *event,
		     struct str path, const struct view *view)
{
	char time[ZONE_TEXT_SIZE] = "no time";

	if (event->time != 0)
		zone_format(zone, event->time, time);
	buf_printf(out, "%s  record %llu, event id %u, ", time,
		   (unsigned long long)event->record_id, event->event_id);
	escape_terminal(out, event->channel);
	buf_put_text(out, ", ");
	escape_terminal(out, event->computer);
	buf_put_text(out, "\n  ");
	escape_terminal(out, path);
	buf_put_text(out, ", view ");
	escape_terminal(out, view->any_record ? STR("every record") : view->id);
	buf_put_char(out, '\n');
}

static const struct rule *find_filter(struct trace *trace, const struct event *event,
				      const struct view *view)
{
	for (size_t i = 0; i < trace->rule->filter_count; i++) {
		const struct rule *filter = trace->rule->filters[i];
		struct walk w = {trace->explain->state, event, &filter->filter->detection, NULL};

		inspect_view(w.state, view, w.detection);
		if (first_true(&w) == SIZE_MAX)
			return filter;
	}
	return NULL;
}

static const struct allow_entry *find_entry(struct trace *trace, const struct event *event,
					    const struct view *view)
{
	unsigned classes = allow_rule_classes(trace->rule);
	struct allow_facts facts;

	if (trace->list == NULL || classes == 0)
		return NULL;
	allow_facts_of(trace->explain->state, view, event, &facts);
	return allow_check(trace->list, classes, &facts, NULL);
}

static void put_verdict(const struct verdict *verdict, struct buf *out)
{
	if (!verdict->hit) {
		buf_put_text(out, "  no hit\n");
	} else if (verdict->filter != NULL) {
		buf_put_text(out, "  a hit that the filter '");
		escape_terminal(out, verdict->filter->title);
		buf_put_text(out, "' removes (");
		text_place(out, verdict->filter);
		buf_put_text(out, ")\n");
	} else if (verdict->entry != NULL) {
		buf_printf(out, "  a hit that the allowlist silences: %s: ",
			   allow_class_name(verdict->entry->class));
		escape_terminal(out, verdict->entry->name);
		buf_put_char(out, '\n');
	} else {
		buf_put_text(out, "  a hit\n");
	}
}

// The event through one view; the text says why.
static struct verdict judge(struct trace *trace, const struct event *event, struct str path,
			    const struct view *view, struct buf *out)
{
	struct walk w = {trace->explain->state, event, &trace->rule->detection, out};
	struct verdict verdict = {0, false, NULL, NULL};
	size_t condition;

	put_head(out, trace->explain->zone, event, path, view);
	if (!inspect_view(w.state, view, w.detection)) {
		buf_put_text(out, "  no hit: what the view asks of its records does not hold\n");
		return verdict;
	}
	condition = first_true(&w);
	for (size_t i = 0; i < w.detection->condition_count; i++) {
		double share = closeness(&w, w.detection->conditions[i]);

		verdict.closeness = share > verdict.closeness ? share : verdict.closeness;
		if (condition == SIZE_MAX || condition == i)
			put_condition(&w, w.detection->conditions[i], 1);
	}
	verdict.hit = condition != SIZE_MAX;
	if (verdict.hit) {
		verdict.filter = find_filter(trace, event, view);
		if (verdict.filter == NULL)
			verdict.entry = find_entry(trace, event, view);
	}
	put_verdict(&verdict, out);
	return verdict;
}

// Keep the text when it is among the best; takes it over.
static void keep(struct trace *trace, double share, struct buf *text)
{
	size_t at = trace->count;

	while (at > 0 && trace->kept[at - 1].closeness < share) {
		trace->kept[at] = trace->kept[at - 1];
		at--;
	}
	trace->kept[at] = (struct kept){share, *text};
	if (++trace->count > trace->most)
		buf_release(&trace->kept[--trace->count].text);
}

// Does an expression of the rule give up on the current event, as in a scan?
static bool gives_up(const struct trace *trace)
{
	struct match_state *state = trace->explain->state;
	const uint64_t *limit = &match_regex_limits(state)[trace->rule->index];
	uint64_t before = *limit;

	(void)match_rule_alone(state, trace->rule);
	return *limit > before;
}

void trace_event(struct trace *trace, const struct event *event, struct str path)
{
	struct verdict best = {-1, false, NULL, NULL};
	struct buf best_text = {0};

	trace->events++;
	match_begin(trace->explain->state, event);
	trace->undecided += gives_up(trace);
	for (size_t i = 0; i < trace->rule->view_count && !best.hit; i++) {
		const struct view *view = trace->rule->views[i];
		struct buf text = {0};
		struct verdict verdict;

		if (!view_accepts(view, event->channel, event->event_id, event->provider))
			continue;
		verdict = judge(trace, event, path, view, &text);
		if (verdict.closeness > best.closeness) {
			struct buf worse = best_text;

			best = verdict;
			best_text = text;
			text = worse;
		}
		buf_release(&text);
	}
	if (best.closeness < 0)
		return;
	trace->candidates++;
	trace->hits += best.hit && best.filter == NULL && best.entry == NULL;
	trace->filtered += best.filter != NULL;
	trace->silenced += best.entry != NULL;
	keep(trace, best.closeness, &best_text);
}

uint64_t trace_undecided(const struct trace *trace)
{
	return trace->undecided;
}

void trace_put(const struct trace *trace, struct buf *out)
{
	for (size_t i = 0; i < trace->count; i++) {
		buf_put_str(out, buf_str(&trace->kept[i].text));
		buf_put_char(out, '\n');
	}
	buf_printf(out, "%llu event%s read, %llu candidate%s", (unsigned long long)trace->events,
		   trace->events == 1 ? "" : "s", (unsigned long long)trace->candidates,
		   trace->candidates == 1 ? "" : "s");
	if (trace->count < trace->candidates)
		buf_printf(out, " (the %zu closest shown)", trace->count);
	buf_printf(out, ", %llu hit%s", (unsigned long long)trace->hits,
		   trace->hits == 1 ? "" : "s");
	if (trace->filtered > 0)
		buf_printf(out, ", %llu removed by filters", (unsigned long long)trace->filtered);
	if (trace->silenced > 0)
		buf_printf(out, ", %llu silenced", (unsigned long long)trace->silenced);
	if (trace->undecided > 0)
		buf_printf(out, ", %llu not decided", (unsigned long long)trace->undecided);
	buf_put_char(out, '\n');
}
