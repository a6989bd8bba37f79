// SPDX-License-Identifier: Apache-2.0
// A lenient walk over BinXML in any bytes: where its fields are, for mutation.
//
// Written apart from src/evtx/binxml.c. With `repair` the walk sets what follows
// from the rest: sizes of elements, attribute lists and definitions, and offsets of
// names that nearly point to where they stand.
#ifndef FUZZ_EVTX_TOKENS_H
#define FUZZ_EVTX_TOKENS_H

#include "evtx/chunk_writer.h"

enum spot_kind {
	SPOT_TOKEN,	 // u8
	SPOT_SIZE,	 // u32 in bytes
	SPOT_UNITS,	 // u16 units of UTF-16
	SPOT_NAME,	 // u32 chunk offset
	SPOT_DEFINITION, // u32 chunk offset
	SPOT_INDEX,	 // u16 of a substitution
	SPOT_TYPE,	 // u8 declared type
	SPOT_COUNT,	 // u32 values of an instance
	SPOT_DESCRIPTOR, // u16 size, u16 type
	SPOT_VALUE,	 // bytes of a value
};

struct spot {
	uint32_t at;
	uint16_t size;
	uint16_t kind;
};

#define TOKENS_SPOTS 8192u
#define TOKENS_DEPTH 64u

struct tokens {
	unsigned char *bytes; // of a chunk, or of any stream with offset 0
	uint32_t end;
	bool repair;
	bool is_template;
	unsigned nesting;
	size_t count;
	struct spot spots[TOKENS_SPOTS];
};

static inline bool tokens_has(const struct tokens *t, uint32_t at, uint32_t size)
{
	return at <= t->end && size <= t->end - at;
}

static inline void tokens_note(struct tokens *t, enum spot_kind kind, uint32_t at, uint32_t size)
{
	if (t->count < TOKENS_SPOTS)
		t->spots[t->count++] = (struct spot){at, (uint16_t)size, (uint16_t)kind};
}

static inline uint32_t tokens_units(struct tokens *t, uint32_t at)
{
	if (!tokens_has(t, at, 2))
		return t->end;
	tokens_note(t, SPOT_UNITS, at, 2);
	return at + 2 + 2u * load_u16(t->bytes + at);
}

static inline uint32_t tokens_name(struct tokens *t, uint32_t at)
{
	uint32_t name;

	if (!tokens_has(t, at, 4))
		return t->end;
	tokens_note(t, SPOT_NAME, at, 4);
	name = load_u32(t->bytes + at);
	at += 4;
	if (t->repair && name - at + 64 < 128) {
		chunk_set_uint(t->bytes + at - 4, 4, at);
		name = at;
	}
	return name == at && tokens_has(t, at, 8) ? at + 10 + 2u * load_u16(t->bytes + at + 6) : at;
}

static inline uint32_t tokens_stream(struct tokens *t, uint32_t at);

// The definition at `at` of an instance; returns its end.
static inline uint32_t tokens_definition(struct tokens *t, uint32_t at)
{
	bool outer = t->is_template;
	uint32_t end;

	if (!tokens_has(t, at, 24))
		return t->end;
	tokens_note(t, SPOT_SIZE, at + 20, 4);
	t->is_template = true;
	end = tokens_stream(t, at + 24);
	t->is_template = outer;
	if (t->repair)
		chunk_set_uint(t->bytes + at + 20, 4, end - at - 24);
	return load_u32(t->bytes + at + 20) <= t->end - at - 24
		       ? at + 24 + load_u32(t->bytes + at + 20)
		       : t->end;
}

static inline uint32_t tokens_values(struct tokens *t, uint32_t at, uint32_t count)
{
	uint32_t value = at + 4 * count;

	for (; count-- > 0; at += 4) {
		uint32_t size = load_u16(t->bytes + at);
		bool outer = t->is_template;

		tokens_note(t, SPOT_DESCRIPTOR, at, 4);
		if (!tokens_has(t, value, size))
			return t->end;
		tokens_note(t, SPOT_VALUE, value, size);
		if (t->bytes[at + 2] == 0x21 && size != 0) {
			t->is_template = false;
			size = tokens_stream(t, value) - value;
			t->is_template = outer;
			if (t->repair)
				chunk_set_uint(t->bytes + at, 2, size);
		}
		value += load_u16(t->bytes + at);
	}
	return value;
}

