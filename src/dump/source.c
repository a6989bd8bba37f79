// SPDX-License-Identifier: Apache-2.0
// Files -> chunks -> records.
#include "dump/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evtx/extent.h"
#include "refreader/refreader.h"

// As much as the second-level cache likes (performance.md 5).
#define PIECE_CHUNKS 4u
#define PIECE_SIZE (PIECE_CHUNKS * CHUNK_SIZE)

struct source {
	const struct input_list *list;
	bool libevtx;
	struct arena record;
	struct source_info info;
	struct refreader *refreader; // of the chunk; NULL until libevtx is needed
	struct evtx_reader *reader;
	struct input_reader *input;
	struct lost *lost; // NULL unless lost records are looked for
	size_t file;
	bool is_open;
	unsigned flags; // of the file's header
	struct evtx_extent extent;
	unsigned char *piece;
	size_t piece_len;
	uint64_t piece_at; // its offset in the file
	size_t chunk_at;   // of the current chunk in the piece
	size_t next_at;	   // of the next one
	bool in_chunk;
	struct evtx_chunk_info chunk;
	struct evtx_record view;
};

struct source *source_new(const struct input_list *list, bool libevtx)
{
	struct source *source = mem_zalloc(sizeof(*source));

	source->list = list;
	source->libevtx = libevtx;
	source->reader = evtx_reader_new();
	source->input = input_reader_new(list);
	source->piece = mem_alloc(PIECE_SIZE);
	return source;
}

struct lost *source_keep(struct source *source)
{
	source->lost = lost_new(source->input);
	return source->lost;
}

void source_free(struct source *source)
{
	if (source == NULL)
		return;
	refreader_close(source->refreader);
	lost_free(source->lost);
	evtx_reader_free(source->reader);
	input_reader_free(source->input);
	free(source->piece);
	arena_release(&source->record);
	free(source);
}

// Fill the piece from `at`. Less than asked for at the end of the file, and
// with RC_FAILED.
static enum rc read_piece(struct source *source, uint64_t at, size_t len, struct err *err)
{
	source->piece_at = at;
	source->chunk_at = 0;
	source->next_at = 0;
	return input_read(source->input, source->file, at, source->piece, len, &source->piece_len,
			  err);
}

static enum rc read_header(struct source *source, struct err *err)
{
	struct evtx_file_header header;

	if (read_piece(source, 0, EVTX_FILE_HEADER_SIZE, err) != RC_OK ||
	    evtx_file_parse(source->piece, source->piece_len, &header, err) != RC_OK)
		return RC_FATAL;
	source->flags = header.flags;
	source->info.damaged = header.crc_bad;
	source->extent = evtx_extent_of(&header, source->list->files[source->file].size);
	return RC_OK;
}

enum rc source_open(struct source *source, size_t file, struct err *err)
{
	const struct input_file *input = &source->list->files[file];

	source->info = (struct source_info){0};
	source->file = file;
	source->is_open = false;
	source->in_chunk = false;
	if (input->error.len != 0) {
		err_set(err, "%.*s", STR_ARG(input->error));
		return RC_FATAL;
	}
	if (input->is_image)
		return RC_OK; // no chunk is certain
	if (read_header(source, err) != RC_OK)
		return RC_FATAL;
	source->is_open = true;
	source->next_at = EVTX_FILE_HEADER_SIZE;
	source->extent.used = 0;
	return RC_OK;
}

// ---- chunks -------------------------------------------------------------

static void end_chunk(struct source *source)
{
	unsigned warnings = source->chunk.warnings;

	if ((warnings & (EVTX_CHUNK_HEADER_CRC | EVTX_CHUNK_DATA_CRC | EVTX_CHUNK_NO_HEADER |
			 EVTX_CHUNK_DAMAGED)) != 0)
		source->info.damaged = true;
	source->in_chunk = false;
}

static enum rc fail_piece(struct source *source, struct err *err)
{
	struct err why = *err;

