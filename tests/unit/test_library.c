// SPDX-License-Identifier: Apache-2.0
// The public interface: order of calls, diagnostics, options, hits.
//
// Run in the root of the repository: what a hit must say stands in the
// descriptions in samples/.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <pthread.h>
#include <string.h>

#include <cmocka.h>

#include "json_check.h"
#include "library_fixture.h"

// Run over one log; the totals are copied.
static enum evtxscan_result run(const struct evtxscan_rules *rules,
				const struct evtxscan_options *options, const char *path,
				struct seen *seen, struct evtxscan_totals *totals)
{
	struct evtxscan_scan *scan = evtxscan_scan_new(rules, options);
	enum evtxscan_result result;

	assert_non_null(scan);
	result = evtxscan_scan_run(scan, &path, 1, on_hit, seen);
	*totals = *evtxscan_scan_totals(scan);
	evtxscan_scan_free(scan);
	return result;
}

// ---- rules --------------------------------------------------------------

static void version_is_that_of_the_header(void **state)
{
	(void)state;
	assert_string_equal(evtxscan_version(), EVTXSCAN_VERSION);
	evtxscan_rules_free(NULL);
	evtxscan_scan_free(NULL);
}

static void refused_rule_is_told_and_the_rest_counts(void **state)
{
	static const char two[] = "title: A\n"
				  "logsource: {product: windows, service: security}\n"
				  "detection: {sel: {A|endswiht: x}, condition: sel}\n"
				  "---\n"
				  "title: B\n"
				  "logsource: {product: windows, service: security}\n"
				  "detection: {sel: {EventID: 1}, condition: sel}\n";
	struct seen seen = {0};
	struct seen hits = {0};
	struct evtxscan_totals totals;
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_add_text(rules, "two.yml", two, strlen(two)),
			 EVTXSCAN_PARTIAL);
	assert_string_equal(seen.text.ptr, "two.yml:3:19: 2 E_MODIFIER_UNKNOWN\n");
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_OK);
	assert_int_equal(run(rules, NULL, SUCCESS, &hits, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.rules, 1);
	assert_int_equal(totals.rules_refused, 1);
	buf_release(&seen.text);
	buf_release(&hits.text);
	evtxscan_rules_free(rules);
}

static void missing_paths_fail(void **state)
{
	struct seen seen = {0};
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_add_path(rules, "nowhere"), EVTXSCAN_FAILED);
	assert_int_equal(evtxscan_rules_add_placeholders(rules, "nowhere"), EVTXSCAN_FAILED);
	assert_int_equal(evtxscan_rules_set_allowlist(rules, "nowhere"), EVTXSCAN_FAILED);
	assert_int_equal(evtxscan_rules_set_logsources(rules, "nowhere"), EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_FAILED);
	assert_string_equal(seen.text.ptr, "nowhere:0:0: 2 E_FILE\nnowhere:0:0: 2 E_FILE\n"
					   "nowhere:0:0: 2 E_FILE\nnowhere:0:0: 2 E_FILE\n");
	assert_null(evtxscan_scan_new(rules, NULL));
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

static void unknown_view_makes_finishing_fail(void **state)
{
	struct seen seen = {0};
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_enable_source(rules, "no-such-view"), EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_FAILED);
	assert_string_equal(seen.text.ptr, "builtin:logsources.yml:0:0: 2 E_LOGSOURCES\n");
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

static void finished_rules_take_nothing(void **state)
{
	struct evtxscan_rules *rules = evtxscan_rules_new(NULL, NULL);

	(void)state;
	assert_null(evtxscan_scan_new(rules, NULL));
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_add_builtin(rules), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_add_path(rules, "rules"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_add_text(rules, "a", "", 0), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_add_placeholders(rules, "a"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_set_logsources(rules, "a"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_enable_source(rules, "all"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_set_min_level(rules, EVTXSCAN_LEVEL_LOW), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_set_allowlist(rules, "a"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "a", "", 0), EVTXSCAN_MISUSE);
	evtxscan_rules_free(rules);
}

static void second_allowlist_and_mapping_are_misuse(void **state)
{
	static const char list[] = "version: 1\n";
	struct evtxscan_rules *rules = evtxscan_rules_new(NULL, NULL);

	(void)state;
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "a", list, strlen(list)),
			 EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "a", list, strlen(list)),
			 EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_set_logsources(rules, "rules/logsources.yml"), EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_set_logsources(rules, "a"), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_OK);
	evtxscan_rules_free(rules);
}

static void text_over_the_limit_is_refused(void **state)
{
	size_t len = (16u << 20) + 1;
	char *text = calloc(1, len);
	struct seen seen = {0};
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_add_text(rules, "long", text, len), EVTXSCAN_FAILED);
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "long", text, len),
			 EVTXSCAN_FAILED);
	assert_string_equal(seen.text.ptr, "long:0:0: 2 E_FILE\nlong:0:0: 2 E_FILE\n");
	free(text);
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

