// SPDX-License-Identifier: Apache-2.0
// Expansions after J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997):
// a sum is kept as doubles that do not overlap.
#include "correlate/sum.h"

#include <math.h>

// Numbers are held smaller by this power of two, so that as many as fit into memory add up
// without overflow. What that takes from those below 1e-280 no condition can see.
#define SCALE 64

void sum_add(struct sum *sum, double x)
{
	size_t kept = 0;

	x = ldexp(x, -SCALE);
	for (size_t i = 0; i < sum->count; i++) {
		double y = sum->parts[i];
		double larger = fabs(x) < fabs(y) ? y : x;
		double smaller = fabs(x) < fabs(y) ? x : y;
		double high = larger + smaller;
		double low = smaller - (high - larger);

		if (low != 0)
			sum->parts[kept++] = low;
		x = high;
	}
	if (x != 0)
		sum->parts[kept++] = x;
	sum->count = kept;
}

// From the largest part down, until one is lost in rounding. When that was half of the last
// place, the sign of the next part says which of the two neighbours is nearer.
static double rounded(const struct sum *sum)
{
	size_t i = sum->count;
	double high = 0;
	double low = 0;

	while (i > 0 && low == 0) {
		double x = high;
		double y = sum->parts[--i];

		high = x + y;
		low = y - (high - x);
	}
	if (i > 0 && ((low < 0 && sum->parts[i - 1] < 0) || (low > 0 && sum->parts[i - 1] > 0))) {
		double twice = low * 2;
		double next = high + twice;

		if (next - high == twice)
			return next;
	}
	return high;
}

double sum_over(const struct sum *sum, double n)
{
	return ldexp(rounded(sum) / n, SCALE);
}
