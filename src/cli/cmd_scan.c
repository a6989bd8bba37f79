// SPDX-License-Identifier: Apache-2.0
// evtxscan scan: rules over logs.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allow/allow.h"
#include "base/file.h"
#include "base/limits.h"
#include "check/check.h"
#include "cli/cli.h"
#include "evtxscan.h"
#include "scan/scan.h"

// What a scan is made of, before it runs.
struct job {
	const struct cli_options *options;
	struct ruleset *rules;
	struct arena arena;
	struct diag_list allow_diags;
	const struct allowlist *allowlist;
	struct input_list input;
	struct ledger ledger;
	enum output_format format;
	struct output_options look;
	bool left_out; // hits that the format had no room for
};

static bool load_allowlist(struct job *job)
{
	const char *path = job->options->allowlist;
	struct buf text = {0};
	struct err err = {""};

	if (path == NULL)
		return true;
	if (file_read(path, LIMIT_YAML_FILE, &text, &err) != RC_OK) {
		message("%s: %s", path, err.text);
		buf_release(&text);
		return false;
	}
	job->allowlist =
		allowlist_parse(&job->arena, str_from(path), buf_str(&text), &job->allow_diags);
	buf_release(&text);
	return true;
}

static void note_allow_refusals(struct job *job)
{
	for (size_t i = 0; i < job->allow_diags.count; i++) {
		const struct diag *diag = &job->allow_diags.items[i];
		struct str place = arena_printf(&job->arena, "%.*s:%u:%u", STR_ARG(diag->path),
						diag->line, diag->col);

		if (diag->severity == DIAG_ERROR)
			ledger_note(&job->ledger, &job->ledger.allow_refused, place, diag->message);
	}
}

static bool prepare(struct job *job)
{
	job->rules = load_rules(job->options);
	if (job->rules == NULL || !load_allowlist(job))
		return false;
	check_allowlist_classes(job->rules);
	message_diags(&job->rules->diags, job->options->verbose > 0);
	message_diags(&job->allow_diags, job->options->verbose > 0);
	if (job->options->strict && job->rules->diags.errors + job->allow_diags.errors > 0) {
		message("--strict: %zu error(s) in rules or allowlist; nothing was scanned",
			job->rules->diags.errors + job->allow_diags.errors);
		return false;
	}
	return true;
}

static unsigned thread_count(const struct cli_options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (options->threads > 0)
		return options->threads;
	return cores > 0 ? (unsigned)cores : 1;
}

// How hits are shown on `stream`. False after a message.
static bool choose_output(struct job *job, FILE *stream)
{
	const struct cli_options *options = job->options;

	job->look.ledger = &job->ledger;
	job->look.width = terminal_width(stream);
	job->look.color = terminal_has_color(options, stream);
	if (options->has_columns)
		job->look.columns = &options->columns;
	job->format = isatty(fileno(stream)) && !options->has_columns ? OUTPUT_TABLE : OUTPUT_CSV;
	if (options->has_format)
		job->format = options->format;
	if (!options->has_columns || output_has_columns(job->format))
		return true;
	usage_error("--columns and --profile go with -t csv, json and jsonl");
	return false;
}

static struct scan *run_scan(struct job *job)
{
	struct scan_options options = {
		.rules = job->rules,
		.allowlist = job->allowlist,
		.records = job->options->records,
		.show_suppressed = job->options->show_suppressed,
		.use_index = !job->options->no_index,
		.needs = output_needs(job->format, &job->look),
		.native = !job->options->libevtx,
		.confirm = !job->options->no_confirm,
		.threads = thread_count(job->options),
		.memory = job->options->memory,
	};
	struct scan *scan;
	struct err err = {""};

	if (job->options->ledger != NULL)
		options.needs |= NEED_HASH;
	scan = scan_new(&options, &job->ledger);
	note_allow_refusals(job);
	if (scan_run(scan, &job->input, &err) != RC_OK)
		message("%s", err.text);
	return scan;
}

// ---- results ------------------------------------------------------------

// Where the results go, for messages.
static const char *results_name(const struct cli_options *options)
{
	if (options->output == NULL || strcmp(options->output, "-") == 0)
		return "standard output";
	return options->output;
}

