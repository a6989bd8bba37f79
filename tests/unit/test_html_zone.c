// SPDX-License-Identifier: Apache-2.0
// The offsets of a zone in the HTML report.
#include "output/html_hits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/tm.h"

static size_t count_of(const struct buf *text, const char *part)
{
	size_t count = 0;

	for (size_t at = 0; (at = str_find(buf_str(text), str_from(part), at)) != SIZE_MAX; at++)
		count++;
	return count;
}

// Central Europe by its rule. The offset 400 days before the first time that is shown, then all
// changes until 400 days behind the last: 01:00 UTC on last Sundays of March and October, by
// Python's calendar.
static void offsets_of_a_zone_are_there_for_all_times(void **state)
{
	struct hit hit = {.rule_title = STR("r")};
	struct hit_record record = {0};
	struct hit_correlation correlation = {.records = &record, .record_count = 1};
	struct html_hits *hits;
	struct buf out = {0};
	struct zone zone;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	assert_int_equal(zone_load(STR("local"), &zone, NULL), RC_OK);
	hits = html_hits_new(&zone);
	assert_true(tm_parse(STR("2026-08-01"), true, &hit.time));
	correlation.first = correlation.trigger = correlation.last = hit.time;
	assert_true(tm_parse(STR("2026-07-01"), true, &correlation.first));
	assert_true(tm_parse(STR("2026-11-01"), true, &record.time));
	hit.correlation = &correlation;
	html_hits_add(hits, &hit, &out);
	html_hits_end(hits, &out);
	assert_int_equal(
		count_of(&out, "\"leftOut\":0,\"zone\":[[13392777600000,120],[13405914000000,60],"
			       "[13419219600000,120],[13437363600000,60],"
			       "[13450669200000,120],[13469418000000,60]]}"),
		1);
	html_hits_free(hits);
	buf_release(&out);
}

// Of a clock that is wrong by millennia, too; without any time there is one offset.
static void ends_of_time_have_offsets(void **state)
{
	struct hit hit = {.rule_title = STR("r")};
	struct html_hits *hits;
	struct buf out = {0};
	struct zone zone;

	(void)state;
	assert_int_equal(zone_load(STR("-05:30"), &zone, NULL), RC_OK);
	for (int i = 0; i < 2; i++) {
		hits = html_hits_new(&zone);
		hit.time = i == 0 ? 0 : 1;
		html_hits_add(hits, &hit, &out);
		hit.time = i == 0 ? 0 : UINT64_MAX;
		html_hits_add(hits, &hit, &out);
		html_hits_end(hits, &out);
		html_hits_free(hits);
	}
	// Its clock shows 1601 half past five.
	assert_int_equal(count_of(&out, "\"zone\":[[0,0],[19800000,-330]]}"), 2);
	buf_release(&out);
}

static void utc_needs_none(void **state)
{
	struct html_hits *hits = html_hits_new(NULL);
	struct buf out = {0};

	(void)state;
	html_hits_end(hits, &out);
	assert_int_equal(count_of(&out, "zone"), 0);
	html_hits_free(hits);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_of_a_zone_are_there_for_all_times),
		cmocka_unit_test(ends_of_time_have_offsets),
		cmocka_unit_test(utc_needs_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
