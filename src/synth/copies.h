// SPDX-License-Identifier: Apache-2.0
// Repetition: repeat, every, for_each.
#ifndef SYNTH_COPIES_H
#define SYNTH_COPIES_H

#include "synth/source.h"

struct copies {
	uint64_t count;
	uint64_t step;		       // ticks between copies
	const struct yaml_node *items; // of for_each, or NULL
};

// What the keys of a merged event say; false after a diagnostic.
bool copies_parse(struct source *source, const struct yaml_node *event, struct copies *copies);
// Make copy `index` the one at hand.
void copies_select(struct source *source, const struct copies *copies, uint64_t index);

#endif
