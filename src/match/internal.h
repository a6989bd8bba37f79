// SPDX-License-Identifier: Apache-2.0
// Between match.c, plans.c, inspect.c and explain.c.
#ifndef MATCH_INTERNAL_H
#define MATCH_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "match/match.h"
#include "match/memo.h"
#include "match/plan.h"
#include "match/resolver.h"
#include "match/test.h"

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
	struct buf bytes; // of the channel, then of the provider
	uint32_t channel_len;
};

struct match_state {
	const struct matcher *matcher;
	const struct event *event;
	const struct view *view; // of the candidate at work
	uint64_t epoch;
	struct resolver *resolver;
	struct memo *memo;
	struct memo_entry *keeping; // of the value at work
	signed char *selections;    // memo of the rule at work: -1 unknown
	struct regex_scratch *regex;
	bool regex_gave_up;
	uint64_t *regex_limits;
	struct map plans; // by channel, event id and provider
	size_t plans_size;
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

// match.c

// What tests need for the current event, in the current view.
struct test_context match_context(struct match_state *state);
struct instances match_item_instances(struct match_state *state, const struct item *item);
bool match_eval(struct match_state *state, const struct detection *detection,
		const struct expr *expr);

// plans.c

const struct plan *plans_find(struct match_state *state, struct str channel, struct str provider,
			      uint32_t event_id);
void plans_drop(struct match_state *state);
// Does some view of the rule give a name that plans fold another meaning?
bool plans_renamed(const struct rule *rule);
// Make an event the current one that has of what tells events apart just what is
// said, in `arena`: empty and 0 are not said, absent as well as there and empty.
void plans_begin_kind(struct match_state *state, struct arena *arena, struct str channel,
		      struct str provider, uint32_t event_id);
// Then, of all events of that kind: does the item hold (trigger_known_fn)?
int plans_known(void *user, const struct item *item);
// The candidates of `plan` worth evaluating go to state->triggered, ascending.
void plans_trigger(struct match_state *state, const struct plan *plan);

#endif
