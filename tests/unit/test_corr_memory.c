// SPDX-License-Identifier: Apache-2.0
// Scans whose correlations have little memory: the same alerts from a temporary file; of
// a group that is too large it is named what is lost, and that is the same with any
// number of threads.
#include "rule_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scan/scan.h"
#include "synth/synth.h"

#define DETECT(id)                                                                                 \
	"title: Base " id "\nname: base" id "\nlogsource: {product: windows}\n"                    \
	"detection: {s: {EventID: " id "}, condition: s}\n---\n"
#define BASE(id)                                                                                   \
	DETECT(id)                                                                                 \
	"title: Count " id "\nname: count" id "\ncorrelation: {type: event_count, rules: [base" id \
	"], group-by: [Computer], timespan: 1d, condition: {gte: 10}}\n---\n"
#define BOTH                                                                                       \
	"title: Both\ncorrelation: {type: temporal, rules: [count1, count4], "                     \
	"group-by: [Computer], timespan: 1d}\n"

struct log {
	struct arena arena;
	char path[32];
	struct input_file file;
};

// 3,000 events with each of the ids 1 to 3, ten with id 4, and with id 5 300 on each of ten
// days, with a day without any between.
static void describe(struct buf *text)
{
	buf_put_text(text,
		     "defaults: {provider: P, channel: C, computer: c}\nevents:\n"
		     "  - {time: 2026-11-23T10:00:00Z, event_id: 4, repeat: 10, every: 1s}\n");
	for (int id = 1; id <= 3; id++)
		buf_printf(text,
			   "  - {time: 2026-11-23T10:00:00Z, event_id: %d, repeat: 3000, "
			   "every: 1s, data: {V: '${n}'}}\n",
			   id);
	for (int day = 2; day <= 20; day += 2)
		buf_printf(text,
			   "  - {time: 2026-11-%02dT10:00:00Z, event_id: 5, repeat: 300, "
			   "every: 1s}\n",
			   day);
	buf_put_text(text, "  - {time: 2026-11-23T10:00:00Z, event_id: 1, repeat: 10, every: 1s, "
			   "computer: d}\n");
}

static void make_log(struct log *log)
{
	static const char path[] = "/tmp/evtxscan-unit-XXXXXX";
	struct diag_list diags;
	struct buf text = {0};
	struct buf bytes = {0};
	int fd;

	memcpy(log->path, path, sizeof(path));
	fd = mkstemp(log->path);
	assert_true(fd >= 0);
	describe(&text);
	diag_init(&diags, &log->arena);
	assert_true(synth_build(&log->arena, STR("t.yml"), buf_str(&text), &bytes, &diags));
	assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
	close(fd);
	log->file = (struct input_file){.path = str_from(log->path),
					.open_path = log->path,
					.size = bytes.len,
					.is_evtx = true};
	buf_release(&text);
	buf_release(&bytes);
}

struct memory {
	uint64_t hits, group;
};

// How many hits the alert counts, and in full all that comes of windows.
static void put_correlation(struct buf *out, const struct hit_correlation *c, bool in_full)
{
	buf_printf(out, ", %d", (int)c->record_total);
	if (in_full)
		buf_printf(out, " %.17g %llu %llu %llu %llu", c->value,
			   (unsigned long long)c->first, (unsigned long long)c->trigger,
			   (unsigned long long)c->last, (unsigned long long)c->value_total);
	for (size_t i = 0; in_full && i < c->record_count; i++)
		buf_printf(out, " %llu", (unsigned long long)c->records[i].record_id);
	for (size_t i = 0; in_full && i < c->value_count; i++)
		buf_printf(out, " %.*s", STR_ARG(c->values[i]));
	buf_put_text(out, ". ");
}

