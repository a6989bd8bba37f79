// SPDX-License-Identifier: Apache-2.0
// evtxscan scan: rules over logs.
#include "allow/allow.h"
#include "base/file.h"
#include "base/limits.h"
#include "check/check.h"
#include "cli/scan_job.h"
#include "evtxscan.h"

// What a scan needs besides.
struct preparation {
	struct arena arena;
	struct diag_list allow_diags;
	struct scan_job job;
};

static bool load_allowlist(struct preparation *p)
{
	const char *path = p->job.options->allowlist;
	struct buf text = {0};
	struct err err = {""};

	if (path == NULL)
		return true;
	if (file_read(path, LIMIT_YAML_FILE, &text, &err) != RC_OK) {
		message("%s: %s", path, err.text);
		buf_release(&text);
		return false;
	}
	p->job.allowlist =
		allowlist_parse(&p->arena, str_from(path), buf_str(&text), &p->allow_diags);
	buf_release(&text);
	return true;
}

static void note_allow_refusals(struct preparation *p)
{
	for (size_t i = 0; i < p->allow_diags.count; i++) {
		const struct diag *diag = &p->allow_diags.items[i];
		struct str place = arena_printf(&p->arena, "%.*s:%u:%u", STR_ARG(diag->path),
						diag->line, diag->col);

		if (diag->severity == DIAG_ERROR)
			ledger_note(&p->job.ledger, &p->job.ledger.allow_refused, place,
				    diag->message);
	}
}

static bool prepare(struct preparation *p)
{
	const struct cli_options *options = p->job.options;
	struct ruleset *rules = load_rules(options);

	p->job.rules = rules;
	if (rules == NULL || !load_allowlist(p))
		return false;
	check_allowlist_classes(rules);
	message_diags(&rules->diags, options->verbose > 0);
	message_diags(&p->allow_diags, options->verbose > 0);
	note_allow_refusals(p);
	if (options->strict && rules->diags.errors + p->allow_diags.errors > 0) {
		message("--strict: %zu error(s) in rules or allowlist; nothing was scanned",
			rules->diags.errors + p->allow_diags.errors);
		return false;
	}
	return true;
}

int cmd_scan(const struct cli_options *options)
{
	struct preparation p = {.job = {.options = options}};
	int status = STATUS_USAGE;

	if (options->arg_count == 0)
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
