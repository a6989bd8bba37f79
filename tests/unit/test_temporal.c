// SPDX-License-Identifier: Apache-2.0
// Chains (sigma-engine.md 4.5) and string conditions (4.6).
#include "series.h"

static void keep_chain(void *user, const struct finding *finding)
{
	assert_non_null(finding->chain);
	keep(user, finding);
}

static struct correlation ordered(size_t rules, uint64_t timespan, struct correlation_bound *bound)
{
	return (struct correlation){.type = CORR_TEMPORAL_ORDERED,
				    .rule_count = rules,
				    .timespan = timespan,
				    .bounds = bound,
				    .bound_count = 1};
}

static struct seen chains(const struct correlation *corr, struct series series)
{
	struct seen seen = {.series = series};

	window_run(corr, &series, NULL, keep_chain, NULL, &seen);
	return seen;
}

static void ignore(void *user, const struct finding *finding)
{
	(void)user;
	(void)finding;
}

static struct seen points(const struct correlation *corr, struct series series)
{
	struct seen seen = {.series = series};

	if (corr->expression != NULL)
		expression_run(corr, &series, ignore, keep, &seen);
	else
		window_run(corr, &series, NULL, ignore, keep, &seen);
	return seen;
}

static void expect_times(struct seen seen, const uint64_t *times, size_t count)
{
	assert_int_equal(seen.count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(seen.triggers[i], times[i]);
	seen_release(&seen);
}

static void example_6_order_matters(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(5, 0), &all);
	struct input items[] = {hit(AT(0, 0), 1, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(2, 0), 1, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(1, 0), AT(2, 0), AT(2, 0), 2);
	seen_release(&seen);
	seen = chains(&corr, series_of(items, 2));
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
}

static void the_latest_start_is_kept(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(5, 0), &all);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(4, 0), 0, 0, 0),
				hit(AT(9, 0), 1, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(4, 0), AT(9, 0), AT(9, 0), 2);
	seen_release(&seen);
	items[2].time++;
	seen = chains(&corr, SERIES(items));
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
}

// a b | c where the first a-b expires: the later pair must be found.
static void an_expired_start_does_not_hide_a_later_one(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 3};
	struct correlation corr = ordered(3, AT(5, 0), &all);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(3, 0), 0, 0, 0), hit(AT(4, 0), 1, 0, 0),
				hit(AT(8, 0), 2, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(3, 0), AT(8, 0), AT(8, 0), 3);
	assert_int_equal(seen.items[0].chain_count, 3);
	seen_release(&seen);
}

static void a_chain_needs_different_records(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(5, 0), &all);
	struct input items[] = {hit(7, 0, 0, 0), hit(7, 1, 0, 0), hit(7, 1, 0, 0)};
	struct series series = SERIES(items);
	struct seen seen;

	(void)state;
	series.count = 2;
	items[1].record = items[0].record; // one record that matches both rules
	seen = chains(&corr, series);
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
	series.count = 3;
	seen = chains(&corr, series); // the next one, of equal time, will do
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.items[0].trigger, 2);
	seen_release(&seen);
}

static void a_shorter_chain_may_do(void **state)
{
	struct correlation_bound two = {COMPARE_GTE, 2};
	struct correlation corr = ordered(4, AT(5, 0), &two);
	struct input items[] = {hit(AT(0, 0), 3, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(2, 0), 0, 0, 0), hit(AT(3, 0), 3, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(2, 0), AT(3, 0), AT(3, 0), 2);
	seen_release(&seen);
}

static void hits_of_a_chain_are_consumed(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(5, 0), &all);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(2, 0), 1, 0, 0), hit(AT(3, 0), 0, 0, 0),
				hit(AT(4, 0), 1, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 2);
	expect_finding(&seen, 1, AT(3, 0), AT(4, 0), AT(4, 0), 2);
	seen_release(&seen);
}

static void a_condition_that_no_length_meets_gives_nothing(void **state)
{
	struct correlation_bound five = {COMPARE_EQ, 5};
	struct correlation corr = ordered(2, AT(5, 0), &five);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
}

