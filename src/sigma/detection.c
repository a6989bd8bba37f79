// SPDX-License-Identifier: Apache-2.0
// Selections and conditions of a detection (sigma-engine.md 1.4).
#include <string.h>

#include "sigma/parse.h"

static struct expr *refuse(const struct value_context *ctx, const struct yaml_node *node,
			   const char *code, const char *message)
{
	diag_add(ctx->diags, DIAG_ERROR, code, yaml_place(ctx->path, node), "%s", message);
	return NULL;
}

static struct expr *item_expr(const struct value_context *ctx, struct item *item)
{
	struct expr *expr = arena_zalloc(ctx->arena, sizeof(*expr));

	expr->kind = EXPR_ITEM;
	expr->item = item;
	return expr;
}

// AND or OR over `count` parts; a single part stands for itself.
static struct expr *group(const struct value_context *ctx, enum expr_kind kind, struct expr **parts,
			  size_t count)
{
	struct expr *expr;

	if (count == 1)
		return parts[0];
	expr = arena_zalloc(ctx->arena, sizeof(*expr));
	expr->kind = kind;
	expr->kids = parts;
	expr->count = count;
	return expr;
}

static struct expr *parse_map(const struct value_context *ctx, const struct yaml_node *map)
{
	struct expr **parts = arena_array(ctx->arena, map->count, sizeof(struct expr *));
	bool ok = true;

	if (map->count == 0)
		return refuse(ctx, map, "E_DETECTION", "a selection cannot be empty");
	for (size_t i = 0; i < map->count; i++) {
		struct item *item = arena_zalloc(ctx->arena, sizeof(*item));

		// All items are looked at, so that one run names every error.
		ok &= item_parse(ctx, map->pairs[i].key, map->pairs[i].value, item);
		parts[i] = item_expr(ctx, item);
	}
	return ok ? group(ctx, EXPR_AND, parts, map->count) : NULL;
}

static struct expr *parse_keyword(const struct value_context *ctx, const struct yaml_node *node)
{
	struct item *item = arena_zalloc(ctx->arena, sizeof(*item));

	return item_parse_keyword(ctx, node, item) ? item_expr(ctx, item) : NULL;
}

static struct expr *parse_selection(const struct value_context *ctx, const struct yaml_node *node);

// Every element is an alternative, whatever it is; inner lists flatten.
static struct expr *parse_list(const struct value_context *ctx, const struct yaml_node *list)
{
	struct expr **parts = arena_array(ctx->arena, list->count, sizeof(struct expr *));
	bool ok = true;

	if (list->count == 0)
		return refuse(ctx, list, "E_DETECTION", "a selection cannot be empty");
	for (size_t i = 0; i < list->count; i++) {
		parts[i] = parse_selection(ctx, list->items[i]);
		ok &= parts[i] != NULL;
	}
	return ok ? group(ctx, EXPR_OR, parts, list->count) : NULL;
}

static struct expr *parse_selection(const struct value_context *ctx, const struct yaml_node *node)
{
	switch (node->kind) {
	case YAML_MAPPING:
		return parse_map(ctx, node);
	case YAML_SEQUENCE:
		return parse_list(ctx, node);
	default:
		return parse_keyword(ctx, node);
	}
}

static bool is_selection_key(struct str name, bool is_filter)
{
	return !str_eq(name, STR("condition")) && !str_eq(name, STR("timeframe")) &&
	       !(is_filter && str_eq(name, STR("rules")));
}

static bool parse_selections(const struct value_context *ctx, const struct yaml_node *map,
			     bool is_filter, struct detection *out)
{
	bool ok = true;

	out->selections = arena_array(ctx->arena, map->count, sizeof(*out->selections));
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		struct selection *selection = &out->selections[out->selection_count];

		if (key->kind != YAML_SCALAR)
			return refuse(ctx, key, "E_KEY_TYPE", "a selection name must be text"),
			       false;
		if (!is_selection_key(key->text, is_filter))
			continue;
		selection->name = key->text;
		selection->place = yaml_place(ctx->path, key);
		selection->body = parse_selection(ctx, map->pairs[i].value);
		ok &= selection->body != NULL;
		out->selection_count++;
	}
	if (out->selection_count == 0)
		return refuse(ctx, map, "E_DETECTION", "there is no selection"), false;
	return ok;
}

static bool parse_condition_node(const struct value_context *ctx, const struct yaml_node *node,
				 struct detection *out, bool *used)
{
	struct expr *expr;
	enum yaml_type type;

	if (node->kind != YAML_SCALAR)
		return refuse(ctx, node, "E_COND_TYPE", "a condition must be text"), false;
	type = yaml_resolve(node).type;
	if (type == YAML_NULL)
		return refuse(ctx, node, "E_COND_TYPE", "a condition must be text, not null"),
		       false;
	if (type == YAML_INT || type == YAML_FLOAT || type == YAML_BOOL)
		return refuse(ctx, node, "E_COND_TYPE", "a condition must be text"), false;
	expr = condition_parse(ctx, node, out, used);
	out->condition_places[out->condition_count] = yaml_place(ctx->path, node);
	out->conditions[out->condition_count++] = expr;
	return expr != NULL;
}

static bool parse_conditions(const struct value_context *ctx, const struct yaml_node *map,
			     bool is_filter, struct detection *out, bool *used)
{
	const struct yaml_node *node = yaml_get(map, "condition");
	bool ok = true;

	if (node == NULL)
		return refuse(ctx, map, is_filter ? "E_FILTER_COND" : "E_DETECTION",
			      "there is no condition"),
		       false;
	if (is_filter && node->kind != YAML_SCALAR)
		return refuse(ctx, node, "E_FILTER_COND", "a filter has exactly one condition"),
		       false;
	if (node->kind == YAML_MAPPING || (node->kind == YAML_SEQUENCE && node->count == 0))
		return refuse(ctx, node, "E_COND_TYPE", "a condition must be text"), false;
	out->conditions = arena_array(ctx->arena, node->count + 1, sizeof(*out->conditions));
	out->condition_places =
		arena_array(ctx->arena, node->count + 1, sizeof(*out->condition_places));
	if (node->kind == YAML_SCALAR)
		return parse_condition_node(ctx, node, out, used);
	for (size_t i = 0; i < node->count; i++)
		ok &= parse_condition_node(ctx, node->items[i], out, used);
	return ok;
}

bool detection_parse(const struct value_context *ctx, const struct yaml_node *map, bool is_filter,
		     struct detection *out)
{
	bool *used;
	bool ok;

	if (map->kind != YAML_MAPPING)
		return refuse(ctx, map, "E_DETECTION", "a detection must be a mapping"), false;
	ok = parse_selections(ctx, map, is_filter, out);
	used = arena_array(ctx->arena, out->selection_count, sizeof(*used));
	ok &= parse_conditions(ctx, map, is_filter, out, used);
	for (size_t i = 0; ok && i < out->selection_count; i++) {
		if (!used[i])
			diag_add(ctx->diags, DIAG_WARNING, "W_SELECTION_UNUSED",
				 out->selections[i].place,
				 "the condition never uses selection '%.*s'",
				 STR_ARG(out->selections[i].name));
	}
	return ok;
}
