// SPDX-License-Identifier: Apache-2.0
// A slice of bytes: all text that comes from a log or a rule travels as one.
//
// A slice owns nothing. It may hold NUL bytes and is not NUL-terminated; the
// header of whoever hands one out says how long it stays good. `ptr` may be
// NULL only when `len` is 0.
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *ptr;
	size_t len;
};

// A slice of a string literal.
#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
// The same for static initialisers.
#define STR_INIT(lit)                                                                              \
	{                                                                                          \
		(lit), sizeof(lit) - 1                                                             \
	}
// For printf's "%.*s". Cuts at INT_MAX bytes.
#define STR_ARG(s)                                                                                 \
	((s).len > 0x7fffffff ? 0x7fffffff : (int)(s).len), ((s).ptr != NULL ? (s).ptr : "")

// A slice of a NUL-terminated string; NULL gives the empty slice.
struct str str_from(const char *text);
// The part of `s` from `start`, at most `len` bytes; out of range is cut off.
struct str str_sub(struct str s, size_t start, size_t len);

bool str_eq(struct str a, struct str b);
// Equality that ignores the case of ASCII letters only.
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends_nocase(struct str s, struct str suffix);
// Byte order, a shorter prefix first: <0, 0, >0 like memcmp.
int str_cmp(struct str a, struct str b);
// Position of `needle` in `s` at or after `from`; SIZE_MAX when absent.
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
// Without blanks, tabs and line ends on both sides.
struct str str_trim(struct str s);
// Cut off and return what stands before the next `sep`; `*rest` moves behind
// it. False when `*rest` was exhausted; an empty last part is returned.
bool str_split(struct str *rest, char sep, struct str *part);
// The value of `name`, case ignored, in "SHA1=..,MD5=.."; false without it.
bool str_assigned(struct str list, struct str name, struct str *value);

// ASCII helpers that do not depend on the locale.
char ascii_lower(char c);
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_alnum(char c);
bool ascii_is_space(char c);
// Value of a hexadecimal digit, -1 for anything else.
int ascii_hex(char c);

// The whole of `s` as a decimal number; false for sign, blanks, overflow.
bool str_to_u64(struct str s, uint64_t *out);
// The whole of `s` after "0x" as hexadecimal; false without the prefix.
bool str_hex_to_u64(struct str s, uint64_t *out);

#endif
