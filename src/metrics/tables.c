// SPDX-License-Identifier: Apache-2.0
// Names and cells within bounds.
#include "metrics/tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

static uint32_t add_text(struct names *names, struct str text)
{
	mem_grow(&names->texts, &names->cap, names->count + 1, sizeof(*names->texts));
	names->texts[names->count] = arena_str(&names->arena, text);
	return (uint32_t)names->count++;
}

void names_init(struct names *names)
{
	memset(names, 0, sizeof(*names));
	add_text(names, STR("(others)"));
}

void names_release(struct names *names)
{
	arena_release(&names->arena);
	map_release(&names->map);
	free(names->texts);
}

static uint32_t find_or_add(struct names *names, struct str text)
{
	void *known = map_get(&names->map, text);
	uint32_t number;

	if (known != NULL)
		return (uint32_t)(uintptr_t)known;
	if (names->count > LIMIT_METRICS_NAMES ||
	    names->arena.used + text.len > LIMIT_METRICS_NAME_BYTES) {
		names->lost = true;
		return NAME_OTHERS;
	}
	number = add_text(names, text);
	map_add(&names->map, names->texts[number], (void *)(uintptr_t)number);
	return number;
}

uint32_t names_number(struct names *names, struct str text)
{
	if (names->last == NAME_OTHERS || !str_eq(names->texts[names->last], text))
		names->last = find_or_add(names, text);
	return names->last;
}

struct str names_text(const struct names *names, uint32_t number)
{
	return names->texts[number];
}

void cells_release(struct cells *cells)
{
	arena_release(&cells->arena);
	map_release(&cells->map);
}

static void *add_cell(struct cells *cells, struct str key, size_t size)
{
	void *cell = arena_zalloc(&cells->arena, size);

	memcpy(cell, key.ptr, key.len);
	map_add(&cells->map, (struct str){cell, key.len}, cell);
	return cell;
}

static bool is_zero(struct str key)
{
	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] != 0)
			return false;
	}
	return true;
}

void *cells_get(struct cells *cells, struct str key, size_t size)
{
	static const char zero[64];
	void *cell = map_get(&cells->map, key);

	if (cell != NULL)
		return cell;
	if (cells->map.count < cells->limit || is_zero(key))
		return add_cell(cells, key, size);
	cells->lost = true;
	return cells_get(cells, (struct str){zero, key.len}, size);
}

size_t cells_count(const struct cells *cells)
{
	return cells->map.count;
}

void *cells_at(const struct cells *cells, size_t index)
{
	return cells->map.entries[index].value;
}
