// SPDX-License-Identifier: Apache-2.0
// From hits to alerts: groups, aliases, chains of correlations, spelling, order.
#include "series.h"

#include "correlate/correlate.h"

struct setup {
	struct arena arena;
	struct ruleset *set;
	struct matcher *matcher;
	struct match_state *state;
	struct spill *spill;
	struct correlations *correlations;
	struct correlator *correlator;
	struct arena kept;  // alerts
	struct buf members; // sequences of their records
	struct corr_alert *alerts;
	size_t count;
	uint64_t sequence;
};

#define BASE(name, condition)                                                                      \
	"title: " name "\nname: " name "\nlogsource: {product: windows}\n"                         \
	"detection: {s: {" condition "}, condition: s}\n---\n"
#define CORRELATION(name, body) "title: " name "\nname: " name "\ncorrelation: {" body "}\n---\n"

static struct setup *setup_text(struct str rules)
{
	struct setup *s = test_calloc(1, sizeof(*s));

	s->set = good_rules(rules);
	s->matcher = matcher_new(s->set);
	s->state = match_state_new(s->matcher, true);
	s->spill = spill_new();
	s->correlations = correlations_new(s->set, UINT64_MAX);
	s->correlator = correlator_new(s->correlations, SIZE_MAX, s->spill);
	return s;
}

static struct setup *setup(const char *rules)
{
	return setup_text(str_from(rules));
}

static void done(struct setup *s)
{
	correlator_free(s->correlator);
	correlations_free(s->correlations);
	spill_free(s->spill);
	arena_release(&s->kept);
	buf_release(&s->members);
	free(s->alerts);
	match_state_free(s->state);
	matcher_free(s->matcher);
	ruleset_free(s->set);
	arena_release(&s->arena);
	test_free(s);
}

static enum rc feed_record(struct setup *s, const struct event *event,
			   const struct corr_record *record, struct err *err)
{
	const struct match *matches;
	size_t count = match_event(s->state, event, NULL, &matches);
	enum rc rc = RC_OK;

	for (size_t i = 0; i < count && rc == RC_OK; i++) {
		if (correlator_wants(s->correlator, matches[i].rule))
			rc = correlator_feed(s->correlator, &matches[i], s->state, record, err);
	}
	arena_reset(&s->arena);
	return rc;
}

static void feed_event(struct setup *s, uint64_t time, const struct event *event)
{
	struct corr_record record = {.sequence = s->sequence++, .time = time};
	struct err err;

	assert_int_equal(feed_record(s, event, &record, &err), RC_OK);
}

#define FEED(s, time, ...)                                                                         \
	do {                                                                                       \
		struct event fed = EVENT(&(s)->arena, __VA_ARGS__);                                \
		feed_event(s, time, &fed);                                                         \
	} while (0)

// Alerts are good until this returns.
static void keep_alerts(void *user, const struct corr_alert *alerts, size_t count)
{
	struct setup *s = user;

	s->alerts = mem_realloc(s->alerts, (s->count + count) * sizeof(*s->alerts));
	for (size_t i = 0; i < count; i++) {
		struct corr_alert *alert = &s->alerts[s->count++];
		struct corr_pair *pairs =
			arena_array(&s->kept, alerts[i].group_count, sizeof(*pairs));
		struct str *values = arena_array(&s->kept, alerts[i].value_count, sizeof(*values));

		for (size_t k = 0; k < alerts[i].group_count; k++)
			pairs[k] =
				(struct corr_pair){alerts[i].group[k].name,
						   arena_str(&s->kept, alerts[i].group[k].value)};
		for (size_t k = 0; k < alerts[i].value_count; k++)
			values[k] = arena_str(&s->kept, alerts[i].values[k]);
		*alert = alerts[i];
		for (size_t k = 0; k < alert->member_count; k++)
			buf_printf(&s->members, "%d ", (int)alert->members[k].record->sequence);
		alert->group = pairs;
		alert->values = values;
	}
}

static size_t run(struct setup *s)
{
	struct err err;

	assert_int_equal(correlations_run(s->correlations, &s->correlator, 1, keep_alerts, s, &err),
			 RC_OK);
	return s->count;
}

