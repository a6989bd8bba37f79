// SPDX-License-Identifier: Apache-2.0
// One event against a rule set.
//
// A matcher is the rule set compiled: read-only, shared by threads. A
// match_state is what matching writes to: one per thread. Results are pure:
// they depend on nothing but the rule set and the event.
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "event/event.h"
#include "match/fields.h"
#include "sigma/ruleset.h"

struct matcher;
struct match_state;
struct plan;

// `set` must be linked and outlive the matcher.
struct matcher *matcher_new(const struct ruleset *set);
void matcher_free(struct matcher *matcher);

// `use_index`: find the rules worth evaluating by their trigger literals;
// without it every candidate is evaluated. The results are the same.
struct match_state *match_state_new(const struct matcher *matcher, bool use_index);
void match_state_free(struct match_state *state);

struct match {
	const struct rule *rule;
	const struct view *view;     // through which the record was seen
	size_t condition;	     // index of the condition that was true first
	const struct rule *filtered; // the Sigma filter that removes this hit, or NULL
};

// The plan for events of a channel, provider and event id: what can be said
// before an event is decoded. Good until the next call of match_plan or
// match_event. An empty plan: no rule looks at such events. An idle one: no rule
// can match a plain event (event.h) of it.
const struct plan *match_plan(struct match_state *state, const struct value *channel,
			      const struct value *provider, uint32_t event_id);
bool match_plan_is_empty(const struct plan *plan);
bool match_plan_is_idle(const struct match_state *state, const struct plan *plan);

// Evaluate all placed detection rules. `plan` is match_plan's for this event,
// or NULL. `*out` is in order of the rules and good until the next call with
// this state; a rule hits at most once per event (the first view that accepts
// it and is true). Everything resolved stays in the event's arena, which must
// not be reset while the results are used.
size_t match_event(struct match_state *state, const struct event *event, const struct plan *plan,
		   const struct match **out);

// For one rule at a time, without index or plan: make `event` the current one,
// then ask for rules. True when the rule, filters apart, matches.
void match_begin(struct match_state *state, const struct event *event);
bool match_rule_alone(struct match_state *state, const struct rule *rule);

// How many detection rules had a view that accepts the current event.
size_t match_candidates(const struct match_state *state);

// The instances of a field of the current event as the view shows it.
struct instances match_field(struct match_state *state, const struct view *view, struct str name);

// Text of one of them.
struct str match_text(const struct match_state *state, struct instance *instance);

// Why a rule matched the current event: each item that held on the way.
struct match_reason {
	struct str selection;
	const struct item *item;
	struct str value;   // the instance that satisfied it
	struct str pattern; // the rule value it satisfied
};
// Appends to `out` (at most `cap`); returns how many there are.
size_t match_explain(struct match_state *state, const struct match *match, struct match_reason *out,
		     size_t cap);

// Matches of a regular expression that gave up, by rule index; counted over
// the life of the state.
const uint64_t *match_regex_limits(const struct match_state *state);
// Add the counts of another state of the same matcher.
void match_add_regex_limits(struct match_state *state, const struct match_state *from);

#endif
