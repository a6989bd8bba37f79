// SPDX-License-Identifier: Apache-2.0
// The tokens of definitions are counted, and the values that they name (evtx-format.md 2).
#include "refreader/cost.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "refreader/guard.h"

// Memory that libevtx 20181227 takes for an element with a value, or an item of an array, and
// for a byte of a definition, of whose elements each has 12 at least (measured: 1.4 KB).
#define ITEM_COST 1500u
#define BYTE_COST 128u
// No record of Windows nests templates deeper than 3.
#define DEPTH_MOST 16u

#define RECORD_HEAD 24u
#define FRAGMENT_HEAD 4u
#define INSTANCE_HEAD 10u
#define DEFINITION_HEAD 24u
#define NAME_HEAD 8u
#define TYPE_BINXML 0x21
#define TYPE_ARRAY 0x80
#define TYPE_STRING 0x01

enum token {
	TOKEN_END = 0x00,
	TOKEN_ELEMENT = 0x01,
	TOKEN_CLOSE_START = 0x02,
	TOKEN_CLOSE_EMPTY = 0x03,
	TOKEN_END_ELEMENT = 0x04,
	TOKEN_VALUE = 0x05,
	TOKEN_ATTRIBUTE = 0x06,
	TOKEN_CDATA = 0x07,
	TOKEN_CHARACTER = 0x08,
	TOKEN_ENTITY = 0x09,
	TOKEN_PI_TARGET = 0x0A,
	TOKEN_PI_DATA = 0x0B,
	TOKEN_INSTANCE = 0x0C,
	TOKEN_SUBSTITUTION = 0x0D,
	TOKEN_OPTIONAL = 0x0E,
	TOKEN_FRAGMENT = 0x0F,
	TOKEN_MORE = 0x40, // flag: attributes follow, or more of them
};

struct estimate {
	const unsigned char *chunk;
	uint32_t len;
	uint64_t work; // bytes looked at
};

static uint32_t load(const struct estimate *e, uint32_t at, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | e->chunk[at + bytes];
	return value;
}

static bool has(const struct estimate *e, uint32_t at, uint32_t bytes)
{
	return at <= e->len && bytes <= e->len - at;
}

// ---- definitions --------------------------------------------------------

// Where libevtx gives up, and where it may read on in ways that are not known.
#define STOPS 0u
#define UNKNOWN UINT32_MAX

// Behind the reference to a name at `at`, and the name when it stands there. Names of Windows
// never stand further on.
static uint32_t skip_name(const struct estimate *e, uint32_t at)
{
	uint32_t name;

	if (!has(e, at, 4))
		return STOPS;
	name = load(e, at, 4);
	at += 4;
	if (name != at)
		return name < at ? at : name < e->len ? UNKNOWN : STOPS;
	if (!has(e, at, NAME_HEAD))
		return STOPS;
	return at + NAME_HEAD + 2 * load(e, at + 6, 2) + 2;
}

// Behind the units whose number stands at `at`.
static uint32_t skip_units(const struct estimate *e, uint32_t at)
{
	return has(e, at, 2) ? at + 2 + 2 * load(e, at, 2) : STOPS;
}

// Behind the token at `at`.
static uint32_t skip_token(const struct estimate *e, uint32_t at)
{
	unsigned token = e->chunk[at];

	switch (token & ~(unsigned)TOKEN_MORE) {
	case TOKEN_ELEMENT:
		at = skip_name(e, at + 7);
		return at != STOPS && at != UNKNOWN && (token & TOKEN_MORE) != 0 ? at + 4 : at;
	case TOKEN_CLOSE_START:
	case TOKEN_CLOSE_EMPTY:
	case TOKEN_END_ELEMENT:
		return at + 1;
	case TOKEN_VALUE:
		return skip_units(e, at + 2);
	case TOKEN_ATTRIBUTE:
	case TOKEN_ENTITY:
	case TOKEN_PI_TARGET:
		return skip_name(e, at + 1);
	case TOKEN_CDATA:
	case TOKEN_PI_DATA:
		return skip_units(e, at + 1);
	case TOKEN_CHARACTER:
		return at + 3;
	case TOKEN_SUBSTITUTION:
	case TOKEN_OPTIONAL:
		return at + 4;
	case TOKEN_FRAGMENT:
		return at + FRAGMENT_HEAD;
	case TOKEN_INSTANCE:
		return UNKNOWN; // Windows has instances in values alone
	default:
		return STOPS;
	}
}

