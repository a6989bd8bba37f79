// SPDX-License-Identifier: Apache-2.0
// Dispatch by channel, event id and provider, then evaluation of conditions.
#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "match/test.h"

// Dispatch lists kept per state; a log can invent channels, so there is an end.
#define DISPATCH_MOST 4096

struct matcher {
	const struct ruleset *set;
	struct arena arena;
	struct compiled_pattern **tests; // by item index
	size_t *item_field;		 // number of the item's field name, by item index
	struct map field_numbers;	 // name -> number + 1
	struct str *field_names;
	size_t field_count;
	size_t field_cap;
};

struct candidate {
	const struct rule *rule;
	const struct view *view;
};

// Rules whose views accept one (channel, event id, provider).
struct dispatch {
	struct candidate *items;
	size_t count;
	size_t cap;
};

struct resolved {
	uint64_t epoch; // of the event it was resolved for
	struct instances instances;
};

struct match_state {
	const struct matcher *matcher;
	const struct event *event;
	const struct view *view; // of the candidate at work
	uint64_t epoch;
	struct resolved *fields; // [field map][field number]
	struct instances keywords;
	uint64_t keywords_epoch;
	signed char *selections; // memo of the rule at work: -1 unknown
	struct regex_scratch *regex;
	bool regex_gave_up;
	uint64_t *regex_limits;
	struct map dispatch;
	struct arena dispatch_arena;
	struct buf key;
	size_t candidates;
	struct match *matches;
	size_t match_count;
	size_t match_cap;
};

// ---- compiling ----------------------------------------------------------

static size_t field_number(void *user, struct str name)
{
	struct matcher *m = user;
	struct map_entry *entry = map_entry(&m->field_numbers, name);

	if (entry->value == NULL) {
		mem_grow(&m->field_names, &m->field_cap, m->field_count + 1,
			 sizeof(*m->field_names));
		m->field_names[m->field_count++] = name;
		entry->value = (void *)(uintptr_t)m->field_count;
	}
	return (size_t)(uintptr_t)entry->value - 1;
}

static void compile_expr(struct matcher *m, const struct expr *expr)
{
	if (expr->kind == EXPR_ITEM) {
		const struct item *item = expr->item;

		m->tests[item->index] = test_compile(&m->arena, item, field_number, m);
		if (item->field.len > 0)
			m->item_field[item->index] = field_number(m, item->field);
	}
	for (size_t i = 0; i < expr->count; i++)
		compile_expr(m, expr->kids[i]);
}

static void compile_detection(struct matcher *m, const struct detection *detection)
{
	for (size_t i = 0; i < detection->selection_count; i++)
		compile_expr(m, detection->selections[i].body);
}

struct matcher *matcher_new(const struct ruleset *set)
{
	struct matcher *m = mem_zalloc(sizeof(*m));

	m->set = set;
	m->tests = arena_array(&m->arena, set->item_count, sizeof(*m->tests));
	m->item_field = arena_array(&m->arena, set->item_count, sizeof(*m->item_field));
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		if (rule->kind == RULE_DETECTION)
			compile_detection(m, &rule->detection);
		else if (rule->kind == RULE_FILTER)
			compile_detection(m, &rule->filter->detection);
	}
	return m;
}

void matcher_free(struct matcher *matcher)
{
	if (matcher == NULL)
		return;
	map_release(&matcher->field_numbers);
	free(matcher->field_names);
	arena_release(&matcher->arena);
	free(matcher);
}

struct match_state *match_state_new(const struct matcher *matcher)
{
	struct match_state *state = mem_zalloc(sizeof(*state));
	const struct ruleset *set = matcher->set;

	state->matcher = matcher;
	state->fields = mem_zalloc((matcher->field_count + 1) * (set->sources.field_maps + 1) *
				   sizeof(*state->fields));
	state->selections = mem_zalloc(set->most_selections + 1);
	state->regex = regex_scratch_new();
	state->regex_limits = mem_zalloc((set->count + 1) * sizeof(*state->regex_limits));
	return state;
}

static void drop_dispatch(struct match_state *state)
{
	for (size_t i = 0; i < state->dispatch.count; i++)
		free(((struct dispatch *)state->dispatch.entries[i].value)->items);
	map_release(&state->dispatch);
	arena_release(&state->dispatch_arena);
}

