// SPDX-License-Identifier: Apache-2.0
// Filling the ledger.
#include "output/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void ledger_init(struct ledger *ledger, struct str version)
{
	memset(ledger, 0, sizeof(*ledger));
	ledger->version = version;
}

static void counts_release(struct ledger_counts *counts)
{
	free(counts->items);
	map_release(&counts->index);
}

void ledger_release(struct ledger *ledger)
{
	free(ledger->files);
	free(ledger->archives);
	free(ledger->refused.items);
	free(ledger->unplaced.items);
	free(ledger->rule_hits);
	free(ledger->allow);
	free(ledger->allow_refused.items);
	free(ledger->kinds);
	free(ledger->cover);
	free(ledger->warnings.items);
	counts_release(&ledger->levels);
	counts_release(&ledger->filter_hits);
	counts_release(&ledger->regex_limits);
	counts_release(&ledger->no_group);
	counts_release(&ledger->too_many);
	counts_release(&ledger->recovery.doubts);
	arena_release(&ledger->arena);
	memset(ledger, 0, sizeof(*ledger));
}

struct str ledger_text(struct ledger *ledger, struct str text)
{
	return arena_str(&ledger->arena, text);
}

// A zeroed entry behind the last one of a list.
static void *add(void *list, size_t *count, size_t *cap, size_t size)
{
	char *items;

	mem_grow(list, cap, *count + 1, size);
	memcpy(&items, list, sizeof(items));
	return memset(items + size * (*count)++, 0, size);
}

struct ledger_file *ledger_add_file(struct ledger *ledger)
{
	return add(&ledger->files, &ledger->file_count, &ledger->file_cap, sizeof(*ledger->files));
}

struct ledger_archive *ledger_add_archive(struct ledger *ledger)
{
	return add(&ledger->archives, &ledger->archive_count, &ledger->archive_cap,
		   sizeof(*ledger->archives));
}

struct ledger_allow *ledger_add_allow(struct ledger *ledger)
{
	return add(&ledger->allow, &ledger->allow_count, &ledger->allow_cap,
		   sizeof(*ledger->allow));
}

struct ledger_rule_hits *ledger_add_rule_hits(struct ledger *ledger)
{
	return add(&ledger->rule_hits, &ledger->rule_hit_count, &ledger->rule_hit_cap,
		   sizeof(*ledger->rule_hits));
}

struct ledger_kind *ledger_add_kind(struct ledger *ledger)
{
	return add(&ledger->kinds, &ledger->kind_count, &ledger->kind_cap, sizeof(*ledger->kinds));
}

struct ledger_cover *ledger_add_cover(struct ledger *ledger)
{
	return add(&ledger->cover, &ledger->cover_count, &ledger->cover_cap,
		   sizeof(*ledger->cover));
}

void ledger_lose(struct ledger *ledger, struct ledger_file *file, uint64_t count, struct str reason)
{
	file->failed += count;
	for (size_t i = 0; i < file->reason_count; i++) {
		if (str_eq(file->reasons[i].text, reason)) {
			file->reasons[i].count += count;
			return;
		}
	}
	if (file->reason_count < LEDGER_REASONS)
		file->reasons[file->reason_count++] =
			(struct ledger_reason){ledger_text(ledger, reason), count};
}

void ledger_note(struct ledger *ledger, struct ledger_notes *notes, struct str name,
		 struct str text)
{
	mem_grow(&notes->items, &notes->cap, notes->count + 1, sizeof(*notes->items));
	notes->items[notes->count++] =
		(struct ledger_note){ledger_text(ledger, name), ledger_text(ledger, text)};
}

// The map holds index + 1 as its value, because `items` moves when it grows.
void ledger_count(struct ledger *ledger, struct ledger_counts *counts, struct str name,
		  uint64_t more)
{
	uintptr_t place = (uintptr_t)map_get(&counts->index, name);

	if (place == 0) {
		name = ledger_text(ledger, name);
		mem_grow(&counts->items, &counts->cap, counts->count + 1, sizeof(*counts->items));
		counts->items[counts->count++] = (struct ledger_count){name, 0};
		place = counts->count;
		map_add(&counts->index, name, (void *)place);
	}
	counts->items[place - 1].count += more;
}

void ledger_close(struct ledger *ledger)
{
	struct ledger_totals *totals = &ledger->totals;

	memset(totals, 0, sizeof(*totals));
	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		if (file->state == LEDGER_DUPLICATE) {
			totals->duplicates++;
			continue;
		}
		totals->files++;
		totals->partial += file->state == LEDGER_PARTIAL;
		totals->unreadable += file->state == LEDGER_UNREADABLE;
		totals->bytes += file->size - file->unread;
		totals->chunks += file->chunks;
		totals->chunks_failed += file->chunks_failed;
		totals->records += file->records;
		totals->recovered += file->recovered;
		totals->fallback += file->fallback;
		totals->failed += file->failed;
	}
	ledger->complete = totals->partial == 0 && totals->unreadable == 0 &&
			   totals->chunks_failed == 0 && totals->failed == 0 &&
			   ledger->too_many.count == 0 && ledger->regex_limits.count == 0;
}
