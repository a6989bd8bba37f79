// SPDX-License-Identifier: Apache-2.0
// evtxscan verify: both readers over the same logs.
#include "cli/cli.h"
#include "dump/verify.h"
#include "output/json.h"

// What is collected before it is written.
#define OUTPUT_PIECE (256u << 10)

struct job {
	const struct cli_options *options;
	struct outfile out;
	struct buf text;
};

static void write_out(struct job *job)
{
	if (job->text.len == 0)
		return;
	// An error is seen when the file is closed.
	(void)fwrite(job->text.ptr, 1, job->text.len, job->out.stream);
	buf_reset(&job->text);
}

static void print_item(void *user, const struct verify_item *item)
{
	struct job *job = user;

	if (job->options->quiet)
		return;
	if (job->options->format == OUTPUT_JSONL)
		verify_put_json(&job->text, item);
	else
		verify_put_text(&job->text, item);
	if (job->text.len >= OUTPUT_PIECE)
		write_out(job);
}

static void put_counts(struct buf *out, const struct verify_counts *counts)
{
	buf_printf(out, "%llu files", (unsigned long long)counts->files);
	if (counts->unreadable_files != 0)
		buf_printf(out, " (%llu unreadable)", (unsigned long long)counts->unreadable_files);
	buf_printf(out,
		   ", %llu records and %llu fields compared: ", (unsigned long long)counts->records,
		   (unsigned long long)counts->fields);
	buf_printf(out, "%llu differences explained, %llu unexplained; %llu records lost by both\n",
		   (unsigned long long)counts->explained, (unsigned long long)counts->unexplained,
		   (unsigned long long)counts->lost);
}

static void put_counts_json(struct buf *out, const struct verify_counts *counts)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_u64(&json, "Files", counts->files);
	json_put_u64(&json, "UnreadableFiles", counts->unreadable_files);
	json_put_u64(&json, "Records", counts->records);
	json_put_u64(&json, "Fields", counts->fields);
	json_put_u64(&json, "Explained", counts->explained);
	json_put_u64(&json, "Unexplained", counts->unexplained);
	json_put_u64(&json, "LostByBoth", counts->lost);
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

static bool is_clean(const struct verify_counts *counts)
{
	return counts->unreadable_files == 0 && counts->unexplained == 0 && counts->lost == 0;
}

static int run(struct job *job, const struct input_list *input)
{
	struct verify *verify = verify_new(input, print_item, job);
	const struct verify_counts *counts = verify_counts(verify);
	bool clean;

	sandbox_enter(job->options, input);
	for (size_t i = 0; i < input->count; i++) {
		struct err err = {""};

		if (is_duplicate(&input->files[i]))
			continue;
		if (verify_file(verify, i, &err) != RC_OK)
			message("%.*s: %s", STR_ARG(input->files[i].path), err.text);
	}
	if (job->options->format == OUTPUT_JSONL)
		put_counts_json(&job->text, counts);
	else
		put_counts(&job->text, counts);
	write_out(job);
	clean = is_clean(counts);
	verify_free(verify);
	return outfile_close(&job->out) && clean ? STATUS_DONE : STATUS_INCOMPLETE;
}

int cmd_verify(const struct cli_options *options)
{
	struct job job = {.options = options};
	struct input_list input;
	int status = STATUS_USAGE;

	if (options->arg_count == 0)
		return usage_error("verify wants a log: evtxscan verify PATH...");
	input_init(&input);
	if (find_logs(options, &input) && outfile_open(options->output, options->clobber, &job.out))
		status = run(&job, &input);
	buf_release(&job.text);
	input_release(&input);
	return status;
}
