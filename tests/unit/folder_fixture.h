// SPDX-License-Identifier: Apache-2.0
// A new folder for each test, as working folder, and files in it.
#ifndef TESTS_FOLDER_FIXTURE_H
#define TESTS_FOLDER_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "input/input.h"

struct fixture {
	char root[64];
	char before[4096]; // working folder to return to
	struct input_list list;
};

static inline int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	*state = fixture;
	snprintf(fixture->root, sizeof(fixture->root), "/tmp/evtxscan-test-XXXXXX");
	if (getcwd(fixture->before, sizeof(fixture->before)) == NULL ||
	    mkdtemp(fixture->root) == NULL || chdir(fixture->root) != 0)
		return -1;
	input_init(&fixture->list);
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[256];

	input_release(&fixture->list);
	snprintf(command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", fixture->root,
		 fixture->root);
	if (chdir(fixture->before) != 0 || system(command) != 0)
		return -1;
	test_free(fixture);
	return 0;
}

static inline void make_file(const char *path, struct str content)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(content.ptr, 1, content.len, file), content.len);
	fclose(file);
}

static inline void find_one(struct fixture *fixture, const char *path)
{
	struct str paths[] = {str_from(path)};

	input_find(&fixture->list, paths, 1, -1);
}

// Paths in order, each with '!' when it has an error and '=' when it is a duplicate.
static inline void expect_list(struct fixture *fixture, const char *expected)
{
	struct buf got = {0};

	for (size_t i = 0; i < fixture->list.count; i++) {
		const struct input_file *file = &fixture->list.files[i];

		buf_printf(&got, "%.*s%s%s\n", STR_ARG(file->path),
			   file->error.len != 0 ? " !" : "",
			   file->duplicate_of.len != 0 ? " =" : "");
		// What is no log cannot be read.
		assert_true(file->is_evtx || file->is_image || file->error.len != 0);
	}
	assert_string_equal(got.ptr != NULL ? got.ptr : "", expected);
	buf_release(&got);
}

static inline void expect_error(struct fixture *fixture, size_t index, const char *part)
{
	struct str error = fixture->list.files[index].error;

	if (str_find(error, str_from(part), 0) == SIZE_MAX)
		fail_msg("'%.*s' does not say '%s'", STR_ARG(error), part);
}

#endif
