// SPDX-License-Identifier: Apache-2.0
// How many events by channel, kind, computer and provider.
//
// Events are counted by kind and by place; the sums are made when rows are
// asked for.
#include <inttypes.h>
#include <stdlib.h>

#include "metrics/internal.h"
#include "metrics/titles.h"

// A row of channels, computers or providers.
struct count_row {
	struct str name;
	struct tally tally;
	uint64_t channels, computers, providers, files;
};

struct kind_row {
	const struct kind *kind;
	struct str channel, provider;
};

static int compare_counts(const void *left, const void *right)
{
	const struct count_row *a = left;
	const struct count_row *b = right;
	int order = tally_cmp(&a->tally, &b->tally);

	return order != 0 ? order : str_cmp(a->name, b->name);
}

// A row for every name, by number.
static struct count_row *make_rows(const struct names *names, struct arena *arena)
{
	struct count_row *rows = arena_array(arena, names->count, sizeof(*rows));

	for (uint32_t i = 0; i < names->count; i++)
		rows[i].name = names_text(names, i);
	return rows;
}

// Sorted, without those that nothing was counted under: behind all others.
static struct rows finish_rows(struct count_row *rows, size_t count)
{
	qsort(rows, count, sizeof(*rows), compare_counts);
	while (count > 0 && rows[count - 1].tally.count == 0)
		count--;
	return (struct rows){rows, count, sizeof(*rows)};
}

static int compare_pairs(const void *left, const void *right)
{
	const struct kind_key *a = &(*(const struct kind *const *)left)->key;
	const struct kind_key *b = &(*(const struct kind *const *)right)->key;

	if (a->channel != b->channel)
		return a->channel < b->channel ? -1 : 1;
	return (a->provider > b->provider) - (a->provider < b->provider);
}

// One kind of each pair of channel and provider.
static const struct kind **find_pairs(const struct metrics *metrics, struct arena *arena,
				      size_t *count)
{
	size_t all = cells_count(&metrics->kinds);
	const struct kind **kinds = arena_array(arena, all, sizeof(*kinds));

	*count = 0;
	for (size_t i = 0; i < all; i++)
		kinds[i] = cells_at(&metrics->kinds, i);
	qsort(kinds, all, sizeof(*kinds), compare_pairs);
	for (size_t i = 0; i < all; i++) {
		if (i == 0 || compare_pairs(&kinds[i], &kinds[*count - 1]) != 0)
			kinds[(*count)++] = kinds[i];
	}
	return kinds;
}

// ---- channels -----------------------------------------------------------

static struct rows channel_rows(const struct metrics *metrics, struct arena *arena)
{
	struct count_row *rows = make_rows(&metrics->channels, arena);
	size_t pairs;
	const struct kind **kinds = find_pairs(metrics, arena, &pairs);

	for (size_t i = 0; i < cells_count(&metrics->places); i++) {
		const struct place *place = cells_at(&metrics->places, i);

		tally_merge(&rows[place->key.channel].tally, &place->tally);
		rows[place->key.channel].computers++;
	}
	for (size_t i = 0; i < pairs; i++)
		rows[kinds[i]->key.channel].providers++;
	for (size_t i = 0; i < metrics->use_count; i++)
		rows[i].files = metrics->uses[i].files;
	return finish_rows(rows, metrics->channels.count);
}

static void fill_channel(const struct metrics *metrics, const void *item, struct arena *arena,
			 struct cell *cells)
{
	const struct count_row *row = item;

	(void)metrics;
	(void)arena;
	cells[0] = cell_number(row->tally.count);
	cells[1] = cell_number(row->computers);
	cells[2] = cell_number(row->providers);
	cells[3] = cell_number(row->files);
	cells[4] = cell_text(row->name);
	cells[5] = cell_time(row->tally.first);
	cells[6] = cell_time(row->tally.last);
}

static void sum_channels(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)metrics;
	put_count(out, rows, "channel", "channels");
}

const struct section section_channels = {
	.name = STR_INIT("channels"),
	.columns = {{"Events", COLUMN_NUMBER, true},
		    {"Computers", COLUMN_NUMBER, false},
		    {"Providers", COLUMN_NUMBER, false},
		    {"Files", COLUMN_NUMBER, false},
		    {"Channel", COLUMN_TEXT, false},
		    {"First", COLUMN_TIME, true},
		    {"Last", COLUMN_TIME, false}},
	.column_count = 7,
	.rows = channel_rows,
	.fill = fill_channel,
	.sum = sum_channels,
};

// ---- events -------------------------------------------------------------

static int compare_kinds(const void *left, const void *right)
{
	const struct kind_row *a = left;
	const struct kind_row *b = right;
	int order = tally_cmp(&a->kind->tally, &b->kind->tally);

	if (order == 0)
		order = str_cmp(a->channel, b->channel);
	if (order == 0)
		order = str_cmp(a->provider, b->provider);
	if (order == 0)
		order = (a->kind->key.event_id > b->kind->key.event_id) -
			(a->kind->key.event_id < b->kind->key.event_id);
	return order;
}

