// SPDX-License-Identifier: Apache-2.0
// Logs that are in a list twice. For src/input only.
#ifndef INPUT_DUPLICATES_H
#define INPUT_DUPLICATES_H

#include "input/input.h"

// Set duplicate_of of each readable log whose bytes an earlier one of the list has.
void duplicates_mark(struct input_list *list);

#endif
