// SPDX-License-Identifier: Apache-2.0
// Reading records by the grammar (evtx-format.md 2), and counting.
//
// Functions that read give where what they read ends; 0 when it is not as it should be.
#include "refreader/guard.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

// Memory that libevtx 20181227 takes for an element with a value, or an item of an array, and
// for a byte of a definition, of whose elements each has 12 at least (measured: 1.4 KB).
#define ITEM_COST 1500u
#define BYTE_COST 128u
// For each of 16 bits of a name.
#define NAME_COST 8u
// Public records nest templates and elements by far less.
#define TEMPLATES_MOST 16u
#define ELEMENTS_MOST 64u

#define RECORD_HEAD 24u
#define SIZE_COPY 4u
#define FRAGMENT_HEAD 4u
#define INSTANCE_HEAD 10u
#define DEFINITION_HEAD 24u
#define DEFINITION_SIZE 20u
#define ELEMENT_HEAD 7u // token, dependency, size
#define PLAIN_HEAD 5u	// without dependency
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
	TOKEN_CHARACTER = 0x08,
	TOKEN_ENTITY = 0x09,
	TOKEN_INSTANCE = 0x0C,
	TOKEN_SUBSTITUTION = 0x0D,
	TOKEN_OPTIONAL = 0x0E,
	TOKEN_FRAGMENT = 0x0F,
	TOKEN_MORE = 0x40, // flag: attributes follow, or more of them
};

struct estimate {
	const unsigned char *chunk;
	uint32_t len;
	uint64_t cost;	    // of what was read so far
	uint64_t work;	    // bytes looked at
	bool is_costly;	    // too much of one of these
	bool has_lone_mark; // a text of nothing but a byte order mark
};

struct value {
	uint32_t at, len;
	unsigned type;
	bool is_known;
	uint64_t cost; // of BinXML, when known
};

