// SPDX-License-Identifier: Apache-2.0
// EventData and UserData trees in the forms that Windows uses (evtx-format.md
// 4.3).
#include "synth/payload.h"

#include "synth/typed.h"

static bool add_data(struct source *source, struct xml_element *root, const struct yaml_node *name,
		     const struct yaml_node *node)
{
	struct xml_element *data;
	struct value value;

	if (!typed_value(source, node, &value))
		return false;
	data = xml_child(source->copy_arena, root, STR("Data"));
	data->slot = slot_value(value);
	if (name == NULL)
		return true;
	if (name->kind != YAML_SCALAR || name->text.len == 0)
		return source_error(source, name, "the name of a Data element must be text");
	xml_attr(source->copy_arena, data, STR("Name"), slot_literal(name->text));
	return true;
}

static bool add_named(struct source *source, struct xml_element *root, const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++) {
		if (!add_data(source, root, map->pairs[i].key, map->pairs[i].value))
			return false;
	}
	return true;
}

static bool add_list(struct source *source, struct xml_element *root, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct yaml_node *item = list->items[i];
		const struct yaml_node *value = yaml_get(item, "value");
		bool named = item->kind == YAML_MAPPING && item->count == 2 && value != NULL;

		if (!add_data(source, root, named ? yaml_get(item, "name") : NULL,
			      named ? value : item))
			return false;
	}
	return true;
}

// Named EventData ends with a Binary under a normal substitution, and the
// classic form has one in its template always, under an optional one.
static bool add_binary(struct source *source, struct xml_element *root,
		       const struct yaml_node *node, bool classic)
{
	struct value value = {0};
	struct xml_element *binary;
	struct str bytes;

	if (node == NULL && !classic)
		return true;
	if (node != NULL) {
		if (!typed_scalar(source, node, store_hex, 0, "a run of hex bytes", &bytes))
			return false;
		value = (struct value){bytes.ptr, (uint32_t)bytes.len, VALUE_BINARY, 0};
	}
	binary = xml_child(source->copy_arena, root, STR("Binary"));
	binary->slot = classic ? slot_optional(0, VALUE_BINARY, value) : slot_value(value);
	binary->size_before = true;
	return true;
}

// Texts without names, and no name for all: what ReportEvent makes.
static bool is_classic(const struct yaml_node *data, const struct yaml_node *name)
{
	if (data == NULL || data->kind != YAML_SEQUENCE || data->count == 0 || name != NULL)
		return false;
	for (size_t i = 0; i < data->count; i++) {
		if (data->items[i]->kind != YAML_SCALAR)
			return false;
	}
	return true;
}

static bool add_classic(struct source *source, struct xml_element *root,
			const struct yaml_node *list)
{
	struct xml_element *data = xml_child(source->copy_arena, root, STR("Data"));
	struct value strings;

	if (!typed_strings(source, list, &strings))
		return false;
	data->slot = slot_optional(0, VALUE_ARRAY | VALUE_STRING, strings);
	return true;
}

static bool fill_event_data(struct source *source, struct xml_element *root,
			    const struct yaml_node *event)
{
	const struct yaml_node *data = yaml_get(event, "data");
	const struct yaml_node *name = yaml_get(event, "data_name");
	bool classic = is_classic(data, name);
	bool good = true;

	if (name != NULL) {
		if (name->kind != YAML_SCALAR || source_text(source, name).len == 0)
			return source_error(source, name, "data_name must be text");
		xml_attr(source->copy_arena, root, STR("Name"),
			 slot_literal(source_text(source, name)));
	}
	if (classic)
		good = add_classic(source, root, data);
	else if (data != NULL && data->kind == YAML_MAPPING)
		good = add_named(source, root, data);
	else if (data != NULL && data->kind == YAML_SEQUENCE)
		good = add_list(source, root, data);
	else if (data != NULL)
		return source_error(source, data, "data must be a mapping or a list");
	return good && add_binary(source, root, yaml_get(event, "binary"), classic);
}

// What XML allows, as far as it occurs in event logs: ASCII and '_', '-', '.', ':'.
static bool is_xml_name(struct str name)
{
	if (name.len == 0 || !(ascii_is_alpha(name.ptr[0]) || name.ptr[0] == '_'))
		return false;
	for (size_t i = 1; i < name.len; i++) {
		if (!ascii_is_alnum(name.ptr[i]) &&
		    str_find_char(STR("_-.:"), name.ptr[i], 0) == SIZE_MAX)
			return false;
	}
	return true;
}

// Attributes are keys with '@' and the namespaces, which Windows has as
// literal text in the template.
static bool is_namespace(struct str key)
{
	return str_eq(key, STR("xmlns")) || str_starts(key, STR("xmlns:"));
}

static bool add_attribute(struct source *source, struct xml_element *element,
			  const struct yaml_pair *pair)
{
	struct str name = pair->key->text;
	struct value value;
	struct slot slot;

	if (str_starts(name, STR("@")))
		name = str_sub(name, 1, SIZE_MAX);
	if (!is_xml_name(name))
		return source_error(source, pair->key, "'%.*s' cannot be the name of an attribute",
				    STR_ARG(name));
	if (is_namespace(name)) {
		if (pair->value->kind != YAML_SCALAR || source_text(source, pair->value).len == 0)
			return source_error(source, pair->value, "a namespace must be text");
		slot = slot_literal(source_text(source, pair->value));
	} else {
		if (!typed_value(source, pair->value, &value))
			return false;
		slot = slot_attr_value(value);
	}
	xml_attr(source->copy_arena, element, name, slot);
	return true;
}

static bool fill_element(struct source *source, struct xml_element *element,
			 const struct yaml_node *node);

static bool add_element(struct source *source, struct xml_element *parent,
			const struct yaml_pair *pair)
{
	struct str name = pair->key->text;

	if (!is_xml_name(name))
		return source_error(source, pair->key, "'%.*s' cannot be the name of an element",
				    STR_ARG(name));
	return fill_element(source, xml_child(source->copy_arena, parent, name), pair->value);
}

static bool fill_element(struct source *source, struct xml_element *element,
			 const struct yaml_node *node)
{
	struct value value;

	if (node->kind != YAML_MAPPING || typed_is(node)) {
		if (!typed_value(source, node, &value))
			return false;
		element->slot = slot_value(value);
		return true;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct str key = pair->key->text;
		bool attribute = str_starts(key, STR("@")) || is_namespace(key);

		if (!(attribute ? add_attribute : add_element)(source, element, pair))
			return false;
	}
	return true;
}

static struct xml_element *build_user_data(struct source *source, const struct yaml_node *node)
{
	struct xml_element *root;
	struct str name;

	if (node->kind != YAML_MAPPING || node->count != 1) {
		source_error(source, node, "user_data must be a mapping with one root element");
		return NULL;
	}
	name = node->pairs[0].key->text;
	if (!is_xml_name(name)) {
		source_error(source, node, "'%.*s' cannot be the name of an element",
			     STR_ARG(name));
		return NULL;
	}
	root = xml_root(source->copy_arena, name);
	return fill_element(source, root, node->pairs[0].value) ? root : NULL;
}

struct xml_element *payload_build(struct source *source, const struct yaml_node *event,
				  bool *user_data)
{
	const struct yaml_node *node = yaml_get(event, "user_data");
	struct xml_element *root;

	*user_data = node != NULL;
	if (node != NULL)
		return build_user_data(source, node);
	root = xml_root(source->copy_arena, STR("EventData"));
	return fill_event_data(source, root, event) ? root : NULL;
}
