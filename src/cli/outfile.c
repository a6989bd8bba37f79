// SPDX-License-Identifier: Apache-2.0
// Output files: whole or not there.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"

// Names of files that are being written, for outfile_remove_unfinished().
static _Atomic(char *) unfinished[OUTFILE_MOST];

static void replace_unfinished(char *old, char *new)
{
	for (size_t i = 0; i < OUTFILE_MOST; i++) {
		if (atomic_load(&unfinished[i]) == old) {
			atomic_store(&unfinished[i], new);
			return;
		}
	}
}

void outfile_remove_unfinished(void)
{
	for (size_t i = 0; i < OUTFILE_MOST; i++) {
		const char *name = atomic_load(&unfinished[i]);

		if (name != NULL)
			unlink(name);
	}
}

static char *concat(const char *left, const char *right)
{
	size_t n = strlen(left);
	size_t m = strlen(right);
	char *out = mem_alloc(n + m + 1);

	memcpy(out, left, n);
	memcpy(out + n, right, m + 1);
	return out;
}

// Takes the ownership of `path`.
static bool open_stream(char *path, FILE *stream, struct outfile *out)
{
	out->stream = stream;
	out->path = path;
	if (stream != NULL)
		return true;
	message("cannot write to %s: %s", path, strerror(errno));
	outfile_abandon(out);
	return false;
}

// What is open already is written to as it is, from where it stands: a log behind
// a shell's ">" or ">>".
static bool open_descriptor(const char *path, int descriptor, struct outfile *out)
{
	int fd = dup(descriptor);
	FILE *stream = fd >= 0 ? fdopen(fd, "wb") : NULL;

	if (stream == NULL && fd >= 0)
		close(fd);
	return open_stream(concat(path, ""), stream, out);
}

// Devices and pipes (/dev/full) are written to as they are.
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

// Links that lead in a circle, or too far: following them ended at one.
static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

// A link that leads nowhere is there, too.
static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

// It can only be read by setting it; no other thread makes files meanwhile.
static mode_t current_umask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

// The rights of the file that `path` is, as overwriting leaves them, or those of a new
// file: what stands in logs is not for everybody everywhere.
static mode_t mode_for(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return st.st_mode & 0777;
	return 0666 & ~current_umask();
}

// No signal comes between the file and the note of it.
static int make_temporary(char *name, mode_t mode)
{
	sigset_t all;
	sigset_t before;
	int fd;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	fd = mkstemp(name);
	if (fd >= 0) {
		replace_unfinished(NULL, name);
		fchmod(fd, mode);
	} else {
		*name = '\0';
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return fd;
}

// Beside the file that it will be.
static bool open_aside(const char *path, struct outfile *out)
{
	int fd;

	out->path = concat(path, "");
	out->temporary = concat(path, ".XXXXXX");
	fd = make_temporary(out->temporary, mode_for(path));
	if (fd >= 0)
		out->stream = fdopen(fd, "wb");
	if (out->stream != NULL)
		return true;
	message("cannot write to %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	outfile_abandon(out);
	return false;
}

static bool open_path(const char *path, const struct target *target, bool clobber,
		      struct outfile *out)
{
	if (is_link(target->path)) {
		errno = ELOOP;
		return open_stream(concat(path, ""), NULL, out);
	}
	if (is_special(path))
		return open_stream(concat(path, ""), fopen(path, "wb"), out);
	if (clobber || !is_there(path))
		return open_aside(target->path, out);
	message("%s exists; -C (--clobber) overwrites it", path);
	return false;
}

bool outfile_open(const char *path, bool clobber, struct outfile *out)
{
	struct target target;
	bool opened = true;

	memset(out, 0, sizeof(*out));
	target_find(path, &target);
	if (target.descriptor == STDOUT_FILENO)
		out->stream = stdout;
	else if (target.descriptor >= 0)
		opened = open_descriptor(path, target.descriptor, out);
	else
		opened = open_path(path, &target, clobber, out);
	target_release(&target);
	return opened;
}

bool standard_output_is_unread(void)
{
	struct pollfd pipe = {.fd = STDOUT_FILENO};

	return poll(&pipe, 1, 0) > 0 && (pipe.revents & (POLLERR | POLLHUP)) != 0;
}

void outfile_abandon(struct outfile *out)
{
	if (out->stream != NULL && out->stream != stdout)
		fclose(out->stream);
	if (out->temporary != NULL) {
		unlink(out->temporary);
		replace_unfinished(out->temporary, NULL);
	}
	free(out->path);
	free(out->temporary);
	memset(out, 0, sizeof(*out));
}

bool outfile_close(struct outfile *out)
{
	bool ok = fflush(out->stream) == 0 && !ferror(out->stream);
	int code = errno; // of the write that failed, however long ago

	if (out->stream != stdout) {
		if (fclose(out->stream) != 0 && ok) {
			code = errno;
			ok = false;
		}
		out->stream = NULL;
	}
	if (!ok && (out->path != NULL || !standard_output_is_unread()))
		message("cannot write to %s: %s", out->path != NULL ? out->path : "standard output",
			strerror(code));
	if (ok && out->temporary != NULL && rename(out->temporary, out->path) != 0) {
		message("cannot write to %s: %s", out->path, strerror(errno));
		ok = false;
	}
	if (ok && out->temporary != NULL) {
		replace_unfinished(out->temporary, NULL);
		free(out->temporary);
		out->temporary = NULL;
	}
	outfile_abandon(out);
	return ok;
}
