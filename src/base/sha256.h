// SPDX-License-Identifier: Apache-2.0
// SHA-256, for evidence, logs that are there twice, fingerprints of hits, and the
// policy of the HTML report.
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

// 64 lower-case hexadecimal digits and a NUL.
#define SHA256_TEXT_SIZE 65
// The same in base64, as a Content-Security-Policy has it, and a NUL.
#define SHA256_BASE64_SIZE 45

// A hash at work; owned by the caller.
struct sha256;

struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *hash);
// Hash on.
void sha256_put(struct sha256 *hash, const void *bytes, size_t len);
// What was put since the last call of this, or the beginning.
void sha256_text(struct sha256 *hash, char out[SHA256_TEXT_SIZE]);
void sha256_base64(struct sha256 *hash, char out[SHA256_BASE64_SIZE]);

#endif
