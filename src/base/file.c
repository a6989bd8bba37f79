// SPDX-License-Identifier: Apache-2.0
// Reading a whole file; temporary files.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum rc read_all(int fd, size_t limit, struct buf *out, struct err *err)
{
	size_t start = out->len;

	for (;;) {
		char *at = buf_reserve(out, 65536);
		ssize_t got = read(fd, at, 65536);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_set(err, "%s", strerror(errno));
			return RC_FAILED;
		}
		if (got == 0)
			return RC_OK;
		out->len += (size_t)got;
		if (out->len - start > limit) {
			err_set(err, "larger than %zu bytes", limit);
			return RC_FAILED;
		}
	}
}

enum rc file_read(const char *path, size_t limit, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum rc rc;

	if (fd < 0) {
		err_set(err, "%s", strerror(errno));
		return RC_FAILED;
	}
	rc = read_all(fd, limit, out, err);
	close(fd);
	return rc;
}

// No signal comes between the file and the removal of its name.
static int make_nameless(char *path)
{
	sigset_t all;
	sigset_t before;
	int fd;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return fd;
}

const char *file_temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

int file_temporary(void)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/evtxscan-XXXXXX", file_temporary_folder());

	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return make_nameless(path);
}

bool file_write(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t done = write(fd, bytes.ptr, bytes.len);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0)
			bytes = str_sub(bytes, (size_t)done, SIZE_MAX);
	}
	return true;
}