// The titles of the alerts, then what correlations could not look at.
static void scan_with(struct log *log, const struct ruleset *set, struct memory memory,
		      unsigned threads, bool in_full, struct buf *out)
{
	struct input_list input = {.files = &log->file, .count = 1};
	struct scan_options options = {.rules = set,
				       .use_index = true,
				       .native = true,
				       .threads = threads,
				       .memory = memory.hits,
				       .correlation_memory = memory.group};
	struct ledger ledger;
	const struct hit *hit;
	struct scan *scan;
	struct err err;

	ledger_init(&ledger, STR("0"));
	scan = scan_new(&options, &ledger);
	scan_open(scan, &input);
	assert_int_equal(scan_run(scan, &err), RC_OK);
	while (scan_next_hit(scan, &hit)) {
		if (hit->correlation == NULL)
			continue;
		buf_put_str(out, hit->rule_title);
		put_correlation(out, hit->correlation, in_full);
	}
	for (size_t i = 0; i < ledger.too_many.count; i++)
		buf_printf(out, "%.*s lost, %d. ", STR_ARG(ledger.too_many.items[i].name),
			   (int)ledger.too_many.items[i].count);
	assert_int_equal(ledger.complete, ledger.too_many.count == 0);
	scan_free(scan);
	ledger_release(&ledger);
}

// Without a folder for temporary files a scan with more hits than memory holds ends.
static void a_scan_that_cannot_keep_its_hits_says_so(void **state)
{
	struct ruleset *set = good_rules(STR(BASE("1")));
	struct log log = {0};
	struct input_list input = {.files = &log.file, .count = 1};
	struct scan_options options = {.rules = set, .native = true, .threads = 1, .memory = 4096};
	struct ledger ledger;
	struct scan *scan;
	struct err err = {""};

	(void)state;
	make_log(&log);
	ledger_init(&ledger, STR("0"));
	scan = scan_new(&options, &ledger);
	setenv("TMPDIR", "/nonexistent", 1);
	scan_open(scan, &input);
	unsetenv("TMPDIR");
	assert_int_equal(scan_run(scan, &err), RC_FATAL);
	expect_str(str_from(err.text), STR("cannot keep hits in a temporary file in /nonexistent "
					   "(TMPDIR): No such file or "
					   "directory"));
	scan_free(scan);
	ledger_release(&ledger);
	unlink(log.path);
	arena_release(&log.arena);
	ruleset_free(set);
}

static void expect(const char *rules, struct memory memory, const char *expected)
{
	struct ruleset *set = good_rules(str_from(rules));
	struct log log = {0};

	make_log(&log);
	for (unsigned threads = 1; threads <= 3; threads += 2) {
		struct buf out = {0};

		scan_with(&log, set, memory, threads, false, &out);
		expect_str(buf_str(&out), str_from(expected));
		buf_release(&out);
	}
	unlink(log.path);
	arena_release(&log.arena);
	ruleset_free(set);
}

// Hits take more than 3 MB (a megabyte holds a twelfth of them in memory): S-133.
static void hits_that_wait_in_a_file_count_like_those_in_memory(void **state)
{
	(void)state;
	for (int bits = 20; bits <= 30; bits += 10) {
		struct memory memory = {UINT64_C(1) << bits, 0};

		expect(BASE("1") BASE("4") BOTH, memory, "Both, 2992. ");
		expect(BASE("1") BASE("2") BASE("3") BASE("4"), memory,
		       "Count 4, 10. Count 1, 3000. Count 2, 3000. Count 3, 3000. "
		       "Count 1, 10. ");
	}
}

// 64 KiB hold some 680 hits of a group.
static const struct memory small = {1 << 20, 64 << 10};

static void a_flood_costs_its_own_group_and_the_correlations_above(void **state)
{
	(void)state;
	expect(BASE("1") BASE("4"), small, "Count 4, 10. Count 1, 10. Count 1 lost, 3000. ");
	expect(BASE("1") BASE("4") BOTH, small, "Count 1 lost, 3000. Both lost, 3000. ");
}

// No window reaches over a pause of the timespan: what lies between two is all that must
// be at hand.
static void a_group_with_pauses_may_be_of_any_size(void **state)
{
	(void)state;
	expect(BASE("5"), small,
	       "Count 5, 300. Count 5, 300. Count 5, 300. Count 5, 300. Count 5, 300. "
	       "Count 5, 300. Count 5, 300. Count 5, 300. Count 5, 300. Count 5, 300. ");
}

