// SPDX-License-Identifier: Apache-2.0
// Correlation and filter documents (sigma-engine.md 4.1 to 4.3, 4.6, 5.1).
#include <math.h>
#include <string.h>

#include "base/limits.h"
#include "base/tm.h"
#include "sigma/parse.h"

static bool refuse(const struct value_context *ctx, const struct yaml_node *node, const char *code,
		   const char *message, struct str word)
{
	diag_add(ctx->diags, DIAG_ERROR, code, yaml_place(ctx->path, node), "%s%s%.*s%s", message,
		 word.len > 0 ? " '" : "", STR_ARG(word), word.len > 0 ? "'" : "");
	return false;
}

static const struct str nothing = {NULL, 0};

static bool parse_refs(const struct value_context *ctx, const struct yaml_node *node,
		       const char *code, struct rule_ref **out, size_t *count)
{
	size_t n = node->kind == YAML_SEQUENCE ? node->count : 1;

	*out = arena_array(ctx->arena, n, sizeof(**out));
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *item = node->kind == YAML_SEQUENCE ? node->items[i] : node;

		if (item->kind != YAML_SCALAR || item->text.len == 0 ||
		    yaml_resolve(item).type == YAML_NULL)
			return refuse(ctx, item, code, "a reference is the id or name of a rule",
				      nothing);
		(*out)[(*count)++] = rule_ref_parse(ctx, item);
	}
	return true;
}

static bool parse_type(const struct value_context *ctx, const struct yaml_node *map,
		       struct correlation *out)
{
	static const char *const names[] = {
		[CORR_EVENT_COUNT] = "event_count",
		[CORR_VALUE_COUNT] = "value_count",
		[CORR_TEMPORAL] = "temporal",
		[CORR_TEMPORAL_ORDERED] = "temporal_ordered",
		[CORR_VALUE_SUM] = "value_sum",
		[CORR_VALUE_AVG] = "value_avg",
		[CORR_VALUE_PERCENTILE] = "value_percentile",
		[CORR_VALUE_MEDIAN] = "value_median",
	};
	const struct yaml_node *node = yaml_get(map, "type");

	if (node == NULL || node->kind != YAML_SCALAR)
		return refuse(ctx, node != NULL ? node : map, "E_CORR_TYPE",
			      "a correlation needs a type", nothing);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq_nocase(node->text, str_from(names[i]))) {
			out->type = (enum correlation_type)i;
			out->type_name = str_from(names[i]);
			return true;
		}
	}
	return refuse(ctx, node, "E_CORR_TYPE", "unknown correlation type", node->text);
}

static bool parse_timespan(const struct value_context *ctx, const struct yaml_node *map,
			   struct correlation *out)
{
	const struct yaml_node *node = yaml_get(map, "timespan");

	if (node != NULL && node->kind == YAML_SCALAR && tm_parse_span(node->text, &out->timespan))
		return true;
	refuse(ctx, node != NULL ? node : map, "E_TIMESPAN",
	       node != NULL ? "not a timespan:" : "a correlation needs a timespan",
	       node != NULL && node->kind == YAML_SCALAR ? node->text : nothing);
	diag_hint(ctx->diags, &ctx->diags->items[ctx->diags->count - 1],
		  "a positive number and a unit: s, m (minutes), h, d, w, M (months), y");
	return false;
}

static bool parse_aliases(const struct value_context *ctx, const struct yaml_node *node,
			  struct correlation *out)
{
	if (yaml_is_null(node))
		return true;
	if (node->kind != YAML_MAPPING)
		return refuse(ctx, node, "E_CORR_COND", "aliases must be a mapping", nothing);
	out->aliases = arena_array(ctx->arena, node->count, sizeof(*out->aliases));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *map = node->pairs[i].value;
		struct correlation_alias *alias = &out->aliases[out->alias_count++];

		if (map->kind != YAML_MAPPING)
			return refuse(ctx, map, "E_CORR_COND",
				      "an alias maps rules to their fields", nothing);
		alias->name = node->pairs[i].key->text;
		alias->rules = arena_array(ctx->arena, map->count, sizeof(*alias->rules));
		alias->fields = arena_array(ctx->arena, map->count, sizeof(*alias->fields));
		for (size_t k = 0; k < map->count; k++) {
			alias->rules[k] = rule_ref_parse(ctx, map->pairs[k].key);
			alias->fields[k] = map->pairs[k].value->text;
		}
		alias->count = map->count;
	}
	return true;
}

