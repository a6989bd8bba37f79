// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: the first one asks the job to stop, so that what was found so far is
// printed; the second one asks the printing to stop; a third one ends the program
// at once, as if nothing had been set up.
#include <signal.h>
#include <stddef.h>

#include "cli/cli.h"

static struct progress *job;
static volatile sig_atomic_t count;

static void take_signal(int number)
{
	if (++count >= 2)
		signal(number, SIG_DFL);
	if (job != NULL)
		atomic_store(&job->stop, true);
}

// What was ignored from the start stays so: nohup, jobs in the background.
static void watch(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void interrupt_watch(struct progress *progress)
{
	job = progress;
	watch(SIGINT, progress != NULL ? take_signal : SIG_DFL);
	watch(SIGTERM, progress != NULL ? take_signal : SIG_DFL);
}

int interrupt_count(void)
{
	return count;
}
