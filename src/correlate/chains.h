// SPDX-License-Identifier: Apache-2.0
// Chains of temporal_ordered (sigma-engine.md 4.5) in a moving window: of each length and last
// rule the one that begins last, which leaves the window last and can still grow the longest.
#ifndef CORRELATE_CHAINS_H
#define CORRELATE_CHAINS_H

#include "base/arena.h"
#include "correlate/internal.h"

// The end of a chain; `prev` leads back to its first item.
struct link {
	const struct link *prev;
	size_t item, first; // first: of the chain
};

struct chains {
	const struct correlation *corr;
	struct series series;
	size_t most; // length; longer ones make no difference
	size_t end;  // one behind the last item added
	struct arena arena;
	const struct link **best; // [length - 1][rule], of the records in front of the last
	const struct link **next; // the same, of the last record: a chain needs different ones
	size_t *latest;		  // [length - 1]: the last `first` of all, + 1; 0 = none
};

// For windows over `series`; nothing is in the window yet.
void chains_init(struct chains *c, const struct correlation *corr, struct series series);
void chains_release(struct chains *c);
// Forget what was added.
void chains_clear(struct chains *c);

// The items come in order.
void chains_add(struct chains *c, size_t item);

// The length of the longest chain in the items [from, end), `most` at most.
size_t chains_longest(const struct chains *c, size_t from);
// A chain of length `most` that the last record completes; NULL = it completes none.
const struct link *chains_completed(const struct chains *c);
// The first item of the chains that matter to windows to come. When only the items from
// there on are added anew, the same come out: all others are too old, or stay too short.
size_t chains_first_live(const struct chains *c);

#endif
