// SPDX-License-Identifier: Apache-2.0
// A temporary file without a name, for what does not fit into memory.
//
// It is made before it is needed: later the program may not be allowed to. That it
// could not be made is told when something is to be written. For one thread.
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include "base/buf.h"
#include "base/err.h"

struct spill;

struct spill *spill_new(void);
// Accepts NULL.
void spill_free(struct spill *spill);

// Append `bytes`; `*at` is where they begin. RC_FATAL when they could not be written.
MUST_USE enum rc spill_write(struct spill *spill, struct str bytes, uint64_t *at, struct err *err);
// Read `len` bytes that were written at `at`. RC_FATAL when they cannot be read back.
MUST_USE enum rc spill_read(const struct spill *spill, uint64_t at, void *out, size_t len,
			    struct err *err);
// Forget all that was written, and give its space back.
void spill_clear(struct spill *spill);

// Items of any size one behind the other, in memory up to a limit, then in a file.
struct spool {
	struct spill *file;
	size_t most; // bytes held in memory
	struct buf held;
	uint64_t before; // bytes in the file, in front of `held`
};

// Append an item; `*at` is where it is found again.
MUST_USE enum rc spool_put(struct spool *spool, struct str item, uint64_t *at, struct err *err);
// The item of `len` bytes at `at`: appended to `out`.
MUST_USE enum rc spool_get(const struct spool *spool, uint64_t at, size_t len, struct buf *out,
			   struct err *err);
// Forget all items.
void spool_clear(struct spool *spool);
// Frees what is held, not the file.
void spool_release(struct spool *spool);

#endif
