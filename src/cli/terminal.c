// SPDX-License-Identifier: Apache-2.0
// What the place that a stream leads to can show.
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"

size_t terminal_width(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

bool terminal_is_dumb(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

bool terminal_has_color(const struct cli_options *options, FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(fileno(stream)) && !options->no_color &&
	       (no_color == NULL || no_color[0] == '\0') && !terminal_is_dumb();
}
