// SPDX-License-Identifier: Apache-2.0
// Sliding windows with an aggregate: "anchored maximal windows" (4.4).
//
// Both ends of a window only move forward, so an aggregate that can add and
// remove one item keeps the run linear (the median and percentile keep a sorted
// array, linear in the window per step).
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/internal.h"

enum bound_state bounds_check(const struct correlation *corr, double value)
{
	bool above = false;

	for (size_t i = 0; i < corr->bound_count; i++) {
		double bound = corr->bounds[i].value;

		switch (corr->bounds[i].op) {
		case COMPARE_GT:
			if (!(value > bound))
				return BOUND_BELOW;
			break;
		case COMPARE_GTE:
			if (!(value >= bound))
				return BOUND_BELOW;
			break;
		case COMPARE_EQ:
			if (value < bound)
				return BOUND_BELOW;
			above |= value > bound;
			break;
		case COMPARE_NEQ:
			above |= value == bound;
			break;
		case COMPARE_LT:
			above |= !(value < bound);
			break;
		case COMPARE_LTE:
			above |= !(value <= bound);
			break;
		}
	}
	return above ? BOUND_ABOVE : BOUND_OK;
}

bool bounds_have_upper(const struct correlation *corr)
{
	for (size_t i = 0; i < corr->bound_count; i++) {
		if (corr->bounds[i].op != COMPARE_GT && corr->bounds[i].op != COMPARE_GTE)
			return true;
	}
	return false;
}

// ---- aggregates ---------------------------------------------------------

struct aggregate {
	const struct correlation *corr;
	size_t items;
	uint32_t *counts; // by value id or referenced rule
	size_t distinct;
	double sum, lost; // compensated summation (Neumaier)
	double *sorted;	  // median and percentile
	size_t sorted_cap;
};

static size_t counted(const struct aggregate *a, const struct input *input)
{
	return a->corr->type == CORR_TEMPORAL ? input->ref : input->value;
}

static bool counts_distinct(const struct correlation *corr)
{
	return corr->type == CORR_VALUE_COUNT || corr->type == CORR_TEMPORAL ||
	       (corr->type == CORR_VALUE_PERCENTILE && !corr->has_percentile);
}

static bool keeps_sorted(const struct correlation *corr)
{
	return corr->type == CORR_VALUE_MEDIAN ||
	       (corr->type == CORR_VALUE_PERCENTILE && corr->has_percentile);
}

static void add_to_sum(struct aggregate *a, double x)
{
	double total = a->sum + x;

	if ((a->sum < 0 ? -a->sum : a->sum) >= (x < 0 ? -x : x))
		a->lost += (a->sum - total) + x;
	else
		a->lost += (x - total) + a->sum;
	a->sum = total;
}

