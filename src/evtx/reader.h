// SPDX-License-Identifier: Apache-2.0
// The native EVTX reader: the bytes of a chunk in, records and events out.
//
// No I/O, no threads, no state outside the objects: one reader belongs to one
// worker. Chunks are independent of each other, so the caller hands them over
// in any order, each with what its file's header says:
//
//   evtx_file_parse(first 4096 bytes)
//   for each 64 KiB slot up to the end of the file, by the file's size:
//     evtx_chunk_open -> RC_END for an unused slot
//     evtx_chunk_next until RC_END; RC_FAILED is one lost record
//       evtx_record_event only where the fields are wanted
//
// A record is a view of the chunk: nothing is allocated, copied or converted
// until evtx_record_event, which still converts no value. Names, paths and
// literal text live with the templates of the reader. Everything handed out is
// good until the next evtx_chunk_open of that reader, and needs the caller's
// chunk buffer unchanged until then.
//
// Facts: evtx-format.md; the sections are named where they matter.
#ifndef EVTX_READER_H
#define EVTX_READER_H

#include "base/err.h"
#include "event/event.h"
#include "evtx/format.h"

// Flags of the file header, and of a chunk (1.2, 1.3).
#define EVTX_DIRTY 0x1u
#define EVTX_FULL 0x2u
#define EVTX_NO_CRC 0x4u

struct evtx_file_header {
	uint64_t first_chunk, last_chunk; // numbers; the ring has wrapped when first > last
	uint64_t next_record;		  // stale in dirty files
	uint16_t major, minor;
	uint32_t chunk_count; // as declared; not to be trusted (1.7)
	uint32_t flags;	      // EVTX_DIRTY, EVTX_FULL, EVTX_NO_CRC
	bool crc_bad;	      // the header's checksum is wrong (never with EVTX_NO_CRC)
};

// Read a file header from the first `len` bytes of a file. RC_FATAL when they
// are too few (4096 are needed) or no EVTX; everything else is only noted.
MUST_USE enum rc evtx_file_parse(const void *bytes, size_t len, struct evtx_file_header *header,
				 struct err *err);

// Slot `index` of a file that is in memory as a whole: false behind the last.
// The file's size counts and not its header, the last slot may be short, and a
// slot of zeros may stand before used ones (1.7).
bool evtx_file_slot(struct str file, uint64_t index, struct str *slot);

// What is wrong with a chunk, as evtx_chunk_info.warnings. None of it keeps
// the records from being read.
#define EVTX_CHUNK_HEADER_CRC 0x01u // wrong checksum of the header
#define EVTX_CHUNK_DATA_CRC 0x02u   // wrong checksum of the records
#define EVTX_CHUNK_SHORT 0x04u	    // fewer than 65,536 bytes were there
#define EVTX_CHUNK_NO_HEADER 0x08u  // all records in it are recovered ones
#define EVTX_CHUNK_ODD_SIZE 0x10u   // header size is not 128
#define EVTX_CHUNK_FREE_SPACE 0x20u // the free-space offset was out of range
// Found while walking, complete at RC_END of evtx_chunk_next.
// Records end before the free-space offset, are torn, or there are none though the header
// names some.
#define EVTX_CHUNK_DAMAGED 0x40u

struct evtx_chunk_info {
	uint64_t first_number, last_number; // record numbers
	uint64_t first_id, last_id;	    // record ids of record headers
	uint32_t free_space;		    // clamped to 512..65536
	uint32_t last_record;		    // offset of the last record; a hint
	uint32_t flags;			    // as stored
	unsigned warnings;		    // EVTX_CHUNK_...
};

struct evtx_reader;

struct evtx_reader *evtx_reader_new(void);
void evtx_reader_free(struct evtx_reader *reader);

// Start on a chunk of `len` bytes, at most CHUNK_SIZE; fewer for the last slot
// of a truncated file. `file_flags` are those of the file header: EVTX_NO_CRC
// (here or in the chunk) switches the checksums off, EVTX_DIRTY allows live
// records behind the free-space offset, as do a wrong checksum and an impossible offset. RC_OK, or
// RC_END for a slot of zeros. `info` (not NULL) must live until the chunk is done.
MUST_USE enum rc evtx_chunk_open(struct evtx_reader *reader, const void *chunk, size_t len,
				 unsigned file_flags, struct evtx_chunk_info *info);

struct evtx_program;

// Template values in place: descriptors of 4 bytes, and where each value
// starts in the chunk.
struct evtx_values {
	const unsigned char *descriptors;
	const uint16_t *offsets;
	uint32_t count;
};

// Values of a record whose offsets the view has room for; real records have at
// most 42 + 42.
#define EVTX_VIEW_VALUES 256

struct evtx_record {
	uint64_t header_id; // of the record header, which lies (1.5)
	uint64_t written;   // of the record header, ticks
	uint32_t offset;    // in the chunk
	uint32_t size;	    // up to the next record

	// What rules dispatch on. A value of type VALUE_NULL where the record
	// has none; VALUE_STRING in the chunk or VALUE_TEXT of the template.
	struct value channel;
	struct value provider;
	uint32_t event_id; // 0 when there is none

	// Identifies the outer and inner template together; elements without
	// template count as one when they differ only in texts. Equal shapes of one
	// reader have equal fields in equal slots (event.h). 0: not known, as with
	// more than one payload; the event's may still be known when its payload
	// is an element without template. Never reused for other templates.
	uint32_t shape;
	// Channel, or provider, is literal text of the template: the same for
	// all records of this shape.
	bool static_channel;
	bool static_provider;

	// The event is plain (event.h). False where that is not known.
	bool is_plain;

	bool suspect; // the size copy, or the end, does not fit
	bool odd_id;  // there is an EventID, but it is no number of 32 bits: 0 above
	// Counted apart. Their ids continue the sequence and strict checks (5.3)
	// have passed: live, but not where live records should be.
	bool beyond_free_space; // of a dirty file or chunk
	bool behind_damage;	// found again behind damage in its chunk
	// Of unknown origin; only strict checks have passed. Not live.
	bool recovered;

	// Private.
	const struct evtx_program *outer;
	const struct evtx_program *inner; // NULL: none, or needs a walk
	struct evtx_values outer_values;
	struct evtx_values inner_values;
	uint32_t body; // chunk offsets of the BinXML
	uint32_t body_end;
	bool is_reworded;  // the event id is not there in decimal
	bool is_simple;	   // one outer template or element, which tells all of the above
	bool is_element;   // the outer one is an element without template
	bool may_be_plain; // the payload may be one element without template
	uint16_t offsets[EVTX_VIEW_VALUES];
};

// The next record. RC_OK; RC_FAILED when one is lost, with its place and the
// reason in `err` and offset and header_id in `record`; RC_END at the end.
// What lies behind damage and is no sound record is passed over: the chunk's
// warnings say so.
MUST_USE enum rc evtx_chunk_next(struct evtx_reader *reader, struct evtx_record *record,
				 struct err *err);

// Say that the record is lost, and why. RC_FAILED.
enum rc evtx_record_lost(const struct evtx_record *record, const char *why, struct err *err);

// Fill `event` (event_init is called here) with all fields of the record, its
// array in `arena`. RC_OK, or RC_FAILED with the reason: a limit of limits.h,
// or BinXML nested in values of the payload that is none. Everything else that
// can be wrong makes evtx_chunk_next fail.
// event->offset is that in the chunk; chunk and file are the caller's to add.
MUST_USE enum rc evtx_record_event(struct evtx_reader *reader, const struct evtx_record *record,
				   struct arena *arena, struct event *event, struct err *err);

#endif