#define MINUTES(body)                                                                              \
	DETECT("1")                                                                                \
	DETECT("2")                                                                                \
	DETECT("4") "title: T\ncorrelation: {timespan: 1m, group-by: [Computer], " body "}\n"
#define INNER                                                                                      \
	"---\ntitle: I\nname: inner\ncorrelation: {type: event_count, rules: [base1], timespan: "  \
	"1m, group-by: [Computer], condition: {gte: 10}}\n"
#define INNER_TEMPORAL(body)                                                                       \
	"---\ntitle: I\nname: inner\ncorrelation: {timespan: 1m, group-by: [Computer], " body "}"  \
	"\n"
// A minute's hits take 6 to 20 KiB, all of them some 300 to 1,000: the group comes in parts,
// which are cut at other places for each memory.
static void a_group_in_parts_gives_the_alerts_of_the_whole(void **state)
{
	static const char *const rules[] = {
		MINUTES("type: event_count, rules: [base1], condition: {gte: 10}"),
		MINUTES("type: event_count, rules: [base1, base2], condition: {gte: 10, lt: 123}"),
		MINUTES("type: value_count, rules: [base1], condition: {field: V, gte: 20}"),
		MINUTES("type: value_sum, rules: [base1], condition: {field: V, gt: 100}"),
		MINUTES("type: value_avg, rules: [base1], condition: {field: V, gte: 25.5}"),
		MINUTES("type: value_median, rules: [base1], condition: {field: V, gte: 30}"),
		MINUTES("type: value_percentile, rules: [base1], "
			"condition: {field: V, percentile: 90, gt: 50}"),
		MINUTES("type: value_percentile, rules: [base1], condition: {field: V, lt: 2}"),
		MINUTES("type: temporal, rules: [base1, base2]"),
		MINUTES("type: temporal_ordered, rules: [base1, base2, base1]"),
		MINUTES("type: temporal, rules: [base1, base2, base4], "
			"condition: base1 and base2 and not base4"),
		MINUTES("type: temporal_ordered, rules: [base1, base2], "
			"condition: base1 and base2"),
		MINUTES("type: event_count, rules: [inner], condition: {gte: 5}") INNER,
		MINUTES("type: temporal_ordered, rules: [inner, base2]") INNER,
		MINUTES("type: temporal, rules: [inner, base2]") INNER,
		MINUTES("type: temporal_ordered, rules: [base1, base2, base1, base4], "
			"condition: {gte: 2, lt: 4}"),
		MINUTES("type: event_count, rules: [inner], condition: {gte: 50}")
			INNER_TEMPORAL("type: temporal_ordered, rules: [base1, base2, base1]"),
		MINUTES("type: event_count, rules: [inner], condition: {gte: 50}")
			INNER_TEMPORAL("type: temporal_ordered, rules: [base1, base2], "
				       "condition: base1 and base2"),
		MINUTES("type: event_count, rules: [inner], condition: {gte: 50}")
			INNER_TEMPORAL("type: temporal, rules: [base1, base2, base4], "
				       "condition: base1 and base2 or base4"),
	};
	struct log log = {0};

	(void)state;
	make_log(&log);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct ruleset *set = good_rules(str_from(rules[i]));
		struct buf whole = {0};

		scan_with(&log, set, (struct memory){1 << 20, 0}, 1, true, &whole);
		assert_true(whole.len > 3000);
		for (uint64_t kib = 41; kib < 80; kib += 13) {
			struct buf parts = {0};

			scan_with(&log, set, (struct memory){1 << 20, kib << 10}, 2, true, &parts);
			expect_str(buf_str(&parts), buf_str(&whole));
			buf_release(&parts);
		}
		buf_release(&whole);
		ruleset_free(set);
	}
	unlink(log.path);
	arena_release(&log.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_that_wait_in_a_file_count_like_those_in_memory),
		cmocka_unit_test(a_scan_that_cannot_keep_its_hits_says_so),
		cmocka_unit_test(a_flood_costs_its_own_group_and_the_correlations_above),
		cmocka_unit_test(a_group_with_pauses_may_be_of_any_size),
		cmocka_unit_test(a_group_in_parts_gives_the_alerts_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