static void groups_do_not_mix_and_ignore_case(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c",
		"type: event_count, rules: a, group-by: U, timespan: 5m, condition: {gte: 2}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "U", "BOB");
	FEED(s, AT(1, 0), "F", "1", "U", "alice");
	FEED(s, AT(2, 0), "F", "1", "U", "bob");
	FEED(s, AT(3, 0), "F", "1");
	assert_int_equal(run(s), 1);
	assert_int_equal(s->alerts[0].group_count, 1);
	expect_str(s->alerts[0].group[0].value, STR("BOB"));
	assert_int_equal(s->alerts[0].member_total, 2);
	done(s);
}

// A name in front of those that begin with it; a NUL is a character.
static void records_of_one_time_are_ordered_by_their_texts(void **state)
{
	static const struct str names[] = {STR_INIT("a"), STR_INIT("a\0"), STR_INIT("a\0b"),
					   STR_INIT("ab")};
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: event_count, rules: a, timespan: 5m, condition: {gte: 8}"));
	struct err err;

	(void)state;
	for (size_t i = 8; i > 0; i--) {
		struct corr_record record = {.sequence = i,
					     .computer = names[(i - 1) / 2 % 4],
					     .channel = names[(i - 1) % 2]};
		struct event event = EVENT(&s->arena, "F", "1");

		assert_int_equal(feed_record(s, &event, &record, &err), RC_OK);
	}
	assert_int_equal(run(s), 1);
	expect_str(buf_str(&s->members), STR("1 2 3 4 5 6 7 8 "));
	done(s);
}

// What is not there any more when it is needed ends the run, with a reason.
static void a_temporary_file_that_fails_is_told(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: event_count, rules: a, timespan: 5m, condition: {gte: 1}"));
	struct err err = {""};

	(void)state;
	correlator_free(s->correlator);
	s->correlator = correlator_new(s->correlations, 100, s->spill);
	FEED(s, AT(0, 0), "F", "1");
	FEED(s, AT(0, 1), "F", "1");
	spill_clear(s->spill);
	assert_int_equal(correlations_run(s->correlations, &s->correlator, 1, keep_alerts, s, &err),
			 RC_FATAL);
	expect_str(str_from(err.text),
		   STR("cannot read hits back from the temporary file: Input/output error"));
	assert_int_equal(s->count, 0);
	done(s);
}

// An empty text is no missing one, where it is the last of what is kept as well.
static void an_empty_field_is_there_for_correlations_above(void **state)
{
	static const char *const groups[] = {"U",
					     "V"}; // of the inner one: U is its group, or passed on

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct buf rules = {0};
		struct setup *s;

		buf_printf(&rules,
			   BASE("a", "F: 1") BASE("b", "F: 2") CORRELATION(
				   "many", "type: event_count, rules: a, group-by: %s, "
					   "timespan: 5m, condition: {gte: 2}")
				   CORRELATION("c", "type: temporal_ordered, rules: [many, b], "
						    "group-by: U, timespan: 5m"),
			   groups[i]);
		s = setup_text(buf_str(&rules));
		FEED(s, AT(0, 0), "F", "1", "U", "", "V", "x");
		FEED(s, AT(0, 1), "F", "1", "U", "", "V", "x");
		FEED(s, AT(0, 2), "F", "2", "U", "");
		assert_int_equal(run(s), 1);
		done(s);
		buf_release(&rules);
	}
}

// Points that cannot be kept end the run, whatever comes behind them.
static void points_that_do_not_fit_anywhere_are_told(void **state)
{
	struct setup *s;
	struct err err = {""};

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	s = setup(BASE("a", "F: 1") CORRELATION(
		"many", "type: event_count, rules: a, group-by: U, timespan: 5m, "
			"condition: {gte: 2}")
			  CORRELATION("c", "type: event_count, rules: many, timespan: 1h, "
					   "condition: {gte: 2}"));
	unsetenv("TMPDIR");
	for (unsigned i = 0; i < 3001; i++) {
		char user[16];

		snprintf(user, sizeof(user), "user %04u", i);
		FEED(s, AT(0, 0), "F", "1", "U", user);
		if (i < 3000) // the last makes no point
			FEED(s, AT(0, 1), "F", "1", "U", user);
	}
	assert_int_equal(correlations_run(s->correlations, &s->correlator, 1, keep_alerts, s, &err),
			 RC_FATAL);
	expect_str(str_from(err.text), STR("cannot keep hits in a temporary file in /nonexistent "
					   "(TMPDIR): No such file or "
					   "directory"));
	done(s);
}