void match_state_free(struct match_state *state)
{
	if (state == NULL)
		return;
	drop_dispatch(state);
	free(state->fields);
	free(state->selections);
	regex_scratch_free(state->regex);
	free(state->regex_limits);
	buf_release(&state->key);
	free(state->matches);
	free(state);
}

// ---- fields of the current event ----------------------------------------

static struct instances resolve_number(struct match_state *state, const struct view *view,
				       size_t number)
{
	const struct matcher *m = state->matcher;
	size_t map = view != NULL ? view->field_map : 0;
	struct resolved *slot = &state->fields[map * m->field_count + number];

	if (slot->epoch != state->epoch) {
		slot->epoch = state->epoch;
		slot->instances = fields_resolve(&m->set->sources, view, state->event,
						 m->field_names[number]);
	}
	return slot->instances;
}

static struct instances resolve_in_view(void *user, size_t number)
{
	struct match_state *state = user;

	return resolve_number(state, state->view, number);
}

struct instances match_field(struct match_state *state, const struct view *view, struct str name)
{
	void *number = map_get(&state->matcher->field_numbers, name);

	if (number != NULL)
		return resolve_number(state, view, (size_t)(uintptr_t)number - 1);
	return fields_resolve(&state->matcher->set->sources, view, state->event, name);
}

struct str match_text(const struct match_state *state, struct instance *instance)
{
	return instance_text(instance, state->event);
}

static struct instances item_instances(struct match_state *state, const struct item *item)
{
	if (item->field.len > 0)
		return resolve_number(state, state->view,
				      state->matcher->item_field[item->index]);
	if (state->keywords_epoch != state->epoch) {
		state->keywords = fields_all(state->event);
		state->keywords_epoch = state->epoch;
	}
	return state->keywords;
}

// ---- evaluation ---------------------------------------------------------

static struct test_context context(struct match_state *state)
{
	return (struct test_context){state->event, state->regex, &state->regex_gave_up,
				     resolve_in_view, state};
}

static bool eval(struct match_state *state, const struct detection *detection,
		 const struct expr *expr);

static bool eval_selection(struct match_state *state, const struct detection *detection,
			   size_t index)
{
	signed char *memo = &state->selections[index];

	if (*memo < 0)
		*memo = eval(state, detection, detection->selections[index].body);
	return *memo > 0;
}

static bool eval(struct match_state *state, const struct detection *detection,
		 const struct expr *expr)
{
	struct test_context ctx;

	switch (expr->kind) {
	case EXPR_ITEM:
		ctx = context(state);
		return test_item(expr->item, state->matcher->tests[expr->item->index],
				 item_instances(state, expr->item), &ctx);
	case EXPR_SELECTION:
		return eval_selection(state, detection, expr->selection);
	case EXPR_NOT:
		return !eval(state, detection, expr->kids[0]);
	default:
		for (size_t i = 0; i < expr->count; i++) {
			if (eval(state, detection, expr->kids[i]) == (expr->kind == EXPR_OR))
				return expr->kind == EXPR_OR;
		}
		return expr->kind == EXPR_AND;
	}
}

// Index of the first true condition, SIZE_MAX when none is.
static size_t eval_detection(struct match_state *state, const struct detection *detection)
{
	memset(state->selections, -1, detection->selection_count);
	for (size_t i = 0; i < detection->condition_count; i++) {
		if (eval(state, detection, detection->conditions[i]))
			return i;
	}
	return SIZE_MAX;
}

static const struct rule *find_filter(struct match_state *state, const struct rule *rule)
{
	for (size_t i = 0; i < rule->filter_count; i++) {
		if (eval_detection(state, &rule->filters[i]->filter->detection) == SIZE_MAX)
			return rule->filters[i];
	}
	return NULL;
}

static bool match_rule(struct match_state *state, const struct rule *rule,
		       const struct view *view)
{
	struct match match = {rule, view, 0, NULL};

	state->view = view;
	if (!fields_when(&state->matcher->set->sources, view, state->event))
		return false;
	state->regex_gave_up = false;
	match.condition = eval_detection(state, &rule->detection);
	if (match.condition != SIZE_MAX)
		match.filtered = find_filter(state, rule);
	state->regex_limits[rule->index] += state->regex_gave_up;
	if (match.condition == SIZE_MAX)
		return false;
	mem_grow(&state->matches, &state->match_cap, state->match_count + 1,
		 sizeof(*state->matches));
	state->matches[state->match_count++] = match;
	return true;
}

// ---- dispatch -----------------------------------------------------------

