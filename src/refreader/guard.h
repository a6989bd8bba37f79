// SPDX-License-Identifier: Apache-2.0
// What libevtx must not be given.
//
// libevtx 20181227 multiplies the number of values of a template instance by four in
// 32 bits. For 2^30 values and a few more the product is small enough for the chunk,
// and it goes on to read and keep that many: beyond its buffer, until memory ends.
#ifndef REFREADER_GUARD_H
#define REFREADER_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

// The reason that both give.
#define GUARD_REASON "a template instance claims more values than libevtx can count"

// Is there no such number where libevtx could look for one? Wherever a byte could be
// the token of an instance, what it would read is looked at, whether or not it gets
// there: in sound chunks that is as good as never such a number.
bool guard_is_safe(const unsigned char *chunk, size_t len);

// The same for all chunks of a file: RC_FAILED when one is not safe. A file that
// cannot be read is left to libevtx to complain about.
MUST_USE enum rc guard_file(const char *path, struct err *err);

#endif
