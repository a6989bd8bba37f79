// SPDX-License-Identifier: Apache-2.0
// The reader object: file headers, opening of chunks, what a chunk owns.
#include "evtx/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evtx/crc32.h"
#include "evtx/reader_internal.h"

// Only these flags mean something; the field is outside the checksum and one
// log has garbage in it (evtx-format.md 1.2).
#define FLAGS_KNOWN (EVTX_DIRTY | EVTX_FULL | EVTX_NO_CRC)

static const char file_signature[8] = "ElfFile";
static const char chunk_signature[8] = "ElfChnk";

enum rc evtx_file_parse(const void *bytes, size_t len, struct evtx_file_header *header,
			struct err *err)
{
	const unsigned char *at = bytes;

	if (len < sizeof(file_signature) ||
	    memcmp(at, file_signature, sizeof(file_signature)) != 0) {
		err_set(err, "not an EVTX file");
		return RC_FATAL;
	}
	if (len < EVTX_FILE_HEADER_SIZE) {
		err_set(err, "the file ends within its header");
		return RC_FATAL;
	}
	*header = (struct evtx_file_header){
		.first_chunk = load_u64(at + 8),
		.last_chunk = load_u64(at + 16),
		.next_record = load_u64(at + 24),
		.minor = load_u16(at + 36),
		.major = load_u16(at + 38),
		// Past 65,535 the count spills into the next word (1.2).
		.chunk_count = load_u32(at + 42),
		.flags = load_u32(at + 120) & FLAGS_KNOWN,
	};
	header->crc_bad = (header->flags & EVTX_NO_CRC) == 0 &&
			  crc32_update(0, at, 120) != load_u32(at + 124);
	return RC_OK;
}

bool evtx_file_slot(struct str file, uint64_t index, struct str *slot)
{
	if (file.len <= EVTX_FILE_HEADER_SIZE ||
	    index > (file.len - EVTX_FILE_HEADER_SIZE - 1) / CHUNK_SIZE)
		return false;
	*slot = str_sub(file, EVTX_FILE_HEADER_SIZE + (size_t)index * CHUNK_SIZE, CHUNK_SIZE);
	return true;
}

struct evtx_reader *evtx_reader_new(void)
{
	struct evtx_reader *reader = mem_zalloc(sizeof(*reader));

	store_init(&reader->store);
	reader->phase = WALK_END;
	return reader;
}

void evtx_reader_free(struct evtx_reader *reader)
{
	if (reader == NULL)
		return;
	store_release(&reader->store);
	map_release(&reader->shape_map);
	arena_release(&reader->arena);
	arena_release(&reader->scratch);
	free(reader->copy);
	free(reader);
}

struct str reader_text(struct evtx_reader *reader, const struct value *value)
{
	const unsigned char *bytes = value->ptr;
	struct text_entry *entry;
	size_t hash;

	if (value->type != VALUE_STRING || value->len < 2)
		return value_text(value, &reader->arena);
	hash = value->len + bytes[0] * 7u + bytes[value->len / 4 * 2] * 31u +
	       bytes[value->len - 2] * 5u;
	entry = &reader->texts[hash % TEXT_ENTRIES];
	if (entry->generation != reader->store.generation || entry->len != value->len ||
	    memcmp(entry->bytes, bytes, value->len) != 0) {
		entry->generation = reader->store.generation;
		entry->bytes = bytes;
		entry->len = value->len;
		entry->text = value_text(value, &reader->arena);
	}
	return entry->text;
}