// ---- conditions ---------------------------------------------------------

static bool parse_threshold(const struct value_context *ctx, const struct yaml_node *node,
			    double *out)
{
	struct yaml_node plain;
	struct yaml_value value;

	if (node->kind != YAML_SCALAR)
		return refuse(ctx, node, "E_CORR_COND", "a threshold must be a number", nothing);
	plain = *node;
	plain.quoted = false; // numeric strings are accepted (4.3)
	value = yaml_resolve(&plain);
	if ((value.type != YAML_INT && value.type != YAML_FLOAT) || !isfinite(value.number))
		return refuse(ctx, node, "E_CORR_COND", "a threshold must be a number, not",
			      node->text);
	*out = value.number;
	return true;
}

static bool find_operator(struct str name, enum compare_op *out)
{
	static const struct {
		const char *name;
		enum compare_op op;
	} operators[] = {{"gt", COMPARE_GT},   {"gte", COMPARE_GTE}, {"lt", COMPARE_LT},
			 {"lte", COMPARE_LTE}, {"eq", COMPARE_EQ},   {"neq", COMPARE_NEQ}};

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (str_eq(name, str_from(operators[i].name))) {
			*out = operators[i].op;
			return true;
		}
	}
	return false;
}

static bool parse_condition_key(const struct value_context *ctx, const struct yaml_pair *pair,
				struct correlation *out)
{
	struct str key = pair->key->text;
	struct correlation_bound *bound = &out->bounds[out->bound_count];

	if (str_eq(key, STR("field")))
		return text_list_parse(ctx, pair->value, DIAG_ERROR, "E_CORR_FIELD", &out->fields,
				       &out->field_count);
	if (str_eq(key, STR("percentile"))) {
		out->has_percentile = true;
		if (!parse_threshold(ctx, pair->value, &out->percentile))
			return false;
		return (out->percentile >= 0 && out->percentile <= 100) ||
		       refuse(ctx, pair->value, "E_CORR_COND", "a percentile lies in 0 to 100",
			      nothing);
	}
	if (!find_operator(key, &bound->op))
		return refuse(ctx, pair->key, "E_CORR_COND", "unknown key in a condition:", key);
	out->bound_count++;
	return parse_threshold(ctx, pair->value, &bound->value);
}

static bool parse_condition_map(const struct value_context *ctx, const struct yaml_node *node,
				struct correlation *out)
{
	bool ok = true;

	out->bounds = arena_array(ctx->arena, node->count, sizeof(*out->bounds));
	for (size_t i = 0; i < node->count; i++)
		ok &= parse_condition_key(ctx, &node->pairs[i], out);
	if (ok && out->bound_count == 0)
		return refuse(ctx, node, "E_CORR_COND",
			      "a condition needs gt, gte, lt, lte, eq or neq", nothing);
	return ok;
}

// Names of a string condition: looked up in `rules`, or collected from it.
struct name_collector {
	const struct value_context *ctx;
	const struct yaml_node *node;
	struct correlation *corr;
	bool collect;
};

static size_t resolve_name(void *user, struct str name)
{
	struct name_collector *c = user;
	struct rule_ref *grown;

	for (size_t i = 0; i < c->corr->rule_count; i++) {
		if (str_eq(c->corr->rules[i].name, name))
			return i;
	}
	if (!c->collect || c->corr->rule_count == LIMIT_CORRELATION_RULES)
		return SIZE_MAX;
	grown = arena_array(c->ctx->arena, c->corr->rule_count + 1, sizeof(*grown));
	if (c->corr->rule_count > 0)
		memcpy(grown, c->corr->rules, c->corr->rule_count * sizeof(*grown));
	grown[c->corr->rule_count].name = name;
	grown[c->corr->rule_count].place = yaml_place(c->ctx->path, c->node);
	c->corr->rules = grown;
	return c->corr->rule_count++;
}

