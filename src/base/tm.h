// SPDX-License-Identifier: Apache-2.0
// Time as Windows counts it: 100 ns ticks since 1601-01-01T00:00:00Z.
//
// Ticks are uint64_t (a FILETIME). Everything is UTC; nothing here depends on
// the machine's clock or time zone (base/zone.h has zones).
#ifndef BASE_TM_H
#define BASE_TM_H

#include "base/arena.h"
#include "base/str.h"

#define TM_TICKS_PER_SECOND UINT64_C(10000000)
// Ticks at 1970-01-01T00:00:00Z, and the first tick of the year 10000.
#define TM_UNIX_EPOCH UINT64_C(116444736000000000)
#define TM_YEAR_10000 UINT64_C(2650467744000000000)

// A point in time taken apart; week is the ISO 8601 week (1 to 53).
struct tm_parts {
	int year, month, day, hour, minute, second;
	int week;
	uint32_t fraction; // 100 ns units, 0 to 9,999,999
};

// False when `ticks` lies at or after the year 10000.
bool tm_split(uint64_t ticks, struct tm_parts *parts);
// False when a part is out of range (29 February included) or before 1601.
bool tm_join(const struct tm_parts *parts, uint64_t *ticks);

// "2026-11-23T14:18:52.1234567Z"; ticks past 9999 are printed as a number.
// `out` takes TM_TEXT_SIZE bytes, NUL included; returns the length.
#define TM_TEXT_SIZE 29
size_t tm_format(uint64_t ticks, char out[TM_TEXT_SIZE]);

// Microseconds since 1970, rounded down; negative before.
int64_t tm_unix_micros(uint64_t ticks);

// A timestamp that stands alone in `s`: ISO 8601 with 'T' or a blank, the time
// of day optional (midnight), seconds and a fraction of up to 9 digits
// optional, then nothing, 'Z' or +hh:mm. `use_offset` says whether an offset
// is applied (options, allowlists) or ignored (Sigma 2.7). False for anything
// else, and when the offset leads out of the years 1601 to 9999.
bool tm_parse(struct str s, bool use_offset, uint64_t *ticks);

// The same, taken apart: what the clock showed, as if it were UTC, and what stands behind.
struct tm_stamp {
	uint64_t clock; // ticks
	bool is_date;	// without a time of day
	bool has_offset;
	int minutes; // east of UTC; 0 unless has_offset
};

bool tm_parse_stamp(struct str s, struct tm_stamp *out);

// "90s", "15m", "12h", "30d", "2w", "1M", "1y" as ticks; the units and lengths of
// sigma-engine.md 4.1. False for zero, a sign, another unit or overflow.
bool tm_parse_span(struct str s, uint64_t *ticks);

#endif
