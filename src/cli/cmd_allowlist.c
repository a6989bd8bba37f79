// SPDX-License-Identifier: Apache-2.0
// evtxscan allowlist: template and check.
#include <string.h>

#include "base/embedded.h"
#include "base/tm.h"
#include "cli/cli.h"
#include "output/escape.h"

static int init(const struct cli_options *options)
{
	const struct embedded_file *template = embedded_find("allowlist.template.yml");
	struct outfile out;

	if (template == NULL || !outfile_open(options->output, options->clobber, &out))
		return STATUS_USAGE;
	fwrite(template->data, 1, template->size, out.stream);
	return outfile_close(&out) ? STATUS_DONE : STATUS_INCOMPLETE;
}

static void print_entries(const struct allowlist *list)
{
	struct buf line = {0};

	for (size_t i = 0; i < list->count; i++) {
		const struct allow_entry *entry = &list->entries[i];
		char until[TM_TEXT_SIZE];

		buf_reset(&line);
		tm_format(entry->until, until);
		buf_printf(&line, "%-21s until %.10s  ", allow_class_name(entry->class), until);
		escape_terminal(&line, entry->name);
		buf_put_text(&line, " (");
		escape_terminal(&line, entry->owner);
		buf_put_text(&line, ")");
		printf("%.*s\n", STR_ARG(buf_str(&line)));
	}
	buf_release(&line);
}

static int check(const char *path)
{
	struct arena arena = {0};
	struct diag_list diags;
	const struct allowlist *list;
	int status = STATUS_USAGE;

	diag_init(&diags, &arena);
	if (read_allowlist(&arena, path, &diags, &list)) {
		print_entries(list);
		message_diags(&diags, true);
		status = diags.errors > 0 ? STATUS_USAGE : STATUS_DONE;
	}
	diag_release(&diags);
	arena_release(&arena);
	return status;
}

int cmd_allowlist(const struct cli_options *options)
{
	const char *verb = options->arg_count > 0 ? options->args[0] : "";

	if (strcmp(verb, "init") == 0 && options->arg_count == 1)
		return init(options);
	if (strcmp(verb, "check") == 0 && options->arg_count == 2)
		return check(strcmp(options->args[1], "-") == 0 ? "/dev/stdin" : options->args[1]);
	if (strcmp(verb, "add") == 0 && options->arg_count == 1)
		return allowlist_add(options);
	return usage_error("allowlist wants 'init', 'check FILE' or 'add --from FILE --hit N'");
}
