// SPDX-License-Identifier: Apache-2.0
// A 64 KiB chunk under construction: bytes, names, templates, checksums.
//
// Whatever does not fit sets `full` and is dropped, as is everything after it;
// the caller takes the chunk back to a mark. The tables of the chunk itself
// are what names and templates are looked up in, so a mark is the tables and
// the length (evtx-format.md 1.9, 1.10, 6.2).
#ifndef EVTX_CHUNK_WRITER_H
#define EVTX_CHUNK_WRITER_H

#include "base/buf.h"
#include "evtx/format.h"

#define CHUNK_TABLES 128u // string table, 64 x u32, then template table, 32 x u32
#define CHUNK_TABLES_SIZE 384u
// libevtx loses the last record of a chunk that is filled to its very end, and
// Windows never does that (evtx-format.md 6.4).
#define CHUNK_LIMIT (CHUNK_SIZE - 8)

struct chunk_writer {
	unsigned char bytes[CHUNK_SIZE];
	uint32_t used; // offset of the free space
	bool full;     // something did not fit
	struct buf scratch;
};

struct chunk_mark {
	uint32_t used;
	unsigned char tables[CHUNK_TABLES_SIZE];
};

// Record numbers (in the file), record ids (in the headers) and the offset of
// the last record, for the header.
struct chunk_range {
	uint64_t first_number, last_number;
	uint64_t first_id, last_id;
	uint32_t last_record;
};

// An empty chunk.
void chunk_reset(struct chunk_writer *chunk);
struct chunk_mark chunk_mark(const struct chunk_writer *chunk);
// Forget all that was put since the mark, `full` included.
void chunk_rollback(struct chunk_writer *chunk, const struct chunk_mark *mark);
// Write the header and its checksums; `bytes` is then ready to be stored.
void chunk_seal(struct chunk_writer *chunk, const struct chunk_range *range);

void chunk_put(struct chunk_writer *chunk, const void *bytes, size_t len);
// The `size` low bytes of `value`, little-endian.
void chunk_put_uint(struct chunk_writer *chunk, size_t size, uint64_t value);
// Overwrite `size` bytes put earlier at `at`; nothing when the chunk is full.
void chunk_patch(struct chunk_writer *chunk, uint32_t at, size_t size, uint64_t value);
// Count of UTF-16 units (u16) and the units of a UTF-8 text.
void chunk_put_text(struct chunk_writer *chunk, struct str text);
// A name reference; the entry follows inline when the chunk lacks the name.
void chunk_put_name(struct chunk_writer *chunk, struct str name);
// Offset of the template definition with that GUID, 0 when the chunk has none.
uint32_t chunk_find_template(const struct chunk_writer *chunk, const unsigned char guid[16]);
// Put the head of a definition (next, GUID, size of 0) and enter it into the
// table; returns the offset of the size, to be patched.
uint32_t chunk_put_template(struct chunk_writer *chunk, const unsigned char guid[16]);

// The hash of names and, over the eight words of a GUID, of templates in
// format 3.1: h = h * 65599 + unit, of which 16 bits count. `len` in bytes.
uint16_t chunk_hash(const unsigned char *units, size_t len);

// Little-endian integer of `size` bytes (up to 8) into raw memory.
void chunk_set_uint(unsigned char *at, size_t size, uint64_t value);

#endif
