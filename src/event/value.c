// SPDX-License-Identifier: Apache-2.0
// Typed values as text and as numbers.
#include "event/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clocale.h"
#include "base/digits.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/tm.h"

// Sizes of the fixed types ([MS-EVEN6] 2.2.12; evtx-format.md 3 for the sizes
// that real logs use); 0 for those of variable size.
struct type_info {
	uint16_t type;
	uint16_t size;
	const char *name;
};

static const struct type_info types[] = {
	{VALUE_NULL, 0, "Null"},
	{VALUE_STRING, 0, "UnicodeString"},
	{VALUE_ANSI, 0, "AnsiString"},
	{VALUE_INT8, 1, "Int8"},
	{VALUE_UINT8, 1, "UInt8"},
	{VALUE_INT16, 2, "Int16"},
	{VALUE_UINT16, 2, "UInt16"},
	{VALUE_INT32, 4, "Int32"},
	{VALUE_UINT32, 4, "UInt32"},
	{VALUE_INT64, 8, "Int64"},
	{VALUE_UINT64, 8, "UInt64"},
	{VALUE_FLOAT, 4, "Float"},
	{VALUE_DOUBLE, 8, "Double"},
	{VALUE_BOOL, 0, "Boolean"},
	{VALUE_BINARY, 0, "Binary"},
	{VALUE_GUID, 16, "GUID"},
	{VALUE_SIZE, 0, "Pointer"},
	{VALUE_FILETIME, 8, "FILETIME"},
	{VALUE_SYSTEMTIME, 16, "SYSTEMTIME"},
	{VALUE_SID, 0, "SID"},
	{VALUE_HEX32, 4, "HexInt32"},
	{VALUE_HEX64, 8, "HexInt64"},
	{VALUE_BINXML, 0, "BinXML"},
};

static const struct type_info *find_type(unsigned type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].type == type)
			return &types[i];
	}
	return NULL;
}

struct value value_of_text(struct str text, enum value_type source)
{
	return (struct value){
		.ptr = text.ptr,
		// Readers cap a record far below 4 GiB (limits.h).
		.len = text.len > UINT32_MAX ? UINT32_MAX : (uint32_t)text.len,
		.type = VALUE_TEXT,
		.source = (uint16_t)source,
	};
}

static struct str slice(const struct value *value)
{
	return (struct str){value->ptr, value->len};
}

// The value's bytes, at most 8 of them, as a little-endian number.
static uint64_t load(const struct value *value)
{
	const unsigned char *bytes = value->ptr;
	uint64_t number = 0;

	for (size_t i = value->len < 8 ? value->len : 8; i > 0; i--)
		number = number << 8 | bytes[i - 1];
	return number;
}

static uint64_t load_signed(const struct value *value)
{
	uint64_t number = load(value);
	uint64_t sign = UINT64_C(1) << (value->len * 8 - 1);

	return (number ^ sign) - sign;
}

static bool is_word(uint32_t len)
{
	return len == 1 || len == 2 || len == 4 || len == 8;
}

bool value_is_integer(const struct value *value)
{
	return value_type_is_integer(value->type) && is_word(value->len);
}

// True when the value can be read as its type. A number is one in any word: a
// size of another number type changes what it may be, not what it is.
static bool size_fits(const struct value *value)
{
	const struct type_info *info = find_type(value->type);

	if (info == NULL)
		return false;
	if (value_type_is_integer(value->type))
		return value_is_integer(value);
	switch (value->type) {
	case VALUE_HEX32:
	case VALUE_HEX64:
	case VALUE_BOOL:
		return is_word(value->len);
	case VALUE_SIZE:
		return value->len == 4 || value->len == 8;
	case VALUE_SID:
		return value->len >= 8 &&
		       value->len == 8 + 4 * (uint32_t)((const unsigned char *)value->ptr)[1];
	default:
		return info->size == 0 || info->size == value->len;
	}
}

