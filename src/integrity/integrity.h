// SPDX-License-Identifier: Apache-2.0
// A log held against itself: do its header, checksums, counts, record numbers, ids and
// times agree? What does not is a hint of tampering or damage.
//
// Every byte passes once, every record is decoded once, in file order: about 2 seconds
// for a gigabyte on one processor, half of it SHA-256. One object belongs to one thread
// and takes one log after the other.
#ifndef INTEGRITY_INTEGRITY_H
#define INTEGRITY_INTEGRITY_H

#include "base/progress.h"
#include "input/reader.h"
#include "output/file_facts.h"

struct integrity;

struct integrity *integrity_new(void);
void integrity_free(struct integrity *integrity);

// A log in pieces, in order: first its header (EVTX_FILE_HEADER_SIZE bytes), then any
// number of whole chunks at a time, of which the last may be short. Bytes are not kept.
void integrity_begin(struct integrity *integrity);
void integrity_put(struct integrity *integrity, const void *bytes, size_t len);
// What there is to say, in `arena`; NULL when the header is none of a log.
const struct file_facts *integrity_end(struct integrity *integrity, struct arena *arena);

struct integrity_result {
	struct str sha256; // of all bytes
	const struct file_facts *facts;
};

// Read a whole file of the reader's list and hash it. RC_OK with the result in `arena`;
// RC_END when `progress` (or NULL) was told to stop; RC_FAILED with the reason when the
// file cannot be read to its end.
MUST_USE enum rc integrity_examine(struct integrity *integrity, struct input_reader *reader,
				   size_t file, struct progress *progress, struct arena *arena,
				   struct integrity_result *out, struct err *err);

#endif
