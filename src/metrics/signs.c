// SPDX-License-Identifier: Apache-2.0
// The sections gaps, steps and clears in a few numbers.
#include "metrics/signs.h"

#include "metrics/internal.h"

static void sum_gaps(const struct metrics *metrics, struct metrics_signs *out)
{
	const struct order *order = &metrics->order;
	const struct gap *first = NULL;

	out->gaps = order->gap_totals[GAP_HOLE];
	out->missing = order->missing[GAP_HOLE];
	for (size_t i = 0; i < order->gap_count && first == NULL; i++) {
		if (order->gaps[i].kind == GAP_HOLE)
			first = &order->gaps[i];
	}
	if (first == NULL)
		return;
	out->gap_channel = place_channel(metrics, first->place);
	out->gap_after = first->after;
	out->gap_before = first->before;
}

static void sum_steps(const struct metrics *metrics, struct metrics_signs *out)
{
	const struct order *order = &metrics->order;

	out->steps = order->step_total;
	for (size_t i = 0; i < order->step_count; i++) {
		const struct step *step = &order->steps[i];

		if (step->from_time - step->to_time <= out->step_ticks)
			continue;
		out->step_ticks = step->from_time - step->to_time;
		out->step_channel = place_channel(metrics, step->place);
		out->step_from = step->from;
		out->step_to = step->to;
	}
}

static void sum_clears(const struct metrics *metrics, struct arena *arena,
		       struct metrics_signs *out)
{
	const struct clears *clears = &metrics->clears;
	const struct clear *first = NULL;

	out->clears = clears->total;
	for (size_t i = 0; i < clears->count; i++) {
		if (first == NULL || clears->items[i].time < first->time)
			first = &clears->items[i];
	}
	if (first == NULL)
		return;
	out->cleared = names_text(&metrics->texts, first->cleared);
	out->cleared_by = account_text(metrics, arena, first->domain, first->user);
	out->cleared_time = first->time;
}

struct metrics_signs metrics_signs(const struct metrics *metrics, struct arena *arena)
{
	struct metrics_signs out = {0};

	sum_gaps(metrics, &out);
	sum_steps(metrics, &out);
	sum_clears(metrics, arena, &out);
	return out;
}
