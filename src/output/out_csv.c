// SPDX-License-Identifier: Apache-2.0
// Hits as CSV (RFC 4180): a header, then one line a hit.
#include <inttypes.h>

#include "output/escape.h"
#include "output/output_internal.h"

#define LINE_END "\r\n"
#define JOIN " ¦ "

static const struct columns *columns_of(const struct output_state *state)
{
	return state->options.columns != NULL ? state->options.columns : columns_default();
}

static void csv_begin(struct output_state *state)
{
	const struct columns *columns = columns_of(state);

	for (size_t i = 0; i < columns->count; i++) {
		buf_put_text(&state->text, i > 0 ? "," : "");
		buf_put_text(&state->text, columns->items[i]->name);
	}
	buf_put_text(&state->text, LINE_END);
}

static void put_time(struct buf *out, const struct zone *zone, uint64_t ticks)
{
	char text[ZONE_TEXT_SIZE];

	if (ticks != 0)
		buf_put(out, text, zone_format(zone, ticks, text));
}

static void put_pairs(struct buf *out, const struct cell *cell)
{
	if (cell->count == 0)
		return;
	escape_csv_open(out, cell->pairs[0].name);
	for (size_t i = 0; i < cell->count; i++) {
		if (i != 0)
			buf_put_text(out, JOIN);
		escape_csv_put(out, cell->pairs[i].name);
		buf_put_text(out, ": ");
		escape_csv_put(out, cell->pairs[i].value);
	}
	escape_csv_close(out);
}

static void put_texts(struct buf *out, const struct cell *cell)
{
	if (cell->count == 0)
		return;
	escape_csv_open(out, cell->texts[0]);
	for (size_t i = 0; i < cell->count; i++) {
		if (i != 0)
			buf_put_text(out, JOIN);
		escape_csv_put(out, cell->texts[i]);
	}
	escape_csv_close(out);
}

static void put_cell(struct buf *out, const struct zone *zone, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_TEXT:
		escape_csv(out, cell->text);
		return;
	case CELL_NUMBER:
		if (cell->known)
			buf_printf(out, "%" PRIu64, cell->number);
		return;
	case CELL_TIME:
		put_time(out, zone, cell->time);
		return;
	case CELL_UTC:
		put_time(out, NULL, cell->time);
		return;
	case CELL_TEXTS:
		put_texts(out, cell);
		return;
	case CELL_PAIRS:
		put_pairs(out, cell);
		return;
	}
}

static void csv_hit(struct output_state *state, const struct hit *hit)
{
	const struct columns *columns = columns_of(state);

	for (size_t i = 0; i < columns->count; i++) {
		struct cell cell = columns->items[i]->cell(hit, &state->arena);

		buf_put_text(&state->text, i > 0 ? "," : "");
		put_cell(&state->text, state->options.zone, &cell);
	}
	buf_put_text(&state->text, LINE_END);
}

const struct output_driver output_csv = {
	.name = STR_INIT("csv"),
	.has_columns = true,
	.begin = csv_begin,
	.hit = csv_hit,
};
