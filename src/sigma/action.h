// SPDX-License-Identifier: Apache-2.0
// Legacy collections: documents with `action` (sigma-engine.md 1.2).
#ifndef SIGMA_ACTION_H
#define SIGMA_ACTION_H

#include "sigma/pattern.h"

// Between the documents of one file. Zero-initialise.
struct collection {
	const struct yaml_node *template; // of `action: global`; NULL = none
	const struct yaml_node *previous; // what `action: repeat` repeats
	size_t nodes;			  // of all rules made so far
};

// The rule document that `doc` (a mapping) stands for: merged with the template,
// or the document before it repeated with changes. NULL when it is no rule
// (global, reset) or refused; `refused` says which, and the reason is in
// ctx->diags. Nodes are shared with the documents, new ones are in ctx->arena.
const struct yaml_node *collection_next(struct collection *collection,
					const struct value_context *ctx,
					const struct yaml_node *doc, bool *refused);

// May a document of this file have an `action`? Asked of the text, because of a document
// that is refused there is nothing else: true where it says so in another place, too.
bool collection_is_in(struct str text);

#endif
