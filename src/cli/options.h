// SPDX-License-Identifier: Apache-2.0
// The tables of commands and options: parsing, help and completion go by them.
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/cli.h"

// An option may have a row for each of several commands.
struct option_row {
	int code; // below 256: the short option
	const char *name;
	const char *argument; // NULL = none
	unsigned commands;    // bits of enum cli_command
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

struct command_row {
	const char *name;
	const char *usage;
	const char *help;
};

extern const struct command_row command_rows[COMMAND_COUNT];
// What the first word behind a command may be, separated by blanks; NULL = a path.
extern const char *const command_words[COMMAND_COUNT];

// Of an option with an argument, by the argument's name: the words that it may be,
// separated by blanks, or NULL; and whether it is a file or folder. Neither: a
// number, a time or another text.
const char *option_values(const struct option_row *row, enum cli_command command);
bool option_takes_path(const struct option_row *row);

#endif
