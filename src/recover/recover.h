// SPDX-License-Identifier: Apache-2.0
// Looking for lost records in a log, or in any bytes.
//
// A log or image is searched in cells of 1 MiB, each by itself, so that any number of
// threads find the same. A cell finds what begins in it:
//
//   chunks  a header whose checksum is right, at any offset (in a log also where its
//           place says so); in it, records at every eighth byte that are not live
//   runs    records behind each other outside of chunks, at any offset
//
// Each is judged as evtx/carve.h says. What cannot be trusted is counted by reason.
#ifndef RECOVER_RECOVER_H
#define RECOVER_RECOVER_H

#include "evtx/carve.h"

#define RECOVER_CELL (1u << 20)
// Bytes before and behind a cell that its chunks and runs may need.
#define RECOVER_MARGIN CHUNK_SIZE

// What was found, live records left aside.
struct recover_counts {
	uint64_t beginnings;	      // places that begin like a record
	uint64_t records;	      // of them records that can be trusted
	uint64_t doubts[EVTX_DOUBTS]; // of the others
	uint64_t chunks;	      // in images and at odd places
};

void recover_counts_add(struct recover_counts *to, const struct recover_counts *from);

// Of records that are told: what gave them templates.
struct recover_told {
	uint64_t records;
	uint64_t lent;	  // of them with a template from elsewhere
	uint64_t foreign; // or from another log or image
};

static inline void recover_told_add(struct recover_told *told, const struct event *event)
{
	told->records++;
	told->lent += event->lent == EVENT_TEMPLATE_LENT;
	told->foreign += event->lent == EVENT_TEMPLATE_FOREIGN;
}

// Where a cell lies, and in what.
struct recover_cell {
	const unsigned char *bytes; // from RECOVER_MARGIN before the cell or the beginning,
	size_t len;		    // to RECOVER_MARGIN behind it or the end
	uint64_t offset;	    // of `bytes` in the log or image
	uint64_t start;		    // of the cell, which ends RECOVER_CELL later
	bool is_log;		    // chunks at every 64 KiB from its first cell on; else an image
	unsigned flags;		    // of a log's header
	const struct evtx_book *book;
	uint32_t source; // for the book
};

// Who takes what is found, in order of the offset. event->offset is that in the log or
// image, event->chunk the slot that it lies in.
typedef void recover_take(void *user, const struct event *event, const struct evtx_record *record);

struct recoverer;

struct recoverer *recoverer_new(void);
void recoverer_free(struct recoverer *recoverer);

// Search a cell.
void recover_search(struct recoverer *recoverer, const struct recover_cell *cell,
		    recover_take *take, void *user, struct recover_counts *counts);

// The first cell of a log, or of an image.
static inline uint64_t recover_first(bool is_log)
{
	return is_log ? EVTX_FILE_HEADER_SIZE : 0;
}

#endif
