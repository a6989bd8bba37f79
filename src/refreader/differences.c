// SPDX-License-Identifier: Apache-2.0
// The known differences between libevtx's text and Windows'.
#include "refreader/differences.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (ascii_hex(s.ptr[i]) < 0)
			return false;
	}
	return true;
}

// "0x" and exactly `digits` lower-case digits.
static bool is_padded_hex(struct str raw, size_t digits)
{
	if (raw.len != 2 + digits || !str_starts(raw, STR("0x")))
		return false;
	for (size_t i = 2; i < raw.len; i++) {
		if (ascii_hex(raw.ptr[i]) < 0 || (raw.ptr[i] >= 'A' && raw.ptr[i] <= 'F'))
			return false;
	}
	return true;
}

static struct str without_padding(struct str raw, struct arena *arena)
{
	size_t zeros = 2;

	while (zeros + 1 < raw.len && raw.ptr[zeros] == '0')
		zeros++;
	if (zeros == 2)
		return raw;
	return arena_printf(arena, "0x%.*s", STR_ARG(str_sub(raw, zeros, raw.len)));
}

static bool undo_hex32(struct str raw, struct arena *arena, struct str *text,
		       enum value_type *type)
{
	if (!is_padded_hex(raw, 8))
		return false;
	*text = without_padding(raw, arena);
	*type = VALUE_HEX32;
	return true;
}

static bool undo_hex64(struct str raw, struct arena *arena, struct str *text,
		       enum value_type *type)
{
	if (!is_padded_hex(raw, 16))
		return false;
	*text = without_padding(raw, arena);
	*type = VALUE_HEX64;
	return true;
}

// True when `s` has the form of `shape`: 'x' stands for a hexadecimal digit,
// '9' for a decimal one, anything else for itself.
static bool has_shape(struct str s, struct str shape)
{
	if (s.len != shape.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		bool fits = shape.ptr[i] == 'x'	  ? ascii_hex(s.ptr[i]) >= 0
			    : shape.ptr[i] == '9' ? ascii_is_digit(s.ptr[i])
						  : s.ptr[i] == shape.ptr[i];

		if (!fits)
			return false;
	}
	return true;
}

static bool undo_guid(struct str raw, struct arena *arena, struct str *text, enum value_type *type)
{
	char *out;

	if (!has_shape(raw, STR("{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}")))
		return false;
	out = arena_alloc(arena, raw.len);
	for (size_t i = 0; i < raw.len; i++)
		out[i] = ascii_lower(raw.ptr[i]);
	*text = (struct str){out, raw.len};
	*type = VALUE_GUID;
	return true;
}

static bool undo_filetime(struct str raw, struct arena *arena, struct str *text,
			  enum value_type *type)
{
	// The last two digits are always 0: a tick is 100 ns.
	if (!has_shape(raw, STR("9999-99-99T99:99:99.999999999Z")))
		return false;
	if (raw.ptr[27] != '0' || raw.ptr[28] != '0')
		return false;
	*text = arena_printf(arena, "%.*sZ", 27, raw.ptr);
	*type = VALUE_FILETIME;
	return true;
}

static bool undo_systemtime(struct str raw, struct arena *arena, struct str *text,
			    enum value_type *type)
{
	if (!has_shape(raw, STR("9999-99-99T99:99:99.999Z")))
		return false;
	*text = arena_printf(arena, "%.*s0000Z", 23, raw.ptr);
	*type = VALUE_SYSTEMTIME;
	return true;
}

static bool is_sid(struct str raw)
{
	if (!str_starts(raw, STR("S-1-")) || !ascii_is_digit(raw.ptr[raw.len - 1]))
		return false;
	for (size_t i = 4; i < raw.len; i++) {
		if (!ascii_is_digit(raw.ptr[i]) &&
		    !(raw.ptr[i] == '-' && ascii_is_digit(raw.ptr[i - 1])))
			return false;
	}
	return true;
}

// A size prints in decimal.
static bool explains_size(const struct value *native, struct str text, struct str ref)
{
	uint64_t number;
	uint64_t other;

	return native->type == VALUE_SIZE && str_hex_to_u64(text, &number) &&
	       str_to_u64(ref, &other) && number == other;
}

