// SPDX-License-Identifier: Apache-2.0
// A strict validator of JSON (RFC 8259) for tests: grammar, UTF-8, no repeated
// key in an object. Written apart from the writer under test.
#ifndef UNIT_JSON_CHECK_H
#define UNIT_JSON_CHECK_H

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define JSON_CHECK_KEYS 640
#define JSON_CHECK_DEPTH 32

static inline bool json_check_value(struct str s, size_t *at, unsigned depth);

static inline void json_check_blanks(struct str s, size_t *at)
{
	while (*at < s.len && s.ptr[*at] != '\0' && strchr(" \t\r\n", s.ptr[*at]) != NULL)
		++*at;
}

static inline bool json_check_char(struct str s, size_t *at, char c)
{
	json_check_blanks(s, at);
	if (*at >= s.len || s.ptr[*at] != c)
		return false;
	++*at;
	return true;
}

static inline bool json_check_escape(struct str s, size_t *at)
{
	char c = *at < s.len ? s.ptr[(*at)++] : '\0';

	if (c == 'u') {
		for (int i = 0; i < 4; i++, ++*at) {
			if (*at >= s.len || ascii_hex(s.ptr[*at]) < 0)
				return false;
		}
		return true;
	}
	return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
}

static inline bool json_check_string(struct str s, size_t *at)
{
	if (!json_check_char(s, at, '"'))
		return false;
	while (*at < s.len) {
		unsigned char c = (unsigned char)s.ptr[(*at)++];

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !json_check_escape(s, at)))
			return false;
	}
	return false;
}

static inline bool json_check_digits(struct str s, size_t *at)
{
	size_t start = *at;

	while (*at < s.len && ascii_is_digit(s.ptr[*at]))
		++*at;
	return *at != start;
}

static inline bool json_check_number(struct str s, size_t *at)
{
	if (*at < s.len && s.ptr[*at] == '-')
		++*at;
	if (*at < s.len && s.ptr[*at] == '0')
		++*at;
	else if (!json_check_digits(s, at))
		return false;
	if (*at < s.len && s.ptr[*at] == '.') {
		++*at;
		if (!json_check_digits(s, at))
			return false;
	}
	if (*at < s.len && (s.ptr[*at] == 'e' || s.ptr[*at] == 'E')) {
		++*at;
		if (*at < s.len && (s.ptr[*at] == '-' || s.ptr[*at] == '+'))
			++*at;
		return json_check_digits(s, at);
	}
	return true;
}

static inline bool json_check_object(struct str s, size_t *at, unsigned depth)
{
	struct str keys[JSON_CHECK_KEYS];
	size_t count = 0;

	if (json_check_char(s, at, '}'))
		return true;
	do {
		size_t start;

		json_check_blanks(s, at);
		start = *at;
		if (!json_check_string(s, at) || count == JSON_CHECK_KEYS)
			return false;
		keys[count] = str_sub(s, start, *at - start);
		for (size_t i = 0; i < count; i++) {
			if (str_eq(keys[i], keys[count]))
				return false;
		}
		count++;
		if (!json_check_char(s, at, ':') || !json_check_value(s, at, depth + 1))
			return false;
	} while (json_check_char(s, at, ','));
	return json_check_char(s, at, '}');
}

static inline bool json_check_array(struct str s, size_t *at, unsigned depth)
{
	if (json_check_char(s, at, ']'))
		return true;
	do {
		if (!json_check_value(s, at, depth + 1))
			return false;
	} while (json_check_char(s, at, ','));
	return json_check_char(s, at, ']');
}

static inline bool json_check_value(struct str s, size_t *at, unsigned depth)
{
	static const char *const words[] = {"true", "false", "null"};

	json_check_blanks(s, at);
	if (depth > JSON_CHECK_DEPTH || *at >= s.len)
		return false;
	if (json_check_char(s, at, '{'))
		return json_check_object(s, at, depth);
	if (json_check_char(s, at, '['))
		return json_check_array(s, at, depth);
	if (s.ptr[*at] == '"')
		return json_check_string(s, at);
	for (size_t i = 0; i < 3; i++) {
		struct str word = str_from(words[i]);

		if (str_starts(str_sub(s, *at, s.len - *at), word)) {
			*at += word.len;
			return true;
		}
	}
	return json_check_number(s, at);
}

// True when `s` is one JSON value and nothing else.
static inline bool json_is_valid(struct str s)
{
	size_t at = 0;

	if (!utf8_is_valid(s) || !json_check_value(s, &at, 0))
		return false;
	json_check_blanks(s, &at);
	return at == s.len;
}

#endif
