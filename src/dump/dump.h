// SPDX-License-Identifier: Apache-2.0
// Records as JSONL, CSV or XML, one a line.
//
// JSONL and XML nest the fields as layout.h says. CSV has fixed columns, with
// everything outside System in one of them. Nothing that a log holds can break
// the form (output/escape.h).
//
// Recovered records say so, where they were found and at which byte: JSONL in a member
// before "Event", XML in a comment before <Event>, CSV in two more columns that
// `recovered` adds.
#ifndef DUMP_DUMP_H
#define DUMP_DUMP_H

#include "base/buf.h"
#include "event/event.h"

enum dump_format { DUMP_JSONL, DUMP_CSV, DUMP_XML };

bool dump_parse_format(struct str name, enum dump_format *out);

struct dump;

struct dump *dump_new(enum dump_format format, bool recovered);
void dump_free(struct dump *dump);

// Append what stands before the first record, a record, and what stands behind
// the last one. `path` is the file's, to show. A dump is for the events of one
// source (their shapes must mean the same).
void dump_head(struct dump *dump, struct buf *out);
void dump_event(struct dump *dump, const struct event *event, struct str path, struct buf *out);
void dump_tail(struct dump *dump, struct buf *out);

#endif
