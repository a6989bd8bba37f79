// SPDX-License-Identifier: Apache-2.0
// The rules for one kind of event, and how to find the few that may match.
//
// A plan serves all events of one (channel, event id, provider). It holds the
// rules whose views accept them, and per field an engine with the trigger
// literals of those rules. Built on first sight by one match state, read-only
// afterwards.
#ifndef MATCH_PLAN_H
#define MATCH_PLAN_H

#include "match/engine.h"
#include "match/trigger.h"
#include "sigma/ruleset.h"

struct candidate {
	const struct rule *rule;
	const struct view *view;
};

#define PLAN_KEYWORDS SIZE_MAX

struct plan_engine {
	const struct view *view; // one of those with the engine's field names
	size_t field;		 // number of the name; PLAN_KEYWORDS: every value
	struct engine *engine;	 // reports candidate indexes
};

struct plan {
	struct candidate *items; // in order of the rules
	size_t count, cap;
	// The index. Candidates that are in neither cannot match.
	uint32_t *always; // candidates without trigger, ascending
	size_t always_count, always_cap;
	struct plan_engine *engines;
	size_t engine_count, engine_cap;
	struct arena arena;
	size_t size; // bytes, about
};

// All rules whose views accept such events; no index yet.
struct plan *plan_new(const struct ruleset *set, struct str channel, uint32_t event_id,
		      struct str provider);
void plan_free(struct plan *plan);

// Choose triggers and build the engines. `field_number` gives the number of an
// item's field; `known` says what holds for all events of the plan.
void plan_index(struct plan *plan, size_t (*field_number)(void *user, const struct item *item),
		trigger_known_fn *known, void *user);

#endif