static void add_candidates(const struct rule *rule, const struct event *event,
			   struct dispatch *list)
{
	for (size_t i = 0; i < rule->view_count; i++) {
		if (!view_accepts(rule->views[i], event->channel, event->event_id,
				  event->provider))
			continue;
		mem_grow(&list->items, &list->cap, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = (struct candidate){rule, rule->views[i]};
	}
}

static struct dispatch *build_dispatch(struct match_state *state, const struct event *event)
{
	struct dispatch *list = arena_zalloc(&state->dispatch_arena, sizeof(*list));
	const struct ruleset *set = state->matcher->set;

	for (size_t i = 0; i < set->count; i++) {
		if (set->rules[i]->kind == RULE_DETECTION)
			add_candidates(set->rules[i], event, list);
	}
	return list;
}

// The key holds everything that view_accepts looks at.
static const struct dispatch *find_dispatch(struct match_state *state, const struct event *event)
{
	struct dispatch *list;

	buf_reset(&state->key);
	buf_put(&state->key, &event->event_id, sizeof(event->event_id));
	buf_put_str(&state->key, event->channel);
	buf_put_char(&state->key, '\0');
	buf_put_str(&state->key, event->provider);
	list = map_get(&state->dispatch, buf_str(&state->key));
	if (list != NULL)
		return list;
	if (state->dispatch.count >= DISPATCH_MOST)
		drop_dispatch(state);
	list = build_dispatch(state, event);
	map_add(&state->dispatch, arena_str(&state->dispatch_arena, buf_str(&state->key)), list);
	return list;
}

size_t match_event(struct match_state *state, const struct event *event, const struct match **out)
{
	const struct dispatch *list = find_dispatch(state, event);
	const struct rule *done = NULL; // views of a rule stand side by side

	state->event = event;
	state->epoch++;
	state->match_count = 0;
	state->candidates = list->count;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].rule != done &&
		    match_rule(state, list->items[i].rule, list->items[i].view))
			done = list->items[i].rule;
	}
	*out = state->matches;
	return state->match_count;
}

size_t match_candidates(const struct match_state *state)
{
	return state->candidates;
}

const uint64_t *match_regex_limits(const struct match_state *state)
{
	return state->regex_limits;
}

// ---- explanation --------------------------------------------------------

struct explainer {
	struct match_state *state;
	const struct detection *detection;
	struct match_reason *out;
	size_t count;
	size_t cap;
};

static void add_reason(struct explainer *e, struct str selection, const struct item *item,
		       const struct compiled_pattern *pattern, struct instances field)
{
	struct test_context ctx = context(e->state);
	struct match_reason reason = {selection, item, {NULL, 0}, pattern->pattern->written};

	if (!test_field(pattern, field, &ctx) || e->count == e->cap)
		return;
	for (size_t i = 0; i < field.count; i++) {
		if (test_instance(pattern, &field.items[i], &ctx)) {
			reason.value = instance_text(&field.items[i], e->state->event);
			break;
		}
	}
	e->out[e->count++] = reason;
}

static void explain_item(struct explainer *e, struct str selection, const struct item *item)
{
	const struct compiled_pattern *patterns = e->state->matcher->tests[item->index];
	struct instances field = item_instances(e->state, item);
	size_t before = e->count;

	for (size_t i = 0; i < item->count; i++) {
		add_reason(e, selection, item, &patterns[i], field);
		if (!item->all && e->count > before)
			return;
	}
}

// Walks the true branches only; what stands under `not` held by being absent.
static void explain(struct explainer *e, struct str selection, const struct expr *expr)
{
	if (!eval(e->state, e->detection, expr))
		return;
	switch (expr->kind) {
	case EXPR_ITEM:
		if (!expr->item->neq)
			explain_item(e, selection, expr->item);
		return;
	case EXPR_SELECTION:
		explain(e, e->detection->selections[expr->selection].name,
			e->detection->selections[expr->selection].body);
		return;
	case EXPR_NOT:
		return;
	default:
		for (size_t i = 0; i < expr->count; i++)
			explain(e, selection, expr->kids[i]);
	}
}

size_t match_explain(struct match_state *state, const struct match *match,
		     struct match_reason *out, size_t cap)
{
	const struct detection *detection = &match->rule->detection;
	struct explainer e = {state, detection, out, 0, cap};

	state->view = match->view;
	memset(state->selections, -1, detection->selection_count);
	explain(&e, (struct str){NULL, 0}, detection->conditions[match->condition]);
	return e.count;
}
