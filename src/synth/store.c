// SPDX-License-Identifier: Apache-2.0
// Stored forms of written values.
#include "synth/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/tm.h"

static void put_le(struct buf *out, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		buf_put_char(out, (char)(value >> (8 * i) & 0xff));
}

static bool number_of(struct str text, uint64_t *out)
{
	return str_to_u64(text, out) || str_hex_to_u64(text, out);
}

static uint64_t max_of(size_t size)
{
	return UINT64_MAX >> (64 - 8 * size);
}

bool store_uint(struct buf *out, struct str text, size_t size)
{
	uint64_t number;

	if (!number_of(text, &number) || number > max_of(size))
		return false;
	put_le(out, size, number);
	return true;
}

bool store_int(struct buf *out, struct str text, size_t size)
{
	bool negative = str_starts(text, STR("-"));
	uint64_t limit = max_of(size) / 2 + negative;
	uint64_t number;

	if (!number_of(str_sub(text, negative, SIZE_MAX), &number) || number > limit)
		return false;
	put_le(out, size, negative ? 0 - number : number);
	return true;
}

bool store_real(struct buf *out, struct str text, size_t size)
{
	struct buf copy = {0};
	char *end = NULL;
	double number;
	float single;
	uint32_t single_bits;
	uint64_t bits;
	bool good;

	buf_put_str(&copy, text); // strtod wants a NUL behind it
	number = strtod(copy.ptr, &end);
	good = text.len != 0 && end == copy.ptr + text.len;
	buf_release(&copy);
	single = (float)number;
	memcpy(&single_bits, &single, sizeof(single_bits));
	memcpy(&bits, &number, sizeof(bits));
	put_le(out, size, size == sizeof(single) ? single_bits : bits);
	return good;
}

bool store_bool(struct buf *out, struct str text, size_t size)
{
	bool truth = str_eq(text, STR("true"));

	put_le(out, size, truth);
	return truth || str_eq(text, STR("false"));
}

bool store_utf16(struct buf *out, struct str text, size_t size)
{
	(void)size;
	utf8_to_utf16(out, text);
	return true;
}

// The byte that Windows-1252 has for one UTF-8 character above ASCII.
static bool find_ansi(struct arena *arena, struct str character, unsigned char *byte)
{
	for (unsigned c = 0x80; c < 0x100; c++) {
		*byte = (unsigned char)c;
		if (str_eq(ansi_to_utf8(arena, byte, 1), character))
			return true;
	}
	return false;
}

bool store_ansi(struct buf *out, struct str text, size_t size)
{
	struct arena arena = {0};
	bool good = true;
	size_t at = 0;

	(void)size;
	while (good && at < text.len) {
		size_t start = at;
		unsigned char byte = (unsigned char)text.ptr[at];

		utf8_next(text, &at);
		if (byte >= 0x80)
			good = find_ansi(&arena, str_sub(text, start, at - start), &byte);
		buf_put(out, &byte, 1);
	}
	arena_release(&arena);
	return good;
}

bool store_hex(struct buf *out, struct str text, size_t size)
{
	(void)size;
	for (size_t i = 0; i + 1 < text.len; i += 2) {
		int high = ascii_hex(text.ptr[i]);
		int low = ascii_hex(text.ptr[i + 1]);

		if (high < 0 || low < 0)
			return false;
		buf_put_char(out, (char)(high << 4 | low));
	}
	return text.len % 2 == 0;
}

bool store_guid(struct buf *out, struct str text, size_t size)
{
	// Where the bytes stand in "33221100-5544-7766-8899-AABBCCDDEEFF": the
	// first three groups are stored as little-endian numbers.
	static const unsigned char at[16] = {6,	 4,  2,	 0,  11, 9,  16, 14,
					     19, 21, 24, 26, 28, 30, 32, 34};

	(void)size;
	if (text.len == 38 && text.ptr[0] == '{' && text.ptr[37] == '}')
		text = str_sub(text, 1, 36);
	if (text.len != 36 || text.ptr[8] != '-' || text.ptr[13] != '-' || text.ptr[18] != '-' ||
	    text.ptr[23] != '-')
		return false;
	for (size_t i = 0; i < 16; i++) {
		if (!store_hex(out, str_sub(text, at[i], 2), 0))
			return false;
	}
	return true;
}

// Revision and authority, in `head` as stored.
static bool read_sid_head(struct str *rest, unsigned char head[8])
{
	struct str part;
	uint64_t number;

	if (!str_starts(*rest, STR("S-")))
		return false;
	*rest = str_sub(*rest, 2, SIZE_MAX);
	if (!str_split(rest, '-', &part) || !str_to_u64(part, &number) || number > 255)
		return false;
	head[0] = (unsigned char)number;
	if (!str_split(rest, '-', &part) || !number_of(part, &number) || number >> 48 != 0)
		return false;
	for (unsigned i = 0; i < 6; i++)
		head[2 + i] = (unsigned char)(number >> (40 - 8 * i));
	return true;
}

bool store_sid(struct buf *out, struct str text, size_t size)
{
	unsigned char head[8] = {0};
	size_t start = out->len;
	struct str part;
	uint64_t number;

	(void)size;
	if (!read_sid_head(&text, head))
		return false;
	buf_put(out, head, sizeof(head));
	while (str_split(&text, '-', &part)) {
		// Windows allows 15 sub-authorities.
		if (!str_to_u64(part, &number) || number > UINT32_MAX || ++head[1] > 15)
			return false;
		put_le(out, 4, number);
	}
	out->ptr[start + 1] = (char)head[1];
	return true;
}

bool store_filetime(struct buf *out, struct str text, size_t size)
{
	uint64_t ticks;

	if (!tm_parse(text, true, &ticks) && !str_to_u64(text, &ticks))
		return false;
	put_le(out, size, ticks);
	return true;
}

bool store_systemtime(struct buf *out, struct str text, size_t size)
{
	struct tm_parts p;
	uint64_t ticks;

	(void)size;
	if (!tm_parse(text, true, &ticks) || !tm_split(ticks, &p))
		return false;
	put_le(out, 2, (uint64_t)p.year);
	put_le(out, 2, (uint64_t)p.month);
	// Day of the week from Sunday; 1601-01-01 was a Monday.
	put_le(out, 2, (ticks / TM_TICKS_PER_SECOND / 86400 + 1) % 7);
	put_le(out, 2, (uint64_t)p.day);
	put_le(out, 2, (uint64_t)p.hour);
	put_le(out, 2, (uint64_t)p.minute);
	put_le(out, 2, (uint64_t)p.second);
	put_le(out, 2, p.fraction / 10000);
	return true;
}
