// SPDX-License-Identifier: Apache-2.0
// Words with wildcards that a user gives to choose by: channels, tags, ...
//
// '*' stands for any text, '?' for one character; the case of letters is ignored
// (text.h, folding). Nothing is escaped: the names these are for hold no '*'.
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/arena.h"
#include "base/str.h"

// A zeroed struct is an empty list; items live in the arena of globs_add.
struct globs {
	struct str *items; // folded
	size_t count, cap;
};

// Does the whole of `text` fit? Compared as they are: fold both to ignore case.
bool glob_fits(struct str pattern, struct str text);

// Add words that are separated by commas; blanks around them and empty ones do
// not count. False when there is none.
bool globs_add(struct globs *globs, struct arena *arena, struct str words);
// Does any of them fit `text`, which is not folded?
bool globs_fit(const struct globs *globs, struct arena *scratch, struct str text);

// What is wanted and what is not: `only` empty = all.
struct choice {
	struct globs only, except;
};

bool choice_is_all(const struct choice *choice);
bool choice_takes(const struct choice *choice, struct arena *scratch, struct str text);

#endif
