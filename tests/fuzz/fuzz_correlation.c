// SPDX-License-Identifier: Apache-2.0
// A series of hits under a correlation: its type, what it compares with, timespan and two
// bounds, then for each hit the time since the last one, rule, value and number, a byte each.
//
// Windows, chains, triggers and satisfaction points are those of a slow evaluation that looks
// at each window as a whole (sigma-engine.md 4.4 to 4.6), and those of a series that comes in
// parts. The working memory is left zeroed.
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

// The longest chain that begins with the first item or behind it; each item is a record.
static size_t longest_chain(const struct input *items, size_t count)
{
	size_t longest[ITEMS];
	size_t out = 0;

	for (size_t i = 0; i < count; i++) {
		longest[i] = 1;
		for (size_t k = 0; k < i; k++) {
			if (items[k].ref < items[i].ref && longest[k] >= longest[i])
				longest[i] = longest[k] + 1;
		}
		if (longest[i] > out)
			out = longest[i];
	}
	return out;
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
	case CORR_TEMPORAL_ORDERED:
		return (double)longest_chain(items, count);
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

// Chains that satisfy: each item may complete one, the last that begins behind the one before.
static void slow_chains(const struct correlation *corr, struct series s, struct results *out)
{
	size_t consumed = 0;

	for (size_t at = 0; at < s.count; at++) {
		for (size_t from = at + 1; from-- > consumed;) {
			double value = slow_value(corr, s.items + from, at - from + 1);

			if (s.items[at].time - s.items[from].time > corr->timespan)
				break;
			if (!all_hold(corr, value))
				continue;
			keep(out, from, at, at, value);
			consumed = at + 1;
			break;
		}
	}
}

// ---- string conditions ---------------------------------------------------

static bool occurs(const struct input *items, size_t count, size_t rule)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].ref == rule)
			return true;
	}
	return false;
}

static bool is_true(const struct expr *expr, const struct input *items, size_t count)
{
	bool any = false, all = true;

	if (expr->kind == EXPR_SELECTION)
		return occurs(items, count, expr->selection);
	for (size_t i = 0; i < expr->count; i++) {
		bool kid = is_true(expr->kids[i], items, count);

		any |= kid;
		all &= kid;
	}
	return expr->kind == EXPR_NOT ? !any : expr->kind == EXPR_OR ? any : all;
}

// Rules 0 to 2 are what is asked; those that are wanted and occur do so in order.
static bool in_order(const struct correlation *corr, const bool *wanted, const struct input *items,
		     size_t count)
{
	size_t at = 0;

	for (size_t rule = 0; rule < 3 && corr->type == CORR_TEMPORAL_ORDERED; rule++) {
		if (!wanted[rule] || !occurs(items, count, rule))
			continue;
		while (at < count && items[at].ref != rule)
			at++;
		if (at++ == count)
			return false;
	}
	return true;
}

static double rules_seen(const struct input *items, size_t count)
{
	double seen = 0;

	for (size_t rule = 0; rule < CELLS; rule++)
		seen += occurs(items, count, rule);
	return seen;
}

static void slow_answers(const struct correlation *corr, const bool *wanted, struct series s,
			 struct results *found, struct results *points)
{
	const struct input *items = s.items;
	bool negated = !wanted[0] || !wanted[1] || !wanted[2];
	size_t to, start = 0;

