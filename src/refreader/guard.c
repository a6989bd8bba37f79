// SPDX-License-Identifier: Apache-2.0
// Looking for numbers that overflow in libevtx.
#include "refreader/guard.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CHUNK 65536u
#define TOKEN_INSTANCE 0x0C
// Token, version, template id, offset of the definition.
#define INSTANCE_HEAD 10u
// Next, GUID, size.
#define DEFINITION_HEAD 24u
#define DEFINITION_SIZE 20u
// Numbers that, times four, are below the size of a chunk again. Greater ones are
// negative to libevtx.
#define OVERFLOW_FIRST 0x40000000u
#define OVERFLOW_END (OVERFLOW_FIRST + CHUNK / 4 + 1)

// Of the file header: where chunks begin.
#define FILE_HEADER 128u
#define FILE_CHUNKS 40u

static uint32_t load(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

// Where libevtx would find the number of values of an instance at `at`: behind its
// head, or behind the definition when that follows. Sums wrap as libevtx's do. `len`
// when it gives up before, because the definition is not in the chunk.
static uint32_t values_at(const unsigned char *chunk, uint32_t len, uint32_t at)
{
	uint32_t values = at + INSTANCE_HEAD;
	uint32_t definition = load(chunk + at + INSTANCE_HEAD - 4);

	if (len < DEFINITION_HEAD || definition > len - DEFINITION_HEAD)
		return len;
	if (definition < values)
		return values;
	return definition + DEFINITION_HEAD + load(chunk + definition + DEFINITION_SIZE);
}

bool guard_is_safe(const unsigned char *chunk, size_t len)
{
	const unsigned char *next = chunk;
	const unsigned char *end = chunk + len;

	for (; (next = memchr(next, TOKEN_INSTANCE, (size_t)(end - next))) != NULL; next++) {
		uint32_t at = (uint32_t)(next - chunk);
		uint32_t values;
		uint32_t count;

		if (len - at < INSTANCE_HEAD + 4)
			break;
		values = values_at(chunk, (uint32_t)len, at);
		if (values > len - 4)
			continue;
		count = load(chunk + values);
		if (count >= OVERFLOW_FIRST && count < OVERFLOW_END)
			return false;
	}
	return true;
}

static bool stream_is_safe(FILE *stream)
{
	unsigned char chunk[CHUNK];
	unsigned char header[FILE_HEADER];
	size_t len;

	if (fread(header, 1, sizeof(header), stream) != sizeof(header) ||
	    fseek(stream, header[FILE_CHUNKS] | header[FILE_CHUNKS + 1] << 8, SEEK_SET) != 0)
		return true; // libevtx says why it cannot read such a file
	while ((len = fread(chunk, 1, sizeof(chunk), stream)) > 0) {
		if (!guard_is_safe(chunk, len))
			return false;
	}
	return true;
}

enum rc guard_file(const char *path, struct err *err)
{
	FILE *stream = fopen(path, "rb");
	bool is_safe = stream == NULL || stream_is_safe(stream);

	if (stream != NULL)
		fclose(stream);
	if (is_safe)
		return RC_OK;
	err_set(err, GUARD_REASON);
	return RC_FAILED;
}
