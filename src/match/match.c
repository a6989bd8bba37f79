// SPDX-License-Identifier: Apache-2.0
// Compiling a rule set, and evaluating conditions on an event.
#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "match/internal.h"

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
	m->plan_names_fixed = true;
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		m->plan_names_fixed &= !plans_renamed(rule);
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

struct match_state *match_state_new(const struct matcher *matcher, bool use_index)
{
	struct match_state *state = mem_zalloc(sizeof(*state));
	const struct ruleset *set = matcher->set;

	state->matcher = matcher;
	state->use_index = use_index;
	state->resolver = resolver_new(&set->sources, matcher->field_names, matcher->field_count);
	state->selections = mem_zalloc(set->most_selections + 1);
	state->memo = memo_new();
	state->regex = regex_scratch_new();
	state->regex_limits = mem_zalloc((set->count + 1) * sizeof(*state->regex_limits));
	return state;
}

void match_state_free(struct match_state *state)
{
	if (state == NULL)
		return;
	plans_drop(state);
	for (size_t i = 0; i < BINDINGS; i++)
		buf_release(&state->bindings[i].bytes);
	memo_free(state->memo);
	free(state->marks);
	free(state->triggered);
	resolver_free(state->resolver);
	free(state->selections);
	regex_scratch_free(state->regex);
	free(state->regex_limits);
	buf_release(&state->key);
	free(state->matches);
	free(state);
}

// ---- fields of the current event ----------------------------------------

static struct instances resolve_in_view(void *user, size_t number)
{
	struct match_state *state = user;

	return resolver_get(state->resolver, state->view, number);
}

struct instances match_field(struct match_state *state, const struct view *view, struct str name)
{
	void *number = map_get(&state->matcher->field_numbers, name);

	if (number != NULL)
		return resolver_get(state->resolver, view, (size_t)(uintptr_t)number - 1);
	return fields_resolve(&state->matcher->set->sources, view, state->event, name);
}

struct str match_text(const struct match_state *state, struct instance *instance)
{
	return instance_text(instance, state->event);
}

struct instances match_item_instances(struct match_state *state, const struct item *item)
{
	if (item->field.len > 0)
		return resolver_get(state->resolver, state->view,
				    state->matcher->item_field[item->index]);
	return resolver_keywords(state->resolver);
}

// ---- evaluation ---------------------------------------------------------

struct test_context match_context(struct match_state *state)
{
	return (struct test_context){state->event, state->regex, &state->regex_gave_up,
				     resolve_in_view, state};
}

static bool eval_selection(struct match_state *state, const struct detection *detection,
			   size_t index)
{
	signed char *memo = &state->selections[index];

	if (*memo < 0)
		*memo = match_eval(state, detection, detection->selections[index].body);
	return *memo > 0;
}

bool match_eval(struct match_state *state, const struct detection *detection,
		const struct expr *expr)
{
	struct test_context ctx;

	switch (expr->kind) {
	case EXPR_ITEM:
		ctx = match_context(state);
		return test_item(expr->item, state->matcher->tests[expr->item->index],
				 match_item_instances(state, expr->item), &ctx);
	case EXPR_SELECTION:
		return eval_selection(state, detection, expr->selection);
	case EXPR_NOT:
		return !match_eval(state, detection, expr->kids[0]);
	default:
		for (size_t i = 0; i < expr->count; i++) {
			if (match_eval(state, detection, expr->kids[i]) == (expr->kind == EXPR_OR))
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
		if (match_eval(state, detection, detection->conditions[i]))
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

static bool match_rule(struct match_state *state, const struct rule *rule, const struct view *view)
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

// ---- events -------------------------------------------------------------

static void evaluate(struct match_state *state, const struct candidate *candidate,
		     const struct rule **done)
{
	// Views of a rule stand side by side; one hit a rule.
	if (candidate->rule != *done && match_rule(state, candidate->rule, candidate->view))
		*done = candidate->rule;
}

void match_begin(struct match_state *state, const struct event *event)
{
	state->event = event;
	state->epoch++;
	state->match_count = 0;
	resolver_begin(state->resolver, event);
}

bool match_rule_alone(struct match_state *state, const struct rule *rule)
{
	const struct event *event = state->event;

	for (size_t i = 0; i < rule->view_count; i++) {
		if (view_accepts(rule->views[i], event->channel, event->event_id,
				 event->provider) &&
		    match_rule(state, rule, rule->views[i]))
			return true;
	}
	return false;
}

size_t match_event(struct match_state *state, const struct event *event, const struct plan *plan,
		   const struct match **out)
{
	const struct rule *done = NULL;
	bool plain;

	if (plan == NULL)
		plan = plans_find(state, event->channel, event->provider, event->event_id);
	match_begin(state, event);
	plain = resolver_is_plain(state->resolver);
	state->candidates = plan->count;
	if (plain && state->use_index) {
		plans_trigger(state, plan);
		for (size_t i = 0; i < state->triggered_count; i++)
			evaluate(state, &plan->items[state->triggered[i]], &done);
	} else {
		for (size_t i = 0; i < plan->count; i++)
			evaluate(state, &plan->items[i], &done);
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

void match_add_regex_limits(struct match_state *state, const struct match_state *from)
{
	for (size_t i = 0; i < state->matcher->set->count; i++)
		state->regex_limits[i] += from->regex_limits[i];
}
