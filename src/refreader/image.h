// SPDX-License-Identifier: Apache-2.0
// A log of one chunk in memory in which libevtx meets one record at once.
//
// libevtx reads a chunk twice and each time walks its records one by one from
// offset 512, sums all their bytes, and then tries every fourth byte of what is
// left for lost records. The image is a copy whose headers are written anew so
// that the walk is short: one record that covers everything before the wanted
// one (the header at 512 and the four bytes before the wanted record are
// changed), the wanted record, and one that covers what follows it (its first
// 24 and last 4 bytes). What the wanted record consists of and what it refers to,
// templates and names in front of it, stay as they are: they never lie in a
// record's header or size copy. In a file made to defy that the record reads
// differently or not at all, and is reported so.
//
// Facts: evtx-format.md 1.2, 1.3, 1.5; libevtx 20181227.
#ifndef REFREADER_IMAGE_H
#define REFREADER_IMAGE_H

#include "base/err.h"

#define IMAGE_HEADER 4096u
#define IMAGE_FIRST_RECORD 512u // of the chunk
#define IMAGE_CHUNK 65536u
#define IMAGE_SIZE (IMAGE_HEADER + IMAGE_CHUNK)

// Bytes that image_select changed, to put them back.
struct image_patch {
	unsigned char saved[24];
	size_t at;
	size_t len;
};

struct image {
	unsigned char bytes[IMAGE_SIZE]; // the log
	uint32_t last_record;		 // as the chunk's header has it
	struct image_patch patches[4];
	size_t patch_count;
};

// Take a chunk of at most IMAGE_CHUNK bytes; what is missing counts as zeros.
void image_set_chunk(struct image *image, const void *chunk, size_t len);

// Make the record at `offset` of the chunk the wanted one, `*index` its place
// in the walk, `*end` where it ends. RC_FAILED when no whole record with that id in its header
// is there.
MUST_USE enum rc image_select(struct image *image, size_t offset, uint64_t header_id, int *index,
			      size_t *end, struct err *err);

// Make all records wanted, as far as libevtx walks in the chunk by itself.
void image_select_all(struct image *image);

#endif
