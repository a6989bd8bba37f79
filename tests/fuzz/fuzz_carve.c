// SPDX-License-Identifier: Apache-2.0
// libFuzzer: any bytes as an image, and as a log, searched for lost records.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "custom_mutator.h"
#include "recover/finds.h"
#include "recover/recover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct search {
	const struct recover_cell *cell;
	struct evtx_book *learn; // NULL: to be found
	struct recover_finds finds;
	uint64_t next; // where the next record may begin
	uint64_t count;
};

static void check(int holds)
{
	if (!holds)
		abort();
}

static void take(void *user, const struct event *event, const struct evtx_record *record)
{
	struct search *search = user;
	uint64_t end = search->cell->offset + search->cell->len;
	size_t bytes = 0;

	search->count++;
	check(event->recovered && event->offset >= search->next && event->offset < end);
	check(record->size <= end - event->offset);
	check(memcmp(search->cell->bytes + (event->offset - search->cell->offset), "**\0\0", 4) ==
	      0);
	search->next = event->offset + record->size;
	for (size_t i = 0; i < event->count; i++)
		bytes += event_text(event, &event->fields[i]).len;
	// LIMIT_RECORD_WORK bounds what a value of 60 KiB may be repeated to.
	check(bytes < (16u << 20));
	if (search->learn != NULL)
		evtx_carve_learn(search->learn, 0, record);
	else
		recover_finds_add(&search->finds, event, 0);
}

static void run(struct search *search, struct recoverer *recoverer, struct recover_cell *cell,
		struct recover_counts *counts)
{
	uint64_t sum;

	memset(counts, 0, sizeof(*counts));
	search->cell = cell;
	search->next = cell->start;
	search->count = 0;
	recover_search(recoverer, cell, take, search, counts);
	sum = counts->records;
	for (size_t i = 0; i < EVTX_DOUBTS; i++)
		sum += counts->doubts[i];
	check(sum == counts->beginnings && counts->records == search->count);
	check(counts->beginnings <= cell->len);
}

static void search(struct recoverer *recoverer, const uint8_t *data, size_t size, bool is_log)
{
	struct recover_cell cell = {.bytes = data, .len = size, .is_log = is_log};
	struct evtx_book *book = evtx_book_new();
	struct evtx_book *learned = evtx_book_new();
	struct search search = {.learn = learned};
	struct recover_counts before;
	struct recover_counts counts;

	cell.offset = cell.start = recover_first(is_log);
	cell.book = book;
	run(&search, recoverer, &cell, &before);
	search.learn = NULL;
	evtx_book_absorb(book, learned);
	run(&search, recoverer, &cell, &counts);
	// A template more is no record less.
	check(counts.chunks == before.chunks);
	recover_finds_settle(&search.finds);
	check(search.finds.count + search.finds.again + search.finds.contradicted == search.count);
	recover_finds_release(&search.finds);
	evtx_book_free(learned);
	evtx_book_free(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct recoverer *recoverer;

	if (recoverer == NULL)
		recoverer = recoverer_new();
	if (size > RECOVER_CELL)
		size = RECOVER_CELL;
	search(recoverer, data, size, false);
	search(recoverer, data, size, true);
	return 0;
}
