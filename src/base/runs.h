// SPDX-License-Identifier: Apache-2.0
// Items in order, in bounded memory: sorted runs, spilled and merged.
//
// Over its budget a `struct runs` sorts what it holds and writes it to a temporary
// file as a run; of many runs one is made, so that they stay few. At the end all runs of
// all that are read together are merged. The order is that of the items, whoever added them.
#ifndef BASE_RUNS_H
#define BASE_RUNS_H

#include "base/spill.h"

struct runs;
struct runs_reader;

// Like memcmp, for two items; they are not aligned.
typedef int runs_order(struct str a, struct str b);

// `budget` bytes are held before a run is written to `spill`, which several of one
// thread may share and which outlives them.
struct runs *runs_new(size_t budget, runs_order *order, struct spill *spill);
// Accepts NULL.
void runs_free(struct runs *runs);

// Append an item, the parts one after the other. RC_FATAL when a run could not be written.
MUST_USE enum rc runs_add(struct runs *runs, const struct str *parts, size_t count,
			  struct err *err);

// Merge all `runs`, of one order; they outlive the reader and get no more items.
struct runs_reader *runs_read(struct runs **runs, size_t count);
// Accepts NULL.
void runs_reader_free(struct runs_reader *reader);
// The next item in order, good until the next call. RC_OK, RC_END, or RC_FATAL when a run
// could not be read back.
MUST_USE enum rc runs_next(struct runs_reader *reader, struct str *item, struct err *err);

#endif
