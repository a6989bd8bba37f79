// SPDX-License-Identifier: Apache-2.0
// Inputs of one group without a pause, as many as windows can reach; of values only numbers.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "correlate/evaluation.h"

// The rest of an input; false when it cannot be read back.
bool segment_load(struct evaluation *e, const struct input *input, struct arena *arena,
		  struct corr_item *out)
{
	buf_reset(&e->bytes);
	if (e->rc == RC_OK)
		e->rc = spool_get(&e->segment.details, input->detail, input->detail_len, &e->bytes,
				  e->err);
	if (e->rc != RC_OK)
		return false;
	item_read_detail(e->c, e->rule, arena_str(arena, buf_str(&e->bytes)), arena, out);
	return true;
}

// The working memory that windows share is left zeroed, so that it costs nothing for
// each of as many groups as there are inputs.
static void reserve_cells(struct evaluation *e)
{
	size_t cells = e->segment.values.count + e->corr->rule_count + 1;

	if (cells <= e->cells)
		return;
	cells += cells / 2;
	free(e->counts);
	free(e->seen);
	e->counts = mem_zalloc(cells * sizeof(*e->counts));
	e->seen = mem_zalloc(cells);
	e->cells = cells;
}

// Gives back how many inputs are not needed any more.
static size_t run_series(struct evaluation *e, bool is_last)
{
	const struct correlation *corr = e->corr;
	struct segment *segment = &e->segment;
	finding_fn *points = e->node->reference_count > 0 ? finding_point : NULL;
	size_t done;

	e->series = (struct series){segment->items, segment->count, segment->anchor, segment->point,
				    is_last};
	reserve_cells(e);
	if (corr->expression != NULL)
		done = expression_run(corr, &e->series, finding_alert, points, e);
	else
		done = window_run(corr, &e->series, e->counts, finding_alert, points, e);
	segment->anchor = e->series.anchor;
	segment->point = e->series.point;
	return done;
}

static void drop_values(struct segment *segment)
{
	map_release(&segment->values);
	arena_reset(&segment->arena);
}

static void drop_inputs(struct segment *segment)
{
	segment->count = segment->anchor = segment->point = segment->last_point = 0;
	segment->bytes = 0;
	spool_clear(&segment->details);
	drop_values(segment);
}

void segment_end(struct evaluation *e)
{
	struct segment *segment = &e->segment;

	if (segment->skipped > 0)
		e->node->diagnostic->too_many += segment->skipped;
	else if (segment->count > 0 && e->rc == RC_OK)
		run_series(e, true);
	drop_inputs(segment);
	segment->skipped = 0;
}

static uint64_t hit_bytes(const struct correlation *corr)
{
	return LIMIT_CORRELATION_HIT_BYTES +
	       (corr->type == CORR_TEMPORAL_ORDERED
			? LIMIT_CORRELATION_LINK_BYTES * (uint64_t)corr->rule_count
			: 0);
}

// The number of a value, from 1.
static text_id number_of(struct segment *segment, struct str value)
{
	struct map_entry *entry = map_entry(&segment->values, value);

	if (entry->value == NULL) {
		entry->key = arena_str(&segment->arena, value);
		entry->value = (void *)(uintptr_t)segment->values.count;
		segment->bytes += value.len + LIMIT_CORRELATION_VALUE_BYTES;
	}
	return (text_id)(uintptr_t)entry->value;
}

// That of the values as a whole.
static text_id number_of_values(struct evaluation *e, const struct corr_item *item)
{
	buf_reset(&e->bytes);
	for (size_t i = 0; i < e->corr->field_count; i++) {
		struct str folded = text_fold(&e->scratch, item->texts[e->corr->group_count + i]);

		buf_put(&e->bytes, &folded.len, sizeof(folded.len));
		buf_put_str(&e->bytes, folded);
	}
	return number_of(&e->segment, buf_str(&e->bytes));
}

// Number the values of what is left anew.
static void keep_values(struct segment *segment)
{
	struct map old = segment->values;
	struct arena keys = segment->arena;

	segment->values = (struct map){0};
	segment->arena = (struct arena){0};
	for (size_t i = 0; i < segment->count; i++) {
		struct input *input = &segment->items[i];

		if (input->value != 0)
			input->value = number_of(segment, old.entries[input->value - 1].key);
	}
	map_release(&old);
	arena_release(&keys);
}

static size_t less(size_t from, size_t by)
{
	return from > by ? from - by : 0;
}

// Look at the inputs so far, and keep those that windows to come may reach: they are few
// unless there are too many within one timespan.
static void shorten(struct evaluation *e)
{
	struct segment *segment = &e->segment;
	size_t done = run_series(e, false);
	size_t left = segment->count - done;
	size_t first = left > 0 ? segment->items[done].record : segment->last_point;

	memmove(segment->items, segment->items + done, left * sizeof(*segment->items));
	for (size_t i = 0; i < left; i++)
		segment->items[i].record -= (uint32_t)first;
	segment->count = left;
	segment->anchor = less(segment->anchor, done);
	segment->point = less(segment->point, done);
	segment->last_point = less(segment->last_point, first);
	segment->bytes = left * hit_bytes(e->corr);
	keep_values(segment);
	if (segment->bytes <= e->c->memory / 2)
		return;
	drop_inputs(segment);
	segment->skipped = left;
}

static void append(struct evaluation *e, const struct corr_item *item)
{
	struct segment *segment = &e->segment;
	const struct input *last = segment->count > 0 ? &segment->items[segment->count - 1] : NULL;
	struct input input = {
		.time = item->record.time,
		.number = item->number,
		.ref = item->ref,
		.detail_len = (uint32_t)item->detail.len,
	};

	if (last != NULL)
		input.record = last->record + (item->record.sequence != segment->sequence);
	if (e->corr->field_count > 0 && !correlation_is_numeric(e->corr))
		input.value = number_of_values(e, item);
	segment->bytes += hit_bytes(e->corr);
	if (e->rc == RC_OK)
		e->rc = spool_put(&segment->details, item->detail, &input.detail, e->err);
	mem_grow(&segment->items, &segment->cap, segment->count + 1, sizeof(*segment->items));
	segment->items[segment->count++] = input;
}

void segment_add(struct evaluation *e, const struct corr_item *item)
{
	struct segment *segment = &e->segment;

	if (segment->bytes > e->c->memory && item->record.sequence != segment->sequence)
		shorten(e);
	if (segment->skipped > 0)
		segment->skipped++;
	else if (e->rc == RC_OK)
		append(e, item);
	segment->sequence = item->record.sequence;
	segment->time = item->record.time;
}

void segment_release(struct segment *segment)
{
	free(segment->items);
	arena_release(&segment->arena);
	map_release(&segment->values);
	spool_release(&segment->details);
}
