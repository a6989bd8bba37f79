// SPDX-License-Identifier: Apache-2.0
// Bounded tables: texts as numbers, and cells under keys made of such numbers.
//
// A log can invent any number of names. Beyond a table's bound all that is new
// shares one entry, number 0 or the cell whose key is zero, and `lost` is set.
// Looking up what is known allocates nothing.
#ifndef METRICS_TABLES_H
#define METRICS_TABLES_H

#include "base/arena.h"
#include "base/map.h"

// The number of "(others)".
#define NAME_OTHERS 0u

struct names {
	struct arena arena;
	struct map map;
	struct str *texts; // by number
	size_t count, cap;
	uint32_t last; // what was asked for last: neighbours are often alike
	bool lost;
};

void names_init(struct names *names);
void names_release(struct names *names);
// The number of a text, which is copied when it is new.
uint32_t names_number(struct names *names, struct str text);
// Good as long as the names.
struct str names_text(const struct names *names, uint32_t number);

struct cells {
	struct arena arena;
	struct map map;
	size_t limit;
	bool lost;
};

void cells_release(struct cells *cells);
// The cell under `key`; a new one is of `size` bytes, zero behind the copy of
// the key that it begins with. Cells stay where they are.
void *cells_get(struct cells *cells, struct str key, size_t size);
// How many there are, and the one of that place in order of appearance.
size_t cells_count(const struct cells *cells);
void *cells_at(const struct cells *cells, size_t index);

#endif
