// SPDX-License-Identifier: Apache-2.0
// The facts of a hit: fields of the event that the allowlist may look at.
#ifndef ALLOW_FACTS_H
#define ALLOW_FACTS_H

#include "allow/allow.h"
#include "match/match.h"

// The classes that may silence the rule (ALLOW_MASK); unknown names are left out.
unsigned allow_rule_classes(const struct rule *rule);

// The facts of the current event as the view shows it, in the event's arena.
void allow_facts_of(struct match_state *state, const struct view *view, const struct event *event,
		    struct allow_facts *out);

// The facts by the name of their field: ClientAddress, ZoneName, Computer,
// ActorSid, ActorName, ParentImage.
#define ALLOW_FACT_COUNT 6
struct allow_named {
	const char *name;
	struct allow_values *values;
};
void allow_facts_named(struct allow_facts *facts, struct allow_named out[ALLOW_FACT_COUNT]);

#endif
