// SPDX-License-Identifier: Apache-2.0
// The list is sorted and short: what comes late in it is refused before it is copied.
#include "scan/losses.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "scan/internal.h"

void losses_init(struct losses *losses, size_t per_file)
{
	*losses = (struct losses){.per_file = per_file};
}

void losses_release(struct losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		free((char *)losses->items[i].reason.ptr);
	free(losses->items);
	losses_init(losses, losses->per_file);
}

static int order(const struct loss *a, uint64_t sequence, struct str reason)
{
	if (a->sequence != sequence)
		return a->sequence < sequence ? -1 : 1;
	return str_cmp(a->reason, reason);
}

// The first place that is not before the given one.
static size_t find(const struct losses *losses, uint64_t sequence, struct str reason)
{
	size_t low = 0;
	size_t high = losses->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(&losses->items[middle], sequence, reason) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct losses *losses, size_t at, uint64_t sequence, struct str reason)
{
	char *copy = mem_alloc(reason.len);

	memcpy(copy, reason.ptr, reason.len);
	mem_grow(&losses->items, &losses->cap, losses->count + 1, sizeof(*losses->items));
	memmove(losses->items + at + 1, losses->items + at,
		(losses->count - at) * sizeof(*losses->items));
	losses->items[at] = (struct loss){sequence, {copy, reason.len}};
	losses->count++;
}

static void drop(struct losses *losses, size_t at)
{
	free((char *)losses->items[at].reason.ptr);
	losses->count--;
	memmove(losses->items + at, losses->items + at + 1,
		(losses->count - at) * sizeof(*losses->items));
}

void losses_add(struct losses *losses, uint64_t sequence, struct str reason)
{
	size_t at = find(losses, sequence, reason);
	size_t first = find(losses, SEQUENCE(SEQUENCE_FILE(sequence), 0, 0), STR(""));
	size_t end; // of the file

	if (at == LIMIT_LOSSES || at - first >= losses->per_file)
		return;
	if (at < losses->count && order(&losses->items[at], sequence, reason) == 0)
		return;
	insert(losses, at, sequence, reason);
	end = find(losses, sequence | (SEQUENCE(1, 0, 0) - 1), STR(""));
	if (end - first > losses->per_file)
		drop(losses, end - 1);
	else if (losses->count > LIMIT_LOSSES)
		drop(losses, losses->count - 1);
}

void losses_merge(struct losses *losses, const struct losses *from)
{
	for (size_t i = 0; i < from->count; i++)
		losses_add(losses, from->items[i].sequence, from->items[i].reason);
}
