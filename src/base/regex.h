// SPDX-License-Identifier: Apache-2.0
// Regular expressions: PCRE2 with JIT and match limits behind one file.
//
// Sigma's dialect (sigma-engine.md 2.2): unanchored search, code points, ASCII
// \d \w \s \b, `$` before one final line feed, `.` excludes LF only. Text that
// is not valid UTF-8 (lone surrogates) is searched around the bad places.
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/err.h"
#include "base/str.h"

enum regex_flags {
	REGEX_CASELESS = 1 << 0,
	REGEX_MULTILINE = 1 << 1,
	REGEX_DOTALL = 1 << 2,
};

// A compiled pattern: read-only, shared by threads.
struct regex;
// What matching needs to write to: one per thread.
struct regex_scratch;

// RC_FAILED with PCRE2's message when the pattern does not compile; then
// `*error_offset` (may be NULL) is the place in the pattern.
MUST_USE enum rc regex_compile(struct str pattern, unsigned flags, struct regex **out,
			       size_t *error_offset, struct err *err);
void regex_free(struct regex *regex);

struct regex_scratch *regex_scratch_new(void);
void regex_scratch_free(struct regex_scratch *scratch);

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };
// REGEX_LIMIT: gave up at LIMIT_REGEX_MATCH or _DEPTH; the caller reports it.
enum regex_result regex_search(const struct regex *regex, struct regex_scratch *scratch,
			       struct str text);

#endif
