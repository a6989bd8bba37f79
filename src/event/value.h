// SPDX-License-Identifier: Apache-2.0
// A typed value of a record, and its text as Windows shows it.
//
// Types are the BinXML codes ([MS-EVEN6] 2.2.12, evtx-format.md 3) plus one of
// our own. A value points into the record (or an arena of its reader) and is
// good as long as the event that holds it. Nothing is converted until the text
// is asked for.
#ifndef EVENT_VALUE_H
#define EVENT_VALUE_H

#include "base/arena.h"
#include "base/str.h"

enum value_type {
	VALUE_NULL = 0x00,
	VALUE_STRING = 0x01, // UTF-16LE
	VALUE_ANSI = 0x02,   // Windows-1252
	VALUE_INT8 = 0x03,
	VALUE_UINT8 = 0x04,
	VALUE_INT16 = 0x05,
	VALUE_UINT16 = 0x06,
	VALUE_INT32 = 0x07,
	VALUE_UINT32 = 0x08,
	VALUE_INT64 = 0x09,
	VALUE_UINT64 = 0x0A,
	VALUE_FLOAT = 0x0B,
	VALUE_DOUBLE = 0x0C,
	VALUE_BOOL = 0x0D,
	VALUE_BINARY = 0x0E,
	VALUE_GUID = 0x0F,
	VALUE_SIZE = 0x10, // pointer-sized, 4 or 8 bytes
	VALUE_FILETIME = 0x11,
	VALUE_SYSTEMTIME = 0x12,
	VALUE_SID = 0x13,
	VALUE_HEX32 = 0x14,
	VALUE_HEX64 = 0x15,
	VALUE_BINXML = 0x21,
	VALUE_ARRAY = 0x80, // flag: array of the type in the low bits

	// UTF-8 text that a reader already made, with the type it stands for.
	VALUE_TEXT = 0x100,
};

struct value {
	const void *ptr;
	uint32_t len;	 // bytes
	uint16_t type;	 // enum value_type
	uint16_t source; // VALUE_TEXT: the type the log stored as far as the
			 // reader knows it, else VALUE_STRING
};

// A VALUE_TEXT of the given stored type.
struct value value_of_text(struct str text, enum value_type source);

static inline bool value_type_is_integer(unsigned type)
{
	return type >= VALUE_INT8 && type <= VALUE_UINT64;
}

// Of an integer type, in a size that it can be read from: 1, 2, 4 or 8 bytes.
bool value_is_integer(const struct value *value);

// The text that rules are written against (sigma-engine.md 7.3): integers in
// decimal, hex types as 0x without leading zeros, lower-case {guid}, S-1-...,
// times as ISO 8601 UTC with 7 digits, binary as upper-case hex, strings as
// stored without trailing NULs. Null gives the empty slice. Integers, hex types and
// booleans are read from 1, 2, 4 or 8 bytes, whichever of these their type has;
// any other value whose size does not fit its type is shown as hex. Lives in
// `arena` or in the value.
struct str value_text(const struct value *value, struct arena *arena);

// text_fold() of that text, for strings without the detour.
struct str value_folded(const struct value *value, struct arena *arena);

// May the text hold anything? False for numbers, GUIDs, SIDs, times, booleans
// and binary, whose texts are made of digits, punctuation and few letters.
bool value_is_text(const struct value *value);

// Is the value what Windows stores for its type: of the right size, and, a string, whole
// UTF-16 with nothing behind a NUL but NULs? Every value of undamaged records is
// (evtx-format.md 3); text that was overwritten hardly ever.
bool value_is_sound(const struct value *value);

// Name of the stored type, e.g. "UnicodeString", "HexInt64", "SID".
const char *value_type_name(const struct value *value);

// The value as an unsigned number, from its type or from decimal or 0x text;
// false when it is none.
bool value_to_u64(const struct value *value, uint64_t *out);
// Of a value that is such a number: is its text the number in decimal, without more
// zeros before it?
bool value_is_decimal(const struct value *value);
// As a time: FILETIME, SYSTEMTIME or ISO text.
bool value_to_time(const struct value *value, uint64_t *ticks);

// The next item of an array from `*at` of its bytes on, moved behind it: strings end
// with a NUL, the last one may lack it. What is left and no whole item is an item of
// type VALUE_BINARY, so that nothing is lost. False at the end.
bool value_next_item(const struct value *array, uint32_t *at, struct value *item);

#endif
