// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them; all append to `out`.
#ifndef OUTPUT_HUMAN_H
#define OUTPUT_HUMAN_H

#include "base/buf.h"

// 1,234,567
void human_number(struct buf *out, uint64_t value);
// "1 file", "1,234 files"
void human_plural(struct buf *out, uint64_t value, const char *noun);
// "68.0 KiB", "512 bytes"
void human_size(struct buf *out, uint64_t bytes);

#endif
