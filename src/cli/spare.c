// SPDX-License-Identifier: Apache-2.0
// No command writes over what it reads, not even with --clobber: what was found in a
// file must not take its place. Logs are spared where they are found (logs.c).
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "load/load.h"

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && S_ISREG(a->st_mode);
}

bool is_same_file(const char *left, const char *right)
{
	struct stat a;
	struct stat b;

	return stat(left, &a) == 0 && stat(right, &b) == 0 && is_one(&a, &b);
}

bool is_standard_input(const char *path)
{
	struct stat a;
	struct stat b;

	return stat(path, &a) == 0 && fstat(STDIN_FILENO, &b) == 0 && is_one(&a, &b);
}

bool is_within(const char *output, const char *input)
{
	struct arena arena = {0};
	struct diag_list faults; // told when the files are loaded
	struct str *files;
	size_t count = 0;
	struct stat st;
	bool found = is_same_file(output, input);

	diag_init(&faults, &arena);
	if (!found && stat(input, &st) == 0 && S_ISDIR(st.st_mode))
		(void)load_find(&arena, input, &files, &count, &faults);
	for (size_t i = 0; i < count && !found; i++)
		found = is_same_file(output, files[i].ptr);
	diag_release(&faults);
	arena_release(&arena);
	return found;
}

static bool is_in_list(const char *output, const struct cli_list *inputs)
{
	for (size_t i = 0; i < inputs->count; i++) {
		if (!str_eq(inputs->items[i], STR("builtin")) &&
		    is_within(output, inputs->items[i].ptr))
			return true;
	}
	return false;
}

// What stands behind the options, where that is no log and no word.
static bool is_argument(const char *output, const struct cli_options *options)
{
	static const size_t first[COMMAND_COUNT] = {
		[COMMAND_SYNTH] = 1,   [COMMAND_TEST] = 1,	[COMMAND_LINT] = 1,
		[COMMAND_EXPLAIN] = 1, [COMMAND_ALLOWLIST] = 2, // behind 'check'
	};

	if (first[options->command] == 0)
		return false;
	for (size_t i = first[options->command] - 1; i < options->arg_count; i++) {
		if (is_within(output, options->args[i]))
			return true;
	}
	return false;
}

// "-" is standard input there.
static bool is_hits(const char *output, const char *hits)
{
	if (hits == NULL)
		return false;
	return strcmp(hits, "-") == 0 ? is_standard_input(output) : is_same_file(output, hits);
}

static bool is_input(const char *output, const struct cli_options *options)
{
	const char *const files[] = {options->allowlist, options->logsources,
				     options->password_file, options->known_fps,
				     options->log_source};
	const struct cli_list *const lists[] = {&options->rules, &options->filters,
						&options->placeholders, &options->rule_paths,
						&options->evtx_paths};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i] != NULL && is_same_file(output, files[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (is_in_list(output, lists[i]))
			return true;
	}
	return is_hits(output, options->hits) || is_argument(output, options);
}

bool outputs_spare_inputs(const struct cli_options *options)
{
	const char *const outputs[] = {options->output, options->ledger};

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		if (outputs[i] == NULL || !is_input(outputs[i], options))
			continue;
		message("%s is read by this command and is not overwritten", outputs[i]);
		return false;
	}
	return true;
}
