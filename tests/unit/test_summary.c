// SPDX-License-Identifier: Apache-2.0
// The summary of hits.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/tm.h"
#include "output/escape.h"
#include "output/human.h"
#include "output/summary.h"

static void add(struct summary *summary, const char *title, const char *level, const char *computer,
		const char *time, int times)
{
	struct hit hit = {.rule_title = str_from(title),
			  .level = str_from(level),
			  .computer = str_from(computer)};

	if (time[0] != '\0')
		assert_true(tm_parse(str_from(time), true, &hit.time));
	for (int i = 0; i < times; i++)
		summary_hit(summary, &hit);
}

static void expect(struct summary *summary, size_t width, const char *expected)
{
	struct buf out = {0};

	summary_put(summary, width, false, &out);
	assert_string_equal(out.ptr != NULL ? out.ptr : "", expected);
	buf_release(&out);
	summary_free(summary);
}

static void no_hits_need_no_summary(void **state)
{
	struct summary *summary = summary_new(NULL);
	struct hit hit = {.rule_title = STR("silenced"), .suppressed_by = STR("somebody")};

	(void)state;
	summary_hit(summary, &hit);
	expect(summary, 0, "");
}

static void rules_go_by_severity_then_by_count(void **state)
{
	struct summary *summary = summary_new(NULL);

	(void)state;
	add(summary, "often", "low", "a", "2026-11-03T02:14:00Z", 1234);
	add(summary, "rare", "critical", "b", "2026-11-03T02:59:59Z", 1);
	add(summary, "more", "high", "a", "2026-11-03T02:00:00Z", 3);
	add(summary, "most", "high", "", "2026-11-03T02:00:00Z", 4);
	add(summary, "unknown", "odd", "a", "", 1);
	add(summary, "none", "", "a", "", 2);
	expect(summary, 0,
	       "Hits by rule, the most severe first\n"
	       "        1  crit  rare\n"
	       "        4  high  most\n"
	       "        3  high  more\n"
	       "    1,234  low   often\n"
	       "        2  -     none\n"
	       "        1  odd   unknown\n"
	       "Hits by computer\n"
	       "    1,240  a\n"
	       "        4  -\n"
	       "        1  b\n"
	       "Hits by hour, 2026-11-03 02:00 (UTC); most from 2026-11-03 02:00: 1,242\n"
	       "    █\n"
	       "\n");
}

static void the_timeline_shows_hours_days_or_more(void **state)
{
	struct summary *hours = summary_new(NULL);
	struct summary *days = summary_new(NULL);
	struct summary *years = summary_new(NULL);

	(void)state;
	add(hours, "r", "low", "c", "2026-11-03T22:10:00Z", 1);
	add(hours, "r", "low", "c", "2026-11-04T01:10:00Z", 8);
	expect(hours, 0,
	       "Hits by rule, the most severe first\n        9  low   r\n"
	       "Hits by computer\n        9  c\n"
	       "Hits by hour, 2026-11-03 22:00 to 2026-11-04 01:00 (UTC); most from 2026-11-04 "
	       "01:00: 8\n"
	       "    ▁  █\n\n");
	add(days, "r", "low", "c", "2026-11-03T22:10:00Z", 2);
	add(days, "r", "low", "c", "2026-11-09T01:10:00Z", 1);
	expect(days, 0,
	       "Hits by rule, the most severe first\n        3  low   r\n"
	       "Hits by computer\n        3  c\n"
	       "Hits by day, 2026-11-03 to 2026-11-09 (UTC); most from 2026-11-03: 2\n"
	       "    █     ▄\n\n");
	add(years, "r", "low", "c", "1601-01-01T05:00:00Z", 1);
	add(years, "r", "low", "c", "9999-12-31T23:59:59Z", 1);
	expect(years, 0,
	       "Hits by rule, the most severe first\n        2  low   r\n"
	       "Hits by computer\n        2  c\n"
	       "Hits by 51,128 days, 1601-01-01 to 9999-12-31 (UTC); most from 1601-01-01: 1\n"
	       "    █                                                          █\n\n");
}

