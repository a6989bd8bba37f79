// SPDX-License-Identifier: Apache-2.0
// Facts of hits.
#include "allow/facts.h"

#include <string.h>

unsigned allow_rule_classes(const struct rule *rule)
{
	unsigned mask = 0;

	for (size_t i = 0; i < rule->allowlist_count; i++) {
		enum allow_class class;

		if (allow_class_from_name(rule->allowlist[i], &class))
			mask |= ALLOW_MASK(class);
	}
	return mask;
}

void allow_facts_named(struct allow_facts *facts, struct allow_named out[ALLOW_FACT_COUNT])
{
	const struct allow_named all[ALLOW_FACT_COUNT] = {
		{"ClientAddress", &facts->address},  {"ZoneName", &facts->zone},
		{"Computer", &facts->computer},	     {"ActorSid", &facts->account_sid},
		{"ActorName", &facts->account_name}, {"ParentImage", &facts->parent},
	};

	memcpy(out, all, sizeof(all));
}

void allow_facts_of(struct match_state *state, const struct view *view, const struct event *event,
		    struct allow_facts *out)
{
	struct allow_named named[ALLOW_FACT_COUNT];

	memset(out, 0, sizeof(*out));
	allow_facts_named(out, named);
	for (size_t i = 0; i < ALLOW_FACT_COUNT; i++) {
		struct instances found = match_field(state, view, str_from(named[i].name));
		struct str *values = arena_array(event->arena, found.count, sizeof(*values));

		for (size_t k = 0; k < found.count; k++)
			values[k] = match_text(state, &found.items[k]);
		*named[i].values = (struct allow_values){values, found.count};
	}
	out->has_time = event->time != 0;
	out->time = event->time;
}
