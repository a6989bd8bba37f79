// SPDX-License-Identifier: Apache-2.0
// A scan: logs -> events -> match -> allow -> correlate -> hits and a ledger.
//
//	struct scan *scan = scan_new(&options, &ledger);
//	for each input file: scan_file(scan, file);
//	scan_finish(scan);                  // correlations, order
//	hits = scan_hits(scan, &count);
//	scan_free(scan);
//
// Hits are in order of time, computer, channel, record id, file, rule; nothing
// of the result depends on the order of the files.
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "allow/allow.h"
#include "correlate/correlate.h"
#include "input/input.h"
#include "output/hit.h"
#include "output/ledger.h"
#include "sigma/ruleset.h"

struct scan_options {
	const struct ruleset *rules;	   // linked
	const struct allowlist *allowlist; // or NULL
	enum rule_level min_level;	   // LEVEL_UNSET = all
	uint64_t from, to;		   // event times, both included; to 0 = no end
	bool show_suppressed;
	bool use_index; // false: evaluate every candidate rule
};

struct scan;

// Everything in `options` must outlive the scan. `ledger` is filled as the scan
// goes on; it must be initialised, and must outlive the scan.
struct scan *scan_new(const struct scan_options *options, struct ledger *ledger);
void scan_free(struct scan *scan);

// Read one log and evaluate its events. What cannot be read is in the ledger.
void scan_file(struct scan *scan, const struct input_file *file);

// Correlate, sort, complete the ledger. No file may follow.
void scan_finish(struct scan *scan);

// The hits to print, suppressed ones only if asked for. Good until scan_free.
const struct hit *scan_hits(const struct scan *scan, size_t *count);
// The highest level among the unsuppressed hits.
enum rule_level scan_highest_level(const struct scan *scan);

#endif
