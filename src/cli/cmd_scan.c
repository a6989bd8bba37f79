// SPDX-License-Identifier: Apache-2.0
// evtxscan scan: rules over logs.
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cpu.h"
#include "check/check.h"
#include "cli/cli.h"
#include "evtxscan.h"
#include "load/load.h"
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
};

static bool prepare(struct job *job)
{
	job->rules = load_rules(job->options);
	if (job->rules == NULL || !read_allowlist(&job->arena, job->options->allowlist,
						  &job->allow_diags, &job->allowlist))
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

static enum output_format chosen_format(const struct cli_options *options, FILE *stream)
{
	if (options->has_format)
		return options->format;
	return isatty(fileno(stream)) ? OUTPUT_TABLE : OUTPUT_CSV;
}

// `stream` is where the hits will go.
static struct scan *run_scan(struct job *job, FILE *stream)
{
	struct scan_options options = {
		.rules = job->rules,
		.allowlist = job->allowlist,
		.min_level = job->options->min_level,
		.from = job->options->from,
		.to = job->options->to,
		.show_suppressed = job->options->show_suppressed,
		.use_index = !job->options->no_index,
		.hash = chosen_format(job->options, stream) >= OUTPUT_JSON ||
			job->options->ledger != NULL,
		.facts = chosen_format(job->options, stream) >= OUTPUT_JSON,
		.native = !job->options->libevtx,
		.confirm = !job->options->no_confirm,
		.threads = job->options->threads > 0 ? job->options->threads : cpu_count(),
		.memory = job->options->memory,
	};
	struct scan *scan = scan_new(&options, &job->ledger);
	struct err err = {""};

	load_note_refused(&job->allow_diags, &job->ledger);
	if (scan_run(scan, &job->input, &err) != RC_OK)
		message("%s", err.text);
	return scan;
}

// ---- results ------------------------------------------------------------

static size_t terminal_width(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

// Where the results go, for messages.
static const char *results_name(const struct cli_options *options)
{
	if (options->output == NULL || strcmp(options->output, "-") == 0)
		return "standard output";
	return options->output;
}

static bool print_hits(const struct cli_options *options, struct scan *scan, FILE *stream)
{
	struct output_options look = {terminal_width(stream), false};
	const char *no_color = getenv("NO_COLOR");
	struct output *output;
	struct err err = {""};
	const struct hit *hit;
	enum rc rc = RC_OK;

	look.color = isatty(fileno(stream)) && !options->no_color &&
		     (no_color == NULL || no_color[0] == '\0');
	output = output_new(chosen_format(options, stream), stream, &look);
	while (rc == RC_OK && scan_next_hit(scan, &hit))
		rc = output_hit(output, hit, &err);
	if (rc == RC_OK)
		rc = output_end(output, &err);
	output_free(output);
	if (rc != RC_OK)
		message("%s: %s", results_name(options), err.text);
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
	return written && job->ledger.complete ? STATUS_DONE : STATUS_INCOMPLETE;
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
	find_logs(job->options, &job->input);
	if (!spares_logs(&job->input, job->options->output) ||
	    !spares_logs(&job->input, job->options->ledger)) {
		outfile_abandon(&results);
		outfile_abandon(&ledger);
		return STATUS_USAGE;
	}
	scan = run_scan(job, results.stream);
	written = print_hits(job->options, scan, results.stream);
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
