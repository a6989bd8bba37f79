// SPDX-License-Identifier: Apache-2.0
// Records, chunks and the file header around them.
#include "evtx/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evtx/binxml_writer.h"
#include "evtx/crc32.h"
#include "evtx/system_tree.h"

#define FILE_HEADER_SIZE 4096

// An empty range: the last number stands before the first.
static void start_chunk(struct writer *writer)
{
	struct chunk_range *range = &writer->range;

	range->first_number = range->last_number + 1;
	range->first_id = range->last_id + 1;
	range->last_record = 0;
	chunk_reset(writer->chunk);
}

void writer_init(struct writer *writer, struct buf *out, uint64_t first_id)
{
	memset(writer, 0, sizeof(*writer));
	writer->out = out;
	writer->chunk = mem_zalloc(sizeof(*writer->chunk));
	writer->range.last_id = first_id - 1;
	memset(buf_reserve(out, FILE_HEADER_SIZE), 0, FILE_HEADER_SIZE);
	out->len += FILE_HEADER_SIZE;
	start_chunk(writer);
}

static void finish_chunk(struct writer *writer)
{
	struct chunk_range range = writer->range;

	// No records: libevtx wants it written like this (evtx-format.md 1.7).
	if (range.last_record == 0)
		range.last_number = range.last_id = UINT64_MAX;
	chunk_seal(writer->chunk, &range);
	buf_put(writer->out, writer->chunk->bytes, CHUNK_SIZE);
	writer->chunks++;
}

// One record at the end of the chunk; false when it does not fit.
static bool put_record(struct writer *writer, const struct evtx_event *event,
		       const struct xml_element *root)
{
	struct chunk_writer *chunk = writer->chunk;
	uint32_t start = chunk->used;
	uint32_t size;

	chunk_put_uint(chunk, 4, RECORD_SIGNATURE);
	chunk_put_uint(chunk, 4, 0);
	chunk_put_uint(chunk, 8, writer->range.last_id + 1);
	chunk_put_uint(chunk, 8, event->time);
	binxml_put(chunk, &writer->arena, root, event->payload);
	// Records are multiples of 8 with the copy of the size at the end.
	chunk_put_uint(chunk, (8 - (chunk->used + 4) % 8) % 8, 0);
	size = chunk->used + 4 - start;
	chunk_put_uint(chunk, 4, size);
	chunk_patch(chunk, start + 4, 4, size);
	return !chunk->full;
}

static bool try_record(struct writer *writer, const struct evtx_event *event,
		       const struct xml_element *root)
{
	struct chunk_mark mark = chunk_mark(writer->chunk);

	if (!put_record(writer, event, root)) {
		chunk_rollback(writer->chunk, &mark);
		return false;
	}
	writer->range.last_record = mark.used;
	writer->range.last_number++;
	writer->range.last_id++;
	return true;
}

enum rc writer_add(struct writer *writer, const struct evtx_event *event, struct err *err)
{
	const struct xml_element *root = system_tree(&writer->arena, event);
	bool fits;

	xml_number(event->payload);
	fits = try_record(writer, event, root);
	if (!fits && writer->range.last_record != 0) {
		finish_chunk(writer);
		start_chunk(writer);
		fits = try_record(writer, event, root);
	}
	arena_reset(&writer->arena);
	if (fits)
		return RC_OK;
	err_set(err, "the event is too large: a record holds at most %u bytes",
		CHUNK_LIMIT - CHUNK_HEADER_SIZE);
	return RC_FAILED;
}

void writer_finish(struct writer *writer)
{
	unsigned char *h;

	if (writer->range.last_record != 0 || writer->chunks == 0)
		finish_chunk(writer);
	h = (unsigned char *)writer->out->ptr +
	    (writer->out->len - writer->chunks * CHUNK_SIZE - FILE_HEADER_SIZE);
	memcpy(h, "ElfFile", 8);
	chunk_set_uint(h + 16, 8, writer->chunks - 1);
	chunk_set_uint(h + 24, 8, writer->range.last_id + 1);
	chunk_set_uint(h + 32, 4, 128);
	chunk_set_uint(h + 36, 2, 1);
	chunk_set_uint(h + 38, 2, 3);
	chunk_set_uint(h + 40, 2, FILE_HEADER_SIZE);
	chunk_set_uint(h + 42, 2, writer->chunks);
	chunk_set_uint(h + 124, 4, crc32_update(0, h, 120));
}

void writer_release(struct writer *writer)
{
	if (writer->chunk != NULL)
		buf_release(&writer->chunk->scratch);
	free(writer->chunk);
	arena_release(&writer->arena);
	memset(writer, 0, sizeof(*writer));
}
