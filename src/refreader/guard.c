// SPDX-License-Identifier: Apache-2.0
// Looking for numbers that overflow in libevtx.
#include "refreader/guard.h"

#include <stdint.h>
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
	uint64_t cost;

	if (!guard_is_safe(chunk, len)) {
		err_set(err, GUARD_COUNT_REASON);
		return RC_FAILED;
	}
	cost = cost_of_records(chunk, len, from, to);
	if (cost <= LIMIT_REFERENCE_MEMORY)
		return RC_OK;
	err_set(err, "%s", cost == COST_ENDLESS ? GUARD_MARK_REASON : GUARD_COST_REASON);
	return RC_FAILED;
}
