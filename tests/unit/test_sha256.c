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

#include "base/sha256.h"

static void expect_hash(struct sha256 *hash, const char *chunk, size_t times, const char *expected)
{
	char text[SHA256_TEXT_SIZE];

	for (size_t i = 0; i < times; i++)
		sha256_put(hash, chunk, strlen(chunk));
	sha256_text(hash, text);
	assert_string_equal(text, expected);
}

// The same hash for one text after the other: each begins anew.
static void known_texts_have_known_hashes(void **state)
{
	struct sha256 *hash = sha256_new();
	char block[1001];

	(void)state;
	memset(block, 'a', 1000);
	block[1000] = '\0';
	expect_hash(hash, "", 0,
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_hash(hash, "abc", 1,
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_hash(hash, block, 1000,
		    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	sha256_free(hash);
}

// The digest of "abc" as `openssl dgst -binary | base64` prints it.
static void base64_is_padded(void **state)
{
	struct sha256 *hash = sha256_new();
	char text[SHA256_BASE64_SIZE];

	(void)state;
	sha256_put(hash, "abc", 3);
	sha256_base64(hash, text);
	assert_string_equal(text, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	sha256_free(hash);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_known_hashes),
		cmocka_unit_test(base64_is_padded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
