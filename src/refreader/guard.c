// SPDX-License-Identifier: Apache-2.0
// Looking for numbers that overflow in libevtx.
#include "refreader/guard.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "refreader/cost.h"
#include "refreader/image.h"

#define TOKEN_INSTANCE 0x0C
// Token, version, template id, offset of the definition.
#define INSTANCE_HEAD 10u
// Next, GUID, size.
#define DEFINITION_HEAD 24u
#define DEFINITION_SIZE 20u
// Numbers that, times four, are below the size of a chunk again. Greater ones are
// negative to libevtx.
#define OVERFLOW_FIRST 0x40000000u
#define OVERFLOW_END (OVERFLOW_FIRST + IMAGE_CHUNK / 4 + 1)

// Of the file header: where chunks begin.
#define FILE_HEADER 128u
#define FILE_CHUNKS 40u

static uint32_t load(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

// Sums wrap as libevtx's do.
uint32_t guard_values_at(const unsigned char *chunk, uint32_t len, uint32_t at)
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
		values = guard_values_at(chunk, (uint32_t)len, at);
		if (values > len - 4)
			continue;
		count = load(chunk + values);
		if (count >= OVERFLOW_FIRST && count < OVERFLOW_END)
			return false;
	}
	return true;
}

enum rc guard_records(const unsigned char *chunk, size_t len, size_t from, size_t to,
		      struct err *err)
{
	if (!guard_is_safe(chunk, len))
		err_set(err, GUARD_COUNT_REASON);
	else if (cost_of_records(chunk, len, from, to) > LIMIT_REFERENCE_MEMORY)
		err_set(err, GUARD_COST_REASON);
	else
		return RC_OK;
	return RC_FAILED;
}

// ---- files --------------------------------------------------------------

static enum rc guard_stream(FILE *stream, struct err *err)
{
	unsigned char chunk[IMAGE_CHUNK];
	unsigned char header[FILE_HEADER];
	enum rc rc = RC_OK;
	size_t len;

	if (fread(header, 1, sizeof(header), stream) != sizeof(header) ||
	    fseek(stream, header[FILE_CHUNKS] | header[FILE_CHUNKS + 1] << 8, SEEK_SET) != 0)
		return RC_OK; // libevtx says why it cannot read such a file
	while (rc == RC_OK && (len = fread(chunk, 1, sizeof(chunk), stream)) > 0)
		rc = guard_records(chunk, len, IMAGE_FIRST_RECORD, len, err);
	return rc;
}

enum rc guard_file(const char *path, struct err *err)
{
	FILE *stream = fopen(path, "rb");
	enum rc rc;

	if (stream == NULL)
		return RC_OK;
	rc = guard_stream(stream, err);
	fclose(stream);
	return rc;
}
