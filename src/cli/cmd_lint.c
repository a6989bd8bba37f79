// SPDX-License-Identifier: Apache-2.0
// evtxscan lint: all that is wrong with rules, filters, allowlist and mapping.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/check.h"
#include "cli/cli.h"
#include "output/escape.h"
#include "output/json.h"

struct lint {
	const struct cli_options *options;
	struct ruleset *set;
	struct outfile out;
	struct snippets snippets;
	struct buf text;
	size_t errors, warnings, notes; // that were printed
};

static const char *severity_name(enum diag_severity severity)
{
	static const char *const names[] = {"note", "warning", "error"};

	return names[severity];
}

// ---- loading ------------------------------------------------------------

// Everything that can be read is checked, whatever cannot.
static bool load(struct lint *lint)
{
	const struct cli_options *options = lint->options;
	struct cli_options own = *options;
	const struct allowlist *list;
	bool ok;

	own.rules = (struct cli_list){0};
	for (size_t i = 0; i < options->rules.count; i++)
		cli_list_add(&own.rules, options->rules.items[i]);
	for (size_t i = 0; i < options->arg_count; i++)
		cli_list_add(&own.rules, str_from(options->args[i]));
	ok = load_files(lint->set, &own);
	cli_list_release(&own.rules);
	// Without a mapping every rule would be unmapped.
	if (lint->set->sources.categories.count + lint->set->sources.services.count > 0) {
		ruleset_link(lint->set, NULL);
		check_rules(lint->set);
	}
	return read_allowlist(&lint->set->arena, options->allowlist, &lint->set->diags, &list) &&
	       ok;
}

// ---- output -------------------------------------------------------------

static void put_text(struct lint *lint, const struct diag *diag)
{
	struct buf line = {0};

	buf_printf(&line, "%.*s", STR_ARG(diag->path));
	if (diag->line > 0)
		buf_printf(&line, ":%u:%u", diag->line, diag->col);
	buf_printf(&line, ": %s: ", severity_name(diag->severity));
	buf_put_str(&line, diag->message);
	buf_printf(&line, " [%s]", diag->code);
	escape_terminal(&lint->text, buf_str(&line));
	buf_put_char(&lint->text, '\n');
	snippets_put(&lint->snippets, diag, &lint->text);
	if (diag->hint.len > 0) {
		buf_put_text(&lint->text, "  hint: ");
		escape_terminal(&lint->text, diag->hint);
		buf_put_char(&lint->text, '\n');
	}
	buf_release(&line);
}

static void put_json(struct lint *lint, const struct diag *diag)
{
	struct json json = {.out = &lint->text};

	json_open(&json, '{');
	json_put_str(&json, "Path", diag->path);
	json_put_u64(&json, "Line", diag->line);
	json_put_u64(&json, "Col", diag->col);
	json_put_str(&json, "Severity", str_from(severity_name(diag->severity)));
	json_put_str(&json, "Code", str_from(diag->code));
	json_put_str(&json, "Message", diag->message);
	json_put_str(&json, "Hint", diag->hint);
	json_close(&json, '}');
	buf_put_char(&lint->text, '\n');
}

static void print(struct lint *lint, const struct diag *diag)
{
	if (diag->severity == DIAG_NOTE && lint->options->verbose == 0)
		return;
	lint->errors += diag->severity == DIAG_ERROR;
	lint->warnings += diag->severity == DIAG_WARNING;
	lint->notes += diag->severity == DIAG_NOTE;
	buf_reset(&lint->text);
	if (lint->options->format == OUTPUT_JSONL)
		put_json(lint, diag);
	else
		put_text(lint, diag);
	fwrite(lint->text.ptr, 1, lint->text.len, lint->out.stream);
}

// By place, so that all about a file stands together; else as they were found.
static int by_place(const void *left, const void *right)
{
	const struct diag *a = *(const struct diag *const *)left;
	const struct diag *b = *(const struct diag *const *)right;
	int order = str_cmp(a->path, b->path);

	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	if (order == 0)
		order = (a->col > b->col) - (a->col < b->col);
	return order != 0 ? order : (a > b) - (a < b);
}

static void print_all(struct lint *lint)
{
	const struct diag_list *diags = &lint->set->diags;
	const struct diag **sorted = mem_alloc((diags->count + 1) * sizeof(*sorted));

	for (size_t i = 0; i < diags->count; i++)
		sorted[i] = &diags->items[i];
	qsort(sorted, diags->count, sizeof(*sorted), by_place);
	for (size_t i = 0; i < diags->count; i++)
		print(lint, sorted[i]);
	free(sorted);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print_counts(const struct lint *lint)
{
	const struct ruleset *set = lint->set;
	size_t documents = set->count + set->refused;
	char notes[32] = "";

	// A broken correlation is both in the set and refused.
	for (size_t i = 0; i < set->count; i++)
		documents -= set->rules[i]->broken;
	if (lint->options->verbose > 0)
		snprintf(notes, sizeof(notes), ", %zu note%s", lint->notes, plural(lint->notes));
	message("%zu document%s checked, %zu refused: %zu error%s, %zu warning%s%s", documents,
		plural(documents), set->refused, lint->errors, plural(lint->errors), lint->warnings,
		plural(lint->warnings), notes);
}

static int run(struct lint *lint)
{
	bool ok = load(lint);

	if (!outfile_open(lint->options->output, lint->options->clobber, &lint->out))
		return STATUS_USAGE;
	print_all(lint);
	if (!outfile_close(&lint->out))
		return STATUS_INCOMPLETE;
	print_counts(lint);
	if (!ok || lint->errors > 0 || (lint->options->strict && lint->warnings > 0))
		return STATUS_USAGE;
	return STATUS_DONE;
}

int cmd_lint(const struct cli_options *options)
{
	struct lint lint = {.options = options};
	int status;

	lint.set = ruleset_new();
	status = run(&lint);
	snippets_release(&lint.snippets);
	buf_release(&lint.text);
	ruleset_free(lint.set);
	return status;
}