static void long_series_of_chains_take_linear_time(void **state)
{
	const size_t count = 200000;
	struct input *items = test_calloc(count, sizeof(*items));
	struct correlation_bound all = {COMPARE_GTE, 3};
	struct correlation corr = ordered(3, AT(0, count), &all);
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < count; i++)
		items[i] = hit(AT(0, i), i % 2, 0, 0); // never the third rule
	seen = chains(&corr, series_of(items, count));
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
	expect_times(points(&corr, series_of(items, count)), NULL, 0);
	all.op = COMPARE_EQ; // each window has a chain of two
	expect_times(points(&corr, series_of(items, count)), NULL, 0);
	test_free(items);
}

// An alert uses up its hits, points do not: each hit with a chain in the time before it.
static void points_of_chains_may_share_hits(void **state)
{
	static const uint64_t expected[] = {AT(1, 0), AT(9, 0), AT(10, 0)};
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(10, 0), &all);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(9, 0), 1, 0, 0), hit(AT(10, 0), 0, 0, 0),
				hit(AT(10, 1), 0, 0, 0)};
	struct seen seen = chains(&corr, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(0, 0), AT(1, 0), AT(1, 0), 2);
	seen_release(&seen);
	expect_times(points(&corr, SERIES(items)), expected, 3);
}

// The chain lies in the part before, and alerts there; for points it is kept.
static void a_part_keeps_the_chains_that_points_need(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 2};
	struct correlation corr = ordered(2, AT(10, 0), &all);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(2, 0), 1, 0, 0)};
	struct series part = SERIES(items);
	struct seen seen = {.series = part};

	(void)state;
	part.is_last = false;
	assert_int_equal(window_run(&corr, &part, NULL, ignore, keep, &seen), 1);
	assert_int_equal(part.anchor, 3);
	assert_int_equal(part.point, 3);
	assert_int_equal(seen.count, 1);
	seen_release(&seen);
}

// The value is the length of the window's longest chain (4.3), which only the closed window
// tells: above the bound it is passed over, all of it.
static void an_upper_bound_is_compared_with_the_longest_chain(void **state)
{
	struct correlation_bound bound = {COMPARE_EQ, 2};
	struct correlation corr = ordered(3, AT(5, 0), &bound);
	struct input items[] = {hit(AT(0, 0), 0, 0, 0),	 hit(AT(1, 0), 1, 0, 0),
				hit(AT(2, 0), 2, 0, 0),	 hit(AT(10, 0), 1, 0, 0),
				hit(AT(11, 0), 0, 0, 0), hit(AT(12, 0), 2, 0, 0)};
	struct seen seen = {.series = SERIES(items)};
	struct series series = seen.series;

	(void)state;
	window_run(&corr, &series, NULL, keep, NULL, &seen);
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(10, 0), AT(12, 0), AT(12, 0), 2);
	seen_release(&seen);
	bound = (struct correlation_bound){COMPARE_LT, 3};
	expect_times(points(&corr, SERIES(items)), (const uint64_t[]){AT(12, 0)}, 1);
	bound = (struct correlation_bound){COMPARE_NEQ, 2};
	expect_times(points(&corr, SERIES(items)), (const uint64_t[]){AT(2, 0)}, 1);
}

// Two rules of one record do not follow each other, also where the window begins at the
// second of them.
static void a_closed_window_needs_different_records_as_well(void **state)
{
	struct correlation_bound bound = {COMPARE_EQ, 2};
	struct correlation corr = ordered(2, AT(5, 0), &bound);
	struct input items[] = {hit(7, 0, 0, 0), hit(7, 1, 0, 0), hit(8, 0, 0, 0)};
	struct series series = SERIES(items);

	(void)state;
	items[1].record = items[0].record;
	expect_times(points(&corr, series), NULL, 0);
	items[2].ref = 1;
	expect_times(points(&corr, series), (const uint64_t[]){8}, 1);
}

// ---- string conditions --------------------------------------------------

