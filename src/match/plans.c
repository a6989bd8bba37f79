// SPDX-License-Identifier: Apache-2.0
// Plans on first sight, bound to what logs store, and their triggers.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "match/internal.h"

// What event_tells_apart() says yes to: the same for all events of a plan.
static const struct str plan_names[] = {STR_INIT("EventID"), STR_INIT("Channel"),
					STR_INIT("Provider_Name")};
#define PLAN_NAMES (sizeof(plan_names) / sizeof(plan_names[0]))

bool plans_renamed(const struct rule *rule)
{
	for (size_t v = 0; v < rule->view_count; v++) {
		for (size_t i = 0; i < PLAN_NAMES; i++) {
			if (fields_renamed(rule->views[v], plan_names[i]))
				return true;
		}
	}
	return false;
}

void plans_drop(struct match_state *state)
{
	for (size_t i = 0; i < state->plans.count; i++)
		plan_free(state->plans.entries[i].value);
	state->plans_size = 0;
	memo_clear(state->memo);
	map_release(&state->plans);
	arena_release(&state->plan_keys);
}

// ---- plans --------------------------------------------------------------

// A name that the kind does not have may be absent, or not be text. Another field
// is each event's own.
int plans_known(void *user, const struct item *item)
{
	struct match_state *state = user;
	struct test_context ctx = match_context(state);
	struct instances field;

	if (!state->matcher->plan_names_fixed || !event_tells_apart(item->field) ||
	    item_has_fieldref(item))
		return -1;
	field = match_item_instances(state, item);
	if (field.count == 0)
		return -1;
	return test_item(item, state->matcher->tests[item->index], field, &ctx);
}

static size_t item_number(void *user, const struct item *item)
{
	const struct match_state *state = user;

	return state->matcher->item_field[item->index];
}

void plans_begin_kind(struct match_state *state, struct arena *arena, struct str channel,
		      struct str provider, uint32_t event_id)
{
	struct str id = event_id != 0 ? arena_printf(arena, "%u", event_id) : STR("");
	const struct str texts[PLAN_NAMES] = {id, channel, provider};
	struct event *event = arena_alloc(arena, sizeof(*event));

	event_init(event, arena);
	event->fields = arena_array(arena, PLAN_NAMES, sizeof(*event->fields));
	for (size_t i = 0; i < PLAN_NAMES; i++) {
		if (texts[i].len > 0)
			event->fields[event->count++] =
				(struct field){.name = plan_names[i],
					       .section = FIELD_SYSTEM,
					       .value = value_of_text(texts[i], VALUE_STRING)};
	}
	state->view = NULL;
	match_begin(state, event);
}

static struct plan *build_plan(struct match_state *state, struct str channel, struct str provider,
			       uint32_t event_id)
{
	struct plan *plan = plan_new(state->matcher->set, channel, event_id, provider);
	struct arena arena = {0};

	if (state->use_index && plan->count > 0) {
		plans_begin_kind(state, &arena, channel, provider, event_id);
		plan_index(plan, item_number, plans_known, state);
		arena_release(&arena);
	}
	if (plan->count > state->mark_cap) {
		free(state->marks);
		state->mark_cap = plan->count;
		state->marks = mem_zalloc(plan->count * sizeof(*state->marks));
	}
	return plan;
}

const struct plan *plans_find(struct match_state *state, struct str channel, struct str provider,
			      uint32_t event_id)
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
	if (state->plans.count >= LIMIT_PLANS || state->plans_size >= LIMIT_PLANS_SIZE)
		plans_drop(state);
	plan = build_plan(state, channel, provider, event_id);
	state->plans_size += plan->size;
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
	if (len > 0) // a missing value has no bytes to point to
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
	       b->provider_type == provider->type &&
	       same_bytes(str_sub(buf_str(&b->bytes), 0, b->channel_len), channel) &&
	       same_bytes(str_sub(buf_str(&b->bytes), b->channel_len, SIZE_MAX), provider);
}

static void bind(struct match_state *state, struct binding *b, const struct value *channel,
		 const struct value *provider, uint32_t event_id)
{
	struct arena scratch = {0};
	size_t plans = state->plans.count;

	b->plan = NULL;
	b->plan = plans_find(state, value_text(channel, &scratch), value_text(provider, &scratch),
			     event_id);
	if (state->plans.count < plans) { // all others were dropped
		const struct plan *plan = b->plan;

		for (size_t i = 0; i < BINDINGS; i++)
			state->bindings[i].plan = NULL;
		b->plan = plan;
	}
	b->event_id = event_id;
	b->channel_type = channel->type;
	b->provider_type = provider->type;
	// Bindings of one slot take turns: the memory is used again.
	buf_reset(&b->bytes);
	buf_put(&b->bytes, channel->ptr, channel->len);
	buf_put(&b->bytes, provider->ptr, provider->len);
	b->channel_len = channel->len;
	arena_release(&scratch);
}

const struct plan *match_plan(struct match_state *state, const struct value *channel,
			      const struct value *provider, uint32_t event_id)
{
	uint64_t hash =
		mix(mix(event_id, channel->ptr, channel->len), provider->ptr, provider->len);
	struct binding *b = &state->bindings[hash >> 54];

	if (!is_bound(b, channel, provider, event_id))
		bind(state, b, channel, provider, event_id);
	return b->plan;
}

bool match_plan_is_empty(const struct plan *plan)
{
	return plan->count == 0;
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

// Triggers, and keeps what was found as long as there is room.
static void trigger_and_keep(void *user, uint32_t candidate)
{
	struct match_state *state = user;
	struct memo_entry *entry = state->keeping;

	trigger(state, candidate);
	if (entry->count == MEMO_IDS_MOST)
		entry->engine = NULL; // too many: not to be believed next time
	else
		entry->ids[entry->count++] = candidate;
}

// Trigger what the memo knows of the value. False: run the engine, reporting to
// *report.
static bool from_memo(struct match_state *state, const struct engine *engine,
		      const struct value *value, void (**report)(void *, uint32_t))
{
	bool known;
	struct memo_entry *entry = memo_find(state->memo, engine, value, &known);

	*report = trigger;
	if (entry == NULL)
		return false;
	if (!known) {
		memo_set(entry, engine, value);
		state->keeping = entry;
		*report = trigger_and_keep;
		return false;
	}
	for (size_t i = 0; i < entry->count; i++)
		trigger(state, entry->ids[i]);
	return true;
}

static void run_on_keywords(struct match_state *state, const struct engine *engine)
{
	for (size_t i = 0; i < state->event->count; i++) {
		const struct value *value = &state->event->fields[i].value;
		void (*report)(void *, uint32_t);

		if (needs_look(engine, value) && !from_memo(state, engine, value, &report))
			engine_run(engine, resolver_folded(state->resolver, i), report, state);
	}
}

static void run_on_field(struct match_state *state, const struct plan_engine *engine)
{
	struct instances field = resolver_get(state->resolver, engine->view, engine->field);

	for (size_t i = 0; i < field.count; i++) {
		const struct value *value = &field.items[i].value;
		void (*report)(void *, uint32_t);

		if (needs_look(engine->engine, value) &&
		    !from_memo(state, engine->engine, value, &report))
			engine_run(engine->engine, instance_folded(&field.items[i], state->event),
				   report, state);
	}
}

// The candidates worth evaluating, ascending. Keywords come first in a plan:
// what they had folded the other engines find ready.
void plans_trigger(struct match_state *state, const struct plan *plan)
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
