// SPDX-License-Identifier: Apache-2.0
// A scan whose hits are kept, for tests to look at.
#ifndef TESTING_TALLY_H
#define TESTING_TALLY_H

#include "scan/scan.h"
#include "testing/report.h"

struct tally_hit {
	struct str rule_id, rule_title, rule_file; // of the rule set
	struct str level;			   // of the rule set
	struct str evtx;			   // path, of the tally
	struct str computer;			   // of the tally
	size_t file;				   // index in the tally's input
	uint64_t time, record_id, header_id, offset;
	bool alert;	 // of a correlation
	bool suppressed; // by a filter or the allowlist
	bool filtered;	 // by a filter
};

// A zeroed struct is an empty tally, good for one scan. Hits are in the order
// of the scan, suppressed ones included.
struct tally {
	struct arena arena;
	struct input_list input;
	struct ledger ledger;
	bool used;
	struct tally_hit *hits;
	size_t count, cap;
};

struct tally_options {
	const struct ruleset *rules;	   // linked
	const struct allowlist *allowlist; // or NULL
	unsigned threads;
	uint64_t memory; // see scan.h
};

// Scan the logs below `paths`. RC_FATAL when the hits could not be kept.
MUST_USE enum rc tally_scan(struct tally *tally, const struct tally_options *options,
			    const struct str *paths, size_t count, struct err *err);
void tally_release(struct tally *tally);
// The logs that were scanned are inputs of the report.
void tally_put_inputs(const struct tally *tally, struct test_report *report);

// Is it a hit of this rule?
bool tally_is(const struct tally_hit *hit, const struct rule *rule);
// Why the log at `path` was not read completely; empty when it was.
struct str tally_trouble(const struct tally *tally, struct str path);

#endif