static struct expr a = {.kind = EXPR_SELECTION, .selection = 0};
static struct expr b = {.kind = EXPR_SELECTION, .selection = 1};

static struct seen expression(enum correlation_type type, struct expr *expr, struct series series)
{
	struct correlation corr = {
		.type = type, .rule_count = 2, .timespan = AT(5, 0), .expression = expr};
	struct seen seen = {.series = series};

	expression_run(&corr, &series, keep, NULL, &seen);
	return seen;
}

static void example_13_a_rule_that_stays_away(void **state)
{
	struct expr not_b = {.kind = EXPR_NOT, .kids = (struct expr *[]){&b}, .count = 1};
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &not_b}, .count = 2};
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(3, 0), 1, 0, 0),
				hit(AT(10, 0), 0, 0, 0), hit(AT(16, 0), 1, 0, 0)};
	struct seen seen = expression(CORR_TEMPORAL, &and, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(10, 0), AT(10, 0), AT(10, 0), 1);
	seen_release(&seen);
}

static void a_window_begins_at_a_rule_that_is_wanted(void **state)
{
	struct expr not_b = {.kind = EXPR_NOT, .kids = (struct expr *[]){&b}, .count = 1};
	struct input items[] = {hit(AT(0, 0), 0, 0, 0)};
	struct seen seen = expression(CORR_TEMPORAL, &not_b, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 0); // nothing occurs positively
	seen_release(&seen);
}

static void an_or_is_decided_at_its_first_hit(void **state)
{
	struct expr or = {.kind = EXPR_OR, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct input items[] = {hit(AT(0, 0), 1, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(2, 0), 0, 0, 0), hit(AT(3, 0), 0, 0, 0)};
	struct seen seen = expression(CORR_TEMPORAL, & or, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(0, 0), AT(0, 0), AT(3, 0), 2);
	seen_release(&seen);
	seen = expression(CORR_TEMPORAL, &and, SERIES(items));
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(0, 0), AT(2, 0), AT(3, 0), 2);
	seen_release(&seen);
}

static void the_ordered_type_wants_order_as_well(void **state)
{
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct input wrong[] = {hit(AT(0, 0), 1, 0, 0), hit(AT(1, 0), 0, 0, 0)};
	struct input right[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0)};
	struct series series = SERIES(right);
	struct seen seen = expression(CORR_TEMPORAL_ORDERED, &and, SERIES(wrong));

	(void)state;
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
	seen = expression(CORR_TEMPORAL_ORDERED, &and, series);
	assert_int_equal(seen.count, 1);
	seen_release(&seen);
	right[1].record = right[0].record;
	seen = expression(CORR_TEMPORAL_ORDERED, &and, series);
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
}

// Without a `not` more hits of the window change nothing.
static void the_ordered_type_is_decided_at_its_first_chain(void **state)
{
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(4, 0), 1, 0, 0)};
	struct seen seen = expression(CORR_TEMPORAL_ORDERED, &and, SERIES(items));

	(void)state;
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(0, 0), AT(1, 0), AT(4, 0), 2);
	seen_release(&seen);
}

static void points_of_a_string_condition(void **state)
{
	static const uint64_t expected[] = {AT(1, 0), AT(4, 0), AT(5, 0)};
	struct expr not_b = {.kind = EXPR_NOT, .kids = (struct expr *[]){&b}, .count = 1};
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct expr and_not = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &not_b}, .count = 2};
	struct correlation corr = {.rule_count = 2, .timespan = AT(5, 0), .expression = &and};
	struct input items[] = {hit(AT(0, 0), 0, 0, 0), hit(AT(1, 0), 1, 0, 0),
				hit(AT(4, 0), 1, 0, 0), hit(AT(5, 0), 1, 0, 0),
				hit(AT(6, 0), 0, 0, 0)};

	(void)state;
	corr.type = CORR_TEMPORAL_ORDERED;
	expect_times(points(&corr, SERIES(items)), expected, 3);
	corr.type = CORR_TEMPORAL;
	expect_times(points(&corr, SERIES(items)),
		     (const uint64_t[]){AT(1, 0), AT(4, 0), AT(5, 0), AT(6, 0)}, 4);
	corr.expression = &and_not; // only closed windows tell
	expect_times(points(&corr, SERIES(items)), (const uint64_t[]){AT(6, 0)}, 1);
}

