// SPDX-License-Identifier: Apache-2.0
// Time zones. What clocks showed is as Python's zoneinfo says, which reads the database by
// itself; its seconds of offset (before 1900, mostly) are dropped.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/zone.h"

static struct zone load(const char *name)
{
	struct zone zone;
	struct err err = {""};

	if (zone_load(str_from(name), &zone, &err) != RC_OK)
		fail_msg("%s", err.text);
	return zone;
}

// The test ends where this machine has no database.
static struct zone named(const char *name)
{
	if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) {
		print_message("no time zone database: the package tzdata is missing\n");
		skip();
	}
	return load(name);
}

static uint64_t ticks_of(const char *text)
{
	uint64_t ticks = 0;

	if (!tm_parse(str_from(text), true, &ticks))
		fail_msg("'%s' is no time", text);
	return ticks;
}

static void expect_shown(const struct zone *zone, const char *instant, const char *expected)
{
	char out[ZONE_TEXT_SIZE];

	assert_int_equal(zone_format(zone, ticks_of(instant), out), strlen(expected));
	assert_string_equal(out, expected);
}

static void expect_read(const struct zone *zone, const char *text, const char *earliest,
			const char *latest)
{
	char out[ZONE_TEXT_SIZE];
	uint64_t ticks;

	assert_true(zone_parse(zone, str_from(text), ZONE_EARLIEST, &ticks));
	tm_format(ticks, out);
	assert_string_equal(out, earliest);
	assert_true(zone_parse(zone, str_from(text), ZONE_LATEST, &ticks));
	tm_format(ticks, out);
	assert_string_equal(out, latest);
}

// ---- names --------------------------------------------------------------

static void utc_is_what_it_was(void **state)
{
	static const char *const instants[] = {
		"1601-01-01T00:00:00.0000000Z", "1969-12-31T23:59:59.9999999Z",
		"2026-11-23T14:18:52.1234567Z", "9999-12-31T23:59:59.9999999Z"};
	struct zone utc = load("UTC");
	struct zone small = load("utc");
	char out[ZONE_TEXT_SIZE];

	(void)state;
	assert_true(zone_is_utc(NULL) && zone_is_utc(&utc) && zone_is_utc(&small));
	assert_string_equal(zone_name(NULL), "UTC");
	assert_string_equal(zone_name(&small), "UTC");
	for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
		expect_shown(NULL, instants[i], instants[i]);
		expect_shown(&utc, instants[i], instants[i]);
		assert_int_equal(zone_clock(NULL, ticks_of(instants[i])), ticks_of(instants[i]));
	}
	assert_int_equal(zone_format_short(NULL, ticks_of(instants[2]), out), 19);
	assert_string_equal(out, "2026-11-23 14:18:52");
	expect_read(NULL, "2026-11-23", "2026-11-23T00:00:00.0000000Z",
		    "2026-11-23T23:59:59.9999999Z");
}

static void offsets_shift_by_minutes(void **state)
{
	struct zone east = load("+01:00");
	struct zone west = load("-0530");
	struct zone far = load("+23:59");
	struct zone none = load("-00:00");
	char out[ZONE_TEXT_SIZE];

	(void)state;
	assert_string_equal(zone_name(&west), "-05:30");
	expect_shown(&east, "2026-11-26T12:00:00Z", "2026-11-26T13:00:00.0000000+01:00");
	expect_shown(&west, "2026-11-26T02:00:00.1234567Z", "2026-11-25T20:30:00.1234567-05:30");
	expect_shown(&far, "2026-11-26T12:00:00Z", "2026-11-27T11:59:00.0000000+23:59");
	expect_shown(&none, "2026-11-26T12:00:00Z", "2026-11-26T12:00:00.0000000+00:00");
	assert_int_equal(zone_format_short(&west, ticks_of("2026-11-26T02:00:00Z"), out), 25);
	assert_string_equal(out, "2026-11-25 20:30:00-05:30");
	assert_int_equal(zone_minutes(&west, ticks_of("2026-11-26T02:00:00Z")), -330);
}

static void what_is_no_zone_is_refused(void **state)
{
	static const char *const names[] = {
		"",
		"+1",
		"+24:00",
		"+01:60",
		"01:00",
		"+01:0",
		"+0100 ",
		"+01-00",
		"Z",
		"Europe/Berlni",
		"Europe",
		"Europe/",
		"/Europe/Berlin",
		":Europe/Berlin",
		"Europe//Berlin",
		"Europe/../Europe/Berlin",
		"../etc/passwd",
		"./UTC",
		"/usr/share/zoneinfo/Europe/Berlin",
		"tzdata.zi",
		"leapseconds",
		"zone.tab",
		"CET-1CEST,M3.5.0,M10.5.0/3",
		"Europe/Berlin\n",
		"Europe/\033[31m",
		"EUROPE/BERLIN",
		"right/Europe/Berlin",
		"A/very/long/name/that/is/no/zone/and/never/will/be/because/it/is/too/long",
	};
	struct zone zone;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		err.text[0] = '\0';
		if (zone_load(str_from(names[i]), &zone, &err) != RC_FAILED)
			fail_msg("'%s' was taken for a zone", names[i]);
		assert_true(err.text[0] != '\0');
	}
}

