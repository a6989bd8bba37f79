// SPDX-License-Identifier: Apache-2.0
// The records of one file in file order, from either reader.
//
// The file is read in pieces of 256 KiB, so that memory stays flat whatever its size;
// both readers get chunk by chunk.
#ifndef DUMP_SOURCE_H
#define DUMP_SOURCE_H

#include "base/err.h"
#include "dump/lost.h"
#include "event/event.h"
#include "input/reader.h"

struct source;

// What is wrong with a file as a whole; complete at the end.
struct source_info {
	uint64_t records; // delivered
	uint64_t lost;	  // RC_FAILED
	bool damaged;	  // records may be missing besides those
	struct err cut;	  // without text, or how it is cut short: evtx/extent.h
};

// A source for one file of `list` after the other, with libevtx or the native
// reader; cheap in the order of the list (input/reader.h), which must outlive it.
struct source *source_new(const struct input_list *list, bool libevtx);
// From now on, for the native reader, all live records are seen by what finds lost ones,
// which is the source's.
struct lost *source_keep(struct source *source);
void source_free(struct source *source);

// Start on a file of the list. RC_FATAL with the reason when it cannot be read at all.
MUST_USE enum rc source_open(struct source *source, size_t file, struct err *err);

// Go to the first or next chunk. RC_OK; RC_END
// behind the last; RC_FAILED when libevtx refuses the chunk, or when the file cannot
// be read further: then comes the end.
MUST_USE enum rc source_next_chunk(struct source *source, struct err *err);

// The next live record of the chunk, good until the next call; event->chunk and
// event->offset (of the file) are set. RC_OK; RC_FAILED: this record is lost,
// event->header_id and offset say which; RC_END behind the last of the chunk.
MUST_USE enum rc source_next(struct source *source, struct event *event, struct err *err);

const struct source_info *source_info(const struct source *source);

// How far into the file the current chunk reaches, in bytes.
uint64_t source_position(const struct source *source);

// The bytes of the native reader's chunk, at most 65,536.
const void *source_bytes(const struct source *source, size_t *len);

#endif
