// SPDX-License-Identifier: Apache-2.0
// Time zones: how times are shown, and what times mean that name no offset.
//
// A zone is passed as a pointer; NULL is UTC, as is a zeroed struct. The rules of named zones
// are those of the C library, which has room for one zone in a process: zone_load() is for
// the program, before it has threads, and never called by libevtxscan. All else only
// reads, on any threads, and opens no file.
//
// Offsets are whole minutes, as ISO 8601 writes them. Before zones were made clocks ran by
// the sun (Berlin: +00:53:28); such seconds are dropped, from what is shown as well, so
// that what is shown still names the exact instant. Where a zone's clock would leave the years
// 1601 to 9999, UTC is shown.
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/err.h"
#include "base/tm.h"

enum zone_kind {
	ZONE_UTC,
	ZONE_OFFSET, // the same all the time
	ZONE_RULES,  // the C library's
};

#define ZONE_NAME_SIZE 64

struct zone {
	enum zone_kind kind;
	int minutes;		   // ZONE_OFFSET: east of UTC
	char name[ZONE_NAME_SIZE]; // letters, digits and "+-_/:"; "" for UTC
};

// The zone of "UTC", "local" (the machine's: TZ, else /etc/localtime), "+01:00", "-0530" or
// a name of the time zone database that this machine has (below $TZDIR or /usr/share/zoneinfo).
// RC_FAILED with the reason for anything else, and for a zone that counts leap seconds, which
// ticks do not. Sets TZ of the process for "local" and names;
// a zone with rules that was loaded before must not be used any more.
MUST_USE enum rc zone_load(struct str text, struct zone *out, struct err *err);

// "UTC", or as it was asked for.
const char *zone_name(const struct zone *zone);
bool zone_is_utc(const struct zone *zone);

// What a clock shows, as if it were UTC; ticks that it cannot show stay as they are.
uint64_t zone_clock(const struct zone *zone, uint64_t ticks);
// The clock's minutes east of UTC then.
int zone_minutes(const struct zone *zone, uint64_t ticks);

// "+01:00" and a NUL, 7 bytes; returns the length, 6.
size_t zone_put_offset(char *out, int minutes);

// As tm_format(), but with the offset: "2026-11-23T15:18:52.1234567+01:00"; 'Z' in UTC.
#define ZONE_TEXT_SIZE 34
size_t zone_format(const struct zone *zone, uint64_t ticks, char out[ZONE_TEXT_SIZE]);
// Only to the second, with a blank: "2026-11-23 15:18:52+01:00"; in UTC without the 'Z'.
size_t zone_format_short(const struct zone *zone, uint64_t ticks, char out[ZONE_TEXT_SIZE]);

// A timestamp as tm_parse() takes it; without an offset it is what the zone's clock shows.
// A date alone is the beginning of the day, or its last tick (ZONE_LATEST). What the
// clock shows twice, or skips, is read by both offsets: the earlier instant, or the later. An
// instant before 1601 is 1601 as the earliest, one after 9999 the last tick of 9999 as
// the latest, and both are refused the other way.
enum zone_side { ZONE_EARLIEST, ZONE_LATEST };
bool zone_parse(const struct zone *zone, struct str s, enum zone_side side, uint64_t *ticks);

#endif
