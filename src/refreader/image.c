// SPDX-License-Identifier: Apache-2.0
// Building the log of one chunk.
#include "refreader/image.h"

#include <string.h>

#define RECORD_HEADER 24u
#define SIZE_COPY 4u
#define MIN_RECORD (RECORD_HEADER + SIZE_COPY)
// libevtx wants four bytes behind every record.
#define LAST_END (IMAGE_CHUNK - 4)

static void store(unsigned char *at, size_t bytes, uint64_t value)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t load(const unsigned char *at, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = bytes; i > 0; i--)
		value = value << 8 | at[i - 1];
	return value;
}

// Checksums stay zero: a wrong one only makes libevtx call the file corrupt.
static void write_headers(unsigned char *bytes)
{
	unsigned char *chunk = bytes + IMAGE_HEADER;

	memset(bytes, 0, IMAGE_HEADER);
	memcpy(bytes, "ElfFile", 8);
	store(bytes + 32, 4, 128);
	store(bytes + 36, 2, 1); // version 3.1
	store(bytes + 38, 2, 3);
	store(bytes + 40, 2, IMAGE_HEADER);
	store(bytes + 42, 2, 1); // chunks
	memset(chunk, 0, 128);
	memcpy(chunk, "ElfChnk", 8);
	store(chunk + 40, 4, 128);
	// No bytes to sum; the walk goes by the offset of the last record alone.
	store(chunk + 48, 4, IMAGE_FIRST_RECORD);
}

void image_set_chunk(struct image *image, const void *chunk, size_t len)
{
	if (len > IMAGE_CHUNK)
		len = IMAGE_CHUNK;
	memcpy(image->bytes + IMAGE_HEADER, chunk, len);
	memset(image->bytes + IMAGE_HEADER + len, 0, IMAGE_CHUNK - len);
	image->last_record = (uint32_t)load(image->bytes + IMAGE_HEADER + 44, 4);
	write_headers(image->bytes);
	image->patch_count = 0;
}

static void patch(struct image *image, size_t at, const unsigned char *bytes, size_t len)
{
	struct image_patch *saved = &image->patches[image->patch_count++];
	unsigned char *chunk = image->bytes + IMAGE_HEADER;

	saved->at = at;
	saved->len = len;
	memcpy(saved->saved, chunk + at, len);
	memcpy(chunk + at, bytes, len);
}

// The last patch first: they may overlap.
static void restore(struct image *image)
{
	while (image->patch_count > 0) {
		const struct image_patch *saved = &image->patches[--image->patch_count];

		memcpy(image->bytes + IMAGE_HEADER + saved->at, saved->saved, saved->len);
	}
}

// Make everything from `start` to `end` one record.
static void cover(struct image *image, size_t start, size_t end)
{
	unsigned char header[RECORD_HEADER] = {'*', '*'};

	store(header + 4, 4, end - start);
	patch(image, start, header, sizeof(header));
	patch(image, end - SIZE_COPY, header + 4, SIZE_COPY);
}

enum rc image_select(struct image *image, size_t offset, uint64_t header_id, int *index,
		     size_t *end, struct err *err)
{
	unsigned char *chunk = image->bytes + IMAGE_HEADER;
	size_t size;

	restore(image);
	if ((offset != IMAGE_FIRST_RECORD && offset < IMAGE_FIRST_RECORD + MIN_RECORD) ||
	    offset > IMAGE_CHUNK - MIN_RECORD || memcmp(chunk + offset, "**\0", 4) != 0 ||
	    load(chunk + offset + 8, 8) != header_id) {
		err_set(err, "no record %llu at offset %zu of the chunk",
			(unsigned long long)header_id, offset);
		return RC_FAILED;
	}
	size = (size_t)load(chunk + offset + 4, 4);
	if (size < MIN_RECORD || size > LAST_END - offset) {
		err_set(err, "the record's size of %zu bytes does not fit its chunk", size);
		return RC_FAILED;
	}
	*end = offset + size;
	if (load(chunk + *end - SIZE_COPY, SIZE_COPY) != size) {
		err_set(err, "the record's two sizes differ");
		return RC_FAILED;
	}
	*index = 0;
	if (offset != IMAGE_FIRST_RECORD) {
		cover(image, IMAGE_FIRST_RECORD, offset);
		*index = 1;
	}
	if (LAST_END - *end >= MIN_RECORD) {
		cover(image, *end, LAST_END);
		store(chunk + 44, 4, *end);
	} else {
		store(chunk + 44, 4, offset);
	}
	return RC_OK;
}

void image_select_all(struct image *image)
{
	restore(image);
	store(image->bytes + IMAGE_HEADER + 44, 4, image->last_record);
}
