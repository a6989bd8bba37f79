// SPDX-License-Identifier: Apache-2.0
// Between the files of the command `test`.
#ifndef CLI_TESTING_H
#define CLI_TESTING_H

#include "cli/cli.h"
#include "testing/tally.h"

// How to scan, but for the rules.
struct tally_options test_tally_options(const struct cli_options *options);
// Print the report where the options say, but not over an input of the report; returns
// the exit status.
int test_print(const struct cli_options *options, const struct test_report *report);

// test_cases.c: run all tests of our own test files. False after a message when
// the run as a whole failed.
bool test_cases_run(const struct cli_options *options, const struct cli_list *files,
		    struct test_report *report);

// test_logs.c: whole runs over logs; both return the exit status.

// `--known-fps`: hits over benign logs that the table does not name fail, and so do rules
// that could not be decided.
int test_benign(const struct cli_options *options);
// The way of evtx-sigma-checker: a line of JSON for each hit.
int test_checker(const struct cli_options *options);

#endif
