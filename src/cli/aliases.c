// SPDX-License-Identifier: Apache-2.0
// The words that users of Hayabusa and Chainsaw type, put into ours before parsing.
//
// Whole words only; they are in no help and no completion. README lists them.
#include <string.h>

#include "cli/cli.h"

// A command of theirs: ours, and an option that goes with it (NULL = none).
static const struct {
	const char *word, *command, *option;
} commands[] = {
	{"hunt", "scan", NULL},
	{"dfir-timeline", "scan", NULL},
	{"csv-timeline", "scan", "--format=csv"},
	{"json-timeline", "scan", "--format=json"},
	{"eid-metrics", "metrics", "--only=events"},
	{"log-metrics", "metrics", "--only=channels"},
	{"computer-metrics", "metrics", "--only=computers"},
	{"logon-summary", "metrics", "--only=logons"},
};

// An option of theirs for 'scan' and 'metrics': ours; NULL = it says what is so
// anyway, or (-f, -d) what stands behind it says enough.
static const struct {
	const char *word, *option;
} options[] = {
	{"--timeline-start", "--from"},
	{"--timeline-end", "--to"},
	{"--time-offset", "--last"},
	{"--include-eid", "--event-id"},
	{"--exclude-eid", "--exclude-event-id"},
	{"--include-channel", "--channel"},
	{"--include-computer", "--computer"},
	{"--include-tag", "--tag"},
	{"--include-status", "--status"},
	{"--csv", "--format=csv"},
	{"--json", "--format=json"},
	{"--jsonl", "--format=jsonl"},
	{"--sigma", "--rules"},
	{"-s", "--rules"},
	{"--num-threads", "--threads"},
	{"--recover-records", "--recover"},
	{"-K", "--no-color"},
	{"--file", NULL},
	{"-f", NULL},
	{"--directory", NULL},
	{"-d", NULL},
	{"--skip-errors", NULL},
	{"--no-wizard", NULL},
	{"-w", NULL},
	{"--local", "--timezone=local"},
	{"--UTC", NULL},
	{"-U", NULL},
};

// Puts our word behind `out`; returns how many words were put.
static size_t put_word(char *word, struct arena *arena, char **out)
{
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strlen(options[i].word) != len || strncmp(word, options[i].word, len) != 0)
			continue;
		if (options[i].option == NULL) { // --file=PATH is PATH
			out[0] = word + len + 1;
			return word[len] == '=';
		}
		out[0] = (char *)(uintptr_t)arena_printf(arena, "%s%s", options[i].option,
							 word + len)
				 .ptr;
		return 1;
	}
	out[0] = word;
	return 1;
}

static bool takes_aliases(const char *command)
{
	return strcmp(command, "scan") == 0 || strcmp(command, "metrics") == 0;
}

int aliases_replace(int argc, char **argv, struct arena *arena, char ***out)
{
	// Room for a command's option and the NULL.
	char **words = arena_array(arena, (size_t)argc + 3, sizeof(char *));
	const char *command = argc > 1 ? argv[1] : "";
	const char *more = NULL;
	size_t count = 0;
	int i = 0;

	words[count++] = argv[i++];
	for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
		if (strcmp(command, commands[k].word) != 0)
			continue;
		command = commands[k].command;
		more = commands[k].option;
		words[count++] = (char *)(uintptr_t)command;
		i++;
	}
	if (more != NULL)
		words[count++] = (char *)(uintptr_t)more;
	if (i == 1 && argc > 1 && !options_is_command(command))
		command = "scan";
	for (; i < argc && strcmp(argv[i], "--") != 0 && takes_aliases(command); i++)
		count += put_word(argv[i], arena, words + count);
	for (; i < argc; i++)
		words[count++] = argv[i];
	*out = words;
	return (int)count;
}
