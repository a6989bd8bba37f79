// SPDX-License-Identifier: Apache-2.0
// The libevtx reader: events from an independent parser.
//
// One handle belongs to one thread (libevtx hangs when a file is shared,
// evtx-format.md 7.3). Records come in the order libevtx gives them, which is
// physical order. A record that libevtx cannot read is delivered as RC_FAILED
// with the reason; reading goes on with the next call.
#ifndef REFREADER_REFREADER_H
#define REFREADER_REFREADER_H

#include "base/err.h"
#include "event/event.h"

struct refreader;

// Give the reader a chunk, or make one first when *reader is NULL; the caller owns it. The chunk
// of `len` bytes, at most 65,536, is copied; fewer count as zeros to its end. RC_FATAL when libevtx
// cannot be set up: *reader stays NULL.
MUST_USE enum rc refreader_set_chunk(struct refreader **reader, const void *chunk, size_t len,
				     struct err *err);
void refreader_close(struct refreader *reader);

// Read all records of the chunk by refreader_next, from the first on. RC_FAILED
// when libevtx refuses the chunk.
MUST_USE enum rc refreader_start_chunk(struct refreader *reader, struct err *err);

// Read the next record into `event`, whose fields live in `arena` until the
// caller resets it. RC_OK, RC_END after the last, or RC_FAILED: this record is
// lost, `err` says why, and event->header_id names it when known.
MUST_USE enum rc refreader_next(struct refreader *reader, struct arena *arena, struct event *event,
				struct err *err);

// Read the record at `offset` of the chunk, whose header names `header_id`, in
// any order and as often as wanted; live and carved ones alike. RC_OK, or
// RC_FAILED when there is no such record or libevtx cannot read it.
// event->offset is that in the chunk.
MUST_USE enum rc refreader_read(struct refreader *reader, uint64_t header_id, size_t offset,
				struct arena *arena, struct event *event, struct err *err);

// Version of the libevtx in use, e.g. "20181227".
const char *refreader_library_version(void);

#endif