// First position in the sorted values that is not below `x`.
static size_t sorted_position(const struct aggregate *a, double x)
{
	size_t low = 0;
	size_t high = a->items;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->sorted[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void aggregate_add(struct aggregate *a, const struct input *input)
{
	if (counts_distinct(a->corr))
		a->distinct += a->counts[counted(a, input)]++ == 0;
	else if (keeps_sorted(a->corr)) {
		size_t at = sorted_position(a, input->number);

		mem_grow(&a->sorted, &a->sorted_cap, a->items + 1, sizeof(*a->sorted));
		memmove(a->sorted + at + 1, a->sorted + at, (a->items - at) * sizeof(*a->sorted));
		a->sorted[at] = input->number;
	} else {
		add_to_sum(a, input->number);
	}
	a->items++;
}

static void aggregate_remove(struct aggregate *a, const struct input *input)
{
	if (counts_distinct(a->corr))
		a->distinct -= --a->counts[counted(a, input)] == 0;
	else if (keeps_sorted(a->corr)) {
		size_t at = sorted_position(a, input->number);

		memmove(a->sorted + at, a->sorted + at + 1,
			(a->items - at - 1) * sizeof(*a->sorted));
	} else {
		add_to_sum(a, -input->number);
	}
	a->items--;
	if (a->items == 0)
		a->sum = a->lost = 0; // rounding must not outlive the window
}

// Linear interpolation between order statistics, rank (n-1)*P/100.
static double percentile(const struct aggregate *a, double p)
{
	double rank = (double)(a->items - 1) * p / 100;
	size_t low = (size_t)rank;
	double part = rank - (double)low;

	if (low + 1 >= a->items)
		return a->sorted[a->items - 1];
	return a->sorted[low] + part * (a->sorted[low + 1] - a->sorted[low]);
}

static double aggregate_value(const struct aggregate *a)
{
	switch (a->corr->type) {
	case CORR_EVENT_COUNT:
		return (double)a->items;
	case CORR_VALUE_COUNT:
	case CORR_TEMPORAL:
		return (double)a->distinct;
	case CORR_VALUE_SUM:
		return a->sum + a->lost;
	case CORR_VALUE_AVG:
		return (a->sum + a->lost) / (double)a->items;
	case CORR_VALUE_MEDIAN:
		return percentile(a, 50);
	default:
		return percentile(a, a->corr->percentile);
	}
}

static void aggregate_init(struct aggregate *a, const struct correlation *corr, uint32_t *counts)
{
	memset(a, 0, sizeof(*a));
	a->corr = corr;
	a->counts = counts;
}

// `counts` is shared by all groups: it is left zeroed, by taking out what is
// still in, because there may be as many groups as values.
static void aggregate_release(struct aggregate *a, struct series s, size_t from, size_t to)
{
	while (from < to)
		aggregate_remove(a, &s.items[from++]);
	free(a->sorted);
}

// ---- windows ------------------------------------------------------------

// The first item of [from, to] at which the running aggregate satisfies.
static size_t find_trigger(const struct correlation *corr, struct series s, uint32_t *counts,
			   size_t from, size_t to)
{
	struct aggregate a;
	size_t at = from;

	if (bounds_have_upper(corr))
		return to;
	aggregate_init(&a, corr, counts);
	for (; at < to; at++) {
		aggregate_add(&a, &s.items[at]);
		if (bounds_check(corr, aggregate_value(&a)) == BOUND_OK)
			break;
	}
	aggregate_release(&a, s, from, from + a.items);
	return at;
}

// Rarity (4.3, D-25): each value whose share of the window satisfies.
static bool report_rare(const struct aggregate *a, struct series s, size_t from, size_t to,
			finding_fn *found, void *user)
{
	bool any = false;

	for (size_t i = from; i <= to; i++) {
		text_id value = s.items[i].value;
		double share = 100.0 * a->counts[value] / (double)a->items;
		bool first = true;

		for (size_t k = from; k < i && first; k++)
			first = s.items[k].value != value;
		if (!first || bounds_check(a->corr, share) != BOUND_OK)
			continue;
		found(user, &(struct finding){from, to, i, share, value, NULL, 0});
		any = true;
	}
	return any;
}

// Walk anchors; `to` is one behind the window.
static void run_windows(const struct correlation *corr, struct series s, uint32_t *counts,
			finding_fn *found, void *user)
{
	bool rarity = corr->type == CORR_VALUE_PERCENTILE && !corr->has_percentile;
	struct aggregate a;
	size_t from = 0;
	size_t to = 0;

	aggregate_init(&a, corr, counts);
	while (from < s.count) {
		enum bound_state state;

		while (to < s.count && s.items[to].time - s.items[from].time <= corr->timespan)
			aggregate_add(&a, &s.items[to++]);
		if (rarity) {
			report_rare(&a, s, from, to - 1, found, user);
			state = BOUND_ABOVE;
		} else {
			state = bounds_check(corr, aggregate_value(&a));
		}
		if (state == BOUND_BELOW) {
			aggregate_remove(&a, &s.items[from++]);
		} else { // to be reported, or hopeless: never used again
			struct finding f = {from, to - 1, 0, rarity ? 0 : aggregate_value(&a),
					    0,	  NULL,	  0};

			while (from < to)
				aggregate_remove(&a, &s.items[from++]);
			f.trigger = f.to;
			if (state == BOUND_OK) {
				f.trigger = find_trigger(corr, s, counts, f.from, f.to);
				found(user, &f);
			}
		}
	}
	aggregate_release(&a, s, from, to);
}

// Every item whose trailing window satisfies (4.4, satisfaction points).
static void run_points(const struct correlation *corr, struct series s, uint32_t *counts,
		       finding_fn *points, void *user)
{
	struct aggregate a;
	size_t from = 0;

	aggregate_init(&a, corr, counts);
	for (size_t at = 0; at < s.count; at++) {
		while (s.items[at].time - s.items[from].time > corr->timespan)
			aggregate_remove(&a, &s.items[from++]);
		aggregate_add(&a, &s.items[at]);
		if (bounds_check(corr, aggregate_value(&a)) == BOUND_OK)
			points(user, &(struct finding){from, at, at, aggregate_value(&a), 0, NULL,
						       0});
	}
	aggregate_release(&a, s, from, s.count);
}

void window_run(const struct correlation *corr, struct series series, uint32_t *counts,
		finding_fn *found, finding_fn *points, void *user)
{
	bool rarity = corr->type == CORR_VALUE_PERCENTILE && !corr->has_percentile;

	run_windows(corr, series, counts, found, user);
	if (points == NULL)
		return;
	if (rarity || bounds_have_upper(corr))
		run_windows(corr, series, counts, points, user);
	else
		run_points(corr, series, counts, points, user);
}
