// SPDX-License-Identifier: Apache-2.0
// Sliding windows with an aggregate: "anchored maximal windows" (4.4).
//
// Both ends of a window only move forward, so an aggregate that can add and
// remove one item keeps the run linear (times a logarithm for median and
// percentile).
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/chains.h"
#include "correlate/ranks.h"
#include "correlate/sum.h"

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
	struct sum sum;
	struct ranks ranks; // median and percentile
	struct chains chains;
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

static bool keeps_ranks(const struct correlation *corr)
{
	return corr->type == CORR_VALUE_MEDIAN ||
	       (corr->type == CORR_VALUE_PERCENTILE && corr->has_percentile);
}

static bool keeps_chains(const struct correlation *corr)
{
	return corr->type == CORR_TEMPORAL_ORDERED;
}

static void aggregate_add(struct aggregate *a, const struct input *input)
{
	if (counts_distinct(a->corr))
		a->distinct += a->counts[counted(a, input)]++ == 0;
	else if (keeps_chains(a->corr))
		chains_add(&a->chains, (size_t)(input - a->chains.series.items));
	else if (keeps_ranks(a->corr))
		ranks_add(&a->ranks, input->number);
	else
		sum_add(&a->sum, input->number);
	a->items++;
}

static void aggregate_remove(struct aggregate *a, const struct input *input)
{
	if (counts_distinct(a->corr))
		a->distinct -= --a->counts[counted(a, input)] == 0;
	else if (keeps_ranks(a->corr))
		ranks_remove(&a->ranks, input->number);
	else if (!keeps_chains(a->corr)) // they ask where the window begins
		sum_add(&a->sum, -input->number);
	a->items--;
}

// Linear interpolation between order statistics, rank (n-1)*P/100.
static double percentile(const struct aggregate *a, double p)
{
	double rank = (double)(a->items - 1) * p / 100;
	size_t low = (size_t)rank;
	double part = rank - (double)low;

	double value = ranks_at(&a->ranks, low);

	if (low + 1 >= a->items)
		return value;
	return value + part * (ranks_at(&a->ranks, low + 1) - value);
}

static double aggregate_value(const struct aggregate *a)
{
	switch (a->corr->type) {
	case CORR_EVENT_COUNT:
		return (double)a->items;
	case CORR_VALUE_COUNT:
	case CORR_TEMPORAL:
		return (double)a->distinct;
	case CORR_TEMPORAL_ORDERED:
		return (double)chains_longest(&a->chains, a->chains.end - a->items);
	case CORR_VALUE_SUM:
		return sum_over(&a->sum, 1);
	case CORR_VALUE_AVG:
		return sum_over(&a->sum, (double)a->items);
	case CORR_VALUE_MEDIAN:
		return percentile(a, 50);
	default:
		return percentile(a, a->corr->percentile);
	}
}

// `s`: all items that may come in.
static void aggregate_init(struct aggregate *a, const struct correlation *corr, struct series s,
			   uint32_t *counts)
{
	memset(a, 0, sizeof(*a));
	a->corr = corr;
	a->counts = counts;
	if (keeps_ranks(corr))
		ranks_init(&a->ranks, s);
	if (keeps_chains(corr))
		chains_init(&a->chains, corr, s);
}

// `counts` is shared by all groups: it is left zeroed, by taking out what is
// still in, because there may be as many groups as values.
static void aggregate_release(struct aggregate *a, struct series s, size_t from, size_t to)
{
	while (from < to)
		aggregate_remove(a, &s.items[from++]);
	ranks_release(&a->ranks);
	chains_release(&a->chains);
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
	aggregate_init(&a, corr, (struct series){.items = s.items + from, .count = to - from + 1},
		       counts);
	for (; at < to; at++) {
		aggregate_add(&a, &s.items[at]);
		if (bounds_check(corr, aggregate_value(&a)) == BOUND_OK)
			break;
	}
	aggregate_release(&a, s, from, from + a.items);
	return at;
}

// An item of a window, by the value that it has.
struct by_value {
	text_id value;
	size_t item;
};

// A value that satisfies: its items are chain[at, at + count).
struct rare {
	size_t at, count;
	size_t first; // item
};

