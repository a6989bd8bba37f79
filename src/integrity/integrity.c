// SPDX-License-Identifier: Apache-2.0
// The bytes of a log on their way past all that looks at them.
#include "integrity/integrity.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "integrity/internal.h"

#define PIECE (4 * CHUNK_SIZE)
#define RECORD_SIGNATURE 0x2A2Au
#define RECORD_HEAD 24u
#define RECORD_MIN 28u

struct integrity *integrity_new(void)
{
	struct integrity *integrity = mem_zalloc(sizeof(*integrity));

	integrity->reader = evtx_reader_new();
	return integrity;
}

void integrity_free(struct integrity *integrity)
{
	if (integrity == NULL)
		return;
	evtx_reader_free(integrity->reader);
	metrics_free(integrity->metrics);
	arena_release(&integrity->record);
	free(integrity->spans);
	free(integrity);
}

// What is kept from log to log: the reader with its templates, and memory.
void integrity_begin(struct integrity *integrity)
{
	struct integrity fresh = {
		.reader = integrity->reader,
		.record = integrity->record,
		.spans = integrity->spans,
		.span_cap = integrity->span_cap,
	};

	metrics_free(integrity->metrics);
	*integrity = fresh;
	integrity->metrics = metrics_new(METRICS_BIT(METRICS_GAPS) | METRICS_BIT(METRICS_STEPS) |
					 METRICS_BIT(METRICS_CLEARS));
	metrics_begin_file(integrity->metrics, STR(""));
}

// ---- records ------------------------------------------------------------

// Do both sizes of the record agree? A record that is larger than its content has two
// right ones.
static bool sizes_agree(const struct evtx_record *record, const unsigned char *chunk, size_t len)
{
	uint32_t size;

	if (record->offset > len || len - record->offset < RECORD_MIN)
		return false;
	size = load_u32(chunk + record->offset + 4);
	return size >= RECORD_MIN && size <= len - record->offset &&
	       load_u32(chunk + record->offset + size - 4) == size;
}

// Is there a record in the record, up to its end? So a record is taken out of sight:
// the one before it is made longer, and the checksums are made anew.
static bool hides_record(const struct evtx_record *record, const unsigned char *chunk)
{
	uint32_t end = record->offset + record->size;

	for (uint32_t at = record->offset + RECORD_MIN + 4; at + RECORD_MIN <= end; at += 8) {
		if (load_u32(chunk + at) == RECORD_SIGNATURE &&
		    load_u32(chunk + at + 4) == end - at)
			return true;
	}
	return false;
}

static void look_at_size(struct integrity *integrity, const struct evtx_record *record,
			 const unsigned char *chunk, size_t len)
{
	if (!record->suspect)
		return;
	if (!sizes_agree(record, chunk, len)) {
		integrity->facts.sizes_differ++;
		return;
	}
	records_add(&integrity->larger, record->header_id);
	if (hides_record(record, chunk))
		records_add(&integrity->hiding, record->header_id);
}

static void count_record(struct integrity *integrity, const struct evtx_record *record)
{
	struct event event;

	arena_reset(&integrity->record);
	if (evtx_record_event(integrity->reader, record, &integrity->record, &event, NULL) != RC_OK)
		integrity->undecodable++;
	else
		metrics_event(integrity->metrics, &event);
}

// ---- chunks -------------------------------------------------------------

static void count_checksums(struct integrity *integrity, const struct evtx_chunk_info *info)
{
	struct file_facts *facts = &integrity->facts;
	bool absent = ((integrity->flags | info->flags) & EVTX_NO_CRC) != 0;
	bool bad_header = (info->warnings & EVTX_CHUNK_HEADER_CRC) != 0;
	bool bad_records = (info->warnings & EVTX_CHUNK_DATA_CRC) != 0;

	facts->chunk_headers[absent	  ? CHECKSUM_ABSENT
			     : bad_header ? CHECKSUM_BAD
					  : CHECKSUM_GOOD]++;
	facts->chunk_records[absent	   ? CHECKSUM_ABSENT
			     : bad_records ? CHECKSUM_BAD
					   : CHECKSUM_GOOD]++;
}

static void add_span(struct integrity *integrity, const struct chunk_span *span)
{
	if (integrity->span_count == LIMIT_INTEGRITY_CHUNKS) {
		integrity->is_too_large = true;
		return;
	}
	mem_grow(&integrity->spans, &integrity->span_cap, integrity->span_count + 1,
		 sizeof(*integrity->spans));
	integrity->spans[integrity->span_count++] = *span;
}

// A chunk that is whole: its header against its records.
static void hold_against_header(struct integrity *integrity, const struct evtx_chunk_info *info,
				const struct chunk_span *span)
{
	add_span(integrity, span);
	// Of a log that was not closed it is of some earlier moment.
	if (info->first_id == span->first && info->last_id == integrity->last_covered)
		return;
	if (integrity->liars++ == 0) {
		integrity->lie = (struct chunk_span){info->first_id, info->last_id, span->slot};
		integrity->truth = *span;
	}
}

static void count_span(struct file_facts *facts, const struct chunk_span *span)
{
	if (facts->first_record == 0 || span->first < facts->first_record)
		facts->first_record = span->first;
	if (span->last > facts->last_record)
		facts->last_record = span->last;
}

