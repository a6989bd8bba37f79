// SPDX-License-Identifier: Apache-2.0
// Digits of numbers, for hot paths: printf costs a microsecond where this takes
// some nanoseconds.
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#define DIGITS_U64_SIZE 20
#define DIGITS_HEX_SIZE 16

// Decimal digits of `value` into `out`; returns how many (1 to 20). No NUL.
size_t digits_u64(uint64_t value, char *out);
// Lower-case hexadecimal digits without leading zeros (1 to 16).
size_t digits_hex(uint64_t value, char *out);
// Exactly two lower-case hexadecimal digits of each byte.
void digits_bytes(const unsigned char *bytes, size_t count, char *out);

#endif
