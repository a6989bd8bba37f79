// SPDX-License-Identifier: Apache-2.0
// Outputs, logs, scan, results, account: in this order.
#include "cli/scan_job.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

#include "base/cpu.h"
unsigned thread_count(const struct cli_options *options)
{
	return options->threads > 0 ? options->threads : cpu_count();
}

// How hits are shown on `stream`. False after a message.
static bool choose_output(struct scan_job *job, FILE *stream)
{
	const struct cli_options *options = job->options;

	job->look.ledger = &job->ledger;
	job->look.width = terminal_width(stream);
	job->look.color = terminal_has_color(options, stream);
	job->look.records = job->search;
	job->look.zone = &options->zone;
	if (options->has_columns)
		job->look.columns = &options->columns;
	else if (job->search)
		job->look.columns = columns_search();
	job->format = isatty(fileno(stream)) && !options->has_columns ? OUTPUT_TABLE : OUTPUT_CSV;
	if (options->has_format)
		job->format = options->format;
	// What has no columns shows them all.
	if (job->search && !output_has_columns(job->format))
		job->look.columns = NULL;
	if (!options->has_columns || output_has_columns(job->format))
		return true;
	usage_error("--columns and --profile go with -t csv, json and jsonl");
	return false;
}

static struct scan *run_scan(struct scan_job *job)
{
	struct scan_options options = {
		.rules = job->rules,
		.allowlist = job->allowlist,
		.records = job->options->records,
		.zone = &job->options->zone,
		.show_suppressed = job->options->show_suppressed,
		.use_index = !job->options->no_index,
		.needs = output_needs(job->format, &job->look),
		.native = !job->options->libevtx,
		.confirm = !job->search && !job->options->no_confirm,
		.threads = thread_count(job->options),
		.memory = job->options->memory,
		.recover = job->options->recover,
		.coverage = job->options->coverage,
		.integrity = job->options->ledger != NULL,
		.progress = &job->progress,
	};
	struct scan *scan;
	struct err err = {""};
	enum rc rc;

	if (job->options->ledger != NULL)
		options.needs |= NEED_HASH;
	scan = scan_new(&options, &job->ledger);
	scan_open(scan, &job->input);
	progress_hide();
	sandbox_enter(job->options, &job->input);
	progress_show(job->options, &job->progress);
	rc = scan_run(scan, &err);
	progress_hide();
	if (rc != RC_OK)
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
static void note_left_out(struct scan_job *job, const struct output *output)
{
	uint64_t left_out = output_left_out(output);
	struct err text;

	if (left_out == 0)
		return;
	err_set(&text, "%llu later hits are not in the report, which takes %d",
		(unsigned long long)left_out, LIMIT_REPORT_HITS);
	ledger_note(&job->ledger, &job->ledger.warnings, str_from(results_name(job->options)),
		    str_from(text.text));
	job->left_out = true;
}

static bool print_hits(struct scan_job *job, struct scan *scan, FILE *stream)
{
	struct output *output = output_new(job->format, stream, &job->look);
	struct err err = {""};
	const struct hit *hit;
	int interrupts = interrupt_count();
	enum rc rc = RC_OK;

	while (rc == RC_OK && interrupt_count() == interrupts) {
		job->saw_all = !scan_next_hit(scan, &hit);
		if (job->saw_all)
			break;
		rc = output_hit(output, hit, &err);
		summary_hit(job->summary, hit);
	}
	if (interrupt_count() != interrupts) {
		ledger_note(&job->ledger, &job->ledger.warnings,
			    str_from(results_name(job->options)),
			    STR("interrupted: not all hits were printed"));
		job->ledger.interrupted = true;
		job->ledger.complete = false;
	}
	note_left_out(job, output);
	if (rc == RC_OK)
		rc = output_end(output, &err);
	// Nobody is told of what they did themselves; the account says it all the same.
	if (rc != RC_OK && !output_is_unread(output))
		message("%s: %s", results_name(job->options), err.text);
	output_free(output);
	return rc == RC_OK;
}

static bool write_ledger(const struct scan_job *job, struct outfile *file)
{
	struct err err = {""};

	if (ledger_write_json(&job->ledger, file->stream, &err) != RC_OK) {
		message("%s: %s", job->options->ledger, err.text);
		outfile_abandon(file);
		return false;
	}
	return outfile_close(file);
}

static void print_ledger(const struct scan_job *job)
{
	struct buf text = {0};

	// Below the hits, where these go to the same place.
	if (job->format <= OUTPUT_LIST && job->options->output == NULL && job->ledger.hits > 0)
		buf_put_char(&text, '\n');
	// A summary of some would not fit the account of all.
	if (!job->search && job->saw_all)
		summary_put(job->summary, terminal_width(stderr),
			    terminal_has_color(job->options, stderr), &text);
	(job->search ? ledger_put_search : ledger_put_text)(&job->ledger, &text);
	fwrite(text.ptr != NULL ? text.ptr : "", 1, text.len, stderr);
	buf_release(&text);
}

static int final_status(const struct scan_job *job, const struct scan *scan, bool written)
{
	if (job->options->fail_on != LEVEL_UNSET &&
	    scan_highest_level(scan) >= job->options->fail_on)
		return STATUS_FAIL_ON;
	return written && job->ledger.complete && !job->left_out ? STATUS_DONE : STATUS_INCOMPLETE;
}

// Outputs are opened first: nobody wants to wait for a scan that has nowhere to
// put its results.
static int scan_and_report(struct scan_job *job)
{
	struct outfile results;
	struct outfile ledger = {NULL, NULL, NULL};
	struct scan *scan;
	bool written;
	int status;

	interrupt_watch(&job->progress);
	if (!outfile_open(job->options->output, job->options->clobber, &results))
		return STATUS_USAGE;
	if (job->options->ledger != NULL &&
	    !outfile_open(job->options->ledger, job->options->clobber, &ledger)) {
		outfile_abandon(&results);
		return STATUS_USAGE;
	}
	progress_show(job->options, &job->progress);
	if (!choose_output(job, results.stream) || !find_logs(job->options, &job->input)) {
		progress_hide();
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
	if (job->options->quiet)
		message_missing(&job->ledger);
	if (!written) { // and a message said so
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

int scan_job_run(struct scan_job *job)
{
	const struct cli_options *options = job->options;
	int status;

	if (options->ledger != NULL && outputs_are_one(options->output, options->ledger))
		return usage_error("results (--output) and --ledger would both go to %s",
				   results_name(options));
	input_init(&job->input);
	job->input.progress = &job->progress;
	job->summary = summary_new(&options->zone);
	status = scan_and_report(job);
	summary_free(job->summary);
	input_release(&job->input);
	return status;
}
