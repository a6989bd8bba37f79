// SPDX-License-Identifier: Apache-2.0
// Written values -> patterns, before modifiers.
#include "sigma/pattern.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

// Backslash handling of 1.5: one pass from left to right.
void pattern_parse_text(struct arena *arena, struct str written, struct pattern *out)
{
	uint32_t *cps = arena_array(arena, written.len + 1, sizeof(*cps));
	size_t n = 0;

	for (size_t at = 0; at < written.len;) {
		uint32_t cp = utf8_next(written, &at);

		if (cp == '\\' && at < written.len) {
			char next = written.ptr[at];

			if (next == '*' || next == '?' || next == '\\') {
				cps[n++] = (unsigned char)next;
				at++;
				continue;
			}
		} else if (cp == '*') {
			cp = PAT_ANY_RUN;
		} else if (cp == '?') {
			cp = PAT_ANY_ONE;
		} else if (cp == TEXT_INVALID) {
			cp = 0xFFFD; // libyaml lets no invalid UTF-8 through
		}
		cps[n++] = cp;
	}
	memset(out, 0, sizeof(*out));
	out->kind = PATTERN_TEXT;
	out->written = written;
	out->text.cps = cps;
	out->text.count = n;
}

static bool value_error(const struct value_context *ctx, const struct yaml_node *node,
			const char *code, const char *message)
{
	diag_add(ctx->diags, DIAG_ERROR, code, yaml_place(ctx->path, node), "%s", message);
	return false;
}

static bool parse_number(const struct value_context *ctx, const struct yaml_node *node,
			 const struct yaml_value *value, struct pattern *out)
{
	if (!isfinite(value->number))
		return value_error(ctx, node, "E_VALUE_NUMBER",
				   "infinity and NaN cannot be compared with a field");
	if (value->sexagesimal)
		diag_add(ctx->diags, DIAG_WARNING, "W_SEXAGESIMAL", yaml_place(ctx->path, node),
			 "'%.*s' is a base-60 number in YAML 1.1; quote it if text is meant",
			 STR_ARG(node->text));
	out->kind = PATTERN_NUMBER;
	out->number.op = COMPARE_EQ;
	// Integers beyond 64 bits compare as doubles, like those of events.
	out->number.value.is_integer = value->type == YAML_INT;
	out->number.value.negative = value->negative && value->magnitude != 0;
	out->number.value.magnitude = value->magnitude;
	out->number.value.real = value->number;
	return true;
}

// `C:\Windows\*\x.exe`: the lone backslash makes the wildcard a literal (1.5).
static void warn_about_escapes(const struct value_context *ctx, const struct yaml_node *node)
{
	struct str s = node->text;

	for (size_t i = 1; i + 2 < s.len; i++) {
		if (s.ptr[i] != '\\' || (s.ptr[i + 1] != '*' && s.ptr[i + 1] != '?') ||
		    s.ptr[i - 1] == '\\' || s.ptr[i + 2] != '\\')
			continue;
		diag_add(ctx->diags, DIAG_WARNING, "W_LITERAL_STAR", yaml_place(ctx->path, node),
			 "the backslash makes the wildcard behind it a literal character; "
			 "a folder of any name is written \\\\*\\");
		return;
	}
}

// One scalar of an item. `raw`: a regular expression, taken as written.
static bool parse_scalar(const struct value_context *ctx, const struct yaml_node *node, bool raw,
			 struct pattern *out)
{
	struct yaml_value value = yaml_resolve(node);

	memset(out, 0, sizeof(*out));
	out->written = node->text;
	if (raw && value.type != YAML_NULL && value.type != YAML_BOOL) {
		pattern_parse_text(ctx->arena, node->text, out);
		return true;
	}
	switch (value.type) {
	case YAML_STRING:
		warn_about_escapes(ctx, node);
		pattern_parse_text(ctx->arena, node->text, out);
		return true;
	case YAML_INT:
	case YAML_FLOAT:
		return parse_number(ctx, node, &value, out);
	case YAML_BOOL:
		out->kind = PATTERN_BOOL;
		out->boolean = value.boolean;
		return true;
	case YAML_NULL:
		out->kind = PATTERN_NULL;
		return true;
	default:
		return value_error(ctx, node, "E_VALUE_TYPE",
				   "a date is not a detection value; quote it if text is meant");
	}
}

static bool parse_list(const struct value_context *ctx, const struct yaml_node *list, bool raw,
		       struct item *out)
{
	bool has_null = false;

	out->patterns = arena_array(ctx->arena, list->count, sizeof(*out->patterns));
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *node = list->items[i];

		if (node->kind != YAML_SCALAR)
			return value_error(
				ctx, node, "E_VALUE_TYPE",
				"a list of values cannot hold a mapping or another list");
		if (!parse_scalar(ctx, node, raw, &out->patterns[i]))
			return false;
		has_null |= out->patterns[i].kind == PATTERN_NULL;
	}
	out->count = list->count;
	if (has_null && list->count > 1)
		diag_add(ctx->diags, DIAG_WARNING, "W_NULL_IN_LIST", yaml_place(ctx->path, list),
			 "null inside a list of values: the specification forbids it; "
			 "taken as 'or the field is null'");
	return true;
}

static bool parse_values(const struct value_context *ctx, const struct yaml_node *value, bool raw,
			 struct item *out)
{
	if (value->kind == YAML_MAPPING)
		return value_error(
			ctx, value, "E_VALUE_TYPE",
			"a mapping is not a value; write field names at the level above");
	if (value->kind == YAML_SEQUENCE && value->count > 0)
		return parse_list(ctx, value, raw, out);
	out->patterns = arena_array(ctx->arena, 1, sizeof(*out->patterns));
	out->count = 1;
	if (value->kind == YAML_SCALAR)
		return parse_scalar(ctx, value, raw, &out->patterns[0]);
	out->patterns[0].kind = PATTERN_NULL; // [] is the same as null
	return true;
}

bool item_parse(const struct value_context *ctx, const struct yaml_node *key,
		const struct yaml_node *value, struct item *out)
{
	struct str rest;
	struct str part;
	struct str *names;
	size_t count = 0;

	memset(out, 0, sizeof(*out));
	out->place = yaml_place(ctx->path, key);
	if (key->kind != YAML_SCALAR || yaml_resolve(key).type != YAML_STRING)
		return value_error(ctx, key, "E_KEY_TYPE", "a field name must be a string");
	names = arena_array(ctx->arena, key->text.len + 1, sizeof(*names));
	rest = key->text;
	str_split(&rest, '|', &out->field);
	while (str_split(&rest, '|', &part))
		names[count++] = part;
	if (!parse_values(ctx, value, count > 0 && str_eq(names[0], STR("re")), out))
		return false;
	return modifiers_apply(ctx, out->place, names, count, out);
}

bool item_parse_keyword(const struct value_context *ctx, const struct yaml_node *value,
			struct item *out)
{
	memset(out, 0, sizeof(*out));
	out->place = yaml_place(ctx->path, value);
	if (!parse_values(ctx, value, false, out))
		return false;
	return modifiers_apply(ctx, out->place, NULL, 0, out);
}

bool modifier_error(const struct modifier_chain *chain, const char *code, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(chain->ctx->diags, DIAG_ERROR, code, chain->place, "%s", text);
	return false;
}
