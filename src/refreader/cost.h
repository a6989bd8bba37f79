// SPDX-License-Identifier: Apache-2.0
// What records would cost libevtx.
//
// It writes out each value as often as a template names it, each item of an array with all that
// its element holds, names each time, and templates in values as well; and it reads on behind the
// end of a value. An array of 15,000 empty texts that is named 1,000 times took 10 GB.
#ifndef REFREADER_COST_H
#define REFREADER_COST_H

#include <stddef.h>
#include <stdint.h>

// Bytes of memory that libevtx would take for the costliest of the records that stand one behind
// the other from `from` on and begin before `to`, in the chunk of `len` bytes, at most 65,536: an
// estimate, not too small. COST_UNKNOWN where libevtx may read something that Windows does not
// write, or the estimate itself takes more than LIMIT_REFERENCE_WORK.
//
// COST_ENDLESS where libevtx would read on until memory ends: in a text of nothing but a byte order
// mark, as any user can have logged (found by fuzzing).
#define COST_UNKNOWN UINT64_MAX
#define COST_ENDLESS (UINT64_MAX - 1)
uint64_t cost_of_records(const unsigned char *chunk, size_t len, size_t from, size_t to);

#endif
