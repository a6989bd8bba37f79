// SPDX-License-Identifier: Apache-2.0
// Which recovered records are worth telling: neither live nor told before.
//
// Records are compared by a print of all that they say, whichever log or image of the run
// they are in; and, within one, by a print of what names them: channel, computer,
// EventRecordID and time. A find that has the name of a live record of its own log and says
// something else is put together of two: Windows begins a record where there is not enough
// room for it, and leaves what it wrote before the remains of an older one. Not so when the
// live one is in another log: that may be the log that was changed, and the find the record
// as it was. The result does not depend on the order.
#ifndef RECOVER_FINDS_H
#define RECOVER_FINDS_H

#include "base/buf.h"
#include "event/event.h"

struct recover_print {
	uint64_t name; // within the source
	uint64_t all;
};

struct recover_find {
	struct recover_print print;
	uint64_t offset;
	uint32_t source;
	enum event_place place;
};

// A set of prints, sorted when it is asked.
struct recover_prints {
	uint64_t *items;
	size_t count, cap;
	bool sorted;
};

// Zeroed: empty.
struct recover_finds {
	struct recover_prints live_names, live; // of live records: print.name and print.all
	struct recover_prints told;		// print.all of the finds that were forgotten
	struct recover_find *items;
	size_t count, cap;
	struct buf scratch;
	// Beyond limits.h: then what is live, or told before recover_finds_reset, may be told
	// again; then finds are missing.
	bool too_many_live, too_many;
	uint64_t also_live, again, contradicted; // dropped by recover_finds_settle
};

void recover_finds_release(struct recover_finds *finds);
// Forget the finds that are left, but not that they were told, nor the live records, nor how
// many were dropped.
void recover_finds_reset(struct recover_finds *finds);

void recover_finds_live(struct recover_finds *finds, const struct event *event, uint32_t source);
// Of one that was recovered: event->offset says where.
void recover_finds_add(struct recover_finds *finds, const struct event *event, uint32_t source);
// Move live records and finds from `from`, which is empty then.
void recover_finds_absorb(struct recover_finds *to, struct recover_finds *from);

// Drop what is live, or contradicted by a live record or another find; of equal ones keep
// the first by source and offset. Only then:
void recover_finds_settle(struct recover_finds *finds);
// How many of those that are left come before the place.
size_t recover_finds_before(const struct recover_finds *finds, uint32_t source, uint64_t offset);
// Is there one?
bool recover_finds_has(const struct recover_finds *finds, uint32_t source, uint64_t offset);

#endif