static bool units_are_sound(const struct value *value)
{
	const unsigned char *bytes = value->ptr;
	bool ended = false;
	bool due = false; // the second half of a pair

	for (size_t i = 0; i + 1 < value->len; i += 2) {
		unsigned unit = (unsigned)(bytes[i] | bytes[i + 1] << 8);

		if (due != ((unit & 0xFC00) == 0xDC00) || (ended && unit != 0))
			return false;
		due = (unit & 0xFC00) == 0xD800;
		ended = unit == 0;
	}
	return !due && value->len % 2 == 0;
}

// Items of a fixed size, or strings that NULs end.
static bool array_is_sound(const struct value *value)
{
	const struct type_info *info = find_type(value->type & ~(unsigned)VALUE_ARRAY);

	if (info == NULL)
		return false;
	if (info->type == VALUE_BOOL)
		return value->len % 4 == 0;
	if (info->size != 0)
		return value->len % info->size == 0;
	return info->type == VALUE_ANSI || (info->type == VALUE_STRING && value->len % 2 == 0);
}

// The one size of a fixed type, or any that can be read.
static bool size_is_exact(const struct value *value)
{
	const struct type_info *info = find_type(value->type);

	return size_fits(value) && (info->size == 0 || info->size == value->len);
}

bool value_is_sound(const struct value *value)
{
	if (value->type == VALUE_NULL)
		return true; // what it holds is garbage
	if ((value->type & VALUE_ARRAY) != 0)
		return array_is_sound(value);
	return value->type == VALUE_STRING ? units_are_sound(value) : size_is_exact(value);
}

static struct str hex_text(const struct value *value, struct arena *arena)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char *bytes = value->ptr;
	char *out = arena_alloc(arena, (size_t)value->len * 2);

	for (size_t i = 0; i < value->len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	return (struct str){out, (size_t)value->len * 2};
}

// Without the NULs at the end, which Windows stores now and then.
static struct str without_nuls(struct str text)
{
	while (text.len > 0 && text.ptr[text.len - 1] == '\0')
		text.len--;
	return text;
}

static struct str guid_text(const struct value *value, struct arena *arena)
{
	// Where each byte of the text comes from: three little-endian numbers,
	// then eight bytes as they stand.
	static const unsigned char order[16] = {3, 2, 1,  0,  5,  4,  7,  6,
						8, 9, 10, 11, 12, 13, 14, 15};
	const unsigned char *b = value->ptr;
	char *out = arena_alloc(arena, 38);
	size_t n = 0;

	out[n++] = '{';
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		digits_bytes(b + order[i], 1, out + n);
		n += 2;
	}
	out[n++] = '}';
	return (struct str){out, n};
}

// [MS-DTYP] 2.4.2.1: an authority of 2^32 and more is written in hex.
static struct str sid_text(const struct value *value, struct arena *arena)
{
	const unsigned char *b = value->ptr;
	uint64_t authority = 0;
	// "S-255-", 14 characters of authority, 11 for each sub-authority.
	char *out = arena_alloc(arena, 32 + 11 * (size_t)b[1]);
	size_t n = 2;

	for (size_t i = 2; i < 8; i++)
		authority = authority << 8 | b[i];
	memcpy(out, "S-", 2);
	n += digits_u64(b[0], out + n);
	out[n++] = '-';
	if (authority >> 32 != 0) {
		memcpy(out + n, "0x", 2);
		digits_bytes(b + 2, 6, out + n + 2);
		n += 14;
	} else {
		n += digits_u64(authority, out + n);
	}
	for (uint32_t at = 8; at + 4 <= value->len; at += 4) {
		struct value part = {.ptr = b + at, .len = 4};

		out[n++] = '-';
		n += digits_u64(load(&part), out + n);
	}
	return (struct str){out, n};
}

static struct str time_text(uint64_t ticks, struct arena *arena)
{
	char out[TM_TEXT_SIZE];
	size_t len = tm_format(ticks, out);

	return arena_str(arena, (struct str){out, len});
}