static void set_variable(const char *value)
{
	if (value == NULL)
		unsetenv("TZ");
	else
		setenv("TZ", value, 1);
}

static void local_is_what_the_variable_says(void **state)
{
	static const char *const refused[] = {"Europe/Berlni",
					      "/etc/passwd",
					      "/nowhere",
					      "CE-1",
					      "XYZ",
					      "EST5foo!",
					      "XYZ99",
					      "EST5EDT,M3!",
					      "EST5EDT99",
					      "<CET-1",
					      "../Europe/Berlin",
					      "::UTC",
					      ":"};
	static const char winter[] = "2026-01-01T00:00:00Z";
	static const char summer[] = "2026-07-01T00:00:00Z";
	struct zone zone;

	(void)state;
	set_variable("CET-1CEST,M3.5.0,M10.5.0/3");
	zone = load("local");
	assert_string_equal(zone_name(&zone), "local");
	expect_shown(&zone, winter, "2026-01-01T01:00:00.0000000+01:00");
	expect_shown(&zone, summer, "2026-07-01T02:00:00.0000000+02:00");
	set_variable("<-0330>3:30");
	zone = load("LOCAL");
	expect_shown(&zone, winter, "2025-12-31T20:30:00.0000000-03:30");
	set_variable("");
	zone = load("local");
	expect_shown(&zone, winter, "2026-01-01T00:00:00.0000000Z");
	set_variable(":UTC");
	zone = load("local");
	expect_shown(&zone, winter, "2026-01-01T00:00:00.0000000Z");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		set_variable(refused[i]);
		if (zone_load(STR("local"), &zone, NULL) != RC_FAILED)
			fail_msg("TZ=%s was taken for a zone", refused[i]);
	}
	set_variable(NULL); // whatever this machine has
	zone = load("local");
	assert_true(strcmp(zone_name(&zone), "local") == 0 || zone_is_utc(&zone));
}

static void local_reads_the_database(void **state)
{
	struct zone zone = named("UTC");

	(void)state;
	set_variable(":Asia/Kolkata");
	zone = load("local");
	expect_shown(&zone, "2026-11-23T14:18:52Z", "2026-11-23T19:48:52.0000000+05:30");
	set_variable("/usr/share/zoneinfo/Asia/Kolkata");
	zone = load("local");
	expect_shown(&zone, "2026-11-23T14:18:52Z", "2026-11-23T19:48:52.0000000+05:30");
	set_variable("right/Asia/Kolkata");
	assert_int_equal(zone_load(STR("local"), &zone, NULL), RC_FAILED);
}

// A library that knows no file of the zone would take it for UTC.
static void another_database_is_read_where_it_is(void **state)
{
	struct zone zone = named("UTC");

	(void)state;
	setenv("TZDIR", "/usr/share/zoneinfo/Asia", 1);
	zone = load("Kolkata");
	expect_shown(&zone, "2026-11-23T14:18:52Z", "2026-11-23T19:48:52.0000000+05:30");
	assert_int_equal(zone_load(STR("Europe/Berlin"), &zone, NULL), RC_FAILED);
	setenv("TZDIR", "zoneinfo", 1); // relative: not looked at
	zone = load("Asia/Kolkata");
	unsetenv("TZDIR");
}

// ---- showing ------------------------------------------------------------

static void the_clock_changes_to_the_tick(void **state)
{
	struct zone zone = named("Europe/Berlin");

	(void)state;
	assert_string_equal(zone_name(&zone), "Europe/Berlin");
	expect_shown(&zone, "2024-03-31T00:59:59Z", "2024-03-31T01:59:59.0000000+01:00");
	expect_shown(&zone, "2024-03-31T00:59:59.9999999Z", "2024-03-31T01:59:59.9999999+01:00");
	expect_shown(&zone, "2024-03-31T01:00:00Z", "2024-03-31T03:00:00.0000000+02:00");
	expect_shown(&zone, "2024-10-27T00:59:59.9999999Z", "2024-10-27T02:59:59.9999999+02:00");
	expect_shown(&zone, "2024-10-27T01:00:00Z", "2024-10-27T02:00:00.0000000+01:00");
	zone = load("Asia/Kolkata");
	expect_shown(&zone, "2026-11-23T14:18:52.1234567Z", "2026-11-23T19:48:52.1234567+05:30");
	zone = load("Australia/Lord_Howe"); // by half an hour
	expect_shown(&zone, "2024-04-06T14:59:59Z", "2024-04-07T01:59:59.0000000+11:00");
	expect_shown(&zone, "2024-04-06T15:00:00Z", "2024-04-07T01:30:00.0000000+10:30");
}

