// SPDX-License-Identifier: Apache-2.0
// Chunks under construction.
#include "evtx/chunk_writer.h"

#include <string.h>

#include "base/text.h"
#include "evtx/crc32.h"

#define STRING_BUCKETS 64
#define TEMPLATE_BUCKETS 32
#define TEMPLATE_TABLE (CHUNK_TABLES + 4 * STRING_BUCKETS)
#define NAME_HEAD 8 // next, hash, number of units

void chunk_set_uint(unsigned char *at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

void chunk_reset(struct chunk_writer *chunk)
{
	memset(chunk->bytes, 0, sizeof(chunk->bytes));
	chunk->used = CHUNK_HEADER_SIZE;
	chunk->full = false;
}

struct chunk_mark chunk_mark(const struct chunk_writer *chunk)
{
	struct chunk_mark mark = {.used = chunk->used};

	memcpy(mark.tables, chunk->bytes + CHUNK_TABLES, sizeof(mark.tables));
	return mark;
}

void chunk_rollback(struct chunk_writer *chunk, const struct chunk_mark *mark)
{
	memset(chunk->bytes + mark->used, 0, chunk->used - mark->used);
	memcpy(chunk->bytes + CHUNK_TABLES, mark->tables, sizeof(mark->tables));
	chunk->used = mark->used;
	chunk->full = false;
}

void chunk_seal(struct chunk_writer *chunk, const struct chunk_range *range)
{
	unsigned char *h = chunk->bytes;
	uint32_t crc;

	memcpy(h, "ElfChnk", 8);
	chunk_set_uint(h + 8, 8, range->first_number);
	chunk_set_uint(h + 16, 8, range->last_number);
	chunk_set_uint(h + 24, 8, range->first_id);
	chunk_set_uint(h + 32, 8, range->last_id);
	chunk_set_uint(h + 40, 4, 128);
	chunk_set_uint(h + 44, 4, range->last_record);
	chunk_set_uint(h + 48, 4, chunk->used);
	chunk_set_uint(h + 52, 4,
		       crc32_update(0, h + CHUNK_HEADER_SIZE, chunk->used - CHUNK_HEADER_SIZE));
	chunk_set_uint(h + 120, 4, 1);
	crc = crc32_update(0, h, 120);
	chunk_set_uint(h + 124, 4, crc32_update(crc, h + CHUNK_TABLES, CHUNK_TABLES_SIZE));
}

void chunk_put(struct chunk_writer *chunk, const void *bytes, size_t len)
{
	if (chunk->full || len > CHUNK_LIMIT - chunk->used) {
		chunk->full = true;
		return;
	}
	if (len != 0)
		memcpy(chunk->bytes + chunk->used, bytes, len);
	chunk->used += (uint32_t)len;
}

void chunk_put_uint(struct chunk_writer *chunk, size_t size, uint64_t value)
{
	unsigned char bytes[8];

	chunk_set_uint(bytes, size, value);
	chunk_put(chunk, bytes, size);
}

void chunk_patch(struct chunk_writer *chunk, uint32_t at, size_t size, uint64_t value)
{
	if (!chunk->full)
		chunk_set_uint(chunk->bytes + at, size, value);
}

// `text` as UTF-16LE in the scratch buffer.
static struct str to_units(struct chunk_writer *chunk, struct str text)
{
	buf_reset(&chunk->scratch);
	utf8_to_utf16(&chunk->scratch, text);
	return buf_str(&chunk->scratch);
}

void chunk_put_text(struct chunk_writer *chunk, struct str text)
{
	struct str units = to_units(chunk, text);

	// A count cut to 16 bits belongs to a text that does not fit anyway.
	chunk_put_uint(chunk, 2, units.len / 2);
	chunk_put(chunk, units.ptr, units.len);
}

uint16_t chunk_hash(const unsigned char *units, size_t len)
{
	uint32_t hash = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		hash = hash * 65599 + (uint32_t)(units[i] | units[i + 1] << 8);
	return (uint16_t)hash;
}

// Make `offset` the head of the bucket; returns the head so far.
static uint32_t replace_head(struct chunk_writer *chunk, uint32_t bucket, uint32_t offset)
{
	uint32_t head = get_u32(chunk->bytes + bucket);

	chunk_patch(chunk, bucket, 4, offset);
	return head;
}

static uint32_t find_name(const struct chunk_writer *chunk, uint32_t bucket, struct str units)
{
	uint32_t at = get_u32(chunk->bytes + bucket);

	for (; at != 0; at = get_u32(chunk->bytes + at)) {
		const unsigned char *entry = chunk->bytes + at;
		size_t len = (size_t)(entry[6] | entry[7] << 8) * 2;

		if (len == units.len && memcmp(entry + NAME_HEAD, units.ptr, len) == 0)
			return at;
	}
	return 0;
}

void chunk_put_name(struct chunk_writer *chunk, struct str name)
{
	struct str units = to_units(chunk, name);
	uint16_t hash = chunk_hash((const unsigned char *)units.ptr, units.len);
	uint32_t bucket = CHUNK_TABLES + 4 * (hash % STRING_BUCKETS);
	uint32_t entry = find_name(chunk, bucket, units);

	if (entry != 0) {
		chunk_put_uint(chunk, 4, entry);
		return;
	}
	entry = chunk->used + 4;
	chunk_put_uint(chunk, 4, entry);
	if (units.len > CHUNK_LIMIT || NAME_HEAD + units.len + 2 > CHUNK_LIMIT - chunk->used) {
		chunk->full = true;
		return;
	}
	chunk_put_uint(chunk, 4, replace_head(chunk, bucket, entry));
	chunk_put_uint(chunk, 2, hash);
	chunk_put_uint(chunk, 2, units.len / 2);
	chunk_put(chunk, units.ptr, units.len);
	chunk_put_uint(chunk, 2, 0);
}

static uint32_t template_bucket(const unsigned char guid[16])
{
	return TEMPLATE_TABLE + 4 * (chunk_hash(guid, 16) % TEMPLATE_BUCKETS);
}

uint32_t chunk_find_template(const struct chunk_writer *chunk, const unsigned char guid[16])
{
	uint32_t at = get_u32(chunk->bytes + template_bucket(guid));

	while (at != 0 && memcmp(chunk->bytes + at + 4, guid, 16) != 0)
		at = get_u32(chunk->bytes + at);
	return at;
}

uint32_t chunk_put_template(struct chunk_writer *chunk, const unsigned char guid[16])
{
	uint32_t at = chunk->used;

	chunk_put_uint(chunk, 4, 0);
	chunk_put(chunk, guid, 16);
	chunk_put_uint(chunk, 4, 0);
	if (!chunk->full)
		chunk_patch(chunk, at, 4, replace_head(chunk, template_bucket(guid), at));
	return at + 20;
}
