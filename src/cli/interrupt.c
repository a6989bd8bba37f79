// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: the first one asks the job to stop, so that what was found so far is
// printed; the second one asks the printing to stop; a third one ends the program
// at once, as it does where no job is.
#include <signal.h>
#include <stddef.h>

#include "cli/cli.h"

static struct progress *job;
static volatile sig_atomic_t count;

static void take_signal(int number)
{
	if (job != NULL && ++count <= 2) {
		atomic_store(&job->stop, true);
		return;
	}
	outfile_remove_unfinished();
	signal(number, SIG_DFL);
	raise(number); // waits for the return
}

// What was ignored from the start stays so: nohup, jobs in the background.
static void watch(int number)
{
	struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void interrupt_watch(struct progress *progress)
{
	job = progress;
	watch(SIGINT);
	watch(SIGTERM);
	watch(SIGHUP);
}

int interrupt_count(void)
{
	return count;
}