static void mark_used(const struct expr *expr, bool *used)
{
	if (expr->kind == EXPR_SELECTION)
		used[expr->selection] = true;
	for (size_t i = 0; i < expr->count; i++)
		mark_used(expr->kids[i], used);
}

static bool parse_expression(const struct value_context *ctx, const struct yaml_node *node,
			     struct correlation *out)
{
	struct name_collector collector = {ctx, node, out, out->rule_count == 0};
	bool *used;

	if (!correlation_is_temporal(out->type))
		return refuse(ctx, node, "E_CORR_COND", "only temporal types take a text condition",
			      nothing);
	out->expression = condition_parse_names(ctx, node, resolve_name, &collector);
	if (out->expression == NULL)
		return false;
	used = arena_array(ctx->arena, out->rule_count, sizeof(*used));
	mark_used(out->expression, used);
	for (size_t i = 0; i < out->rule_count; i++) {
		if (!used[i])
			return refuse(ctx, node, "E_CORR_EXTREF",
				      "the condition does not name the rule", out->rules[i].name);
	}
	return true;
}

static bool parse_condition(const struct value_context *ctx, const struct yaml_node *map,
			    struct correlation *out)
{
	const struct yaml_node *node = yaml_get(map, "condition");

	if (node == NULL) {
		return correlation_is_temporal(out->type) ||
		       refuse(ctx, map, "E_CORR_COND", "this type needs a condition", nothing);
	}
	if (node->kind == YAML_MAPPING)
		return parse_condition_map(ctx, node, out);
	if (node->kind == YAML_SCALAR && yaml_resolve(node).type == YAML_STRING)
		return parse_expression(ctx, node, out);
	return refuse(ctx, node, "E_CORR_COND", "a condition is a mapping or text", nothing);
}

static bool needs_field(enum correlation_type type)
{
	return type != CORR_EVENT_COUNT && !correlation_is_temporal(type);
}

// Does some rule occur under no `not`, or under two?
static bool has_positive(const struct expr *expr, bool positive)
{
	if (expr->kind == EXPR_SELECTION)
		return positive;
	for (size_t i = 0; i < expr->count; i++) {
		if (has_positive(expr->kids[i], positive != (expr->kind == EXPR_NOT)))
			return true;
	}
	return false;
}

static void warn_impossible(const struct value_context *ctx, const struct yaml_node *map,
			    const struct correlation *corr)
{
	// A window begins at a hit of a rule that occurs positively (4.6).
	if (corr->expression != NULL && !has_positive(corr->expression, true))
		diag_add(ctx->diags, DIAG_WARNING, "W_CORR_ZERO", yaml_place(ctx->path, map),
			 "every rule is negated, and the absence of events is never seen: this "
			 "cannot fire");
	for (size_t i = 0; i < corr->bound_count && corr->type == CORR_EVENT_COUNT; i++) {
		const struct correlation_bound *bound = &corr->bounds[i];

		if ((bound->op == COMPARE_EQ && bound->value == 0) ||
		    (bound->op == COMPARE_LT && bound->value <= 1) ||
		    (bound->op == COMPARE_LTE && bound->value < 1))
			diag_add(ctx->diags, DIAG_WARNING, "W_CORR_ZERO",
				 yaml_place(ctx->path, map),
				 "the absence of events is never seen: this cannot fire");
	}
}

static bool parse_generate(const struct value_context *ctx, const struct yaml_node *document,
			   const struct yaml_node *map, struct correlation *out)
{
	const struct yaml_node *node = yaml_get(map, "generate");
	struct yaml_value value;

	if (node == NULL)
		node = yaml_get(document, "generate");
	if (node == NULL)
		return true;
	value = yaml_resolve(node);
	if (value.type != YAML_BOOL)
		return refuse(ctx, node, "E_CORR_COND", "'generate' is true or false", nothing);
	out->generate = value.boolean;
	return true;
}

static void warn_about_keys(const struct value_context *ctx, const struct yaml_node *map)
{
	static const char *const keys[] = {"type",	"rules",   "group-by", "timespan",
					   "condition", "aliases", "generate"};

	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		bool known = false;

		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			known |= str_eq(key->text, str_from(keys[k]));
		if (!known)
			diag_add(ctx->diags, DIAG_WARNING, "W_CORR_KEY", yaml_place(ctx->path, key),
				 "unknown key in a correlation: '%.*s'", STR_ARG(key->text));
	}
}

