// SPDX-License-Identifier: Apache-2.0
// The command line: options, messages, commands. The only layer that prints
// messages and decides the exit status.
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "allow/allow.h"
#include "base/zone.h"
#include "dump/dump.h"
#include "event/record_choice.h"
#include "input/input.h"
#include "output/ledger.h"
#include "output/output.h"
#include "sigma/ruleset.h"
#include "testing/report.h"

// Exit status; 1 wins over 3 (design.md 2).
enum cli_status {
	STATUS_DONE = 0,
	STATUS_FAIL_ON = 1,    // --fail-on was given and reached, or a test failed
	STATUS_USAGE = 2,      // usage, or rules refused under --strict; nothing done
	STATUS_INCOMPLETE = 3, // input could not all be read, or results not all written
};

enum cli_command {
	COMMAND_SCAN,
	COMMAND_DUMP,
	COMMAND_VERIFY,
	COMMAND_SYNTH,
	COMMAND_RULES,
	COMMAND_ALLOWLIST,
	COMMAND_TEST,
	COMMAND_LINT,
	COMMAND_EXPLAIN,
	COMMAND_METRICS,
	COMMAND_SEARCH,
	COMMAND_COMPLETIONS,
	COMMAND_COUNT,
};

struct cli_list {
	struct str *items;
	size_t count, cap;
};

struct cli_options {
	enum cli_command command;
	struct cli_list rules, filters, sources, placeholders;
	const char *allowlist, *logsources, *output, *ledger, *password_file;
	bool has_format, has_columns, has_profile;
	struct columns columns; // of scan, in CSV and JSON
	enum output_format format;
	enum dump_format dump_format;
	enum report_format report_format; // of test
	const char *known_fps, *log_source;
	struct cli_list evtx_paths, rule_paths;
	struct arena arena; // of the lists of the choices
	struct record_choice records;
	const char *from, *to; // of the records, as given; or NULL
	const char *timezone;  // as given, or NULL
	struct zone zone;
	uint64_t last; // ticks; 0 = not given
	struct rule_choice rule_choice;
	enum rule_level fail_on; // LEVEL_UNSET = not given
	bool clobber, strict, show_suppressed, quiet, no_color;
	bool no_progress, no_sandbox;
	bool no_index, no_confirm, libevtx, keep_duplicates;
	unsigned threads; // 0 = as many as there are processors
	uint64_t memory;
	int verbose;
	bool recover;				    // find lost records
	struct cli_list images;			    // where to find them
	bool coverage;				    // explain: of a rule set
	uint64_t most;				    // explain: events printed; metrics: rows
	unsigned sections;			    // metrics: 0 = all
	struct cli_list keywords, regexes, where;   // search
	const char *detection;			    // search
	bool ignore_case;			    // search
	const char *hits, *class, *owner, *expires; // allowlist add
	uint64_t hit;				    // line of `hits`, 0 = not given
	bool help, version;
	char **args; // what is no option
	size_t arg_count;
};

// options.c

// Is the word one of our commands?
bool options_is_command(const char *word);
// Parse; false after a usage message.
bool options_parse(int argc, char **argv, struct cli_options *out);
void options_release(struct cli_options *options);
// help.c: the help text; `command` COMMAND_COUNT = overview of everything.
void options_help(FILE *stream, enum cli_command command);

// aliases.c

// The words of `argv` with those of other tools replaced by ours; returns their count.
// The array and what is new in it live in `arena`.
int aliases_replace(int argc, char **argv, struct arena *arena, char ***out);

// message.c

// "evtxscan: ..." on standard error, control characters made visible.
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));
// A usage error; returns STATUS_USAGE.
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Print diagnostics: errors always, warnings when `warnings`.
void message_diags(const struct diag_list *diags, bool warnings);

// What is wrong with files, as the ledger of a scan knows it, and whether it was
// interrupted.
void message_files(const struct ledger *ledger);
// Only why something is missing from the results of a scan: for those who want no account.
void message_missing(const struct ledger *ledger);

// snippet.c

// Shows lines of text files below diagnostics; keeps the last file it read.
struct snippets {
	struct buf text;
	struct str path; // of that file; borrowed from a diagnostic
	bool readable;
};

void snippets_release(struct snippets *snippets);
// Put the line of the diagnostic and a caret under its column, each with an end
// of line; nothing when the file or the line is not there (any more). Columns
// count code points, as diagnostics do.
void snippets_put(struct snippets *snippets, const struct diag *diag, struct buf *out);

// target.c

// Where the name of an output leads: to a descriptor that is open, or to a file,
// which need not be there, behind all links.
struct target {
	char *path;	// NULL: the descriptor; still a link where there are too many
	int descriptor; // -1: the path
};

// NULL and "-" are standard output; a name below /dev/fd, /dev/stdout and the like
// are the descriptor, and everything else is a path.
void target_find(const char *path, struct target *out);
void target_release(struct target *target);
// False after a message when an output of the options is a descriptor that is not open. To
// be asked before the program opens files of its own: these would get its number.
bool outputs_are_open(const struct cli_options *options);
// Would two outputs be one file, or come out of one descriptor? Names as above.
bool outputs_are_one(const char *left, const char *right);

// spare.c

// False after a message when an output of the options is a file that they name as input,
// or a rule file in a folder of rules; logs, and what tests name, are not looked at.
bool outputs_spare_inputs(const struct cli_options *options);
// Are both there, and one regular file?
bool is_same_file(const char *left, const char *right);
// Is the output that file, or one of the rule files below that folder?
bool is_within(const char *output, const char *input);
// Is standard input a regular file, and that one?
bool is_standard_input(const char *path);

