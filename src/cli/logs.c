// SPDX-License-Identifier: Apache-2.0
// The logs of a command: finding them, and reading all their records.
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "dump/source.h"
#include "evtxscan.h"

// ---- finding ------------------------------------------------------------

// A password a line; the last line may lack its end.
static bool load_passwords(const char *path, struct input_list *out)
{
	struct str *passwords = arena_array(&out->arena, LIMIT_PASSWORDS, sizeof(*passwords));
	struct buf text = {0};
	struct err err = {""};
	struct str rest;
	struct str line;
	bool good = file_read(path, LIMIT_PASSWORD_FILE, &text, &err) == RC_OK;

	if (!good)
		message("%s: %s", path, err.text);
	rest = buf_str(&text);
	while (good && rest.len > 0 && str_split(&rest, '\n', &line)) {
		if (str_ends(line, STR("\r")))
			line.len--;
		if (line.len == 0)
			continue;
		good = out->password_count < LIMIT_PASSWORDS;
		if (good)
			passwords[out->password_count++] = arena_str(&out->arena, line);
		else
			message("%s: more than %d passwords", path, LIMIT_PASSWORDS);
	}
	if (good && out->password_count == 0) {
		message("%s: there is no password in it", path);
		good = false;
	}
	out->passwords = passwords;
	buf_release(&text);
	return good;
}

bool find_logs(const struct cli_options *options, struct input_list *out)
{
	struct str *paths;

	out->keep_duplicates = options->keep_duplicates;
	out->take_unknown = options->recover;
	out->images = options->images.items;
	out->image_count = options->images.count;
	if (options->libevtx && (options->recover || options->images.count > 0)) {
		usage_error("--reader libevtx finds no lost records");
		return false;
	}
	if (options->password_file != NULL && !load_passwords(options->password_file, out))
		return false;
	paths = mem_zalloc(options->arg_count * sizeof(*paths));
	for (size_t i = 0; i < options->arg_count; i++)
		paths[i] = str_from(options->args[i]);
	input_find(out, paths, options->arg_count, STDIN_FILENO);
	free(paths);
	return spares_logs(out, options->output) && spares_logs(out, options->ledger);
}

// Standard input that could not be kept is there by its name alone.
static bool is_log(const struct input_file *file, const char *path)
{
	return (file->open_path != NULL && is_same_file(path, file->open_path)) ||
	       (str_eq(file->path, STR("-")) && is_standard_input(path));
}

bool spares_logs(const struct input_list *input, const char *path)
{
	bool spares;

	if (path == NULL)
		return true;
	spares = input->spool < 0 || !is_standard_input(path);
	for (size_t i = 0; i < input->count && spares; i++)
		spares = !is_log(&input->files[i], path);
	if (!spares)
		message("%s is one of the logs and is not overwritten", path);
	return spares;
}

// ---- reading ------------------------------------------------------------

// What a file is searched for lost records for: templates too where these may be lost.
enum lost_of { LOST_NONE, LOST_FIND, LOST_LEARN };

struct reading {
	const struct record_choice *choice; // NULL: all
	struct source *source;
	const struct input_file *file;
	struct progress *progress; // or NULL
	bool recover;		   // logs; images always
	struct lost *lost;	   // NULL unless there is something to recover
	enum lost_of *lost_of;	   // by file
	uint64_t bytes, records;   // of the files before
	const struct log_taker *taker;
	bool complete;	    // all files so far, and
	bool file_complete; // the one at work
	bool stopped;	    // by the taker or the user
};

static void complain(struct reading *reading, const char *why)
{
	message("%.*s: %s", STR_ARG(reading->file->path), why);
	reading->complete = false;
	reading->file_complete = false;
}

static void read_chunk(struct reading *reading)
{
	struct err err = {""};
	struct event event;
	enum rc rc;

	while (!reading->stopped && (rc = source_next(reading->source, &event, &err)) != RC_END) {
		if (rc != RC_OK)
			complain(reading, err.text);
		else if (reading->choice == NULL || record_choice_takes(reading->choice, &event))
			reading->stopped =
				!reading->taker->event(reading->taker->user, &event, reading->file);
	}
}

static bool is_stopped(struct reading *reading)
{
	if (progress_stopped(reading->progress) && !reading->stopped) {
		reading->stopped = true;
		complain(reading, "interrupted; it was not read to its end");
	}
	return reading->stopped;
}

// What was read so far goes to the bar.
static void count(struct reading *reading, uint64_t bytes, uint64_t records)
{
	if (reading->progress == NULL)
		return;
	atomic_store(&reading->progress->bytes, reading->bytes + bytes);
	atomic_store(&reading->progress->records, reading->records + records);
}

static void read_chunks(struct reading *reading)
{
	const struct source_info *info = source_info(reading->source);
	struct err err = {""};
	enum rc rc;

	while (!is_stopped(reading) && (rc = source_next_chunk(reading->source, &err)) != RC_END) {
		if (rc == RC_OK)
			read_chunk(reading);
		else
			complain(reading, err.text);
		count(reading, source_position(reading->source), info->records);
	}
	reading->bytes += reading->file->size;
	reading->records += info->records;
	if (reading->stopped)
		return;
	if (info->cut.text[0] != '\0')
		complain(reading, info->cut.text);
	else if (info->damaged)
		complain(reading, "the file is damaged; records may be missing");
}

