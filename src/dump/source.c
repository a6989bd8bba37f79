// SPDX-License-Identifier: Apache-2.0
// Files -> chunks -> records.
#include "dump/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "evtx/reader.h"
#include "refreader/refreader.h"

// As much as the second-level cache likes (performance.md 5).
#define PIECE_CHUNKS 4u
#define PIECE_SIZE (PIECE_CHUNKS * CHUNK_SIZE)

struct source {
	bool libevtx;
	struct arena record;
	struct source_info info;
	struct refreader *refreader; // of the open file
	struct evtx_reader *reader;
	int fd;
	unsigned flags; // of the file's header
	unsigned char *piece;
	size_t piece_len;
	uint64_t piece_at; // its offset in the file
	size_t chunk_at;   // of the current chunk in the piece
	size_t next_at;	   // of the next one
	bool in_chunk;
	struct evtx_chunk_info chunk;
	struct evtx_record view;
};

struct source *source_new(bool libevtx)
{
	struct source *source = mem_zalloc(sizeof(*source));

	source->libevtx = libevtx;
	source->fd = -1;
	if (!libevtx) {
		source->reader = evtx_reader_new();
		source->piece = mem_alloc(PIECE_SIZE);
	}
	return source;
}

static void close_file(struct source *source)
{
	refreader_close(source->refreader);
	source->refreader = NULL;
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}

void source_free(struct source *source)
{
	if (source == NULL)
		return;
	close_file(source);
	evtx_reader_free(source->reader);
	free(source->piece);
	arena_release(&source->record);
	free(source);
}

// Fill the piece from `at`. Less than asked for only at the end of the file.
static bool read_piece(struct source *source, uint64_t at, size_t len)
{
	source->piece_at = at;
	source->piece_len = 0;
	source->chunk_at = 0;
	source->next_at = 0;
	while (source->piece_len < len) {
		ssize_t got = pread(source->fd, source->piece + source->piece_len,
				    len - source->piece_len, (off_t)(at + source->piece_len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		source->piece_len += (size_t)got;
	}
	return true;
}

static enum rc open_native(struct source *source, const struct input_file *file, struct err *err)
{
	struct evtx_file_header header;

	source->fd = open(file->open_path, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0 || !read_piece(source, 0, EVTX_FILE_HEADER_SIZE)) {
		err_set(err, "%s", strerror(errno));
		return RC_FATAL;
	}
	if (evtx_file_parse(source->piece, source->piece_len, &header, err) != RC_OK)
		return RC_FATAL;
	source->flags = header.flags;
	source->info.damaged = header.crc_bad;
	source->next_at = EVTX_FILE_HEADER_SIZE;
	return RC_OK;
}

// libevtx ignores a last chunk that is cut short, without a word.
static enum rc open_libevtx(struct source *source, const struct input_file *file, struct err *err)
{
	struct refreader_info info;

	if (refreader_open(file->open_path, &source->refreader, err) != RC_OK)
		return RC_FATAL;
	refreader_get_info(source->refreader, &info);
	source->info.damaged = info.corrupted;
	source->info.cut_short = file->size > EVTX_FILE_HEADER_SIZE &&
				 (file->size - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE != 0;
	return RC_OK;
}

enum rc source_open(struct source *source, const struct input_file *file, struct err *err)
{
	close_file(source);
	source->info = (struct source_info){0};
	source->in_chunk = false;
	if (file->error.len != 0) {
		err_set(err, "%.*s", STR_ARG(file->error));
		return RC_FATAL;
	}
	return source->libevtx ? open_libevtx(source, file, err) : open_native(source, file, err);
}

// ---- chunks -------------------------------------------------------------

static void end_chunk(struct source *source)
{
	unsigned warnings = source->chunk.warnings;

	if ((warnings & (EVTX_CHUNK_HEADER_CRC | EVTX_CHUNK_DATA_CRC | EVTX_CHUNK_NO_HEADER |
			 EVTX_CHUNK_DAMAGED)) != 0)
		source->info.damaged = true;
	if ((warnings & EVTX_CHUNK_SHORT) != 0)
		source->info.cut_short = true;
	source->in_chunk = false;
}

static enum rc fail_piece(struct source *source, struct err *err)
{
	err_set(err, "cannot read on at offset %llu: %s", (unsigned long long)source->piece_at,
		strerror(errno));
	source->info.damaged = true;
	close_file(source);
	return RC_FAILED;
}

// False for a slot that is not in use.
static bool open_chunk(struct source *source)
{
	size_t len;
	const void *bytes = source_bytes(source, &len);

	source->in_chunk =
		evtx_chunk_open(source->reader, bytes, len, source->flags, &source->chunk) == RC_OK;
	return source->in_chunk;
}

static enum rc next_native_chunk(struct source *source, struct err *err)
{
	if (source->fd < 0)
		return RC_END;
	do {
		source->chunk_at = source->next_at;
		if (source->chunk_at >= source->piece_len) {
			if (!read_piece(source, source->piece_at + source->chunk_at, PIECE_SIZE))
				return fail_piece(source, err);
			if (source->piece_len == 0)
				return RC_END;
		}
		source->next_at = source->chunk_at + CHUNK_SIZE;
	} while (!open_chunk(source));
	return RC_OK;
}

enum rc source_next_chunk(struct source *source, struct err *err)
{
	if (!source->libevtx)
		return next_native_chunk(source, err);
	if (source->in_chunk)
		return RC_END;
	source->in_chunk = true;
	return RC_OK;
}

// ---- records ------------------------------------------------------------

static enum rc next_native(struct source *source, struct event *event, struct err *err)
{
	struct evtx_record *record = &source->view;
	uint64_t place = source->piece_at + source->chunk_at;
	enum rc rc = RC_END;

	if (source->in_chunk) {
		do
			rc = evtx_chunk_next(source->reader, record, err);
		while (rc == RC_OK && record->recovered); // carved
		if (rc == RC_END)
			end_chunk(source);
	}
	if (rc == RC_END)
		return rc;
	if (rc == RC_OK)
		rc = evtx_record_event(source->reader, record, &source->record, event, err);
	event->header_id = record->header_id;
	event->offset = place + record->offset;
	event->chunk = (uint32_t)((place - EVTX_FILE_HEADER_SIZE) / CHUNK_SIZE);
	return rc;
}

enum rc source_next(struct source *source, struct event *event, struct err *err)
{
	enum rc rc;

	arena_reset(&source->record);
	event_init(event, &source->record);
	if (source->libevtx)
		rc = refreader_next(source->refreader, &source->record, event, err);
	else
		rc = next_native(source, event, err);
	source->info.records += rc == RC_OK;
	source->info.lost += rc == RC_FAILED;
	return rc;
}

const struct source_info *source_info(const struct source *source)
{
	return &source->info;
}

const void *source_bytes(const struct source *source, size_t *len)
{
	size_t left = source->piece_len - source->chunk_at;

	*len = left < CHUNK_SIZE ? left : CHUNK_SIZE;
	return source->piece + source->chunk_at;
}
