// SPDX-License-Identifier: Apache-2.0
// An exact sum of numbers that come and go: what was taken out leaves no trace, however
// large it was, and the value does not depend on the order.
#ifndef CORRELATE_SUM_H
#define CORRELATE_SUM_H

#include <stddef.h>

// Parts that do not overlap cover the exponents of a double in steps of its 53 bits.
#define SUM_PARTS 44

// A zeroed struct is an empty sum.
struct sum {
	double parts[SUM_PARTS]; // ascending, none 0; their sum is exact
	size_t count;
};

// Add a finite number; to take one out, add its negative.
void sum_add(struct sum *sum, double x);

// The double nearest to the sum divided by `n`; infinite when that is too large.
double sum_over(const struct sum *sum, double n);

#endif
