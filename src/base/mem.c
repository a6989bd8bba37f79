// SPDX-License-Identifier: Apache-2.0
// Allocation that does not fail, and one growth rule for arrays.
#include "base/mem.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static mem_oom_fn *oom_handler;

void mem_set_oom_handler(mem_oom_fn *fn)
{
	oom_handler = fn;
}

void mem_exhausted(size_t size)
{
	if (oom_handler != NULL)
		oom_handler(size);
	abort();
}

void mem_watch(void)
{
	errno = 0;
}

bool mem_failed(void)
{
	return errno == ENOMEM;
}

static void *checked(void *ptr, size_t size)
{
	if (ptr == NULL)
		mem_exhausted(size);
	return ptr;
}

void *mem_alloc(size_t size)
{
	return checked(malloc(size != 0 ? size : 1), size);
}

void *mem_zalloc(size_t size)
{
	return checked(calloc(1, size != 0 ? size : 1), size);
}

void *mem_realloc(void *ptr, size_t size)
{
	return checked(realloc(ptr, size != 0 ? size : 1), size);
}

void mem_grow(void *array_ptr, size_t *cap, size_t need, size_t item)
{
	void *array;
	size_t want = *cap != 0 ? *cap : 8;

	if (need <= *cap)
		return;
	while (want < need) {
		if (want > SIZE_MAX / 2)
			checked(NULL, SIZE_MAX);
		want *= 2;
	}
	if (want > SIZE_MAX / item)
		checked(NULL, SIZE_MAX);
	memcpy(&array, array_ptr, sizeof(array));
	array = mem_realloc(array, want * item);
	memcpy(array_ptr, &array, sizeof(array));
	*cap = want;
}
