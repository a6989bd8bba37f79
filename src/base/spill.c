// SPDX-License-Identifier: Apache-2.0
// Temporary files for what does not fit into memory.
#include "base/spill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

struct spill {
	int fd; // -1 when it could not be made: `error` says why
	int error;
	char folder[200]; // for messages; cut when it is longer
	uint64_t end;
};

struct spill *spill_new(void)
{
	struct spill *spill = mem_zalloc(sizeof(*spill));

	snprintf(spill->folder, sizeof(spill->folder), "%s", file_temporary_folder());
	spill->fd = file_temporary();
	spill->error = spill->fd < 0 ? errno : 0;
	return spill;
}

void spill_free(struct spill *spill)
{
	if (spill == NULL)
		return;
	if (spill->fd >= 0)
		close(spill->fd);
	free(spill);
}

static enum rc write_failed(const struct spill *spill, int error, struct err *err)
{
	err_set(err, "cannot keep hits in a temporary file in %s (TMPDIR): %s", spill->folder,
		strerror(error));
	return RC_FATAL;
}

enum rc spill_write(struct spill *spill, struct str bytes, uint64_t *at, struct err *err)
{
	if (spill->fd < 0)
		return write_failed(spill, spill->error, err);
	*at = spill->end;
	while (bytes.len > 0) {
		ssize_t done = pwrite(spill->fd, bytes.ptr, bytes.len, (off_t)spill->end);

		if (done < 0 && errno != EINTR)
			return write_failed(spill, errno, err);
		if (done > 0) {
			bytes = str_sub(bytes, (size_t)done, SIZE_MAX);
			spill->end += (uint64_t)done;
		}
	}
	return RC_OK;
}

enum rc spill_read(const struct spill *spill, uint64_t at, void *out, size_t len, struct err *err)
{
	char *to = out;

	while (len > 0) {
		ssize_t got = pread(spill->fd, to, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			err_set(err, "cannot read hits back from the temporary file: %s",
				strerror(got == 0 ? EIO : errno));
			return RC_FATAL;
		}
		to += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return RC_OK;
}

void spill_clear(struct spill *spill)
{
	if (spill->end == 0)
		return;
	spill->end = 0;
	// Space that is not given back now is when the file is closed.
	while (ftruncate(spill->fd, 0) != 0 && errno == EINTR)
		;
}

// ---- items --------------------------------------------------------------

enum rc spool_put(struct spool *spool, struct str item, uint64_t *at, struct err *err)
{
	if (spool->held.len > 0 && spool->held.len + item.len > spool->most) {
		uint64_t begin;
		enum rc rc = spill_write(spool->file, buf_str(&spool->held), &begin, err);

		if (rc != RC_OK)
			return rc;
		spool->before = begin + spool->held.len;
		buf_reset(&spool->held);
	}
	*at = spool->before + spool->held.len;
	buf_put_str(&spool->held, item);
	return RC_OK;
}

enum rc spool_get(const struct spool *spool, uint64_t at, size_t len, struct buf *out,
		  struct err *err)
{
	enum rc rc;

	if (at >= spool->before) {
		buf_put(out, spool->held.ptr + (at - spool->before), len);
		return RC_OK;
	}
	rc = spill_read(spool->file, at, buf_reserve(out, len), len, err);
	if (rc == RC_OK)
		out->len += len;
	return rc;
}

void spool_clear(struct spool *spool)
{
	buf_reset(&spool->held);
	if (spool->before > 0)
		spill_clear(spool->file);
	spool->before = 0;
}

void spool_release(struct spool *spool)
{
	buf_release(&spool->held);
}
