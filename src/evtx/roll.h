// SPDX-License-Identifier: Apache-2.0
// The live records that the native reader finds in a chunk, to name those that
// another reader does not give: libevtx says nothing of what it does not list, such
// as records behind the free-space offset of a log that was not closed.
#ifndef EVTX_ROLL_H
#define EVTX_ROLL_H

#include "evtx/reader.h"

struct roll_entry {
	uint64_t header_id;
	uint32_t offset; // of the chunk
	bool called;
};

struct roll {
	struct roll_entry *entries; // in physical order
	size_t count, cap;
	size_t next;	// behind the last that was called
	size_t missing; // where roll_missing() goes on
};

void roll_release(struct roll *roll);

// Take the records of the chunk that was opened last, walking it to its end, so
// that the warnings that evtx_chunk_open() was given are complete.
void roll_take(struct roll *roll, struct evtx_reader *reader);

// The other reader, which goes in physical order, gave this record, or said that it
// is lost. One that is not on the roll changes nothing; 0 that is not there is a loss
// without a name, and stands for the next.
void roll_call(struct roll *roll, uint64_t header_id);

// The next record that was not called; NULL behind the last.
const struct roll_entry *roll_missing(struct roll *roll);
// A sentence that names the record and ends with `why`.
void roll_tell(const struct roll_entry *entry, const char *why, struct err *err);

#endif
