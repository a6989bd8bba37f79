// SPDX-License-Identifier: Apache-2.0
// The records of hits as text, read once more from their logs.
#ifndef TESTING_RECORDS_H
#define TESTING_RECORDS_H

#include "testing/tally.h"

// Both empty where the record cannot be read again, and for correlations.
struct record_text {
	struct str plain; // "Name: value  Name: value", all fields in their order
	struct str json;  // as dump prints it, without the line end
};

// Read the records of all hits of the tally; `out` has an item for each, and
// the texts live in `arena`.
void records_read(const struct tally *tally, struct arena *arena, struct record_text *out);

#endif
