// SPDX-License-Identifier: Apache-2.0
// evtxscan verify: both readers over the same logs, and a statement of it.
#include <stdlib.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "dump/statement.h"
#include "evtxscan.h"
#include "refreader/refreader.h"

// What is collected before it is written.
#define OUTPUT_PIECE (256u << 10)

struct job {
	const struct cli_options *options;
	const struct input_list *input;
	struct outfile out;
	struct buf text;
	bool is_json;
	struct statement statement;
	struct verify *verify;
	// A reader of its own, so that in archives both go forward only.
	struct input_reader *reader;
	struct integrity *integrity;
	struct integrity_result *results; // by file
	struct arena arena;		  // of these
};

static void write_out(struct job *job)
{
	if (job->text.len == 0)
		return;
	// An error is seen when the file is closed.
	(void)fwrite(job->text.ptr, 1, job->text.len, job->out.stream);
	buf_reset(&job->text);
}

static void take_item(void *user, const struct verify_item *item)
{
	struct job *job = user;

	statement_add_item(&job->statement, item);
	if (job->options->quiet)
		return;
	if (job->is_json)
		verify_put_json(&job->text, item);
	else
		statement_put_item(item, &job->text);
	if (job->text.len >= OUTPUT_PIECE)
		write_out(job);
}

// Before the first file of an archive: the archive.
static void state_archive(struct job *job, size_t index)
{
	const struct input_file *file = &job->input->files[index];
	struct statement_archive archive = {.path = str_sub(file->path, 0, file->disk_len)};
	char text[SHA256_TEXT_SIZE];
	struct err err = {""};

	if (!file->in_archive ||
	    (index > 0 && job->input->files[index - 1].open_path == file->open_path))
		return;
	if (input_hash_archive(job->reader, index, NULL, text, &archive.size, &err) == RC_OK)
		archive.sha256 = str_from(text);
	else
		message("%.*s: cannot hash the archive: %s", STR_ARG(archive.path), err.text);
	job->statement.unread += archive.sha256.len == 0;
	if (job->is_json)
		statement_put_archive_json(&archive, &job->text);
	else
		statement_put_archive(&archive, &job->text);
}

// Hash a file and hold it against itself. RC_FAILED with the reason: then nothing is known.
static enum rc examine(struct job *job, size_t index, struct err *err)
{
	const struct input_file *file = &job->input->files[index];
	struct integrity_result *result = &job->results[index];

	if (file->duplicate_of.len > 0)
		*result = job->results[file->original];
	else if (file->has_bytes && integrity_examine(job->integrity, job->reader, index, NULL,
						      &job->arena, result, err) != RC_OK) {
		*result = (struct integrity_result){0};
		return RC_FAILED;
	}
	return RC_OK;
}

static void verify_one(struct job *job, size_t index)
{
	const struct input_file *input = &job->input->files[index];
	struct statement_file file = {
		.path = input->path, .size = input->size, .duplicate_of = input->duplicate_of};
	bool tells = !job->options->quiet;
	struct err err = {""}, unhashed = {""};
	enum rc rc = RC_OK;

	if (tells) {
		state_archive(job, index);
		rc = examine(job, index, &unhashed);
		file.result = job->results[index];
	}
	if (tells && !job->is_json)
		statement_put_file_head(&file, &job->text);
	if (!is_duplicate(input) && verify_file(job->verify, index, &file.counts, &err) != RC_OK) {
		rc = RC_FAILED;
	} else if (rc != RC_OK) {
		// It could be read this time: without its hash nobody knows what.
		err_set(&err, "cannot hash it: %s", unhashed.text);
	}
	if (rc != RC_OK) {
		file.problem = str_from(err.text);
		message("%.*s: %s", STR_ARG(file.path), err.text);
	}
	statement_add_file(&job->statement, &file);
	if (tells && job->is_json)
		statement_put_file_json(&file, &job->text);
	else if (tells)
		statement_put_file_counts(&file, &job->text);
}

static void verify_all(struct job *job)
{
	bool is_text = !job->is_json && !job->options->quiet;

	if (is_text)
		statement_put_head(&job->statement, &job->text);
	for (size_t i = 0; i < job->input->count; i++)
		verify_one(job, i);
	if (is_text)
		statement_put_conclusion(&job->statement, &job->text);
	if (job->is_json)
		statement_put_json(&job->statement, &job->text);
	else
		statement_put_closing(&job->statement, &job->text);
	write_out(job);
}

static int run(struct job *job)
{
	bool good;

	statement_init(&job->statement, STR(EVTXSCAN_VERSION),
		       str_from(refreader_library_version()));
	job->verify = verify_new(job->input, take_item, job);
	job->reader = input_reader_new(job->input);
	job->integrity = integrity_new();
	job->results = mem_zalloc((job->input->count + 1) * sizeof(*job->results));
	sandbox_enter(job->options, job->input);
	verify_all(job);
	good = statement_is_good(&job->statement);
	verify_free(job->verify);
	input_reader_free(job->reader);
	integrity_free(job->integrity);
	free(job->results);
	arena_release(&job->arena);
	statement_release(&job->statement);
	return outfile_close(&job->out) && good ? STATUS_DONE : STATUS_INCOMPLETE;
}

int cmd_verify(const struct cli_options *options)
{
	struct input_list input;
	struct job job = {
		.options = options, .input = &input, .is_json = options->format == OUTPUT_JSONL};
	int status = STATUS_USAGE;

	if (options->arg_count == 0)
		return usage_error("verify wants a log: evtxscan verify PATH...");
	input_init(&input);
	if (find_logs(options, &input) && outfile_open(options->output, options->clobber, &job.out))
		status = run(&job);
	buf_release(&job.text);
	input_release(&input);
	return status;
}
