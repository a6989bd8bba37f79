// SPDX-License-Identifier: Apache-2.0
// Positions in files and in streams that archives are.
#include "input/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "input/unpack.h"

#define BLOCK (256u << 10)

struct input_reader {
	const struct input_list *list;
	size_t file; // that is open; of an archive: the one to which it is open
	int fd;	     // -1: none, or in an archive
	struct unpack *unpack;
	uint64_t member; // of the archive: number of the current file
	uint64_t at;	 // read so far of it
};

struct input_reader *input_reader_new(const struct input_list *list)
{
	struct input_reader *reader = mem_zalloc(sizeof(*reader));

	reader->list = list;
	reader->fd = -1;
	return reader;
}

void input_reader_close(struct input_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = -1;
	unpack_close(reader->unpack);
	reader->unpack = NULL;
}

void input_reader_free(struct input_reader *reader)
{
	if (reader == NULL)
		return;
	input_reader_close(reader);
	free(reader);
}

// ---- files of their own -------------------------------------------------

static enum rc read_file(struct input_reader *reader, size_t file, uint64_t at, void *out,
			 size_t len, size_t *got, struct err *err)
{
	*got = 0;
	if (reader->fd < 0 || reader->file != file) {
		input_reader_close(reader);
		reader->fd = open(reader->list->files[file].open_path, O_RDONLY | O_CLOEXEC);
		reader->file = file;
	}
	while (reader->fd >= 0 && *got < len) {
		ssize_t more =
			pread(reader->fd, (char *)out + *got, len - *got, (off_t)(at + *got));

		if (more < 0 && errno == EINTR)
			continue;
		if (more == 0)
			return RC_OK;
		if (more < 0)
			break;
		*got += (size_t)more;
	}
	if (reader->fd >= 0 && *got == len)
		return RC_OK;
	err_set(err, "%s", strerror(errno));
	return RC_FAILED;
}

// ---- archives -----------------------------------------------------------

// Is the open archive at the file, or before it, so that reading on gets there?
static bool is_ahead(const struct input_reader *reader, const struct input_file *file, uint64_t at)
{
	if (reader->unpack == NULL ||
	    reader->list->files[reader->file].open_path != file->open_path)
		return false;
	return file->member > reader->member ||
	       (file->member == reader->member && at >= reader->at);
}

static enum rc go_to_member(struct input_reader *reader, const struct input_file *file,
			    struct err *err)
{
	while (reader->member != file->member) {
		struct unpack_file found = {.index = 0};
		enum rc rc = unpack_next(reader->unpack, &found, err);

		if (rc == RC_END || found.index > file->member)
			err_set(err, "the archive has changed: the file is not there any more");
		if (rc == RC_FATAL || rc == RC_END || found.index > file->member)
			return RC_FATAL;
		reader->member = found.index;
		reader->at = 0;
		if (rc == RC_FAILED && found.index == file->member)
			return RC_FAILED;
	}
	return RC_OK;
}

static enum rc skip(struct input_reader *reader, uint64_t at, struct err *err)
{
	char *block = at > reader->at ? mem_alloc(BLOCK) : NULL;
	enum rc rc = RC_OK;
	size_t got = 1;

	while (rc == RC_OK && got > 0 && reader->at < at) {
		uint64_t left = at - reader->at;

		rc = unpack_read(reader->unpack, block, left < BLOCK ? (size_t)left : BLOCK, &got,
				 err);
		reader->at += got;
	}
	free(block);
	return rc;
}

static enum rc read_member(struct input_reader *reader, size_t index, uint64_t at, char *out,
			   size_t len, size_t *got, struct err *err)
{
	const struct input_list *list = reader->list;
	const struct input_file *file = &list->files[index];
	struct unpack_passwords passwords = {list->passwords, list->password_count, file->password};
	enum rc rc;

	if (!is_ahead(reader, file, at)) {
		input_reader_close(reader);
		reader->member = 0; // they count from 1
		if (unpack_open(file->open_path, &passwords, &reader->unpack, err) != RC_OK)
			return RC_FAILED;
	}
	reader->file = index;
	rc = go_to_member(reader, file, err);
	if (rc == RC_OK)
		rc = skip(reader, at, err);
	if (rc == RC_OK && reader->at == at) {
		rc = unpack_read(reader->unpack, out, len, got, err);
		reader->at += *got;
	}
	// Behind a failure only later files can be had without beginning again.
	if (rc == RC_FAILED)
		reader->at = UINT64_MAX;
	if (rc == RC_FATAL)
		input_reader_close(reader);
	return rc == RC_OK ? RC_OK : RC_FAILED;
}

// ---- both ---------------------------------------------------------------

enum rc input_read(struct input_reader *reader, size_t file, uint64_t at, void *out, size_t len,
		   size_t *got, struct err *err)
{
	*got = 0;
	if (reader->list->files[file].in_archive)
		return read_member(reader, file, at, out, len, got, err);
	return read_file(reader, file, at, out, len, got, err);
}

typedef enum rc read_fn(struct input_reader *reader, size_t file, uint64_t at, void *out,
			size_t len, size_t *got, struct err *err);

static enum rc hash_all(struct input_reader *reader, read_fn *fn, size_t file,
			struct progress *progress, char out[SHA256_TEXT_SIZE], uint64_t *size,
			struct err *err)
{
	struct sha256 *hash = sha256_new();
	char *block = mem_alloc(BLOCK);
	size_t got;
	enum rc rc;

	*size = 0;
	do {
		rc = fn(reader, file, *size, block, BLOCK, &got, err);
		sha256_put(hash, block, got);
		*size += got;
		if (rc == RC_OK && progress_stopped(progress))
			rc = RC_END;
	} while (rc == RC_OK && got == BLOCK);
	sha256_text(hash, out);
	sha256_free(hash);
	free(block);
	return rc;
}

enum rc input_hash(struct input_reader *reader, size_t file, char out[SHA256_TEXT_SIZE],
		   struct err *err)
{
	uint64_t size;

	return hash_all(reader, input_read, file, NULL, out, &size, err);
}

enum rc input_hash_archive(struct input_reader *reader, size_t file, struct progress *progress,
			   char out[SHA256_TEXT_SIZE], uint64_t *size, struct err *err)
{
	return hash_all(reader, read_file, file, progress, out, size, err);
}
