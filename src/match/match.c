// SPDX-License-Identifier: Apache-2.0
// Dispatch by channel, event id and provider, then evaluation of conditions.
#include "match/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "match/plan.h"
#include "match/resolver.h"
#include "match/test.h"

// Plans kept per state; a log can invent channels, so there is an end.
#define PLANS_MOST 4096

struct matcher {
	const struct ruleset *set;
	struct arena arena;
	struct compiled_pattern **tests; // by item index
	size_t *item_field;		 // number of the item's field name, by item index
	struct map field_numbers;	 // name -> number + 1
	struct str *field_names;
	size_t field_count;
	size_t field_cap;
	bool plan_names_fixed; // no view renames what plans fold
};

#define BINDINGS 1024

// Values as the log stores them -> plan, without decoding them.
struct binding {
	const struct plan *plan;
	uint32_t event_id;
	uint16_t channel_type, provider_type;
	struct str channel, provider; // bytes, owned by the state
};

struct match_state {
	const struct matcher *matcher;
	const struct event *event;
	const struct view *view; // of the candidate at work
	uint64_t epoch;
	struct resolver *resolver;
	signed char *selections; // memo of the rule at work: -1 unknown
	struct regex_scratch *regex;
	bool regex_gave_up;
	uint64_t *regex_limits;
	struct map plans; // by channel, event id and provider
	struct binding bindings[BINDINGS];
	struct arena plan_keys;
	struct buf key;
	bool use_index;
	uint64_t *marks; // by candidate: epoch of the event that triggered it
	size_t mark_cap;
	uint32_t *triggered; // candidates to evaluate
	size_t triggered_count, triggered_cap;
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

// What event_tells_apart() says yes to: the same for all events of a plan.
static const struct str plan_names[] = {STR_INIT("EventID"), STR_INIT("Channel"),
					STR_INIT("Provider_Name")};
#define PLAN_NAMES (sizeof(plan_names) / sizeof(plan_names[0]))

static bool renames_plan_name(const struct rule *rule)
{
	for (size_t v = 0; v < rule->view_count; v++) {
		for (size_t i = 0; i < PLAN_NAMES; i++) {
			if (fields_renamed(rule->views[v], plan_names[i]))
				return true;
		}
	}
	return false;
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

		m->plan_names_fixed &= !renames_plan_name(rule);
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
	state->resolver =
		resolver_new(&set->sources, matcher->field_names, matcher->field_count);
	state->selections = mem_zalloc(set->most_selections + 1);
	state->regex = regex_scratch_new();
	state->regex_limits = mem_zalloc((set->count + 1) * sizeof(*state->regex_limits));
	return state;
}

static void drop_plans(struct match_state *state)
{
	for (size_t i = 0; i < state->plans.count; i++)
		plan_free(state->plans.entries[i].value);
	map_release(&state->plans);
	arena_release(&state->plan_keys);
}

void match_state_free(struct match_state *state)
{
	if (state == NULL)
		return;
	drop_plans(state);
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

static struct instances item_instances(struct match_state *state, const struct item *item)
{
	if (item->field.len > 0)
		return resolver_get(state->resolver, state->view,
				    state->matcher->item_field[item->index]);
	return resolver_keywords(state->resolver);
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

// ---- plans --------------------------------------------------------------

static int known(void *user, const struct item *item)
{
	struct match_state *state = user;
	struct test_context ctx = context(state);

	if (!state->matcher->plan_names_fixed || !event_tells_apart(item->field))
		return -1;
	return test_item(item, state->matcher->tests[item->index], item_instances(state, item),
			 &ctx);
}

static size_t item_number(void *user, const struct item *item)
{
	const struct match_state *state = user;

	return state->matcher->item_field[item->index];
}

// What is folded into a plan is tested on an event that has nothing else.
static void plan_event(struct match_state *state, struct arena *arena, struct event *event,
		       struct field fields[PLAN_NAMES], uint32_t event_id)
{
	struct str id = arena_printf(arena, "%u", event_id);
	const struct str texts[PLAN_NAMES] = {id, event->channel, event->provider};

	for (size_t i = 0; i < PLAN_NAMES; i++)
		fields[i] = (struct field){.name = plan_names[i],
					   .section = FIELD_SYSTEM,
					   .value = value_of_text(texts[i], VALUE_STRING)};
	event->arena = arena;
	event->fields = fields;
	event->count = PLAN_NAMES;
	event->event_id = event_id;
	match_begin(state, event);
}

static struct plan *build_plan(struct match_state *state, struct str channel, struct str provider,
			       uint32_t event_id)
{
	struct plan *plan = plan_new(state->matcher->set, channel, event_id, provider);
	struct event event = {.channel = channel, .provider = provider};
	struct field fields[PLAN_NAMES];
	struct arena arena = {0};

	if (state->use_index && plan->count > 0) {
		state->view = NULL;
		plan_event(state, &arena, &event, fields, event_id);
		plan_index(plan, item_number, known, state);
		arena_release(&arena);
	}
	if (plan->count > state->mark_cap) {
		free(state->marks);
		state->mark_cap = plan->count;
		state->marks = mem_zalloc(plan->count * sizeof(*state->marks));
	}
	return plan;
}

static const struct plan *find_plan(struct match_state *state, struct str channel,
				    struct str provider, uint32_t event_id)
{
	struct plan *plan;

	// The key holds everything that view_accepts looks at.
	buf_reset(&state->key);
	buf_put(&state->key, &event_id, sizeof(event_id));
	buf_put(&state->key, &channel.len, sizeof(channel.len));
	buf_put_str(&state->key, channel);
	buf_put_str(&state->key, provider);
	plan = map_get(&state->plans, buf_str(&state->key));
	if (plan != NULL)
		return plan;
	if (state->plans.count >= PLANS_MOST)
		drop_plans(state);
	plan = build_plan(state, channel, provider, event_id);
	map_add(&state->plans, arena_str(&state->plan_keys, buf_str(&state->key)), plan);
	return plan;
}

// ---- bindings -----------------------------------------------------------

// FNV-1a over words: a collision only costs a rebuilt binding.
static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	const char *at = bytes;
	uint64_t word = 0;

	for (; len >= 8; len -= 8, at += 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 29;
	}
	word = len;
	memcpy(&word, at, len);
	return (hash ^ word) * 0x9E3779B97F4A7C15u;
}

static bool same_bytes(struct str text, const struct value *value)
{
	return text.len == value->len &&
	       (text.len == 0 || memcmp(text.ptr, value->ptr, text.len) == 0);
}

static bool is_bound(const struct binding *b, const struct value *channel,
		     const struct value *provider, uint32_t event_id)
{
	return b->plan != NULL && b->event_id == event_id && b->channel_type == channel->type &&
	       b->provider_type == provider->type && same_bytes(b->channel, channel) &&
	       same_bytes(b->provider, provider);
}

static void bind(struct match_state *state, struct binding *b, const struct value *channel,
		 const struct value *provider, uint32_t event_id)
{
	struct arena scratch = {0};
	size_t plans = state->plans.count;

	b->plan = NULL;
	b->plan = find_plan(state, value_text(channel, &scratch), value_text(provider, &scratch),
			    event_id);
	if (state->plans.count < plans) { // all others were dropped
		const struct plan *plan = b->plan;

		memset(state->bindings, 0, sizeof(state->bindings));
		b->plan = plan;
	}
	b->event_id = event_id;
	b->channel_type = channel->type;
	b->provider_type = provider->type;
	b->channel = arena_str(&state->plan_keys, (struct str){channel->ptr, channel->len});
	b->provider = arena_str(&state->plan_keys, (struct str){provider->ptr, provider->len});
	arena_release(&scratch);
}

const struct plan *match_plan(struct match_state *state, const struct value *channel,
			      const struct value *provider, uint32_t event_id)
{
	uint64_t hash = mix(mix(event_id, channel->ptr, channel->len), provider->ptr,
			    provider->len);
	struct binding *b = &state->bindings[hash >> 54];

	if (!is_bound(b, channel, provider, event_id))
		bind(state, b, channel, provider, event_id);
	return b->plan;
}

bool match_plan_is_idle(const struct match_state *state, const struct plan *plan)
{
	if (state->use_index)
		return plan->always_count == 0 && plan->engine_count == 0;
	return plan->count == 0;
}

// ---- the index ----------------------------------------------------------

static void trigger(void *user, uint32_t candidate)
{
	struct match_state *state = user;

	if (state->marks[candidate] == state->epoch)
		return;
	state->marks[candidate] = state->epoch;
	mem_grow(&state->triggered, &state->triggered_cap, state->triggered_count + 1,
		 sizeof(*state->triggered));
	state->triggered[state->triggered_count++] = candidate;
}

static int by_number(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

// Digits hold no word of letters: most values need no look.
static bool needs_look(const struct engine *engine, const struct value *value)
{
	return value_is_text(value) || !engine_is_textual(engine);
}

static void run_on_keywords(struct match_state *state, const struct engine *engine)
{
	for (size_t i = 0; i < state->event->count; i++) {
		if (needs_look(engine, &state->event->fields[i].value))
			engine_run(engine, resolver_folded(state->resolver, i), trigger, state);
	}
}

static void run_on_field(struct match_state *state, const struct plan_engine *engine)
{
	struct instances field = resolver_get(state->resolver, engine->view, engine->field);

	for (size_t i = 0; i < field.count; i++) {
		if (needs_look(engine->engine, &field.items[i].value))
			engine_run(engine->engine,
				   instance_folded(&field.items[i], state->event), trigger, state);
	}
}

// The candidates worth evaluating, ascending. Keywords come first in a plan:
// what they had folded the other engines find ready.
static void find_triggered(struct match_state *state, const struct plan *plan)
{
	state->triggered_count = 0;
	for (size_t i = 0; i < plan->always_count; i++)
		trigger(state, plan->always[i]);
	for (size_t i = 0; i < plan->engine_count; i++) {
		if (plan->engines[i].field == PLAN_KEYWORDS)
			run_on_keywords(state, plan->engines[i].engine);
		else
			run_on_field(state, &plan->engines[i]);
	}
	if (state->triggered_count > 1)
		qsort(state->triggered, state->triggered_count, sizeof(*state->triggered),
		      by_number);
}

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
		plan = find_plan(state, event->channel, event->provider, event->event_id);
	match_begin(state, event);
	plain = resolver_is_plain(state->resolver);
	state->candidates = plan->count;
	if (plain && state->use_index) {
		find_triggered(state, plan);
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
