// SPDX-License-Identifier: Apache-2.0
// Which recovered records are worth telling: neither live nor told before.
//
// Records are compared by a print of all that they say, within one log or image; and by
// one of what names them there: channel, computer, EventRecordID and time. A find that
// has the name of a live record and says something else is put together of two: Windows
// begins a record where there is not enough room for it, and leaves what it wrote before
// the remains of an older one. The result does not depend on the order.
#ifndef RECOVER_FINDS_H
#define RECOVER_FINDS_H

#include "base/buf.h"
#include "event/event.h"

struct recover_print {
	uint64_t name, all;
};

struct recover_find {
	struct recover_print print;
	uint64_t offset;
	uint32_t source;
	enum event_place place;
};

// Zeroed: empty.
struct recover_finds {
	struct recover_print *live;
	size_t live_count, live_cap;
	bool live_sorted;
	struct recover_find *items;
	size_t count, cap;
	struct buf scratch;
	// Beyond limits.h: then no live record counts as one; then finds are missing.
	bool too_many_live, too_many;
	uint64_t also_live, again, contradicted; // dropped by recover_finds_settle
};

void recover_finds_release(struct recover_finds *finds);
// Forget the finds, but not the live records and how many were dropped.
void recover_finds_reset(struct recover_finds *finds);

void recover_finds_live(struct recover_finds *finds, const struct event *event, uint32_t source);
// Of one that was recovered: event->offset says where.
void recover_finds_add(struct recover_finds *finds, const struct event *event, uint32_t source);
// Move everything from `from`, which is empty then.
void recover_finds_absorb(struct recover_finds *to, struct recover_finds *from);

// Drop what is live, or contradicted by a live record or another find; of equal ones keep
// the first by source and offset. Only then:
void recover_finds_settle(struct recover_finds *finds);
// How many of those that are left come before the place.
size_t recover_finds_before(const struct recover_finds *finds, uint32_t source, uint64_t offset);
// Is there one?
bool recover_finds_has(const struct recover_finds *finds, uint32_t source, uint64_t offset);

#endif
