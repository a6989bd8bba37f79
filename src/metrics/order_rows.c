// SPDX-License-Identifier: Apache-2.0
// The sections gaps and steps.
#include <stdlib.h>

#include "metrics/internal.h"

// ---- gaps ---------------------------------------------------------------

struct gap_row {
	const struct gap *gap;
	struct str channel, computer;
};

static int compare_gaps(const void *left, const void *right)
{
	const struct gap_row *a = left;
	const struct gap_row *b = right;
	int order = compare_numbers(a->gap->kind, b->gap->kind);

	if (order == 0)
		order = str_cmp(a->channel, b->channel);
	if (order == 0)
		order = str_cmp(a->computer, b->computer);
	if (order == 0)
		order = str_cmp(a->gap->path, b->gap->path);
	return order != 0 ? order : compare_numbers(a->gap->before, b->gap->before);
}

static struct rows gap_rows(const struct metrics *metrics, struct arena *arena)
{
	const struct order *order = &metrics->order;
	struct gap_row *rows = arena_array(arena, order->gap_count, sizeof(*rows));

	for (size_t i = 0; i < order->gap_count; i++) {
		const struct gap *gap = &order->gaps[i];

		rows[i].gap = gap;
		rows[i].channel = place_channel(metrics, gap->place);
		rows[i].computer = place_computer(metrics, gap->place);
	}
	qsort(rows, order->gap_count, sizeof(*rows), compare_gaps);
	return (struct rows){rows, order->gap_count, sizeof(*rows)};
}

static struct str kind_name(enum gap_kind kind)
{
	static const struct str names[GAP_KINDS] = {
		[GAP_HOLE] = STR_INIT("gap"),
		[GAP_DAMAGE] = STR_INIT("damage"),
		[GAP_SPARSE] = STR_INIT("sparse"),
		[GAP_START] = STR_INIT("start"),
		[GAP_SCATTERED] = STR_INIT("scattered"),
	};

	return names[kind];
}

static void fill_gap(const struct metrics *metrics, const void *item, struct arena *arena,
		     struct cell *cells)
{
	const struct gap_row *row = item;
	const struct gap *gap = row->gap;

	(void)metrics;
	(void)arena;
	cells[0] = cell_text(kind_name(gap->kind));
	if (gap->kind != GAP_SCATTERED) {
		cells[1] = cell_number(gap->missing);
		cells[2] = cell_number(gap->holes);
		cells[3] = cell_number(gap->records);
		cells[5] = cell_number(gap->before);
	}
	if (gap->after != 0)
		cells[4] = cell_number(gap->after);
	cells[6] = cell_text(row->channel);
	cells[7] = cell_text(row->computer);
	cells[8] = cell_time(gap->after_time);
	cells[9] = cell_time(gap->before_time);
	cells[10] = cell_text(gap->path);
}

static void put_total(const struct order *order, enum gap_kind kind, const char *one,
		      const char *many, struct buf *out)
{
	if (order->gap_totals[kind] == 0)
		return;
	buf_put_text(out, ", ");
	put_count(out, order->gap_totals[kind], one, many);
}

static void sum_gaps(const struct metrics *metrics, size_t rows, struct buf *out)
{
	const struct order *order = &metrics->order;

	(void)rows;
	put_count(out, order->gap_totals[GAP_HOLE], "gap", "gaps");
	if (order->gap_totals[GAP_HOLE] > 0) {
		buf_put_text(out, " of ");
		put_count(out, order->missing[GAP_HOLE], "record", "records");
	}
	put_total(order, GAP_DAMAGE, "in a damaged file", "in damaged files", out);
	put_total(order, GAP_SPARSE, "log with holes like an extract",
		  "logs with holes like extracts", out);
	put_total(order, GAP_START, "log that begins above record 1 (normal)",
		  "logs that begin above record 1 (normal)", out);
	put_total(order, GAP_SCATTERED, "file in too many pieces", "files in too many pieces", out);
}

const struct section section_gaps = {
	.name = STR_INIT("gaps"),
	.columns = {{"Kind", COLUMN_TEXT, true},
		    {"Missing", COLUMN_NUMBER, false},
		    {"Holes", COLUMN_NUMBER, false},
		    {"Records", COLUMN_NUMBER, false},
		    {"AfterID", COLUMN_NUMBER, false},
		    {"BeforeID", COLUMN_NUMBER, false},
		    {"Channel", COLUMN_TEXT, true},
		    {"Computer", COLUMN_TEXT, false},
		    {"AfterTime", COLUMN_TIME, true},
		    {"BeforeTime", COLUMN_TIME, false},
		    {"EvtxFile", COLUMN_PATH, true}},
	.column_count = 11,
	.rows = gap_rows,
	.fill = fill_gap,
	.sum = sum_gaps,
};

// ---- steps --------------------------------------------------------------

struct step_row {
	const struct step *step;
	struct str channel, computer;
};

static int compare_steps(const void *left, const void *right)
{
	const struct step_row *a = left;
	const struct step_row *b = right;
	int order = str_cmp(a->channel, b->channel);

	if (order == 0)
		order = str_cmp(a->computer, b->computer);
	if (order == 0)
		order = str_cmp(a->step->path, b->step->path);
	if (order == 0)
		order = compare_numbers(a->step->from, b->step->from);
	return order != 0 ? order : compare_numbers(a->step->from_time, b->step->from_time);
}

static struct rows step_rows(const struct metrics *metrics, struct arena *arena)
{
	const struct order *order = &metrics->order;
	struct step_row *rows = arena_array(arena, order->step_count, sizeof(*rows));

	for (size_t i = 0; i < order->step_count; i++) {
		const struct step *step = &order->steps[i];

		rows[i].step = step;
		rows[i].channel = place_channel(metrics, step->place);
		rows[i].computer = place_computer(metrics, step->place);
	}
	qsort(rows, order->step_count, sizeof(*rows), compare_steps);
	return (struct rows){rows, order->step_count, sizeof(*rows)};
}

static void fill_step(const struct metrics *metrics, const void *item, struct arena *arena,
		      struct cell *cells)
{
	const struct step_row *row = item;
	const struct step *step = row->step;

	(void)metrics;
	(void)arena;
	cells[0] = cell_number(step->from_time - step->to_time);
	cells[1] = cell_number(step->from);
	cells[2] = cell_number(step->to);
	cells[3] = cell_text(row->channel);
	cells[4] = cell_text(row->computer);
	cells[5] = cell_time(step->from_time);
	cells[6] = cell_time(step->to_time);
	cells[7] = cell_text(step->path);
}

static void sum_steps(const struct metrics *metrics, size_t rows, struct buf *out)
{
	(void)rows;
	put_count(out, metrics->order.step_total, "step back", "steps back");
}

const struct section section_steps = {
	.name = STR_INIT("steps"),
	.columns = {{"BackSeconds", COLUMN_SECONDS, true},
		    {"FromID", COLUMN_NUMBER, false},
		    {"ToID", COLUMN_NUMBER, false},
		    {"Channel", COLUMN_TEXT, true},
		    {"Computer", COLUMN_TEXT, false},
		    {"FromTime", COLUMN_TIME, true},
		    {"ToTime", COLUMN_TIME, false},
		    {"EvtxFile", COLUMN_PATH, true}},
	.column_count = 8,
	.rows = step_rows,
	.fill = fill_step,
	.sum = sum_steps,
};
