// SPDX-License-Identifier: Apache-2.0
// Typed values as JSON, written in place.
//
// The same text as value_text(), quoted and escaped as escape_json() does it,
// without the texts in between: integers are numbers, booleans and null JSON's
// own, floating-point numbers numbers where they are finite, everything else a
// string. The integers of System are numbers from the libevtx reader too.
#ifndef DUMP_JSON_VALUE_H
#define DUMP_JSON_VALUE_H

#include "base/buf.h"
#include "event/value.h"

// The date that was written last: neighbours in a log share it.
struct json_day {
	uint64_t day; // since 1601, plus 1; 0 = none yet
	char text[10];
};

// Bytes that json_value_at may write at most for such a value.
static inline size_t json_value_room(const struct value *value)
{
	// \uNNNN for each unit of UTF-16; the constant for all that has a
	// fixed size and a SID of 15 parts, and for writing 16 bytes at once.
	return (size_t)value->len * 3 + 256;
}

// Write `value`; returns the end, or NULL, with nothing said about the room, when
// this is one of the rare values that json_value has to take.
char *json_value_at(char *at, const struct value *value, struct json_day *day);

// Append any value; `arena` is for texts in between.
void json_value(struct buf *out, const struct value *value, struct json_day *day,
		struct arena *arena);

#endif
