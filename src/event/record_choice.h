// SPDX-License-Identifier: Apache-2.0
// Which records are looked at: by time, channel, provider, event id, computer.
#ifndef EVENT_RECORD_CHOICE_H
#define EVENT_RECORD_CHOICE_H

#include "base/buf.h"
#include "base/glob.h"
#include "base/zone.h"
#include "event/event.h"

// First and last event id, both included.
struct id_range {
	uint32_t first, last;
};

struct id_ranges {
	struct id_range *items;
	size_t count, cap;
};

// A zeroed struct takes everything. Lists live in the arena that was given.
struct record_choice {
	uint64_t from, to; // ticks, both included; to 0 = no end
	struct choice channel, provider, computer;
	struct id_ranges ids, other_ids; // `ids` empty = all; without the others
};

// Add "4624", "4624,4625" or "4720-4767". False when it is none of these.
bool id_ranges_add(struct id_ranges *ranges, struct arena *arena, struct str text);

// Does it take everything?
bool record_choice_is_all(const struct record_choice *choice);
// By what is known before a record's fields are (evtx_record, event): false when
// it is not selected, whatever its other fields are. `scratch` is used for text.
bool record_choice_takes_kind(const struct record_choice *choice, const struct value *channel,
			      const struct value *provider, uint32_t event_id,
			      struct arena *scratch);
// By everything. `event->arena` is used for text.
bool record_choice_takes(const struct record_choice *choice, const struct event *event);

// In words, "" for everything: "from ...; channel security; not event id 4703". Times are
// those of the zone, NULL = UTC.
void record_choice_put(const struct record_choice *choice, const struct zone *zone,
		       struct buf *out);

#endif
