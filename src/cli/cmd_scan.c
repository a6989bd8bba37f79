// SPDX-License-Identifier: Apache-2.0
// evtxscan scan: rules over logs.
#include "check/check.h"
#include "cli/scan_job.h"
#include "evtxscan.h"
#include "load/load.h"

// What a scan needs besides.
struct preparation {
	struct arena arena;
	struct diag_list allow_diags;
	struct scan_job job;
};

static bool prepare(struct preparation *p)
{
	const struct cli_options *options = p->job.options;
	struct ruleset *rules = load_rules(options);

	p->job.rules = rules;
	if (rules == NULL ||
	    !read_allowlist(&p->arena, options->allowlist, &p->allow_diags, &p->job.allowlist))
		return false;
	check_allowlist_classes(rules);
	message_diags(&rules->diags, options->verbose > 0);
	message_diags(&p->allow_diags, options->verbose > 0);
	load_note_refused(&p->allow_diags, &p->job.ledger);
	if (options->strict && rules->diags.errors + p->allow_diags.errors > 0) {
		message("--strict: %zu error(s) in rules or allowlist; nothing was scanned",
			rules->diags.errors + p->allow_diags.errors);
		return false;
	}
	return rules_are_left(rules, options);
}

int cmd_scan(const struct cli_options *options)
{
	struct preparation p = {.job = {.options = options}};
	int status = STATUS_USAGE;

	if (options->arg_count + options->images.count == 0)
		return usage_error("which logs? Give files, folders, or - for standard input");
	diag_init(&p.allow_diags, &p.arena);
	ledger_init(&p.job.ledger, str_from(EVTXSCAN_VERSION));
	if (prepare(&p))
		status = scan_job_run(&p.job);
	ledger_release(&p.job.ledger);
	diag_release(&p.allow_diags);
	ruleset_free(p.job.rules);
	arena_release(&p.arena);
	return status;
}
