// SPDX-License-Identifier: Apache-2.0
// The names of the value types.
#include "synth/typed.h"

struct type {
	const char *name;
	enum value_type code;
	size_t size; // of numbers, in bytes
	store_fn *store;
	const char *expected;
};

static const struct type types[] = {
	{"string", VALUE_STRING, 0, store_utf16, "text"},
	{"ansi", VALUE_ANSI, 0, store_ansi, "Windows-1252 text; ansi_bytes takes any bytes"},
	{"int8", VALUE_INT8, 1, store_int, "a signed number of 8 bits"},
	{"uint8", VALUE_UINT8, 1, store_uint, "a number of 8 bits"},
	{"int16", VALUE_INT16, 2, store_int, "a signed number of 16 bits"},
	{"uint16", VALUE_UINT16, 2, store_uint, "a number of 16 bits"},
	{"int32", VALUE_INT32, 4, store_int, "a signed number of 32 bits"},
	{"uint32", VALUE_UINT32, 4, store_uint, "a number of 32 bits"},
	{"int64", VALUE_INT64, 8, store_int, "a signed number of 64 bits"},
	{"uint64", VALUE_UINT64, 8, store_uint, "a number of 64 bits"},
	{"float", VALUE_FLOAT, 4, store_real, "a real number"},
	{"double", VALUE_DOUBLE, 8, store_real, "a real number"},
	{"bool", VALUE_BOOL, 4, store_bool, "true or false"},
	{"binary", VALUE_BINARY, 0, store_hex, "a run of hex bytes"},
	{"guid", VALUE_GUID, 0, store_guid, "a GUID"},
	{"size", VALUE_SIZE, 8, store_uint, "a number of 64 bits"},
	{"filetime", VALUE_FILETIME, 8, store_filetime, "an ISO 8601 time"},
	{"systemtime", VALUE_SYSTEMTIME, 0, store_systemtime, "an ISO 8601 time"},
	{"sid", VALUE_SID, 0, store_sid, "a SID such as S-1-5-18"},
	{"hex32", VALUE_HEX32, 4, store_uint, "a number of 32 bits"},
	{"hex64", VALUE_HEX64, 8, store_uint, "a number of 64 bits"},
	{"ansi_bytes", VALUE_ANSI, 0, store_hex, "a run of hex bytes"},
	{"string_utf16", VALUE_STRING, 0, store_hex, "a run of hex bytes"},
	// Not scalars.
	{"strings", VALUE_ARRAY | VALUE_STRING, 0, NULL, NULL},
	{"null", VALUE_NULL, 0, NULL, NULL},
};

static const struct type *find_type(const struct yaml_node *node)
{
	if (node->kind != YAML_MAPPING || node->count != 1)
		return NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (str_eq(node->pairs[0].key->text, str_from(types[i].name)))
			return &types[i];
	}
	return NULL;
}

bool typed_is(const struct yaml_node *node)
{
	return find_type(node) != NULL;
}

// What was stored, moved into the copy's arena.
static struct str take(struct source *source, struct buf *buf)
{
	struct str bytes = arena_str(source->copy_arena, buf_str(buf));

	buf_release(buf);
	return bytes;
}

bool typed_scalar(struct source *source, const struct yaml_node *node, store_fn *store, size_t size,
		  const char *expected, struct str *out)
{
	struct buf bytes = {0};
	struct str text;
	bool good;

	if (node->kind != YAML_SCALAR)
		return source_error(source, node, "expected %s, found %s", expected,
				    yaml_kind_name(node));
	text = source_text(source, node);
	good = store(&bytes, text, size);
	*out = take(source, &bytes);
	return good || source_error(source, node, "'%.*s' is not %s", STR_ARG(text), expected);
}

bool typed_strings(struct source *source, const struct yaml_node *list, struct value *out)
{
	struct buf units = {0};
	struct str bytes;

	if (list->kind != YAML_SEQUENCE)
		return source_error(source, list, "expected a list of texts, found %s",
				    yaml_kind_name(list));
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->kind != YAML_SCALAR) {
			buf_release(&units);
			return source_error(source, list->items[i], "expected text, found %s",
					    yaml_kind_name(list->items[i]));
		}
		store_utf16(&units, source_text(source, list->items[i]), 0);
		buf_put(&units, "\0", 2);
	}
	bytes = take(source, &units);
	*out = (struct value){bytes.ptr, (uint32_t)bytes.len, VALUE_ARRAY | VALUE_STRING, 0};
	return true;
}

bool typed_value(struct source *source, const struct yaml_node *node, struct value *out)
{
	const struct type *type = node->kind == YAML_SCALAR ? &types[0] : find_type(node);
	const struct yaml_node *scalar;
	struct str bytes;

	*out = (struct value){0};
	if (type == NULL)
		return source_error(source, node,
				    "expected text or one type with its value, as in {uint32: 5}");
	if (type->code == VALUE_NULL)
		return true;
	scalar = node->kind == YAML_SCALAR ? node : node->pairs[0].value;
	if (type->store == NULL)
		return typed_strings(source, scalar, out);
	if (!typed_scalar(source, scalar, type->store, type->size, type->expected, &bytes))
		return false;
	*out = (struct value){bytes.ptr, (uint32_t)bytes.len, (uint16_t)type->code, 0};
	return true;
}