	err_set(err, "cannot read on at offset %llu: %s",
		(unsigned long long)(source->piece_at + source->piece_len), why.text);
	source->info.damaged = true;
	source->is_open = false;
	return RC_FAILED;
}

// Nothing comes at piece_at: is that the end that was found?
static enum rc end_file(struct source *source, struct err *err)
{
	if (source->piece_at >= source->list->files[source->file].size) {
		evtx_is_cut(&source->extent, &source->info.cut);
		return RC_END;
	}
	err_set(err, "the file has become shorter");
	return fail_piece(source, err);
}

// RC_END for a slot that is not in use.
static enum rc open_chunk(struct source *source, struct err *err)
{
	size_t len;
	const void *bytes = source_bytes(source, &len);
	enum rc rc = evtx_chunk_open(source->reader, bytes, len, source->flags, &source->chunk);

	source->extent.used += rc == RC_OK;
	if (rc == RC_OK && source->libevtx)
		rc = refreader_set_chunk(&source->refreader, bytes, len, err);
	source->in_chunk = rc == RC_OK;
	return rc == RC_FATAL ? RC_FAILED : rc;
}

enum rc source_next_chunk(struct source *source, struct err *err)
{
	enum rc rc = RC_END;

	while (source->is_open && rc == RC_END) {
		source->chunk_at = source->next_at;
		if (source->chunk_at >= source->piece_len) {
			rc = read_piece(source, source->piece_at + source->chunk_at, PIECE_SIZE,
					err);
			// What could be read is looked at; then it fails once more.
			if (rc != RC_OK && source->piece_len == 0)
				return fail_piece(source, err);
			if (source->piece_len == 0)
				return end_file(source, err);
		}
		source->next_at = source->chunk_at + CHUNK_SIZE;
		rc = open_chunk(source, err);
	}
	return rc;
}

// ---- records ------------------------------------------------------------

// libevtx is asked for each record that the native reader finds, alone: what it lists by itself
// ends at the first one that it rejects, without a word.
static enum rc ask_libevtx(struct source *source, struct event *event, struct err *err)
{
	const struct evtx_record *record = &source->view;
	struct err why = {""};

	if (refreader_read(source->refreader, record->header_id, record->offset, &source->record,
			   event, &why) == RC_OK)
		return RC_OK;
	return evtx_record_lost(record, why.text, err);
}

static enum rc take_native(struct source *source, enum rc rc, struct event *event, struct err *err)
{
	if (rc == RC_OK)
		rc = evtx_record_event(source->reader, &source->view, &source->record, event, err);
	if (rc == RC_OK && source->lost != NULL)
		lost_see(source->lost, &source->view, event, source->file);
	return rc;
}

enum rc source_next(struct source *source, struct event *event, struct err *err)
{
	struct evtx_record *record = &source->view;
	uint64_t place = source->piece_at + source->chunk_at;
	enum rc rc;

	arena_reset(&source->record);
	event_init(event, &source->record);
	if (!source->in_chunk)
		return RC_END;
	do
		rc = evtx_chunk_next(source->reader, record, err);
	while (rc == RC_OK && record->recovered); // carved
	if (rc == RC_END) {
		end_chunk(source);
		return RC_END;
	}
	if (source->libevtx)
		rc = ask_libevtx(source, event, err);
	else
		rc = take_native(source, rc, event, err);
	event->header_id = record->header_id;
	event->offset = place + record->offset;
	event->chunk = (uint32_t)((place - EVTX_FILE_HEADER_SIZE) / CHUNK_SIZE);
	source->info.records += rc == RC_OK;
	source->info.lost += rc == RC_FAILED;
	return rc;
}

const struct source_info *source_info(const struct source *source)
{
	return &source->info;
}

uint64_t source_position(const struct source *source)
{
	return source->piece_at + source->next_at;
}

const void *source_bytes(const struct source *source, size_t *len)
{
	size_t left = source->piece_len - source->chunk_at;

	*len = left < CHUNK_SIZE ? left : CHUNK_SIZE;
	return source->piece + source->chunk_at;
}
