// SPDX-License-Identifier: Apache-2.0
// Events -> an EVTX file in memory, format 3.1 (evtx-format.md 6).
//
// The file is what Windows writes for modern events: chunks with tables and
// checksums, an outer template of 18 values (layout A of evtx-format.md 4.2)
// for each computer, an inner template for each form of payload. The same
// events give the same bytes.
#ifndef EVTX_WRITER_H
#define EVTX_WRITER_H

#include "base/err.h"
#include "evtx/chunk_writer.h"
#include "evtx/xmltree.h"

// The System part of an event, and its payload. Text is UTF-8. Provider,
// channel and computer must not be empty. Only read during writer_add.
struct evtx_event {
	struct str provider;
	struct str event_source_name; // no attribute when empty
	struct str channel;
	struct str computer;
	const unsigned char *guid; // 16 bytes as stored, or NULL; the next two too
	const unsigned char *activity_id;
	const unsigned char *related_activity_id;
	struct str user; // binary SID, may be empty
	uint64_t time;	 // ticks, tm.h; of the record header too
	uint64_t keywords;
	uint64_t record_id; // EventRecordID; the header's counts by itself
	uint32_t process_id, thread_id;
	uint16_t event_id, task;
	uint16_t qualifiers;
	bool has_qualifiers;
	uint8_t version, level, opcode;
	// The root: EventData, or what stands inside UserData. Its substitutions
	// are numbered by the writer.
	struct xml_element *payload;
	bool user_data;
};

struct writer {
	struct buf *out;
	struct chunk_writer *chunk;
	struct chunk_range range; // of the chunk; ends before its start when empty
	uint64_t chunks;	  // finished ones
	struct arena arena;	  // of one event
};

// Start a file at the end of `out`; the first record header gets `first_id`.
void writer_init(struct writer *writer, struct buf *out, uint64_t first_id);
// Append an event. RC_FAILED when it does not even fit into an empty chunk;
// the file is then as if it had not been tried.
MUST_USE enum rc writer_add(struct writer *writer, const struct evtx_event *event, struct err *err);
// Finish the file: `out` is complete. At least one chunk is written.
void writer_finish(struct writer *writer);
// Free what the writer owns, not `out`. After writer_finish or instead of it.
void writer_release(struct writer *writer);

#endif
