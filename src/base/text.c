// SPDX-License-Identifier: Apache-2.0
// UTF-8, UTF-16LE, Windows-1252 and simple case folding.
#include "base/text.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define REPLACEMENT 0xFFFDu

// Length of the sequence that `lead` begins, 0 for a continuation or an
// impossible byte.
static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 3;
	if (lead >= 0xF0 && lead <= 0xF4)
		return 4;
	return 0;
}

uint32_t utf8_next(struct str s, size_t *at)
{
	static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char)s.ptr[*at];
	size_t len = sequence_length(lead);
	uint32_t cp = len > 1 ? lead & (0x7Fu >> len) : lead;

	if (len == 0 || len > s.len - *at)
		goto invalid;
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = (unsigned char)s.ptr[*at + i];

		if ((byte & 0xC0) != 0x80)
			goto invalid;
		cp = cp << 6 | (byte & 0x3F);
	}
	if (cp < smallest[len] || cp > 0x10FFFF)
		goto invalid;
	*at += len;
	return cp;
invalid:
	*at += 1;
	return TEXT_INVALID;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

void buf_put_cp(struct buf *buf, uint32_t cp)
{
	char bytes[4];

	buf_put(buf, bytes, utf8_encode(cp, bytes));
}

static bool is_surrogate(uint32_t cp)
{
	return cp >= 0xD800 && cp <= 0xDFFF;
}

bool utf8_is_valid(struct str s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = utf8_next(s, &at);

		if (cp == TEXT_INVALID || is_surrogate(cp))
			return false;
	}
	return true;
}

void utf8_put_cut(struct buf *out, struct str s, size_t most)
{
	size_t len = most;

	if (s.len <= most) {
		buf_put_str(out, s);
		return;
	}
	while (len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
		len--;
	buf_put_str(out, str_sub(s, 0, len));
	buf_printf(out, "… [+%zu bytes]", s.len - len);
}

struct str utf8_sanitise(struct arena *arena, struct str s)
{
	char *out;
	size_t len = 0;

	if (utf8_is_valid(s))
		return s;
	out = arena_alloc(arena, s.len * 3);
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = utf8_next(s, &at);

		len += utf8_encode(cp == TEXT_INVALID || is_surrogate(cp) ? REPLACEMENT : cp,
				   out + len);
	}
	return (struct str){out, len};
}

static uint32_t unit_at(const unsigned char *bytes, size_t index)
{
	return (uint32_t)bytes[2 * index] | (uint32_t)bytes[2 * index + 1] << 8;
}

struct str utf16_to_utf8(struct arena *arena, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	size_t units = len / 2;
	char *out = arena_alloc(arena, units * 3);
	size_t n = 0;

	for (size_t i = 0; i < units; i++) {
		uint32_t cp = unit_at(in, i);

		if (cp >= 0xD800 && cp <= 0xDBFF && i + 1 < units) {
			uint32_t low = unit_at(in, i + 1);

			if (low >= 0xDC00 && low <= 0xDFFF) {
				cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
				i++;
			}
		}
		n += utf8_encode(cp, out + n);
	}
	return (struct str){out, n};
}

static void put_unit(struct buf *out, uint32_t unit)
{
	buf_put_char(out, (char)(unit & 0xFF));
	buf_put_char(out, (char)(unit >> 8));
}

void utf8_to_utf16(struct buf *out, struct str s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = utf8_next(s, &at);

		if (cp == TEXT_INVALID)
			cp = REPLACEMENT;
		if (cp >= 0x10000) {
			put_unit(out, 0xD800 + ((cp - 0x10000) >> 10));
			put_unit(out, 0xDC00 + ((cp - 0x10000) & 0x3FF));
		} else {
			put_unit(out, cp);
		}
	}
}

struct str ansi_to_utf8(struct arena *arena, const void *bytes, size_t len)
{
	// 0x80 to 0x9F of Windows-1252; the rest equals Latin-1.
	static const uint16_t high[32] = {
		0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
		0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
	};
	const unsigned char *in = bytes;
	char *out = arena_alloc(arena, len * 3);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += utf8_encode(in[i] >= 0x80 && in[i] < 0xA0 ? high[in[i] - 0x80] : in[i],
				 out + n);
	return (struct str){out, n};
}

// Code points first, first + step, ... last fold to themselves + delta.
struct fold_range {
	uint32_t first;
	uint32_t last;
	uint32_t step;
	int32_t delta;
};