// 23:30 UTC is another day east of it, 01:00 UTC another west of it, and half hours are no matter.
static void hours_and_days_are_those_of_the_zone(void **state)
{
	struct zone east;
	struct zone west;
	struct summary *hours;
	struct summary *days;

	(void)state;
	assert_int_equal(zone_load(STR("+05:30"), &east, NULL), RC_OK);
	assert_int_equal(zone_load(STR("-03:00"), &west, NULL), RC_OK);
	hours = summary_new(&east);
	days = summary_new(&west);
	add(hours, "r", "low", "c", "2026-11-03T23:29:59Z", 1);
	add(hours, "r", "low", "c", "2026-11-03T23:30:00Z", 2);
	expect(hours, 0,
	       "Hits by rule, the most severe first\n        3  low   r\n"
	       "Hits by computer\n        3  c\n"
	       "Hits by hour, 2026-11-04 04:00 to 2026-11-04 05:00 (+05:30); most from 2026-11-04 "
	       "05:00: 2\n"
	       "    ▄█\n\n");
	add(days, "r", "low", "c", "2026-11-04T01:00:00Z", 1);
	add(days, "r", "low", "c", "2026-11-09T03:00:00Z", 3);
	expect(days, 0,
	       "Hits by rule, the most severe first\n        4  low   r\n"
	       "Hits by computer\n        4  c\n"
	       "Hits by day, 2026-11-03 to 2026-11-09 (-03:00); most from 2026-11-09: 3\n"
	       "    ▃     █\n\n");
}

static void hostile_names_stay_on_their_lines(void **state)
{
	struct summary *summary = summary_new(NULL);
	struct hit hit = {.rule_title = STR("\x1b[2J\r\n\xff\xe2\x80\xae"),
			  .level = STR("\n\n"),
			  .computer = STR("\a\b"),
			  .time = UINT64_MAX};
	struct buf out = {0};
	struct str rest;
	struct str line;
	size_t lines = 0;

	(void)state;
	summary_hit(summary, &hit);
	summary_put(summary, 80, false, &out);
	rest = buf_str(&out);
	assert_true(utf8_is_valid(rest));
	while (str_split(&rest, '\n', &line)) {
		assert_true(escape_terminal_width(line) <= 80);
		for (size_t i = 0; i < line.len; i++)
			assert_true((unsigned char)line.ptr[i] >= 0x20);
		lines++;
	}
	assert_int_equal(lines, 8);
	buf_release(&out);
	summary_free(summary);
}

static void many_names_are_bounded_and_counted(void **state)
{
	struct summary *summary = summary_new(NULL);
	struct buf out = {0};
	char name[32];

	(void)state;
	for (int i = 0; i < 70000; i++) {
		snprintf(name, sizeof(name), "rule %d", i);
		add(summary, name, "low", name, "2026-11-03T22:10:00Z", 1);
	}
	summary_put(summary, 80, false, &out);
	assert_non_null(strstr(out.ptr, "and 65,526 more, at least\n"));
	assert_non_null(strstr(out.ptr, "2026-11-03 22:00: 70,000\n"));
	buf_release(&out);
	summary_free(summary);
}

static void numbers_are_for_people(void **state)
{
	struct buf out = {0};

	(void)state;
	human_number(&out, 0);
	buf_put_char(&out, ' ');
	human_number(&out, 999);
	buf_put_char(&out, ' ');
	human_number(&out, UINT64_MAX);
	buf_put_char(&out, ' ');
	human_plural(&out, 1, "file");
	buf_put_char(&out, ' ');
	human_plural(&out, 1000, "file");
	buf_put_char(&out, ' ');
	human_size(&out, 1023);
	buf_put_char(&out, ' ');
	human_size(&out, 1536);
	buf_put_char(&out, ' ');
	human_size(&out, UINT64_MAX);
	assert_string_equal(out.ptr, "0 999 18,446,744,073,709,551,615 1 file 1,000 files "
				     "1,023 bytes 1.5 KiB 16.0 EiB");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_hits_need_no_summary),
		cmocka_unit_test(rules_go_by_severity_then_by_count),
		cmocka_unit_test(the_timeline_shows_hours_days_or_more),
		cmocka_unit_test(hours_and_days_are_those_of_the_zone),
		cmocka_unit_test(hostile_names_stay_on_their_lines),
		cmocka_unit_test(many_names_are_bounded_and_counted),
		cmocka_unit_test(numbers_are_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
