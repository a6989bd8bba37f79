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

#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "input/container.h"
#include "input/duplicates.h"
#include "input/internal.h"
#include "input/unpack.h"

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

static struct input_file file_at(struct str path)
{
	return (struct input_file){.path = path, .open_path = path.ptr, .disk_len = path.len};
}

struct input_file *input_add(struct input_list *list, struct str path)
{
	struct input_file *file;

	mem_grow(&list->files, &list->cap, list->count + 1, sizeof(*list->files));
	file = &list->files[list->count++];
	*file = file_at(path);
	return file;
}

static void add_error(struct input_list *list, struct str path, const char *what, int code)
{
	input_add(list, path)->error = arena_printf(&list->arena, "%s: %s", what, strerror(code));
}

static uint64_t modified_at(const struct stat *info)
{
	return (uint64_t)info->st_mtim.tv_sec * 1000000000 + (uint64_t)info->st_mtim.tv_nsec;
}

static void remember(struct input_file *file, const struct stat *info)
{
	file->device = (uint64_t)info->st_dev;
	file->inode = (uint64_t)info->st_ino;
	file->modified = modified_at(info);
}

bool input_is_same(const struct input_file *file, const struct stat *info)
{
	// Some file systems in user space give a file another number now and then.
	if (file->inode == 0 ||
	    ((uint64_t)info->st_dev == file->device && (uint64_t)info->st_ino == file->inode))
		return true;
	return (uint64_t)info->st_size == file->size && modified_at(info) == file->modified;
}

// True the first time that this file or folder is met; as an image and as a log it is two.
static bool is_new(struct input_list *list, const struct stat *info, bool is_image)
{
	uint64_t id[3] = {(uint64_t)info->st_dev, (uint64_t)info->st_ino, is_image};
	struct str key = arena_str(&list->arena, (struct str){(const char *)id, sizeof(id)});

	return map_add(&list->seen, key, list);
}

// The first bytes of a file, UNPACK_HEAD at most. False with errno set when it
// cannot be read.
static bool read_head(const char *path, char *head, size_t *len)
{
	// Not to hang should the file have become a pipe since it was looked at.
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = 0;
	int code;

	*len = 0;
	if (fd < 0)
		return false;
	do {
		got = read(fd, head + *len, UNPACK_HEAD - *len);
		*len += got > 0 ? (size_t)got : 0;
	} while (*len < UNPACK_HEAD && (got > 0 || (got < 0 && errno == EINTR)));
	code = errno;
	close(fd);
	errno = code;
	return got >= 0;
}

bool input_is_log(struct str head)
{
	return str_starts(head, STR("ElfFile\0"));
}

bool input_has_log_name(struct str path)
{
	return str_ends_nocase(path, STR(".evtx"));
}

// What a log is, from its first bytes.
void input_set_content(const struct input_list *list, struct input_file *file, uint64_t size,
		       struct str head)
{
	file->size = size;
	file->has_bytes = true;
	file->is_evtx = input_is_log(head);
	file->head_hash = hash_bytes(head.ptr, head.len);
	if (size == 0)
		file->error = STR("the file is empty");
	else if (!file->is_evtx && !file->is_image && list->take_unknown)
		file->is_image = file->is_headless = true;
	else if (!file->is_evtx && !file->is_image)
		file->error = STR("the file is not EVTX: it does not start with \"ElfFile\"");
	if (list->progress == NULL || file->error.len != 0)
		return;
	progress_add(&list->progress->files, 1);
	progress_add(&list->progress->total, size);
}

// ---- files --------------------------------------------------------------

// A regular file. `wanted` lists it whatever it holds; else it must have the
// name or the signature of a log, or name and signature of an archive.
static void look_at_file(struct input_list *list, struct input_file file, const struct stat *info,
			 bool wanted)
{
	char bytes[UNPACK_HEAD];
	size_t len;
	bool readable = read_head(file.open_path, bytes, &len);
	int code = readable ? 0 : errno;
	struct str head = {bytes, len};
	bool is_archive = unpack_is_archive(head) && (wanted || unpack_has_name(file.path));

	if (!wanted && !input_is_log(head) && !is_archive && readable &&
	    !input_has_log_name(file.path))
		return;
	if (!is_new(list, info, false)) {
		list->met_again++;
		return;
	}
	if (!readable) {
		add_error(list, file.path, "cannot read the file", code);
	} else if (is_archive) {
		input_look_at_archive(list, &file, wanted);
	} else {
		input_set_content(list, &file, (uint64_t)info->st_size, head);
		remember(&file, info);
		*input_add(list, file.path) = file;
	}
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
		input_add(list, path)->error = STR("folders are nested too deep; not searched");
		return;
	}
	code = read_folder(list, path.ptr, &names);
	if (code != 0)
		add_error(list, path, "cannot read the folder", code);
	for (size_t i = 0; i < names.count && !progress_stopped(list->progress); i++)
		look_at(list,
			arena_printf(&list->arena, "%s%s%s", path.ptr, slash, names.items[i].ptr),
			false, depth + 1);
	free(names.items);
}

