// SPDX-License-Identifier: Apache-2.0
// Order statistics of a moving window: median and percentile in O(log n) a step.
#ifndef CORRELATE_RANKS_H
#define CORRELATE_RANKS_H

#include "correlate/internal.h"

// Numbers that the window may hold, sorted, and a Fenwick tree that counts
// which of them it does hold.
struct ranks {
	double *values;
	uint32_t *tree; // from 1
	size_t count;
};

// For windows over `series`; nothing is in the window yet.
void ranks_init(struct ranks *ranks, struct series series);
void ranks_release(struct ranks *ranks);

// `x` is a number of the series; what is removed was added.
void ranks_add(struct ranks *ranks, double x);
void ranks_remove(struct ranks *ranks, double x);

// The k-th smallest number in the window, from 0; k below the window's size.
double ranks_at(const struct ranks *ranks, size_t k);

#endif