struct correlation *correlation_parse(const struct value_context *ctx,
				      const struct yaml_node *document)
{
	const struct yaml_node *map = yaml_get(document, "correlation");
	struct correlation *out = arena_zalloc(ctx->arena, sizeof(*out));
	const struct yaml_node *rules = yaml_get(map, "rules");
	bool ok = true;

	if (map->kind != YAML_MAPPING) {
		refuse(ctx, map, "E_CORR_TYPE", "a correlation must be a mapping", nothing);
		return NULL;
	}
	if (!parse_type(ctx, map, out))
		return NULL;
	if (!yaml_is_null(rules))
		ok &= parse_refs(ctx, rules, "E_REF_UNKNOWN", &out->rules, &out->rule_count);
	else if (!correlation_is_temporal(out->type) || yaml_get(map, "condition") == NULL)
		ok &= refuse(ctx, map, "E_REF_UNKNOWN", "a correlation needs 'rules'", nothing);
	if (!yaml_is_null(yaml_get(map, "group-by")))
		ok &= text_list_parse(ctx, yaml_get(map, "group-by"), DIAG_ERROR, "E_CORR_COND",
				      &out->group_by, &out->group_count);
	ok &= parse_timespan(ctx, map, out);
	ok &= parse_condition(ctx, map, out);
	ok &= parse_aliases(ctx, yaml_get(map, "aliases"), out);
	ok &= parse_generate(ctx, document, map, out);
	if (out->rule_count > LIMIT_CORRELATION_RULES ||
	    out->group_count > LIMIT_CORRELATION_FIELDS ||
	    out->field_count > LIMIT_CORRELATION_FIELDS)
		ok = refuse(ctx, map, "E_CORR_COND",
			    "a correlation takes 256 rules and 64 fields at most", nothing);
	if (ok && needs_field(out->type) && out->field_count == 0)
		ok = refuse(ctx, map, "E_CORR_FIELD", "this type needs 'field' in its condition",
			    nothing);
	warn_about_keys(ctx, map);
	if (ok)
		warn_impossible(ctx, map, out);
	return ok ? out : NULL;
}

// ---- filters ------------------------------------------------------------

static bool has_not(const struct expr *expr)
{
	if (expr->kind == EXPR_NOT)
		return true;
	for (size_t i = 0; i < expr->count; i++) {
		if (has_not(expr->kids[i]))
			return true;
	}
	return false;
}

static bool parse_filter_rules(const struct value_context *ctx, const struct yaml_node *map,
			       struct filter *out)
{
	const struct yaml_node *node = yaml_get(map, "rules");

	if (node == NULL || node->kind == YAML_MAPPING ||
	    (node->kind == YAML_SCALAR && yaml_resolve(node).type != YAML_STRING))
		return refuse(ctx, node != NULL ? node : map, "E_FILTER_RULES",
			      "a filter needs 'rules': any, a reference or a list of references",
			      nothing);
	out->any = (node->kind == YAML_SCALAR && str_eq_nocase(node->text, STR("any"))) ||
		   (node->kind == YAML_SEQUENCE && node->count == 0);
	return out->any || parse_refs(ctx, node, "E_FILTER_RULES", &out->rules, &out->rule_count);
}

struct filter *filter_parse(const struct value_context *ctx, const struct yaml_node *map)
{
	struct filter *out = arena_zalloc(ctx->arena, sizeof(*out));
	bool ok;

	if (map->kind != YAML_MAPPING) {
		refuse(ctx, map, "E_FILTER", "a filter must be a mapping", nothing);
		return NULL;
	}
	ok = parse_filter_rules(ctx, map, out);
	ok &= detection_parse(ctx, map, true, &out->detection);
	if (ok && !has_not(out->detection.conditions[0]))
		diag_add(ctx->diags, DIAG_WARNING, "W_FILTER_POLARITY", yaml_place(ctx->path, map),
			 "this filter keeps only what its selections match; "
			 "an exclusion is written 'not selection'");
	return ok ? out : NULL;
}
