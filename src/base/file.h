// SPDX-License-Identifier: Apache-2.0
// Reading a whole small file: rules, allowlists, settings. Not for logs. Temporary files.
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

// Append the content of `path` to `out`. RC_FAILED with the reason when it
// cannot be read or is larger than `limit` bytes.
MUST_USE enum rc file_read(const char *path, size_t limit, struct buf *out, struct err *err);

// Where temporary files lie: $TMPDIR, /tmp when it is not set.
const char *file_temporary_folder(void);
// A new file without a name there, for reading and
// writing: it is gone when it is closed, and however the program ends. -1 with errno.
int file_temporary(void);

// Write all bytes; false with errno.
MUST_USE bool file_write(int fd, struct str bytes);

#endif