static const struct fold_range fold_ranges[] = {
#include "base/casefold.inc"
};

uint32_t fold_cp(uint32_t cp)
{
	size_t low = 0;
	size_t high = sizeof(fold_ranges) / sizeof(fold_ranges[0]);

	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct fold_range *range = &fold_ranges[mid];

		if (cp > range->last)
			low = mid + 1;
		else if (cp < range->first)
			high = mid;
		else
			return (cp - range->first) % range->step == 0
				       ? (uint32_t)((int32_t)cp + range->delta)
				       : cp;
	}
	return cp;
}

#ifdef __SSE2__
// Sixteen bytes of ASCII in lower case.
static __m128i lower_ascii(__m128i bytes)
{
	__m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
				      _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));

	return _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
}
#endif

// Bytes of ASCII, lower-cased; stops at the first that is not.
static size_t fold_ascii_bytes(const char *in, size_t len, char *out)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; i + 16 <= len; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(in + i));

		if (_mm_movemask_epi8(bytes) != 0)
			break;
		_mm_storeu_si128((__m128i *)(void *)(out + i), lower_ascii(bytes));
	}
#endif
	for (; i < len && (unsigned char)in[i] < 0x80; i++)
		out[i] = ascii_lower(in[i]);
	return i;
}

struct str text_fold(struct arena *arena, struct str s)
{
	// Folding may lengthen a sequence (U+023A, two bytes, to three).
	char *out = arena_alloc(arena, s.len * 2);
	size_t n = fold_ascii_bytes(s.ptr, s.len, out);

	for (size_t at = n; at < s.len;) {
		unsigned char byte = (unsigned char)s.ptr[at];
		uint32_t cp = utf8_next(s, &at);

		if (cp == TEXT_INVALID)
			out[n++] = (char)byte;
		else
			n += utf8_encode(fold_cp(cp), out + n);
	}
	return (struct str){out, n};
}

// Units of ASCII, lower-cased to bytes; stops at the first that is not.
static size_t fold_ascii_units(const unsigned char *in, size_t units, char *out)
{
	size_t i = 0;

#ifdef __SSE2__
	const __m128i high = _mm_set1_epi16((short)0xFF80);

	for (; i + 16 <= units; i += 16) {
		const __m128i *at = (const __m128i *)(const void *)(in + 2 * i);
		__m128i low_half = _mm_loadu_si128(at);
		__m128i high_half = _mm_loadu_si128(at + 1);
		__m128i beyond = _mm_and_si128(_mm_or_si128(low_half, high_half), high);

		if (_mm_movemask_epi8(_mm_cmpeq_epi16(beyond, _mm_setzero_si128())) != 0xFFFF)
			break;
		_mm_storeu_si128((__m128i *)(void *)(out + i),
				 lower_ascii(_mm_packus_epi16(low_half, high_half)));
	}
#endif
	for (; i < units; i++) {
		uint32_t unit = unit_at(in, i);

		if (unit >= 0x80)
			break;
		out[i] = ascii_lower((char)unit);
	}
	return i;
}

struct str utf16_fold(struct arena *arena, const void *bytes, size_t len)
{
	size_t units = len / 2;
	char *out = arena_alloc(arena, units);

	// 99 % of all values are ASCII throughout (performance.md 10).
	if (fold_ascii_units(bytes, units, out) == units)
		return (struct str){out, units};
	return text_fold(arena, utf16_to_utf8(arena, bytes, len));
}

struct str ansi_fold(struct arena *arena, const void *bytes, size_t len)
{
	char *out = arena_alloc(arena, len);

	if (fold_ascii_bytes(bytes, len, out) == len)
		return (struct str){out, len};
	return text_fold(arena, ansi_to_utf8(arena, bytes, len));
}

bool text_eq_fold(struct str a, struct str b)
{
	size_t i = 0;
	size_t j = 0;

	while (i < a.len && j < b.len) {
		uint32_t x = utf8_next(a, &i);
		uint32_t y = utf8_next(b, &j);

		if (x == TEXT_INVALID || y == TEXT_INVALID) {
			if (x != y || a.ptr[i - 1] != b.ptr[j - 1])
				return false;
		} else if (fold_cp(x) != fold_cp(y)) {
			return false;
		}
	}
	return i == a.len && j == b.len;
}
