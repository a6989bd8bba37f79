// SPDX-License-Identifier: Apache-2.0
// What arguments may be, for completion.
#include <string.h>

#include "cli/option_table.h"

static const char *const formats[COMMAND_COUNT] = {
	[COMMAND_SCAN] = "table list csv json jsonl html navigator sarif timesketch ecs",
	[COMMAND_DUMP] = "jsonl csv xml",
	[COMMAND_VERIFY] = "text jsonl",
	[COMMAND_RULES] = "table jsonl",
	[COMMAND_TEST] = "table tap junit",
	[COMMAND_LINT] = "table jsonl",
	[COMMAND_EXPLAIN] = "table jsonl",
	[COMMAND_METRICS] = "table csv jsonl",
	[COMMAND_SEARCH] = "table list csv json jsonl",
};

const char *const command_words[COMMAND_COUNT] = {
	[COMMAND_RULES] = "list export",
	[COMMAND_ALLOWLIST] = "init check add",
	[COMMAND_COMPLETIONS] = "bash zsh fish",
};

const char *option_formats(enum cli_command command)
{
	return formats[command];
}

const char *option_values(const struct option_row *row, enum cli_command command)
{
	static const struct {
		const char *argument, *values;
	} known[] = {
		{"LEVEL", "informational low medium high critical"},
		{"ZONE", "UTC local"},
		{"READER", "native libevtx"},
		{"CLASS", "secondary_nameservers monitoring_tools assessments external_scanners "
			  "authorised_operators"},
		{"SECTIONS", "channels events computers providers gaps steps clears logons"},
		{"NAME", "minimal standard verbose all-field-info all-field-info-verbose "
			 "super-verbose timesketch-minimal timesketch-verbose"},
	};

	if (strcmp(row->argument, "FORMAT") == 0)
		return formats[command];
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(row->argument, known[i].argument) == 0)
			return known[i].values;
	}
	return NULL;
}

bool option_takes_path(const struct option_row *row)
{
	return strcmp(row->argument, "PATH") == 0 || strcmp(row->argument, "FILE") == 0 ||
	       strcmp(row->argument, "IMAGE") == 0;
}
