// SPDX-License-Identifier: Apache-2.0
// Sets and a list, sorted when they are complete.
#include "recover/finds.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

// ---- sets of prints -----------------------------------------------------

static int by_value(const void *left, const void *right)
{
	return compare(*(const uint64_t *)left, *(const uint64_t *)right);
}

static void prints_add(struct recover_prints *prints, uint64_t print)
{
	mem_grow(&prints->items, &prints->cap, prints->count + 1, sizeof(*prints->items));
	prints->items[prints->count++] = print;
	prints->sorted = false;
}

static void prints_absorb(struct recover_prints *to, const struct recover_prints *from)
{
	if (from->count == 0)
		return;
	mem_grow(&to->items, &to->cap, to->count + from->count, sizeof(*to->items));
	memcpy(to->items + to->count, from->items, from->count * sizeof(*to->items));
	to->count += from->count;
	to->sorted = false;
}

static void prints_sort(struct recover_prints *prints)
{
	if (prints->count > 0 && !prints->sorted)
		qsort(prints->items, prints->count, sizeof(*prints->items), by_value);
	prints->sorted = true;
}

static bool prints_have(const struct recover_prints *prints, uint64_t print)
{
	return prints->count > 0 && bsearch(&print, prints->items, prints->count,
					    sizeof(*prints->items), by_value) != NULL;
}

// ---- filling ------------------------------------------------------------

void recover_finds_release(struct recover_finds *finds)
{
	free(finds->live_names.items);
	free(finds->live.items);
	free(finds->told.items);
	free(finds->items);
	buf_release(&finds->scratch);
	memset(finds, 0, sizeof(*finds));
}

void recover_finds_reset(struct recover_finds *finds)
{
	for (size_t i = 0; i < finds->count; i++) {
		if (finds->told.count == LIMIT_RECOVER_LIVE)
			finds->too_many_live = true;
		else
			prints_add(&finds->told, finds->items[i].print.all);
	}
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
	print.all = hash_bytes(scratch->ptr + sizeof(source), scratch->len - sizeof(source));
	if (event->record_id == 0) // it has no name
		print.name = hash_bytes(scratch->ptr, scratch->len);
	return print;
}

void recover_finds_live(struct recover_finds *finds, const struct event *event, uint32_t source)
{
	struct recover_print print;

	if (finds->live.count == LIMIT_RECOVER_LIVE) {
		finds->too_many_live = true;
		return;
	}
	print = print_of(event, source, &finds->scratch);
	prints_add(&finds->live_names, print.name);
	prints_add(&finds->live, print.all);
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
	prints_absorb(&to->live_names, &from->live_names);
	prints_absorb(&to->live, &from->live);
	mem_grow(&to->items, &to->cap, to->count + from->count + 1, sizeof(*to->items));
	if (from->count > 0)
		memcpy(to->items + to->count, from->items, from->count * sizeof(*to->items));
	to->count += from->count;
	// Which ones would be missing would depend on the order: all or none.
	to->too_many_live |= from->too_many_live || to->live.count > LIMIT_RECOVER_LIVE;
	to->too_many |= from->too_many;
	recover_finds_release(from);
}

// ---- settling -----------------------------------------------------------

static int by_place(const void *left, const void *right)
{
	const struct recover_find *a = left;
	const struct recover_find *b = right;

	return a->source != b->source ? compare(a->source, b->source)
				      : compare(a->offset, b->offset);
}

static int by_content(const void *left, const void *right)
{
	const struct recover_find *a = left;
	const struct recover_find *b = right;

	return a->print.all != b->print.all ? compare(a->print.all, b->print.all)
					    : by_place(left, right);
}

static int by_name(const void *left, const void *right)
{
	const struct recover_find *a = left;
	const struct recover_find *b = right;

	return a->print.name != b->print.name ? compare(a->print.name, b->print.name)
					      : by_content(left, right);
}

static bool is_among(const struct recover_finds *finds, const struct recover_prints *prints,
		     uint64_t print)
{
	return !finds->too_many_live && prints_have(prints, print);
}

static void sort_items(struct recover_finds *finds, int (*by)(const void *, const void *))
{
	if (finds->count > 0)
		qsort(finds->items, finds->count, sizeof(*finds->items), by);
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

		if (!one || find.print.all != print ||
		    is_among(finds, &finds->live_names, find.print.name)) {
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

// First, for what is live in another log contradicts nothing.
static void drop_live(struct recover_finds *finds)
{
	size_t kept = 0;

	for (size_t i = 0; i < finds->count; i++) {
		if (is_among(finds, &finds->live, finds->items[i].print.all))
			finds->also_live++;
		else
			finds->items[kept++] = finds->items[i];
	}
	finds->count = kept;
}

// Within each source: what is contradicted or there twice.
static void judge_names(struct recover_finds *finds)
{
	size_t kept = 0;
	size_t end;

	sort_items(finds, by_name);
	for (size_t i = 0; i < finds->count; i = end) {
		for (end = i + 1; end < finds->count &&
				  finds->items[end].print.name == finds->items[i].print.name;)
			end++;
		kept = keep_group(finds, i, end, kept);
	}
	finds->count = kept;
}

// Across all: what another source has given.
static void drop_told(struct recover_finds *finds)
{
	uint64_t before = 0;
	size_t kept = 0;

	sort_items(finds, by_content);
	for (size_t i = 0; i < finds->count; i++) {
		struct recover_find find = finds->items[i];

		if ((i > 0 && find.print.all == before) ||
		    is_among(finds, &finds->told, find.print.all))
			finds->again++;
		else
			finds->items[kept++] = find;
		before = find.print.all;
	}
	finds->count = kept;
}

void recover_finds_settle(struct recover_finds *finds)
{
	prints_sort(&finds->live_names);
	prints_sort(&finds->live);
	prints_sort(&finds->told);
	drop_live(finds);
	judge_names(finds);
	drop_told(finds);
	sort_items(finds, by_place);
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
