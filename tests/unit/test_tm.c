// SPDX-License-Identifier: Apache-2.0
// Time. Expected ticks and weeks were computed with Python's datetime.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/tm.h"

static void expect_format(uint64_t ticks, const char *text)
{
	char out[TM_TEXT_SIZE];

	assert_int_equal(tm_format(ticks, out), strlen(text));
	assert_string_equal(out, text);
}

static void expect_ticks(const char *text, bool use_offset, uint64_t expected)
{
	uint64_t ticks = 1;

	if (!tm_parse(str_from(text), use_offset, &ticks))
		fail_msg("'%s' was refused", text);
	if (ticks != expected)
		fail_msg("'%s' became %llu", text, (unsigned long long)ticks);
}

static void expect_no_time(struct str text)
{
	uint64_t ticks;

	if (tm_parse(text, true, &ticks))
		fail_msg("'%.*s' was taken for a time", STR_ARG(text));
}

static void ticks_are_printed_with_seven_digits(void **state)
{
	(void)state;
	expect_format(0, "1601-01-01T00:00:00.0000000Z");
	expect_format(1, "1601-01-01T00:00:00.0000001Z");
	expect_format(TM_UNIX_EPOCH, "1970-01-01T00:00:00.0000000Z");
	expect_format(UINT64_C(134399171321234567), "2026-11-23T14:18:52.1234567Z");
	expect_format(UINT64_C(125963423990000000), "2000-02-29T23:59:59.0000000Z");
	expect_format(TM_YEAR_10000 - 1, "9999-12-31T23:59:59.9999999Z");
}

static void ticks_behind_the_year_9999_are_a_number(void **state)
{
	struct tm_parts parts;

	(void)state;
	expect_format(TM_YEAR_10000, "2650467744000000000");
	expect_format(UINT64_MAX, "18446744073709551615");
	assert_false(tm_split(TM_YEAR_10000, &parts));
	assert_false(tm_split(UINT64_MAX, &parts));
}

static void weeks_follow_iso_8601(void **state)
{
	static const struct {
		int year, month, day, week;
	} days[] = {
		{1601, 1, 1, 1},   {1970, 1, 1, 1},    {2000, 2, 29, 9},   {2005, 1, 1, 53},
		{2008, 12, 29, 1}, {2009, 12, 31, 53}, {2010, 1, 3, 53},   {2020, 12, 31, 53},
		{2021, 1, 3, 53},  {2021, 1, 4, 1},    {2026, 11, 23, 48}, {9999, 12, 31, 52},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct tm_parts parts = {
			.year = days[i].year, .month = days[i].month, .day = days[i].day};
		uint64_t ticks;

		assert_true(tm_join(&parts, &ticks));
		assert_true(tm_split(ticks, &parts));
		assert_int_equal(parts.week, days[i].week);
	}
}

static void every_day_survives_split_and_join(void **state)
{
	const uint64_t day = 86400 * TM_TICKS_PER_SECOND;
	struct tm_parts before = {.year = 1600, .month = 12, .day = 31};

	(void)state;
	for (uint64_t ticks = 0; ticks < TM_YEAR_10000; ticks += day) {
		struct tm_parts parts;
		uint64_t again;
		bool next_day;

		assert_true(tm_split(ticks, &parts));
		assert_true(tm_join(&parts, &again));
		assert_true(again == ticks);
		next_day =
			(parts.year == before.year && parts.month == before.month &&
			 parts.day == before.day + 1) ||
			(parts.day == 1 && (parts.month == before.month + 1 ||
					    (parts.month == 1 && parts.year == before.year + 1)));
		if (!next_day)
			fail_msg("%d-%d-%d is out of turn", parts.year, parts.month, parts.day);
		before = parts;
	}
}

static void parts_out_of_range_do_not_join(void **state)
{
	static const struct tm_parts bad[] = {
		{.year = 1600, .month = 12, .day = 31},
		{.year = 10000, .month = 1, .day = 1},
		{.year = 2026, .month = 0, .day = 1},
		{.year = 2026, .month = 13, .day = 1},
		{.year = 2026, .month = 1, .day = 0},
		{.year = 2026, .month = 4, .day = 31},
		{.year = 2026, .month = 2, .day = 29},
		{.year = 1900, .month = 2, .day = 29},
		{.year = 2026, .month = 1, .day = 1, .hour = 24},
		{.year = 2026, .month = 1, .day = 1, .minute = 60},
		{.year = 2026, .month = 1, .day = 1, .second = 60},
		{.year = 2026, .month = 1, .day = 1, .hour = -1},
		{.year = 2026, .month = 1, .day = 1, .fraction = 10000000},
	};
	struct tm_parts leap = {.year = 2000, .month = 2, .day = 29};
	uint64_t ticks;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tm_join(&bad[i], &ticks));
	assert_true(tm_join(&leap, &ticks));
	leap.year = 2024;
	assert_true(tm_join(&leap, &ticks));
}

