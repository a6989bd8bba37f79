// SPDX-License-Identifier: Apache-2.0
// Reading a whole file.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
