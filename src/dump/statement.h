// SPDX-License-Identifier: Apache-2.0
// What `verify` states: which logs, by their hashes, were read by which readers, and how
// far these agree. For people, or a line of JSON for each part.
//
// Nothing in it depends on the clock or the machine: who verifies the same logs again
// with the same versions gets the same bytes.
#ifndef DUMP_STATEMENT_H
#define DUMP_STATEMENT_H

#include "dump/verify.h"
#include "integrity/integrity.h"

struct statement_archive {
	struct str path;
	uint64_t size;
	struct str sha256; // empty when it could not be made
};

struct statement_file {
	struct str path;
	uint64_t size;
	struct str duplicate_of;	// empty, or the path of the same bytes, which are compared
	struct integrity_result result; // sha256 is empty when it could not be made
	struct verify_counts counts;
	struct str problem; // empty, or why it was not read, or not to its end
};

struct statement {
	struct str version;	    // of this program and its reader
	struct str library_version; // of libevtx
	uint64_t files, unread, duplicates;
	struct verify_counts counts; // of all files
	uint64_t *kinds;	     // how often, by known difference, then by known failure
};

void statement_init(struct statement *statement, struct str version, struct str library_version);
void statement_release(struct statement *statement);
// Take note of a difference, and of a file that is done.
void statement_add_item(struct statement *statement, const struct verify_item *item);
void statement_add_file(struct statement *statement, const struct statement_file *file);

// Are all files read, all records given by both readers, all differences explained?
bool statement_is_good(const struct statement *statement);

// The parts for people, in this order: the head; each archive before its files; for each
// file its head, its differences and its counts; what the differences mean, and the conclusion; the
// closing line.
void statement_put_head(const struct statement *statement, struct buf *out);
void statement_put_archive(const struct statement_archive *archive, struct buf *out);
void statement_put_file_head(const struct statement_file *file, struct buf *out);
void statement_put_item(const struct verify_item *item, struct buf *out);
void statement_put_file_counts(const struct statement_file *file, struct buf *out);
void statement_put_conclusion(const struct statement *statement, struct buf *out);
void statement_put_closing(const struct statement *statement, struct buf *out);

// As lines of JSON: an archive, a file behind its differences (verify_put_json()), the
// whole.
void statement_put_archive_json(const struct statement_archive *archive, struct buf *out);
void statement_put_file_json(const struct statement_file *file, struct buf *out);
void statement_put_json(const struct statement *statement, struct buf *out);

#endif