static void groups_of_two_fields_are_the_same_only_field_by_field(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: event_count, rules: a, group-by: [U, V], timespan: 5m, "
		     "condition: {gte: 2}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "U", "a", "V", "bc");
	FEED(s, AT(1, 0), "F", "1", "U", "ab", "V", "c");
	assert_int_equal(run(s), 0);
	done(s);
}

static void hits_that_lack_a_field_are_counted_apart(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: value_sum, rules: a, group-by: U, timespan: 5m, "
		     "condition: {field: V, gt: 0}"));
	const struct corr_diagnostic *diagnostics;

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "V", "1");
	FEED(s, AT(0, 1), "F", "1", "U", "x");
	FEED(s, AT(0, 2), "F", "1", "U", "x", "V", "-");
	FEED(s, AT(0, 3), "F", "1", "U", "x", "V", "1e999"); // would stay in every sum
	FEED(s, AT(0, 4), "F", "1", "U", "x", "V", "0x10");
	assert_int_equal(run(s), 1);
	assert_true(s->alerts[0].value > 15.5 && s->alerts[0].value < 16.5);
	assert_int_equal(correlations_diagnostics(s->correlations, &diagnostics), 1);
	assert_int_equal(diagnostics[0].without_group, 1);
	assert_int_equal(diagnostics[0].without_value, 3);
	done(s);
}

// Files may be read in any order: what is shown is the earliest spelling.
static void spelling_does_not_depend_on_the_order_of_feeding(void **state)
{
	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
			"c", "type: event_count, rules: a, group-by: U, timespan: 5m, "
			     "condition: {gte: 2}"));

		FEED(s, backwards ? AT(1, 0) : AT(0, 0), "F", "1", "U", backwards ? "BOB" : "bob");
		FEED(s, backwards ? AT(0, 0) : AT(1, 0), "F", "1", "U", backwards ? "bob" : "BOB");
		assert_int_equal(run(s), 1);
		expect_str(s->alerts[0].group[0].value, STR("bob"));
		done(s);
	}
}

// Each field as it stands in the record, whatever another field makes of it.
static void fields_of_a_group_keep_their_own_spelling(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: event_count, rules: a, group-by: [U, V], timespan: 5m, "
		     "condition: {gte: 1}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "U", "bob", "V", "BOB");
	assert_int_equal(run(s), 1);
	expect_str(s->alerts[0].group[0].value, STR("bob"));
	expect_str(s->alerts[0].group[1].value, STR("BOB"));
	done(s);
}

static void example_15_aliases(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") BASE("b", "F: 2") CORRELATION(
		"c", "type: temporal, rules: [a, b], group-by: u, timespan: 5m, "
		     "aliases: {u: {a: TargetUserName, b: User}}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "TargetUserName", "BOB", "User", "x");
	FEED(s, AT(1, 0), "F", "2", "User", "bob", "TargetUserName", "y");
	assert_int_equal(run(s), 1);
	expect_str(s->alerts[0].group[0].name, STR("u"));
	done(s);
}

static void example_5_success_after_failures(void **state)
{
	static const uint64_t failures[] = {AT(0, 0), AT(1, 0), AT(2, 0), AT(3, 0),
					    AT(8, 0), AT(9, 0), AT(9, 30)};
	struct setup *s =
		setup(BASE("fail", "F: 1") BASE("success", "F: 2") CORRELATION(
			"many", "type: event_count, rules: fail, group-by: U, timespan: 10m, "
				"condition: {gte: 3}")
			      CORRELATION("both", "type: temporal_ordered, rules: [many, success], "
						  "group-by: U, timespan: 10m"));

	(void)state;
	for (size_t i = 0; i < 7; i++)
		FEED(s, failures[i], "F", "1", "U", "x");
	FEED(s, AT(14, 0), "F", "2", "U", "x");
	assert_int_equal(run(s), 1); // the inner one is hidden
	expect_str(s->alerts[0].rule->name, STR("both"));
	assert_int_equal(s->alerts[0].first, AT(9, 30));
	assert_int_equal(s->alerts[0].trigger, AT(14, 0));
	done(s);
}

static void a_record_counts_once_however_many_rules_it_matches(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") BASE("b", "F: 1") CORRELATION(
		"c", "type: event_count, rules: [a, b], timespan: 5m, condition: {gte: 2}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1");
	assert_int_equal(run(s), 0);
	done(s);
}

