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
// For each of 16 bits of a name.
#define NAME_COST 8u
// No record of Windows nests templates deeper than 3.
#define DEPTH_MOST 16u
// Elements in each other; 3 at most in 19,506 records of Windows.
#define ELEMENTS_MOST 64u

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
	uint64_t work;	    // bytes looked at
	bool has_lone_mark; // a text of nothing but a byte order mark
};

struct value {
	uint32_t at, len;
	unsigned type;
	bool is_known;
	uint64_t cost; // of BinXML, when known
};

// Tokens of a fragment, or of a definition, which names values.
struct walk {
	struct estimate *e;
	bool is_definition;
	struct value *values;
	uint32_t count;
	uint64_t cost;			// so far
	uint64_t opened[ELEMENTS_MOST]; // the cost before each open element
	unsigned open;
	unsigned depth; // of templates in templates
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

// ---- tokens -------------------------------------------------------------

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
	if (name > at && name < e->len)
		return UNKNOWN;
	if (!has(e, name, NAME_HEAD))
		return STOPS;
	return name == at ? at + NAME_HEAD + 2 * load(e, at + 6, 2) + 2 : at;
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
	default:
		return STOPS;
	}
}

// A name is copied each time that it is referred to.
static uint64_t name_cost(const struct estimate *e, uint32_t at)
{
	switch (e->chunk[at] & ~(unsigned)TOKEN_MORE) {
	case TOKEN_ELEMENT:
		at += 7;
		break;
	case TOKEN_ATTRIBUTE:
	case TOKEN_ENTITY:
	case TOKEN_PI_TARGET:
		at += 1;
		break;
	default:
		return 0;
	}
	return NAME_COST * (uint64_t)load(e, load(e, at, 4) + 6, 2);
}

// ---- values -------------------------------------------------------------

// Is the unit at `at` a byte order mark, in either order?
static bool is_mark(const struct estimate *e, uint32_t at)
{
	uint32_t unit = load(e, at, 2);

	return unit == 0xFEFF || unit == 0xFFFE;
}

// libevtx takes the mark away, counts a text that is then empty as one of -1 bytes, and
// reads these. Of an array each item is a text, and the last may lack its NUL.
static void look_for_mark(struct estimate *e, uint32_t at, uint32_t len, bool is_array)
{
	uint32_t end = at + (len & ~1u);
	uint32_t start = at;

	if (!is_array)
		e->has_lone_mark |= len == 2 && is_mark(e, at);
	for (; is_array && at < end; at += 2) {
		bool is_last = at + 2 == end || load(e, at + 2, 2) == 0;

		e->has_lone_mark |= at == start && is_last && is_mark(e, at);
		if (load(e, at, 2) == 0)
			start = at + 2;
	}
	e->work += is_array ? len : 0;
}

static uint64_t fragment_cost(struct estimate *e, uint32_t at, unsigned depth);

// Each item of an array makes its element anew, with all that stands in it so far.
static uint64_t array_cost(const struct walk *w, const struct value *value)
{
	uint64_t items = value->len / (value->type == (TYPE_ARRAY | TYPE_STRING) ? 2 : 1) + 1;
	uint64_t element = w->cost - (w->open > 0 ? w->opened[w->open - 1] : 0);

	return items * (element > ITEM_COST ? element : ITEM_COST) + 4 * (uint64_t)value->len;
}

// Of value `index`, where it is named.
static uint64_t value_cost(struct walk *w, uint32_t index)
{
	struct value *value;

	if (index >= w->count)
		return 0;
	value = &w->values[index];
	if ((value->type | TYPE_ARRAY) == (TYPE_ARRAY | TYPE_STRING))
		look_for_mark(w->e, value->at, value->len, (value->type & TYPE_ARRAY) != 0);
	if ((value->type & TYPE_ARRAY) != 0)
		return array_cost(w, value);
	if (value->type != TYPE_BINXML || value->len == 0)
		return ITEM_COST + 4 * (uint64_t)value->len;
	// libevtx does not stop at the end of the value.
	if (!value->is_known)
		value->cost = fragment_cost(w->e, value->at, w->depth + 1);
	value->is_known = true;
	return value->cost;
}

// Read `count` values, whose sizes and types begin at `at`. Gives where they end.
static uint32_t read_values(struct estimate *e, uint32_t at, struct value *values, uint32_t count)
{
	uint32_t data = at + 4 * count;

	for (uint32_t i = 0; i < count; i++, at += 4) {
		uint32_t size = load(e, at, 2);

		size = has(e, data, size) ? size : e->len - data;
		values[i] = (struct value){.at = data, .len = size, .type = e->chunk[at + 2]};
		data += size;
	}
	e->work += 4 * (uint64_t)count;
	return data;
}

