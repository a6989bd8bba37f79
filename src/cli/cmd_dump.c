// SPDX-License-Identifier: Apache-2.0
// evtxscan dump: the records of logs.
#include "cli/cli.h"

// What is collected before it is written.
#define OUTPUT_PIECE (256u << 10)

struct job {
	struct dump *dump;
	struct outfile out;
	struct buf text;
	bool broken; // the output cannot be written
};

static void write_out(struct job *job)
{
	if (job->text.len == 0)
		return;
	if (fwrite(job->text.ptr, 1, job->text.len, job->out.stream) != job->text.len)
		job->broken = true;
	buf_reset(&job->text);
}

static bool take(void *user, const struct event *event, const struct input_file *file)
{
	struct job *job = user;

	dump_event(job->dump, event, file->path, &job->text);
	if (job->text.len >= OUTPUT_PIECE)
		write_out(job);
	return !job->broken;
}

static int run(const struct cli_options *options, struct job *job)
{
	const struct log_taker taker = {.event = take, .user = job};
	struct progress progress = {false};
	struct input_list logs;
	bool complete;

	input_init(&logs);
	logs.progress = &progress;
	interrupt_watch(&progress);
	if (!find_logs(options, &logs) ||
	    !outfile_open(options->output, options->clobber, &job->out)) {
		input_release(&logs);
		return STATUS_USAGE;
	}
	dump_head(job->dump, &job->text);
	complete = read_logs(options, &logs, &taker);
	interrupt_watch(NULL);
	dump_tail(job->dump, &job->text);
	write_out(job);
	input_release(&logs);
	if (!outfile_close(&job->out))
		return STATUS_INCOMPLETE;
	return complete ? STATUS_DONE : STATUS_INCOMPLETE;
}

int cmd_dump(const struct cli_options *options)
{
	struct job job = {.dump = NULL};
	int status;

	if (options->arg_count + options->images.count == 0)
		return usage_error("dump wants a log: evtxscan dump PATH...");
	job.dump = dump_new(options->dump_format, options->recover || options->images.count > 0);
	status = run(options, &job);
	dump_free(job.dump);
	buf_release(&job.text);
	return status;
}