// A report has room for so many hits: what is not in it is said, in it too.
static void note_left_out(struct job *job, const struct output *output)
{
	uint64_t left_out = output_left_out(output);
	struct str text;

	if (left_out == 0)
		return;
	text = arena_printf(&job->arena, "%llu later hits are not in the report, which takes %d",
			    (unsigned long long)left_out, LIMIT_REPORT_HITS);
	ledger_note(&job->ledger, &job->ledger.warnings, str_from(results_name(job->options)),
		    text);
	job->left_out = true;
}

static bool print_hits(struct job *job, struct scan *scan, FILE *stream)
{
	struct output *output = output_new(job->format, stream, &job->look);
	struct err err = {""};
	const struct hit *hit;
	enum rc rc = RC_OK;

	while (rc == RC_OK && scan_next_hit(scan, &hit))
		rc = output_hit(output, hit, &err);
	note_left_out(job, output);
	if (rc == RC_OK)
		rc = output_end(output, &err);
	output_free(output);
	if (rc != RC_OK)
		message("%s: %s", results_name(job->options), err.text);
	return rc == RC_OK;
}

static bool write_ledger(const struct job *job, struct outfile *file)
{
	struct err err = {""};

	if (ledger_write_json(&job->ledger, file->stream, &err) != RC_OK) {
		message("%s: %s", job->options->ledger, err.text);
		outfile_abandon(file);
		return false;
	}
	return outfile_close(file);
}

static void print_ledger(const struct job *job)
{
	struct buf text = {0};

	ledger_put_text(&job->ledger, &text);
	fwrite(text.ptr != NULL ? text.ptr : "", 1, text.len, stderr);
	buf_release(&text);
}

static int final_status(const struct job *job, const struct scan *scan, bool written)
{
	if (job->options->fail_on != LEVEL_UNSET &&
	    scan_highest_level(scan) >= job->options->fail_on)
		return STATUS_FAIL_ON;
	return written && job->ledger.complete && !job->left_out ? STATUS_DONE : STATUS_INCOMPLETE;
}

// Outputs are opened first: nobody wants to wait for a scan that has nowhere to
// put its results.
static int scan_and_report(struct job *job)
{
	struct outfile results;
	struct outfile ledger = {NULL, NULL, NULL};
	struct scan *scan;
	bool written;
	int status;

	if (!outfile_open(job->options->output, job->options->clobber, &results))
		return STATUS_USAGE;
	if (job->options->ledger != NULL &&
	    !outfile_open(job->options->ledger, job->options->clobber, &ledger)) {
		outfile_abandon(&results);
		return STATUS_USAGE;
	}
	if (!choose_output(job, results.stream) || !find_logs(job->options, &job->input)) {
		outfile_abandon(&results);
		outfile_abandon(&ledger);
		return STATUS_USAGE;
	}
	scan = run_scan(job);
	written = print_hits(job, scan, results.stream);
	if (written)
		written = outfile_close(&results);
	else
		outfile_abandon(&results);
	if (!written) {
		ledger_note(&job->ledger, &job->ledger.warnings,
			    str_from(results_name(job->options)),
			    STR("the results could not all be written"));
		job->ledger.complete = false;
	}
	if (ledger.stream != NULL)
		written &= write_ledger(job, &ledger);
	if (!job->options->quiet)
		print_ledger(job);
	status = final_status(job, scan, written);
	scan_free(scan);
	return status;
}

int cmd_scan(const struct cli_options *options)
{
	struct job job = {.options = options};
	int status = STATUS_USAGE;

	if (options->arg_count == 0)
		return usage_error("which logs? Give files, folders, or - for standard input");
	if (options->output != NULL && options->ledger != NULL &&
	    strcmp(options->output, options->ledger) == 0 && strcmp(options->output, "-") != 0)
		return usage_error("--output and --ledger want two files");
	diag_init(&job.allow_diags, &job.arena);
	ledger_init(&job.ledger, str_from(EVTXSCAN_VERSION));
	input_init(&job.input);
	if (prepare(&job))
		status = scan_and_report(&job);
	input_release(&job.input);
	ledger_release(&job.ledger);
	diag_release(&job.allow_diags);
	ruleset_free(job.rules);
	arena_release(&job.arena);
	return status;
}
