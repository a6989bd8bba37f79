// SPDX-License-Identifier: Apache-2.0
// Rule files: the embedded pack, or files and folders of the user.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/cli.h"

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

static int by_bytes(const void *left, const void *right)
{
	const struct str *a = left;
	const struct str *b = right;

	return str_cmp(*a, *b);
}

static bool is_rule_file(struct str name)
{
	return str_ends_nocase(name, STR(".yml")) || str_ends_nocase(name, STR(".yaml"));
}

static bool walk(struct arena *arena, const char *path, unsigned depth, struct cli_list *out);

static bool walk_folder(struct arena *arena, const char *path, unsigned depth, struct cli_list *out)
{
	DIR *folder = opendir(path);
	bool ok = true;

	if (folder == NULL) {
		message("%s: cannot read the folder: %s", path, strerror(errno));
		return false;
	}
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		struct str child;
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		child = arena_printf(arena, "%s/%s", path, entry->d_name);
		if (stat(child.ptr, &st) != 0)
			continue; // vanished, or a link to nowhere
		if (S_ISDIR(st.st_mode) || is_rule_file(child))
			ok &= walk(arena, child.ptr, depth + 1, out);
	}
	closedir(folder);
	return ok;
}

static bool walk(struct arena *arena, const char *path, unsigned depth, struct cli_list *out)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		message("%s: %s", path, strerror(errno));
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		cli_list_add(out, arena_str(arena, str_from(path)));
		return true;
	}
	if (depth > LIMIT_FOLDER_DEPTH) {
		message("%s: folders nested too deeply", path);
		return false;
	}
	return walk_folder(arena, path, depth, out);
}

bool load_find_rules(struct arena *arena, const char *path, struct cli_list *out)
{
	size_t first = out->count;
	bool ok = walk(arena, path, 0, out);

	if (out->count > first)
		qsort(out->items + first, out->count - first, sizeof(*out->items), by_bytes);
	return ok;
}

static struct str embedded_text(const struct embedded_file *file)
{
	return (struct str){(const char *)file->data, file->size};
}

static void add_pack(struct ruleset *set)
{
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];
		struct str path;

		if (strncmp(file->name, PACK_FOLDER, strlen(PACK_FOLDER)) != 0)
			continue;
		path = arena_printf(&set->arena, "builtin:%s", file->name);
		ruleset_add(set, path, embedded_text(file));
	}
}

static bool add_file(struct ruleset *set, struct str path)
{
	struct buf text = {0};
	struct err err = {""};
	bool ok = file_read(path.ptr, LIMIT_YAML_FILE, &text, &err) == RC_OK;

	if (ok)
		ruleset_add(set, path, buf_str(&text));
	else
		message("%s: %s", path.ptr, err.text);
	buf_release(&text);
	return ok;
}

// "builtin" is the pack; everything else a file or folder.
static bool add_path(struct ruleset *set, struct str path)
{
	struct cli_list files = {0};
	bool ok;

	if (str_eq(path, STR("builtin"))) {
		add_pack(set);
		return true;
	}
	ok = load_find_rules(&set->arena, path.ptr, &files);
	for (size_t i = 0; i < files.count; i++)
		ok &= add_file(set, files.items[i]);
	if (ok && files.count == 0)
		message("%s: no rule files (*.yml, *.yaml) there", path.ptr);
	ok &= files.count > 0;
	cli_list_release(&files);
	return ok;
}

static bool set_sources(struct ruleset *set, const struct cli_options *options)
{
	const struct embedded_file *builtin = embedded_find("logsources.yml");
	struct str path = STR("builtin:logsources.yml");
	struct buf text = {0};
	struct err err = {""};
	bool ok = true;

	if (options->logsources != NULL) {
		path = str_from(options->logsources);
		ok = file_read(options->logsources, LIMIT_YAML_FILE, &text, &err) == RC_OK;
		if (!ok)
			message("%s: %s", options->logsources, err.text);
	} else if (builtin != NULL) {
		buf_put(&text, builtin->data, builtin->size);
	}
	ok = ok && ruleset_set_sources(set, path, buf_str(&text), options->sources.items,
				       options->sources.count);
	buf_release(&text);
	return ok;
}

static bool add_placeholders(struct ruleset *set, struct str path)
{
	struct buf text = {0};
	struct err err = {""};
	bool ok = file_read(path.ptr, LIMIT_YAML_FILE, &text, &err) == RC_OK;

	if (!ok)
		message("%s: %s", path.ptr, err.text);
	ok = ok && ruleset_add_placeholders(set, path, buf_str(&text));
	buf_release(&text);
	return ok;
}

bool load_files(struct ruleset *set, const struct cli_options *options)
{
	bool ok = set_sources(set, options);

	for (size_t i = 0; i < options->placeholders.count; i++)
		ok &= add_placeholders(set, options->placeholders.items[i]);
	if (options->rules.count == 0)
		add_pack(set);
	for (size_t i = 0; i < options->rules.count; i++)
		ok &= add_path(set, options->rules.items[i]);
	for (size_t i = 0; i < options->filters.count; i++)
		ok &= add_path(set, options->filters.items[i]);
	return ok;
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
