// SPDX-License-Identifier: Apache-2.0
// Digits without printf.
#include "base/digits.h"

#include <string.h>

static const char hex[] = "0123456789abcdef";

size_t digits_u64(uint64_t value, char *out)
{
	char text[DIGITS_U64_SIZE];
	size_t at = sizeof(text);

	do
		text[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	memcpy(out, text + at, sizeof(text) - at);
	return sizeof(text) - at;
}

size_t digits_hex(uint64_t value, char *out)
{
	char text[DIGITS_HEX_SIZE];
	size_t at = sizeof(text);

	do
		text[--at] = hex[value & 15];
	while ((value >>= 4) != 0);
	memcpy(out, text + at, sizeof(text) - at);
	return sizeof(text) - at;
}

void digits_bytes(const unsigned char *bytes, size_t count, char *out)
{
	for (size_t i = 0; i < count; i++) {
		out[2 * i] = hex[bytes[i] >> 4];
		out[2 * i + 1] = hex[bytes[i] & 15];
	}
}
