// SPDX-License-Identifier: Apache-2.0
// From record to record, also where a chunk is torn (evtx-format.md 1.6).
#include <string.h>

#include "base/limits.h"
#include "evtx/reader_internal.h"

// Smaller than any record of a real log: bounds how many ids can be missing.
#define RECORD_LIKELY 128u

static bool has_signature(const struct evtx_reader *reader, uint32_t at, uint32_t end)
{
	return end >= RECORD_MIN && at <= end - RECORD_MIN &&
	       load_u32(reader->chunk + at) == RECORD_SIGNATURE;
}

static bool is_whole(const struct evtx_reader *reader, uint32_t at, uint32_t end)
{
	uint32_t size;

	if (!has_signature(reader, at, end))
		return false;
	size = load_u32(reader->chunk + at + 4);
	return size >= RECORD_MIN && size <= end - at &&
	       load_u32(reader->chunk + at + size - 4) == size;
}

// The next whole record at or behind `at`, `end` when there is none.
static uint32_t find_whole(const struct evtx_reader *reader, uint32_t at, uint32_t end)
{
	for (at = (at + 7) & ~7u; at < end; at += 8) {
		if (is_whole(reader, at, end))
			return at;
	}
	return end;
}

enum rc evtx_record_lost(const struct evtx_record *record, const char *why, struct err *err)
{
	err_set(err, "record %llu at chunk offset %u: %s", (unsigned long long)record->header_id,
		record->offset, why);
	return RC_FAILED;
}

static void set_last(struct evtx_reader *reader, const struct evtx_record *record)
{
	reader->has_last = true;
	reader->has_live = true;
	reader->last_id = record->header_id;
	reader->skipped = 0;
}

// A record found behind damage is live when its id fits into the gap.
static bool continues(const struct evtx_reader *reader, const struct evtx_record *record)
{
	return reader->has_last && record->header_id > reader->last_id &&
	       record->header_id - reader->last_id - 1 <= reader->skipped / RECORD_LIKELY;
}

static void damaged(struct evtx_reader *reader)
{
	reader->info->warnings |= EVTX_CHUNK_DAMAGED;
	reader->is_lost = true;
}

// The record that is due, by its id and by where its size leads, whatever its copy says.
static bool is_due(const struct evtx_reader *reader)
{
	const unsigned char *at = reader->chunk + reader->at;
	uint32_t size = load_u32(at + 4);

	return reader->has_last && load_u64(at + 8) == reader->last_id + 1 && size >= RECORD_MIN &&
	       size <= reader->end - reader->at &&
	       (size == reader->end - reader->at ||
		has_signature(reader, reader->at + size, reader->end));
}

// A record whose framing is sound.
static enum rc take_whole(struct evtx_reader *reader, struct evtx_record *record, struct err *err)
{
	const char *why = NULL;
	enum rc rc;

	view_start(reader, record, reader->at, load_u32(reader->chunk + reader->at + 4));
	reader->at += record->size;
	rc = view_open(reader, record, &why);
	if (!reader->is_lost) {
		set_last(reader, record);
		return rc == RC_OK ? rc : evtx_record_lost(record, why, err);
	}
	// Behind damage anything may lie: what is not sound was no record.
	if (rc == RC_OK && view_is_strict(reader, record)) {
		record->behind_damage = continues(reader, record);
		record->recovered = !record->behind_damage;
		if (record->behind_damage)
			set_last(reader, record);
		return RC_OK;
	}
	reader->skipped += record->size;
	return RC_END;
}

static void pass_over(struct evtx_reader *reader)
{
	reader->skipped += 8;
	reader->at += 8;
}

// The first record whose size or its copy is wrong: what follows is where the next whole
// one begins.
static enum rc take_torn(struct evtx_reader *reader, struct evtx_record *record, struct err *err)
{
	uint32_t size = load_u32(reader->chunk + reader->at + 4);
	uint32_t next = find_whole(reader, reader->at + RECORD_MIN, reader->end);
	const char *why = "its size is wrong";
	enum rc rc;

	if (size < RECORD_MIN || size > next - reader->at)
		size = next - reader->at;
	view_start(reader, record, reader->at, size);
	record->suspect = true;
	rc = view_open(reader, record, &why);
	damaged(reader);
	if (rc == RC_OK && record->header_id == reader->last_id + 1) {
		set_last(reader, record);
		reader->at += size;
		return RC_OK;
	}
	pass_over(reader);
	return evtx_record_lost(record, rc == RC_OK ? "its size is wrong" : why, err);
}

