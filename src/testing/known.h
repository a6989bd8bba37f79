// SPDX-License-Identifier: Apache-2.0
// SigmaHQ's table of known false positives, for runs over benign logs.
//
// Lines "RuleId;RuleName;MatchString" under a header; the match string is a
// regular expression, case-sensitive, to be found in the record. SigmaHQ looks
// for it in the line of JSON that its checker prints, in which a text of
// "Name: value" pairs stands; here in that text and in the record's JSON.
#ifndef TESTING_KNOWN_H
#define TESTING_KNOWN_H

#include "base/diag.h"
#include "base/regex.h"
#include "testing/records.h"

struct known_entry {
	struct str rule_id;
	struct regex *pattern;
};

// A zeroed struct is an empty table; ids live in the arena it was parsed into.
struct known_table {
	struct known_entry *entries;
	size_t count, cap;
	struct regex_scratch *scratch;
};

// False after diagnostics (E_TABLE).
bool known_parse(struct arena *arena, struct str path, struct str text, struct known_table *out,
		 struct diag_list *diags);
void known_release(struct known_table *table);

// Does an entry name this hit?
bool known_covers(const struct known_table *table, const struct tally_hit *hit,
		  const struct record_text *record);

#endif