// Nothing is a text, too: without rules, and no allowlist.
static void empty_text_is_a_text(void **state)
{
	struct seen seen = {0};
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_add_text(rules, "none", NULL, 0), EVTXSCAN_OK);
	assert_int_equal(seen.count, 0);
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "none", NULL, 0),
			 EVTXSCAN_PARTIAL);
	assert_non_null(strstr(seen.text.ptr, "E_ALLOW_VERSION"));
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

// ---- options ------------------------------------------------------------

static void options_out_of_range_give_no_scan(void **state)
{
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_options options = {0};

	(void)state;
	assert_null(evtxscan_scan_new(rules, &options)); // size 0
	options.size = sizeof(options);
	options.threads = 257;
	assert_null(evtxscan_scan_new(rules, &options));
	options.threads = 0;
	options.memory = 1000;
	assert_null(evtxscan_scan_new(rules, &options));
	evtxscan_rules_free(rules);
}

// A caller of a later header may leave what it added at zero, no more.
static void later_members_must_be_zero(void **state)
{
	struct later {
		struct evtxscan_options options;
		uint64_t added;
	} later = {.options = {.size = sizeof(later)}};
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan = evtxscan_scan_new(rules, &later.options);

	(void)state;
	assert_non_null(scan);
	evtxscan_scan_free(scan);
	later.added = 1;
	assert_null(evtxscan_scan_new(rules, &later.options));
	evtxscan_rules_free(rules);
}

// A caller of an earlier header knows only the first members.
static void unknown_members_are_not_read(void **state)
{
	struct evtxscan_options options = {.size = offsetof(struct evtxscan_options, from),
					   .threads = 1000};
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan = evtxscan_scan_new(rules, &options);

	(void)state;
	assert_non_null(scan);
	evtxscan_scan_free(scan);
	evtxscan_rules_free(rules);
}

