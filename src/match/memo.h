// SPDX-License-Identifier: Apache-2.0
// What engines found in values seen before.
//
// Users, images and computers repeat: nine of ten values of a log have been
// looked at already (performance.md 4). A memo keeps the literals found in a
// value under the value's own bytes, compared whole. It belongs to one state.
#ifndef MATCH_MEMO_H
#define MATCH_MEMO_H

#include "event/value.h"
#include "match/engine.h"

// Longer values repeat rarely, and many finds are rare.
#define MEMO_VALUE_MOST 144
#define MEMO_IDS_MOST 8

struct memo_entry {
	const struct engine *engine; // NULL = free
	uint32_t len;
	uint16_t type;
	uint16_t count;
	uint32_t ids[MEMO_IDS_MOST];
	unsigned char bytes[MEMO_VALUE_MOST];
};

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo *memo);
// Forget everything: engines went away.
void memo_clear(struct memo *memo);

// Where the value's entry is or would be; NULL when such values are not kept.
// `*known` says whether it holds this value's finds.
struct memo_entry *memo_find(struct memo *memo, const struct engine *engine,
			     const struct value *value, bool *known);
// Make the entry that of a value, with no finds yet.
void memo_set(struct memo_entry *entry, const struct engine *engine, const struct value *value);

#endif
