// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them, in the account on the terminal and in the report.
#ifndef OUTPUT_WORDS_H
#define OUTPUT_WORDS_H

#include "base/buf.h"

// 1,234,567
void words_number(struct buf *out, uint64_t value);
// "3 files", "1 file"
void words_plural(struct buf *out, uint64_t value, const char *noun);
// "17 bytes", "1.2 GiB"
void words_size(struct buf *out, uint64_t bytes);

#endif
