// SPDX-License-Identifier: Apache-2.0
// SHA-256 of a file, for evidence.
#ifndef INPUT_SHA256_H
#define INPUT_SHA256_H

#include "base/err.h"

// 64 lower-case hexadecimal digits and a NUL.
#define SHA256_TEXT_SIZE 65

// Hash the whole file at `path`. RC_OK, or RC_FATAL with the reason.
MUST_USE enum rc sha256_file(const char *path, char out[SHA256_TEXT_SIZE], struct err *err);

#endif
