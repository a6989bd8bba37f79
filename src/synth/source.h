// SPDX-License-Identifier: Apache-2.0
// What all parts of synth need to know about the description being read.
#ifndef SYNTH_SOURCE_H
#define SYNTH_SOURCE_H

#include "base/arena.h"
#include "base/diag.h"
#include "yaml/yaml.h"

struct source {
	struct str path;
	struct diag_list *diags;
	struct arena *arena;	  // the description's lifetime
	struct arena *copy_arena; // of one copy of an event
	// The copy at hand, for ${n} and ${item}.
	bool repeated;
	uint64_t copy;
	struct str item;
};

// Add an E_SYNTH error at `node`; returns false.
bool source_error(struct source *source, const struct yaml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
// Text of a scalar; in a repeated event ${n}, ${n1}, ${n000} and ${item} are
// replaced, other ${...} stay. Lives in the copy's arena or in the node.
struct str source_text(struct source *source, const struct yaml_node *scalar);
// True for a scalar that YAML reads as null: it removes what it stands for.
bool source_is_null(const struct yaml_node *node);
// Check that `node` is a mapping and has no keys but those of a list that ends
// with NULL. False after a diagnostic.
bool source_check_keys(struct source *source, const struct yaml_node *node,
		       const char *const *keys);

#endif