// An instance; without values: an element that belongs to none.
struct instance {
	struct estimate *e;
	struct value *values;
	uint32_t count;
	unsigned depth; // of templates in templates
	bool is_plain;	// in a value; its elements have no dependency
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

// The token at `at`, without its flag; TOKEN_END behind the chunk.
static unsigned token_at(const struct estimate *e, uint32_t at)
{
	return has(e, at, 1) ? e->chunk[at] & ~(unsigned)TOKEN_MORE : TOKEN_END;
}

static bool charge(struct estimate *e, uint64_t cost, uint32_t bytes)
{
	e->cost += cost < LIMIT_REFERENCE_MEMORY ? cost : LIMIT_REFERENCE_MEMORY + 1;
	e->work += bytes;
	e->is_costly |= e->cost > LIMIT_REFERENCE_MEMORY || e->work > LIMIT_REFERENCE_WORK;
	return !e->is_costly;
}

// ---- texts --------------------------------------------------------------

// libevtx takes a mark at the beginning away, counts a text that is then empty as one of -1
// bytes, and reads these.
static void look_for_mark(struct estimate *e, uint32_t at, uint32_t len)
{
	uint32_t unit = len == 2 ? load(e, at, 2) : 0;

	e->has_lone_mark |= unit == 0xFEFF || unit == 0xFFFE;
}

// The texts of an array, of which only the last may lack its NUL. How many there are, at most.
static uint32_t look_at_texts(struct estimate *e, uint32_t at, uint32_t len)
{
	uint32_t start = at;
	uint32_t count = 1;

	for (uint32_t end = at + len; at < end; at += 2) {
		if (load(e, at, 2) == 0) {
			start = at + 2;
			count++;
		}
	}
	look_for_mark(e, start, at - start);
	e->work += len;
	return count;
}

// A value token: type, number of units, they.
static uint32_t read_text(struct estimate *e, uint32_t at)
{
	uint32_t bytes;

	if (!has(e, at, 4) || e->chunk[at + 1] != TYPE_STRING)
		return 0;
	bytes = 2 * load(e, at + 2, 2);
	if (!has(e, at + 4, bytes))
		return 0;
	look_for_mark(e, at + 4, bytes);
	return charge(e, (uint64_t)BYTE_COST * (4 + bytes), 4 + bytes) ? at + 4 + bytes : 0;
}

// The reference to a name at `at`, and the name when it stands there: it never stands further
// on, and is copied each time.
static uint32_t read_name(struct estimate *e, uint32_t at)
{
	uint32_t name, bytes;

	if (!has(e, at, 4))
		return 0;
	name = load(e, at, 4);
	at += 4;
	if (name > at || !has(e, name, NAME_HEAD))
		return 0;
	bytes = NAME_HEAD + 2 * load(e, name + 6, 2) + 2;
	if (!has(e, name, bytes) ||
	    !charge(e, (uint64_t)BYTE_COST * 4 + (uint64_t)NAME_COST * bytes, 4))
		return 0;
	return name == at ? at + bytes : at;
}

// ---- values -------------------------------------------------------------

static uint32_t read_element(struct instance *instance, uint32_t at, unsigned depth);
static uint32_t read_instance(struct estimate *e, uint32_t at, unsigned depth);
static uint32_t read_fragment(struct estimate *e, uint32_t at, unsigned depth);

// BinXML in a value: a fragment, an instance or an element.
static uint32_t read_binxml(struct estimate *e, uint32_t at, unsigned depth)
{
	struct instance plain = {.e = e, .depth = depth, .is_plain = true};

	switch (token_at(e, at)) {
	case TOKEN_ELEMENT:
		return read_element(&plain, at, 1);
	case TOKEN_INSTANCE:
		return read_instance(e, at, depth);
	default:
		return read_fragment(e, at, depth);
	}
}

// It must end in its value: libevtx does not look at the size.
static bool take_binxml(struct instance *instance, struct value *value)
{
	struct estimate *e = instance->e;
	uint64_t before = e->cost;
	uint32_t end;

	if (value->is_known)
		return charge(e, value->cost, 1);
	end = read_binxml(e, value->at, instance->depth + 1);
	value->is_known = true;
	value->cost = e->cost - before;
	return end != 0 && end <= value->at + value->len;
}

// How many items an array has at most; 0 when texts are not of whole units.
static uint32_t count_items(struct estimate *e, const struct value *value)
{
	if (value->type != (TYPE_ARRAY | TYPE_STRING))
		return value->len + 1;
	return value->len % 2 == 0 ? look_at_texts(e, value->at, value->len) : 0;
}

// A substitution at `at`. Of an array `*items` gets how often it has its element made.
static uint32_t read_substitution(struct instance *instance, uint32_t at, uint32_t *items)
{
	struct estimate *e = instance->e;
	struct value *value;
	uint32_t index;

	if (!has(e, at, 4) || !charge(e, BYTE_COST * 4, 4))
		return 0;
	index = load(e, at + 1, 2);
	if (index >= instance->count) // libevtx gives up
		return instance->values != NULL ? at + 4 : 0;
	value = &instance->values[index];
	if (value->type == TYPE_BINXML)
		return take_binxml(instance, value) ? at + 4 : 0;
	if ((value->type & TYPE_ARRAY) != 0 && (*items = count_items(e, value)) == 0)
		return 0;
	if (value->type == TYPE_STRING)
		look_for_mark(e, value->at, value->len);
	return charge(e, ITEM_COST + 4 * (uint64_t)value->len, 1) ? at + 4 : 0;
}

// ---- elements -----------------------------------------------------------

static uint32_t read_attribute(struct instance *instance, uint32_t at)
{
	struct estimate *e = instance->e;
	uint64_t before = e->cost;
	uint32_t items = 1;
	unsigned token;

	if (token_at(e, at) != TOKEN_ATTRIBUTE || (at = read_name(e, at + 1)) == 0)
		return 0;
	token = token_at(e, at);
	if (token == TOKEN_VALUE)
		return read_text(e, at);
	if (token != TOKEN_SUBSTITUTION && token != TOKEN_OPTIONAL)
		return 0;
	at = read_substitution(instance, at, &items);
	return charge(e, (items - 1) * (e->cost - before), 0) ? at : 0;
}

// The attributes of an element, if it has any: the size of their list, and they.
static uint32_t read_attributes(struct instance *instance, uint32_t at)
{
	struct estimate *e = instance->e;
	uint32_t end;

	if (!has(e, at, 4) || !has(e, at + 4, load(e, at, 4)))
		return 0;
	end = at + 4 + load(e, at, 4);
	for (at += 4; at != 0 && at < end;)
		at = read_attribute(instance, at);
	return at == end ? at : 0;
}

// A text or a value of an element, which libevtx looks up among those before it.
static bool take_piece(struct estimate *e, unsigned *pieces)
{
	++*pieces;
	return charge(e, 4 * (uint64_t)*pieces, *pieces / 64);
}

// What stands in an element, up to the token that ends it. A text behind something else makes
// libevtx keep where each piece lies, and a value behind that replaces the bytes, but not the
// places, which then cut a text anywhere (found by a review): such an element is refused.
static uint32_t read_content(struct instance *instance, uint32_t at, unsigned depth,
			     uint32_t *items)
{
	struct estimate *e = instance->e;
	unsigned arrays = 0;
	unsigned pieces = 0;
	bool has_places = false;

	while (at != 0) {
		uint32_t more = 0;

		switch (token_at(e, at)) {
		case TOKEN_END_ELEMENT:
			return at + 1;
		case TOKEN_ELEMENT:
			at = read_element(instance, at, depth + 1);
			break;
		case TOKEN_VALUE:
			has_places |= pieces > 0;
			at = take_piece(e, &pieces) ? read_text(e, at) : 0;
			break;
		case TOKEN_CHARACTER: // libevtx gives up
			at = has(e, at, 3) && take_piece(e, &pieces) ? at + 3 : 0;
			break;
		case TOKEN_ENTITY:
			has_places |= pieces > 0;
			at = take_piece(e, &pieces) ? read_name(e, at + 1) : 0;
			break;
		case TOKEN_SUBSTITUTION:
		case TOKEN_OPTIONAL:
			if (has_places || !take_piece(e, &pieces))
				return 0;
			at = read_substitution(instance, at, &more);
			break;
		default:
			return 0;
		}
		// Between two arrays libevtx can go to and fro for ever.
		if (more > 0 && arrays++ > 0)
			return 0;
		*items = more > 0 ? more : *items;
	}
	return 0;
}

// Each item of an array among its content makes the element anew, with all that stands in it.
static uint32_t read_element(struct instance *instance, uint32_t at, unsigned depth)
{
	struct estimate *e = instance->e;
	uint64_t before = e->cost;
	uint32_t head = instance->is_plain ? PLAIN_HEAD : ELEMENT_HEAD;
	uint32_t items = 1;
	bool has_attributes;
	uint32_t end;

	if (depth > ELEMENTS_MOST || !has(e, at, head) || token_at(e, at) != TOKEN_ELEMENT)
		return 0;
	has_attributes = (e->chunk[at] & TOKEN_MORE) != 0;
	end = load(e, at + head - 4, 4);
	if (!has(e, at + head, end) || !charge(e, ITEM_COST, head))
		return 0;
	end += at + head;
	at = read_name(e, at + head);
	if (at != 0 && has_attributes)
		at = read_attributes(instance, at);
	if (at == 0 || !has(e, at, 1))
		return 0;
	if (e->chunk[at] == TOKEN_CLOSE_EMPTY)
		at++;
	else
		at = e->chunk[at] == TOKEN_CLOSE_START
			     ? read_content(instance, at + 1, depth, &items)
			     : 0;
	return at == end && charge(e, (items - 1) * (e->cost - before), 0) ? at : 0;
}

// ---- instances ----------------------------------------------------------

// Take the values, whose number stands at `at`.
static uint32_t read_values(struct instance *instance, uint32_t at)
{
	struct estimate *e = instance->e;
	uint32_t data;

	if (!has(e, at, 4))
		return 0;
	instance->count = load(e, at, 4);
	at += 4;
	if (instance->count > (e->len - at) / 4)
		return 0;
	instance->values = mem_alloc((instance->count + 1) * sizeof(*instance->values));
	data = at + 4 * instance->count;
	for (uint32_t i = 0; i < instance->count; i++, at += 4) {
		uint32_t size = load(e, at, 2);

		if (!has(e, data, size))
			return 0;
		instance->values[i] =
			(struct value){.at = data, .len = size, .type = e->chunk[at + 2]};
		data += size;
	}
	return charge(e, 64 * (uint64_t)instance->count, 4 * instance->count) ? data : 0;
}

// Where the definition at `at` ends, by its size.
static uint32_t definition_end(const struct estimate *e, uint32_t at)
{
	uint32_t size;

	if (!has(e, at, DEFINITION_HEAD))
		return 0;
	size = load(e, at + DEFINITION_SIZE, 4);
	return has(e, at + DEFINITION_HEAD, size) ? at + DEFINITION_HEAD + size : 0;
}

// What a definition holds, up to `end`: a fragment with an element, and its end.
static bool read_definition(struct instance *instance, uint32_t at, uint32_t end)
{
	struct estimate *e = instance->e;

	at += DEFINITION_HEAD;
	if (!has(e, at, FRAGMENT_HEAD) || e->chunk[at] != TOKEN_FRAGMENT)
		return false;
	at = read_element(instance, at + FRAGMENT_HEAD, 1);
	return at != 0 && at + 1 == end && e->chunk[at] == TOKEN_END;
}

// The definition stands here or before, and the values behind the instance's head or behind the
// definition.
static uint32_t read_instance(struct estimate *e, uint32_t at, unsigned depth)
{
	struct instance instance = {.e = e, .depth = depth};
	uint32_t definition, definition_stop, values, end;

	if (depth > TEMPLATES_MOST || !has(e, at, INSTANCE_HEAD))
		return 0;
	definition = load(e, at + INSTANCE_HEAD - 4, 4);
	values = at + INSTANCE_HEAD;
	definition_stop = definition <= values ? definition_end(e, definition) : 0;
	if (definition_stop == 0)
		return 0;
	end = read_values(&instance, definition == values ? definition_stop : values);
	if (end != 0 && !read_definition(&instance, definition, definition_stop))
		end = 0;
	free(instance.values);
	return end;
}

// A fragment, with an instance or an element.
static uint32_t read_fragment(struct estimate *e, uint32_t at, unsigned depth)
{
	struct instance none = {.e = e, .depth = depth};

	if (!has(e, at, FRAGMENT_HEAD + 1) || e->chunk[at] != TOKEN_FRAGMENT ||
	    !charge(e, ITEM_COST, FRAGMENT_HEAD))
		return 0;
	at += FRAGMENT_HEAD;
	return e->chunk[at] == TOKEN_INSTANCE ? read_instance(e, at, depth)
					      : read_element(&none, at, 1);
}

// ---- records ------------------------------------------------------------

// Fragments up to the token that ends them.
static bool read_record(struct estimate *e, uint32_t at, uint32_t end)
{
	e->cost = 0;
	while (at < end && e->chunk[at] != TOKEN_END) {
		at = read_fragment(e, at, 1);
		if (at == 0)
			return false;
	}
	return at < end;
}

uint64_t guard_cost(const unsigned char *chunk, size_t len, size_t from, size_t to)
{
	struct estimate e = {.chunk = chunk, .len = (uint32_t)len};
	uint64_t most = 0;
	uint64_t sum = 0;
	bool is_known = true;
	uint32_t size;

	for (uint32_t at = (uint32_t)from; is_known && at < to && has(&e, at, RECORD_HEAD);
	     at += size) {
		if (memcmp(chunk + at, "**\0", 4) != 0)
			break;
		size = load(&e, at + 4, 4);
		is_known = size >= RECORD_HEAD + SIZE_COPY && has(&e, at, size) &&
			   read_record(&e, at + RECORD_HEAD, at + size - SIZE_COPY);
		most = e.cost > most ? e.cost : most;
		sum += e.cost;
	}
	if (e.has_lone_mark)
		return COST_ENDLESS;
	if (e.is_costly || sum > LIMIT_REFERENCE_CHUNK)
		return COST_TOO_MUCH;
	return is_known ? most : COST_UNKNOWN;
}

enum rc guard_records(const unsigned char *chunk, size_t len, size_t from, size_t to,
		      struct err *err)
{
	switch (guard_cost(chunk, len, from, to)) {
	case COST_UNKNOWN:
		err_set(err, GUARD_FORM_REASON);
		return RC_FAILED;
	case COST_TOO_MUCH:
		err_set(err, GUARD_COST_REASON);
		return RC_FAILED;
	case COST_ENDLESS:
		err_set(err, GUARD_MARK_REASON);
		return RC_FAILED;
	default:
		return RC_OK;
	}
}