// outfile.c

// Where results go: an open descriptor, a device or pipe, or a file that is written
// aside and renamed when it is whole. Links stay, and what they lead to is replaced;
// where they lead nowhere, for there are too many, nothing is written.
struct outfile {
	FILE *stream;
	char *path, *temporary; // NULL for standard output
};

// False after a message (the file exists and `clobber` is false, ...).
bool outfile_open(const char *path, bool clobber, struct outfile *out);
// Flush, check, close, rename. False after a message (none where standard output
// is unread); then no file is left.
bool outfile_close(struct outfile *out);
// Drop what was written.
void outfile_abandon(struct outfile *out);
// The reader of standard output, such as `head`, has gone: it knows that it did
// not read all, and needs no words. Asked of the pipe, for when stdio tells of
// the write that failed, errno may be another's.
bool standard_output_is_unread(void);

// That many may be open at a time.
#define OUTFILE_MOST 2
// Remove what is being written, at the end of the program; also in a signal handler.
void outfile_remove_unfinished(void);

// Worker threads: as many as are asked for, or as there are processors.
unsigned thread_count(const struct cli_options *options);

// terminal.c

// Columns of the terminal that `stream` is; 0 when it is none.
size_t terminal_width(FILE *stream);
// Does TERM say that terminals here take text only?
bool terminal_is_dumb(void);
// May colours be used there?
bool terminal_has_color(const struct cli_options *options, FILE *stream);

// interrupt.c

// From now on SIGINT, SIGTERM and SIGHUP set `progress->stop`; NULL: they end the program
// and remove what it has not written to its end, as the third one does in any case.
void interrupt_watch(struct progress *progress);
// How often that happened.
int interrupt_count(void);

// sandbox.c

// Is there one? The leak check of a sanitizer opens files and traces the process at its end.
#if !defined(__linux__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_IS_BUILT 0
#elif defined(__has_feature)
#define SANDBOX_IS_BUILT                                                                           \
	(!__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) &&                  \
	 !__has_feature(memory_sanitizer))
#else
#define SANDBOX_IS_BUILT 1
#endif

// Give up what is not needed from now on: files can be opened no more but `logs`,
// for reading, and the outputs of the options be put in their places. Before
// any thread is made. A kernel that cannot do it is told of with -v only.
void sandbox_enter(const struct cli_options *options, const struct input_list *logs);

// progress_bar.c: the one bar of the program, on standard error, where that is a
// terminal and the options do not forbid it.

// Show the job's counters from another thread, until progress_hide().
void progress_show(const struct cli_options *options, struct progress *job);
void progress_hide(void);
// Make room for a message: the bar comes back below it.
void progress_step_aside(void);

// load.c

// The linked rule set of the options (the embedded pack by default). NULL after
// messages when a path or the mapping cannot be read.
struct ruleset *load_rules(const struct cli_options *options);
// False after a message when none of them runs, for an error, by choice, or because none is
// on a known log source: logs without a hit would mean nothing.
bool rules_are_left(const struct ruleset *set, const struct cli_options *options);
// Read all files of the options into the set, which is not linked. False after
// messages when one cannot be read or the mapping has errors.
bool load_files(struct ruleset *set, const struct cli_options *options);
// Paths of all rule files below `path` (a file or folder), sorted.
bool load_find_rules(struct arena *arena, const char *path, struct cli_list *out);
// The allowlist of `path`; *out is NULL without a path. False after a message
// when it cannot be read.
bool read_allowlist(struct arena *arena, const char *path, struct diag_list *diags,
		    const struct allowlist **out);
void cli_list_add(struct cli_list *list, struct str item);
void cli_list_release(struct cli_list *list);

// logs.c

// The logs below the arguments. False after messages when the passwords cannot be
// read, or when the command would write over one of the logs.
bool find_logs(const struct cli_options *options, struct input_list *out);
// False after a message when `path` (NULL = none) is one of them, or the file that was
// standard input: not even --clobber may replace a log by what was found in it.
bool spares_logs(const struct input_list *logs, const char *path);

// Is it there twice, and not to be read again? Says so.
bool is_duplicate(const struct input_file *file);

// Who takes records.
struct log_taker {
	// Takes a record; false: no more are wanted.
	bool (*event)(void *user, const struct event *event, const struct input_file *file);
	// A file begins, and ends; `complete` unless part of it could not be read.
	// May be NULL.
	void (*begin)(void *user, const struct input_file *file);
	void (*end)(void *user, const struct input_file *file, bool complete);
	void *user;
};

// Hand the records that the options choose to the taker, file by file, with a bar and
// until the user interrupts. What cannot be read is named on standard error; false
// when there was such. `logs->progress` is the job's.
bool read_logs(const struct cli_options *options, const struct input_list *logs,
	       const struct log_taker *taker);

// commands

int cmd_scan(const struct cli_options *options);
int cmd_dump(const struct cli_options *options);
int cmd_verify(const struct cli_options *options);
int cmd_synth(const struct cli_options *options);
int cmd_rules(const struct cli_options *options);
int cmd_allowlist(const struct cli_options *options);
int cmd_test(const struct cli_options *options);
int cmd_lint(const struct cli_options *options);
int cmd_explain(const struct cli_options *options);
int cmd_search(const struct cli_options *options);
int cmd_metrics(const struct cli_options *options);
int cmd_completions(const struct cli_options *options);

// allowlist_add.c
int allowlist_add(const struct cli_options *options);

#endif
