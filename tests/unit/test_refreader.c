// SPDX-License-Identifier: Apache-2.0
// Opening files with libevtx; what it reads is tested with the samples.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "refreader/refreader.h"

static void expect_refused(const char *content, size_t len)
{
	char path[] = "/tmp/evtxscan-test-XXXXXX";
	int fd = mkstemp(path);
	struct refreader *reader = NULL;
	struct err err = {""};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, len), len);
	close(fd);
	assert_int_equal(refreader_open(path, &reader, &err), RC_FATAL);
	unlink(path);
	assert_null(reader);
	// One line that names libevtx and a reason.
	assert_non_null(strstr(err.text, "libevtx cannot open the file: "));
	assert_null(strchr(err.text, '\n'));
}

static void files_that_are_no_logs_are_refused(void **state)
{
	(void)state;
	expect_refused("", 0);
	expect_refused("ElfFile", 8);
	expect_refused("something else that is long enough for a signature", 50);
}

static void a_missing_file_is_refused(void **state)
{
	struct refreader *reader = NULL;
	struct err err = {""};

	(void)state;
	assert_int_equal(refreader_open("/nonexistent/a.evtx", &reader, &err), RC_FATAL);
	assert_true(strlen(err.text) > strlen("libevtx cannot open the file: "));
}

static void the_library_has_a_version(void **state)
{
	(void)state;
	assert_int_equal(strlen(refreader_library_version()), strlen("20181227"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_that_are_no_logs_are_refused),
		cmocka_unit_test(a_missing_file_is_refused),
		cmocka_unit_test(the_library_has_a_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
