// SPDX-License-Identifier: Apache-2.0
// Arenas: a chain of blocks, each filled from the front.
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// A record's fields fit a first block; big rule sets grow by larger ones.
#define ARENA_FIRST_BLOCK 4096
#define ARENA_LARGEST_BLOCK (1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->head;

	arena->used = 0;
	if (keep == NULL)
		return;
	for (struct arena_block *block = keep->next, *next; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	keep->next = NULL;
	keep->used = 0;
}

void arena_release(struct arena *arena)
{
	arena_reset(arena);
	free(arena->head);
	arena->head = NULL;
}

static void add_block(struct arena *arena, size_t need)
{
	size_t size = arena->head != NULL ? arena->head->size * 2 : ARENA_FIRST_BLOCK;
	struct arena_block *block;

	if (size > ARENA_LARGEST_BLOCK)
		size = ARENA_LARGEST_BLOCK;
	if (size < need)
		size = need;
	block = mem_alloc(sizeof(*block) + size);
	block->next = arena->head;
	block->size = size;
	block->used = 0;
	arena->head = block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	void *ptr;

	if (size > SIZE_MAX / 2)
		return mem_alloc(SIZE_MAX / 2); // runs the handler
	size = (size + align - 1) & ~(align - 1);
	if (arena->head == NULL || arena->head->size - arena->head->used < size)
		add_block(arena, size);
	ptr = arena->head->data + arena->head->used;
	arena->head->used += size;
	arena->used += size;
	return ptr;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return arena_alloc(arena, SIZE_MAX); // runs the handler
	return arena_zalloc(arena, count * size);
}

struct str arena_str(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (s.len != 0)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return (struct str){copy, s.len};
}

struct str arena_str_lower(struct arena *arena, struct str s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_lower(s.ptr[i]);
	copy[s.len] = '\0';
	return (struct str){copy, s.len};
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_list again;
	int len;
	char *text;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		len = 0;
	text = arena_alloc(arena, (size_t)len + 1);
	text[0] = '\0';
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return (struct str){text, (size_t)len};
}
