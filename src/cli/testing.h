// SPDX-License-Identifier: Apache-2.0
// Between the files of the command `test`.
#ifndef CLI_TESTING_H
#define CLI_TESTING_H

#include "cli/cli.h"
#include "testing/tally.h"

// How to scan, but for the rules.
struct tally_options test_tally_options(const struct cli_options *options);
// Print the report where the options say; returns the exit status.
int test_print(const struct cli_options *options, const struct test_report *report);

#endif
