// SPDX-License-Identifier: Apache-2.0
// SHA-256 by nettle.
#include "input/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK (256u << 10)

static bool hash_all(int fd, struct sha256_ctx *hash)
{
	unsigned char *block = mem_alloc(BLOCK);
	ssize_t got;

	do {
		got = read(fd, block, BLOCK);
		if (got > 0)
			sha256_update(hash, (size_t)got, block);
	} while (got > 0 || (got < 0 && errno == EINTR));
	free(block);
	return got == 0;
}

enum rc sha256_file(const char *path, char out[SHA256_TEXT_SIZE], struct err *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx hash;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool done;

	sha256_init(&hash);
	done = fd >= 0 && hash_all(fd, &hash);
	if (!done)
		err_set(err, "cannot hash the file: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (!done)
		return RC_FATAL;
	sha256_digest(&hash, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[SHA256_TEXT_SIZE - 1] = '\0';
	return RC_OK;
}
