// SPDX-License-Identifier: Apache-2.0
// What is told of single records: why one is lost, or how it differs for libevtx.
//
// A log can give any number of them, and threads meet them in any order. Kept are the
// first ones in order of the records: of the same losses the same ones, however they came
// and through however many lists. For src/scan only.
#ifndef SCAN_LOSSES_H
#define SCAN_LOSSES_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct loss {
	uint64_t sequence; // of internal.h
	struct str reason;
};

struct losses {
	struct loss *items; // by sequence, then by reason
	size_t count, cap;
	size_t per_file; // so many of one file are kept, and LIMIT_LOSSES in all
};

void losses_init(struct losses *losses, size_t per_file);
void losses_release(struct losses *losses);
// The text is copied when it is kept; what is there already is not added again.
void losses_add(struct losses *losses, uint64_t sequence, struct str reason);
// Add all of `from`.
void losses_merge(struct losses *losses, const struct losses *from);

#endif
