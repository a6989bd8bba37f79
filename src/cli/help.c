// SPDX-License-Identifier: Apache-2.0
// The help text, from the tables of commands and options.
#include "cli/options.h"

static void print_option(FILE *stream, const struct option_row *row)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->code < 256 ? '-' : ' ',
		 row->code < 256 ? row->code : ' ', row->code < 256 ? ", " : "  ", row->name,
		 row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
	fprintf(stream, "  %-26s %s\n", left, row->help);
}

void options_help(FILE *stream, enum cli_command command)
{
	fprintf(stream, "Usage:\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (command == COMMAND_COUNT || (int)command == i)
			fprintf(stream, "  evtxscan %-53s %s\n", command_rows[i].usage,
				command_rows[i].help);
	}
	fprintf(stream,
		"\nA PATH is an exported Windows event log (.evtx), a folder, or - for a log on\n"
		"standard input. Results go to standard output, everything else to standard\n"
		"error.\n\nOptions:\n");
	for (size_t i = 0; i < option_row_count; i++) {
		if (command == COMMAND_COUNT || (option_rows[i].commands & 1u << command) != 0)
			print_option(stream, &option_rows[i]);
	}
	fprintf(stream,
		"\nExit status: 0 done; 1 --fail-on reached, or a test failed; 2 usage, refused "
		"under\n"
		"--strict, or faults that 'lint' found; 3 input not all read, results not all\n"
		"written, or a difference that 'verify' cannot explain. 1 wins over 3.\n");
}
