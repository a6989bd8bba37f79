// SPDX-License-Identifier: Apache-2.0
// A hash map from byte strings to pointers, in order of insertion.
//
// Keys come from logs and rules, so the hash is keyed (SipHash-1-3) with a
// seed drawn once per process; nothing may depend on the order of buckets,
// and iteration gives the order of insertion. Keys are not copied: they must
// outlive the map. A zeroed struct is an empty map.
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map_entry {
	struct str key;
	uint64_t hash;
	void *value;
};

struct map {
	struct map_entry *entries; // in order of insertion
	size_t count;
	size_t cap;
	uint32_t *slots; // index + 1 into entries, 0 = free
	size_t slot_count;
};

void map_release(struct map *map);
// The value under `key`, NULL when there is none.
void *map_get(const struct map *map, struct str key);
// Put `value` (not NULL) under `key`; returns false and changes nothing when
// the key is there already.
bool map_add(struct map *map, struct str key, void *value);
// The entry of `key`, made with a NULL value when it is new. Good until the
// next insertion.
struct map_entry *map_entry(struct map *map, struct str key);

// The keyed hash that maps use; differs from process to process.
uint64_t hash_bytes(const void *bytes, size_t len);

#endif
