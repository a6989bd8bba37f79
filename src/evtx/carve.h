// SPDX-License-Identifier: Apache-2.0
// Judging bytes that may be a record, without a log that vouches for them.
//
// Records are left behind where a chunk was used again, a log torn or deleted. What
// they refer to, names and templates by their place in the chunk, may have been
// overwritten since, by something that reads just as well: three in four of those
// that decode at all say what was never logged. So nothing is taken here but what proves
// itself (evtx-format.md 5.3):
//
//   frame      8-byte alignment, a fragment header, exact sizes, an end token and less
//              than 8 bytes of padding
//   templates  the id is the beginning of the GUID of a definition whose sizes are exact
//              and whose names have the right hashes; or, where that is gone, of the only
//              template of this id that the same log or image has elsewhere, or else of
//              the only one of all
//   names      written in one go with what refers to them (struct evtx_span)
//   values     each sound for its type; of a template from elsewhere, as many as it has
//              had there, and of the types that it declares
//
// A reader that carves is used for nothing else.
#ifndef EVTX_CARVE_H
#define EVTX_CARVE_H

#include "evtx/book.h"
#include "evtx/reader.h"

// Why bytes are no record that can be trusted.
enum evtx_doubt {
	EVTX_DOUBT_FRAME,     // not how a record begins and ends
	EVTX_DOUBT_BINXML,    // its content is no sound BinXML
	EVTX_DOUBT_TEMPLATE,  // its template is gone, and there is none elsewhere
	EVTX_DOUBT_NAMES,     // its template is there, but names of it were overwritten
	EVTX_DOUBT_AMBIGUOUS, // its template is gone, and there are several elsewhere
	EVTX_DOUBT_VALUES,    // values do not fit the template or their types
	EVTX_DOUBT_PAGES,     // it may be put together of two; the caller knows
	EVTX_DOUBT_WORK,      // the work allowed for its neighbourhood is used up
	EVTX_DOUBTS
};

// In words: "its template was overwritten".
const char *evtx_doubt_text(enum evtx_doubt doubt);

// Bytes that were written in one go: records that follow each other by id, or all of
// those that a checksum covers. Names in a span belong to the templates in it; in
// others they may be of another time.
struct evtx_span {
	const unsigned char *start, *end;
};

struct evtx_carving {
	const struct evtx_book *book;  // templates from elsewhere; may be empty
	uint32_t source;	       // for it
	const struct evtx_span *spans; // ascending, none within another
	size_t span_count;
	size_t work; // left; goes down
};

// Start on what is, or may be, a chunk: CHUNK_SIZE readable bytes, of which no header
// is needed. Good until the next one. Cheap.
void evtx_carve_open(struct evtx_reader *reader, const void *chunk, struct evtx_carving *carving);

// Is there a record at `offset` of the chunk that can be trusted? RC_OK: `event` has its
// fields, in `arena`, and event->offset is that in the chunk; event->lent says whether a
// template is from another place. RC_FAILED with the reason in *doubt.
MUST_USE enum rc evtx_carve(struct evtx_reader *reader, struct evtx_record *record, uint32_t offset,
			    struct arena *arena, struct event *event, enum evtx_doubt *doubt);

// Tell the book which templates a record has: a live one, or one that was carved.
void evtx_carve_learn(struct evtx_book *book, uint32_t source, const struct evtx_record *record);

// Is there the frame of a record, its size and the copy of it, within `len` bytes? Returns
// the size, 0 when not.
uint32_t evtx_carve_size(const unsigned char *record, size_t len);
// The offset in its chunk that a record with such a frame was written for, if it says so
// itself by a definition or name inside it; 0 when not.
uint32_t evtx_carve_place(const unsigned char *record, uint32_t size);

// Does a chunk's header stand here, CHUNK_HEADER_SIZE bytes, its checksum right? A chunk
// without checksums counts when all else is as it has to be.
bool evtx_carve_header(const unsigned char *chunk);
// The free-space offset of such a chunk, and whether all before it is as it was written:
// CHUNK_SIZE bytes are readable, `len` of them are there.
uint32_t evtx_carve_used(const unsigned char *chunk, size_t len, bool *whole);

#endif
