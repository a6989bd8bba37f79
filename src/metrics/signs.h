// SPDX-License-Identifier: Apache-2.0
// What the metrics of one file say about tampering: how often, and where first or most.
#ifndef METRICS_SIGNS_H
#define METRICS_SIGNS_H

#include "metrics/metrics.h"

struct metrics_signs {
	// Holes in the record ids of logs that are otherwise whole (section "gaps", Kind
	// "gap"), and the ids in them; the first one, by channel.
	uint64_t gaps, missing;
	struct str gap_channel;
	uint64_t gap_after, gap_before;

	// Steps back of time (section "steps"); the longest one.
	uint64_t steps;
	struct str step_channel;
	uint64_t step_from, step_to;
	uint64_t step_ticks;

	// Cleared logs (section "clears"); the earliest one.
	uint64_t clears;
	struct str cleared, cleared_by;
	uint64_t cleared_time;
};

// Of metrics with those three sections, of which a file has ended. Texts are good as
// long as the metrics or in `arena`.
struct metrics_signs metrics_signs(const struct metrics *metrics, struct arena *arena);

#endif
