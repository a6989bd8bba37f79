// SPDX-License-Identifier: Apache-2.0
// Reading a whole small file: rules, allowlists, settings. Not for logs.
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

// Append the content of `path` to `out`. RC_FAILED with the reason when it
// cannot be read or is larger than `limit` bytes.
MUST_USE enum rc file_read(const char *path, size_t limit, struct buf *out, struct err *err);

#endif