static bool is_zero(const unsigned char *bytes, size_t len)
{
	return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

// A short slot continues with zeros.
static const unsigned char *extend(struct evtx_reader *reader, const void *chunk, size_t len)
{
	if (reader->copy == NULL)
		reader->copy = mem_alloc(CHUNK_SIZE);
	memset(reader->copy, 0, CHUNK_SIZE);
	memcpy(reader->copy, chunk, len);
	return reader->copy;
}

static void read_header(const unsigned char *chunk, struct evtx_chunk_info *info)
{
	info->first_number = load_u64(chunk + 8);
	info->last_number = load_u64(chunk + 16);
	info->first_id = load_u64(chunk + 24);
	info->last_id = load_u64(chunk + 32);
	info->last_record = load_u32(chunk + 44);
	info->free_space = load_u32(chunk + 48);
	info->flags = load_u32(chunk + 120);
	if (load_u32(chunk + 40) != 128)
		info->warnings |= EVTX_CHUNK_ODD_SIZE;
	if (info->free_space < CHUNK_HEADER_SIZE || info->free_space > CHUNK_SIZE) {
		info->warnings |= EVTX_CHUNK_FREE_SPACE;
		info->free_space =
			info->free_space < CHUNK_HEADER_SIZE ? CHUNK_HEADER_SIZE : CHUNK_SIZE;
	}
}

static void check_sums(const unsigned char *chunk, struct evtx_chunk_info *info)
{
	uint32_t header = crc32_update(0, chunk, 120);
	uint32_t data =
		crc32_update(0, chunk + CHUNK_HEADER_SIZE, info->free_space - CHUNK_HEADER_SIZE);

	header = crc32_update(header, chunk + 128, CHUNK_HEADER_SIZE - 128);
	if (header != load_u32(chunk + 124))
		info->warnings |= EVTX_CHUNK_HEADER_CRC;
	if (data != load_u32(chunk + 52) || (info->warnings & EVTX_CHUNK_FREE_SPACE) != 0)
		info->warnings |= EVTX_CHUNK_DATA_CRC;
}

void reader_reset(struct evtx_reader *reader)
{
	arena_reset(&reader->arena);
	reader->at = CHUNK_HEADER_SIZE;
	reader->is_lost = false;
	reader->has_last = false;
	reader->has_live = false;
	reader->phase = WALK_END;
	reader->skipped = 0;
	if (store_start_chunk(&reader->store)) {
		map_release(&reader->shape_map);
		memset(&reader->shape_map, 0, sizeof(reader->shape_map));
	}
	// Generations begin anew: a text of the last time is that of another chunk, and freed.
	if (reader->store.generation == 1)
		memset(reader->texts, 0, sizeof(reader->texts));
}

enum rc evtx_chunk_open(struct evtx_reader *reader, const void *chunk, size_t len,
			unsigned file_flags, struct evtx_chunk_info *info)
{
	const unsigned char *bytes = chunk;

	memset(info, 0, sizeof(*info));
	reader_reset(reader);
	if (len > CHUNK_SIZE)
		len = CHUNK_SIZE;
	if (is_zero(bytes, len))
		return RC_END;
	if (len < CHUNK_SIZE) {
		info->warnings |= EVTX_CHUNK_SHORT;
		bytes = extend(reader, chunk, len);
	}
	reader->chunk = bytes;
	reader->info = info;
	reader->end = CHUNK_SIZE;
	if (memcmp(bytes, chunk_signature, sizeof(chunk_signature)) != 0) {
		info->warnings |= EVTX_CHUNK_NO_HEADER;
		reader->is_lost = true;
		reader->phase = WALK_RECORDS;
		return RC_OK;
	}
	read_header(bytes, info);
	if (((file_flags | info->flags) & EVTX_NO_CRC) == 0)
		check_sums(bytes, info);
	// What was cut off is missing, not damaged.
	reader->end = len < info->free_space ? (uint32_t)len : info->free_space;
	reader->has_last = true;
	reader->last_id = info->first_id - 1;
	reader->is_dirty = (file_flags & EVTX_DIRTY) != 0 ||
			   (info->warnings & (EVTX_CHUNK_HEADER_CRC | EVTX_CHUNK_DATA_CRC |
					      EVTX_CHUNK_FREE_SPACE)) != 0;
	reader->phase = WALK_RECORDS;
	return RC_OK;
}
