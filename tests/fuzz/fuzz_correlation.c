// SPDX-License-Identifier: Apache-2.0
// A series of hits under a correlation with windows: its type, timespan and two bounds,
// then for each hit the time since the last one, rule, value and number, a byte each.
//
// Windows, triggers and satisfaction points are those of a slow evaluation that looks at
// each window as a whole (sigma-engine.md 4.4), and those of a series that comes in parts.
// The working memory is left zeroed.
#include "correlate/internal.h"
#include "fuzz.h"

#define ITEMS 48u
#define CELLS 16u

struct result {
	size_t from, to, trigger;
	double value;
};

struct results {
	struct result items[ITEMS];
	size_t count;
};

static void keep(struct results *results, size_t from, size_t to, size_t trigger, double value)
{
	CHECK(results->count < ITEMS);
	results->items[results->count++] = (struct result){from, to, trigger, value};
}

// ---- slowly -------------------------------------------------------------

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double order_statistic(const struct input *items, size_t count, double p)
{
	double sorted[ITEMS];
	double rank = (double)(count - 1) * p / 100;
	size_t low = (size_t)rank;

	for (size_t i = 0; i < count; i++)
		sorted[i] = items[i].number;
	qsort(sorted, count, sizeof(*sorted), compare_numbers);
	if (low + 1 >= count)
		return sorted[low];
	return sorted[low] + (rank - (double)low) * (sorted[low + 1] - sorted[low]);
}

static double slow_value(const struct correlation *corr, const struct input *items, size_t count)
{
	bool seen[CELLS] = {false};
	double distinct = 0, sum = 0;

	for (size_t i = 0; i < count; i++) {
		size_t cell = corr->type == CORR_TEMPORAL ? items[i].ref : items[i].value;

		distinct += !seen[cell];
		seen[cell] = true;
		sum += items[i].number;
	}
	switch (corr->type) {
	case CORR_EVENT_COUNT:
		return (double)count;
	case CORR_VALUE_COUNT:
	case CORR_TEMPORAL:
		return distinct;
	case CORR_VALUE_SUM:
		return sum;
	case CORR_VALUE_AVG:
		return sum / (double)count;
	case CORR_VALUE_MEDIAN:
		return order_statistic(items, count, 50);
	default:
		return order_statistic(items, count, corr->percentile);
	}
}

static bool holds(const struct correlation_bound *bound, double value)
{
	switch (bound->op) {
	case COMPARE_EQ:
		return value == bound->value;
	case COMPARE_NEQ:
		return value != bound->value;
	case COMPARE_LT:
		return value < bound->value;
	case COMPARE_LTE:
		return value <= bound->value;
	case COMPARE_GT:
		return value > bound->value;
	default:
		return value >= bound->value;
	}
}

// More of a window could still make a bound hold that asks for at least something.
static bool is_below(const struct correlation_bound *bound, double value)
{
	return !holds(bound, value) && (bound->op == COMPARE_GT || bound->op == COMPARE_GTE ||
					(bound->op == COMPARE_EQ && value < bound->value));
}

static bool all_hold(const struct correlation *corr, double value)
{
	for (size_t i = 0; i < corr->bound_count; i++) {
		if (!holds(&corr->bounds[i], value))
			return false;
	}
	return true;
}

static void slow_windows(const struct correlation *corr, struct series s, struct results *out)
{
	for (size_t from = 0, next; from < s.count; from = next) {
		size_t to = from, trigger;
		double value;
		bool below = false;

		while (to + 1 < s.count &&
		       s.items[to + 1].time - s.items[from].time <= corr->timespan)
			to++;
		value = slow_value(corr, s.items + from, to - from + 1);
		for (size_t i = 0; i < corr->bound_count; i++)
			below |= is_below(&corr->bounds[i], value);
		next = below ? from + 1 : to + 1;
		if (!all_hold(corr, value))
			continue;
		trigger = from;
		while (!bounds_have_upper(corr) && trigger < to &&
		       !all_hold(corr, slow_value(corr, s.items + from, trigger - from + 1)))
			trigger++;
		keep(out, from, to, bounds_have_upper(corr) ? to : trigger, value);
	}
}

