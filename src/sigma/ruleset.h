// SPDX-License-Identifier: Apache-2.0
// A rule set: files in, linked rules out.
//
// Add the log-source mapping, then files in any number, then link once. After
// ruleset_link everything is read-only and may be shared by threads.
#ifndef SIGMA_RULESET_H
#define SIGMA_RULESET_H

#include "sigma/logsource.h"
#include "sigma/pattern.h"
#include "sigma/rule_choice.h"

struct ruleset {
	struct arena arena;
	struct arena nodes; // YAML of the file at work
	struct diag_list diags;
	struct logsources sources;
	struct placeholders placeholders;
	struct regex_list regexes; // owned here, used by patterns
	struct rule **rules;	   // all kinds, in order of loading; refused ones are not here
	size_t count;
	size_t cap;
	size_t refused; // documents with an error, or behind one and not read
	size_t unused;	// rules that were not chosen
	struct map by_id;
	struct map by_name;
	// Why a detection rule runs on nothing, by rule index; empty = it runs.
	struct str *unplaced;
	size_t item_count;	// numbers of items in use
	size_t most_selections; // of one detection
};

struct ruleset *ruleset_new(void);
void ruleset_free(struct ruleset *set);

// Read the mapping. False when it has errors (in set->diags).
bool ruleset_set_sources(struct ruleset *set, struct str path, struct str text,
			 const struct str *opt_in, size_t opt_in_count);
// Read placeholder values: a YAML mapping name -> value or list of values.
bool ruleset_add_placeholders(struct ruleset *set, struct str path, struct str text);

// Parse all documents of one rule or filter file. `path` and `text` are copied.
void ruleset_add(struct ruleset *set, struct str path, struct str text);

// Resolve references, place rules on log sources, attach filters. A rule whose
// references fail is marked broken and counted as refused. Rules that `choice`
// (NULL = all) does not take are marked as unused, or, where a correlation that
// it takes refers to them, as hidden.
void ruleset_link(struct ruleset *set, const struct rule_choice *choice);

// The rule of that id (any UUID form) or name; NULL when unknown or ambiguous.
struct rule *ruleset_find(const struct ruleset *set, struct str id_or_name);

#endif
