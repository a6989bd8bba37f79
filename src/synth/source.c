// SPDX-License-Identifier: Apache-2.0
// Diagnostics and the text of repeated events.
#include "synth/source.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"

bool source_error(struct source *source, const struct yaml_node *node, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(source->diags, DIAG_ERROR, "E_SYNTH", yaml_place(source->path, node), "%s", text);
	return false;
}

bool source_is_null(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && yaml_resolve(node).type == YAML_NULL;
}

// What stands between the braces of ${...}; false when it is none of ours.
static bool put_variable(struct source *source, struct buf *out, struct str name)
{
	struct str digits = str_sub(name, 1, SIZE_MAX);
	size_t zeros = 0;

	if (str_eq(name, STR("item"))) {
		buf_put_str(out, source->item);
		return true;
	}
	if (!str_starts(name, STR("n")))
		return false;
	if (str_eq(digits, STR("1"))) {
		buf_printf(out, "%" PRIu64, source->copy + 1);
		return true;
	}
	while (zeros < digits.len && digits.ptr[zeros] == '0')
		zeros++;
	if (zeros != digits.len || zeros > 20)
		return false;
	buf_printf(out, "%0*" PRIu64, (int)zeros, source->copy);
	return true;
}

static struct str expand(struct source *source, struct str text)
{
	struct buf out = {0};
	struct str result;

	while (text.len != 0) {
		size_t start = str_find(text, STR("${"), 0);
		size_t end = str_find_char(text, '}', start == SIZE_MAX ? text.len : start);

		if (end == SIZE_MAX)
			break;
		buf_put(&out, text.ptr, start);
		if (!put_variable(source, &out, str_sub(text, start + 2, end - start - 2)))
			buf_put(&out, text.ptr + start, end + 1 - start);
		text = str_sub(text, end + 1, SIZE_MAX);
	}
	buf_put_str(&out, text);
	result = arena_str(source->copy_arena, buf_str(&out));
	buf_release(&out);
	return result;
}

struct str source_text(struct source *source, const struct yaml_node *scalar)
{
	if (!source->repeated || str_find(scalar->text, STR("${"), 0) == SIZE_MAX)
		return scalar->text;
	return expand(source, scalar->text);
}

static bool is_known(struct str key, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		if (str_eq(key, str_from(*keys)))
			return true;
	}
	return false;
}

bool source_check_keys(struct source *source, const struct yaml_node *node, const char *const *keys)
{
	if (node->kind != YAML_MAPPING)
		return source_error(source, node, "expected a mapping, found %s",
				    yaml_kind_name(node));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = node->pairs[i].key;

		if (!is_known(key->text, keys))
			return source_error(source, key, "unknown key '%.*s'", STR_ARG(key->text));
	}
	return true;
}
