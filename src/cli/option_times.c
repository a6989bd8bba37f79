// SPDX-License-Identifier: Apache-2.0
// --timezone, --from, --to and --last: which records, once all of them are known.
#include <time.h>

#include "base/tm.h"
#include "cli/option_table.h"

static bool set_zone(struct cli_options *out)
{
	struct err err = {""};

	if (out->timezone == NULL || zone_load(str_from(out->timezone), &out->zone, &err) == RC_OK)
		return true;
	usage_error("--timezone: %s", err.text);
	return false;
}

// NULL is no time.
static bool set_time(const char *name, const char *text, const struct zone *zone,
		     enum zone_side side, uint64_t *out)
{
	if (text == NULL || zone_parse(zone, str_from(text), side, out))
		return true;
	usage_error("--%s: '%s' is no time (2026-11-23 or 2026-11-23T14:00:00Z)", name, text);
	return false;
}

// Times mean what the zone says, wherever that stands.
static bool set_bounds(struct cli_options *out)
{
	struct record_choice *records = &out->records;

	if (!set_zone(out) ||
	    !set_time("from", out->from, &out->zone, ZONE_EARLIEST, &records->from) ||
	    !set_time("to", out->to, &out->zone, ZONE_LATEST, &records->to))
		return false;
	if (out->from != NULL && out->last != 0)
		usage_error("--from and --last both say where to begin");
	else if (out->from != NULL && out->to != NULL && records->from > records->to)
		usage_error("--from %s is later than --to %s: no event is between them", out->from,
			    out->to);
	else
		return true;
	return false;
}

// Now, by the clock; false when it is before 1970 or after 9999.
static bool read_clock(uint64_t *ticks)
{
	time_t now = time(NULL);

	if (now < 0 || (uint64_t)now >= (TM_YEAR_10000 - TM_UNIX_EPOCH) / TM_TICKS_PER_SECOND)
		return false;
	*ticks = TM_UNIX_EPOCH + (uint64_t)now * TM_TICKS_PER_SECOND;
	return true;
}

// The last days end at --to, or now: the only place that looks at the clock.
static bool set_last(struct cli_options *out)
{
	struct record_choice *records = &out->records;
	uint64_t end = records->to;

	if (out->last == 0)
		return true;
	if (end == 0 && !read_clock(&end)) {
		usage_error("--last: the clock of this machine is wrong; --to TIME goes without");
		return false;
	}
	records->from = end >= out->last ? end - out->last + 1 : 0;
	return true;
}

bool option_times_set(struct cli_options *options)
{
	return set_bounds(options) && set_last(options);
}