static bool take_lost(void *user, const struct event *event)
{
	struct reading *reading = user;

	if (!is_stopped(reading) &&
	    (reading->choice == NULL || record_choice_takes(reading->choice, event)))
		reading->stopped =
			!reading->taker->event(reading->taker->user, event, reading->file);
	return !reading->stopped;
}

// Behind the live records of all logs, the lost ones of each.
static void recover(struct reading *reading, const struct input_list *logs)
{
	struct err err = {""};

	for (size_t i = 0; i < logs->count && !reading->stopped; i++) {
		if (reading->lost_of[i] == LOST_LEARN)
			lost_learn(reading->lost, i, logs->files[i].is_image);
	}
	for (size_t i = 0; i < logs->count && !is_stopped(reading); i++) {
		reading->file = &logs->files[i];
		if (reading->lost_of[i] != LOST_NONE &&
		    lost_find(reading->lost, i, reading->file->is_image, take_lost, reading,
			      &err) != RC_OK)
			complain(reading, err.text);
	}
}

// What is to be done for the lost records of the file that was read.
static enum lost_of lost_of(const struct reading *reading)
{
	if (reading->lost == NULL || (!reading->recover && !reading->file->is_image))
		return LOST_NONE;
	return reading->file->is_image || source_info(reading->source)->damaged ? LOST_LEARN
										: LOST_FIND;
}

// The account of what was recovered.
static void tell_lost(const struct lost_account *account)
{
	struct ledger ledger;
	struct buf text = {0};

	ledger_init(&ledger, str_from(EVTXSCAN_VERSION));
	ledger.totals.recovered = account->told.records;
	ledger.recovery = (struct ledger_recovery){
		.was_asked = true,
		.beginnings = account->counts.beginnings,
		.trusted = account->counts.records - account->contradicted,
		.lent = account->told.lent,
		.foreign = account->told.foreign,
		.chunks = account->counts.chunks,
		.live = account->also_live,
		.again = account->again,
	};
	for (int i = 0; i < EVTX_DOUBTS; i++)
		ledger_count(&ledger, &ledger.recovery.doubts,
			     str_from(evtx_doubt_text((enum evtx_doubt)i)),
			     account->counts.doubts[i]);
	ledger_count(&ledger, &ledger.recovery.doubts, STR("it contradicts another record"),
		     account->contradicted);
	ledger_put_recovery(&ledger, &text);
	fwrite(text.ptr, 1, text.len, stderr);
	if (account->no_templates)
		message("recovery: too many templates: none was taken from elsewhere");
	if (account->too_many_live)
		message("recovery: too many records: those that are live, or were found before, "
			"are among them");
	if (account->too_many)
		message("recovery: too many records: not all are told");
	buf_release(&text);
	ledger_release(&ledger);
}

static void read_file(struct reading *reading, size_t index)
{
	const struct log_taker *taker = reading->taker;
	struct err err = {""};

	reading->file_complete = true;
	if (taker->begin != NULL)
		taker->begin(taker->user, reading->file);
	if (source_open(reading->source, index, &err) == RC_OK) {
		read_chunks(reading);
		reading->lost_of[index] = lost_of(reading);
		if (reading->file->packed.len > 0)
			complain(reading, reading->file->packed.ptr);
		if (reading->file->is_headless)
			complain(reading, "no log: it does not start with \"ElfFile\"; "
					  "searched for records");
	} else {
		complain(reading, err.text);
	}
	if (taker->end != NULL)
		taker->end(taker->user, reading->file, reading->file_complete);
}

bool is_duplicate(const struct input_file *file)
{
	if (file->duplicate_of.len > 0)
		message("%.*s: not read again: the same bytes as %.*s", STR_ARG(file->path),
			STR_ARG(file->duplicate_of));
	return file->duplicate_of.len > 0;
}

bool read_logs(const struct cli_options *options, const struct input_list *logs,
	       const struct log_taker *taker)
{
	struct reading reading = {
		.source = source_new(logs, options->libevtx),
		.choice = record_choice_is_all(&options->records) ? NULL : &options->records,
		.progress = logs->progress,
		.recover = options->recover,
		.taker = taker,
		.lost_of = mem_zalloc((logs->count + 1) * sizeof(enum lost_of)),
		.complete = true,
	};

	bool recovers = options->recover || options->images.count > 0;

	if (recovers)
		reading.lost = source_keep(reading.source);
	sandbox_enter(options, logs);
	if (logs->progress != NULL)
		progress_show(options, logs->progress);
	for (size_t i = 0; i < logs->count && !reading.stopped; i++) {
		reading.file = &logs->files[i];
		if (is_duplicate(reading.file))
			continue;
		if (reading.file->not_compared.len > 0)
			complain(&reading, reading.file->not_compared.ptr);
		read_file(&reading, i);
	}
	if (recovers)
		recover(&reading, logs);
	progress_hide();
	if (recovers)
		tell_lost(lost_account(reading.lost));
	free(reading.lost_of);
	source_free(reading.source);
	return reading.complete;
}