static void any_year_has_a_zone(void **state)
{
	struct zone zone = named("America/New_York");
	char out[ZONE_TEXT_SIZE];

	(void)state;
	expect_shown(&zone, "1969-07-20T20:17:40Z", "1969-07-20T16:17:40.0000000-04:00");
	// By the second, before 1970 too: summer time ended at 06:00.
	expect_shown(&zone, "1969-10-26T05:59:59.9999999Z", "1969-10-26T01:59:59.9999999-04:00");
	expect_shown(&zone, "1969-10-26T06:00:00Z", "1969-10-26T01:00:00.0000000-05:00");
	// -04:56:02
	expect_shown(&zone, "1700-01-01T00:00:00Z", "1699-12-31T19:04:00.0000000-04:56");
	// The clock showed 1600 and what it shows then has no name: UTC.
	expect_shown(&zone, "1601-01-01T00:00:00Z", "1601-01-01T00:00:00.0000000Z");
	expect_shown(&zone, "9999-12-31T23:59:59.9999999Z", "9999-12-31T18:59:59.9999999-05:00");
	zone = load("Europe/Berlin");
	expect_shown(&zone, "1700-01-01T00:00:00Z", "1700-01-01T00:53:00.0000000+00:53");
	expect_shown(&zone, "1945-06-01T00:00:00Z", "1945-06-01T03:00:00.0000000+03:00");
	expect_shown(&zone, "2100-07-01T00:00:00Z", "2100-07-01T02:00:00.0000000+02:00");
	expect_shown(&zone, "9999-12-31T22:59:59Z", "9999-12-31T23:59:59.0000000+01:00");
	expect_shown(&zone, "9999-12-31T23:00:00Z", "9999-12-31T23:00:00.0000000Z");
	assert_int_equal(zone_format_short(&zone, ticks_of("9999-12-31T23:00:00Z"), out), 20);
	assert_string_equal(out, "9999-12-31 23:00:00Z");
	assert_int_equal(zone_minutes(&zone, ticks_of("9999-12-31T23:00:00Z")), 0);
	zone_format(&zone, TM_YEAR_10000, out);
	assert_string_equal(out, "2650467744000000000");
	zone_format_short(&zone, UINT64_MAX, out);
	assert_string_equal(out, "18446744073709551615");
}

// ---- reading ------------------------------------------------------------

static void times_without_offset_are_the_zones(void **state)
{
	struct zone zone = named("Europe/Berlin");
	struct zone offset = load("-05:30");

	(void)state;
	expect_read(&zone, "2026-11-26T13:00:00.1234567", "2026-11-26T12:00:00.1234567Z",
		    "2026-11-26T12:00:00.1234567Z");
	expect_read(&zone, "2026-07-26 13:00", "2026-07-26T11:00:00.0000000Z",
		    "2026-07-26T11:00:00.0000000Z");
	expect_read(&zone, "2026-07-26T13:00:00Z", "2026-07-26T13:00:00.0000000Z",
		    "2026-07-26T13:00:00.0000000Z");
	expect_read(&zone, "2026-07-26T13:00:00-04:00", "2026-07-26T17:00:00.0000000Z",
		    "2026-07-26T17:00:00.0000000Z");
	expect_read(&offset, "2026-07-26T20:00:00", "2026-07-27T01:30:00.0000000Z",
		    "2026-07-27T01:30:00.0000000Z");
}

// The gap and the doubled hour, and half an hour around them.
static void skipped_and_doubled_times_are_read_both_ways(void **state)
{
	struct zone zone = named("Europe/Berlin");

	(void)state;
	expect_read(&zone, "2024-03-31T01:30:00", "2024-03-31T00:30:00.0000000Z",
		    "2024-03-31T00:30:00.0000000Z");
	expect_read(&zone, "2024-03-31T02:30:00", "2024-03-31T00:30:00.0000000Z",
		    "2024-03-31T01:30:00.0000000Z");
	expect_read(&zone, "2024-03-31T03:30:00", "2024-03-31T01:30:00.0000000Z",
		    "2024-03-31T01:30:00.0000000Z");
	expect_read(&zone, "2024-10-27T01:59:59", "2024-10-26T23:59:59.0000000Z",
		    "2024-10-26T23:59:59.0000000Z");
	expect_read(&zone, "2024-10-27T02:30:00", "2024-10-27T00:30:00.0000000Z",
		    "2024-10-27T01:30:00.0000000Z");
	expect_read(&zone, "2024-10-27T03:00:00", "2024-10-27T02:00:00.0000000Z",
		    "2024-10-27T02:00:00.0000000Z");
	zone = load("Pacific/Apia"); // which had no 30 December 2011
	expect_read(&zone, "2011-12-30", "2011-12-29T10:00:00.0000000Z",
		    "2011-12-31T09:59:59.9999999Z");
	expect_read(&zone, "2011-12-29", "2011-12-29T10:00:00.0000000Z",
		    "2011-12-30T09:59:59.9999999Z");
	expect_read(&zone, "2011-12-31", "2011-12-30T10:00:00.0000000Z",
		    "2011-12-31T09:59:59.9999999Z");
}

