// SPDX-License-Identifier: Apache-2.0
// A section as rows of cells, whatever it is printed as. For src/metrics only.
#ifndef METRICS_ROWS_H
#define METRICS_ROWS_H

#include "metrics/metrics.h"

enum column_type {
	COLUMN_TEXT,
	COLUMN_PATH, // text of which the end says most
	COLUMN_NUMBER,
	COLUMN_PERCENT, // in hundredths
	COLUMN_SECONDS, // ticks
	COLUMN_TIME,	// ticks
};

struct column {
	const char *name;
	enum column_type type;
	bool begins_group; // the table keeps the columns of a group on one line
};

#define ROWS_COLUMNS 12

// Zeroed: nothing there.
struct cell {
	struct str text;
	uint64_t number;
	bool is_known; // of all but texts
};

// A sorted array in the arena that it was asked for with.
struct rows {
	const void *items;
	size_t count, size;
};

struct section {
	struct str name;
	struct column columns[ROWS_COLUMNS];
	size_t column_count;
	struct rows (*rows)(const struct metrics *metrics, struct arena *arena);
	// Fill zeroed cells; texts in the arena or of the metrics.
	void (*fill)(const struct metrics *metrics, const void *row, struct arena *arena,
		     struct cell *cells);
	// What the heading says behind the name.
	void (*sum)(const struct metrics *metrics, size_t rows, struct buf *out);
};

extern const struct section section_channels;
extern const struct section section_events;
extern const struct section section_computers;
extern const struct section section_providers;
extern const struct section section_gaps;
extern const struct section section_steps;
extern const struct section section_clears;
extern const struct section section_logons;

struct cell cell_text(struct str text);
struct cell cell_number(uint64_t number);
struct cell cell_time(uint64_t ticks);

int compare_numbers(uint64_t a, uint64_t b);

// "1 name" or "n names".
void put_count(struct buf *out, uint64_t count, const char *one, const char *many);

#endif
