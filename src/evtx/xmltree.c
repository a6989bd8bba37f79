// SPDX-License-Identifier: Apache-2.0
// Building, numbering and identifying XML trees.
#include "evtx/xmltree.h"

struct xml_element *xml_root(struct arena *arena, struct str name)
{
	struct xml_element *root = arena_zalloc(arena, sizeof(*root));

	root->name = name;
	return root;
}

struct xml_element *xml_child(struct arena *arena, struct xml_element *parent, struct str name)
{
	struct xml_element *child = xml_root(arena, name);
	struct xml_element **at = &parent->children;

	while (*at != NULL)
		at = &(*at)->next;
	*at = child;
	return child;
}

void xml_attr(struct arena *arena, struct xml_element *element, struct str name, struct slot slot)
{
	struct xml_attr *attr = arena_zalloc(arena, sizeof(*attr));
	struct xml_attr **at = &element->attrs;

	attr->name = name;
	attr->slot = slot;
	while (*at != NULL)
		at = &(*at)->next;
	*at = attr;
}

struct slot slot_literal(struct str text)
{
	struct slot slot = {.kind = SLOT_LITERAL};

	slot.value = (struct value){.ptr = text.ptr, .type = VALUE_TEXT};
	slot.value.len = (uint32_t)(text.len < UINT32_MAX ? text.len : UINT32_MAX);
	return slot;
}

struct slot slot_optional(uint16_t index, enum value_type declared, struct value value)
{
	struct slot slot = {SLOT_OPTIONAL, index, (uint16_t)declared, value};

	return slot;
}

struct slot slot_value(struct value value)
{
	struct slot slot = {SLOT_NORMAL, 0, value.type, value};

	return value.type == VALUE_NULL ? slot_optional(0, VALUE_STRING, value) : slot;
}

struct slot slot_attr_value(struct value value)
{
	if (value.len == 0)
		return slot_optional(0, VALUE_STRING, (struct value){0});
	return slot_value(value);
}

struct value value_of_uint(struct arena *arena, enum value_type type, size_t size, uint64_t value)
{
	unsigned char *bytes = arena_alloc(arena, size);
	struct value out = {bytes, (uint32_t)size, (uint16_t)type, 0};

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i < 8 ? value >> (8 * i) : 0);
	return out;
}

static bool is_substitution(const struct slot *slot)
{
	return slot->kind == SLOT_NORMAL || slot->kind == SLOT_OPTIONAL;
}

static void number_slot(struct slot *slot, uint16_t *next)
{
	if (is_substitution(slot))
		slot->index = (*next)++;
}

static void number_element(struct xml_element *element, uint16_t *next)
{
	for (struct xml_attr *attr = element->attrs; attr != NULL; attr = attr->next)
		number_slot(&attr->slot, next);
	for (struct xml_element *child = element->children; child != NULL; child = child->next)
		number_element(child, next);
	*next = (uint16_t)(*next + element->size_before);
	number_slot(&element->slot, next);
}

void xml_number(struct xml_element *root)
{
	uint16_t next = 0;

	number_element(root, &next);
}

static size_t slot_end(const struct slot *slot)
{
	return is_substitution(slot) ? (size_t)slot->index + 1 : 0;
}

static size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

// One more than the highest index in use.
static size_t count_values(const struct xml_element *element)
{
	size_t count = slot_end(&element->slot);

	for (const struct xml_attr *attr = element->attrs; attr != NULL; attr = attr->next)
		count = max_size(count, slot_end(&attr->slot));
	for (const struct xml_element *e = element->children; e != NULL; e = e->next)
		count = max_size(count, count_values(e));
	return count;
}

static void collect_slot(const struct slot *slot, struct value *values)
{
	if (is_substitution(slot))
		values[slot->index] = slot->value;
}

static void collect(struct arena *arena, const struct xml_element *element, struct value *values)
{
	const struct slot *slot = &element->slot;

	for (const struct xml_attr *attr = element->attrs; attr != NULL; attr = attr->next)
		collect_slot(&attr->slot, values);
	for (const struct xml_element *e = element->children; e != NULL; e = e->next)
		collect(arena, e, values);
	if (element->size_before && slot->index > 0)
		values[slot->index - 1] = value_of_uint(arena, VALUE_UINT32, 4, slot->value.len);
	collect_slot(slot, values);
}

struct value *xml_values(struct arena *arena, const struct xml_element *root, size_t *count)
{
	struct value *values;

	*count = count_values(root);
	values = arena_array(arena, *count, sizeof(*values));
	collect(arena, root, values);
	return values;
}

// FNV-1a with 128 bits: the prime is 2^88 + 0x13B.
struct digest {
	uint64_t high, low;
};

static void digest_byte(struct digest *d, unsigned char byte)
{
	uint64_t low = d->low ^ byte;
	uint64_t lower = (low & 0xffffffff) * 0x13B;
	uint64_t upper = (low >> 32) * 0x13B + (lower >> 32);

	d->high = d->high * 0x13B + (upper >> 32) + (low << 24);
	d->low = upper << 32 | (lower & 0xffffffff);
}

static void digest_uint(struct digest *d, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		digest_byte(d, (unsigned char)(value >> (8 * i)));
}

static void digest_text(struct digest *d, const char *text, size_t len)
{
	digest_uint(d, len);
	for (size_t i = 0; i < len; i++)
		digest_byte(d, (unsigned char)text[i]);
}

static void digest_slot(struct digest *d, const struct slot *slot)
{
	digest_byte(d, (unsigned char)slot->kind);
	if (slot->kind == SLOT_LITERAL) {
		digest_text(d, slot->value.ptr, slot->value.len);
	} else {
		digest_uint(d, slot->index);
		digest_uint(d, slot->declared);
	}
}

static void digest_element(struct digest *d, const struct xml_element *element)
{
	digest_text(d, element->name.ptr, element->name.len);
	for (const struct xml_attr *attr = element->attrs; attr != NULL; attr = attr->next) {
		digest_byte(d, '@');
		digest_text(d, attr->name.ptr, attr->name.len);
		digest_slot(d, &attr->slot);
	}
	digest_byte(d, '>');
	for (const struct xml_element *e = element->children; e != NULL; e = e->next) {
		digest_byte(d, '<');
		digest_element(d, e);
	}
	digest_byte(d, '/');
	digest_slot(d, &element->slot);
	digest_byte(d, element->self_closing);
}

void xml_template_guid(const struct xml_element *root, unsigned char guid[16])
{
	struct digest d = {0x6c62272e07bb0142u, 0x62b821756295c58du};

	digest_element(&d, root);
	for (unsigned i = 0; i < 8; i++) {
		guid[i] = (unsigned char)(d.low >> (8 * i));
		guid[8 + i] = (unsigned char)(d.high >> (8 * i));
	}
}