// Behind damage such a record is one only when it is due.
static enum rc take_due(struct evtx_reader *reader, struct evtx_record *record, struct err *err)
{
	const char *why = "its size is wrong";
	enum rc rc;

	if (!is_due(reader)) {
		pass_over(reader);
		return RC_END;
	}
	view_start(reader, record, reader->at, load_u32(reader->chunk + reader->at + 4));
	rc = view_open(reader, record, &why);
	reader->at += record->size;
	set_last(reader, record);
	if (rc != RC_OK || !view_is_strict(reader, record))
		return evtx_record_lost(record, why, err);
	record->suspect = true;
	record->behind_damage = true;
	return RC_OK;
}

static bool rest_is_zero(const struct evtx_reader *reader)
{
	for (uint32_t at = reader->at; at < reader->end; at++) {
		if (reader->chunk[at] != 0)
			return false;
	}
	return true;
}

// No record stands where one is due: the end, or damage to be jumped over.
static void resync(struct evtx_reader *reader)
{
	uint32_t next;

	// Some writers leave the free-space offset too high (1.6).
	if (rest_is_zero(reader)) {
		reader->at = reader->end;
		return;
	}
	next = find_whole(reader, reader->at, reader->end);
	damaged(reader);
	reader->skipped += next - reader->at;
	reader->at = next;
}

// Does the free-space offset lie inside the record that is due? Then it is wrong, and the rest is
// looked for from here on. (Torn, the record could be read once more by who begins behind it.)
static bool ends_inside(struct evtx_reader *reader)
{
	if (reader->is_lost || !reader->has_last || reader->end == CHUNK_SIZE ||
	    !is_whole(reader, reader->at, CHUNK_SIZE) ||
	    load_u64(reader->chunk + reader->at + 8) != reader->last_id + 1)
		return false;
	reader->info->warnings |= EVTX_CHUNK_DAMAGED;
	reader->is_dirty = true;
	reader->has_live = true;
	reader->end = reader->at;
	return true;
}

static enum rc walk_records(struct evtx_reader *reader, struct evtx_record *record, struct err *err)
{
	while (reader->at + RECORD_MIN <= reader->end) {
		enum rc rc = RC_END;

		if (is_whole(reader, reader->at, reader->end))
			rc = take_whole(reader, record, err);
		else if (ends_inside(reader))
			break;
		else if (has_signature(reader, reader->at, reader->end))
			rc = (reader->is_lost ? take_due : take_torn)(reader, record, err);
		else
			resync(reader);
		if (rc != RC_END)
			return rc;
	}
	return RC_END;
}

// The header names records, and there is none before the free-space offset: that one is
// wrong, and they are looked for behind it. An empty chunk has all ones for its last (1.7).
static void check_emptiness(struct evtx_reader *reader)
{
	const struct evtx_chunk_info *info = reader->info;

	if (!reader->has_last || reader->has_live || info->last_id < info->first_id ||
	    info->last_id == UINT64_MAX)
		return;
	reader->info->warnings |= EVTX_CHUNK_DAMAGED;
	reader->is_dirty = true;
	reader->end = CHUNK_HEADER_SIZE;
}

// Behind the free-space offset only the very next record counts.
static enum rc walk_beyond(struct evtx_reader *reader, struct evtx_record *record)
{
	const char *why;

	if (!is_whole(reader, reader->at, CHUNK_SIZE))
		return RC_END;
	view_start(reader, record, reader->at, load_u32(reader->chunk + reader->at + 4));
	if (record->header_id != reader->last_id + 1)
		return RC_END;
	if (view_open(reader, record, &why) != RC_OK || !view_is_strict(reader, record))
		return RC_END;
	record->beyond_free_space = true;
	reader->at += record->size;
	reader->last_id = record->header_id;
	return RC_OK;
}

enum rc evtx_chunk_next(struct evtx_reader *reader, struct evtx_record *record, struct err *err)
{
	enum rc rc;

	if (reader->phase == WALK_RECORDS) {
		rc = walk_records(reader, record, err);
		if (rc != RC_END)
			return rc;
		check_emptiness(reader);
		reader->phase = reader->is_dirty && reader->has_last ? WALK_BEYOND : WALK_END;
		reader->at = reader->end;
	}
	if (reader->phase == WALK_BEYOND) {
		rc = walk_beyond(reader, record);
		if (rc != RC_END)
			return rc;
		reader->phase = WALK_END;
	}
	return RC_END;
}
