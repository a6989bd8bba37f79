// SPDX-License-Identifier: Apache-2.0
// A look into EVTX files that were made by tests: just enough structure, by
// evtx-format.md, to find records and values. Asserts instead of reporting.
#ifndef UNIT_EVTX_PEEK_H
#define UNIT_EVTX_PEEK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"

#define PEEK_VALUES 64

struct peek_value {
	uint16_t type;
	uint16_t len;
	const unsigned char *bytes;
	uint32_t at; // chunk offset
};

// One template instance.
struct peek_instance {
	uint32_t definition; // chunk offset
	bool is_inline;
	uint32_t count;
	struct peek_value values[PEEK_VALUES];
};

struct peek_record {
	const unsigned char *chunk;
	uint32_t at;
	uint64_t id;
	struct peek_instance outer, inner;
};

static inline uint64_t peek_uint(const unsigned char *at, size_t size)
{
	uint64_t value = 0;

	while (size-- > 0)
		value = value << 8 | at[size];
	return value;
}

// The instance of the stream that starts at chunk offset `at`.
static inline void peek_instance(const unsigned char *chunk, uint32_t at, struct peek_instance *out)
{
	static const unsigned char head[6] = {0x0F, 1, 1, 0, 0x0C, 1};
	uint32_t next = at + 14;
	uint32_t data;

	assert_memory_equal(chunk + at, head, sizeof(head));
	out->definition = (uint32_t)peek_uint(chunk + at + 10, 4);
	out->is_inline = out->definition == next;
	// The template id is the first word of the GUID (4.4).
	assert_memory_equal(chunk + at + 6, chunk + out->definition + 4, 4);
	if (out->is_inline)
		next += 24 + (uint32_t)peek_uint(chunk + next + 20, 4);
	out->count = (uint32_t)peek_uint(chunk + next, 4);
	assert_true(out->count <= PEEK_VALUES);
	next += 4;
	data = next + 4 * out->count;
	for (uint32_t i = 0; i < out->count; i++, next += 4) {
		struct peek_value *value = &out->values[i];

		value->len = (uint16_t)peek_uint(chunk + next, 2);
		value->type = (uint16_t)peek_uint(chunk + next + 2, 2);
		value->bytes = chunk + data;
		value->at = data;
		data += value->len;
	}
	assert_int_equal(chunk[data], 0); // end of the stream
}

// Append the ASCII text of `units` UTF-16 units.
static inline void peek_put_text(struct buf *out, const unsigned char *at, uint64_t units)
{
	for (uint64_t i = 0; i < units; i++)
		buf_put_char(out, (char)at[2 * i]);
}

// Append the name that the reference at `at` means; returns where it ends.
static inline uint32_t peek_name(const unsigned char *chunk, uint32_t at, struct buf *out)
{
	uint32_t entry = (uint32_t)peek_uint(chunk + at, 4);
	uint32_t units = (uint32_t)peek_uint(chunk + entry + 6, 2);

	peek_put_text(out, chunk + entry + 8, units);
	return at + 4 + (entry == at + 4 ? 10 + 2 * units : 0);
}

// One token of a definition as text; returns where it ends.
static inline uint32_t peek_token(const unsigned char *chunk, uint32_t at, struct buf *out)
{
	unsigned token = chunk[at++];
	uint64_t word = peek_uint(chunk + at, 2);

	switch (token & 0x3F) {
	case 0x01:
		buf_put_text(out, "<");
		at = peek_name(chunk, at + 6, out);
		if (word != 0xFFFF)
			buf_printf(out, " dep%u", (unsigned)word);
		return at + (token == 0x41 ? 4 : 0);
	case 0x02:
		buf_put_text(out, ">");
		return at;
	case 0x03:
		buf_put_text(out, "/>");
		return at;
	case 0x04:
		buf_put_text(out, "</>");
		return at;
	case 0x05:
		word = peek_uint(chunk + at + 1, 2);
		buf_put_text(out, "'");
		peek_put_text(out, chunk + at + 3, word);
		buf_put_text(out, "'");
		return at + 3 + 2 * (uint32_t)word;
	case 0x06:
		buf_put_text(out, token == 0x46 ? " +@" : " @");
		at = peek_name(chunk, at, out);
		buf_put_text(out, "=");
		return at;
	case 0x0D:
	case 0x0E:
		buf_printf(out, "%%%s%u:%02x", token == 0x0E ? "?" : "", (unsigned)word,
			   chunk[at + 2]);
		return at + 3;
	default:
		fail_msg("token %02x in a template", token);
		return at;
	}
}

// The definition at chunk offset `at` in a readable form: <name depN +@attr=
// (+ when another follows), 'literal', %index:type, %?index:type.
static inline void peek_template(const unsigned char *chunk, uint32_t at, struct buf *out)
{
	uint32_t end = at + 24 + (uint32_t)peek_uint(chunk + at + 20, 4) - 1;

	buf_reset(out);
	for (at += 28; at < end;)
		at = peek_token(chunk, at, out);
	assert_int_equal(at, end);
	assert_int_equal(chunk[at], 0);
}

// Record `index` of the file, counted over all chunks.
static inline void peek_record(struct str file, size_t index, struct peek_record *out)
{
	for (size_t base = 4096; base < file.len; base += 65536) {
		const unsigned char *chunk = (const unsigned char *)file.ptr + base;
		uint32_t end = (uint32_t)peek_uint(chunk + 48, 4);
		uint32_t at = 512;

		while (at < end && index-- > 0)
			at += (uint32_t)peek_uint(chunk + at + 4, 4);
		if (at >= end)
			continue;
		out->chunk = chunk;
		out->at = at;
		out->id = peek_uint(chunk + at + 8, 8);
		peek_instance(chunk, at + 24, &out->outer);
		assert_true(out->outer.count > 0);
		peek_instance(chunk, out->outer.values[out->outer.count - 1].at, &out->inner);
		return;
	}
	fail_msg("the file lacks the record");
}

#endif
