// SPDX-License-Identifier: Apache-2.0
// Our own tests: events, and the rules that must hit them.
//
// Each YAML document of a test file is a test, one mapping:
//
//   name:      what it shows (default: its line)
//   rules:     a path or a list; 'builtin' is the pack (default: --rules, else builtin)
//   filters:   Sigma filters: a path or a list
//   allowlist: a path
//   events:    with log, templates, defaults: as synth/synth.h says
//   evtx:      instead of events, logs: a path or a list
//   exact:     true = no rule but those of `expect` may hit
//   expect:    a list of
//     - rule:       id, name or title of a rule that can hit
//       count:      how many hits, all logs together; 0 = none
//       records:    EventRecordIDs of its hits, in any order (of a correlation: of
//                   the events at which it fired)
//       suppressed: how many hits an allowlist silenced, without what filters took out
//
// With neither count nor records nor suppressed, at least one hit is expected.
// Paths are relative to the folder of the test file. A test fails, too, when one of its rules
// or filters is refused.
#ifndef TESTING_CASE_H
#define TESTING_CASE_H

#include "sigma/ruleset.h"
#include "testing/report.h"
#include "testing/tally.h"

struct case_expect {
	struct str rule;
	bool has_count, has_records, has_suppressed;
	uint64_t count, suppressed;
	uint64_t *records; // ascending
	size_t record_count;
};

struct case_paths {
	struct str *items;
	size_t count;
};

// Lives in the arena that it was parsed into.
struct test_case {
	struct str name;
	struct case_paths rules, filters;
	struct str allowlist;	  // empty: none
	struct case_paths logs;	  // `evtx`
	struct yaml_node *events; // a description for synth_build_node; NULL: `evtx`
	struct case_expect *expects;
	size_t expect_count;
	bool exact;
};

// Read a document of the file `path`. False after diagnostics (E_TEST).
bool case_parse(struct arena *arena, struct str path, const struct yaml_node *document,
		struct test_case *out, struct diag_list *diags);
// Compare what was expected with the hits of a scan of these rules.
void case_judge(const struct test_case *test, const struct ruleset *rules,
		const struct tally *tally, struct test_report *report, struct test_result *result);

#endif