// b b b ... a a a: each b sees both rules, never in order.
static void order_is_looked_for_in_logarithmic_time(void **state)
{
	const size_t count = 200000;
	struct input *items = test_calloc(count, sizeof(*items));
	struct expr and = {.kind = EXPR_AND, .kids = (struct expr *[]){&a, &b}, .count = 2};
	struct seen seen;

	(void)state;
	for (size_t i = 0; i < count; i++)
		items[i] = hit(i, i < count / 2, 0, 0);
	seen = expression(CORR_TEMPORAL_ORDERED, &and, series_of(items, count));
	assert_int_equal(seen.count, 0);
	seen_release(&seen);
	for (size_t i = 0; i < count; i++)
		items[i].ref = i + 1 == count; // in order at last
	seen = expression(CORR_TEMPORAL_ORDERED, &and, series_of(items, count));
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.items[0].trigger, count - 1);
	seen_release(&seen);
	test_free(items);
}

// a b a | c: the first a is still in the chain that c completes, though a later one is in
// the best chain of length 1. A series in parts must bring it again.
static void a_part_says_which_items_chains_still_need(void **state)
{
	struct correlation_bound all = {COMPARE_GTE, 3};
	struct correlation corr = ordered(3, AT(5, 0), &all);
	struct input items[] = {hit(AT(0, 0), 2, 0, 0), hit(AT(1, 0), 0, 0, 0),
				hit(AT(2, 0), 1, 0, 0), hit(AT(3, 0), 0, 0, 0),
				hit(AT(6, 0), 2, 0, 0)};
	struct series part = series_of(items, 4);
	struct seen seen = {.series = part};

	(void)state;
	part.is_last = false;
	assert_int_equal(window_run(&corr, &part, NULL, keep_chain, NULL, &seen), 1);
	assert_int_equal(seen.count, 0);
	seen = chains(&corr, SERIES(items));
	assert_int_equal(seen.count, 1);
	expect_finding(&seen, 0, AT(1, 0), AT(6, 0), AT(6, 0), 3);
	seen_release(&seen);
	items[3].time = AT(6, 1); // now those before it are too old
	part.anchor = 0;
	assert_int_equal(window_run(&corr, &part, NULL, keep_chain, NULL, &seen), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_6_order_matters),
		cmocka_unit_test(the_latest_start_is_kept),
		cmocka_unit_test(an_expired_start_does_not_hide_a_later_one),
		cmocka_unit_test(a_chain_needs_different_records),
		cmocka_unit_test(a_part_says_which_items_chains_still_need),
		cmocka_unit_test(points_of_chains_may_share_hits),
		cmocka_unit_test(a_part_keeps_the_chains_that_points_need),
		cmocka_unit_test(an_upper_bound_is_compared_with_the_longest_chain),
		cmocka_unit_test(a_closed_window_needs_different_records_as_well),
		cmocka_unit_test(a_shorter_chain_may_do),
		cmocka_unit_test(hits_of_a_chain_are_consumed),
		cmocka_unit_test(a_condition_that_no_length_meets_gives_nothing),
		cmocka_unit_test(long_series_of_chains_take_linear_time),
		cmocka_unit_test(example_13_a_rule_that_stays_away),
		cmocka_unit_test(a_window_begins_at_a_rule_that_is_wanted),
		cmocka_unit_test(an_or_is_decided_at_its_first_hit),
		cmocka_unit_test(the_ordered_type_wants_order_as_well),
		cmocka_unit_test(the_ordered_type_is_decided_at_its_first_chain),
		cmocka_unit_test(points_of_a_string_condition),
		cmocka_unit_test(order_is_looked_for_in_logarithmic_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
