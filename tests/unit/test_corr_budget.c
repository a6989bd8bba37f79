// SPDX-License-Identifier: Apache-2.0
// Scans whose correlations have too little memory: what is lost is named, and is the
// same with any number of threads.
#include "rule_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scan/scan.h"
#include "synth/synth.h"

#define BASE(id)                                                                                   \
	"title: Base " id "\nname: base" id "\nlogsource: {product: windows}\n"                    \
	"detection: {s: {EventID: " id "}, condition: s}\n---\n"                                   \
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

// 3,000 events with each of the ids 1 to 3, and ten with id 4.
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
	buf_put_text(&text,
		     "defaults: {provider: P, channel: C, computer: c}\nevents:\n"
		     "  - {time: 2026-11-23T10:00:00Z, event_id: 4, repeat: 10, every: 1s}\n");
	for (int id = 1; id <= 3; id++)
		buf_printf(&text,
			   "  - {time: 2026-11-23T10:00:00Z, event_id: %d, repeat: 3000, "
			   "every: 1s}\n",
			   id);
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

// The titles of the alerts, then the correlations that were not evaluated and why.
static void scan_with(struct log *log, const struct ruleset *set, uint64_t memory, unsigned threads,
		      struct buf *out)
{
	struct input_list input = {.files = &log->file, .count = 1};
	struct scan_options options = {.rules = set,
				       .use_index = true,
				       .native = true,
				       .threads = threads,
				       .memory = 1 << 20,
				       .correlation_memory = memory};
	struct ledger ledger;
	const struct hit *hit;
	struct scan *scan;
	struct err err;

	ledger_init(&ledger, STR("0"));
	scan = scan_new(&options, &ledger);
	scan_open(scan, &input);
	assert_int_equal(scan_run(scan, &err), RC_OK);
	while (scan_next_hit(scan, &hit)) {
		if (hit->correlation != NULL)
			buf_printf(out, "%.*s. ", STR_ARG(hit->rule_title));
	}
	for (size_t i = 0; i < ledger.too_many.count; i++)
		buf_printf(out, "%.*s lost, %d. ", STR_ARG(ledger.too_many.items[i].name),
			   (int)ledger.too_many.items[i].count);
	assert_int_equal(ledger.complete, ledger.too_many.count == 0);
	scan_free(scan);
	ledger_release(&ledger);
}

static void expect(const char *rules, uint64_t memory, const char *expected)
{
	struct ruleset *set = good_rules(str_from(rules));
	struct log log = {0};

	make_log(&log);
	for (unsigned threads = 1; threads <= 3; threads += 2) {
		struct buf out = {0};

		scan_with(&log, set, memory, threads, &out);
		expect_str(buf_str(&out), str_from(expected));
		buf_release(&out);
	}
	unlink(log.path);
	arena_release(&log.arena);
	ruleset_free(set);
}

// All are satisfied by their tenth event, at one time; the log begins with those of Count 4.
static void enough_memory_loses_nothing(void **state)
{
	(void)state;
	expect(BASE("1") BASE("4") BOTH, 0, "Both. ");
	expect(BASE("1") BASE("2") BASE("3") BASE("4"), 0, "Count 4. Count 1. Count 2. Count 3. ");
}

static void a_flood_costs_its_own_correlations_and_those_above(void **state)
{
	(void)state;
	expect(BASE("1") BASE("4"), 1 << 20, "Count 4. Count 1 lost, 3000. ");
	expect(BASE("1") BASE("4") BOTH, 1 << 20, "Count 1 lost, 3000. Both lost, 3000. ");
}

static void three_floods_cost_all(void **state)
{
	(void)state;
	expect(BASE("1") BASE("2") BASE("3") BASE("4"), 1 << 20,
	       "Count 1 lost, 3000. Count 2 lost, 3000. Count 3 lost, 3000. Count 4 lost, 10. ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enough_memory_loses_nothing),
		cmocka_unit_test(a_flood_costs_its_own_correlations_and_those_above),
		cmocka_unit_test(three_floods_cost_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
