// SPDX-License-Identifier: Apache-2.0
// evtxscan: the program.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "evtxscan.h"
#include "refreader/refreader.h"

static bool is_done;

// Nothing here allocates, or waits for what another thread does.
static void out_of_memory(size_t size)
{
	static const char text[] = "evtxscan: out of memory; nothing that was found is complete\n";

	(void)size;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	outfile_remove_unfinished();
	_Exit(STATUS_INCOMPLETE);
}

// Without memory libarchive may say so and call exit(1).
static void end_early(void)
{
	if (is_done)
		return;
	outfile_remove_unfinished();
	_Exit(STATUS_INCOMPLETE);
}

// A file that got the number of a closed standard stream would be read or written
// in its place. These fail instead: the wrong way round.
static void occupy_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

static int run(const struct cli_options *options, bool no_words)
{
	static int (*const run_command[COMMAND_COUNT])(const struct cli_options *) = {
		[COMMAND_SCAN] = cmd_scan,	 [COMMAND_DUMP] = cmd_dump,
		[COMMAND_VERIFY] = cmd_verify,	 [COMMAND_SYNTH] = cmd_synth,
		[COMMAND_RULES] = cmd_rules,	 [COMMAND_ALLOWLIST] = cmd_allowlist,
		[COMMAND_TEST] = cmd_test,	 [COMMAND_LINT] = cmd_lint,
		[COMMAND_EXPLAIN] = cmd_explain, [COMMAND_SEARCH] = cmd_search,
		[COMMAND_METRICS] = cmd_metrics, [COMMAND_COMPLETIONS] = cmd_completions,
	};

	if (options->version) {
		printf("evtxscan %s (libevtx %s)\n", EVTXSCAN_VERSION, refreader_library_version());
		return STATUS_DONE;
	}
	if (options->help) {
		options_help(stdout, options->command == COMMAND_SCAN && !no_words
					     ? COMMAND_COUNT
					     : options->command);
		return STATUS_DONE;
	}
	if (!outputs_are_open(options) || !outputs_spare_inputs(options))
		return STATUS_USAGE;
	return run_command[options->command](options);
}

int main(int argc, char **argv)
{
	struct cli_options options;
	int status = STATUS_USAGE;

	occupy_standard_streams();
	mem_set_oom_handler(out_of_memory);
	signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of writing: an exit status, no death
	signal(SIGXFSZ, SIG_IGN); // and so is the limit of a file's size
	interrupt_watch(NULL);
	atexit(end_early);
	if (options_parse(argc, argv, &options))
		status = run(&options, argc > 1 && strcmp(argv[1], "scan") == 0);
	options_release(&options);
	// A write that failed before leaves nothing to flush.
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == STATUS_DONE) {
		if (!standard_output_is_unread())
			message("cannot write to standard output: %s", strerror(errno));
		status = STATUS_INCOMPLETE;
	}
	is_done = true;
	return status;
}
