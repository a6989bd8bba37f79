// SPDX-License-Identifier: Apache-2.0
// SigmaHQ's regression data: rules that name a test -> tests -> verdicts.
//
// A rule with the attribute `regression_tests_path` has a test: that path, from
// the root of its repository, is an info.yml with the ids of its rules and a
// list of logs (sigma-engine.md 9.1). The root is the nearest folder above the
// rule that holds regression_data. A log passes with as many hits of the rule
// as `match_count` says, or more, which is noted (four of SigmaHQ's counts are
// too low, 9.3); without a count, with one hit.
#ifndef TESTING_REGRESS_H
#define TESTING_REGRESS_H

#include "base/map.h"
#include "sigma/ruleset.h"
#include "testing/report.h"
#include "testing/tally.h"

#define REGRESS_ATTRIBUTE "regression_tests_path"

// Test the rules of `options->rules` that name a test and come from one of
// `files` (by path): all logs in one scan, those of correlations one by one.
// RC_FATAL when a scan failed.
MUST_USE enum rc regress_run(const struct tally_options *options, const struct map *files,
			     struct test_report *report, struct err *err);

#endif
