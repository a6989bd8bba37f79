// SPDX-License-Identifier: Apache-2.0
// Insertion-ordered hash map with linear probing.
#include "base/map.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

static uint64_t rotl(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

// The seed need not be secret for long: it only has to differ between runs, so
// that a log cannot be made whose names all fall into one bucket.
static const uint64_t *hash_key(void)
{
	static uint64_t key[2];

	if (key[1] == 0) {
		struct timespec now = {0, 0};

		clock_gettime(CLOCK_REALTIME, &now);
		key[0] = (uint64_t)now.tv_nsec * 0x9E3779B97F4A7C15u ^ (uint64_t)getpid() << 32;
		key[1] = ((uint64_t)now.tv_sec ^ (uint64_t)(uintptr_t)&key) | 1;
	}
	return key;
}

// Drawn before main, so that threads only ever read it.
__attribute__((constructor)) static void draw_hash_key(void)
{
	hash_key();
}

uint64_t hash_bytes(const void *bytes, size_t len)
{
	const uint64_t *key = hash_key();
	const unsigned char *at = bytes;
	uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
			 key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
	uint64_t word = 0;

	for (size_t left = len; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	word = (uint64_t)len << 56;
	for (size_t i = 0; i < len % 8; i++)
		word |= (uint64_t)at[i] << (8 * i);
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_release(struct map *map)
{
	free(map->entries);
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

// Slot of the key, or the free slot where it would go.
static size_t find_slot(const struct map *map, struct str key, uint64_t hash)
{
	size_t at = (size_t)hash & (map->slot_count - 1);

	while (map->slots[at] != 0) {
		const struct map_entry *entry = &map->entries[map->slots[at] - 1];

		if (entry->hash == hash && str_eq(entry->key, key))
			return at;
		at = (at + 1) & (map->slot_count - 1);
	}
	return at;
}

static void grow_slots(struct map *map)
{
	size_t count = map->slot_count != 0 ? map->slot_count * 2 : 16;

	free(map->slots);
	map->slots = mem_zalloc(count * sizeof(*map->slots));
	map->slot_count = count;
	for (size_t i = 0; i < map->count; i++) {
		size_t at = find_slot(map, map->entries[i].key, map->entries[i].hash);

		map->slots[at] = (uint32_t)(i + 1);
	}
}

void *map_get(const struct map *map, struct str key)
{
	size_t at;

	if (map->count == 0)
		return NULL;
	at = find_slot(map, key, hash_bytes(key.ptr, key.len));
	return map->slots[at] != 0 ? map->entries[map->slots[at] - 1].value : NULL;
}

struct map_entry *map_entry(struct map *map, struct str key)
{
	uint64_t hash = hash_bytes(key.ptr, key.len);
	size_t at;

	if ((map->count + 1) * 4 > map->slot_count * 3)
		grow_slots(map);
	at = find_slot(map, key, hash);
	if (map->slots[at] == 0) {
		mem_grow(&map->entries, &map->cap, map->count + 1, sizeof(*map->entries));
		map->entries[map->count] = (struct map_entry){key, hash, NULL};
		map->slots[at] = (uint32_t)++map->count;
	}
	return &map->entries[map->slots[at] - 1];
}

bool map_add(struct map *map, struct str key, void *value)
{
	struct map_entry *entry = map_entry(map, key);

	if (entry->value != NULL)
		return false;
	entry->value = value;
	return true;
}
