// SPDX-License-Identifier: Apache-2.0
// Regular expressions that take exponential time.
#include "check/internal.h"

// Behind the atom (a character, an escape, a class) at `at`; SIZE_MAX when
// something else stands there.
static size_t skip_atom(struct str re, size_t at)
{
	if (at >= re.len)
		return SIZE_MAX;
	switch (re.ptr[at]) {
	case '\\':
		return at + 1 < re.len ? at + 2 : SIZE_MAX;
	case '[':
		at += at + 1 < re.len && re.ptr[at + 1] == '^' ? 2 : 1;
		for (size_t first = at; at < re.len; at++) {
			if (re.ptr[at] == '\\')
				at++;
			else if (re.ptr[at] == ']' && at > first)
				return at + 1;
		}
		return SIZE_MAX;
	case '(':
	case ')':
	case '|':
	case '*':
	case '+':
	case '?':
	case '{':
	case '^':
	case '$':
		return SIZE_MAX;
	default:
		return at + 1;
	}
}

// Behind an unbounded repetition (`*`, `+`, lazy or not) at `at`; SIZE_MAX
// without one. A possessive one never goes back.
static size_t skip_unbounded(struct str re, size_t at)
{
	if (at >= re.len || (re.ptr[at] != '*' && re.ptr[at] != '+'))
		return SIZE_MAX;
	at++;
	if (at < re.len && re.ptr[at] == '+')
		return SIZE_MAX;
	return at < re.len && re.ptr[at] == '?' ? at + 1 : at;
}

// Behind `(X+)+` with X an atom, at `at`.
static size_t skip_nested(struct str re, size_t at)
{
	at++;
	if (at + 1 < re.len && re.ptr[at] == '?' && re.ptr[at + 1] == ':')
		at += 2;
	at = skip_atom(re, at);
	at = at != SIZE_MAX ? skip_unbounded(re, at) : at;
	if (at == SIZE_MAX || at >= re.len || re.ptr[at] != ')')
		return SIZE_MAX;
	return skip_unbounded(re, at + 1);
}

// Only behind something that may fail the group is tried in all its ways.
static bool may_fail(struct str re, size_t at)
{
	size_t next = skip_atom(re, at);

	if (at < re.len && re.ptr[at] == '$')
		return true;
	return next != SIZE_MAX && (next == re.len || (re.ptr[next] != '*' && re.ptr[next] != '?' &&
						       re.ptr[next] != '{' && re.ptr[next] != '|'));
}

size_t regex_nested_repetition(struct str pattern)
{
	for (size_t at = 0; at < pattern.len;) {
		size_t next = pattern.ptr[at] == '\\' || pattern.ptr[at] == '['
				      ? skip_atom(pattern, at)
				      : at + 1;

		if (pattern.ptr[at] == '(') {
			size_t behind = skip_nested(pattern, at);

			if (behind != SIZE_MAX && may_fail(pattern, behind))
				return at;
		}
		if (next == SIZE_MAX)
			return SIZE_MAX;
		at = next;
	}
	return SIZE_MAX;
}
