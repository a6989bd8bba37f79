// SPDX-License-Identifier: Apache-2.0
// Who cleared which log.
//
// 1102 (Security) and 104 (System, naming the log) are UserData/LogFileCleared
// of the Eventlog service; logs that were converted from Windows 2003 have 517
// of the provider Security, with unnamed values: primary user, domain and logon
// id, then those of the client, who did it.
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "metrics/internal.h"

#define CLASSIC_USER 3
#define CLASSIC_DOMAIN 4

bool clears_means(struct str provider, uint32_t event_id)
{
	if (event_id == 517)
		return str_eq_nocase(provider, STR("Security"));
	return (event_id == 104 || event_id == 1102) &&
	       (str_eq_nocase(provider, STR("Microsoft-Windows-Eventlog")) ||
		str_eq_nocase(provider, STR("Eventlog")));
}

// The `index`-th unnamed value.
static const struct field *find_data(const struct event *event, unsigned index)
{
	const struct field *field = event_find(event, STR("Data"));

	while (field != NULL && index-- > 0)
		field = event_find_next(event, field);
	return field;
}

// System has a Channel, too: the one that the event itself is in.
static const struct field *find_cleared(const struct event *event)
{
	const struct field *field = event_find(event, STR("Channel"));

	while (field != NULL && field->section == FIELD_SYSTEM)
		field = event_find_next(event, field);
	return field;
}

static void name_account(struct metrics *metrics, const struct event *event, struct clear *clear)
{
	bool is_classic = event->event_id == 517;

	clear->domain = text_number(metrics, event,
				    is_classic ? find_data(event, CLASSIC_DOMAIN)
					       : event_find(event, STR("SubjectDomainName")));
	clear->user = text_number(metrics, event,
				  is_classic ? find_data(event, CLASSIC_USER)
					     : event_find(event, STR("SubjectUserName")));
}

void clears_event(struct metrics *metrics, const struct place *place, const struct event *event)
{
	struct clears *clears = &metrics->clears;
	const struct field *cleared = find_cleared(event);
	struct clear *clear;

	clears->total++;
	if (clears->count == LIMIT_METRICS_ROWS)
		return;
	mem_grow(&clears->items, &clears->cap, clears->count + 1, sizeof(*clear));
	clear = &clears->items[clears->count++];
	*clear = (struct clear){
		.place = place,
		.path = metrics->path,
		.time = event->time,
		.record_id = event->record_id,
		.event_id = event->event_id,
		.cleared = cleared != NULL ? text_number(metrics, event, cleared)
					   : names_number(&metrics->texts, event->channel),
	};
	name_account(metrics, event, clear);
}

// ---- rows ---------------------------------------------------------------

struct clear_row {
	const struct clear *clear;
	struct str computer;
};

static int compare_clears(const void *left, const void *right)
{
	const struct clear_row *a = left;
	const struct clear_row *b = right;
	int order = compare_numbers(a->clear->time, b->clear->time);

	if (order == 0)
		order = str_cmp(a->computer, b->computer);
	if (order == 0)
		order = str_cmp(a->clear->path, b->clear->path);
	return order != 0 ? order : compare_numbers(a->clear->record_id, b->clear->record_id);
}

static struct rows clear_rows(const struct metrics *metrics, struct arena *arena)
{
	const struct clears *clears = &metrics->clears;
	struct clear_row *rows = arena_array(arena, clears->count, sizeof(*rows));

	for (size_t i = 0; i < clears->count; i++) {
		rows[i].clear = &clears->items[i];
		rows[i].computer = place_computer(metrics, clears->items[i].place);
	}
	qsort(rows, clears->count, sizeof(*rows), compare_clears);
	return (struct rows){rows, clears->count, sizeof(*rows)};
}

static void fill_clear(const struct metrics *metrics, const void *item, struct arena *arena,
		       struct cell *cells)
{
	const struct clear_row *row = item;
	const struct clear *clear = row->clear;

	cells[0] = cell_time(clear->time);
	cells[1] = cell_text(names_text(&metrics->texts, clear->cleared));
	cells[2] = cell_text(account_text(metrics, arena, clear->domain, clear->user));
	cells[3] = cell_text(row->computer);
	cells[4] = cell_text(place_channel(metrics, clear->place));
	cells[5] = cell_number(clear->event_id);
	if (clear->record_id != 0)
		cells[6] = cell_number(clear->record_id);
	cells[7] = cell_text(clear->path);
}

static void sum_clears(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)rows;
	put_count(out, metrics->clears.total, "cleared log", "cleared logs");
}

const struct section section_clears = {
	.name = STR_INIT("clears"),
	.columns = {{"Time", COLUMN_TIME, true},
		    {"Cleared", COLUMN_TEXT, false},
		    {"Account", COLUMN_TEXT, true},
		    {"Computer", COLUMN_TEXT, false},
		    {"Channel", COLUMN_TEXT, true},
		    {"EventID", COLUMN_NUMBER, false},
		    {"RecordID", COLUMN_NUMBER, false},
		    {"EvtxFile", COLUMN_PATH, true}},
	.column_count = 8,
	.rows = clear_rows,
	.fill = fill_clear,
	.sum = sum_clears,
};
