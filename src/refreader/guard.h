// SPDX-License-Identifier: Apache-2.0
// What libevtx must not be given: records that are not as Windows writes them, and those that would
// cost too much.
//
// libevtx 20181227 writes out each value as often as a template names it, each item of an array
// with all that its element holds, names each time, and templates in values as well: a record of 64
// KiB can ask for terabytes. Where BinXML contradicts itself (a value of no bytes that is BinXML,
// an element that no token ends, bytes behind the end of a definition, 2^30 values) it goes on in
// ways of its own, until memory or the stack ends. So records are read here by the grammar of
// evtx-format.md 2, of which each size and each end must be right, and with libevtx's places for
// what they hold. Of the public logs 4 records are not like that, which libevtx does not read
// anyway, and 18,913 are; the costliest is estimated at 1.8 MB.
#ifndef REFREADER_GUARD_H
#define REFREADER_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// The reasons that are given.
#define GUARD_FORM_REASON "the record is not as Windows writes it, and not safe for libevtx"
#define GUARD_COST_REASON "the record would take libevtx more than 48 MiB of memory"
#define GUARD_MARK_REASON                                                                          \
	"a text is nothing but a byte order mark, at which libevtx reads beyond its memory"

// Bytes of memory that libevtx would take for the costliest of the records that stand one behind
// the other from `from` on and begin before `to`, in the chunk of `len` bytes, at most 65,536: an
// estimate, not too small. Or one of these: a record is not as Windows writes it; it, all of them
// (LIMIT_REFERENCE_CHUNK) or the estimate (LIMIT_REFERENCE_WORK) cost too much; a text is nothing
// but a byte order mark.
#define COST_UNKNOWN UINT64_MAX
#define COST_TOO_MUCH (UINT64_MAX - 1)
#define COST_ENDLESS (UINT64_MAX - 2)
uint64_t guard_cost(const unsigned char *chunk, size_t len, size_t from, size_t to);

// May libevtx read these records? RC_FAILED with the reason when not.
MUST_USE enum rc guard_records(const unsigned char *chunk, size_t len, size_t from, size_t to,
			       struct err *err);

#endif
