// SPDX-License-Identifier: Apache-2.0
// What a log says about itself, and what was found in it: flags, checksums, counts, and
// hints of tampering or damage. Plain data; src/integrity fills it.
//
// Facts of the format: evtx-format.md 1.2 to 1.7.
#ifndef OUTPUT_FILE_FACTS_H
#define OUTPUT_FILE_FACTS_H

#include "output/json.h"

enum checksum_state {
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_ABSENT, // the flag says that there is none, or there is no header for it
	CHECKSUM_STATES, // how many there are
};

// In the order in which they are told.
enum file_hint_kind {
	HINT_DIRTY,	      // never closed: copied while in use, or after a crash
	HINT_NO_CHECKSUMS,    // switched off
	HINT_HEADER_CHECKSUM, // of the file header
	HINT_CHUNK_CHECKSUM,  // of chunk headers or records
	HINT_DAMAGE,	      // chunks without header, torn or cut short
	HINT_NEXT_RECORD,     // the file header names another next record
	HINT_CHUNK_COUNT,     // the file header counts other chunks
	HINT_CHUNK_ORDER,     // the file header names other oldest or newest chunks
	HINT_CHUNK_RECORDS,   // a chunk header names other records
	HINT_RECORD_SEQUENCE, // numbers of record headers do not count up
	HINT_RECORD_SIZE,     // the two sizes of a record differ
	HINT_RECORD_CONTENT,  // a record is larger than its content: something is behind it
	HINT_HIDDEN_RECORD,   // and that is a record
	HINT_RECORD_ID_GAP,   // ids (EventRecordID) are missing
	HINT_TIME_STEP,	      // time goes back
	HINT_LOG_CLEARED,     // events 1102, 104, 517
	HINT_KINDS,	      // how many there are
};

struct file_hint {
	enum file_hint_kind kind;
	uint64_t count; // how often
	struct str text;
};

struct file_facts {
	// What the file header says.
	unsigned major, minor;
	bool dirty, full, no_checksums;
	enum checksum_state header_checksum;
	uint64_t oldest_chunk, newest_chunk;
	uint64_t next_record;
	uint64_t chunks_counted;

	// What was found.
	uint64_t chunks;
	uint64_t chunk_headers[CHECKSUM_STATES]; // chunks, by the checksum of their headers
	uint64_t chunk_records[CHECKSUM_STATES]; // by that of their records
	uint64_t records;		    // framed records, whether they can be decoded or not
	uint64_t first_record, last_record; // lowest and highest number in record headers; 0 = none
	uint64_t sizes_differ;		    // records whose two sizes differ

	const struct file_hint *hints; // by kind, each at most once
	size_t hint_count;
};

// "dirty", "gap", ...: for programs.
struct str file_hint_name(enum file_hint_kind kind);
// Append the facts as the next value; null for NULL.
void file_facts_put_json(struct json *json, const struct file_facts *facts);
// Append the facts, without the hints, as lines that begin with two blanks.
void file_facts_put_text(const struct file_facts *facts, struct buf *out);

#endif
