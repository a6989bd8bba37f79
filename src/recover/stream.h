// SPDX-License-Identifier: Apache-2.0
// The cells of a log or image, read one after the other.
#ifndef RECOVER_STREAM_H
#define RECOVER_STREAM_H

#include "input/reader.h"
#include "recover/recover.h"

struct recover_stream {
	struct input_reader *input; // the caller's
	size_t file;
	struct recover_cell cell; // `book` is the caller's to set
	unsigned char *bytes;	  // MARGIN, a cell, MARGIN
	bool started, ended;
};

// A stream over files of the reader; cheap in ascending order.
void recover_stream_init(struct recover_stream *stream, struct input_reader *input);
void recover_stream_release(struct recover_stream *stream);

// Start at a cell of the file: what begins with a log's header is a log, unless
// `is_image`; everything else is an image. RC_FAILED when it cannot be read.
MUST_USE enum rc recover_stream_open(struct recover_stream *stream, size_t file, bool is_image,
				     uint64_t cell, struct err *err);
// Go to the first or next cell: RC_OK, RC_END behind the last, RC_FAILED when it cannot be
// read on: what could be read is in the cell then, and the next call gives RC_END.
MUST_USE enum rc recover_stream_next(struct recover_stream *stream, struct err *err);

// How many cells a file of `size` bytes has; one more than there are at most.
static inline uint64_t recover_cells(uint64_t size)
{
	return (size + RECOVER_CELL - 1) / RECOVER_CELL;
}

#endif
