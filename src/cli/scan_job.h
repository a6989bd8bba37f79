// SPDX-License-Identifier: Apache-2.0
// A scan from options to exit status: what 'scan' and 'search' share.
#ifndef CLI_SCAN_JOB_H
#define CLI_SCAN_JOB_H

#include "cli/cli.h"
#include "output/summary.h"
#include "scan/scan.h"

// The caller fills the first part, and releases what it put there.
struct scan_job {
	const struct cli_options *options;
	struct ruleset *rules;		   // linked
	const struct allowlist *allowlist; // or NULL
	struct ledger ledger;		   // initialised
	bool search;			   // records are looked for, not hits of rules

	// Private.
	struct input_list input;
	struct progress progress;
	struct summary *summary;
	enum output_format format;
	struct output_options look;
	bool saw_all;  // hits; else printing ended before
	bool left_out; // hits that the format had no room for
};

// Scan the logs of the options and print what they ask for. Returns the exit
// status; STATUS_USAGE after messages when nothing was scanned.
int scan_job_run(struct scan_job *job);

#endif
