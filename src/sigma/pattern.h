// SPDX-License-Identifier: Apache-2.0
// Rule values: wildcards, escaping and the modifier chain.
#ifndef SIGMA_PATTERN_H
#define SIGMA_PATTERN_H

#include "sigma/rule.h"

// Values for %placeholders%, by name.
struct placeholders {
	struct placeholder *items;
	size_t count;
};

struct placeholder {
	struct str name;
	struct str *values;
	size_t count;
};

// Every regular expression that was compiled, also those of rules that were
// refused afterwards.
struct regex_list {
	struct regex **items;
	size_t count;
	size_t cap;
};

// What parsing of values needs besides the value.
struct value_context {
	struct arena *arena;
	struct str path;
	struct diag_list *diags;
	const struct placeholders *placeholders;
	struct regex_list *regexes;
};

// Parse wildcards and escapes of a Sigma string (1.5) into code points.
void pattern_parse_text(struct arena *arena, struct str written, struct pattern *out);

// Parse the key of an item ("field|mod|mod") and its value node (1.4, 2).
// False when the item is refused; the reason is in ctx->diags.
bool item_parse(const struct value_context *ctx, const struct yaml_node *key,
		const struct yaml_node *value, struct item *out);
// An unbound keyword value.
bool item_parse_keyword(const struct value_context *ctx, const struct yaml_node *value,
			struct item *out);

// ---- between pattern.c and modifiers.c ----

struct modifier_chain {
	const struct value_context *ctx;
	struct place place; // of the key
	struct str name;    // of the modifier at work
	bool has_field;
};

// Apply the modifiers `names` to the item whose patterns were parsed plainly.
bool modifiers_apply(const struct value_context *ctx, struct place place, const struct str *names,
		     size_t count, struct item *item);

// Encoders (encode.c): patterns of type text in place. False = refused.
bool encode_wide(struct modifier_chain *chain, struct pattern *p);
bool encode_utf16be(struct modifier_chain *chain, struct pattern *p);
bool encode_utf16(struct modifier_chain *chain, struct pattern *p);
bool encode_base64(struct modifier_chain *chain, struct pattern *p);
bool encode_base64offset(struct modifier_chain *chain, struct pattern *p);
// Replace every PAT_DASH by its five forms (an any_of); false beyond the limit.
bool encode_expand_dashes(struct modifier_chain *chain, struct pattern *p);

// Placeholders (expand.c).
bool expand_placeholders(struct modifier_chain *chain, struct pattern *p);

// Add an error about the item at work.
bool modifier_error(const struct modifier_chain *chain, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
