// SPDX-License-Identifier: Apache-2.0
// A window that slides over a file.
#include "recover/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ROOM (RECOVER_MARGIN + RECOVER_CELL + RECOVER_MARGIN)

void recover_stream_init(struct recover_stream *s, struct input_reader *input)
{
	memset(s, 0, sizeof(*s));
	s->input = input;
	s->bytes = mem_alloc(ROOM);
	s->cell.bytes = s->bytes;
}

void recover_stream_release(struct recover_stream *s)
{
	free(s->bytes);
}

enum rc recover_stream_open(struct recover_stream *s, size_t file, bool is_image, uint64_t cell,
			    struct err *err)
{
	struct evtx_file_header header;
	struct err no_log;
	size_t got;

	s->file = file;
	s->started = s->ended = false;
	s->cell.source = (uint32_t)file;
	s->cell.len = 0;
	s->cell.flags = 0;
	if (input_read(s->input, file, 0, s->bytes, EVTX_FILE_HEADER_SIZE, &got, err) != RC_OK)
		return RC_FAILED;
	s->cell.is_log = !is_image && evtx_file_parse(s->bytes, got, &header, &no_log) == RC_OK;
	if (s->cell.is_log)
		s->cell.flags = header.flags;
	s->cell.start = recover_first(s->cell.is_log) + cell * RECOVER_CELL;
	s->cell.offset = cell == 0 ? s->cell.start : s->cell.start - RECOVER_MARGIN;
	// In an archive there is no way back to the first bytes.
	if (cell == 0 && !s->cell.is_log)
		s->cell.len = got;
	return RC_OK;
}

// Drop what lies before the margin of the next cell.
static void slide(struct recover_stream *s)
{
	uint64_t keep;

	s->cell.start += RECOVER_CELL;
	keep = s->cell.start - RECOVER_MARGIN - s->cell.offset;
	if (keep > s->cell.len)
		keep = s->cell.len;
	memmove(s->bytes, s->bytes + keep, s->cell.len - (size_t)keep);
	s->cell.offset += keep;
	s->cell.len -= (size_t)keep;
}

enum rc recover_stream_next(struct recover_stream *s, struct err *err)
{
	uint64_t stop;
	size_t want;
	size_t got;
	enum rc rc;

	if (s->started)
		slide(s);
	s->started = true;
	if (s->ended && s->cell.offset + s->cell.len <= s->cell.start)
		return RC_END;
	if (s->ended)
		return RC_OK;
	stop = s->cell.start + RECOVER_CELL + RECOVER_MARGIN;
	want = (size_t)(stop - s->cell.offset) - s->cell.len;
	rc = input_read(s->input, s->file, s->cell.offset + s->cell.len, s->bytes + s->cell.len,
			want, &got, err);
	s->cell.len += got;
	s->ended = rc != RC_OK || got < want;
	if (rc == RC_OK && s->cell.offset + s->cell.len <= s->cell.start)
		return RC_END;
	return rc;
}
