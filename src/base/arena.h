// SPDX-License-Identifier: Apache-2.0
// Memory with one lifetime: everything taken from an arena goes at once.
//
// Three owners hold arenas: the rule set (built once, then read-only), the
// file or chunk, and the record (reset after each event). A pointer from an
// arena is good until that arena is reset or released; headers elsewhere only
// name the arena. Allocation never fails (mem.h). Not for concurrent use.
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena {
	struct arena_block *head; // newest block first
	size_t used;		  // bytes handed out since init or reset
};

// A zeroed struct is a valid empty arena.

// Keep one block for reuse, forget what was handed out.
void arena_reset(struct arena *arena);
// Free everything; the arena is empty and usable again.
void arena_release(struct arena *arena);

// Uninitialised and zeroed memory, aligned for any type.
void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t size);
// Zeroed array; overflow of count * size counts as exhausted memory.
void *arena_array(struct arena *arena, size_t count, size_t size);
// A copy of the bytes, with a NUL behind it that `len` does not count.
struct str arena_str(struct arena *arena, struct str s);
// The same in lower case, ASCII only.
struct str arena_str_lower(struct arena *arena, struct str s);
// printf into the arena.
struct str arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