// How often the tokens from `at` on name each of `count` values. Gives their size, or UNKNOWN.
static uint32_t count_uses(struct estimate *e, uint32_t at, uint32_t *uses, uint32_t count)
{
	uint32_t start = at;

	while (has(e, at, 4) && e->chunk[at] != TOKEN_END) {
		uint32_t next = skip_token(e, at);
		unsigned token = e->chunk[at];

		if (next == UNKNOWN)
			return UNKNOWN;
		if (next == STOPS || !has(e, next, 0))
			break;
		if ((token == TOKEN_SUBSTITUTION || token == TOKEN_OPTIONAL) &&
		    load(e, at + 1, 2) < count)
			uses[load(e, at + 1, 2)]++;
		at = next;
	}
	e->work += at - start;
	return at - start;
}

// ---- values -------------------------------------------------------------

static uint64_t fragment_cost(struct estimate *e, uint32_t at, uint32_t end, unsigned depth);

// Of each time that a value is named.
static uint64_t value_cost(struct estimate *e, uint32_t at, uint32_t len, unsigned type,
			   unsigned depth)
{
	if ((type & TYPE_ARRAY) != 0)
		return (uint64_t)ITEM_COST *
		       (len / (type == (TYPE_ARRAY | TYPE_STRING) ? 2 : 1) + 1);
	if (type == TYPE_BINXML)
		return fragment_cost(e, at, at + len, depth);
	return ITEM_COST + 4 * (uint64_t)len;
}

// Of `count` values, whose sizes and types begin at `at`.
static uint64_t values_cost(struct estimate *e, uint32_t at, const uint32_t *uses, uint32_t count,
			    unsigned depth)
{
	uint32_t data = at + 4 * count;
	uint64_t cost = 0;

	for (uint32_t i = 0; i < count; i++, at += 4) {
		uint32_t size = load(e, at, 2);
		uint64_t each;

		if (!has(e, data, size))
			break;
		each = uses[i] > 0 ? value_cost(e, data, size, e->chunk[at + 2], depth) : 0;
		if (each > LIMIT_REFERENCE_MEMORY)
			return COST_UNKNOWN;
		cost += uses[i] * each;
		data += size;
	}
	e->work += 4 * (uint64_t)count;
	return cost;
}

// Of an instance at `at`; nothing when libevtx gives up before there are values.
static uint64_t instance_cost(struct estimate *e, uint32_t at, unsigned depth)
{
	uint32_t values;
	uint32_t count;
	uint32_t size;
	uint32_t *uses;
	uint64_t cost;

	if (!has(e, at, INSTANCE_HEAD + 4))
		return 0;
	values = guard_values_at(e->chunk, e->len, at);
	if (!has(e, values, 4))
		return 0;
	count = load(e, values, 4);
	if (count > (e->len - values - 4) / 4)
		return 0;
	uses = mem_zalloc(count * sizeof(*uses));
	size = count_uses(e, load(e, at + 6, 4) + DEFINITION_HEAD, uses, count);
	cost = size == UNKNOWN ? COST_UNKNOWN : values_cost(e, values + 4, uses, count, depth);
	free(uses);
	return cost == COST_UNKNOWN ? cost : cost + (uint64_t)BYTE_COST * size;
}

// Of BinXML: an instance, or elements without one.
static uint64_t fragment_cost(struct estimate *e, uint32_t at, uint32_t end, unsigned depth)
{
	uint32_t size;

	if (end - at < FRAGMENT_HEAD + INSTANCE_HEAD)
		return ITEM_COST;
	if (depth == DEPTH_MOST || e->work > LIMIT_REFERENCE_WORK)
		return COST_UNKNOWN;
	if (e->chunk[at] == TOKEN_FRAGMENT)
		at += FRAGMENT_HEAD;
	if (e->chunk[at] == TOKEN_INSTANCE)
		return instance_cost(e, at, depth + 1);
	size = count_uses(e, at, NULL, 0);
	return size == UNKNOWN ? COST_UNKNOWN : (uint64_t)BYTE_COST * size;
}

uint64_t cost_of_records(const unsigned char *chunk, size_t len, size_t from, size_t to)
{
	struct estimate e = {.chunk = chunk, .len = (uint32_t)len};
	uint64_t most = 0;
	uint32_t size;

	for (uint32_t at = (uint32_t)from; at < to && has(&e, at, RECORD_HEAD); at += size) {
		uint64_t cost;

		size = load(&e, at + 4, 4);
		if (memcmp(chunk + at, "**\0", 4) != 0 || size < RECORD_HEAD || !has(&e, at, size))
			break;
		cost = fragment_cost(&e, at + RECORD_HEAD, at + size, 0);
		most = cost > most ? cost : most;
	}
	return most;
}
