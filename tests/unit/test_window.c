// SPDX-License-Identifier: Apache-2.0
// Sliding windows: the worked examples of sigma-engine.md 4.7 and their edges.
#include "series.h"

#include <stdlib.h>

#define CELLS 1000

struct windows {
	struct correlation corr;
	struct correlation_bound bounds[2];
	uint32_t counts[CELLS];
	struct seen found, points;
};

static struct windows *windows(enum correlation_type type, uint64_t timespan, enum compare_op op,
			       double value)
{
	struct windows *w = test_calloc(1, sizeof(*w));

	w->corr.type = type;
	w->corr.timespan = timespan;
	w->corr.rule_count = 3;
	w->corr.bounds = w->bounds;
	w->corr.bound_count = 1;
	w->bounds[0] = (struct correlation_bound){op, value};
	return w;
}

static void keep_found(void *user, const struct finding *finding)
{
	keep(&((struct windows *)user)->found, finding);
}

static void keep_point(void *user, const struct finding *finding)
{
	keep(&((struct windows *)user)->points, finding);
}

// Both kinds of findings; the working memory must be left zeroed.
static void run(struct windows *w, struct series series)
{
	w->found.count = w->points.count = 0;
	w->found.series = w->points.series = series;
	window_run(&w->corr, &series, w->counts, keep_found, keep_point, w);
	for (size_t i = 0; i < CELLS; i++)
		assert_int_equal(w->counts[i], 0);
}

static void done(struct windows *w)
{
	seen_release(&w->found);
	seen_release(&w->points);
	test_free(w);
}

static void example_1_events_are_counted_from_an_anchor(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(10, 0), COMPARE_GTE, 5);
	struct input alice[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(2, 0), 0, 0, 0),
				hit(AT(4, 0), 0, 0, 0), hit(AT(6, 0), 0, 0, 0),
				hit(AT(8, 0), 0, 0, 0), hit(AT(9, 30), 0, 0, 0),
				hit(AT(25, 0), 0, 0, 0)};
	struct input bob[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(11, 0), 0, 0, 0),
			      hit(AT(12, 0), 0, 0, 0), hit(AT(13, 0), 0, 0, 0),
			      hit(AT(14, 0), 0, 0, 0)};

	(void)state;
	run(w, SERIES(alice));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(8, 0), AT(9, 30), 6);
	run(w, SERIES(bob));
	assert_int_equal(w->found.count, 0);
	done(w);
}

static void example_2_windows_know_no_clock(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(10, 0), COMPARE_GTE, 5);
	struct input items[] = {hit(AT(9, 0), 0, 0, 0), hit(AT(9, 30), 0, 0, 0),
				hit(AT(10, 30), 0, 0, 0), hit(AT(11, 0), 0, 0, 0),
				hit(AT(11, 30), 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(9, 0), AT(11, 30), AT(11, 30), 5);
	done(w);
}

static void example_3_distinct_values(void **state)
{
	struct windows *w = windows(CORR_VALUE_COUNT, AT(5, 0), COMPARE_GTE, 3);
	struct input items[] = {hit(AT(0, 0), 0, 1, 0), hit(AT(0, 30), 0, 1, 0),
				hit(AT(1, 0), 0, 2, 0), hit(AT(1, 10), 0, 2, 0),
				hit(AT(6, 0), 0, 3, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 0);
	items[4].time = AT(4, 59);
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(4, 59), AT(4, 59), 3);
	done(w);
}

// However large a number was, the windows behind it count as if it had not been.
static void a_large_number_is_forgotten_with_its_window(void **state)
{
	struct windows *w = windows(CORR_VALUE_SUM, AT(60, 0), COMPARE_GT, 1e6);
	struct input items[] = {hit(AT(0, 0), 0, 0, 1e308),   hit(AT(0, 0), 0, 0, 1e308),
				hit(AT(1, 0), 0, 0, -1e308),  hit(AT(2, 0), 0, 0, -1e308),
				hit(AT(3, 0), 0, 0, -1e40),   hit(AT(4, 0), 0, 0, -1e24),
				hit(AT(64, 1), 0, 0, 2000000)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(64, 1), AT(64, 1), AT(64, 1), 2000000);
	done(w);
}

static void example_4_the_interval_is_closed(void **state)
{
	struct windows *w = windows(CORR_TEMPORAL, AT(5, 0), COMPARE_GTE, 3);
	struct input items[] = {hit(AT(0, 0), 1, 0, 0), hit(AT(2, 0), 0, 0, 0),
				hit(AT(5, 0), 2, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(5, 0), AT(5, 0), 3);
	items[2].time++;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 0);
	done(w);
}

static void example_5_points_of_satisfaction(void **state)
{
	static const uint64_t expected[] = {AT(2, 0), AT(3, 0), AT(8, 0), AT(9, 0), AT(9, 30)};
	struct windows *w = windows(CORR_EVENT_COUNT, AT(10, 0), COMPARE_GTE, 3);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(2, 0), 0, 0, 0), hit(AT(3, 0), 0, 0, 0),
				hit(AT(8, 0), 0, 0, 0), hit(AT(9, 0), 0, 0, 0),
				hit(AT(9, 30), 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(2, 0), AT(9, 30), 7);
	assert_int_equal(w->points.count, 5);
	assert_memory_equal(w->points.triggers, expected, sizeof(expected));
	done(w);
}

