// SPDX-License-Identifier: Apache-2.0
// Building plans.
#include "match/plan.h"

#include <stdlib.h>

#include "base/mem.h"

// What view_accepts said last: 1,416 rules share the two views of process
// creation, and rules of one log source stand together.
struct last_answers {
	const struct view *views[4];
	bool accepted[4];
	size_t next;
};

static bool accepts(struct last_answers *last, const struct view *view, struct str channel,
		    uint32_t event_id, struct str provider)
{
	size_t at;

	for (size_t i = 0; i < 4; i++) {
		if (last->views[i] == view)
			return last->accepted[i];
	}
	at = last->next++ % 4;
	last->views[at] = view;
	last->accepted[at] = view_accepts(view, channel, event_id, provider);
	return last->accepted[at];
}

static void add_candidates(struct plan *plan, struct last_answers *last, const struct rule *rule,
			   struct str channel, uint32_t event_id, struct str provider)
{
	for (size_t i = 0; i < rule->view_count; i++) {
		if (!accepts(last, rule->views[i], channel, event_id, provider))
			continue;
		mem_grow(&plan->items, &plan->cap, plan->count + 1, sizeof(*plan->items));
		plan->items[plan->count++] = (struct candidate){rule, rule->views[i]};
	}
}

struct plan *plan_new(const struct ruleset *set, struct str channel, uint32_t event_id,
		      struct str provider)
{
	struct plan *plan = mem_zalloc(sizeof(*plan));
	struct last_answers last = {{NULL}, {false}, 0};

	for (size_t i = 0; i < set->count; i++) {
		if (set->rules[i]->kind == RULE_DETECTION)
			add_candidates(plan, &last, set->rules[i], channel, event_id, provider);
	}
	plan->size = sizeof(*plan) + plan->cap * sizeof(*plan->items);
	return plan;
}

void plan_free(struct plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->engine_count; i++)
		engine_free(plan->engines[i].engine);
	free(plan->engines);
	free(plan->always);
	free(plan->items);
	arena_release(&plan->arena);
	free(plan);
}

static struct engine *engine_for(struct plan *plan, const struct view *view, size_t field)
{
	for (size_t i = 0; i < plan->engine_count; i++) {
		if (plan->engines[i].field == field &&
		    (field == PLAN_KEYWORDS || plan->engines[i].view->field_map == view->field_map))
			return plan->engines[i].engine;
	}
	mem_grow(&plan->engines, &plan->engine_cap, plan->engine_count + 1, sizeof(*plan->engines));
	plan->engines[plan->engine_count] = (struct plan_engine){view, field, engine_new()};
	return plan->engines[plan->engine_count++].engine;
}

// A rule with several conditions needs one of their triggers; one without a
// trigger makes all of them pointless.
static enum trigger_kind rule_trigger(struct plan *plan, struct arena *scratch,
				      const struct rule *rule, trigger_known_fn *known, void *user,
				      struct trigger_set *sets, size_t *set_count)
{
	const struct detection *detection = &rule->detection;

	*set_count = 0;
	for (size_t i = 0; i < detection->condition_count; i++) {
		enum trigger_kind kind =
			trigger_find(&plan->arena, scratch, detection, detection->conditions[i],
				     known, user, &sets[*set_count]);

		if (kind == TRIGGER_NONE)
			return TRIGGER_NONE;
		*set_count += kind == TRIGGER_SET;
	}
	return *set_count > 0 ? TRIGGER_SET : TRIGGER_FALSE;
}

static void add_triggers(struct plan *plan, uint32_t candidate, const struct trigger_set *set,
			 size_t (*field_number)(void *, const struct item *), void *user)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct trigger *trigger = &set->items[i];
		size_t field = trigger->item->field.len > 0 ? field_number(user, trigger->item)
							    : PLAN_KEYWORDS;

		engine_add(engine_for(plan, plan->items[candidate].view, field), trigger->text,
			   trigger->anchor, candidate);
	}
}

void plan_index(struct plan *plan, size_t (*field_number)(void *user, const struct item *item),
		trigger_known_fn *known, void *user)
{
	struct arena scratch = {0};

	for (uint32_t i = 0; i < plan->count; i++) {
		const struct rule *rule = plan->items[i].rule;
		struct trigger_set *sets =
			arena_array(&scratch, rule->detection.condition_count, sizeof(*sets));
		size_t count;
		enum trigger_kind kind =
			rule_trigger(plan, &scratch, rule, known, user, sets, &count);

		for (size_t k = 0; kind == TRIGGER_SET && k < count; k++)
			add_triggers(plan, i, &sets[k], field_number, user);
		arena_reset(&scratch);
		if (kind != TRIGGER_NONE)
			continue;
		mem_grow(&plan->always, &plan->always_cap, plan->always_count + 1,
			 sizeof(*plan->always));
		plan->always[plan->always_count++] = i;
	}
	arena_release(&scratch);
	for (size_t i = 0; i < plan->engine_count; i++) {
		engine_build(plan->engines[i].engine);
		if (plan->engines[i].field == PLAN_KEYWORDS) {
			struct plan_engine keywords = plan->engines[i];

			plan->engines[i] = plan->engines[0];
			plan->engines[0] = keywords;
		}
		plan->size += engine_size(plan->engines[i].engine);
	}
	plan->size += plan->arena.used;
}
