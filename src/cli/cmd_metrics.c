// SPDX-License-Identifier: Apache-2.0
// evtxscan metrics: what logs hold, counted.
#include "cli/cli.h"
#include "dump/source.h"
#include "metrics/metrics.h"

struct job {
	const struct cli_options *options;
	unsigned sections;
	struct source *source;
	struct metrics *metrics;
	struct outfile out;
	uint64_t records;
	uint64_t incomplete; // files that could not all be read
};

static void complain(const struct input_file *file, const char *why, bool *damaged)
{
	message("%.*s: %s", STR_ARG(file->path), why);
	*damaged = true;
}

static void read_chunk(struct job *job, const struct input_file *file, bool *damaged)
{
	struct err err = {""};
	struct event event;
	enum rc rc;

	while ((rc = source_next(job->source, &event, &err)) != RC_END) {
		if (rc == RC_OK)
			metrics_event(job->metrics, &event);
		else
			complain(file, err.text, damaged);
	}
}

static void read_file(struct job *job, const struct input_file *file)
{
	const struct source_info *info = source_info(job->source);
	struct err err = {""};
	bool damaged = false;
	enum rc rc;

	if (source_open(job->source, file, &err) != RC_OK) {
		complain(file, err.text, &damaged);
		job->incomplete++;
		return;
	}
	metrics_begin_file(job->metrics, file->path);
	while ((rc = source_next_chunk(job->source, &err)) != RC_END) {
		if (rc == RC_OK)
			read_chunk(job, file, &damaged);
		else
			complain(file, err.text, &damaged);
	}
	if (info->cut_short)
		complain(file, "the file is cut short inside a chunk; records may be missing",
			 &damaged);
	else if (info->damaged)
		complain(file, "the file is damaged; records may be missing", &damaged);
	metrics_end_file(job->metrics, damaged);
	job->records += info->records;
	job->incomplete += damaged;
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

static void print_closing(const struct job *job, size_t files)
{
	message("%zu %s, %llu %s read", files, files == 1 ? "file" : "files",
		(unsigned long long)job->records, job->records == 1 ? "record" : "records");
	if (job->incomplete > 0)
		message("%llu of the files could not, or not all, be read",
			(unsigned long long)job->incomplete);
}

static int run(struct job *job, const struct input_list *input)
{
	struct buf text = {0};
	bool written;

	for (size_t i = 0; i < input->count; i++)
		read_file(job, &input->files[i]);
	if (job->options->format == OUTPUT_TABLE)
		print_table(job, &text);
	else
		print_rows(job, &text);
	written = outfile_close(&job->out);
	print_notes(job, &text);
	if (!job->options->quiet)
		print_closing(job, input->count);
	buf_release(&text);
	return written && job->incomplete == 0 ? STATUS_DONE : STATUS_INCOMPLETE;
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
	struct input_list input;
	int status = STATUS_USAGE;

	job.sections = options->sections != 0 ? options->sections : METRICS_ALL;
	if (!check(&job))
		return STATUS_USAGE;
	input_init(&input);
	find_logs(options, &input);
	if (spares_logs(&input, options->output) &&
	    outfile_open(options->output, options->clobber, &job.out)) {
		job.source = source_new(options->libevtx);
		job.metrics = metrics_new(job.sections);
		status = run(&job, &input);
		source_free(job.source);
		metrics_free(job.metrics);
	}
	input_release(&input);
	return status;
}
