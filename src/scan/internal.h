// SPDX-License-Identifier: Apache-2.0
// Between the files of scan/.
#ifndef SCAN_INTERNAL_H
#define SCAN_INTERNAL_H

#include "base/map.h"
#include "scan/scan.h"

// Bits of a sequence number that count records within a file; the rest counts
// files. 2^40 records of the smallest size are 200 TiB.
#define SEQUENCE_RECORD_BITS 40

// A hit with what its order needs.
struct ordered_hit {
	struct hit hit;
	uint64_t sequence; // of the record: file, then position in the file
	size_t rule;	   // index
};

struct scan_file_info {
	struct str path;
	const char *open_path; // in the arena
	struct str sha256;     // empty until a hit needs it
	bool hashed;
};

struct scan {
	struct scan_options options;
	struct ledger *ledger;
	struct arena arena;  // hits and what they point to
	struct arena record; // reset after each event
	struct matcher *matcher;
	struct match_state *state;
	struct correlator *correlator;
	struct allow_audit audit;
	unsigned *class_masks; // by rule index
	uint64_t *rule_hits, *rule_suppressed, *filter_hits; // by rule index
	struct scan_file_info *files;
	size_t file_count, file_cap;
	struct ordered_hit *hits;
	size_t hit_count, hit_cap;
	struct hit *printed; // the hits in order
	enum rule_level highest;
};

// hits.c

// Keep the hit of a base rule. `suppressed_by` may be empty.
void hits_add_match(struct scan *scan, const struct match *match, const struct event *event,
		    const struct corr_record *record, struct str suppressed_by);
void hits_add_alert(struct scan *scan, const struct corr_alert *alert);
// Put hits in order and fill in file hashes.
void hits_sort(struct scan *scan);

// account.c

// What is known before the first file: rules, refused and unplaced ones.
void account_start(struct scan *scan);
// What is known after the last.
void account_finish(struct scan *scan);

#endif
