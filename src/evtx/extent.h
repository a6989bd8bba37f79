// SPDX-License-Identifier: Apache-2.0
// How far a log goes, held against what its file header says (evtx-format.md 1.7).
//
// Which chunks are read does not depend on the header. But one that counts more chunks
// than there are says that the log was cut, at the end of a chunk, too.
#ifndef EVTX_EXTENT_H
#define EVTX_EXTENT_H

#include "evtx/reader.h"

struct evtx_extent {
	uint64_t size;	  // of the file, in bytes
	uint64_t counted; // chunks, by the header; 0: it cannot be believed
	bool dirty;	  // the header is of some earlier moment
	uint64_t used;	  // slots that are not zeros throughout; all, where nobody looked
};

// What the header says of a file of `size` bytes; `used` is the caller's to fill in.
struct evtx_extent evtx_extent_of(const struct evtx_file_header *header, uint64_t size);

// Slots for chunks that a file of `size` bytes has; the last may be short.
uint64_t evtx_slots(uint64_t size);

// Is the log cut short? Then `err` says where.
bool evtx_is_cut(const struct evtx_extent *extent, struct err *err);

#endif
