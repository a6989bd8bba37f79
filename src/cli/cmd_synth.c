// SPDX-License-Identifier: Apache-2.0
// evtxscan synth: a log from a description.
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "synth/synth.h"

static int write_log(const struct cli_options *options, struct str bytes)
{
	struct outfile out;

	if (!outfile_open(options->output, options->clobber, &out))
		return STATUS_USAGE;
	fwrite(bytes.ptr, 1, bytes.len, out.stream);
	return outfile_close(&out) ? STATUS_DONE : STATUS_INCOMPLETE;
}

int cmd_synth(const struct cli_options *options)
{
	struct arena arena = {0};
	struct diag_list diags;
	struct buf text = {0};
	struct buf log = {0};
	struct err err = {""};
	int status = STATUS_USAGE;

	if (options->arg_count != 1)
		return usage_error(
			"synth wants one description: evtxscan synth EVENTS.yml -o OUT.evtx");
	if (options->output == NULL)
		return usage_error("synth wants -o OUT.evtx (-o - for standard output)");
	diag_init(&diags, &arena);
	if (file_read(options->args[0], LIMIT_YAML_FILE, &text, &err) != RC_OK)
		message("%s: %s", options->args[0], err.text);
	else if (synth_build(&arena, str_from(options->args[0]), buf_str(&text), &log, &diags))
		status = write_log(options, buf_str(&log));
	message_diags(&diags, true);
	buf_release(&text);
	buf_release(&log);
	diag_release(&diags);
	arena_release(&arena);
	return status;
}