// What lies further apart is never looked at together.
static void hits_as_far_apart_as_the_timespan_are_together(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: event_count, rules: a, timespan: 5m, condition: {gte: 2}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1");
	FEED(s, AT(5, 0), "F", "1");
	FEED(s, AT(10, 0) + 1, "F", "1");
	assert_int_equal(run(s), 1);
	assert_int_equal(s->alerts[0].last, AT(5, 0));
	done(s);
}

static void tuples_are_distinct_as_a_whole(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c",
		"type: value_count, rules: a, timespan: 5m, condition: {field: [U, V], gte: 3}"));

	(void)state;
	FEED(s, AT(0, 0), "F", "1", "U", "x", "V", "y");
	FEED(s, AT(0, 1), "F", "1", "U", "x", "V", "z");
	FEED(s, AT(0, 2), "F", "1", "U", "X", "V", "Z");
	FEED(s, AT(0, 3), "F", "1", "U", "y", "V", "x");
	assert_int_equal(run(s), 1);
	assert_int_equal(s->alerts[0].trigger, AT(0, 3));
	assert_int_equal(s->alerts[0].value_total, 3);
	done(s);
}

// Each level has two ways to the one below: neither work nor points may double.
static void layers_of_correlations_do_not_multiply(void **state)
{
	struct buf text = {0};
	struct setup *s;

	(void)state;
	buf_put_text(&text, BASE("a0", "F: 1") BASE("b0", "F: 1"));
	for (int i = 1; i < 60; i++) {
		for (char c = 'a'; c <= 'b'; c++)
			buf_printf(&text,
				   "title: t\nname: %c%d\ncorrelation: {type: temporal, "
				   "rules: [a%d, b%d], group-by: U, timespan: 5m}\n---\n",
				   c, i, i - 1, i - 1);
	}
	s = setup_text(buf_str(&text));
	for (int i = 0; i < 10; i++)
		FEED(s, AT(0, i), "F", "1", "U", "x");
	assert_int_equal(run(s), 2); // the two at the top
	done(s);
	buf_release(&text);
}

static void members_and_values_are_capped_and_totals_are_not(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: value_count, rules: a, timespan: 1h, condition: {field: V, gte: 2}"));

	(void)state;
	for (unsigned i = 0; i < 1500; i++) {
		char value[16];

		snprintf(value, sizeof(value), "v%u", i);
		FEED(s, AT(0, i), "F", "1", "V", value);
	}
	assert_int_equal(run(s), 1);
	assert_int_equal(s->alerts[0].member_total, 1500);
	assert_int_equal(s->alerts[0].member_count, 1000);
	assert_int_equal(s->alerts[0].value_total, 1500);
	assert_int_equal(s->alerts[0].value_count, 100);
	expect_str(s->alerts[0].values[0], STR("v0"));
	done(s);
}

static void as_many_groups_as_hits_take_linear_time(void **state)
{
	struct setup *s = setup(BASE("a", "F: 1") CORRELATION(
		"c", "type: value_count, rules: a, group-by: U, timespan: 1h, "
		     "condition: {field: U, gte: 2}"));

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		char value[16];

		snprintf(value, sizeof(value), "v%u", i);
		FEED(s, AT(0, i), "F", "1", "U", value);
	}
	assert_int_equal(run(s), 0);
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_do_not_mix_and_ignore_case),
		cmocka_unit_test(records_of_one_time_are_ordered_by_their_texts),
		cmocka_unit_test(a_temporary_file_that_fails_is_told),
		cmocka_unit_test(an_empty_field_is_there_for_correlations_above),
		cmocka_unit_test(points_that_do_not_fit_anywhere_are_told),
		cmocka_unit_test(groups_of_two_fields_are_the_same_only_field_by_field),
		cmocka_unit_test(hits_that_lack_a_field_are_counted_apart),
		cmocka_unit_test(spelling_does_not_depend_on_the_order_of_feeding),
		cmocka_unit_test(fields_of_a_group_keep_their_own_spelling),
		cmocka_unit_test(example_15_aliases),
		cmocka_unit_test(example_5_success_after_failures),
		cmocka_unit_test(a_record_counts_once_however_many_rules_it_matches),
		cmocka_unit_test(hits_as_far_apart_as_the_timespan_are_together),
		cmocka_unit_test(tuples_are_distinct_as_a_whole),
		cmocka_unit_test(layers_of_correlations_do_not_multiply),
		cmocka_unit_test(members_and_values_are_capped_and_totals_are_not),
		cmocka_unit_test(as_many_groups_as_hits_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
