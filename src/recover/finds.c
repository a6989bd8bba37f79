// SPDX-License-Identifier: Apache-2.0
// Two lists, sorted when they are complete.
#include "recover/finds.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"

void recover_finds_release(struct recover_finds *finds)
{
	free(finds->live);
	free(finds->items);
	buf_release(&finds->scratch);
	memset(finds, 0, sizeof(*finds));
}

void recover_finds_reset(struct recover_finds *finds)
{
	finds->count = 0;
	finds->too_many = false;
}

static void put_text(struct buf *out, struct str text)
{
	buf_put(out, &text.len, sizeof(text.len));
	buf_put_str(out, text);
}

// The hash is keyed: nobody can make a record that is taken for another.
static struct recover_print print_of(const struct event *event, uint32_t source,
				     struct buf *scratch)
{
	struct recover_print print;

	buf_reset(scratch);
	buf_put(scratch, &source, sizeof(source));
	buf_put(scratch, &event->record_id, sizeof(event->record_id));
	buf_put(scratch, &event->time, sizeof(event->time));
	put_text(scratch, event->channel);
	put_text(scratch, event->computer);
	print.name = hash_bytes(scratch->ptr, scratch->len);
	for (size_t i = 0; i < event->count; i++) {
		put_text(scratch, event->fields[i].path);
		put_text(scratch, event_text(event, &event->fields[i]));
	}
	print.all = hash_bytes(scratch->ptr, scratch->len);
	if (event->record_id == 0)
		print.name = print.all; // it has none
	return print;
}

void recover_finds_live(struct recover_finds *finds, const struct event *event, uint32_t source)
{
	if (finds->live_count == LIMIT_RECOVER_LIVE) {
		finds->too_many_live = true;
		return;
	}
	finds->live_sorted = false;
	mem_grow(&finds->live, &finds->live_cap, finds->live_count + 1, sizeof(*finds->live));
	finds->live[finds->live_count++] = print_of(event, source, &finds->scratch);
}

void recover_finds_add(struct recover_finds *finds, const struct event *event, uint32_t source)
{
	if (finds->count == LIMIT_RECOVER_FOUND) {
		finds->too_many = true;
		return;
	}
	mem_grow(&finds->items, &finds->cap, finds->count + 1, sizeof(*finds->items));
	finds->items[finds->count++] = (struct recover_find){
		print_of(event, source, &finds->scratch), event->offset, source, event->place};
}

void recover_finds_absorb(struct recover_finds *to, struct recover_finds *from)
{
	mem_grow(&to->live, &to->live_cap, to->live_count + from->live_count + 1,
		 sizeof(*to->live));
	mem_grow(&to->items, &to->cap, to->count + from->count + 1, sizeof(*to->items));
	if (from->live_count > 0)
		memcpy(to->live + to->live_count, from->live, from->live_count * sizeof(*to->live));
	if (from->count > 0)
		memcpy(to->items + to->count, from->items, from->count * sizeof(*to->items));
	to->live_sorted = false;
	to->live_count += from->live_count;
	to->count += from->count;
	// Which ones would be missing would depend on the order: all or none.
	to->too_many_live |= from->too_many_live || to->live_count > LIMIT_RECOVER_LIVE;
	to->too_many |= from->too_many;
	recover_finds_release(from);
}

// ---- settling -----------------------------------------------------------

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_prints(const struct recover_print *a, const struct recover_print *b)
{
	return a->name != b->name ? compare(a->name, b->name) : compare(a->all, b->all);
}

static int by_live_print(const void *left, const void *right)
{
	return compare_prints(left, right);
}

static int by_name(const void *left, const void *right)
{
	const struct recover_print *a = left;
	const struct recover_print *b = right;

	return compare(a->name, b->name);
}

static int by_place(const void *left, const void *right)
{
	const struct recover_find *a = left;
	const struct recover_find *b = right;

	return a->source != b->source ? compare(a->source, b->source)
				      : compare(a->offset, b->offset);
}

static int by_print(const void *left, const void *right)
{
	const struct recover_find *a = left;
	const struct recover_find *b = right;
	int order = compare_prints(&a->print, &b->print);

	return order != 0 ? order : by_place(left, right);
}

static bool is_among_live(const struct recover_finds *finds, const struct recover_print *print,
			  int (*by)(const void *, const void *))
{
	return finds->live_count > 0 && !finds->too_many_live &&
	       bsearch(print, finds->live, finds->live_count, sizeof(*finds->live), by) != NULL;
}

// The finds [first, end) have one name. The print that counts: the only one, or the only
// one outside of slack, where nothing is put together. False when there are several.
static bool agree(const struct recover_find *items, size_t first, size_t end, uint64_t *print)
{
	size_t several = 0;
	size_t outside = 0;

	for (size_t i = first; i < end; i++) {
		several += i > first && items[i].print.all != items[i - 1].print.all;
		if (items[i].place == EVENT_SLACK)
			continue;
		outside += outside == 0 || *print != items[i].print.all;
		*print = items[i].print.all;
	}
	if (outside == 0)
		*print = items[first].print.all;
	return several == 0 || outside == 1;
}

static size_t keep_group(struct recover_finds *finds, size_t first, size_t end, size_t kept)
{
	uint64_t print = 0;
	bool one = agree(finds->items, first, end, &print);
	bool told = false;

	for (size_t i = first; i < end; i++) {
		struct recover_find find = finds->items[i];

		if (is_among_live(finds, &find.print, by_live_print)) {
			finds->also_live++;
		} else if (!one || find.print.all != print ||
			   is_among_live(finds, &find.print, by_name)) {
			finds->contradicted++;
		} else if (told) {
			finds->again++;
		} else {
			finds->items[kept++] = find;
			told = true;
		}
	}
	return kept;
}

void recover_finds_settle(struct recover_finds *finds)
{
	size_t kept = 0;
	size_t end;

	if (finds->live_count > 0 && !finds->live_sorted)
		qsort(finds->live, finds->live_count, sizeof(*finds->live), by_live_print);
	finds->live_sorted = true;
	if (finds->count > 0)
		qsort(finds->items, finds->count, sizeof(*finds->items), by_print);
	for (size_t i = 0; i < finds->count; i = end) {
		for (end = i + 1; end < finds->count &&
				  finds->items[end].print.name == finds->items[i].print.name;)
			end++;
		kept = keep_group(finds, i, end, kept);
	}
	finds->count = kept;
	if (kept > 0)
		qsort(finds->items, kept, sizeof(*finds->items), by_place);
}

size_t recover_finds_before(const struct recover_finds *finds, uint32_t source, uint64_t offset)
{
	struct recover_find place = {.source = source, .offset = offset};
	size_t low = 0;
	size_t high = finds->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_place(&finds->items[middle], &place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool recover_finds_has(const struct recover_finds *finds, uint32_t source, uint64_t offset)
{
	size_t at = recover_finds_before(finds, source, offset);

	return at < finds->count && finds->items[at].source == source &&
	       finds->items[at].offset == offset;
}