static struct rows event_rows(const struct metrics *metrics, struct arena *arena)
{
	size_t count = cells_count(&metrics->kinds);
	struct kind_row *rows = arena_array(arena, count, sizeof(*rows));

	for (size_t i = 0; i < count; i++) {
		const struct kind *kind = cells_at(&metrics->kinds, i);

		rows[i].kind = kind;
		rows[i].channel = names_text(&metrics->channels, kind->key.channel);
		rows[i].provider = names_text(&metrics->providers, kind->key.provider);
	}
	qsort(rows, count, sizeof(*rows), compare_kinds);
	return (struct rows){rows, count, sizeof(*rows)};
}

// Rounded to hundredths of a percent, in steps that cannot overflow.
static uint64_t percent_of(uint64_t part, uint64_t whole)
{
	return (uint64_t)((double)part * 10000 / (double)whole + 0.5);
}

static void fill_event(const struct metrics *metrics, const void *item, struct arena *arena,
		       struct cell *cells)
{
	const struct kind_row *row = item;
	const struct tally *tally = &row->kind->tally;

	(void)arena;
	cells[0] = cell_number(tally->count);
	cells[1] = cell_number(percent_of(tally->count, metrics->events));
	cells[2] = cell_number(row->kind->key.event_id);
	cells[3] = cell_text(title_of(row->provider, row->kind->key.event_id));
	cells[4] = cell_text(row->channel);
	cells[5] = cell_text(row->provider);
	cells[6] = cell_time(tally->first);
	cells[7] = cell_time(tally->last);
}

static void sum_events(const struct metrics *metrics, size_t rows, struct buf *out)
{
	put_count(out, metrics->events, "event", "events");
	buf_put_text(out, ", ");
	put_count(out, rows, "kind", "kinds");
}

const struct section section_events = {
	.name = STR_INIT("events"),
	.columns = {{"Events", COLUMN_NUMBER, true},
		    {"Percent", COLUMN_PERCENT, false},
		    {"EventID", COLUMN_NUMBER, false},
		    {"Title", COLUMN_TEXT, false},
		    {"Channel", COLUMN_TEXT, true},
		    {"Provider", COLUMN_TEXT, false},
		    {"First", COLUMN_TIME, true},
		    {"Last", COLUMN_TIME, false}},
	.column_count = 8,
	.rows = event_rows,
	.fill = fill_event,
	.sum = sum_events,
};

// ---- computers and providers --------------------------------------------

static struct rows computer_rows(const struct metrics *metrics, struct arena *arena)
{
	struct count_row *rows = make_rows(&metrics->computers, arena);

	for (size_t i = 0; i < cells_count(&metrics->places); i++) {
		const struct place *place = cells_at(&metrics->places, i);

		tally_merge(&rows[place->key.computer].tally, &place->tally);
		rows[place->key.computer].channels++;
	}
	return finish_rows(rows, metrics->computers.count);
}

static struct rows provider_rows(const struct metrics *metrics, struct arena *arena)
{
	struct count_row *rows = make_rows(&metrics->providers, arena);
	size_t pairs;
	const struct kind **kinds = find_pairs(metrics, arena, &pairs);

	for (size_t i = 0; i < pairs; i++)
		rows[kinds[i]->key.provider].channels++;
	for (size_t i = 0; i < cells_count(&metrics->kinds); i++) {
		const struct kind *kind = cells_at(&metrics->kinds, i);

		tally_merge(&rows[kind->key.provider].tally, &kind->tally);
	}
	return finish_rows(rows, metrics->providers.count);
}

static void fill_count(const struct metrics *metrics, const void *item, struct arena *arena,
		       struct cell *cells)
{
	const struct count_row *row = item;

	(void)metrics;
	(void)arena;
	cells[0] = cell_number(row->tally.count);
	cells[1] = cell_number(row->channels);
	cells[2] = cell_text(row->name);
	cells[3] = cell_time(row->tally.first);
	cells[4] = cell_time(row->tally.last);
}

static void sum_computers(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)metrics;
	put_count(out, rows, "computer", "computers");
}

static void sum_providers(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)metrics;
	put_count(out, rows, "provider", "providers");
}

const struct section section_computers = {
	.name = STR_INIT("computers"),
	.columns = {{"Events", COLUMN_NUMBER, true},
		    {"Channels", COLUMN_NUMBER, false},
		    {"Computer", COLUMN_TEXT, false},
		    {"First", COLUMN_TIME, true},
		    {"Last", COLUMN_TIME, false}},
	.column_count = 5,
	.rows = computer_rows,
	.fill = fill_count,
	.sum = sum_computers,
};

const struct section section_providers = {
	.name = STR_INIT("providers"),
	.columns = {{"Events", COLUMN_NUMBER, true},
		    {"Channels", COLUMN_NUMBER, false},
		    {"Provider", COLUMN_TEXT, false},
		    {"First", COLUMN_TIME, true},
		    {"Last", COLUMN_TIME, false}},
	.column_count = 5,
	.rows = provider_rows,
	.fill = fill_count,
	.sum = sum_providers,
};
