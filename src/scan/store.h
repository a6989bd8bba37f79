// SPDX-License-Identifier: Apache-2.0
// Hits in order, in bounded memory: sorted runs, spilled and merged.
//
// A worker appends encoded hits to its own store. Over the budget the store
// sorts what it holds and writes it to an unlinked temporary file as a run; the
// file is made with the store, for later the program may not be allowed to. At
// the end all runs of all stores are merged. The order is that of the keys,
// whoever stored them.
#ifndef SCAN_STORE_H
#define SCAN_STORE_H

#include "base/err.h"
#include "base/str.h"

struct store;
struct store_reader;

// What orders hits; texts are part of the encoded hit.
struct store_key {
	uint64_t time;
	uint64_t record_id;
	uint64_t sequence;
	uint32_t rule;
	uint32_t computer_len, channel_len, path_len, group_len; // texts, in this order
};

// `budget` bytes are held before a run is written.
struct store *store_new(size_t budget);
void store_free(struct store *store);

// Append a hit: its key, the key's texts one after the other, then the rest.
// RC_FATAL when a run could not be written.
MUST_USE enum rc store_add(struct store *store, const struct store_key *key, struct str texts,
			   struct str body, struct err *err);

// Merge all runs of `stores`, which must outlive the reader and get no more hits.
struct store_reader *store_read(struct store **stores, size_t count);
void store_reader_free(struct store_reader *reader);
// The next hit in order; slices are good until the next call. RC_OK, RC_END, or
// RC_FATAL when a run could not be read back.
MUST_USE enum rc store_next(struct store_reader *reader, struct store_key *key, struct str *texts,
			    struct str *body, struct err *err);

#endif
