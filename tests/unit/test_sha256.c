// SPDX-License-Identifier: Apache-2.0
// SHA-256 of files: the examples of FIPS 180-2, appendix B.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "input/sha256.h"

static void expect_hash(const char *chunk, size_t times, const char *expected)
{
	char path[] = "/tmp/evtxscan-test-XXXXXX";
	int fd = mkstemp(path);
	char hash[SHA256_TEXT_SIZE];
	struct err err;

	assert_true(fd >= 0);
	for (size_t i = 0; i < times; i++)
		assert_int_equal(write(fd, chunk, strlen(chunk)), strlen(chunk));
	close(fd);
	assert_int_equal(sha256_file(path, hash, &err), RC_OK);
	unlink(path);
	assert_string_equal(hash, expected);
}

static void known_texts_have_known_hashes(void **state)
{
	char block[1001];

	(void)state;
	memset(block, 'a', 1000);
	block[1000] = '\0';
	expect_hash("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_hash("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	// A million: more than one block of reading.
	expect_hash(block, 1000,
		    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void unreadable_files_say_why(void **state)
{
	char hash[SHA256_TEXT_SIZE];
	struct err err = {""};

	(void)state;
	assert_int_equal(sha256_file("/nonexistent/a", hash, &err), RC_FATAL);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(sha256_file("/", hash, &err), RC_FATAL);
	assert_non_null(strstr(err.text, "directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_known_hashes),
		cmocka_unit_test(unreadable_files_say_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
