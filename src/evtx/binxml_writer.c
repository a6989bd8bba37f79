// SPDX-License-Identifier: Apache-2.0
// BinXML tokens, template definitions and instances.
#include "evtx/binxml_writer.h"

#define TOKEN_END 0x00
#define TOKEN_OPEN 0x01
#define TOKEN_CLOSE_START 0x02
#define TOKEN_CLOSE_EMPTY 0x03
#define TOKEN_CLOSE 0x04
#define TOKEN_TEXT 0x05
#define TOKEN_ATTRIBUTE 0x06
#define TOKEN_INSTANCE 0x0C
#define TOKEN_NORMAL 0x0D
#define TOKEN_OPTIONAL 0x0E
#define TOKEN_MORE 0x40
#define NO_DEPENDENCY 0xFFFF

static const unsigned char fragment_header[4] = {0x0F, 1, 1, 0};

// A u32 size that is patched when its end is known; it counts from behind itself.
static uint32_t open_size(struct chunk_writer *chunk)
{
	uint32_t at = chunk->used;

	chunk_put_uint(chunk, 4, 0);
	return at;
}

static void close_size(struct chunk_writer *chunk, uint32_t at)
{
	chunk_patch(chunk, at, 4, chunk->used - at - 4);
}

static void put_slot(struct chunk_writer *chunk, const struct slot *slot)
{
	switch (slot->kind) {
	case SLOT_NONE:
		break;
	case SLOT_LITERAL:
		chunk_put_uint(chunk, 1, TOKEN_TEXT);
		chunk_put_uint(chunk, 1, VALUE_STRING);
		chunk_put_text(chunk, (struct str){slot->value.ptr, slot->value.len});
		break;
	case SLOT_NORMAL:
	case SLOT_OPTIONAL:
		chunk_put_uint(chunk, 1, slot->kind == SLOT_NORMAL ? TOKEN_NORMAL : TOKEN_OPTIONAL);
		chunk_put_uint(chunk, 2, slot->index);
		chunk_put_uint(chunk, 1, slot->declared);
		break;
	}
}

static void put_attributes(struct chunk_writer *chunk, const struct xml_attr *attr)
{
	uint32_t size = open_size(chunk);

	for (; attr != NULL; attr = attr->next) {
		chunk_put_uint(chunk, 1, TOKEN_ATTRIBUTE | (attr->next != NULL ? TOKEN_MORE : 0));
		chunk_put_name(chunk, attr->name);
		put_slot(chunk, &attr->slot);
	}
	close_size(chunk, size);
}

static void put_element(struct chunk_writer *chunk, const struct xml_element *element)
{
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a tree has a root
	bool optional = element->slot.kind == SLOT_OPTIONAL;
	uint32_t size;

	chunk_put_uint(chunk, 1, TOKEN_OPEN | (element->attrs != NULL ? TOKEN_MORE : 0));
	chunk_put_uint(chunk, 2, optional ? element->slot.index : NO_DEPENDENCY);
	size = open_size(chunk);
	chunk_put_name(chunk, element->name);
	if (element->attrs != NULL)
		put_attributes(chunk, element->attrs);
	if (element->self_closing) {
		chunk_put_uint(chunk, 1, TOKEN_CLOSE_EMPTY);
	} else {
		chunk_put_uint(chunk, 1, TOKEN_CLOSE_START);
		for (const struct xml_element *e = element->children; e != NULL; e = e->next)
			put_element(chunk, e);
		put_slot(chunk, &element->slot);
		chunk_put_uint(chunk, 1, TOKEN_CLOSE);
	}
	close_size(chunk, size);
}

static void put_definition(struct chunk_writer *chunk, const struct xml_element *root,
			   const unsigned char guid[16])
{
	uint32_t size = chunk_put_template(chunk, guid);

	chunk_put(chunk, fragment_header, sizeof(fragment_header));
	put_element(chunk, root);
	chunk_put_uint(chunk, 1, TOKEN_END);
	close_size(chunk, size);
}

static void put_values(struct chunk_writer *chunk, struct arena *arena,
		       const struct xml_element *root, const struct xml_element *payload)
{
	size_t count;
	const struct value *values = xml_values(arena, root, &count);
	uint32_t sizes;

	chunk_put_uint(chunk, 4, count);
	sizes = chunk->used;
	for (size_t i = 0; i < count; i++) {
		chunk_put_uint(chunk, 2, values[i].len);
		chunk_put_uint(chunk, 2, values[i].type);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t start = chunk->used;

		if (values[i].type == VALUE_BINXML)
			binxml_put(chunk, arena, payload, NULL);
		else
			chunk_put(chunk, values[i].ptr, values[i].len);
		chunk_patch(chunk, sizes + 4 * (uint32_t)i, 2, chunk->used - start);
	}
}

void binxml_put(struct chunk_writer *chunk, struct arena *arena, const struct xml_element *root,
		const struct xml_element *payload)
{
	unsigned char guid[16];
	uint32_t definition;

	xml_template_guid(root, guid);
	chunk_put(chunk, fragment_header, sizeof(fragment_header));
	chunk_put_uint(chunk, 1, TOKEN_INSTANCE);
	chunk_put_uint(chunk, 1, 1);
	chunk_put(chunk, guid, 4); // the template id is the GUID's first word
	definition = chunk_find_template(chunk, guid);
	if (definition != 0) {
		chunk_put_uint(chunk, 4, definition);
	} else {
		chunk_put_uint(chunk, 4, chunk->used + 4);
		put_definition(chunk, root, guid);
	}
	put_values(chunk, arena, root, payload);
	chunk_put_uint(chunk, 1, TOKEN_END);
}
