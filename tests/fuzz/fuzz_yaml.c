// SPDX-License-Identifier: Apache-2.0
// Any text as YAML.
//
// It loads, or there is an error at a place inside the document. Nodes stand where the
// text has lines, their texts are text, and what a scalar means can be asked.
#include "fuzz.h"
#include "yaml/json.h"

#define VISITS 20000u // aliases make trees of any size

struct visit {
	unsigned lines, left;
};

static void visit_scalar(const struct yaml_node *node)
{
	struct yaml_value value;

	CHECK(is_text(node->text));
	value = yaml_resolve(node);
	CHECK(!node->quoted || value.type == YAML_STRING);
	CHECK(value.type != YAML_NULL || yaml_is_null(node));
}

static void visit(struct visit *v, const struct yaml_node *node, unsigned depth)
{
	CHECK(depth <= 64 && node->line >= 1 && node->col >= 1 && node->line <= v->lines);
	if (v->left == 0)
		return;
	v->left--;
	if (node->kind == YAML_SCALAR)
		visit_scalar(node);
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->count; i++)
		visit(v, node->items[i], depth + 1);
	for (size_t i = 0; node->kind == YAML_MAPPING && i < node->count; i++) {
		visit(v, node->pairs[i].key, depth + 1);
		visit(v, node->pairs[i].value, depth + 1);
	}
}

// At least as many as YAML sees: CR, LF, NEL, LS and PS end one.
static unsigned count_lines(struct str text)
{
	unsigned lines = 2;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n' || text.ptr[i] == '\r' || (text.ptr[i] & 0x80) != 0;
	return lines;
}

static void check_errors(const struct diag_list *diags, unsigned lines)
{
	for (size_t i = 0; i < diags->count; i++) {
		CHECK(diags->items[i].message.len != 0 && is_text(diags->items[i].message));
		CHECK(diags->items[i].line <= lines);
		CHECK((diags->items[i].line == 0) == (diags->items[i].col == 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = input_of(data, size);
	struct arena arena = {0};
	struct diag_list diags;
	struct yaml_file file;
	struct visit v = {count_lines(text), VISITS};
	struct yaml_node *object;
	bool is_good;

	diag_init(&diags, &arena);
	is_good = yaml_parse(&arena, STR("y"), text, &file, &diags);
	CHECK(is_good == (diags.errors == 0) && is_good == (file.refused == 0));
	CHECK(file.intact <= file.count && (file.refused != 0 || file.intact == file.count));
	check_errors(&diags, v.lines);
	for (size_t i = 0; i < file.count; i++)
		visit(&v, file.documents[i], 1);
	object = json_parse_object(&arena, text);
	CHECK(object == NULL || object->kind == YAML_MAPPING);
	diag_release(&diags);
	arena_release(&arena);
	return 0;
}
