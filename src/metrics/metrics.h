// SPDX-License-Identifier: Apache-2.0
// What logs hold, counted: channels, events, computers, providers; holes in the
// record ids, time that goes back, cleared logs; who logged on from where.
//
// Events in, rows out, in one pass and bounded memory (LIMIT_METRICS_...): what
// comes behind a bound is counted in a row "(others)" or left out of a list
// whose total stays right, and metrics_put_notes() says so.
//
//	struct metrics *metrics = metrics_new(METRICS_ALL);
//	for each file: metrics_begin_file, metrics_event..., metrics_end_file
//	metrics_put_table(metrics, &look, &out);
#ifndef METRICS_METRICS_H
#define METRICS_METRICS_H

#include "base/buf.h"
#include "base/zone.h"
#include "event/event.h"

// In the order in which they are printed.
enum metrics_section {
	METRICS_CHANNELS,
	METRICS_EVENTS,
	METRICS_COMPUTERS,
	METRICS_PROVIDERS,
	METRICS_GAPS,
	METRICS_STEPS,
	METRICS_CLEARS,
	METRICS_LOGONS,
	METRICS_SECTIONS, // how many there are
};

// Sets of sections.
#define METRICS_BIT(section) (1u << (section))
#define METRICS_ALL (METRICS_BIT(METRICS_SECTIONS) - 1)

// The section of that name ("channels", ...); false when there is none.
bool metrics_parse_section(struct str name, enum metrics_section *out);

struct metrics;

// For the sections of the set, none other may be printed.
struct metrics *metrics_new(unsigned sections);
// Times are printed as those of the zone, which must outlive the metrics; NULL = UTC.
void metrics_set_zone(struct metrics *metrics, const struct zone *zone);
void metrics_free(struct metrics *metrics);

// The records of a file come in between. `path`, to show, must outlive the
// metrics. `damaged`: records of the file may be missing because it could not
// all be read; a hole in its record ids then proves nothing.
void metrics_begin_file(struct metrics *metrics, struct str path);
void metrics_event(struct metrics *metrics, const struct event *event);
void metrics_end_file(struct metrics *metrics, bool damaged);

struct metrics_look {
	unsigned sections;
	uint64_t most; // rows of a section that are printed
	size_t width;  // columns of the terminal; 0 = 80
};

// Append the sections as tables for people: a heading with totals, aligned
// columns, on several lines where one is too narrow, no row wider than `width`
// as far as numbers and times let it.
void metrics_put_table(const struct metrics *metrics, const struct metrics_look *look,
		       struct buf *out);
// Append all rows of one section: CSV with a header, or an object a line whose
// first key is "Section". Keys are the columns of CSV.
void metrics_put_csv(const struct metrics *metrics, enum metrics_section section, struct buf *out);
void metrics_put_jsonl(const struct metrics *metrics, enum metrics_section section,
		       struct buf *out);

// Append which bounds were reached, a line each; nothing when none was.
void metrics_put_notes(const struct metrics *metrics, struct buf *out);

#endif
