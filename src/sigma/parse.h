// SPDX-License-Identifier: Apache-2.0
// Parts of a rule document -> checked structures. Used by load.c only.
#ifndef SIGMA_PARSE_H
#define SIGMA_PARSE_H

#include "sigma/pattern.h"

// `detection:` (or `filter:`, whose `rules` key is skipped): selections and
// conditions. False when refused; the reasons are in ctx->diags.
bool detection_parse(const struct value_context *ctx, const struct yaml_node *map, bool is_filter,
		     struct detection *out);

// One condition over the detection's selections (sigma-engine.md 3.1). `used`
// has a flag per selection that is set when the condition can reach it. NULL
// when refused.
struct expr *condition_parse(const struct value_context *ctx, const struct yaml_node *node,
			     const struct detection *detection, bool *used);

// The string condition of a temporal correlation (4.6): names become leaves
// EXPR_SELECTION with the index that `resolve` gives them (SIZE_MAX = unknown).
struct expr *condition_parse_names(const struct value_context *ctx, const struct yaml_node *node,
				   size_t (*resolve)(void *user, struct str name), void *user);

// `correlation:` of a document (4.1).
struct correlation *correlation_parse(const struct value_context *ctx,
				      const struct yaml_node *document);
// `filter:` of a document (5.1).
struct filter *filter_parse(const struct value_context *ctx, const struct yaml_node *map);

// A reference to a rule: a UUID in any form is normalised (lower case, hyphens).
struct rule_ref rule_ref_parse(const struct value_context *ctx, const struct yaml_node *node);
// Normalise a UUID; false when `text` is none.
bool uuid_normalise(struct arena *arena, struct str text, struct str *out);

// Scalars of a list node as texts; a scalar counts as a list of one. False (and
// an error with `code`) when it holds anything else.
bool text_list_parse(const struct value_context *ctx, const struct yaml_node *node,
		     enum diag_severity severity, const char *code, struct str **out,
		     size_t *count);

#endif
