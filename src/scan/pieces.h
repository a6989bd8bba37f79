// SPDX-License-Identifier: Apache-2.0
// Pieces of logs on their way from the thread that unpacks an archive to those
// that look at the records. For src/scan only.
//
// A bounded number of buffers goes round; when all are full the unpacking thread
// looks at its piece itself, so that no thread waits while there is work.
#ifndef SCAN_PIECES_H
#define SCAN_PIECES_H

#include "base/str.h"

// Chunks of a piece: 256 KiB keep the lock-free counter and the page cache
// busy enough, and stay in the second-level cache (performance.md 5).
#define PIECE_CHUNKS 4u

// Consecutive chunks of one log.
struct piece {
	uint32_t file;
	unsigned flags; // of the file's header
	uint64_t first; // chunk
	size_t len;	// bytes; the last chunk may be short
	unsigned char *bytes;
};

struct pieces;

// For `archives` archives to be unpacked.
struct pieces *pieces_new(unsigned buffers, size_t archives);
void pieces_free(struct pieces *pieces);

// One archive is done, or all that are left are given up.
void pieces_end(struct pieces *pieces);
void pieces_stop(struct pieces *pieces);

// A free buffer of PIECE_CHUNKS chunks; NULL when all are in use.
unsigned char *pieces_buffer(struct pieces *pieces);
// Hand over a piece in such a buffer.
void pieces_put(struct pieces *pieces, const struct piece *piece);
// Take a piece; the taker gives its buffer back. False when there is none, with
// `wait` only when no archive is left either.
bool pieces_take(struct pieces *pieces, bool wait, struct piece *piece);
void pieces_give_back(struct pieces *pieces, unsigned char *buffer);

#endif
