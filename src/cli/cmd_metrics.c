// SPDX-License-Identifier: Apache-2.0
// evtxscan metrics: what logs hold, counted.
#include "cli/cli.h"
#include "metrics/metrics.h"

struct job {
	const struct cli_options *options;
	unsigned sections;
	struct metrics *metrics;
	struct outfile out;
	uint64_t files, records;
	uint64_t incomplete; // files that could not all be read
};

static bool take_event(void *user, const struct event *event, const struct input_file *file)
{
	struct job *job = user;

	(void)file;
	job->records++;
	metrics_event(job->metrics, event);
	return true;
}

static void begin_file(void *user, const struct input_file *file)
{
	struct job *job = user;

	job->files++;
	metrics_begin_file(job->metrics, file->path);
}

static void end_file(void *user, const struct input_file *file, bool complete)
{
	struct job *job = user;

	(void)file;
	job->incomplete += !complete;
	metrics_end_file(job->metrics, !complete);
}

// ---- results ------------------------------------------------------------

// An error is seen when the file is closed.
static void write_out(struct job *job, struct buf *text)
{
	if (text->len > 0)
		(void)fwrite(text->ptr, 1, text->len, job->out.stream);
	buf_reset(text);
}

static void print_table(struct job *job, struct buf *text)
{
	struct metrics_look look = {
		.sections = job->sections,
		.most = job->options->most,
		.width = terminal_width(job->out.stream),
	};

	metrics_put_table(job->metrics, &look, text);
	write_out(job, text);
}

static void print_rows(struct job *job, struct buf *text)
{
	for (int i = 0; i < METRICS_SECTIONS; i++) {
		if ((job->sections & METRICS_BIT(i)) == 0)
			continue;
		if (job->options->format == OUTPUT_CSV)
			metrics_put_csv(job->metrics, (enum metrics_section)i, text);
		else
			metrics_put_jsonl(job->metrics, (enum metrics_section)i, text);
		write_out(job, text);
	}
}

static void print_notes(const struct job *job, struct buf *text)
{
	struct str rest;
	struct str line;

	metrics_put_notes(job->metrics, text);
	rest = buf_str(text);
	while (str_split(&rest, '\n', &line)) {
		if (line.len > 0)
			message("%.*s", STR_ARG(line));
	}
}

static void print_closing(const struct job *job)
{
	message("%llu %s, %llu %s read", (unsigned long long)job->files,
		job->files == 1 ? "file" : "files", (unsigned long long)job->records,
		job->records == 1 ? "record" : "records");
	if (job->incomplete > 0)
		message("%llu of the files could not, or not all, be read",
			(unsigned long long)job->incomplete);
}

static int run(struct job *job, const struct input_list *logs)
{
	const struct log_taker taker = {take_event, begin_file, end_file, job};
	bool complete = read_logs(job->options, logs, &taker);
	struct buf text = {0};
	bool written;

	if (job->options->format == OUTPUT_TABLE)
		print_table(job, &text);
	else
		print_rows(job, &text);
	written = outfile_close(&job->out);
	print_notes(job, &text);
	if (!job->options->quiet)
		print_closing(job);
	buf_release(&text);
	return written && complete ? STATUS_DONE : STATUS_INCOMPLETE;
}

// What cannot be is said before anything is read.
static bool check(const struct job *job)
{
	const struct cli_options *options = job->options;

	if (options->arg_count == 0)
		usage_error("metrics wants a log: evtxscan metrics PATH...");
	else if (options->format == OUTPUT_CSV && (job->sections & (job->sections - 1)) != 0)
		usage_error("a CSV has one section: name it with --only, or use -t jsonl");
	else
		return true;
	return false;
}

int cmd_metrics(const struct cli_options *options)
{
	struct job job = {.options = options};
	struct progress progress = {false};
	struct input_list logs;
	int status = STATUS_USAGE;

	job.sections = options->sections != 0 ? options->sections : METRICS_ALL;
	if (!check(&job))
		return STATUS_USAGE;
	input_init(&logs);
	logs.progress = &progress;
	interrupt_watch(&progress);
	if (find_logs(options, &logs) &&
	    outfile_open(options->output, options->clobber, &job.out)) {
		job.metrics = metrics_new(job.sections);
		metrics_set_zone(job.metrics, &options->zone);
		status = run(&job, &logs);
		metrics_free(job.metrics);
	}
	input_release(&logs);
	return status;
}