static void days_have_as_many_hours_as_they_had(void **state)
{
	struct zone zone = named("Europe/Berlin");

	(void)state;
	expect_read(&zone, "2024-03-31", "2024-03-30T23:00:00.0000000Z",
		    "2024-03-31T21:59:59.9999999Z");
	expect_read(&zone, "2024-10-27", "2024-10-26T22:00:00.0000000Z",
		    "2024-10-27T22:59:59.9999999Z");
	expect_read(&zone, "2026-11-23", "2026-11-22T23:00:00.0000000Z",
		    "2026-11-23T22:59:59.9999999Z");
}

static void the_ends_of_time_are_held(void **state)
{
	struct zone east = load("+05:00");
	struct zone west = load("-05:00");
	uint64_t ticks;

	(void)state;
	assert_true(zone_parse(&east, STR("1601-01-01"), ZONE_EARLIEST, &ticks));
	assert_int_equal(ticks, 0);
	assert_false(zone_parse(&east, STR("1601-01-01T01:00"), ZONE_LATEST, &ticks));
	assert_true(zone_parse(&west, STR("9999-12-31"), ZONE_LATEST, &ticks));
	assert_int_equal(ticks, TM_YEAR_10000 - 1);
	assert_false(zone_parse(&west, STR("9999-12-31T23:00"), ZONE_EARLIEST, &ticks));
	assert_true(zone_parse(NULL, STR("9999-12-31T23:00-05:00"), ZONE_LATEST, &ticks));
	assert_int_equal(ticks, TM_YEAR_10000 - 1);
	assert_false(zone_parse(NULL, STR("yesterday"), ZONE_EARLIEST, &ticks));
	assert_false(zone_parse(&east, STR("2026-02-29"), ZONE_EARLIEST, &ticks));
}

// What is shown names the instant, and without its offset is read as it, or as its twin.
static void what_is_shown_is_read_back(void **state)
{
	static const char *const names[] = {
		"Europe/Berlin",   "America/New_York", "Asia/Kolkata",	     "Pacific/Apia",
		"Africa/Monrovia", "Asia/Manila",      "Australia/Lord_Howe"};
	char out[ZONE_TEXT_SIZE];
	uint64_t first;
	uint64_t last;
	uint64_t read;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zone zone = named(names[i]);

		// From 1602 to 9990 by 285 days and some, odd hours and ticks.
		for (uint64_t at = ticks_of("1602-01-01"); at < ticks_of("9990-01-01");
		     at += UINT64_C(50) * 3600 * TM_TICKS_PER_SECOND * 137 + 1234567) {
			size_t len = zone_format(&zone, at, out);

			assert_true(tm_parse((struct str){out, len}, true, &read));
			assert_int_equal(read, at);
			len -= sizeof("+00:00") - 1;
			assert_true(
				zone_parse(&zone, (struct str){out, len}, ZONE_EARLIEST, &first));
			assert_true(zone_parse(&zone, (struct str){out, len}, ZONE_LATEST, &last));
			if (first != at && last != at)
				fail_msg("%s in %s was read otherwise", out, names[i]);
			assert_true(first <= last);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utc_is_what_it_was),
		cmocka_unit_test(offsets_shift_by_minutes),
		cmocka_unit_test(what_is_no_zone_is_refused),
		cmocka_unit_test(local_is_what_the_variable_says),
		cmocka_unit_test(local_reads_the_database),
		cmocka_unit_test(another_database_is_read_where_it_is),
		cmocka_unit_test(the_clock_changes_to_the_tick),
		cmocka_unit_test(any_year_has_a_zone),
		cmocka_unit_test(times_without_offset_are_the_zones),
		cmocka_unit_test(skipped_and_doubled_times_are_read_both_ways),
		cmocka_unit_test(days_have_as_many_hours_as_they_had),
		cmocka_unit_test(the_ends_of_time_are_held),
		cmocka_unit_test(what_is_shown_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
