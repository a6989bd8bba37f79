// SPDX-License-Identifier: Apache-2.0
// SHA-256 by nettle.
#include "base/sha256.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdlib.h>

#include "base/mem.h"

struct sha256 {
	struct sha256_ctx context;
};

struct sha256 *sha256_new(void)
{
	struct sha256 *hash = mem_alloc(sizeof(*hash));

	sha256_init(&hash->context);
	return hash;
}

void sha256_free(struct sha256 *hash)
{
	free(hash);
}

void sha256_put(struct sha256 *hash, const void *bytes, size_t len)
{
	sha256_update(&hash->context, len, bytes);
}

void sha256_text(struct sha256 *hash, char out[SHA256_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[SHA256_DIGEST_SIZE];

	sha256_digest(&hash->context, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[SHA256_TEXT_SIZE - 1] = '\0';
}

void sha256_base64(struct sha256 *hash, char out[SHA256_BASE64_SIZE])
{
	unsigned char digest[SHA256_DIGEST_SIZE];

	sha256_digest(&hash->context, sizeof(digest), digest);
	base64_encode_raw(out, sizeof(digest), digest);
	out[SHA256_BASE64_SIZE - 1] = '\0';
}
