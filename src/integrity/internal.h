// SPDX-License-Identifier: Apache-2.0
// Between the files of src/integrity.
#ifndef INTEGRITY_INTERNAL_H
#define INTEGRITY_INTERNAL_H

#include "evtx/reader.h"
#include "integrity/integrity.h"
#include "metrics/metrics.h"

// Numbers in the headers of the records of a chunk: lowest and highest.
struct chunk_span {
	uint64_t first, last;
	uint64_t slot;
};

// Places where numbers of record headers do not count up by one, and the first of them.
struct breaks {
	uint64_t count;
	uint64_t after, before;
};

// Records of one kind, and the number of the first one.
struct records {
	uint64_t count;
	uint64_t first;
};

struct integrity {
	struct evtx_reader *reader;
	struct arena record;
	// Of the log at work.
	struct metrics *metrics;
	struct file_facts facts;
	unsigned flags; // of the file header
	bool has_header, is_log;
	uint64_t slot;	      // of the next chunk
	bool damaged;	      // records may be missing
	uint64_t bad_chunks;  // without header, torn, cut short
	uint64_t undecodable; // records
	struct chunk_span *spans;
	size_t span_count, span_cap;
	bool is_too_large; // for the spans of all its chunks
	struct breaks breaks;
	struct records larger;	      // than their content
	struct records hiding;	      // of these, with a record behind the content
	uint64_t last_covered;	      // last record of the chunk before the free-space offset
	uint64_t liars;		      // chunks whose header names other records
	struct chunk_span lie, truth; // of the first: what its header says, and what there is
};

static inline void breaks_add(struct breaks *breaks, uint64_t after, uint64_t before)
{
	if (breaks->count++ == 0) {
		breaks->after = after;
		breaks->before = before;
	}
}

static inline void records_add(struct records *records, uint64_t number)
{
	if (records->count++ == 0)
		records->first = number;
}

// Sort the spans by number, and count what does not follow.
void spans_sort(struct integrity *integrity);

// Fill in the hints of the facts, in `arena`.
void hints_make(struct integrity *integrity, struct arena *arena);

#endif