// ---- walking ------------------------------------------------------------

static uint64_t walk_tokens(struct walk *w, uint32_t at);

// Of an instance at `*at`, which goes on to its end: 0 when libevtx gives up before there are
// values.
static uint64_t instance_cost(struct estimate *e, uint32_t *at, unsigned depth)
{
	struct walk w = {.e = e, .is_definition = true, .depth = depth};
	uint32_t start = *at;
	uint32_t values;
	uint64_t cost;

	*at = e->len;
	if (!has(e, start, INSTANCE_HEAD + 4))
		return 0;
	values = guard_values_at(e->chunk, e->len, start);
	if (!has(e, values, 4))
		return 0;
	w.count = load(e, values, 4);
	if (w.count > (e->len - values - 4) / 4)
		return 0;
	w.values = mem_alloc(w.count * sizeof(*w.values));
	*at = read_values(e, values + 4, w.values, w.count);
	cost = walk_tokens(&w, load(e, start + 6, 4) + DEFINITION_HEAD);
	free(w.values);
	return cost;
}

static bool charge(struct walk *w, uint64_t cost)
{
	if (cost > LIMIT_REFERENCE_MEMORY)
		return false;
	w->cost += cost;
	return true;
}

static bool open_element(struct walk *w)
{
	if (w->open == ELEMENTS_MOST)
		return false;
	w->opened[w->open++] = w->cost;
	return true;
}

// The text of the token from `at` to `next`, if it has one: its length in units, then they.
static void take_units(struct estimate *e, uint32_t at, uint32_t next)
{
	unsigned token = e->chunk[at] & ~(unsigned)TOKEN_MORE;
	uint32_t head = token == TOKEN_VALUE ? 4 : 3;

	if (token == TOKEN_VALUE || token == TOKEN_CDATA || token == TOKEN_PI_DATA)
		look_for_mark(e, at + head, next - at - head, false);
}

// The token at `at`. Gives where the next one stands.
static uint32_t take_token(struct walk *w, uint32_t at)
{
	unsigned token = w->e->chunk[at];
	uint32_t next;

	if (token == TOKEN_INSTANCE && !w->is_definition) {
		uint64_t cost = instance_cost(w->e, &at, w->depth);

		return charge(w, cost) ? at : UNKNOWN;
	}
	if (token == TOKEN_INSTANCE) // Windows has them in values alone
		return UNKNOWN;
	next = skip_token(w->e, at);
	if (next == UNKNOWN || next == STOPS || !has(w->e, next, 0))
		return next == UNKNOWN ? UNKNOWN : STOPS;
	if ((token & ~(unsigned)TOKEN_MORE) == TOKEN_ELEMENT && !open_element(w))
		return UNKNOWN;
	w->cost += (uint64_t)BYTE_COST * (next - at) + name_cost(w->e, at);
	take_units(w->e, at, next);
	if ((token == TOKEN_SUBSTITUTION || token == TOKEN_OPTIONAL) &&
	    !charge(w, value_cost(w, load(w->e, at + 1, 2))))
		return UNKNOWN;
	if ((token == TOKEN_CLOSE_EMPTY || token == TOKEN_END_ELEMENT) && w->open > 0)
		w->open--;
	return next;
}

static uint64_t walk_tokens(struct walk *w, uint32_t at)
{
	while (has(w->e, at, 4) && w->e->chunk[at] != TOKEN_END) {
		uint32_t next = take_token(w, at);

		if (next == UNKNOWN || w->cost > LIMIT_REFERENCE_MEMORY)
			return COST_UNKNOWN;
		if (next == STOPS)
			break;
		w->e->work += next - at;
		at = next;
	}
	return w->cost;
}

// Of BinXML at `at`: instances, or elements without one.
static uint64_t fragment_cost(struct estimate *e, uint32_t at, unsigned depth)
{
	struct walk w = {.e = e, .depth = depth};

	if (depth == DEPTH_MOST || e->work > LIMIT_REFERENCE_WORK)
		return COST_UNKNOWN;
	return walk_tokens(&w, at);
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
		cost = fragment_cost(&e, at + RECORD_HEAD, 0);
		most = cost > most ? cost : most;
	}
	return e.has_lone_mark ? COST_ENDLESS : most;
}
