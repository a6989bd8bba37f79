// SPDX-License-Identifier: Apache-2.0
// Output files: whole or not there.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cli.h"

static char *concat(const char *left, const char *right)
{
	size_t n = strlen(left);
	size_t m = strlen(right);
	char *out = mem_alloc(n + m + 1);

	memcpy(out, left, n);
	memcpy(out + n, right, m + 1);
	return out;
}

// Devices and pipes (/dev/full, /dev/stdout) are written to as they are.
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool open_special(const char *path, struct outfile *out)
{
	out->stream = fopen(path, "wb");
	out->path = concat(path, "");
	if (out->stream == NULL)
		message("cannot write to %s: %s", path, strerror(errno));
	return out->stream != NULL;
}

// It can only be read by setting it; no other thread makes files meanwhile.
static mode_t current_umask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

bool outfile_open(const char *path, bool clobber, struct outfile *out)
{
	int fd;

	memset(out, 0, sizeof(*out));
	if (path == NULL || strcmp(path, "-") == 0) {
		out->stream = stdout;
		return true;
	}
	if (is_special(path))
		return open_special(path, out);
	if (!clobber && access(path, F_OK) == 0) {
		message("%s exists; -C (--clobber) overwrites it", path);
		return false;
	}
	out->path = concat(path, "");
	out->temporary = concat(path, ".XXXXXX");
	fd = mkstemp(out->temporary);
	if (fd < 0) {
		message("cannot write to %s: %s", path, strerror(errno));
		outfile_abandon(out);
		return false;
	}
	// As a new file has it: what stands in logs is not for everybody everywhere.
	fchmod(fd, 0666 & ~current_umask());
	out->stream = fdopen(fd, "wb");
	return out->stream != NULL;
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
	if (out->temporary != NULL)
		unlink(out->temporary);
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
	if (ok) {
		free(out->temporary);
		out->temporary = NULL;
	}
	outfile_abandon(out);
	return ok;
}
