// SPDX-License-Identifier: Apache-2.0
// The public interface: which logs are read, and when reading ends.
//
// Run in the root of the repository.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "library_fixture.h"

static void archives_open_with_a_password(void **state)
{
	const char *path = "build/test_library_locked.zip";
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan;
	struct seen seen = {.count = 0};
	char long_one[1026];

	(void)state;
	assert_int_equal(system("mkdir -p build && base64 -d tests/cli/input/locked.zip.base64 "
				">build/test_library_locked.zip"),
			 0);
	scan = evtxscan_scan_new(rules, NULL);
	assert_int_equal(evtxscan_scan_run(scan, &path, 1, on_hit, &seen), EVTXSCAN_PARTIAL);
	assert_int_equal(seen.count, 0);
	assert_int_equal(evtxscan_scan_add_password(scan, "infected"), EVTXSCAN_MISUSE);
	evtxscan_scan_free(scan);
	scan = evtxscan_scan_new(rules, NULL);
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	assert_int_equal(evtxscan_scan_add_password(scan, long_one), EVTXSCAN_MISUSE);
	assert_int_equal(evtxscan_scan_add_password(scan, "wrong"), EVTXSCAN_OK);
	assert_int_equal(evtxscan_scan_add_password(scan, "infected"), EVTXSCAN_OK);
	assert_int_equal(evtxscan_scan_run(scan, &path, 1, on_hit, &seen), EVTXSCAN_OK);
	assert_int_equal(seen.count, 2);
	evtxscan_scan_free(scan);
	evtxscan_rules_free(rules);
	buf_release(&seen.text);
	remove(path);
}

static void a_log_that_is_there_twice_is_read_once(void **state)
{
	const char *paths[] = {SUCCESS, "build/test_library_copy.evtx"};
	struct evtxscan_options options = {.size = sizeof(options), .keep_duplicates = true};
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan;

	(void)state;
	assert_int_equal(system("mkdir -p build && cp " SUCCESS " build/test_library_copy.evtx"),
			 0);
	for (int keep = 0; keep < 2; keep++) {
		scan = evtxscan_scan_new(rules, keep ? &options : NULL);
		assert_int_equal(evtxscan_scan_run(scan, paths, 2, NULL, NULL), EVTXSCAN_OK);
		assert_int_equal(evtxscan_scan_totals(scan)->hits, keep ? 4 : 2);
		assert_int_equal(evtxscan_scan_totals(scan)->files_duplicate, keep ? 0 : 1);
		evtxscan_scan_free(scan);
	}
	evtxscan_rules_free(rules);
	remove(paths[1]);
}

static void a_stopped_scan_says_what_it_did_not_read(void **state)
{
	const char *path = SUCCESS;
	struct evtxscan_rules *rules = one_rule();
	struct evtxscan_scan *scan = evtxscan_scan_new(rules, NULL);
	struct evtxscan_str account;

	(void)state;
	evtxscan_scan_stop(scan);
	assert_int_equal(evtxscan_scan_run(scan, &path, 1, NULL, NULL), EVTXSCAN_PARTIAL);
	assert_false(evtxscan_scan_totals(scan)->complete);
	account = evtxscan_scan_account(scan);
	assert_non_null(strstr(account.ptr, "\"Interrupted\":true"));
	evtxscan_scan_free(scan);
	evtxscan_rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives_open_with_a_password),
		cmocka_unit_test(a_log_that_is_there_twice_is_read_once),
		cmocka_unit_test(a_stopped_scan_says_what_it_did_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
