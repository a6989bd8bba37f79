// SPDX-License-Identifier: Apache-2.0
// A direct-mapped table: a newer value takes the place of an older one.
#include "match/memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MEMO_LOG2 12

struct memo {
	struct memo_entry entries[1 << MEMO_LOG2];
};

struct memo *memo_new(void)
{
	return mem_zalloc(sizeof(struct memo));
}

void memo_free(struct memo *memo)
{
	free(memo);
}

void memo_clear(struct memo *memo)
{
	memset(memo, 0, sizeof(*memo));
}

// Where an entry lands need not be unpredictable: a crafted log only loses the
// memo's help.
static size_t place(const struct engine *engine, const struct value *value)
{
	uint64_t hash = (uint64_t)(uintptr_t)engine ^ value->len;
	const unsigned char *at = value->ptr;
	size_t left = value->len;
	uint64_t word = 0;

	for (; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 31;
	}
	word = 0;
	memcpy(&word, at, left);
	return (size_t)((hash ^ word) * 0x9E3779B97F4A7C15u >> (64 - MEMO_LOG2));
}

struct memo_entry *memo_find(struct memo *memo, const struct engine *engine,
			     const struct value *value, bool *known)
{
	struct memo_entry *entry;

	*known = false;
	if (value->len == 0 || value->len > MEMO_VALUE_MOST)
		return NULL;
	entry = &memo->entries[place(engine, value)];
	*known = entry->engine == engine && entry->len == value->len &&
		 entry->type == value->type && memcmp(entry->bytes, value->ptr, value->len) == 0;
	return entry;
}

void memo_set(struct memo_entry *entry, const struct engine *engine, const struct value *value)
{
	entry->engine = engine;
	entry->len = value->len;
	entry->type = value->type;
	entry->count = 0;
	memcpy(entry->bytes, value->ptr, value->len);
}