static void slow_points(const struct correlation *corr, struct series s, struct results *out)
{
	for (size_t at = 0; at < s.count; at++) {
		size_t from = at;
		double value;

		while (from > 0 && s.items[at].time - s.items[from - 1].time <= corr->timespan)
			from--;
		value = slow_value(corr, s.items + from, at - from + 1);
		if (all_hold(corr, value))
			keep(out, from, at, at, value);
	}
}

// ---- both ---------------------------------------------------------------

struct both {
	struct results found, points;
	size_t base; // of the part at work
};

static void keep_of_part(struct results *results, const struct finding *f, size_t base)
{
	keep(results, base + f->from, base + f->to, base + f->trigger, f->value);
}

static void on_found(void *user, const struct finding *f)
{
	struct both *both = user;

	keep_of_part(&both->found, f, both->base);
}

static void on_point(void *user, const struct finding *f)
{
	struct both *both = user;

	keep_of_part(&both->points, f, both->base);
}

// Parts that end each `step` items.
static void run_in_parts(const struct correlation *corr, struct series s, uint32_t *counts,
			 size_t step, struct both *out)
{
	struct series part = {.is_last = false};

	for (size_t end = step; !part.is_last; end += step) {
		size_t done;

		part.is_last = end >= s.count;
		part.items = s.items + out->base;
		part.count = (part.is_last ? s.count : end) - out->base;
		done = window_run(corr, &part, counts, on_found, on_point, out);
		CHECK(done <= part.count && done <= part.anchor);
		out->base += done;
		part.anchor -= done;
		part.point -= done < part.point ? done : part.point;
	}
}

static void compare(const struct results *fast, const struct results *slow)
{
	CHECK(fast->count == slow->count);
	for (size_t i = 0; i < fast->count; i++) {
		CHECK(fast->items[i].from == slow->items[i].from);
		CHECK(fast->items[i].to == slow->items[i].to);
		CHECK(fast->items[i].trigger == slow->items[i].trigger);
		CHECK(fast->items[i].value == slow->items[i].value);
	}
}

static void check_series(const struct correlation *corr, struct series s, size_t step)
{
	struct both fast = {0}, slow = {0};
	uint32_t counts[CELLS] = {0};

	run_in_parts(corr, s, counts, step, &fast);
	for (size_t i = 0; i < CELLS; i++)
		CHECK(counts[i] == 0);
	slow_windows(corr, s, &slow.found);
	if (bounds_have_upper(corr))
		slow.points = slow.found;
	else
		slow_points(corr, s, &slow.points);
	compare(&fast.found, &slow.found);
	compare(&fast.points, &slow.points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum correlation_type types[] = {
		CORR_EVENT_COUNT, CORR_VALUE_COUNT,  CORR_TEMPORAL,	   CORR_VALUE_SUM,
		CORR_VALUE_AVG,	  CORR_VALUE_MEDIAN, CORR_VALUE_PERCENTILE};
	struct str input = input_of(data, size);
	struct correlation_bound bounds[2];
	struct correlation corr = {.bounds = bounds, .rule_count = CELLS, .has_percentile = true};
	struct input items[ITEMS] = {0};
	struct series series = {.items = items};
	uint64_t time = 0;

	corr.type = types[take_byte(&input) % 7];
	corr.percentile = take_byte(&input) % 101;
	corr.timespan = take_byte(&input);
	corr.bound_count = 1 + take_byte(&input) % 2;
	for (size_t i = 0; i < 2; i++) {
		bounds[i].op = (enum compare_op)(take_byte(&input) % 6);
		bounds[i].value = take_byte(&input);
	}
	for (; input.len > 0 && series.count < ITEMS; series.count++) {
		struct input *item = &items[series.count];

		item->time = time += take_byte(&input);
		item->record = (uint32_t)series.count;
		item->ref = take_byte(&input) % CELLS;
		item->value = (text_id)(take_byte(&input) % CELLS);
		item->number = (signed char)take_byte(&input);
	}
	check_series(&corr, series, ITEMS);
	check_series(&corr, series, 1 + size % 7);
	return 0;
}