	for (size_t from = 0, next; from < s.count; from = next) {
		size_t end = from, at;

		while (end < s.count && items[end].time - items[from].time <= corr->timespan)
			end++;
		next = from + 1;
		if (items[from].ref > 2 || !wanted[items[from].ref] ||
		    !is_true(corr->expression, items + from, end - from) ||
		    !in_order(corr, wanted, items + from, end - from))
			continue;
		for (at = negated ? end - 1 : from; at + 1 < end; at++) {
			if (is_true(corr->expression, items + from, at + 1 - from) &&
			    in_order(corr, wanted, items + from, at + 1 - from))
				break;
		}
		keep(found, from, end - 1, at, rules_seen(items + from, end - from));
		next = end;
	}
	if (negated)
		*points = *found;
	for (to = 1; to <= s.count && !negated; to++) {
		while (items[to - 1].time - items[start].time > corr->timespan)
			start++;
		if (is_true(corr->expression, items + start, to - start) &&
		    in_order(corr, wanted, items + start, to - start))
			keep(points, start, to - 1, to - 1, rules_seen(items + start, to - start));
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
		done = corr->expression != NULL
			       ? expression_run(corr, &part, on_found, on_point, out)
			       : window_run(corr, &part, counts, on_found, on_point, out);
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

// Chains are looked for no longer than satisfies, and a part has no more of the window of a
// point than they need.
static void forgive(struct results *points, const struct results *fast)
{
	for (size_t i = 0; i < points->count && i < fast->count; i++) {
		CHECK(fast->items[i].value <= points->items[i].value);
		points->items[i].value = fast->items[i].value;
		CHECK(fast->items[i].from >= points->items[i].from);
		points->items[i].from = fast->items[i].from;
	}
}

static void slow_run(const struct correlation *corr, const bool *wanted, struct series s,
		     struct both *slow)
{
	bool chains = corr->type == CORR_TEMPORAL_ORDERED && !bounds_have_upper(corr);

	if (corr->expression != NULL) {
		slow_answers(corr, wanted, s, &slow->found, &slow->points);
		return;
	}
	if (chains)
		slow_chains(corr, s, &slow->found);
	else
		slow_windows(corr, s, &slow->found);
	if (bounds_have_upper(corr))
		slow->points = slow->found;
	else
		slow_points(corr, s, &slow->points);
}

static void check_series(const struct correlation *corr, const bool *wanted, struct series s,
			 size_t step)
{
	struct both fast = {0}, slow = {0};
	uint32_t counts[CELLS] = {0};

	run_in_parts(corr, s, counts, step, &fast);
	for (size_t i = 0; i < CELLS; i++)
		CHECK(counts[i] == 0);
	slow_run(corr, wanted, s, &slow);
	if (corr->type == CORR_TEMPORAL_ORDERED && corr->expression == NULL &&
	    !bounds_have_upper(corr))
		forgive(&slow.points, &fast.points);
	compare(&fast.found, &slow.found);
	compare(&fast.points, &slow.points);
}

static struct expr rules[] = {
	{.kind = EXPR_SELECTION, .selection = 0},
	{.kind = EXPR_SELECTION, .selection = 1},
	{.kind = EXPR_SELECTION, .selection = 2},
};

// A condition over the rules 0 to 2, of one byte: (0 OP 1) OP 2, each perhaps with a `not`.
static struct expr *make_condition(unsigned byte, struct expr *nodes, struct expr **kids,
				   bool *wanted)
{
	for (size_t i = 0; i < 3; i++) {
		wanted[i] = (byte >> i & 1) == 0;
		kids[i] = &rules[i];
		kids[3 + i] = wanted[i] ? &rules[i] : &nodes[i];
		nodes[i] = (struct expr){.kind = EXPR_NOT, .kids = &kids[i], .count = 1};
	}
	kids[6] = kids[5];
	kids[5] = &nodes[3];
	for (size_t i = 0; i < 2; i++) {
		nodes[3 + i] = (struct expr){.kind = byte >> (3 + i) & 1 ? EXPR_OR : EXPR_AND,
					     .kids = &kids[3 + 2 * i],
					     .count = 2};
	}
	return &nodes[4];
}

static const enum correlation_type types[] = {CORR_EVENT_COUNT, CORR_VALUE_COUNT, CORR_TEMPORAL,
					      CORR_VALUE_SUM, CORR_VALUE_AVG, CORR_VALUE_MEDIAN,
					      CORR_VALUE_PERCENTILE, CORR_TEMPORAL_ORDERED,
					      // with a string condition
					      CORR_TEMPORAL, CORR_TEMPORAL_ORDERED};
#define TYPES (sizeof(types) / sizeof(*types))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = input_of(data, size);
	struct correlation_bound bounds[2];
	struct correlation corr = {.bounds = bounds, .rule_count = CELLS, .has_percentile = true};
	struct input items[ITEMS] = {0};
	struct series series = {.items = items};
	struct expr nodes[5];
	struct expr *kids[7];
	bool wanted[3];
	size_t type = take_byte(&input) % TYPES;
	unsigned with = take_byte(&input);
	bool few;
	uint64_t time = 0;

	corr.type = types[type];
	corr.percentile = with % 101;
	if (type >= TYPES - 2)
		corr.expression = make_condition(with, nodes, kids, wanted);
	few = type >= TYPES - 3; // rules, so that chains are long
	if (few)
		corr.rule_count = 4;
	corr.timespan = take_byte(&input);
	corr.bound_count = 1 + take_byte(&input) % 2;
	for (size_t i = 0; i < 2; i++) {
		bounds[i].op = (enum compare_op)(take_byte(&input) % 6);
		bounds[i].value = take_byte(&input) % (few ? 6 : 256);
	}
	for (; input.len > 0 && series.count < ITEMS; series.count++) {
		struct input *item = &items[series.count];

		item->time = time += take_byte(&input);
		item->record = (uint32_t)series.count;
		item->ref = take_byte(&input) % (unsigned)corr.rule_count;
		item->value = (text_id)(take_byte(&input) % CELLS);
		item->number = (signed char)take_byte(&input);
	}
	check_series(&corr, wanted, series, ITEMS);
	check_series(&corr, wanted, series, 1 + size % 7);
	return 0;
}
