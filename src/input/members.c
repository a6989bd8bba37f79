// SPDX-License-Identifier: Apache-2.0
// Logs in archives.
#include <stdlib.h>

#include "base/mem.h"
#include "input/internal.h"

// Read at once of a log whose size its archive does not say.
#define BLOCK (64u << 10)

static struct input_file *add_member(struct input_list *list, const struct input_file *archive,
				     const struct unpack_file *found)
{
	struct str path = archive->path;
	struct input_file *file;

	if (found->path.len > 0)
		path = arena_printf(&list->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(found->path));
	file = input_add(list, path);
	file->open_path = archive->open_path;
	file->disk_len = archive->path.len;
	file->in_archive = true;
	file->member = found->index;
	file->password = archive->password;
	return file;
}

// Some archives (streamed zip, .gz) do not tell the size of a file.
static enum rc count_bytes(struct unpack *unpack, uint64_t *size, struct err *err)
{
	char *block = mem_alloc(BLOCK);
	size_t got;
	enum rc rc;

	*size = 0;
	do {
		rc = unpack_read(unpack, block, BLOCK, &got, err);
		*size += got;
	} while (rc == RC_OK && got == BLOCK);
	free(block);
	return rc;
}

// What macOS puts beside each file of an archive: ._Name, never a log.
static bool is_apple_double(struct str head)
{
	return str_starts(head, STR("\0\005\026\007"));
}

static void take_member(struct input_list *list, const struct input_file *archive,
			struct unpack *unpack, const struct unpack_file *found)
{
	bool is_named = input_has_log_name(found->path) && !is_apple_double(found->head);
	uint64_t size = found->size;
	struct err err = {""};
	enum rc rc = RC_OK;
	struct input_file *file;

	if (!is_named && !input_is_log(found->head))
		return;
	if (!found->has_size)
		rc = count_bytes(unpack, &size, &err);
	file = add_member(list, archive, found);
	input_set_content(list, file, size, found->head);
	if (rc != RC_OK)
		file->error = arena_str(&list->arena, str_from(err.text));
}

// Files that cannot be read, and are not called logs: one line for all of them.
struct unknown {
	uint64_t count;
	struct err first;
};

// The logs of an archive by their paths, as far as the list has been looked through.
struct members {
	struct map logs;
	size_t seen;
};

// Is a hard link another name of a log that is in the list?
static bool is_known_log(const struct input_list *list, const struct input_file *archive,
			 const struct unpack_file *found, struct members *members)
{
	struct arena arena = {0};
	bool is_known;

	for (; members->seen < list->count; members->seen++)
		map_add(&members->logs, list->files[members->seen].path, members);
	is_known = map_get(&members->logs, arena_printf(&arena, "%.*s/%.*s", STR_ARG(archive->path),
							STR_ARG(found->target))) != NULL;
	arena_release(&arena);
	return is_known;
}

// A link or device is a loss only where it has the name of a log.
static void refuse_member(struct input_list *list, const struct input_file *archive,
			  const struct unpack_file *found, const struct err *err,
			  struct members *members)
{
	if (input_has_log_name(found->path) &&
	    (found->target.len == 0 || !is_known_log(list, archive, found, members)))
		add_member(list, archive, found)->error =
			arena_str(&list->arena, str_from(err->text));
}

static void lose_member(struct input_list *list, const struct input_file *archive,
			const struct unpack_file *found, const struct err *err,
			struct unknown *unknown)
{
	if (input_has_log_name(found->path) || unpack_has_name(found->path) || found->path.len == 0)
		add_member(list, archive, found)->error =
			arena_str(&list->arena, str_from(err->text));
	else if (unknown->count++ == 0)
		unknown->first = *err;
}

// The archive itself, or some of it, cannot be read.
static void lose_archive(struct input_list *list, const struct input_file *archive,
			 struct str error)
{
	struct input_file *file = input_add(list, archive->path);

	file->open_path = archive->open_path;
	file->has_bytes = true;
	file->error = error;
}

static void walk_archive(struct input_list *list, const struct input_file *archive,
			 struct unpack *unpack)
{
	struct unknown unknown = {0};
	struct members members = {.seen = list->count};
	struct unpack_file found;
	struct err err = {""};
	enum rc rc = RC_OK;

	while (!progress_stopped(list->progress) &&
	       (rc = unpack_next(unpack, &found, &err)) != RC_END && rc != RC_FATAL) {
		if (rc == RC_OK)
			take_member(list, archive, unpack, &found);
		else if (found.is_special)
			refuse_member(list, archive, &found, &err, &members);
		else
			lose_member(list, archive, &found, &err, &unknown);
	}
	map_release(&members.logs);
	if (rc == RC_FATAL)
		lose_archive(list, archive,
			     arena_printf(&list->arena, "the archive cannot be read to its end: %s",
					  err.text));
	if (unknown.count > 0)
		lose_archive(
			list, archive,
			arena_printf(
				&list->arena,
				"%llu files in the archive cannot be read, and may be logs: %s",
				(unsigned long long)unknown.count, unknown.first.text));
}

void input_look_at_archive(struct input_list *list, struct input_file *archive, bool wanted)
{
	struct unpack_passwords passwords = {list->passwords, list->password_count, 0};
	size_t before = list->count;
	struct unpack *unpack;
	struct err err = {""};

	archive->password = unpack_find_password(archive->open_path, &passwords);
	passwords.first = archive->password;
	if (unpack_open(archive->open_path, &passwords, &unpack, &err) != RC_OK) {
		lose_archive(
			list, archive,
			arena_printf(&list->arena, "the archive cannot be opened: %s", err.text));
		return;
	}
	walk_archive(list, archive, unpack);
	unpack_close(unpack);
	if (list->count == before && wanted)
		lose_archive(list, archive, STR("there is no event log in the archive"));
}