// All records of an open chunk; returns how many there are.
static uint64_t walk_chunk(struct integrity *integrity, const unsigned char *bytes, size_t len,
			   struct chunk_span *span, struct breaks *breaks)
{
	struct evtx_record record;
	uint64_t count = 0;
	enum rc rc;

	while ((rc = evtx_chunk_next(integrity->reader, &record, NULL)) != RC_END) {
		if (rc == RC_OK && record.recovered)
			continue;
		look_at_size(integrity, &record, bytes, len);
		if (rc == RC_OK)
			count_record(integrity, &record);
		else
			integrity->undecodable++;
		if (count++ == 0)
			span->first = record.header_id;
		else if (record.header_id != span->last + 1)
			breaks_add(breaks, span->last, record.header_id);
		span->last = record.header_id;
		if (!record.beyond_free_space)
			integrity->last_covered = record.header_id;
	}
	return count;
}

static void look_at_chunk(struct integrity *integrity, const unsigned char *bytes, size_t len)
{
	struct chunk_span span = {.slot = integrity->slot++};
	struct breaks breaks = {0};
	struct evtx_chunk_info info;
	uint64_t count;

	if (evtx_chunk_open(integrity->reader, bytes, len, integrity->flags, &info) == RC_END)
		return;
	integrity->last_covered = info.last_id; // when all stand behind the free-space offset
	count = walk_chunk(integrity, bytes, len, &span, &breaks);
	integrity->facts.records += count;
	if ((info.warnings & EVTX_CHUNK_NO_HEADER) == 0) {
		integrity->facts.chunks++;
		count_checksums(integrity, &info);
	}
	if (count > 0)
		count_span(&integrity->facts, &span);
	if ((info.warnings & (EVTX_CHUNK_NO_HEADER | EVTX_CHUNK_DAMAGED | EVTX_CHUNK_SHORT)) != 0) {
		integrity->bad_chunks++;
		integrity->damaged = true;
	} else if (count > 0) {
		hold_against_header(integrity, &info, &span);
		integrity->breaks.count += breaks.count;
		if (integrity->breaks.count == breaks.count)
			integrity->breaks = breaks;
	}
}

// ---- files --------------------------------------------------------------

static void take_header(struct integrity *integrity, const void *bytes, size_t len)
{
	struct file_facts *facts = &integrity->facts;
	struct evtx_file_header header;

	integrity->has_header = true;
	if (evtx_file_parse(bytes, len, &header, NULL) != RC_OK)
		return;
	integrity->is_log = true;
	integrity->flags = header.flags;
	facts->major = header.major;
	facts->minor = header.minor;
	facts->dirty = (header.flags & EVTX_DIRTY) != 0;
	facts->full = (header.flags & EVTX_FULL) != 0;
	facts->no_checksums = (header.flags & EVTX_NO_CRC) != 0;
	facts->header_checksum = facts->no_checksums ? CHECKSUM_ABSENT
				 : header.crc_bad    ? CHECKSUM_BAD
						     : CHECKSUM_GOOD;
	facts->oldest_chunk = header.first_chunk;
	facts->newest_chunk = header.last_chunk;
	facts->next_record = header.next_record;
	facts->chunks_counted = header.chunk_count;
}

void integrity_put(struct integrity *integrity, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	if (!integrity->has_header) {
		take_header(integrity, bytes, len);
		return;
	}
	while (integrity->is_log && len > 0) {
		size_t part = len < CHUNK_SIZE ? len : CHUNK_SIZE;

		look_at_chunk(integrity, at, part);
		at += part;
		len -= part;
	}
}

const struct file_facts *integrity_end(struct integrity *integrity, struct arena *arena)
{
	struct file_facts *facts;

	if (!integrity->is_log)
		return NULL;
	metrics_end_file(integrity->metrics, integrity->damaged || integrity->undecodable > 0);
	spans_sort(integrity);
	hints_make(integrity, arena);
	facts = arena_alloc(arena, sizeof(*facts));
	*facts = integrity->facts;
	return facts;
}

static enum rc pass_all(struct integrity *integrity, struct input_reader *reader, size_t file,
			struct progress *progress, struct sha256 *hash, struct err *err)
{
	unsigned char *piece = mem_alloc(PIECE);
	size_t want = EVTX_FILE_HEADER_SIZE;
	uint64_t at = 0;
	enum rc rc;
	size_t got;

	do {
		rc = input_read(reader, file, at, piece, want, &got, err);
		sha256_put(hash, piece, got);
		if (rc == RC_OK && got > 0)
			integrity_put(integrity, piece, got);
		if (rc == RC_OK && got < want)
			break;
		at += got;
		want = PIECE;
		if (rc == RC_OK && progress_stopped(progress))
			rc = RC_END;
	} while (rc == RC_OK);
	free(piece);
	return rc;
}

enum rc integrity_examine(struct integrity *integrity, struct input_reader *reader, size_t file,
			  struct progress *progress, struct arena *arena,
			  struct integrity_result *out, struct err *err)
{
	struct sha256 *hash = sha256_new();
	char text[SHA256_TEXT_SIZE];
	enum rc rc;

	integrity_begin(integrity);
	rc = pass_all(integrity, reader, file, progress, hash, err);
	if (rc == RC_OK) {
		sha256_text(hash, text);
		out->sha256 = arena_str(arena, str_from(text));
		out->facts = integrity_end(integrity, arena);
	}
	sha256_free(hash);
	return rc;
}