static void examples_7_and_8_sums_and_means(void **state)
{
	struct windows *w = windows(CORR_VALUE_SUM, AT(60, 0), COMPARE_GT, 1000000);
	struct input bytes[] = {hit(AT(0, 0), 0, 1, 400000), hit(AT(20, 0), 0, 2, 500000),
				hit(AT(50, 0), 0, 3, 200000)};
	struct input times[] = {hit(AT(0, 0), 0, 1, 100), hit(AT(60, 0), 0, 2, 200),
				hit(AT(120, 0), 0, 3, 2000)};

	(void)state;
	run(w, SERIES(bytes));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(50, 0), AT(50, 0), 1100000);
	w->corr.type = CORR_VALUE_AVG;
	w->corr.timespan = AT(24 * 60, 0);
	w->bounds[0].value = 500;
	run(w, SERIES(times));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(120, 0), AT(120, 0), 766.67);
	done(w);
}

static void examples_9_and_10_order_statistics(void **state)
{
	struct windows *w = windows(CORR_VALUE_PERCENTILE, AT(60, 0), COMPARE_GT, 3000);
	struct input items[] = {hit(AT(0, 0), 0, 1, 9000), hit(AT(1, 0), 0, 2, 1500),
				hit(AT(2, 0), 0, 3, 1000), hit(AT(3, 0), 0, 4, 2500),
				hit(AT(4, 0), 0, 5, 2000)};

	(void)state;
	w->corr.has_percentile = true;
	w->corr.percentile = 95;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(0, 0), AT(4, 0), 7700);
	w->corr.type = CORR_VALUE_MEDIAN;
	w->bounds[0] = (struct correlation_bound){COMPARE_EQ, 1750};
	items[0].time = AT(60, 1); // too late to be in one window with the rest
	run(w, series_of(items + 1, 4));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(1, 0), AT(4, 0), AT(4, 0), 1750);
	done(w);
}

// Against sorting each window.
static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void medians_are_those_of_the_sorted_window(void **state)
{
	struct windows *w = windows(CORR_VALUE_MEDIAN, AT(0, 20), COMPARE_GTE, -1e9);
	struct input items[300];
	uint32_t random = 7;

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		random = random * 1664525 + 1013904223;
		items[i] = hit(AT(0, i), 0, 0, (double)(random >> 24) - 100);
	}
	run(w, SERIES(items));
	assert_int_equal(w->points.count, 300);
	for (size_t i = 0; i < 300; i++) {
		double sorted[21];
		size_t from = i < 20 ? 0 : i - 20;
		size_t n = i - from + 1;
		double median;

		for (size_t k = 0; k < n; k++)
			sorted[k] = items[from + k].number;
		qsort(sorted, n, sizeof(double), compare);
		median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
		assert_true(w->points.items[i].value >= median - 1e-9 &&
			    w->points.items[i].value <= median + 1e-9);
	}
	done(w);
}

static void example_11_fewer_than(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(60, 0), COMPARE_LT, 3);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0),	  hit(AT(10, 0), 0, 0, 0),
				hit(AT(120, 0), 0, 0, 0), hit(AT(130, 0), 0, 0, 0),
				hit(AT(140, 0), 0, 0, 0), hit(AT(240, 0), 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 2);
	expect_finding(&w->found, 0, AT(0, 0), AT(10, 0), AT(10, 0), 2);
	expect_finding(&w->found, 1, AT(240, 0), AT(240, 0), AT(240, 0), 1);
	// With an upper bound, points are the triggers of the windows.
	assert_int_equal(w->points.count, 2);
	done(w);
}

static void example_12_a_burst_is_one_alert(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(10, 0), COMPARE_GTE, 10);
	struct input items[50];

	(void)state;
	for (size_t i = 0; i < 50; i++)
		items[i] = hit(AT(0, 10 * i), 0, 0, 0);
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(1, 30), AT(8, 10), 50);
	done(w);
}

static void example_14_ranges(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(10, 0), COMPARE_GT, 2);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(2, 0), 0, 0, 0), hit(AT(3, 0), 0, 0, 0),
				hit(AT(4, 0), 0, 0, 0), hit(AT(5, 0), 0, 0, 0)};

	(void)state;
	w->bounds[1] = (struct correlation_bound){COMPARE_LTE, 4};
	w->corr.bound_count = 2;
	run(w, series_of(items, 3));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(0, 0), AT(2, 0), AT(2, 0), 3);
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 0);
	done(w);
}

static void consumed_hits_are_not_used_again(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(1, 0), COMPARE_GTE, 2);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(1, 30), 0, 0, 0), hit(AT(2, 30), 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 2);
	expect_finding(&w->found, 0, AT(0, 0), AT(1, 0), AT(1, 0), 2);
	expect_finding(&w->found, 1, AT(1, 30), AT(2, 30), AT(2, 30), 2);
	done(w);
}