static bool systemtime_ticks(const struct value *value, uint64_t *ticks)
{
	const unsigned char *b = value->ptr;
	struct tm_parts parts = {0};
	int word[8];

	for (size_t i = 0; i < 8; i++)
		word[i] = b[2 * i] | b[2 * i + 1] << 8;
	// word[2] is the day of the week.
	parts.year = word[0];
	parts.month = word[1];
	parts.day = word[3];
	parts.hour = word[4];
	parts.minute = word[5];
	parts.second = word[6];
	if (word[7] > 999)
		return false;
	parts.fraction = (uint32_t)word[7] * 10000;
	return tm_join(&parts, ticks);
}

// The fewest digits that read back as the same number.
static void print_float(float number, char *out, size_t size)
{
	for (int digits = 6; digits <= 9; digits++) {
		snprintf(out, size, "%.*g", digits, (double)number);
		if (strtof(out, NULL) == number)
			break;
	}
}

static void print_double(double number, char *out, size_t size)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, size, "%.*g", digits, number);
		if (strtod(out, NULL) == number)
			break;
	}
}

static struct str float_text(const struct value *value, struct arena *arena)
{
	locale_t before = clocale_enter();
	char out[40];
	float narrow;
	double number;

	if (value->type == VALUE_FLOAT) {
		memcpy(&narrow, value->ptr, sizeof(narrow));
		print_float(narrow, out, sizeof(out));
	} else {
		memcpy(&number, value->ptr, sizeof(number));
		print_double(number, out, sizeof(out));
	}
	clocale_leave(before);
	// The sign of what is no number means nothing, and not every libc prints it.
	return arena_str(arena, str_from(strcmp(out, "-nan") == 0 ? "nan" : out));
}

static struct str systemtime_text(const struct value *value, struct arena *arena)
{
	uint64_t ticks;

	if (systemtime_ticks(value, &ticks))
		return time_text(ticks, arena);
	return hex_text(value, arena);
}

static struct str decimal_text(uint64_t number, bool negative, struct arena *arena)
{
	char *out = arena_alloc(arena, 1 + DIGITS_U64_SIZE);

	out[0] = '-';
	return (struct str){out + !negative,
			    digits_u64(negative ? 0 - number : number, out + 1) + negative};
}

static struct str hex_number_text(uint64_t number, struct arena *arena)
{
	char *out = arena_alloc(arena, 2 + DIGITS_HEX_SIZE);

	memcpy(out, "0x", 2);
	return (struct str){out, 2 + digits_hex(number, out + 2)};
}

static struct str fixed_text(const struct value *value, struct arena *arena)
{
	switch (value->type) {
	case VALUE_INT8:
	case VALUE_INT16:
	case VALUE_INT32:
	case VALUE_INT64:
		return decimal_text(load_signed(value), load_signed(value) >> 63 != 0, arena);
	case VALUE_UINT8:
	case VALUE_UINT16:
	case VALUE_UINT32:
	case VALUE_UINT64:
		return decimal_text(load(value), false, arena);
	case VALUE_FLOAT:
	case VALUE_DOUBLE:
		return float_text(value, arena);
	case VALUE_BOOL:
		return load(value) != 0 ? STR("true") : STR("false");
	case VALUE_GUID:
		return guid_text(value, arena);
	case VALUE_SIZE:
	case VALUE_HEX32:
	case VALUE_HEX64:
		return hex_number_text(load(value), arena);
	case VALUE_FILETIME:
		return time_text(load(value), arena);
	case VALUE_SYSTEMTIME:
		return systemtime_text(value, arena);
	case VALUE_SID:
		return sid_text(value, arena);
	default:
		return hex_text(value, arena);
	}
}

struct str value_text(const struct value *value, struct arena *arena)
{
	if (value->type == VALUE_NULL || value->len == 0)
		return (struct str){NULL, 0};
	switch (value->type) {
	case VALUE_TEXT:
		return without_nuls(slice(value));
	case VALUE_STRING:
		return without_nuls(utf16_to_utf8(arena, value->ptr, value->len));
	case VALUE_ANSI:
		return without_nuls(ansi_to_utf8(arena, value->ptr, value->len));
	default:
		if (!size_fits(value))
			return hex_text(value, arena);
		return fixed_text(value, arena);
	}
}

