// SPDX-License-Identifier: Apache-2.0
// Hits in the order in which they are printed: what orders them, and how they lie in
// sorted runs (base/runs.h).
#ifndef SCAN_STORE_H
#define SCAN_STORE_H

#include "base/runs.h"

// What orders hits; texts are part of the encoded hit.
struct store_key {
	uint64_t time;
	uint64_t record_id;
	uint64_t sequence;
	uint32_t rule;
	uint32_t computer_len, channel_len, path_len, group_len; // texts, in this order
};

// For hits; as runs_new().
struct runs *store_new(size_t budget, struct spill *spill);

// Append a hit: its key, the key's texts one after the other, then the rest.
// RC_FATAL when a run could not be written.
MUST_USE enum rc store_add(struct runs *store, const struct store_key *key, struct str texts,
			   struct str body, struct err *err);

// The next hit in order; slices are good until the next call. RC_OK, RC_END, or
// RC_FATAL when a run could not be read back.
MUST_USE enum rc store_next(struct runs_reader *reader, struct store_key *key, struct str *texts,
			    struct str *body, struct err *err);

#endif