static void hits_of_one_time_are_one_window(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, AT(0, 1), COMPARE_GTE, 3);
	struct input items[] = {hit(5, 0, 0, 0), hit(5, 0, 0, 0), hit(5, 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	assert_int_equal(w->found.items[0].trigger, 2);
	done(w);
}

static void times_at_both_ends_of_the_range_do_not_wrap(void **state)
{
	struct windows *w = windows(CORR_EVENT_COUNT, UINT64_MAX, COMPARE_GTE, 2);
	struct input items[] = {hit(0, 0, 0, 0), hit(UINT64_MAX, 0, 0, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	w->corr.timespan--;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 0);
	done(w);
}

static void an_empty_series_gives_nothing(void **state)
{
	struct windows *w = windows(CORR_VALUE_MEDIAN, AT(1, 0), COMPARE_GTE, 0);

	(void)state;
	run(w, series_of(NULL, 0));
	assert_int_equal(w->found.count + w->points.count, 0);
	done(w);
}

static void sums_forget_what_left_the_window(void **state)
{
	struct windows *w = windows(CORR_VALUE_SUM, AT(1, 0), COMPARE_GT, 5);
	struct input items[] = {hit(AT(0, 0), 0, 1, -1e300), hit(AT(1, 0), 0, 2, 3),
				hit(AT(1, 30), 0, 3, 3)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 1);
	expect_finding(&w->found, 0, AT(1, 0), AT(1, 30), AT(1, 30), 6);
	done(w);
}

// Without a percentile the share of each value is compared.
static void rare_values_are_reported_one_by_one(void **state)
{
	struct windows *w = windows(CORR_VALUE_PERCENTILE, AT(60, 0), COMPARE_LT, 30);
	struct input items[] = {hit(AT(0, 0), 0, 7, 0), hit(AT(1, 0), 0, 7, 0),
				hit(AT(2, 0), 0, 9, 0), hit(AT(3, 0), 0, 7, 0),
				hit(AT(4, 0), 0, 2, 0)};

	(void)state;
	run(w, SERIES(items));
	assert_int_equal(w->found.count, 2);
	expect_finding(&w->found, 0, AT(0, 0), AT(2, 0), AT(4, 0), 20);
	expect_finding(&w->found, 1, AT(0, 0), AT(4, 0), AT(4, 0), 20);
	assert_int_equal(w->found.items[0].chain_count, 1);
	done(w);
}

// A quadratic way would take minutes here.
static void long_windows_take_no_longer_than_many(void **state)
{
	static const enum correlation_type types[] = {CORR_EVENT_COUNT,	 CORR_VALUE_COUNT,
						      CORR_TEMPORAL,	 CORR_VALUE_SUM,
						      CORR_VALUE_MEDIAN, CORR_VALUE_PERCENTILE};
	const size_t count = 200000;
	struct input *items = test_calloc(count, sizeof(*items));
	uint32_t *counts = test_calloc(count + 1, sizeof(*counts));

	(void)state;
	for (size_t i = 0; i < count; i++)
		items[i] = hit(AT(0, i), 0, (text_id)i, (double)((i * 7919) % count));
	for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
		struct windows *w = windows(types[k], AT(0, count / 2), COMPARE_GTE, 1e18);

		w->found.series = w->points.series = series_of(items, count);
		if (types[k] == CORR_VALUE_PERCENTILE)
			w->bounds[0] = (struct correlation_bound){COMPARE_LT, 50};
		window_run(&w->corr, &w->found.series, counts, keep_found, keep_point, w);
		assert_int_equal(w->found.count, types[k] == CORR_VALUE_PERCENTILE ? count : 0);
		done(w);
	}
	test_free(items);
	test_free(counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_1_events_are_counted_from_an_anchor),
		cmocka_unit_test(example_2_windows_know_no_clock),
		cmocka_unit_test(example_3_distinct_values),
		cmocka_unit_test(a_large_number_is_forgotten_with_its_window),
		cmocka_unit_test(example_4_the_interval_is_closed),
		cmocka_unit_test(example_5_points_of_satisfaction),
		cmocka_unit_test(examples_7_and_8_sums_and_means),
		cmocka_unit_test(examples_9_and_10_order_statistics),
		cmocka_unit_test(medians_are_those_of_the_sorted_window),
		cmocka_unit_test(example_11_fewer_than),
		cmocka_unit_test(example_12_a_burst_is_one_alert),
		cmocka_unit_test(example_14_ranges),
		cmocka_unit_test(consumed_hits_are_not_used_again),
		cmocka_unit_test(hits_of_one_time_are_one_window),
		cmocka_unit_test(times_at_both_ends_of_the_range_do_not_wrap),
		cmocka_unit_test(an_empty_series_gives_nothing),
		cmocka_unit_test(sums_forget_what_left_the_window),
		cmocka_unit_test(rare_values_are_reported_one_by_one),
		cmocka_unit_test(long_windows_take_no_longer_than_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
