// SPDX-License-Identifier: Apache-2.0
// What the options name: rules and allowlist.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "load/load.h"

void cli_list_add(struct cli_list *list, struct str item)
{
	mem_grow(&list->items, &list->cap, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = item;
}

void cli_list_release(struct cli_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

// What could not be read; the list goes with it. `ok` is handed on.
static bool end_faults(struct diag_list *faults, bool ok)
{
	for (size_t i = 0; i < faults->count; i++)
		message("%.*s: %.*s", STR_ARG(faults->items[i].path),
			STR_ARG(faults->items[i].message));
	diag_release(faults);
	return ok;
}

bool load_find_rules(struct arena *arena, const char *path, struct cli_list *out)
{
	struct diag_list faults;
	struct str *files;
	size_t count;
	bool ok;

	diag_init(&faults, arena);
	ok = load_find(arena, path, &files, &count, &faults);
	for (size_t i = 0; i < count; i++)
		cli_list_add(out, files[i]);
	return end_faults(&faults, ok);
}

// "builtin" is the pack; everything else a file or folder.
static bool add_path(struct ruleset *set, struct str path, struct diag_list *faults)
{
	if (!str_eq(path, STR("builtin")))
		return load_path(set, path.ptr, faults);
	load_pack(set);
	return true;
}

bool load_files(struct ruleset *set, const struct cli_options *options)
{
	struct diag_list faults;
	bool ok;

	diag_init(&faults, &set->arena);
	ok = load_sources(set, options->logsources, options->sources.items, options->sources.count,
			  &faults);
	for (size_t i = 0; i < options->placeholders.count; i++)
		ok &= load_placeholders(set, options->placeholders.items[i].ptr, &faults);
	if (options->rules.count == 0)
		load_pack(set);
	for (size_t i = 0; i < options->rules.count; i++)
		ok &= add_path(set, options->rules.items[i], &faults);
	for (size_t i = 0; i < options->filters.count; i++)
		ok &= add_path(set, options->filters.items[i], &faults);
	return end_faults(&faults, ok);
}

struct ruleset *load_rules(const struct cli_options *options)
{
	struct ruleset *set = ruleset_new();

	if (!load_files(set, options)) {
		message_diags(&set->diags, options->verbose > 0);
		ruleset_free(set);
		return NULL;
	}
	ruleset_link(set, &options->rule_choice);
	return set;
}

// ---- is there one? ------------------------------------------------------

// A detection on no log source sees nothing, and a correlation sees what its rules do.
static bool runs(const struct rule *rule)
{
	return rule->kind == RULE_DETECTION && rule->view_count > 0;
}

// The options that choose, as they were given: "--min-level, --tag".
static void put_choosers(struct buf *out, const struct rule_choice *choice)
{
	const struct {
		const char *name;
		bool given;
	} options[] = {
		{"--min-level", choice->min_level != LEVEL_UNSET},
		{"--status", choice->status.only.count > 0},
		{"--exclude-status", choice->status.except.count > 0},
		{"--tag", choice->tag.only.count > 0},
		{"--exclude-tag", choice->tag.except.count > 0},
		{"--rule", choice->rule.only.count > 0},
		{"--exclude-rule", choice->rule.except.count > 0},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].given)
			buf_printf(out, "%s%s", out->len > 0 ? ", " : "", options[i].name);
	}
}

// The first one that would run if it were on a log source; NULL = there is none.
static const struct rule *first_unplaced(const struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->rules[i]->kind == RULE_DETECTION && !set->rules[i]->unused)
			return set->rules[i];
	}
	return NULL;
}

static void tell_none_left(const struct ruleset *set, const struct rule_choice *choice)
{
	const char *good = set->refused > 0 ? " without an error" : "";
	const struct rule *unplaced = first_unplaced(set);
	struct buf choosers = {0};

	put_choosers(&choosers, choice);
	if (unplaced != NULL)
		message("there is no rule%s on a known log source ('%.*s': %.*s); nothing was "
			"scanned",
			good, STR_ARG(unplaced->title), STR_ARG(set->unplaced[unplaced->index]));
	else if (set->unused > 0)
		usage_error("no rule is chosen by %s; nothing was scanned", choosers.ptr);
	else
		message("there is no rule%s; nothing was scanned", good);
	buf_release(&choosers);
}

bool rules_are_left(const struct ruleset *set, const struct cli_options *options)
{
	for (size_t i = 0; i < set->count; i++) {
		if (runs(set->rules[i]))
			return true;
	}
	tell_none_left(set, &options->rule_choice);
	return false;
}

bool read_allowlist(struct arena *arena, const char *path, struct diag_list *diags,
		    const struct allowlist **out)
{
	struct err err = {""};

	*out = path != NULL ? load_allowlist(arena, path, diags, &err) : NULL;
	if (path != NULL && *out == NULL)
		message("%s: %s", path, err.text);
	return path == NULL || *out != NULL;
}
