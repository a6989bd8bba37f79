// SPDX-License-Identifier: Apache-2.0
// Numbers in event text, compared exactly (sigma-engine.md 1.7, 2.6).
#ifndef MATCH_NUMBER_H
#define MATCH_NUMBER_H

#include "sigma/rule.h"

// The whole of `text` (blanks around allowed) as decimal integer, decimal
// float or 0x hexadecimal. False for anything else.
bool number_parse(struct str text, struct number *out);

// -1, 0, 1; integers exactly, anything else as double.
int number_compare(const struct number *a, const struct number *b);

// Does `order` (the result of a comparison) satisfy the operator?
bool compare_holds(enum compare_op op, int order);

#endif
