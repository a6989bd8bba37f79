// SPDX-License-Identifier: Apache-2.0
// A Fenwick tree over the sorted numbers of a series.
#include "correlate/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return a < b ? -1 : a > b;
}

void ranks_init(struct ranks *ranks, struct series series)
{
	ranks->count = series.count;
	ranks->values = mem_alloc(series.count * sizeof(*ranks->values));
	ranks->tree = mem_zalloc((series.count + 1) * sizeof(*ranks->tree));
	for (size_t i = 0; i < series.count; i++)
		ranks->values[i] = series.items[i].number;
	if (series.count > 0)
		qsort(ranks->values, series.count, sizeof(*ranks->values), by_size);
}

void ranks_release(struct ranks *ranks)
{
	free(ranks->values);
	free(ranks->tree);
	memset(ranks, 0, sizeof(*ranks));
}

// Place of `x` in the tree; equal numbers share the first place.
static size_t place_of(const struct ranks *ranks, double x)
{
	size_t low = 0;
	size_t high = ranks->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ranks->values[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	return low + 1;
}

void ranks_add(struct ranks *ranks, double x)
{
	for (size_t i = place_of(ranks, x); i <= ranks->count; i += i & (~i + 1))
		ranks->tree[i]++;
}

void ranks_remove(struct ranks *ranks, double x)
{
	for (size_t i = place_of(ranks, x); i <= ranks->count; i += i & (~i + 1))
		ranks->tree[i]--;
}

double ranks_at(const struct ranks *ranks, size_t k)
{
	size_t at = 0;
	size_t step = 1;

	while (step <= ranks->count / 2)
		step *= 2;
	for (; step > 0; step /= 2) {
		if (at + step <= ranks->count && ranks->tree[at + step] <= k) {
			at += step;
			k -= ranks->tree[at];
		}
	}
	return ranks->values[at];
}
