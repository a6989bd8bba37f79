// SPDX-License-Identifier: Apache-2.0
// Files -> rule sets and allowlists.
#include "load/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/limits.h"

static bool fault(struct diag_list *faults, const char *path, const char *text)
{
	struct place place = {arena_str(faults->arena, str_from(path)), 0, 0};

	diag_add(faults, DIAG_ERROR, "E_FILE", place, "%s", text);
	return false;
}

static bool read_file(const char *path, struct buf *out, struct diag_list *faults)
{
	struct err err = {""};

	return file_read(path, LIMIT_YAML_FILE, out, &err) == RC_OK ||
	       fault(faults, path, err.text);
}

// ---- finding rule files ------------------------------------------------

struct search {
	struct arena *arena;
	struct buf found; // struct str
	struct diag_list *faults;
};

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

static bool walk(struct search *search, const char *path, unsigned depth);

static bool cannot_read_folder(struct search *search, const char *path)
{
	struct str text =
		arena_printf(search->faults->arena, "cannot read the folder: %s", strerror(errno));

	return fault(search->faults, path, text.ptr);
}

static bool walk_entry(struct search *search, struct str path, unsigned depth)
{
	struct stat st;

	if (stat(path.ptr, &st) != 0) {
		if (errno == ENOENT || errno == ELOOP)
			return true; // vanished, or a link to nowhere
		return fault(search->faults, path.ptr, strerror(errno));
	}
	return !(S_ISDIR(st.st_mode) || is_rule_file(path)) || walk(search, path.ptr, depth);
}

static bool walk_folder(struct search *search, const char *path, unsigned depth)
{
	DIR *folder = opendir(path);
	bool ok = true;

	if (folder == NULL)
		return cannot_read_folder(search, path);
	for (;;) {
		const struct dirent *entry;

		errno = 0;
		entry = readdir(folder);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			ok &= walk_entry(search,
					 arena_printf(search->arena, "%s/%s", path, entry->d_name),
					 depth + 1);
	}
	if (errno != 0)
		ok = cannot_read_folder(search, path);
	closedir(folder);
	return ok;
}

static bool walk(struct search *search, const char *path, unsigned depth)
{
	struct str file;
	struct stat st;

	if (stat(path, &st) != 0)
		return fault(search->faults, path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		if (depth > LIMIT_FOLDER_DEPTH)
			return fault(search->faults, path, "folders nested too deeply");
		return walk_folder(search, path, depth);
	}
	file = arena_str(search->arena, str_from(path));
	buf_put(&search->found, &file, sizeof(file));
	return true;
}

bool load_find(struct arena *arena, const char *path, struct str **files, size_t *count,
	       struct diag_list *faults)
{
	struct search search = {.arena = arena, .faults = faults};
	bool ok = walk(&search, path, 0);

	*count = search.found.len / sizeof(**files);
	*files = arena_array(arena, *count, sizeof(**files));
	if (*count > 0) {
		memcpy(*files, search.found.ptr, search.found.len);
		qsort(*files, *count, sizeof(**files), by_bytes);
	}
	buf_release(&search.found);
	return ok;
}

// ---- rules --------------------------------------------------------------

void load_pack(struct ruleset *set)
{
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];

		if (strncmp(file->name, LOAD_PACK_FOLDER, strlen(LOAD_PACK_FOLDER)) != 0)
			continue;
		ruleset_add(set, arena_printf(&set->arena, "builtin:%s", file->name),
			    (struct str){(const char *)file->data, file->size});
	}
}

static bool add_file(struct ruleset *set, struct str path, struct diag_list *faults)
{
	struct buf text = {0};
	bool ok = read_file(path.ptr, &text, faults);

	if (ok)
		ruleset_add(set, path, buf_str(&text));
	buf_release(&text);
	return ok;
}

bool load_path(struct ruleset *set, const char *path, struct diag_list *faults)
{
	struct str *files;
	size_t count;
	bool ok = load_find(&set->arena, path, &files, &count, faults);

	for (size_t i = 0; i < count; i++)
		ok &= add_file(set, files[i], faults);
	if (ok && count == 0)
		ok = fault(faults, path, "no rule files (*.yml, *.yaml) there");
	return ok;
}

// ---- settings -----------------------------------------------------------

bool load_sources(struct ruleset *set, const char *path, const struct str *opt_in,
		  size_t opt_in_count, struct diag_list *faults)
{
	const struct embedded_file *builtin = embedded_find("logsources.yml");
	struct str name = path != NULL ? str_from(path) : STR("builtin:logsources.yml");
	struct buf text = {0};
	bool ok = true;

	if (path != NULL)
		ok = read_file(path, &text, faults);
	else if (builtin != NULL)
		buf_put(&text, builtin->data, builtin->size);
	ok = ok && ruleset_set_sources(set, name, buf_str(&text), opt_in, opt_in_count);
	buf_release(&text);
	return ok;
}

bool load_placeholders(struct ruleset *set, const char *path, struct diag_list *faults)
{
	struct buf text = {0};
	bool ok = read_file(path, &text, faults) &&
		  ruleset_add_placeholders(set, str_from(path), buf_str(&text));

	buf_release(&text);
	return ok;
}

// ---- allowlist ----------------------------------------------------------

const struct allowlist *load_allowlist(struct arena *arena, const char *path,
				       struct diag_list *diags, struct err *err)
{
	const struct allowlist *list = NULL;
	struct buf text = {0};

	if (file_read(path, LIMIT_YAML_FILE, &text, err) == RC_OK)
		list = allowlist_parse(arena, arena_str(arena, str_from(path)), buf_str(&text),
				       diags);
	buf_release(&text);
	return list;
}

void load_note_refused(const struct diag_list *diags, struct ledger *ledger)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->items[i];
		struct str place = arena_printf(&ledger->arena, "%.*s:%u:%u", STR_ARG(diag->path),
						diag->line, diag->col);

		if (diag->severity == DIAG_ERROR)
			ledger_note(ledger, &ledger->allow_refused, place, diag->message);
	}
}