static void timestamps_are_read_in_their_usual_forms(void **state)
{
	const uint64_t t = UINT64_C(134399171320000000);

	(void)state;
	expect_ticks("2026-11-23T14:18:52.1234567Z", true, t + 1234567);
	expect_ticks("2026-11-23 14:18:52.1234567", true, t + 1234567);
	expect_ticks("2026-11-23T14:18:52.123456789Z", true, t + 1234567);
	expect_ticks("2026-11-23T14:18:52.5z", true, t + 5000000);
	expect_ticks("2026-11-23T14:18:52", true, t);
	expect_ticks("2026-11-23T14:18Z", true, t - 52 * TM_TICKS_PER_SECOND);
	expect_ticks(" 1970-01-01\t", true, TM_UNIX_EPOCH);
	expect_ticks("1601-01-01", true, 0);
}

static void an_offset_is_applied_on_demand(void **state)
{
	const uint64_t hour = 3600 * TM_TICKS_PER_SECOND;

	(void)state;
	expect_ticks("1970-01-01T02:00:00+02:00", true, TM_UNIX_EPOCH);
	expect_ticks("1969-12-31T18:30:00-05:30", true, TM_UNIX_EPOCH);
	expect_ticks("1970-01-01T02:00:00+0200", true, TM_UNIX_EPOCH);
	expect_ticks("1970-01-01T02:00:00+02:00", false, TM_UNIX_EPOCH + 2 * hour);
	expect_ticks("1601-01-01T01:00:00+01:00", true, 0);
	expect_ticks("1601-01-01T00:00:00+01:00", false, 0);
}

static void an_offset_that_leaves_the_calendar_is_refused(void **state)
{
	(void)state;
	expect_no_time(STR("1601-01-01T00:00:00+01:00"));
	expect_no_time(STR("9999-12-31T23:30:00-01:00"));
}

static void what_is_no_timestamp_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11",
		"2026-1-2",
		"2026-11-31",
		"2026-11-23T",
		"2026-11-23T14",
		"2026-11-23T14:1",
		"2026-11-23T14:18:",
		"2026-11-23T14:18:52.",
		"2026-11-23T14:18:52.1234567890",
		"2026-11-23T24:00:00Z",
		"2026-11-23T14:18:60Z",
		"2026-11-23T14:18:52+",
		"2026-11-23T14:18:52+2",
		"2026-11-23T14:18:52+02:60",
		"2026-11-23T14:18:52+24:00",
		"2026-11-23T14:18:52ZZ",
		"2026-11-23T14:18:52 UTC",
		"x2026-11-23",
		"+2026-11-23",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect_no_time(str_from(bad[i]));
	expect_no_time(STR("2026-11-23\0"));
	expect_no_time((struct str){NULL, 0});
}

static void spans_have_a_count_and_a_unit(void **state)
{
	// 2,629,746 seconds are a twelfth of 365.2425 days.
	static const struct {
		const char *text;
		uint64_t seconds;
	} good[] = {{"90s", 90},     {"15m", 900},    {"12h", 43200},	{"30d", 2592000},
		    {"2w", 1209600}, {"1M", 2629746}, {"1y", 31556952}, {"007d", 604800}};
	static const char *const bad[] = {"",
					  "s",
					  "5",
					  "0s",
					  "-1s",
					  "1.5h",
					  "1 h",
					  "1D",
					  "1ms",
					  "h1",
					  "99999999999999999999s",
					  "999999999999999y"};
	uint64_t ticks;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(tm_parse_span(str_from(good[i].text), &ticks));
		assert_true(ticks == good[i].seconds * TM_TICKS_PER_SECOND);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (tm_parse_span(str_from(bad[i]), &ticks))
			fail_msg("'%s' was accepted", bad[i]);
	}
}

static void microseconds_count_from_1970(void **state)
{
	(void)state;
	assert_int_equal(tm_unix_micros(TM_UNIX_EPOCH), 0);
	assert_int_equal(tm_unix_micros(TM_UNIX_EPOCH + 19), 1);
	assert_int_equal(tm_unix_micros(TM_UNIX_EPOCH - 1), -1);
	assert_int_equal(tm_unix_micros(0), INT64_C(-11644473600000000));
	assert_true(tm_unix_micros(UINT64_MAX) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_are_printed_with_seven_digits),
		cmocka_unit_test(ticks_behind_the_year_9999_are_a_number),
		cmocka_unit_test(weeks_follow_iso_8601),
		cmocka_unit_test(every_day_survives_split_and_join),
		cmocka_unit_test(parts_out_of_range_do_not_join),
		cmocka_unit_test(timestamps_are_read_in_their_usual_forms),
		cmocka_unit_test(an_offset_is_applied_on_demand),
		cmocka_unit_test(an_offset_that_leaves_the_calendar_is_refused),
		cmocka_unit_test(what_is_no_timestamp_is_refused),
		cmocka_unit_test(spans_have_a_count_and_a_unit),
		cmocka_unit_test(microseconds_count_from_1970),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
