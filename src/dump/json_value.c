// SPDX-License-Identifier: Apache-2.0
// Values as JSON without detours.
#include "dump/json_value.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "base/tm.h"
#include "output/escape.h"

static uint64_t load(const struct value *value)
{
	uint64_t number = 0;

	memcpy(&number, value->ptr, value->len < 8 ? value->len : 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	number = __builtin_bswap64(number);
#endif
	return number;
}

static char *put_decimal(char *at, uint64_t number)
{
	char digits[20];
	size_t n = sizeof(digits);

	if (number < 10) { // most of them are levels, versions, counts
		*at = (char)('0' + number);
		return at + 1;
	}
	for (; number > UINT32_MAX; number /= 10)
		digits[--n] = (char)('0' + number % 10);
	for (uint32_t rest = (uint32_t)number; rest != 0; rest /= 10)
		digits[--n] = (char)('0' + rest % 10);
	memcpy(at, digits + n, sizeof(digits) - n);
	return at + (sizeof(digits) - n);
}

// Exactly `width` digits.
static char *put_padded(char *at, uint32_t number, size_t width)
{
	for (size_t i = width; i > 0; i--) {
		at[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	return at + width;
}

static char *put_signed(char *at, const struct value *value)
{
	uint64_t sign = UINT64_C(1) << (value->len * 8 - 1);
	uint64_t number = (load(value) ^ sign) - sign;

	if (number >> 63 != 0) {
		*at++ = '-';
		number = 0 - number;
	}
	return put_decimal(at, number);
}

static char *put_hex(char *at, uint64_t number)
{
	int shift = 60;

	memcpy(at, "\"0x", 3);
	at += 3;
	while (shift > 0 && number >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[number >> shift & 15];
	*at++ = '"';
	return at;
}

static char *put_guid(char *at, const unsigned char *bytes)
{
	// 16 and above: that character. The order of the bytes is that of
	// {Data1-Data2-Data3-...}, the first three little-endian.
	static const unsigned char order[] = {3,   2, 1, 0,   '-', 5,  4,  '-', 7,  6,
					      '-', 8, 9, '-', 10,  11, 12, 13,	14, 15};

	*at++ = '"';
	*at++ = '{';
	for (size_t i = 0; i < sizeof(order); i++) {
		if (order[i] == '-') {
			*at++ = '-';
			continue;
		}
		*at++ = "0123456789abcdef"[bytes[order[i]] >> 4];
		*at++ = "0123456789abcdef"[bytes[order[i]] & 15];
	}
	*at++ = '}';
	*at++ = '"';
	return at;
}

static char *put_sid(char *at, const struct value *value)
{
	const unsigned char *bytes = value->ptr;
	uint32_t authority = (uint32_t)bytes[4] << 24 | (uint32_t)bytes[5] << 16 |
			     (uint32_t)bytes[6] << 8 | bytes[7];

	memcpy(at, "\"S-", 3);
	at = put_decimal(at + 3, bytes[0]);
	*at++ = '-';
	at = put_decimal(at, authority);
	for (uint32_t i = 8; i < value->len; i += 4) {
		struct value part = {.ptr = bytes + i, .len = 4};

		*at++ = '-';
		at = put_decimal(at, load(&part));
	}
	*at++ = '"';
	return at;
}

static void set_day(struct json_day *day, uint64_t number)
{
	struct tm_parts parts;
	char *at = day->text;

	if (!tm_split(number * 86400 * TM_TICKS_PER_SECOND, &parts))
		return;
	at = put_padded(at, (uint32_t)parts.year, 4);
	*at++ = '-';
	at = put_padded(at, (uint32_t)parts.month, 2);
	*at++ = '-';
	put_padded(at, (uint32_t)parts.day, 2);
	day->day = number + 1;
}

// A time before the year 10000, as tm_format writes it.
static char *put_time(char *at, uint64_t ticks, struct json_day *day)
{
	uint64_t number = ticks / (86400 * TM_TICKS_PER_SECOND);
	uint64_t rest = ticks % (86400 * TM_TICKS_PER_SECOND);
	uint32_t seconds = (uint32_t)(rest / TM_TICKS_PER_SECOND);

	if (day->day != number + 1)
		set_day(day, number);
	*at++ = '"';
	memcpy(at, day->text, sizeof(day->text));
	at += sizeof(day->text);
	*at++ = 'T';
	at = put_padded(at, seconds / 3600, 2);
	*at++ = ':';
	at = put_padded(at, seconds / 60 % 60, 2);
	*at++ = ':';
	at = put_padded(at, seconds % 60, 2);
	*at++ = '.';
	at = put_padded(at, (uint32_t)(rest % TM_TICKS_PER_SECOND), 7);
	*at++ = 'Z';
	*at++ = '"';
	return at;
}

// ---- strings ------------------------------------------------------------

#ifdef __SSE2__
// Which of 16 bytes cannot stand in a JSON string as they are: controls, DEL,
// quote, backslash and everything above ASCII (negative here).
static unsigned special_bytes(__m128i bytes)
{
	__m128i special = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));

	special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
	special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
	special = _mm_or_si128(special, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
	return (unsigned)_mm_movemask_epi8(special);
}
#endif

// The characters that need a look, one at a time.
static char *put_unit(char *at, const unsigned char *bytes, size_t units, size_t *i);

static bool is_plain(uint32_t c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static uint32_t unit_at(const unsigned char *bytes, size_t i)
{
	return (uint32_t)bytes[2 * i] | (uint32_t)bytes[2 * i + 1] << 8;
}

static char *put_utf16(char *at, const unsigned char *bytes, size_t units)
{
	size_t i = 0;

	*at++ = '"';
	while (i < units) {
#ifdef __SSE2__
		while (units - i >= 16) {
			const __m128i *from = (const void *)(bytes + 2 * i);
			__m128i low = _mm_loadu_si128(from);
			__m128i high = _mm_loadu_si128(from + 1);
			// Units above 0xFF saturate to 0xFF or, negative, to 0.
			__m128i packed = _mm_packus_epi16(low, high);
			unsigned special = special_bytes(packed);

			// Room is for six bytes a unit, so all 16 may be written.
			_mm_storeu_si128((__m128i *)(void *)at, packed);
			if (special != 0) {
				unsigned run = (unsigned)__builtin_ctz(special);

				at += run;
				i += run;
				break;
			}
			at += 16;
			i += 16;
		}
		if (units - i >= 8) {
			__m128i low = _mm_loadu_si128((const void *)(bytes + 2 * i));
			unsigned special = special_bytes(_mm_packus_epi16(low, low)) & 0xFF;
			unsigned run = special != 0 ? (unsigned)__builtin_ctz(special) : 8;

			_mm_storel_epi64((__m128i *)(void *)at, _mm_packus_epi16(low, low));
			at += run;
			i += run;
		}
#endif
		while (i < units && is_plain(unit_at(bytes, i)))
			*at++ = (char)bytes[2 * i++];
		while (i < units && !is_plain(unit_at(bytes, i)))
			at = put_unit(at, bytes, units, &i);
	}
	*at++ = '"';
	return at;
}

static char short_escape(uint32_t cp)
{
	switch (cp) {
	case '"':
	case '\\':
		return (char)cp;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 'u';
	}
}

static char *put_escape(char *at, uint32_t cp)
{
	*at++ = '\\';
	*at = short_escape(cp);
	if (*at++ != 'u')
		return at;
	for (int shift = 12; shift >= 0; shift -= 4)
		*at++ = "0123456789abcdef"[cp >> shift & 15];
	return at;
}

static char *put_unit(char *at, const unsigned char *bytes, size_t units, size_t *i)
{
	uint32_t cp = unit_at(bytes, (*i)++);

	if (cp >= 0xD800 && cp <= 0xDFFF) {
		uint32_t low = cp < 0xDC00 && *i < units ? unit_at(bytes, *i) : 0;

		if (low >= 0xDC00 && low <= 0xDFFF) {
			cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
			++*i;
		} else {
			cp = 0xFFFD;
		}
	}
	if (cp < 0x20 || cp == '"' || cp == '\\' || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 ||
	    cp == 0x2029)
		return put_escape(at, cp);
	return at + utf8_encode(cp, at);
}

// Text of the reader's; NULL unless all of it is plain.
static char *put_plain(char *at, const char *bytes, size_t len)
{
	size_t i = 0;

	*at++ = '"';
#ifdef __SSE2__
	for (; len - i >= 16; i += 16) {
		__m128i piece = _mm_loadu_si128((const void *)(bytes + i));

		if (special_bytes(piece) != 0)
			return NULL;
		_mm_storeu_si128((__m128i *)(void *)(at + i), piece);
	}
#endif
	for (; i < len; i++) {
		if (!is_plain((unsigned char)bytes[i]))
			return NULL;
		at[i] = bytes[i];
	}
	at[len] = '"';
	return at + len + 1;
}

// ---- by type ------------------------------------------------------------

// -?(0|[1-9][0-9]*)
static bool is_json_integer(struct str text)
{
	size_t at = str_starts(text, STR("-")) ? 1 : 0;

	if (at == text.len || text.len > 20 || (text.ptr[at] == '0' && text.len != at + 1))
		return false;
	while (at < text.len && ascii_is_digit(text.ptr[at]))
		at++;
	return at == text.len;
}

static bool is_finite(const struct value *value, struct str text)
{
	return value->len == (value->type == VALUE_FLOAT ? 4 : 8) &&
	       str_find_char(text, 'n', 0) == SIZE_MAX; // inf, nan
}

static bool is_number(const struct value *value, struct str text)
{
	if (value->type == VALUE_TEXT)
		return value_type_is_integer(value->source) && is_json_integer(text);
	if (value_is_integer(value)) // in a word that is not its type's
		return true;
	return (value->type == VALUE_FLOAT || value->type == VALUE_DOUBLE) &&
	       is_finite(value, text);
}

static uint32_t units_of(const struct value *value)
{
	const unsigned char *bytes = value->ptr;
	uint32_t units = value->len / 2;

	while (units > 0 && bytes[2 * units - 2] == 0 && bytes[2 * units - 1] == 0)
		units--;
	return units;
}

// The types with a size of their own; NULL for every other one and where the
// size does not fit: value_text decides what is shown then.
static char *put_fixed(char *at, const struct value *value, struct json_day *day)
{
	static const unsigned char sizes[] = {
		[VALUE_INT8] = 1,  [VALUE_UINT8] = 1,  [VALUE_INT16] = 2,    [VALUE_UINT16] = 2,
		[VALUE_INT32] = 4, [VALUE_UINT32] = 4, [VALUE_INT64] = 8,    [VALUE_UINT64] = 8,
		[VALUE_GUID] = 16, [VALUE_HEX32] = 4,  [VALUE_FILETIME] = 8, [VALUE_HEX64] = 8,
	};

	if (value->type >= sizeof(sizes) || sizes[value->type] != value->len || value->len == 0)
		return NULL;
	switch (value->type) {
	case VALUE_INT8:
	case VALUE_INT16:
	case VALUE_INT32:
	case VALUE_INT64:
		return put_signed(at, value);
	case VALUE_GUID:
		return put_guid(at, value->ptr);
	case VALUE_HEX32:
	case VALUE_HEX64:
		return put_hex(at, load(value));
	case VALUE_FILETIME:
		return load(value) < TM_YEAR_10000 ? put_time(at, load(value), day) : NULL;
	default:
		return put_decimal(at, load(value));
	}
}

static bool is_usual_sid(const struct value *value)
{
	const unsigned char *bytes = value->ptr;

	return value->len >= 8 && bytes[1] <= 15 && value->len == 8 + 4 * (uint32_t)bytes[1] &&
	       bytes[2] == 0 && bytes[3] == 0;
}

static char *put_bool(char *at, const struct value *value)
{
	bool is_true = load(value) != 0;

	memcpy(at, is_true ? "true" : "false", 5);
	return at + (is_true ? 4 : 5);
}

char *json_value_at(char *at, const struct value *value, struct json_day *day)
{
	switch (value->type) {
	case VALUE_STRING:
		return put_utf16(at, value->ptr, units_of(value));
	case VALUE_TEXT:
		return value_type_is_integer(value->source) ? NULL
							    : put_plain(at, value->ptr, value->len);
	case VALUE_NULL:
		memcpy(at, "null", 4);
		return at + 4;
	case VALUE_SID:
		return is_usual_sid(value) ? put_sid(at, value) : NULL;
	case VALUE_BOOL:
		return value->len == 1 || value->len == 4 ? put_bool(at, value) : NULL;
	default:
		return put_fixed(at, value, day);
	}
}

void json_value(struct buf *out, const struct value *value, struct json_day *day,
		struct arena *arena)
{
	char *start = buf_reserve(out, json_value_room(value));
	char *end = json_value_at(start, value, day);
	struct str text;

	if (end != NULL) {
		out->len += (size_t)(end - start);
		return;
	}
	text = value_text(value, arena);
	if (is_number(value, text))
		buf_put_str(out, text);
	else
		escape_json(out, text);
}
