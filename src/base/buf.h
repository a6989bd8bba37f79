// SPDX-License-Identifier: Apache-2.0
// A growable run of bytes.
//
// A zeroed struct is an empty buffer. `ptr` is NULL until something is put in;
// afterwards a NUL stands behind `len`. Growth never fails (mem.h).
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
};

void buf_release(struct buf *buf);
// Forget the content, keep the memory.
void buf_reset(struct buf *buf);
// Room for `more` bytes behind `len`; returns where they go.
char *buf_reserve(struct buf *buf, size_t more);
void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_put_str(struct buf *buf, struct str s);
void buf_put_text(struct buf *buf, const char *text);
void buf_put_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
// The content; good until the buffer changes.
struct str buf_str(const struct buf *buf);

#endif
