// SPDX-License-Identifier: Apache-2.0
// Merging of documents, in the order of PySigma's collections.
#include "sigma/action.h"

#include <string.h>

#include "base/limits.h"

static struct yaml_pair *find_pair(struct yaml_node *map, const struct yaml_node *key)
{
	for (size_t i = 0; i < map->count && key->kind == YAML_SCALAR; i++) {
		if (map->pairs[i].key->kind == YAML_SCALAR &&
		    str_eq(map->pairs[i].key->text, key->text))
			return &map->pairs[i];
	}
	return NULL;
}

// `base` with what `over` says in addition or otherwise: maps merge, of
// everything else `over` wins. Both are mappings; neither is changed.
static struct yaml_node *merge(struct arena *arena, const struct yaml_node *base,
			       const struct yaml_node *over)
{
	struct yaml_node *out = arena_zalloc(arena, sizeof(*out));

	*out = *base;
	out->pairs = arena_array(arena, base->count + over->count, sizeof(*out->pairs));
	for (size_t i = 0; i < base->count; i++)
		out->pairs[i] = base->pairs[i];
	for (size_t i = 0; i < over->count; i++) {
		const struct yaml_pair *pair = &over->pairs[i];
		struct yaml_pair *old = find_pair(out, pair->key);

		if (old == NULL)
			out->pairs[out->count++] = *pair;
		else if (old->value->kind == YAML_MAPPING && pair->value->kind == YAML_MAPPING)
			old->value = merge(arena, old->value, pair->value);
		else
			*old = *pair;
	}
	return out;
}

static struct yaml_node *without_action(struct arena *arena, const struct yaml_node *doc)
{
	struct yaml_node *out = arena_zalloc(arena, sizeof(*out));

	*out = *doc;
	out->count = 0;
	out->pairs = arena_array(arena, doc->count, sizeof(*out->pairs));
	for (size_t i = 0; i < doc->count; i++) {
		const struct yaml_node *key = doc->pairs[i].key;

		if (key->kind != YAML_SCALAR || !str_eq(key->text, STR("action")))
			out->pairs[out->count++] = doc->pairs[i];
	}
	return out;
}

static size_t count_nodes(const struct yaml_node *node)
{
	size_t n = 1;

	for (size_t i = 0; i < node->count; i++)
		n += node->kind == YAML_SEQUENCE
			     ? count_nodes(node->items[i])
			     : count_nodes(node->pairs[i].key) + count_nodes(node->pairs[i].value);
	return n;
}

static const struct yaml_node *refuse(const struct value_context *ctx, const struct yaml_node *node,
				      const char *message, bool *refused)
{
	diag_add(ctx->diags, DIAG_ERROR, "E_ACTION", yaml_place(ctx->path, node), "%s", message);
	*refused = true;
	return NULL;
}

static const struct yaml_node *emit(struct collection *collection, const struct value_context *ctx,
				    struct yaml_node *made, const struct yaml_node *doc,
				    bool *refused)
{
	made->line = doc->line;
	made->col = doc->col;
	collection->nodes += count_nodes(made);
	if (collection->nodes > LIMIT_COLLECTION_NODES)
		return refuse(ctx, doc, "the 'action' documents of this file make too much of it",
			      refused);
	collection->previous = made;
	return made;
}

static const struct yaml_node *next_plain(struct collection *collection,
					  const struct value_context *ctx,
					  const struct yaml_node *doc, bool *refused)
{
	// Correlations and filters are never merged.
	if (yaml_get(doc, "correlation") != NULL || yaml_get(doc, "filter") != NULL)
		return doc;
	if (collection->template == NULL) {
		collection->previous = doc;
		return doc;
	}
	return emit(collection, ctx, merge(ctx->arena, doc, collection->template), doc, refused);
}

const struct yaml_node *collection_next(struct collection *collection,
					const struct value_context *ctx,
					const struct yaml_node *doc, bool *refused)
{
	const struct yaml_node *action = yaml_get(doc, "action");
	const struct yaml_node *rest;

	*refused = false;
	if (action == NULL)
		return next_plain(collection, ctx, doc, refused);
	rest = without_action(ctx->arena, doc);
	if (action->kind == YAML_SCALAR && str_eq(action->text, STR("global"))) {
		collection->template = rest;
		collection->previous = rest;
		return NULL;
	}
	if (action->kind == YAML_SCALAR && str_eq(action->text, STR("reset"))) {
		collection->template = NULL;
		return NULL;
	}
	if (action->kind != YAML_SCALAR || !str_eq(action->text, STR("repeat")))
		return refuse(ctx, action, "action is one of global, reset, repeat", refused);
	if (collection->previous == NULL)
		return refuse(ctx, action, "there is no rule before this one to repeat", refused);
	return emit(collection, ctx, merge(ctx->arena, collection->previous, rest), doc, refused);
}

static bool is_in_word(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

static bool is_key_before(struct str text, size_t at)
{
	if (at < text.len && (text.ptr[at] == '\'' || text.ptr[at] == '"'))
		at++;
	// "? action" may have its colon on a later line.
	while (at < text.len && strchr(" \t\r\n", text.ptr[at]) != NULL && text.ptr[at] != '\0')
		at++;
	return at < text.len && text.ptr[at] == ':';
}

bool collection_is_in(struct str text)
{
	const struct str key = STR("action");
	size_t from = 0;
	size_t at;

	while ((at = str_find(text, key, from)) != SIZE_MAX) {
		from = at + key.len;
		if ((at == 0 || !is_in_word(text.ptr[at - 1])) && is_key_before(text, from))
			return true;
	}
	return false;
}
