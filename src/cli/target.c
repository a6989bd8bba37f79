// SPDX-License-Identifier: Apache-2.0
// Where the name of an output leads: to an open descriptor, or to a file behind
// all links, which stay as they are.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"

// As many as the kernel follows.
#define LINKS_MOST 40

static struct str base_of(struct str path)
{
	const char *slash = strrchr(path.ptr, '/');

	return slash != NULL ? str_from(slash + 1) : path;
}

// The folder of a path, with its slash; "." of a name alone. NUL-terminated.
static void put_folder(struct buf *out, struct str path)
{
	size_t len = path.len - base_of(path).len;

	buf_put_str(out, len > 0 ? str_sub(path, 0, len) : STR("./"));
}

// The descriptor of ours that a name below /proc/self/fd means, or -1. There a link
// leads to what is open, whatever is called so now: it must not be replaced.
static int descriptor_of(struct str path)
{
	struct buf folder = {0};
	char *real;
	char *own = realpath("/proc/self/fd", NULL);
	uint64_t number;
	int fd = -1;

	put_folder(&folder, path);
	real = realpath(folder.ptr, NULL);
	if (real != NULL && own != NULL && strcmp(real, own) == 0 &&
	    str_to_u64(base_of(path), &number) && number <= INT_MAX)
		fd = (int)number;
	free(real);
	free(own);
	buf_release(&folder);
	return fd;
}

// Replace `path` by what the link says that it is. False when it is none.
static bool follow(struct buf *path)
{
	char text[PATH_MAX];
	ssize_t len = readlink(path->ptr, text, sizeof(text));
	struct buf target = {0};

	if (len <= 0 || (size_t)len == sizeof(text))
		return false;
	if (text[0] != '/')
		buf_put(&target, path->ptr, path->len - base_of(buf_str(path)).len);
	buf_put(&target, text, (size_t)len);
	buf_release(path);
	*path = target;
	return true;
}

void target_find(const char *path, struct target *out)
{
	struct buf at = {0};
	int links = 0;

	out->path = NULL;
	out->descriptor = STDOUT_FILENO;
	if (path == NULL || strcmp(path, "-") == 0)
		return;
	buf_put_text(&at, path);
	while ((out->descriptor = descriptor_of(buf_str(&at))) < 0 && links++ < LINKS_MOST &&
	       follow(&at))
		;
	if (out->descriptor < 0)
		out->path = at.ptr;
	else
		buf_release(&at);
}

void target_release(struct target *target)
{
	free(target->path);
	target->path = NULL;
}

static bool is_open(const char *path)
{
	struct target target;
	bool open;

	if (path == NULL)
		return true;
	target_find(path, &target);
	open = target.descriptor < 0 || fcntl(target.descriptor, F_GETFD) >= 0;
	if (!open)
		message("cannot write to %s: %s", path, strerror(errno));
	target_release(&target);
	return open;
}

bool outputs_are_open(const struct cli_options *options)
{
	return is_open(options->output) && is_open(options->ledger);
}

static bool target_stat(const struct target *target, struct stat *out)
{
	return (target->path != NULL ? stat(target->path, out) : fstat(target->descriptor, out)) ==
	       0;
}

// Names of what is not there yet: one name in one folder, however it is written.
static bool is_same_name(const struct target *left, const struct target *right)
{
	struct buf folders[2] = {0};
	struct stat a;
	struct stat b;
	bool same = str_eq(base_of(str_from(left->path)), base_of(str_from(right->path)));

	put_folder(&folders[0], str_from(left->path));
	put_folder(&folders[1], str_from(right->path));
	same = same && stat(folders[0].ptr, &a) == 0 && stat(folders[1].ptr, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	buf_release(&folders[0]);
	buf_release(&folders[1]);
	return same;
}

static bool is_same_target(const struct target *left, const struct target *right)
{
	struct stat a;
	struct stat b;
	bool has_left = target_stat(left, &a);
	bool has_right = target_stat(right, &b);

	if (left->path == NULL && right->path == NULL && left->descriptor == right->descriptor)
		return true;
	// Devices and pipes take what anybody writes.
	if (has_left && has_right)
		return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	return !has_left && !has_right && left->path != NULL && right->path != NULL &&
	       is_same_name(left, right);
}

bool outputs_are_one(const char *left, const char *right)
{
	struct target a;
	struct target b;
	bool same;

	target_find(left, &a);
	target_find(right, &b);
	same = is_same_target(&a, &b);
	target_release(&a);
	target_release(&b);
	return same;
}
