// SPDX-License-Identifier: Apache-2.0
// Walking folders and looking at the first bytes of files.
#include "input/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mem.h"

#define SPOOL_BLOCK (64u << 10)

void input_init(struct input_list *list)
{
	memset(list, 0, sizeof(*list));
	list->spool = -1;
}

void input_release(struct input_list *list)
{
	if (list->spool >= 0)
		close(list->spool);
	map_release(&list->seen);
	free(list->files);
	arena_release(&list->arena);
	input_init(list);
}

static struct input_file *add(struct input_list *list, struct str path)
{
	struct input_file *file;

	mem_grow(&list->files, &list->cap, list->count + 1, sizeof(*list->files));
	file = &list->files[list->count++];
	*file = (struct input_file){.path = path, .open_path = path.ptr};
	return file;
}

static void add_error(struct input_list *list, struct str path, const char *what, int code)
{
	add(list, path)->error = arena_printf(&list->arena, "%s: %s", what, strerror(code));
}

// True the first time that this file or folder is met.
static bool is_new(struct input_list *list, const struct stat *info)
{
	uint64_t id[2] = {(uint64_t)info->st_dev, (uint64_t)info->st_ino};
	struct str key = arena_str(&list->arena, (struct str){(const char *)id, sizeof(id)});

	return map_add(&list->seen, key, list);
}

// Whether the file starts as a log does; false with errno set when it cannot
// be read, and with errno 0 when it is something else.
static bool sniff(const char *path)
{
	static const char signature[8] = "ElfFile";
	char head[sizeof(signature)] = {0};
	// Not to hang should the file have become a pipe since it was looked at.
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got;
	int code;

	if (fd < 0)
		return false;
	got = read(fd, head, sizeof(head));
	code = got < 0 ? errno : 0;
	close(fd);
	errno = code;
	return got == (ssize_t)sizeof(head) && memcmp(head, signature, sizeof(head)) == 0;
}

static bool has_log_name(struct str path)
{
	return str_ends_nocase(path, STR(".evtx"));
}

// A regular file. `wanted` lists it whatever it holds; else it must have the
// name or the signature of a log.
static void look_at_file(struct input_list *list, struct str path, const struct stat *info,
			 bool wanted)
{
	bool is_evtx = sniff(path.ptr);
	int code = is_evtx ? 0 : errno;
	struct input_file *file;

	if (!wanted && !is_evtx && code == 0 && !has_log_name(path))
		return;
	if (!is_new(list, info))
		return;
	if (code != 0) {
		add_error(list, path, "cannot read the file", code);
		return;
	}
	file = add(list, path);
	file->size = (uint64_t)info->st_size;
	file->is_evtx = is_evtx;
	if (info->st_size == 0)
		file->error = STR("the file is empty");
	else if (!is_evtx)
		file->error = STR("the file is not EVTX: it does not start with \"ElfFile\"");
}

// Names in a folder, sorted, without "." and "..".
struct names {
	struct str *items;
	size_t count;
	size_t cap;
};

static int compare_names(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// Read all names before going on, so that a deep tree keeps no folder open.
// Returns 0 or an error number.
static int read_folder(struct input_list *list, const char *path, struct names *names)
{
	DIR *folder = opendir(path);
	int code;

	if (folder == NULL)
		return errno;
	for (;;) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(folder);
		if (entry == NULL)
			break;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		mem_grow(&names->items, &names->cap, names->count + 1, sizeof(*names->items));
		names->items[names->count++] = arena_str(&list->arena, str_from(entry->d_name));
	}
	code = errno;
	closedir(folder);
	if (names->count != 0)
		qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return code;
}

static void look_at(struct input_list *list, struct str path, bool wanted, unsigned depth);

static void look_at_folder(struct input_list *list, struct str path, unsigned depth)
{
	struct names names = {0};
	const char *slash = str_ends(path, STR("/")) ? "" : "/";
	int code;

	if (depth == LIMIT_FOLDER_DEPTH) {
		add(list, path)->error = STR("folders are nested too deep; not searched");
		return;
	}
	code = read_folder(list, path.ptr, &names);
	if (code != 0)
		add_error(list, path, "cannot read the folder", code);
	for (size_t i = 0; i < names.count; i++)
		look_at(list,
			arena_printf(&list->arena, "%s%s%s", path.ptr, slash, names.items[i].ptr),
			false, depth + 1);
	free(names.items);
}

static void look_at(struct input_list *list, struct str path, bool wanted, unsigned depth)
{
	struct stat info;

	if (stat(path.ptr, &info) != 0) {
		if (wanted || errno != ENOENT || has_log_name(path))
			add_error(list, path, "cannot find the file", errno);
	} else if (S_ISDIR(info.st_mode)) {
		if (is_new(list, &info))
			look_at_folder(list, path, depth);
	} else if (S_ISREG(info.st_mode)) {
		look_at_file(list, path, &info, wanted);
	} else if (wanted || has_log_name(path)) {
		add(list, path)->error = STR("neither a regular file nor a folder");
	}
}

static int open_spool(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int len;
	int fd;

	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	len = snprintf(path, sizeof(path), "%s/evtxscan-XXXXXX", folder);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
	return true;
}

// Copy everything; what went wrong, with errno set, or NULL.
static const char *copy_all(int from, int to)
{
	char *block = mem_alloc(SPOOL_BLOCK);
	const char *wrong = NULL;

	for (;;) {
		ssize_t got = read(from, block, SPOOL_BLOCK);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			wrong = "cannot read standard input";
		else if (got > 0 && !write_all(to, block, (size_t)got))
			wrong = "cannot keep standard input in a temporary file";
		if (got <= 0 || wrong != NULL)
			break;
	}
	free(block);
	return wrong;
}

static void spool(struct input_list *list, int standard_input)
{
	struct input_file *file;
	const char *wrong;
	struct stat info;

	// A second "-" means the same bytes.
	if (list->spool >= 0)
		return;
	list->spool = open_spool();
	if (list->spool < 0) {
		add_error(list, STR("-"), "cannot make a temporary file", errno);
		return;
	}
	wrong = copy_all(standard_input, list->spool);
	if (wrong != NULL || fstat(list->spool, &info) != 0) {
		add_error(list, STR("-"), wrong != NULL ? wrong : "cannot look at the input",
			  errno);
		return;
	}
	look_at_file(list, arena_printf(&list->arena, "/dev/fd/%d", list->spool), &info, true);
	file = &list->files[list->count - 1];
	file->path = STR("-");
}

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const struct input_file *)a)->path, ((const struct input_file *)b)->path);
}

// Sort, and drop what a folder and a path of its own both named: files are
// there once by inode, but an error has none.
static void sort_files(struct input_list *list)
{
	size_t kept = 0;

	if (list->count != 0)
		qsort(list->files, list->count, sizeof(*list->files), compare_files);
	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || !str_eq(list->files[i].path, list->files[kept - 1].path))
			list->files[kept++] = list->files[i];
	}
	list->count = kept;
}

void input_find(struct input_list *list, const struct str *paths, size_t count, int standard_input)
{
	struct str *sorted = arena_array(&list->arena, count, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		sorted[i] = arena_str(&list->arena, paths[i]);
	if (count != 0)
		qsort(sorted, count, sizeof(*sorted), compare_names);
	for (size_t i = 0; i < count; i++) {
		// The same word twice would list its error twice.
		if (i > 0 && str_eq(sorted[i], sorted[i - 1]))
			continue;
		if (str_eq(sorted[i], STR("-")))
			spool(list, standard_input);
		else
			look_at(list, sorted[i], true, 0);
	}
	sort_files(list);
}