static inline uint32_t tokens_instance(struct tokens *t, uint32_t at)
{
	uint32_t definition;
	uint32_t count;

	if (!tokens_has(t, at, 13))
		return t->end;
	tokens_note(t, SPOT_DEFINITION, at + 5, 4);
	definition = load_u32(t->bytes + at + 5);
	at += 9;
	if (t->repair && definition - at + 64 < 128) {
		chunk_set_uint(t->bytes + at - 4, 4, at);
		definition = at;
	}
	if (definition == at)
		at = tokens_definition(t, at);
	if (!tokens_has(t, at, 4))
		return t->end;
	tokens_note(t, SPOT_COUNT, at, 4);
	count = load_u32(t->bytes + at);
	at += 4;
	return count <= (t->end - at) / 4 ? tokens_values(t, at, count) : t->end;
}

// One token of character data, whose code is `token`, from behind it.
static inline uint32_t tokens_data(struct tokens *t, unsigned token, uint32_t at)
{
	switch (token) {
	case 0x05:
		return tokens_units(t, at + 1);
	case 0x07:
		return tokens_units(t, at);
	case 0x08:
		return at + 2;
	case 0x09:
		return tokens_name(t, at);
	default:
		tokens_note(t, SPOT_INDEX, at, 2);
		tokens_note(t, SPOT_TYPE, at + 2, 1);
		return at + 3;
	}
}

static inline bool tokens_is_data(unsigned token)
{
	return token == 0x05 || (token >= 0x07 && token <= 0x09) || token == 0x0D || token == 0x0E;
}

static inline uint32_t tokens_attributes(struct tokens *t, uint32_t at)
{
	uint32_t start = at + 4;

	if (!tokens_has(t, at, 4))
		return t->end;
	tokens_note(t, SPOT_SIZE, at, 4);
	for (at = start; tokens_has(t, at, 1);) {
		unsigned token = t->bytes[at] & 0xBFu;

		if (token != 0x06 && !tokens_is_data(token))
			break;
		tokens_note(t, SPOT_TOKEN, at, 1);
		at = token == 0x06 ? tokens_name(t, at + 1) : tokens_data(t, token, at + 1);
	}
	if (t->repair && tokens_has(t, at, 0))
		chunk_set_uint(t->bytes + start - 4, 4, at - start);
	return at;
}

// From behind the token of an element up to where its content begins.
static inline uint32_t tokens_element(struct tokens *t, uint32_t at, bool attributes)
{
	uint32_t head = t->is_template ? 6 : 4;

	if (!tokens_has(t, at, head))
		return t->end;
	tokens_note(t, SPOT_SIZE, at + head - 4, 4);
	at = tokens_name(t, at + head);
	return attributes ? tokens_attributes(t, at) : at;
}

static inline uint32_t tokens_one(struct tokens *t, uint32_t at)
{
	unsigned token = t->bytes[at] & 0xBFu;

	tokens_note(t, SPOT_TOKEN, at, 1);
	at++;
	switch (token) {
	case 0x01:
		return tokens_element(t, at, (t->bytes[at - 1] & 0x40) != 0);
	case 0x0A:
		return tokens_name(t, at);
	case 0x0B:
		return tokens_units(t, at);
	case 0x0C:
		return t->nesting < 8 ? tokens_instance(t, at) : t->end;
	case 0x0F:
		return at + 3;
	default:
		return tokens_is_data(token) ? tokens_data(t, token, at) : at;
	}
}

// A stream up to and with its end token; returns where it ends, at most t->end.
static inline uint32_t tokens_stream(struct tokens *t, uint32_t at)
{
	uint32_t open[TOKENS_DEPTH];
	size_t depth = 0;

	t->nesting++;
	while (tokens_has(t, at, 1)) {
		unsigned token = t->bytes[at] & 0xBFu;
		uint32_t size = at + (t->is_template ? 3 : 1);

		at = tokens_one(t, at);
		if (token == 0x00)
			break;
		if (token == 0x01 && depth < TOKENS_DEPTH)
			open[depth++] = size;
		if ((token != 0x03 && token != 0x04) || depth == 0)
			continue;
		size = open[--depth];
		if (t->repair && at <= t->end)
			chunk_set_uint(t->bytes + size, 4, at - size - 4);
	}
	t->nesting--;
	return at < t->end ? at : t->end;
}

#endif
