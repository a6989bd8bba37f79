// SPDX-License-Identifier: Apache-2.0
// Columns of hits, for CSV and JSON: by name, and in profiles.
#ifndef OUTPUT_COLUMNS_H
#define OUTPUT_COLUMNS_H

#include "base/arena.h"
#include "base/err.h"
#include "output/hit.h"

// What a column of a hit holds.
enum cell_kind {
	CELL_TEXT,
	CELL_NUMBER,
	CELL_TIME,
	CELL_UTC, // a time that is UTC in any zone
	CELL_TEXTS,
	CELL_PAIRS,
};

struct cell {
	enum cell_kind kind;
	struct str text;
	bool known; // CELL_NUMBER
	uint64_t number;
	uint64_t time; // ticks, 0 = unknown
	const struct str *texts;
	const struct hit_pair *pairs;
	size_t count; // of texts, pairs
};

struct column {
	const char *name;
	unsigned needs; // bits of enum output_need
	// What is made for the cell lives in `arena`.
	struct cell (*cell)(const struct hit *hit, struct arena *arena);
};

// Columns in order; the array lives in the arena of whoever made it.
struct columns {
	const struct column **items;
	size_t count;
};

// Those of design.md, section 2.
const struct columns *columns_default(void);
// Of records that were searched for.
const struct columns *columns_search(void);

// The columns of "Timestamp,RuleTitle,..."; case ignored, each once. RC_FAILED
// with the reason, which lists what there is.
MUST_USE enum rc columns_parse(struct str list, struct arena *arena, struct columns *out,
			       struct err *err);
// The columns of a profile ("minimal", ...). RC_FAILED as above.
MUST_USE enum rc columns_of_profile(struct str name, struct arena *arena, struct columns *out,
				    struct err *err);

// Field and value of one of hit->matches; a keyword, which has no field of its own,
// gets the first one of the record that has the value.
struct hit_pair columns_match(const struct hit *hit, size_t match);

unsigned columns_needs(const struct columns *columns);

#endif