// A folder that was named has to hold logs, as an archive has; one that was met before
// had its turn.
static void look_at_named_folder(struct input_list *list, struct str path)
{
	size_t before = list->count + list->met_again;

	look_at_folder(list, path, 0);
	if (list->count + list->met_again == before && !progress_stopped(list->progress))
		input_add(list, path)->error = STR("there is no event log in the folder");
}

static void look_at(struct input_list *list, struct str path, bool wanted, unsigned depth)
{
	struct stat info;

	if (stat(path.ptr, &info) != 0) {
		if (wanted || errno != ENOENT || input_has_log_name(path))
			add_error(list, path, "cannot find the file", errno);
	} else if (S_ISDIR(info.st_mode)) {
		// A link back to where no log is yet is none.
		if (!is_new(list, &info, false))
			list->met_again += list->count > 0;
		else if (wanted)
			look_at_named_folder(list, path);
		else
			look_at_folder(list, path, depth);
	} else if (S_ISREG(info.st_mode)) {
		look_at_file(list, file_at(path), &info, wanted);
	} else if (wanted || input_has_log_name(path)) {
		input_add(list, path)->error = STR("neither a regular file nor a folder");
	}
}

// Size of a file or device; -1 with errno set.
static off_t size_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : -1;
	int code = errno;

	if (fd >= 0)
		close(fd);
	errno = code;
	return size;
}

// What is to be said of an image that its first bytes call a container; a device, or what
// cannot be read, is none.
static struct str packed(struct input_list *list, struct str path)
{
	char bytes[UNPACK_HEAD];
	const char *name = NULL;
	size_t len;

	if (read_head(path.ptr, bytes, &len))
		name = container_name((struct str){bytes, len});
	if (name == NULL)
		return (struct str){NULL, 0};
	return arena_printf(&list->arena,
			    "it looks like %s, which is not unpacked: records in it may be missed",
			    name);
}

static void add_image(struct input_list *list, struct str path)
{
	struct input_file file = file_at(path);
	struct stat info;
	off_t size;

	if (stat(path.ptr, &info) != 0) {
		add_error(list, path, "cannot find the file", errno);
		return;
	}
	if (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode)) {
		input_add(list, path)->error = STR("an image is a file or a block device");
		return;
	}
	size = size_of(path.ptr);
	if (size < 0) {
		add_error(list, path, "cannot read the file", errno);
		return;
	}
	if (!is_new(list, &info, true))
		return;
	file.is_image = true;
	file.packed = packed(list, path);
	remember(&file, &info);
	input_set_content(list, &file, (uint64_t)size, (struct str){NULL, 0});
	*input_add(list, path) = file;
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
		else if (got > 0 && !file_write(to, (struct str){block, (size_t)got}))
			wrong = "cannot keep standard input in a temporary file";
		if (got <= 0 || wrong != NULL)
			break;
	}
	free(block);
	return wrong;
}

static void spool(struct input_list *list, int standard_input)
{
	struct input_file file;
	const char *wrong;
	struct stat info;

	// A second "-" means the same bytes.
	if (list->spool >= 0)
		return;
	list->spool = file_temporary();
	if (list->spool < 0) {
		int code = errno;
		struct str what = arena_printf(&list->arena,
					       "cannot make a temporary file in %.200s (TMPDIR)",
					       file_temporary_folder());

		add_error(list, STR("-"), what.ptr, code);
		return;
	}
	wrong = copy_all(standard_input, list->spool);
	if (wrong != NULL || fstat(list->spool, &info) != 0) {
		add_error(list, STR("-"), wrong != NULL ? wrong : "cannot look at the input",
			  errno);
		return;
	}
	file = file_at(STR("-"));
	file.open_path = arena_printf(&list->arena, "/dev/fd/%d", list->spool).ptr;
	look_at_file(list, file, &info, true);
}

// What is read as a log, and searched as an image, is there twice.
static int role_of(const struct input_file *file)
{
	return file->is_image + file->is_headless;
}

static int compare_files(const void *left, const void *right)
{
	const struct input_file *a = left;
	const struct input_file *b = right;
	int order = str_cmp(str_sub(a->path, 0, a->disk_len), str_sub(b->path, 0, b->disk_len));

	if (order == 0)
		order = (a->member > b->member) - (a->member < b->member);
	if (order == 0)
		order = role_of(a) - role_of(b);
	return order != 0 ? order : str_cmp(a->error, b->error);
}

// Sort, and drop what a folder and a path of its own both named: files are
// there once by inode, but an error has none.
static void sort_files(struct input_list *list)
{
	size_t kept = 0;

	if (list->count != 0)
		qsort(list->files, list->count, sizeof(*list->files), compare_files);
	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || compare_files(&list->files[i], &list->files[kept - 1]) != 0)
			list->files[kept++] = list->files[i];
	}
	list->count = kept;
}

void input_find(struct input_list *list, const struct str *paths, size_t count, int standard_input)
{
	struct str *sorted = arena_array(&list->arena, count, sizeof(*sorted));

	for (size_t i = 0; i < list->image_count; i++)
		add_image(list, list->images[i]);
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
	if (!list->keep_duplicates)
		duplicates_mark(list);
}