// The two hits are at 02:14:09.73 and 02:14:41.22: see the description.
static void times_select(void **state)
{
	struct evtxscan_options options = {.size = sizeof(options)};
	struct evtxscan_rules *rules = one_rule();
	struct seen seen = {0};
	struct evtxscan_totals totals;

	(void)state;
	assert_int_equal(run(rules, &options, SUCCESS, &seen, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.hits, 2);
	// 2026-11-03T02:14:10Z, `date -u -d ... +%s` and 11644473600 seconds
	options.from = (UINT64_C(1793672050) + 11644473600) * 10000000;
	assert_int_equal(run(rules, &options, SUCCESS, &seen, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.hits, 1);
	options.to = options.from;
	assert_int_equal(run(rules, &options, SUCCESS, &seen, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.hits, 0);
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

static enum evtxscan_result run_at(enum evtxscan_level level, struct evtxscan_totals *totals)
{
	struct evtxscan_rules *rules = evtxscan_rules_new(NULL, NULL);
	struct seen seen = {0};
	enum evtxscan_result result;

	assert_int_equal(evtxscan_rules_add_text(rules, "one.yml", rule, strlen(rule)),
			 EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_set_min_level(rules, level), EVTXSCAN_OK);
	evtxscan_rules_finish(rules);
	result = run(rules, NULL, SUCCESS, &seen, totals);
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
	return result;
}

// The rule is of level high.
static void level_selects(void **state)
{
	struct evtxscan_totals totals;

	(void)state;
	assert_int_equal(run_at(EVTXSCAN_LEVEL_HIGH, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.hits, 2);
	assert_int_equal(run_at(EVTXSCAN_LEVEL_CRITICAL, &totals), EVTXSCAN_OK);
	assert_int_equal(totals.hits, 0);
}

// ---- scans --------------------------------------------------------------

#define assert_text(actual, expected)                                                              \
	do {                                                                                       \
		struct evtxscan_str text = (actual);                                               \
		assert_int_equal(text.len, strlen(expected));                                      \
		assert_memory_equal(text.ptr, expected, text.len);                                 \
	} while (0)

// Values as samples/zone_transfer_success.yml has them; the place in the file
// is the one that README.md shows.
static void look_at_first(struct evtxscan_hit *hit)
{
	uint64_t chunk = 9;
	uint64_t offset = 9;

	if (evtxscan_hit_record_id(hit) != 418733)
		return;
	assert_text(evtxscan_hit_rule_title(hit), "Transfer given");
	assert_text(evtxscan_hit_rule_id(hit), "3f1c2a54-6f0e-4b53-9f0e-0d6f0a1b2c3d");
	assert_text(evtxscan_hit_rule_file(hit), "one.yml");
	assert_int_equal(evtxscan_hit_level(hit), EVTXSCAN_LEVEL_HIGH);
	assert_int_equal(evtxscan_hit_risk_score(hit), 55);
	assert_int_equal(evtxscan_hit_tag_count(hit), 1);
	assert_text(evtxscan_hit_tag(hit, 0), "attack.reconnaissance");
	assert_text(evtxscan_hit_tag(hit, 1), "");
	assert_false(evtxscan_hit_is_alert(hit));
	assert_text(evtxscan_hit_time_text(hit), "2026-11-03T02:14:09.7340981Z");
	assert_true(evtxscan_hit_time(hit) ==
		    (UINT64_C(1793672049) + 11644473600) * 10000000 + 7340981);
	assert_text(evtxscan_hit_computer(hit), "dns1.corp.example");
	assert_text(evtxscan_hit_channel(hit), "Microsoft-Windows-DNSServer/Analytical");
	assert_text(evtxscan_hit_provider(hit), "Microsoft-Windows-DNSServer");
	assert_int_equal(evtxscan_hit_event_id(hit), 271);
	assert_text(evtxscan_hit_evtx_file(hit), SUCCESS);
	assert_int_equal(evtxscan_hit_sha256(hit).len, 64);
	assert_true(evtxscan_hit_position(hit, &chunk, &offset));
	assert_int_equal(chunk, 0);
	assert_int_equal(offset, 8544);
	assert_int_equal(evtxscan_hit_confirmed(hit), EVTXSCAN_CONFIRMED_YES);
	assert_text(evtxscan_hit_suppressed_by(hit), "");
}

// EventID and RCODE are matched on, ZoneName is asked for by `fields`.
static void look_at_details(struct evtxscan_hit *hit)
{
	bool zone = false;

	look_at_first(hit);
	for (size_t i = 0; i < evtxscan_hit_detail_count(hit); i++) {
		struct evtxscan_pair pair = evtxscan_hit_detail(hit, i);

		zone |= pair.name.len == 8 && memcmp(pair.name.ptr, "ZoneName", 8) == 0;
	}
	assert_true(zone);
	assert_int_equal(evtxscan_hit_match_count(hit), 2);
	assert_text(evtxscan_hit_match(hit, 0).selection, "answer");
	assert_text(evtxscan_hit_match(hit, 0).field, "EventID");
	assert_text(evtxscan_hit_match(hit, 0).value, "271");
	assert_text(evtxscan_hit_match(hit, 0).pattern, "271");
	assert_text(evtxscan_hit_match(hit, 2).field, "");
	assert_text(evtxscan_hit_detail(hit, 1000).name, "");
}

static void hit_says_what_the_sample_holds(void **state)
{
	struct evtxscan_rules *rules = one_rule();
	struct seen seen = {.look = look_at_details};
	struct evtxscan_totals totals;

	(void)state;
	assert_int_equal(run(rules, NULL, SUCCESS, &seen, &totals), EVTXSCAN_OK);
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(seen.text.ptr, "\"RecordID\":418733"));
	assert_true(totals.complete);
	assert_int_equal(totals.files, 1);
	assert_int_equal(totals.records, 7);
	assert_int_equal(totals.bytes, 69632);
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

static void callback_stops_the_run(void **state)
{
	struct evtxscan_rules *rules = one_rule();
	struct seen seen = {.most = 1};
	struct evtxscan_totals totals;

	(void)state;
	assert_int_equal(run(rules, NULL, SUCCESS, &seen, &totals), EVTXSCAN_STOPPED);
	assert_int_equal(seen.count, 1);
	assert_int_equal(totals.hits, 2);
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

static void unreadable_log_makes_it_partial(void **state)
{
	const char *paths[] = {SUCCESS, "nowhere.evtx", "-"};
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan = evtxscan_scan_new(rules, NULL);
	struct evtxscan_str account;

	(void)state;
	assert_null(evtxscan_scan_totals(scan));
	assert_int_equal(evtxscan_scan_account(scan).len, 0);
	assert_int_equal(evtxscan_scan_run(scan, paths, 3, NULL, NULL), EVTXSCAN_PARTIAL);
	assert_false(evtxscan_scan_totals(scan)->complete);
	assert_int_equal(evtxscan_scan_totals(scan)->files, 3);
	assert_int_equal(evtxscan_scan_totals(scan)->files_unreadable, 2);
	assert_int_equal(evtxscan_scan_totals(scan)->hits, 2);
	account = evtxscan_scan_account(scan);
	assert_non_null(strstr(account.ptr, "\"Path\":\"nowhere.evtx\""));
	assert_non_null(strstr(account.ptr, "\"Path\":\"./-\""));
	assert_true(json_is_valid((struct str){account.ptr, account.len}));
	assert_int_equal(evtxscan_scan_run(scan, paths, 1, NULL, NULL), EVTXSCAN_MISUSE);
	evtxscan_scan_free(scan);
	evtxscan_rules_free(rules);
}

static void allowlist_silences_and_is_accounted_for(void **state)
{
	static const char list[] = "version: 1\n"
				   "secondary_nameservers:\n"
				   "  - name: ns2\n"
				   "    address: [192.0.2.54, '2001:db8:0:1::54']\n"
				   "    zones: [corp.example]\n"
				   "    owner: dns-team\n"
				   "    expires: 2027-06-30\n"
				   "  - name: all\n"
				   "    address: 0.0.0.0/0\n"
				   "    zones: [corp.example]\n"
				   "    owner: dns-team\n"
				   "    expires: 2027-06-30\n";
	struct evtxscan_options options = {.size = sizeof(options), .show_suppressed = true};
	struct seen seen = {0};
	struct seen hits = {0};
	struct evtxscan_totals totals;
	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, &seen);

	(void)state;
	assert_int_equal(evtxscan_rules_add_builtin(rules), EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_set_allowlist_text(rules, "a.yml", list, strlen(list)),
			 EVTXSCAN_PARTIAL);
	assert_string_equal(seen.text.ptr, "a.yml:9:14: 2 E_ALLOW_BROAD\n");
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_OK);
	run(rules, &options, "samples/zone_transfer_secondary.evtx", &hits, &totals);
	// As README.md counts them: 3 reported, 6 silenced.
	assert_int_equal(totals.hits, 3);
	assert_int_equal(totals.suppressed, 6);
	assert_int_equal(hits.count, 9);
	buf_release(&seen.text);
	buf_release(&hits.text);
	evtxscan_rules_free(rules);
}

static void no_hash_and_no_confirmation(void **state)
{
	struct evtxscan_options options = {
		.size = sizeof(options), .no_hash = true, .no_confirm = true, .no_index = true};
	struct evtxscan_rules *rules = one_rule();
	struct seen seen = {0};
	struct evtxscan_totals totals;

	(void)state;
	assert_int_equal(run(rules, &options, SUCCESS, &seen, &totals), EVTXSCAN_OK);
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(seen.text.ptr, "\"FileSHA256\":null"));
	assert_non_null(strstr(seen.text.ptr, "\"Confirmed\":\"off\""));
	buf_release(&seen.text);
	evtxscan_rules_free(rules);
}

struct job {
	const struct evtxscan_rules *rules;
	struct seen seen;
};

static void *run_job(void *data)
{
	struct job *job = data;
	struct evtxscan_options options = {.size = sizeof(options), .threads = 2};
	struct evtxscan_scan *scan = evtxscan_scan_new(job->rules, &options);
	const char *path = "samples";

	evtxscan_scan_run(scan, &path, 1, on_hit, &job->seen);
	evtxscan_scan_free(scan);
	return NULL;
}

static void rules_serve_scans_on_many_threads(void **state)
{
	struct evtxscan_rules *rules = one_rule();
	struct job jobs[4] = {
		{.rules = rules}, {.rules = rules}, {.rules = rules}, {.rules = rules}};
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_job, &jobs[i]), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_true(jobs[0].seen.count > 2);
	for (size_t i = 1; i < 4; i++)
		assert_string_equal(jobs[i].seen.text.ptr, jobs[0].seen.text.ptr);
	for (size_t i = 0; i < 4; i++)
		buf_release(&jobs[i].seen.text);
	evtxscan_rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_is_that_of_the_header),
		cmocka_unit_test(refused_rule_is_told_and_the_rest_counts),
		cmocka_unit_test(missing_paths_fail),
		cmocka_unit_test(unknown_view_makes_finishing_fail),
		cmocka_unit_test(finished_rules_take_nothing),
		cmocka_unit_test(second_allowlist_and_mapping_are_misuse),
		cmocka_unit_test(text_over_the_limit_is_refused),
		cmocka_unit_test(empty_text_is_a_text),
		cmocka_unit_test(options_out_of_range_give_no_scan),
		cmocka_unit_test(later_members_must_be_zero),
		cmocka_unit_test(unknown_members_are_not_read),
		cmocka_unit_test(times_select),
		cmocka_unit_test(level_selects),
		cmocka_unit_test(hit_says_what_the_sample_holds),
		cmocka_unit_test(callback_stops_the_run),
		cmocka_unit_test(unreadable_log_makes_it_partial),
		cmocka_unit_test(allowlist_silences_and_is_accounted_for),
		cmocka_unit_test(no_hash_and_no_confirmation),
		cmocka_unit_test(rules_serve_scans_on_many_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
