// SPDX-License-Identifier: Apache-2.0
// What libevtx must not be given.
//
// libevtx 20181227 multiplies the number of values of a template instance by four in
// 32 bits. For 2^30 values and a few more the product is small enough for the chunk,
// and it goes on to read and keep that many: beyond its buffer, until memory ends. And it
// writes out each value as often as a template names it, arrays item by item and templates in
// values as well: a record of 64 KiB can ask for terabytes. Of a text that is nothing but a byte
// order mark it reads until there is no memory at an address.
#ifndef REFREADER_GUARD_H
#define REFREADER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// The reasons that are given.
#define GUARD_COUNT_REASON "a template instance claims more values than libevtx can count"
#define GUARD_MARK_REASON                                                                          \
	"a text is nothing but a byte order mark, at which libevtx reads beyond its memory"
#define GUARD_COST_REASON "a template instance would take libevtx more than 48 MiB of memory"

// Is there no such number where libevtx could look for one? Wherever a byte could be
// the token of an instance, what it would read is looked at, whether or not it gets
// there: in sound chunks that is as good as never such a number.
bool guard_is_safe(const unsigned char *chunk, size_t len);

// Where libevtx would find the number of values of an instance at `at`: behind its head, or
// behind the definition when that follows. `len` when it gives up before, because the
// definition is not in the chunk.
uint32_t guard_values_at(const unsigned char *chunk, uint32_t len, uint32_t at);

// May libevtx read the records from `from` to `to` of the chunk? RC_FAILED with the reason
// when not: their cost (cost.h) counts, too.
MUST_USE enum rc guard_records(const unsigned char *chunk, size_t len, size_t from, size_t to,
			       struct err *err);

#endif
