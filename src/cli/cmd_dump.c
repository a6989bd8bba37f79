// SPDX-License-Identifier: Apache-2.0
// evtxscan dump: the records of logs.
#include <unistd.h>

#include "cli/cli.h"
#include "dump/source.h"
#include "input/input.h"

// What is collected before it is written.
#define OUTPUT_PIECE (256u << 10)

struct job {
	struct source *source;
	struct dump *dump;
	struct outfile out;
	struct buf text;
	bool incomplete; // part of the input could not be read
	bool broken;	 // the output cannot be written
};

static void write_out(struct job *job)
{
	if (job->text.len == 0)
		return;
	if (fwrite(job->text.ptr, 1, job->text.len, job->out.stream) != job->text.len)
		job->broken = true;
	buf_reset(&job->text);
}

static void complain(struct job *job, const struct input_file *file, const char *why)
{
	message("%.*s: %s", STR_ARG(file->path), why);
	job->incomplete = true;
}

static void dump_chunk(struct job *job, const struct input_file *file)
{
	struct err err = {""};
	struct event event;
	enum rc rc;

	while (!job->broken && (rc = source_next(job->source, &event, &err)) != RC_END) {
		if (rc == RC_OK)
			dump_event(job->dump, &event, file->path, &job->text);
		else
			complain(job, file, err.text);
		if (job->text.len >= OUTPUT_PIECE)
			write_out(job);
	}
}

static void dump_file(struct job *job, const struct input_file *file)
{
	const struct source_info *info = source_info(job->source);
	struct err err = {""};
	enum rc rc;

	if (source_open(job->source, file, &err) != RC_OK) {
		complain(job, file, err.text);
		return;
	}
	while (!job->broken && (rc = source_next_chunk(job->source, &err)) != RC_END) {
		if (rc == RC_OK)
			dump_chunk(job, file);
		else
			complain(job, file, err.text);
	}
	if (info->cut_short)
		complain(job, file, "the file is cut short inside a chunk; records may be missing");
	else if (info->damaged)
		complain(job, file, "the file is damaged; records may be missing");
}

static int run(const struct cli_options *options, struct job *job, const struct input_list *input)
{
	if (!spares_logs(input, options->output) ||
	    !outfile_open(options->output, options->clobber, &job->out))
		return STATUS_USAGE;
	dump_head(job->dump, &job->text);
	for (size_t i = 0; i < input->count && !job->broken; i++)
		dump_file(job, &input->files[i]);
	dump_tail(job->dump, &job->text);
	write_out(job);
	if (!outfile_close(&job->out))
		return STATUS_INCOMPLETE;
	return job->incomplete ? STATUS_INCOMPLETE : STATUS_DONE;
}

int cmd_dump(const struct cli_options *options)
{
	struct input_list input;
	struct job job = {0};
	int status;

	if (options->arg_count == 0)
		return usage_error("dump wants a log: evtxscan dump PATH...");
	input_init(&input);
	find_logs(options, &input);
	job.source = source_new(options->libevtx);
	job.dump = dump_new(options->dump_format);
	status = run(options, &job, &input);
	source_free(job.source);
	dump_free(job.dump);
	buf_release(&job.text);
	input_release(&input);
	return status;
}
