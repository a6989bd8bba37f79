// SPDX-License-Identifier: Apache-2.0
// The known differences between libevtx's text and Windows'.
#include "refreader/differences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clocale.h"
#include "base/text.h"
#include "refreader/guard.h"

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

static bool undo_hex32(struct str raw, struct arena *arena, struct str *text, enum value_type *type)
{
	if (!is_padded_hex(raw, 8))
		return false;
	*text = without_padding(raw, arena);
	*type = VALUE_HEX32;
	return true;
}

static bool undo_hex64(struct str raw, struct arena *arena, struct str *text, enum value_type *type)
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

// libevtx takes 0xDFFF instead of 0xDC00 from the second half of a pair.
#define PAIR_ERROR 0x3FFu

static bool undo_pairs(struct str raw, struct arena *arena, struct str *text, enum value_type *type)
{
	char *out;
	size_t n = 0;
	size_t at = 0;

	while (at < raw.len && (unsigned char)raw.ptr[at] < 0xF0)
		at++;
	if (at == raw.len)
		return false;
	out = arena_alloc(arena, raw.len);
	for (at = 0; at < raw.len;) {
		size_t start = at;
		uint32_t cp = utf8_next(raw, &at);

		if (cp >= 0x10000 && cp <= 0x10FFFF - PAIR_ERROR) {
			n += utf8_encode(cp + PAIR_ERROR, out + n);
		} else {
			memcpy(out + n, raw.ptr + start, at - start);
			n += at - start;
		}
	}
	*text = (struct str){out, n};
	*type = VALUE_STRING;
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

// A hex type of fewer bytes than its own is padded to these; such a text can be
// anything, so that only the type tells.
static bool explains_short_hex(const struct value *native, struct str text, struct str ref)
{
	uint64_t number;
	uint64_t other;

	return (native->type == VALUE_HEX32 || native->type == VALUE_HEX64) &&
	       is_padded_hex(ref, 2 * (size_t)native->len) && str_hex_to_u64(text, &number) &&
	       str_hex_to_u64(ref, &other) && number == other;
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

static bool float_number(const struct value *native, double *number)
{
	float narrow;

	if (native->type == VALUE_FLOAT && native->len == sizeof(narrow)) {
		memcpy(&narrow, native->ptr, sizeof(narrow));
		*number = (double)narrow;
		return true;
	}
	if (native->type != VALUE_DOUBLE || native->len != sizeof(*number))
		return false;
	memcpy(number, native->ptr, sizeof(*number));
	return true;
}

// Half of the last of the seven digits of a number that "%.6e" printed so, and a bit.
static double half_digit(const char *printed)
{
	const char *exponent = strchr(printed, 'e');
	char half[32];

	if (exponent == NULL) // infinite
		return 0;
	snprintf(half, sizeof(half), "5.001e%d", (int)strtol(exponent + 1, NULL, 10) - 7);
	return strtod(half, NULL);
}

// A floating-point number prints as C's "%e" does, but for an exponent of
// three digits, and a tie may be rounded the other way.
static bool explains_float(const struct value *native, struct str text, struct str ref)
{
	char printed[40];
	char expected[40];
	locale_t before;
	double number;
	double other;
	bool is_near;

	(void)text;
	if (!float_number(native, &number) || ref.len >= sizeof(printed))
		return false;
	if (number != number)
		return str_eq(ref, STR("NaN"));
	before = clocale_enter();
	snprintf(expected, sizeof(expected), "%.6e", number);
	snprintf(printed, sizeof(printed), "%.*s", STR_ARG(ref));
	other = strtod(printed, NULL);
	snprintf(printed, sizeof(printed), "%.6e", other);
	is_near = other - number <= half_digit(expected) && number - other <= half_digit(expected);
	clocale_leave(before);
	return is_near || strcmp(printed, expected) == 0;
}

static bool is_string(const struct value *value)
{
	return value->type == VALUE_ANSI || value->type == VALUE_STRING;
}

// Strings end at their first NUL.
static struct str up_to_nul(const struct value *native, struct str text)
{
	return is_string(native) ? str_sub(text, 0, str_find_char(text, '\0', 0)) : text;
}

// A byte order mark at the beginning, of either order, is dropped.
static size_t mark_length(const struct value *native, struct str text)
{
	bool has_mark = native->type == VALUE_STRING && (str_starts(text, STR("\xEF\xBB\xBF")) ||
							 str_starts(text, STR("\xEF\xBF\xBE")));

	return has_mark ? 3 : 0;
}

// A value of a single line end is taken for empty, behind a mark too.
static bool explains_line_end(const struct value *native, struct str text, struct str ref)
{
	struct str shown = str_sub(text, mark_length(native, text), SIZE_MAX);

	return str_eq(up_to_nul(native, shown), STR("\n")) && ref.len == 0;
}

// A time that only one of both takes for a date: the other shows its raw words, or
// bytes. libevtx knows years before 1601, but no day of the week beyond 6.
static bool explains_raw_time(const struct value *native, struct str text, struct str ref)
{
	if (native->type != VALUE_SYSTEMTIME && native->type != VALUE_FILETIME)
		return false;
	return str_starts(ref, STR("(0x")) ||
	       (is_hex(text) && has_shape(ref, STR("9999-99-99T99:99:99.9999999Z")));
}

// What became of a string in libevtx.
enum string_change {
	CUT_AT_NUL = 1,	     // it ends at its first NUL
	LONE_SURROGATE = 2,  // U+FFFD instead; a high one takes the unit behind it along
	UNASSIGNED_BYTE = 4, // U+FFFD instead of the five that Windows-1252 does not assign
	BYTE_ORDER_MARK = 8, // dropped at the beginning
};

// A place in a text; with `half` the first half of the pair before it was taken along.
struct ref_place {
	size_t at;
	bool half;
};

// One character of `text` behind the place as libevtx prints it; notes in *changes.
static uint32_t ref_character(const struct value *native, struct str text, struct ref_place *place,
			      unsigned *changes)
{
	uint32_t cp = place->half ? 0xDC00 : utf8_next(text, &place->at);

	place->half = false;
	if (cp >= 0xD800 && cp <= 0xDFFF) {
		*changes |= LONE_SURROGATE;
		if (cp < 0xDC00 && place->at < text.len)
			place->half = utf8_next(text, &place->at) >= 0x10000;
		return 0xFFFD;
	}
	if (native->type == VALUE_ANSI && cp >= 0x80 && cp < 0xA0) {
		*changes |= UNASSIGNED_BYTE;
		return 0xFFFD;
	}
	// Those that come out below U+10000 are not put right by undo_pairs.
	if (cp >= 0x10000 && cp < 0x10000 + PAIR_ERROR) {
		*changes |= LONE_SURROGATE;
		return cp - PAIR_ERROR;
	}
	return cp;
}

// The changes that make `ref` of `text`; 0 when none do.
static unsigned string_changes(const struct value *native, struct str text, struct str ref)
{
	struct ref_place i = {mark_length(native, text), false};
	unsigned changes = i.at > 0 ? BYTE_ORDER_MARK : 0;
	size_t j = 0;

	while (i.half || (i.at < text.len && (text.ptr[i.at] != '\0' || !is_string(native)))) {
		uint32_t cp = ref_character(native, text, &i, &changes);

		if (j == ref.len || utf8_next(ref, &j) != cp)
			return 0;
	}
	if (i.at < text.len)
		changes |= CUT_AT_NUL;
	return j == ref.len ? changes : 0;
}

static bool explains_nul(const struct value *native, struct str text, struct str ref)
{
	return string_changes(native, text, ref) == CUT_AT_NUL;
}

static bool explains_surrogates(const struct value *native, struct str text, struct str ref)
{
	return (string_changes(native, text, ref) & LONE_SURROGATE) != 0;
}

static bool explains_unassigned(const struct value *native, struct str text, struct str ref)
{
	return (string_changes(native, text, ref) & UNASSIGNED_BYTE) != 0;
}

static bool explains_mark(const struct value *native, struct str text, struct str ref)
{
	return (string_changes(native, text, ref) & BYTE_ORDER_MARK) != 0;
}

// An authority of more than 32 bits is decimal.
static bool explains_authority(const struct value *native, struct str text, struct str ref)
{
	struct str rest = str_sub(text, 4, SIZE_MAX);
	struct str other = str_sub(ref, 4, SIZE_MAX);
	struct str part, other_part;
	uint64_t number, other_number;

	return native->type == VALUE_SID && str_starts(text, STR("S-1-0x")) &&
	       str_starts(ref, STR("S-1-")) && str_split(&rest, '-', &part) &&
	       str_split(&other, '-', &other_part) && str_hex_to_u64(part, &number) &&
	       str_to_u64(other_part, &other_number) && number == other_number &&
	       str_eq(rest, other);
}

const struct difference differences[] = {
	{"hex32-padding", "HexInt32 is padded to 8 digits; Windows writes no leading zeros",
	 undo_hex32, NULL},
	{"hex64-padding", "HexInt64 is padded to 16 digits; Windows writes no leading zeros",
	 undo_hex64, NULL},
	{"short-hex", "a HexInt of fewer bytes than its own is padded to these", NULL,
	 explains_short_hex},
	{"guid-case", "GUIDs are in capitals; here they are in lower case", undo_guid, NULL},
	{"filetime-digits", "FILETIME has 9 digits of fraction; here 7", undo_filetime, NULL},
	{"systemtime-digits", "SYSTEMTIME has 3 digits of fraction; here 7", undo_systemtime, NULL},
	{"size-decimal", "pointer-sized values are decimal; Windows writes 0x", NULL,
	 explains_size},
	{"negative-integer", "negative integers are read as sign and magnitude", NULL,
	 explains_negative},
	{"float-exponent", "floating-point numbers are cut to 7 digits with an exponent", NULL,
	 explains_float},
	{"raw-time", "a time that is no date, or out of its range, is printed as hexadecimal words",
	 NULL, explains_raw_time},
	{"single-line-end", "a value of one line end is taken for empty", NULL, explains_line_end},
	{"embedded-nul", "strings are cut at their first NUL", NULL, explains_nul},
	{"pair-error", "characters above U+FFFF come out 0x3FF too low", undo_pairs, NULL},
	{"lone-surrogate", "surrogates without a partner come out as U+FFFD", NULL,
	 explains_surrogates},
	{"unassigned-byte", "bytes that Windows-1252 does not assign come out as U+FFFD", NULL,
	 explains_unassigned},
	{"byte-order-mark", "U+FEFF or U+FFFE at the beginning of a string is dropped", NULL,
	 explains_mark},
	{"sid-authority", "an authority of a SID beyond 32 bits is decimal; Windows writes 0x",
	 NULL, explains_authority},
};
const size_t differences_count = sizeof(differences) / sizeof(differences[0]);

struct value difference_undo(struct str raw, struct arena *arena)
{
	enum value_type type = VALUE_STRING;
	struct str text = raw;

	for (size_t i = 0; i < differences_count; i++) {
		if (differences[i].undo != NULL && differences[i].undo(raw, arena, &text, &type))
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

// evtx-format.md 7.4.
const struct known_failure known_failures[] = {
	{"plain-elements", "records without a template (forwarded ones) are not read",
	 "libfwevt_xml_document_read_attribute: invalid binary XML token - unsupported type: 0x05"},
	{"attribute-entity", "an entity reference in an attribute is not read",
	 "libfwevt_xml_document_read_attribute: invalid binary XML sub token - unsupported type: "
	 "0x49"},
	{"cut-pair", "a record with a string that ends with half a surrogate pair is not read",
	 "missing surrogate UTF-16 character bytes"},
	{"size-copy", "a record whose second size is wrong is rejected", "two sizes differ"},
	{"form", "a record that is not as Windows writes it is not given to libevtx",
	 GUARD_FORM_REASON},
	{"cost", "a record that would take libevtx too much memory is not given to it",
	 GUARD_COST_REASON},
	{"lone-mark",
	 "a record with a text of nothing but a byte order mark is not given to libevtx",
	 GUARD_MARK_REASON},
	{"walk-end", "what follows the first rejected record of a chunk is not listed",
	 DIFFERENCE_WALK_END},
};
const size_t known_failures_count = sizeof(known_failures) / sizeof(known_failures[0]);

const struct known_failure *difference_explain_failure(struct str reason)
{
	for (size_t i = 0; i < known_failures_count; i++) {
		if (str_find(reason, str_from(known_failures[i].reason), 0) != SIZE_MAX)
			return &known_failures[i];
	}
	return NULL;
}
