// SPDX-License-Identifier: Apache-2.0
// Wildcards without memory: on a mismatch only the last '*' takes one more.
#include "base/glob.h"

#include <string.h>

#include "base/text.h"

bool glob_fits(struct str pattern, struct str text)
{
	size_t p = 0;
	size_t t = 0;
	size_t star = SIZE_MAX; // behind the last '*'
	size_t resume = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = ++p;
			resume = t;
		} else if (p < pattern.len && pattern.ptr[p] == '?') {
			p++;
			utf8_next(text, &t);
		} else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star;
			utf8_next(text, &resume);
			t = resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

bool globs_add(struct globs *globs, struct arena *arena, struct str words)
{
	size_t before = globs->count;
	struct str word;

	while (str_split(&words, ',', &word)) {
		word = str_trim(word);
		if (word.len == 0)
			continue;
		if (globs->count == globs->cap) {
			size_t cap = globs->cap != 0 ? 2 * globs->cap : 4;
			struct str *grown = arena_array(arena, cap, sizeof(*grown));

			if (globs->count != 0)
				memcpy(grown, globs->items, globs->count * sizeof(*grown));
			globs->items = grown;
			globs->cap = cap;
		}
		globs->items[globs->count++] = arena_str(arena, text_fold(arena, word));
	}
	return globs->count > before;
}

bool globs_fit(const struct globs *globs, struct arena *scratch, struct str text)
{
	struct str folded;

	if (globs->count == 0)
		return false;
	folded = text_fold(scratch, text);
	for (size_t i = 0; i < globs->count; i++) {
		if (glob_fits(globs->items[i], folded))
			return true;
	}
	return false;
}

bool choice_is_all(const struct choice *choice)
{
	return choice->only.count == 0 && choice->except.count == 0;
}

bool choice_takes(const struct choice *choice, struct arena *scratch, struct str text)
{
	return (choice->only.count == 0 || globs_fit(&choice->only, scratch, text)) &&
	       !globs_fit(&choice->except, scratch, text);
}
