// SPDX-License-Identifier: Apache-2.0
// Inside allow: what the two halves of the parser share.
#ifndef ALLOW_ALLOW_PARSE_H
#define ALLOW_ALLOW_PARSE_H

#include "allow/allow_index.h"
#include "base/map.h"
#include "base/zone.h"
#include "yaml/yaml.h"

// What the rules for one section are.
struct allow_section {
	unsigned keys;	   // bits of enum allow_key it knows
	unsigned required; // those that each entry must have
	// The widest network it takes: fewer bits than this would blind a rule.
	unsigned v4_bits, v6_bits;
	bool zone_is_tree; // a zone stands for the names below it too
};

struct allow_parser {
	struct arena *arena;
	struct diag_list *diags;
	struct str path;
	struct map names; // of the entries so far, refused ones too
	struct allow_entry *entries;
	size_t entry_count, entry_cap;
	struct allow_index index; // values of the entries so far
	size_t net_cap, text_cap;
};

// Add an error at `node`; `hint` may be NULL.
void allow_refuse(struct allow_parser *p, const struct yaml_node *node, const char *code,
		  const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

// The text of a scalar that is neither null nor blank, trimmed; else it is
// refused. `key` is what it stands under.
bool allow_scalar(struct allow_parser *p, const struct yaml_node *node, const char *key,
		  struct str *text);

// Check one value and put it into the index for the entry that comes next.
// Refuses what is malformed or too broad.
void allow_add_address(struct allow_parser *p, const struct allow_section *section,
		       const struct yaml_node *node, struct str text);
void allow_add_zone(struct allow_parser *p, const struct allow_section *section,
		    const struct yaml_node *node, struct str text);
void allow_add_account(struct allow_parser *p, const struct yaml_node *node, struct str text);
void allow_add_computer(struct allow_parser *p, const struct yaml_node *node, struct str text);
void allow_add_parent(struct allow_parser *p, const struct yaml_node *node, struct str text);

// A point in time, in UTC where it names no offset. A day alone is its first tick, or
// its last (ZONE_LATEST), where the offset has this day.
bool allow_time(struct allow_parser *p, const struct yaml_node *node, const char *key,
		enum zone_side side, uint64_t *ticks);

#endif
