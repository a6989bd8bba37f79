// SPDX-License-Identifier: Apache-2.0
// Allocation for our own structures: these calls never return NULL.
//
// What is sized by *input* (a log, a rule) is capped by limits.h before it
// comes here. When memory is really exhausted the handler runs; the program
// installs one that says so, removes what is half written and leaves with status 3;
// the default aborts.
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

// Called with the size that could not be had. Must not return.
typedef void mem_oom_fn(size_t size);

// Set the handler for exhausted memory; NULL restores the default (abort).
void mem_set_oom_handler(mem_oom_fn *fn);

// Memory of `size` bytes could not be had, for what others allocate in our name.
_Noreturn void mem_exhausted(size_t size);

// Around calls of libraries that allocate: many take a lack of memory for bad input,
// or go on without. mem_failed() tells whether there was one since mem_watch(), by
// errno, which malloc() sets.
void mem_watch(void);
bool mem_failed(void);

// Like malloc, calloc and realloc, but never NULL; a size of 0 counts as 1.
// The caller owns the result and hands it to free().
void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
void *mem_realloc(void *ptr, size_t size);

// Grow `*array` of `*cap` items of `item` bytes so that `need` items fit
// (doubling). New items are not initialised.
void mem_grow(void *array_ptr, size_t *cap, size_t need, size_t item);

#endif
