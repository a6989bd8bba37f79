// SPDX-License-Identifier: Apache-2.0
// Fields of the current event by number, each resolved once.
//
// What a name means in events of one shape (event.h) is remembered: which slot
// holds it, or that none does. The answer is always that of fields_resolve;
// only the way to it is shorter.
#ifndef MATCH_RESOLVER_H
#define MATCH_RESOLVER_H

#include "match/fields.h"

struct resolver;

// `names` are the field names by number; they and `sources` must outlive it.
struct resolver *resolver_new(const struct logsources *sources, const struct str *names,
			      size_t count);
void resolver_free(struct resolver *resolver);

// Make `event` the current one.
void resolver_begin(struct resolver *resolver, const struct event *event);

// The instances of field `number` as the view shows it; good while the event is
// the current one.
struct instances resolver_get(struct resolver *resolver, const struct view *view, size_t number);
// Every single value of the event.
struct instances resolver_keywords(struct resolver *resolver);
// Folded text of the event's field `index`, made once.
struct str resolver_folded(struct resolver *resolver, size_t index);

// Is the current event plain (event.h)? Only then do channel, provider and event id
// say all about these names.
bool resolver_is_plain(const struct resolver *resolver);

#endif
