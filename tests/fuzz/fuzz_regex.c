// SPDX-License-Identifier: Apache-2.0
// A byte of flags (enum regex_flags), a regular expression, a line "%%", a text.
//
// It is refused at a place inside of it, or searches in bounded time (a hang is a find)
// and always with the same result. Where it matches, the text holds the literal without
// which it cannot.
#include "base/regex.h"
#include "fuzz.h"
#include "match/inspect.h"

static void check_literal(const struct pattern *pattern, struct str text, struct arena *arena)
{
	struct str literal = inspect_regex_literal(pattern, arena);

	CHECK(str_find(text_fold(arena, text), literal, 0) != SIZE_MAX);
}

static void search(const struct pattern *pattern, struct str text, struct arena *arena)
{
	struct regex_scratch *scratch = regex_scratch_new();
	enum regex_result result = regex_search(pattern->regex.compiled, scratch, text);

	CHECK(regex_search(pattern->regex.compiled, scratch, text) == result);
	if (result == REGEX_YES)
		check_literal(pattern, text, arena);
	regex_scratch_free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str input = input_of(data, size);
	struct pattern pattern = {.kind = PATTERN_REGEX};
	size_t place = 0;
	struct err err = {""};

	pattern.regex.flags = take_byte(&input) & 7;
	pattern.written = pattern.regex.source = take_section(&input);
	if (regex_compile(pattern.regex.source, pattern.regex.flags, &pattern.regex.compiled,
			  &place, &err) == RC_OK) {
		search(&pattern, input, &arena);
		regex_free(pattern.regex.compiled);
	} else {
		CHECK(err.text[0] != '\0' && place <= pattern.regex.source.len);
	}
	arena_release(&arena);
	return 0;
}
