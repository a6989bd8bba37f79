// SPDX-License-Identifier: Apache-2.0
// Both readers over the same chunks: every difference, with what explains it.
//
// Chunk by chunk, libevtx reads all records that it finds in the bytes that the
// native reader has at hand, and each native record is compared with the one of
// the same record id. Fields are compared by path, in order, by their text. A
// difference is explained when refreader/differences.h names it.
#ifndef DUMP_VERIFY_H
#define DUMP_VERIFY_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"
#include "input/input.h"

enum verify_kind {
	VERIFY_FIELD,	     // a field with different values
	VERIFY_NATIVE_FIELD, // that only the native reader has
	VERIFY_REF_FIELD,    // that only libevtx has
	VERIFY_NATIVE,	     // a record that only the native reader has
	VERIFY_REF,	     // that only libevtx has
	VERIFY_LOST,	     // that neither can read; no difference
};

struct verify_item {
	enum verify_kind kind;
	struct str file;
	uint64_t header_id;
	uint64_t offset; // of the record in the file; 0 = unknown
	struct str path; // of the field
	struct str native;
	struct str ref;
	struct str reason;     // why a reader has no such record, as it says
	const char *explained; // the known difference, NULL = none
};

struct verify_counts {
	uint64_t both;	      // records that both have
	uint64_t only_native; // that only the native reader has
	uint64_t only_ref;    // that only libevtx has
	uint64_t lost;	      // that neither can read
	uint64_t fields;      // compared, of all records that libevtx can read when asked
	uint64_t explained, unexplained;
};

typedef void verify_report_fn(void *user, const struct verify_item *item);

struct verify;

// For files of `list`, which must outlive it.
struct verify *verify_new(const struct input_list *list, verify_report_fn *report, void *user);
void verify_free(struct verify *verify);

// Compare what both say about a file. RC_OK, or RC_FAILED when the native reader
// cannot read it, or not to its end, or the file is cut short; `counts` (of this file) is
// good then, too.
MUST_USE enum rc verify_file(struct verify *verify, size_t file, struct verify_counts *counts,
			     struct err *err);

// An item without its file, as one line for people (values cut at some length,
// nothing that steers a terminal), or of JSON.
void verify_put_text(struct buf *out, const struct verify_item *item);
void verify_put_json(struct buf *out, const struct verify_item *item);

#endif
