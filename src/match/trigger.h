// SPDX-License-Identifier: Apache-2.0
// Trigger literals: what must occur in an event for a rule to be true.
//
// For each condition the cheapest set of literals is chosen of which at least
// one must be found. What is already known about the events of a plan (event
// id, channel, provider) is folded in first; a condition that is known to be
// false drops the rule. 96 % of SigmaHQ's rules have such a set.
#ifndef MATCH_TRIGGER_H
#define MATCH_TRIGGER_H

#include "match/engine.h"
#include "sigma/rule.h"

struct trigger {
	const struct item *item; // whose field the literal is looked for in
	struct str text;	 // folded
	enum literal_anchor anchor;
};

struct trigger_set {
	struct trigger *items;
	size_t count, cap;
	double cost; // how often one of them is likely to be found
};

enum trigger_kind {
	TRIGGER_FALSE, // can never be true here
	TRIGGER_NONE,  // no literal is necessary: evaluate always
	TRIGGER_SET,
};

// What a plan knows: does the item hold for all its events? 1 yes, 0 no, -1
// unknown.
typedef int trigger_known_fn(void *user, const struct item *item);

// The trigger of one condition. Texts live in `texts`, sets in `scratch`.
enum trigger_kind trigger_find(struct arena *texts, struct arena *scratch,
			       const struct detection *detection, const struct expr *condition,
			       trigger_known_fn *known, void *user, struct trigger_set *out);

#endif
