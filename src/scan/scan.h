// SPDX-License-Identifier: Apache-2.0
// A scan: logs -> events -> match -> allow -> correlate -> hits and a ledger.
//
//	struct scan *scan = scan_new(&options, &ledger);
//	scan_open(scan, &input);
//	scan_run(scan);                            // all files, on all threads
//	while (scan_next_hit(scan, &hit)) ...      // in order
//	scan_free(scan);
//
// Hits come in order of time, computer, channel, record id, file, rule. Nothing
// of the result depends on the number of threads or the order of the files.
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "allow/allow.h"
#include "base/progress.h"
#include "correlate/correlate.h"
#include "event/record_choice.h"
#include "input/input.h"
#include "output/hit.h"
#include "output/ledger.h"
#include "sigma/ruleset.h"

struct scan_options {
	const struct ruleset *rules;	   // linked
	const struct allowlist *allowlist; // or NULL
	struct record_choice records;	   // that rules are evaluated on; its lists are borrowed
	bool show_suppressed;
	bool use_index;		 // false: evaluate every candidate rule
	bool native;		 // false: read with libevtx alone
	bool confirm;		 // read each hit's record again with libevtx
	const struct zone *zone; // of times in the words of the account; NULL = UTC
	bool recover;		 // also look for lost records; images are looked at anyway
	bool integrity;		 // hash each file and archive, and hold each log against itself
	bool coverage;	// also fill in the coverage of the ledger (every record is decoded)
	unsigned needs; // what hits bring: bits of enum output_need
	unsigned threads;
	struct progress *progress;   // or NULL; told to stop, a scan ends incomplete
	uint64_t memory;	     // bytes of hits kept before they go to a temporary file
	uint64_t correlation_memory; // for the hits of a group that a correlation looks at;
				     // 0 = half of `memory`, at least what limits.h says
};

struct scan;

// Everything in `options` must outlive the scan. `ledger` is filled by
// scan_run; it must be initialised, and must outlive the scan.
struct scan *scan_new(const struct scan_options *options, struct ledger *ledger);
void scan_free(struct scan *scan);

// Get ready for the logs of `input`, which must outlive the scan: temporary files are
// made now, and none later.
void scan_open(struct scan *scan, const struct input_list *input);

// Read all logs, once, after scan_open. What cannot be read is in the ledger. RC_FATAL when hits
// could not be kept (no room for a temporary file): the hits are then incomplete.
MUST_USE enum rc scan_run(struct scan *scan, struct err *err);

// The next hit in order, suppressed ones only if asked for; good until the next
// call. False at the end. Files with hits are hashed on the way.
bool scan_next_hit(struct scan *scan, const struct hit **hit);

// The highest level among the unsuppressed hits.
enum rule_level scan_highest_level(const struct scan *scan);

#endif
