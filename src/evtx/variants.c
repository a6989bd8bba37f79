// SPDX-License-Identifier: Apache-2.0
// Comparing definitions piece by piece.
#include "evtx/variants.h"

#include <string.h>

#include "base/limits.h"

#define DEFINITION_HEAD 24u

// What stands before a name reference, and the name. At the end of a
// definition there is one more without a name.
struct piece {
	const unsigned char *bytes;
	const unsigned char *name; // units and their u16 count before them
	uint32_t size;
	uint32_t name_size; // 2 + the units' bytes
	bool has_name;
	bool is_inline;
};

struct variant {
	struct variant *next;
	const struct evtx_program *program;
	unsigned char guid[16];
	uint32_t size; // of the definition behind its head
	enum place_kind place;
	uint32_t count;
	struct piece pieces[];
};

static uint32_t bucket_of(const unsigned char *guid, uint32_t size, enum place_kind place)
{
	uint32_t hash = (load_u32(guid) ^ size * 0x9E3779B1u) + (uint32_t)place;

	return (hash ^ hash >> 15) % VARIANT_BUCKETS;
}

// The name at `*at` equals the piece's; `*at` moves behind it.
static bool same_name(const struct piece *piece, const unsigned char *chunk, uint32_t *at)
{
	uint32_t name = load_u32(chunk + *at);

	*at += 4;
	if ((name == *at) != piece->is_inline)
		return false;
	if (piece->is_inline)
		*at += 8 + piece->name_size;
	else if (name < CHUNK_HEADER_SIZE || name > CHUNK_SIZE - 8 - piece->name_size)
		return false;
	return memcmp(chunk + name + 6, piece->name, piece->name_size) == 0;
}

static bool is_variant(const struct variant *variant, const unsigned char *chunk, uint32_t at)
{
	for (uint32_t i = 0; i < variant->count; i++) {
		const struct piece *piece = &variant->pieces[i];

		if (memcmp(chunk + at, piece->bytes, piece->size) != 0)
			return false;
		at += piece->size;
		if (piece->has_name && !same_name(piece, chunk, &at))
			return false;
	}
	return true;
}

const struct evtx_program *variants_find(const struct variants *variants,
					 const unsigned char *chunk, uint32_t definition,
					 enum place_kind place)
{
	const unsigned char *guid = chunk + definition + 4;
	uint32_t size = load_u32(guid + 16);
	uint32_t at = definition + DEFINITION_HEAD;
	const struct variant *variant = variants->buckets[bucket_of(guid, size, place)];

	if (size > CHUNK_SIZE - at)
		return NULL;
	for (; variant != NULL; variant = variant->next) {
		if (variant->size == size && variant->place == place &&
		    memcmp(variant->guid, guid, sizeof(variant->guid)) == 0 &&
		    is_variant(variant, chunk, at))
			return variant->program;
	}
	return NULL;
}

static const unsigned char *copy(struct arena *arena, const unsigned char *bytes, size_t size)
{
	return (const unsigned char *)arena_str(arena, (struct str){(const char *)bytes, size}).ptr;
}

// The piece from `at` to the reference at `end`; returns where the next begins.
static uint32_t cut_piece(struct piece *piece, struct arena *arena, const unsigned char *chunk,
			  uint32_t at, uint32_t end)
{
	uint32_t name = load_u32(chunk + end);

	piece->bytes = copy(arena, chunk + at, end - at);
	piece->size = end - at;
	piece->has_name = true;
	piece->is_inline = name == end + 4;
	piece->name_size = 2 + 2u * load_u16(chunk + name + 6);
	piece->name = copy(arena, chunk + name + 6, piece->name_size);
	return end + 4 + (piece->is_inline ? 8 + piece->name_size : 0);
}

static size_t chain_length(const struct variant *variant)
{
	size_t n = 0;

	for (; variant != NULL; variant = variant->next)
		n++;
	return n;
}

// What remembering the definition takes.
static size_t size_of(const unsigned char *chunk, uint32_t size, struct str references)
{
	size_t sum = sizeof(struct variant) + sizeof(struct piece) + size;

	for (size_t i = 0; i < references.len; i += sizeof(uint32_t)) {
		uint32_t reference;

		memcpy(&reference, references.ptr + i, sizeof(reference));
		sum += sizeof(struct piece) +
		       2u * load_u16(chunk + load_u32(chunk + reference) + 6);
	}
	return sum;
}

void variants_add(struct variants *variants, struct arena *arena, const unsigned char *chunk,
		  uint32_t definition, enum place_kind place, struct str references,
		  const struct evtx_program *program)
{
	const unsigned char *guid = chunk + definition + 4;
	uint32_t size = load_u32(guid + 16);
	uint32_t at = definition + DEFINITION_HEAD;
	uint32_t end = at + size;
	size_t count = references.len / sizeof(uint32_t);
	struct variant **bucket = &variants->buckets[bucket_of(guid, size, place)];
	struct variant *variant;

	if (chain_length(*bucket) >= LIMIT_VARIANT_CHAIN ||
	    size_of(chunk, size, references) > LIMIT_VARIANT_SIZE)
		return;
	variant = arena_zalloc(arena, sizeof(*variant) + (count + 1) * sizeof(struct piece));
	variant->program = program;
	memcpy(variant->guid, guid, sizeof(variant->guid));
	variant->size = size;
	variant->place = place;
	variant->count = (uint32_t)count + 1;
	for (size_t i = 0; i < count; i++) {
		uint32_t reference;

		memcpy(&reference, references.ptr + i * sizeof(reference), sizeof(reference));
		at = cut_piece(&variant->pieces[i], arena, chunk, at, reference);
	}
	variant->pieces[count].bytes = copy(arena, chunk + at, end - at);
	variant->pieces[count].size = end - at;
	variant->next = *bucket;
	*bucket = variant;
}
