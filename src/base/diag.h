// SPDX-License-Identifier: Apache-2.0
// Diagnostics about rules, filters, allowlists and other text files.
//
// A diagnostic names a place (path:line:col), a code (sigma-engine.md,
// appendix B), what is wrong and, where there is one, a hint. They are
// collected, not printed: the command line prints them.
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"

// A note is worth knowing and no fault; only `lint -v` prints notes.
enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

struct diag {
	enum diag_severity severity;
	const char *code;   // static text such as "E_COND_SYNTAX"
	struct str path;    // as the user gave it; embedded files as "builtin:..."
	unsigned line, col; // from 1; 0 when the whole file is meant
	struct str message;
	struct str hint; // may be empty
};

// Collects in order. `arena` owns the texts and must outlive the list.
struct diag_list {
	struct arena *arena;
	struct diag *items;
	size_t count;
	size_t cap;
	size_t errors; // how many of them are DIAG_ERROR
};

void diag_init(struct diag_list *list, struct arena *arena);
void diag_release(struct diag_list *list);

// A place in a text file.
struct place {
	struct str path;
	unsigned line, col;
};

// Append; the message is formatted into the list's arena. Returns the new
// entry, good until the next one is added, so that a hint can be set.
struct diag *diag_add(struct diag_list *list, enum diag_severity severity, const char *code,
		      struct place place, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
// Set the hint of a diagnostic.
void diag_hint(struct diag_list *list, struct diag *diag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