// A negative number prints as sign and magnitude of its bits: -5 of 8 bits,
// 0xFB, as -123.
static bool explains_negative(const struct value *native, struct str text, struct str ref)
{
	const unsigned char *bytes = native->ptr;
	uint64_t magnitude = 0;
	uint64_t number;

	if (native->type != VALUE_INT8 && native->type != VALUE_INT16 &&
	    native->type != VALUE_INT32 && native->type != VALUE_INT64)
		return false;
	if (!str_starts(text, STR("-")) || native->len == 0 || native->len > 8)
		return false;
	for (size_t i = native->len; i > 0; i--)
		magnitude = magnitude << 8 | bytes[i - 1];
	magnitude &= ~(UINT64_C(1) << (native->len * 8 - 1));
	return str_starts(ref, STR("-")) && str_to_u64(str_sub(ref, 1, ref.len), &number) &&
	       number == magnitude;
}

// A floating-point number prints with 7 digits and an exponent of 3.
static bool explains_float(const struct value *native, struct str text, struct str ref)
{
	char out[40];
	double number;

	(void)text;
	if (native->type == VALUE_FLOAT && native->len == sizeof(float)) {
		float narrow;

		memcpy(&narrow, native->ptr, sizeof(narrow));
		number = (double)narrow;
	} else if (native->type == VALUE_DOUBLE && native->len == sizeof(double)) {
		memcpy(&number, native->ptr, sizeof(number));
	} else {
		return false;
	}
	// C prints two digits of the exponent, libevtx three.
	snprintf(out, sizeof(out), "%.6e", number);
	return str_starts(ref, str_sub(str_from(out), 0, 8));
}

// A value of a single line end is taken for empty.
static bool explains_line_end(const struct value *native, struct str text, struct str ref)
{
	(void)native;
	return str_eq(text, STR("\n")) && ref.len == 0;
}

// A SYSTEMTIME of zeros prints as the raw hexadecimal words.
static bool explains_unset_time(const struct value *native, struct str text, struct str ref)
{
	return native->type == VALUE_SYSTEMTIME && is_hex(text) && str_starts(ref, STR("0x"));
}

// Characters above U+FFFF come out as other ones above U+FFFF.
static bool explains_astral(const struct value *native, struct str text, struct str ref)
{
	size_t i = 0;
	size_t j = 0;
	bool seen = false;

	(void)native;
	while (i < text.len && j < ref.len) {
		uint32_t a = utf8_next(text, &i);
		uint32_t b = utf8_next(ref, &j);

		if (a == b)
			continue;
		if (a < 0x10000 || a == TEXT_INVALID || b < 0x10000 || b == TEXT_INVALID)
			return false;
		seen = true;
	}
	return seen && i == text.len && j == ref.len;
}

const struct difference differences[] = {
	{"hex32-padding", "HexInt32 is padded to 8 digits; Windows writes no leading zeros",
	 undo_hex32, NULL},
	{"hex64-padding", "HexInt64 is padded to 16 digits; Windows writes no leading zeros",
	 undo_hex64, NULL},
	{"guid-case", "GUIDs are in capitals; here they are in lower case", undo_guid, NULL},
	{"filetime-digits", "FILETIME has 9 digits of fraction; here 7", undo_filetime, NULL},
	{"systemtime-digits", "SYSTEMTIME has 3 digits of fraction; here 7", undo_systemtime, NULL},
	{"size-decimal", "pointer-sized values are decimal; Windows writes 0x", NULL,
	 explains_size},
	{"negative-integer", "negative integers are read as sign and magnitude", NULL,
	 explains_negative},
	{"float-exponent", "floating-point numbers are cut to 7 digits with an exponent", NULL,
	 explains_float},
	{"unset-systemtime", "an unset SYSTEMTIME is printed as hexadecimal words", NULL,
	 explains_unset_time},
	{"single-line-end", "a value of one line end is taken for empty", NULL, explains_line_end},
	{"astral-characters", "characters above U+FFFF come out as others", NULL, explains_astral},
};
const size_t differences_count = sizeof(differences) / sizeof(differences[0]);

struct value difference_undo(struct str raw, struct arena *arena)
{
	enum value_type type = VALUE_STRING;
	struct str text = raw;

	for (size_t i = 0; i < differences_count; i++) {
		if (differences[i].undo != NULL &&
		    differences[i].undo(raw, arena, &text, &type))
			return value_of_text(text, type);
	}
	return value_of_text(raw, is_sid(raw) ? VALUE_SID : VALUE_STRING);
}

const struct difference *difference_explain(const struct value *native, struct str text,
					    struct str ref, struct arena *arena)
{
	for (size_t i = 0; i < differences_count; i++) {
		const struct difference *entry = &differences[i];
		struct str undone;
		enum value_type type;

		if (entry->explains != NULL && entry->explains(native, text, ref))
			return entry;
		// A stored string that has the form was undone in `ref` as well.
		if (entry->undo != NULL && entry->undo(text, arena, &undone, &type) &&
		    str_eq(undone, ref))
			return entry;
	}
	return NULL;
}