static int compare_values(const void *left, const void *right)
{
	const struct by_value *a = left;
	const struct by_value *b = right;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

static int compare_first(const void *left, const void *right)
{
	const struct rare *a = left;
	const struct rare *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

static double share(const struct rare *rare, size_t items)
{
	return 100.0 * (double)rare->count / (double)items;
}

// Put the items [from, to] into `chain`, value after value, and list the values
// whose share satisfies; returns how many.
static size_t find_rare(const struct correlation *corr, struct series s, size_t from, size_t to,
			size_t *chain, struct rare *out)
{
	size_t count = to - from + 1;
	struct by_value *sorted = mem_alloc(count * sizeof(*sorted));
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct by_value){s.items[from + i].value, from + i};
	qsort(sorted, count, sizeof(*sorted), compare_values);
	for (size_t i = 0, start = 0; i < count; i++) {
		chain[i] = sorted[i].item;
		if (i + 1 < count && sorted[i + 1].value == sorted[i].value)
			continue;
		out[found] = (struct rare){start, i + 1 - start, chain[start]};
		if (bounds_check(corr, share(&out[found], count)) == BOUND_OK)
			found++;
		start = i + 1;
	}
	free(sorted);
	return found;
}

// Rarity (4.3, D-25): each value whose share of the window satisfies, in order
// of appearance.
static void report_rare(const struct correlation *corr, struct series s, size_t from, size_t to,
			finding_fn *found, void *user)
{
	size_t count = to - from + 1;
	size_t *chain = mem_alloc(count * sizeof(*chain));
	struct rare *rare = mem_alloc(count * sizeof(*rare));
	size_t values = find_rare(corr, s, from, to, chain, rare);

	qsort(rare, values, sizeof(*rare), compare_first);
	for (size_t i = 0; i < values; i++)
		found(user, &(struct finding){from, to, rare[i].first, share(&rare[i], count),
					      chain + rare[i].at, rare[i].count});
	free(chain);
	free(rare);
}

// Walk anchors from the series' own; `to` is one behind the window. Gives back the anchor
// of the first window that may not be whole yet.
static size_t run_windows(const struct correlation *corr, struct series s, uint32_t *counts,
			  finding_fn *found, void *user)
{
	bool rarity = corr->type == CORR_VALUE_PERCENTILE && !corr->has_percentile;
	struct aggregate a;
	size_t from = s.anchor;
	size_t to = s.anchor;

	aggregate_init(&a, corr, s, counts);
	while (from < s.count) {
		enum bound_state state;

		while (to < s.count && s.items[to].time - s.items[from].time <= corr->timespan)
			aggregate_add(&a, &s.items[to++]);
		if (to == s.count && !s.is_last)
			break;
		if (rarity) {
			report_rare(corr, s, from, to - 1, found, user);
			state = BOUND_ABOVE;
		} else {
			state = bounds_check(corr, aggregate_value(&a));
		}
		if (state == BOUND_BELOW) {
			aggregate_remove(&a, &s.items[from++]);
		} else { // to be reported, or hopeless: never used again
			struct finding f = {from, to - 1, 0, rarity ? 0 : aggregate_value(&a),
					    NULL, 0};

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
	return from;
}

size_t series_trailing(struct series s, uint64_t timespan)
{
	size_t at = s.count;

	while (at > 0 && s.items[s.count - 1].time - s.items[at - 1].time <= timespan)
		at--;
	return at;
}

// Every item whose trailing window satisfies (4.4, satisfaction points). Gives back the first
// item that those to come need.
static size_t run_points(const struct correlation *corr, struct series s, uint32_t *counts,
			 finding_fn *points, void *user)
{
	struct aggregate a;
	size_t from = 0;
	size_t needed;

	aggregate_init(&a, corr, s, counts);
	for (size_t at = 0; at < s.count; at++) {
		while (s.items[at].time - s.items[from].time > corr->timespan)
			aggregate_remove(&a, &s.items[from++]);
		aggregate_add(&a, &s.items[at]);
		if (at >= s.point && bounds_check(corr, aggregate_value(&a)) == BOUND_OK)
			points(user, &(struct finding){from, at, at, aggregate_value(&a), NULL, 0});
	}
	needed = keeps_chains(corr) ? chains_first_live(&a.chains)
				    : series_trailing(s, corr->timespan);
	aggregate_release(&a, s, from, s.count);
	return needed;
}

size_t window_run(const struct correlation *corr, struct series *series, uint32_t *counts,
		  finding_fn *found, finding_fn *points, void *user)
{
	bool rarity = corr->type == CORR_VALUE_PERCENTILE && !corr->has_percentile;
	bool at_end = rarity || bounds_have_upper(corr); // only a closed window can tell
	size_t anchor = keeps_chains(corr) && !at_end
				? ordered_run(corr, *series, found, user)
				: run_windows(corr, *series, counts, found, user);
	size_t needed = anchor;

	if (points != NULL && at_end)
		run_windows(corr, *series, counts, points, user);
	else if (points != NULL)
		needed = run_points(corr, *series, counts, points, user);
	series->anchor = anchor;
	series->point = series->count;
	return needed < anchor ? needed : anchor;
}
