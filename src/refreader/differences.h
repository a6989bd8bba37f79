// SPDX-License-Identifier: Apache-2.0
// Where libevtx 20181227 prints a value unlike Windows does.
//
// One table names each known difference (evtx-format.md 3 and 7, measured on
// synthetic logs). Those that the text alone shows are undone while reading;
// the others cannot be told from the text (a size printed in decimal looks
// like any number), so only a comparison with the typed value can explain
// them. A difference that no entry explains is a finding.
#ifndef REFREADER_DIFFERENCES_H
#define REFREADER_DIFFERENCES_H

#include "base/arena.h"
#include "event/value.h"

struct difference {
	const char *name;  // short, for reports: "hex-padding"
	const char *about; // one line: libevtx's form and Windows'
	// Undo it by shape: fills `text` and `type` when `raw` has the form.
	// NULL when the text does not show it.
	bool (*undo)(struct str raw, struct arena *arena, struct str *text, enum value_type *type);
	// Does it explain `ref` (the text of the libevtx reader) for this native
	// value? NULL when `undo` is all there is.
	bool (*explains)(const struct value *native, struct str text, struct str ref);
};

// A record that libevtx cannot read although it is sound.
struct known_failure {
	const char *name;
	const char *about;
	const char *reason; // what libevtx's reason, or ours about its XML, holds
};

// The reason to ask about where libevtx lists no further record of a chunk but
// reads this one when it is asked for it alone.
#define DIFFERENCE_WALK_END "the walk ended before it"

extern const struct known_failure known_failures[];
extern const size_t known_failures_count;

// The entry that explains why the libevtx reader failed; NULL when none does.
const struct known_failure *difference_explain_failure(struct str reason);

extern const struct difference differences[];
extern const size_t differences_count;

// The text as Windows shows it, with the type that its form gives away;
// VALUE_STRING when it could be anything. Inferred: a string that happens to
// have such a form is taken for it.
struct value difference_undo(struct str raw, struct arena *arena);

// The entry that explains why the readers' texts of one field differ: the
// native value and its text, and the text of the libevtx reader. NULL when
// nothing known does. Equal texts are not asked about.
const struct difference *difference_explain(const struct value *native, struct str text,
					    struct str ref, struct arena *arena);

#endif