struct str value_folded(const struct value *value, struct arena *arena)
{
	if (value->type == VALUE_STRING && value->len != 0)
		return without_nuls(utf16_fold(arena, value->ptr, value->len));
	if (value->type == VALUE_ANSI && value->len != 0)
		return without_nuls(ansi_fold(arena, value->ptr, value->len));
	return text_fold(arena, value_text(value, arena));
}

bool value_is_text(const struct value *value)
{
	if (value_type_is_integer(value->type))
		return false;
	switch (value->type) {
	case VALUE_BOOL:
	case VALUE_BINARY:
	case VALUE_GUID:
	case VALUE_SIZE:
	case VALUE_FILETIME:
	case VALUE_SYSTEMTIME:
	case VALUE_SID:
	case VALUE_HEX32:
	case VALUE_HEX64:
		return false;
	default:
		return true;
	}
}

const char *value_type_name(const struct value *value)
{
	unsigned type = value->type == VALUE_TEXT ? value->source : value->type;
	const struct type_info *info = find_type(type & ~(unsigned)VALUE_ARRAY);

	return info != NULL ? info->name : "Unknown";
}

static bool text_to_u64(struct str text, uint64_t *out)
{
	text = without_nuls(text);
	return str_to_u64(text, out) || str_hex_to_u64(text, out);
}

// No number has more characters than this; longer strings are not decoded.
#define NUMBER_TEXT 64

// A short string value in `out`; false when it is too long to be a number or
// a time, or holds anything but ASCII.
static bool short_text(const struct value *value, char out[NUMBER_TEXT], struct str *text)
{
	const char *bytes = value->ptr;
	size_t step = value->type == VALUE_STRING ? 2 : 1;
	size_t n = value->len / step;

	if (n > NUMBER_TEXT)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((step == 2 && bytes[2 * i + 1] != 0) || (bytes[step * i] & 0x80) != 0)
			return false;
		out[i] = bytes[step * i];
	}
	*text = without_nuls((struct str){out, n});
	return true;
}

bool value_to_u64(const struct value *value, uint64_t *out)
{
	char ascii[NUMBER_TEXT];
	struct str text;

	switch (value->type) {
	case VALUE_TEXT:
		return text_to_u64(slice(value), out);
	case VALUE_STRING:
	case VALUE_ANSI:
		return short_text(value, ascii, &text) && text_to_u64(text, out);
	case VALUE_INT8:
	case VALUE_INT16:
	case VALUE_INT32:
	case VALUE_INT64:
		if (!size_fits(value) || load_signed(value) >> 63 != 0)
			return false;
		break;
	case VALUE_UINT8:
	case VALUE_UINT16:
	case VALUE_UINT32:
	case VALUE_UINT64:
	case VALUE_SIZE:
	case VALUE_HEX32:
	case VALUE_HEX64:
		if (!size_fits(value))
			return false;
		break;
	default:
		return false;
	}
	*out = load(value);
	return true;
}

static bool is_decimal(struct str text)
{
	uint64_t number;

	text = without_nuls(text);
	return str_to_u64(text, &number) && (text.len == 1 || text.ptr[0] != '0');
}

bool value_is_decimal(const struct value *value)
{
	char ascii[NUMBER_TEXT];
	struct str text;

	switch (value->type) {
	case VALUE_TEXT:
		return is_decimal(slice(value));
	case VALUE_STRING:
	case VALUE_ANSI:
		return short_text(value, ascii, &text) && is_decimal(text);
	default:
		return value->type >= VALUE_INT8 && value->type <= VALUE_UINT64;
	}
}

bool value_to_time(const struct value *value, uint64_t *ticks)
{
	char ascii[NUMBER_TEXT];
	struct str text;

	switch (value->type) {
	case VALUE_FILETIME:
		*ticks = load(value);
		return size_fits(value);
	case VALUE_SYSTEMTIME:
		return size_fits(value) && systemtime_ticks(value, ticks);
	case VALUE_TEXT:
		return tm_parse(without_nuls(slice(value)), true, ticks);
	case VALUE_STRING:
	case VALUE_ANSI:
		return short_text(value, ascii, &text) && tm_parse(text, true, ticks);
	default:
		return false;
	}
}
