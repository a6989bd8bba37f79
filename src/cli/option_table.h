// SPDX-License-Identifier: Apache-2.0
// The one table of options and commands: parsing and help follow it.
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "cli/cli.h"

enum option_code {
	OPT_RULES = 'r',
	OPT_FORMAT = 't',
	OPT_OUTPUT = 'o',
	OPT_CLOBBER = 'C',
	OPT_PROFILE = 'p',
	OPT_MIN_LEVEL = 'm',
	OPT_QUIET = 'q',
	OPT_VERBOSE = 'v',
	OPT_KEYWORD = 'k',
	OPT_REGEX = 'e',
	OPT_WHERE = 'w',
	OPT_IGNORE_CASE = 'i',
	OPT_RECOVER = 'x',
	OPT_HELP = 'h',
	OPT_VERSION = 'V',
	OPT_FILTERS = 256,
	OPT_ALLOWLIST,
	OPT_SHOW_SUPPRESSED,
	OPT_LOGSOURCES,
	OPT_SOURCE,
	OPT_PLACEHOLDERS,
	OPT_FROM,
	OPT_TO,
	OPT_LAST,
	OPT_TIMEZONE,
	OPT_CHANNEL,
	OPT_EXCLUDE_CHANNEL,
	OPT_EVENT_ID,
	OPT_EXCLUDE_EVENT_ID,
	OPT_PROVIDER,
	OPT_EXCLUDE_PROVIDER,
	OPT_COMPUTER,
	OPT_EXCLUDE_COMPUTER,
	OPT_STATUS,
	OPT_EXCLUDE_STATUS,
	OPT_TAG,
	OPT_EXCLUDE_TAG,
	OPT_RULE,
	OPT_EXCLUDE_RULE,
	OPT_COLUMNS,
	OPT_LEDGER,
	OPT_STRICT,
	OPT_FAIL_ON,
	OPT_NO_COLOR,
	OPT_NO_PROGRESS,
	OPT_NO_SANDBOX,
	OPT_NO_INDEX,
	OPT_NO_CONFIRM,
	OPT_READER,
	OPT_THREADS,
	OPT_MEMORY,
	OPT_PASSWORD_FILE,
	OPT_KEEP_DUPLICATES,
	OPT_CARVE,
	OPT_KNOWN_FPS,
	OPT_EVTX_PATH,
	OPT_RULE_PATH,
	OPT_LOG_SOURCE,
	OPT_RULE_LEVEL,
	OPT_DETECTION,
	OPT_COVERAGE,
	OPT_ONLY,
	OPT_MOST,
	OPT_HIT,
	OPT_CLASS,
	OPT_OWNER,
	OPT_EXPIRES,
};

// The bit of a command.
#define FOR(command) (1u << (command))

struct option_row {
	int code; // below 256: the short option
	const char *name;
	const char *argument; // NULL = none
	unsigned commands;    // bits of enum cli_command
	const char *help;
};

// An option may have a row for each of several commands.
extern const struct option_row option_rows[];
extern const size_t option_row_count;

struct command_row {
	const char *name;
	const char *usage;
	const char *help;
};

extern const struct command_row command_rows[COMMAND_COUNT];

// option_times.c

// Set the zone and the times that records are chosen by, from what was given. False
// after a usage message.
bool option_times_set(struct cli_options *options);

// option_values.c

// What the first word behind a command may be, separated by blanks; NULL = a path.
extern const char *const command_words[COMMAND_COUNT];

// The formats of a command, separated by blanks.
const char *option_formats(enum cli_command command);

// Of an option with an argument, by the argument's name: the words that it may be,
// separated by blanks, or NULL; and whether it is a file or folder. Neither: a
// number, a time or another text.
const char *option_values(const struct option_row *row, enum cli_command command);
bool option_takes_path(const struct option_row *row);

#endif
