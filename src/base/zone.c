// SPDX-License-Identifier: Apache-2.0
// Times in a zone. localtime_r() works from memory: the C library has read the zone.
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICKS_PER_MINUTE ((int64_t)(60 * TM_TICKS_PER_SECOND))
#define TICKS_PER_DAY ((int64_t)(86400 * TM_TICKS_PER_SECOND))
// Further from UTC than any clock was, so that both offsets around an instant are seen.
#define FAR (26 * 60 * TICKS_PER_MINUTE)

const char *zone_name(const struct zone *zone)
{
	return zone_is_utc(zone) ? "UTC" : zone->name;
}

bool zone_is_utc(const struct zone *zone)
{
	return zone == NULL || zone->kind == ZONE_UTC;
}

size_t zone_put_offset(char *out, int minutes)
{
	int distance = abs(minutes);
	const char digits[] = {
		(char)('0' + distance / 600 % 10), (char)('0' + distance / 60 % 10), ':',
		(char)('0' + distance % 60 / 10),  (char)('0' + distance % 10),	     '\0',
	};

	out[0] = minutes < 0 ? '-' : '+';
	memcpy(out + 1, digits, sizeof(digits));
	return sizeof(digits);
}

// ---- showing ------------------------------------------------------------

// Minutes east of UTC at an instant, which may be before 1601 or after 9999.
static int minutes_at(const struct zone *zone, int64_t ticks)
{
	int64_t second = (ticks - (int64_t)TM_UNIX_EPOCH) / (int64_t)TM_TICKS_PER_SECOND;
	time_t at;
	struct tm parts;

	if (zone->kind != ZONE_RULES)
		return zone->minutes;
	// Division rounds up before 1970.
	if (ticks < (int64_t)TM_UNIX_EPOCH && ticks % (int64_t)TM_TICKS_PER_SECOND != 0)
		second--;
	at = (time_t)second;
	// A small time_t has no name for some times; they are UTC.
	if (at != second || localtime_r(&at, &parts) == NULL)
		return 0;
	return (int)(parts.tm_gmtoff / 60);
}

// Does the zone's clock show the instant?
static bool to_clock(const struct zone *zone, uint64_t ticks, uint64_t *clock, int *minutes)
{
	int64_t shifted;

	*clock = ticks;
	*minutes = 0;
	if (zone_is_utc(zone) || ticks >= TM_YEAR_10000)
		return false;
	*minutes = minutes_at(zone, (int64_t)ticks);
	shifted = (int64_t)ticks + *minutes * TICKS_PER_MINUTE;
	if (shifted < 0 || shifted >= (int64_t)TM_YEAR_10000) {
		*minutes = 0;
		return false;
	}
	*clock = (uint64_t)shifted;
	return true;
}

uint64_t zone_clock(const struct zone *zone, uint64_t ticks)
{
	uint64_t clock;
	int minutes;

	to_clock(zone, ticks, &clock, &minutes);
	return clock;
}

int zone_minutes(const struct zone *zone, uint64_t ticks)
{
	uint64_t clock;
	int minutes;

	to_clock(zone, ticks, &clock, &minutes);
	return minutes;
}

size_t zone_format(const struct zone *zone, uint64_t ticks, char out[ZONE_TEXT_SIZE])
{
	uint64_t clock;
	int minutes;
	bool shifted = to_clock(zone, ticks, &clock, &minutes);
	size_t len = tm_format(clock, out);

	if (!shifted)
		return len;
	len--; // the Z
	return len + zone_put_offset(out + len, minutes);
}

size_t zone_format_short(const struct zone *zone, uint64_t ticks, char out[ZONE_TEXT_SIZE])
{
	enum { SECONDS = 19 }; // bytes before the fraction
	uint64_t clock;
	int minutes;
	bool shifted = to_clock(zone, ticks, &clock, &minutes);
	size_t len = tm_format(clock, out);

	if (ticks >= TM_YEAR_10000)
		return len;
	out[10] = ' ';
	out[SECONDS] = '\0';
	if (!shifted && !zone_is_utc(zone))
		memcpy(out + SECONDS, "Z", 2);
	else if (shifted)
		return SECONDS + zone_put_offset(out + SECONDS, minutes);
	return strlen(out);
}

// ---- reading ------------------------------------------------------------

// When the clock shows that.
static int64_t from_clock(const struct zone *zone, int64_t clock, enum zone_side side)
{
	int before = minutes_at(zone, clock - FAR);
	int after = minutes_at(zone, clock + FAR);
	int64_t by_before = clock - before * TICKS_PER_MINUTE;
	int64_t by_after = clock - after * TICKS_PER_MINUTE;
	bool is_before = minutes_at(zone, by_before) == before;
	bool is_after = minutes_at(zone, by_after) == after;

	if (is_before != is_after)
		return is_before ? by_before : by_after;
	// Shown twice, or never.
	return (by_before < by_after) == (side == ZONE_EARLIEST) ? by_before : by_after;
}

bool zone_parse(const struct zone *zone, struct str s, enum zone_side side, uint64_t *ticks)
{
	static const struct zone utc;
	struct zone written = {.kind = ZONE_OFFSET};
	struct tm_stamp stamp;
	int64_t at;

	if (!tm_parse_stamp(s, &stamp))
		return false;
	written.minutes = stamp.minutes;
	at = (int64_t)stamp.clock;
	if (stamp.is_date && side == ZONE_LATEST)
		at += TICKS_PER_DAY - 1;
	at = from_clock(stamp.has_offset ? &written : zone != NULL ? zone : &utc, at, side);
	if (side == ZONE_EARLIEST && at < 0)
		at = 0;
	if (side == ZONE_LATEST && at >= (int64_t)TM_YEAR_10000)
		at = TM_YEAR_10000 - 1;
	*ticks = (uint64_t)at;
	return at >= 0 && *ticks < TM_YEAR_10000;
}
