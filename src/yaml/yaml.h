// SPDX-License-Identifier: Apache-2.0
// YAML text -> nodes that know their line and column.
//
// Reading is libyaml's; what plain scalars mean follows PyYAML (YAML 1.1),
// because that is what rule authors test with (sigma-engine.md 1.1). Aliases
// are resolved to the same node (no copy), within limits.h.
#ifndef YAML_YAML_H
#define YAML_YAML_H

#include "base/arena.h"
#include "base/diag.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line, col;	  // from 1, of the first character
	bool quoted;		  // scalar written with quotes, as a block, or tagged as text
	struct str text;	  // scalar; UTF-8, may hold NUL
	size_t count;		  // items of a sequence, pairs of a mapping
	struct yaml_node **items; // sequence
	struct yaml_pair *pairs;  // mapping, in order of the file
};

struct yaml_pair {
	struct yaml_node *key;
	struct yaml_node *value;
};

// One file: its documents, empty ones left out.
struct yaml_file {
	struct str path;
	struct yaml_node **documents;
	size_t count;
	size_t refused; // documents with an error, which are left out, too
	size_t intact;	// documents before the first of these, all when there is none
};

// Parse `text`. Nodes live in `arena`, scalar text is copied there. What is wrong
// is added to `diags` with its place: E_YAML, or E_YAML_DUPKEY for duplicate keys
// of a mapping. It costs its document only, which is left out, but a syntax error
// the documents behind it too, and its message says so. False when any error was
// added.
bool yaml_parse(struct arena *arena, struct str path, struct str text, struct yaml_file *out,
		struct diag_list *diags);

// The same with nodes and scalar text in arenas of their own: who keeps only
// texts can let the nodes go.
bool yaml_parse_into(struct arena *nodes, struct arena *texts, struct str path, struct str text,
		     struct yaml_file *out, struct diag_list *diags);

// The place of a node in `path`.
struct place yaml_place(struct str path, const struct yaml_node *node);

// What a scalar is under YAML 1.1. Quoted scalars are always strings.
// An integer that does not fit 64 bits is YAML_FLOAT.
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT, YAML_DATE };

struct yaml_value {
	enum yaml_type type;
	bool boolean;
	bool negative;	    // YAML_INT: the value is -magnitude
	uint64_t magnitude; // YAML_INT
	double number;	    // YAML_INT and YAML_FLOAT (may be inf or nan)
	bool sexagesimal;   // written like 12:30, almost certainly a mistake
};
struct yaml_value yaml_resolve(const struct yaml_node *scalar);

// True for a mapping or sequence without entries, a null scalar, or NULL.
bool yaml_is_null(const struct yaml_node *node);
// The value under `key` in a mapping; NULL when absent or not a mapping.
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);
// Its text, the empty slice when absent or not a scalar.
struct str yaml_get_text(const struct yaml_node *map, const char *key);
// Name of a kind for messages: "a mapping", "a list", "a scalar".
const char *yaml_kind_name(const struct yaml_node *node);

#endif
