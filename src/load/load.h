// SPDX-License-Identifier: Apache-2.0
// Rules, allowlists and settings out of files.
//
// Nothing is printed. A path that cannot be read is a fault: an error (E_FILE)
// in the list `faults`, its `path` as the system calls it, without line; what
// is wrong inside a file goes to the diagnostics of the rule set or to `diags`.
// Texts of faults live in the arena of their list. What can be read is loaded,
// whatever cannot.
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "allow/allow.h"
#include "base/err.h"
#include "output/ledger.h"
#include "sigma/ruleset.h"

#define LOAD_PACK_FOLDER "t1596_001/" // of the embedded files

// The built-in rules, as "builtin:...".
void load_pack(struct ruleset *set);
// A file, or all *.yml and *.yaml below a folder. False with a fault when one
// cannot be read or none is there.
bool load_path(struct ruleset *set, const char *path, struct diag_list *faults);
// The same paths, sorted, in `arena`. No file in a folder is no fault here.
bool load_find(struct arena *arena, const char *path, struct str **files, size_t *count,
	       struct diag_list *faults);

// The log-source mapping: NULL is the built-in one. False with a fault, or with
// errors in the diagnostics of the set.
bool load_sources(struct ruleset *set, const char *path, const struct str *opt_in,
		  size_t opt_in_count, struct diag_list *faults);
bool load_placeholders(struct ruleset *set, const char *path, struct diag_list *faults);

// The allowlist of a file (allowlist_parse); NULL when the file cannot be read.
const struct allowlist *load_allowlist(struct arena *arena, const char *path,
				       struct diag_list *diags, struct err *err);
// The errors of an allowlist as refused entries of the account.
void load_note_refused(const struct diag_list *diags, struct ledger *ledger);

#endif
