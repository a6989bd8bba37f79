// SPDX-License-Identifier: Apache-2.0
// An archive, read twice.
//
// Both times there are the same files with the same bytes. Numbers ascend, what the
// head shows is what is read, and what comes out stays within the budget of the
// archive. No descriptor stays open.
#include <dirent.h>

#include "base/limits.h"
#include "fuzz.h"
#include "input/unpack.h"

#define READ_MOST (4u << 20) // of an input: bombs are a matter of the budget

static size_t open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	CHECK(folder != NULL);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

struct reading {
	struct buf told;
	uint64_t bytes;
};

static void read_file(struct reading *reading, struct unpack *unpack,
		      const struct unpack_file *file)
{
	static char piece[65536];
	size_t at = 0, got = sizeof(piece);
	struct err err = {""};

	while (got == sizeof(piece) && reading->bytes < READ_MOST) {
		enum rc rc = unpack_read(unpack, piece, sizeof(piece), &got, &err);

		CHECK(got <= sizeof(piece));
		if (at == 0 && rc == RC_OK)
			CHECK(got >= file->head.len ||
			      (file->head.len > sizeof(piece) && got == sizeof(piece)));
		if (at == 0 && got >= file->head.len && file->head.len != 0)
			CHECK(memcmp(piece, file->head.ptr, file->head.len) == 0);
		buf_printf(&reading->told, "%zu bytes rc %d %s;", got, (int)rc, err.text);
		reading->bytes += got;
		at += got;
		if (rc != RC_OK) {
			CHECK(err.text[0] != '\0');
			return;
		}
	}
}

static struct reading read_archive(const char *path)
{
	struct reading reading = {0};
	struct unpack *unpack = NULL;
	struct unpack_file file;
	struct err err = {""};
	uint64_t index = 0;
	enum rc rc = unpack_open(path, &(struct unpack_passwords){0}, &unpack, &err);

	while (rc != RC_FATAL && reading.bytes < READ_MOST &&
	       (rc = unpack_next(unpack, &file, &err)) != RC_END && rc != RC_FATAL) {
		buf_printf(&reading.told, "\n%llu %.*s %d ", (unsigned long long)file.index,
			   STR_ARG(file.path), (int)rc);
		CHECK(reading.told.len == 0 || index == 0 || file.index > index);
		index = file.index;
		CHECK(file.path.len <= LIMIT_ARCHIVE_NAME * (LIMIT_ARCHIVE_DEPTH + 1));
		if (rc == RC_OK)
			read_file(&reading, unpack, &file);
	}
	CHECK(rc != RC_FATAL || err.text[0] != '\0');
	unpack_close(unpack);
	return reading;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct memory_file *file = memory_file(input_of(data, size));
	size_t open_before = open_descriptors();
	struct reading first = read_archive(file->path);
	struct reading second = read_archive(file->path);

	check_same(buf_str(&first.told), buf_str(&second.told), "an archive and itself");
	CHECK(first.bytes <= LIMIT_ARCHIVE_FREE + (uint64_t)size * LIMIT_ARCHIVE_RATIO);
	CHECK(open_descriptors() == open_before);
	buf_release(&first.told);
	buf_release(&second.told);
	return 0;
}
