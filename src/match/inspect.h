// SPDX-License-Identifier: Apache-2.0
// Looking into a matcher: for explanations, not for scans.
#ifndef MATCH_INSPECT_H
#define MATCH_INSPECT_H

#include "match/match.h"
#include "match/trigger.h"

// A kind of events; what is not known of it is NULL, empty or 0.
struct inspect_kind {
	const struct str *channel, *provider;
	const uint32_t *event_id;
};

// The trigger that a plan for such events takes for a condition or a part of
// one; texts and the set live in `arena`. No event is the current one afterwards.
enum trigger_kind inspect_trigger(struct match_state *state, const struct detection *detection,
				  const struct expr *expr, const struct inspect_kind *kind,
				  struct arena *arena, struct trigger_set *out);

// The literal without which a pattern of kind PATTERN_REGEX cannot match; empty
// when there is none.
struct str inspect_regex_literal(const struct pattern *pattern, struct arena *arena);

// After match_begin: look at the current event through `view`, for the
// conditions of `detection`. False when the view's own conditions do not hold.
bool inspect_view(struct match_state *state, const struct view *view,
		  const struct detection *detection);
// What holds in it.
bool inspect_expr(struct match_state *state, const struct detection *detection,
		  const struct expr *expr);
// Does one value of the item hold (`neq` apart)?
bool inspect_pattern(struct match_state *state, const struct item *item, size_t index);
// Does a regular expression among its values give up at a limit, so that it is not known?
bool inspect_gives_up(struct match_state *state, const struct item *item);
// The instances that the item looks at: of its field, or all values of the
// event for keywords.
struct instances inspect_instances(struct match_state *state, const struct item *item);
// Among them the one that satisfies the value; NULL when none does.
struct instance *inspect_instance(struct match_state *state, const struct item *item, size_t index);

#endif
