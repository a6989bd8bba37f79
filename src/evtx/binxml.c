// SPDX-License-Identifier: Apache-2.0
// Tokens of evtx-format.md 2.2, walked with an explicit stack.
#include "evtx/binxml.h"

#include "base/limits.h"
#include "evtx/chunk_writer.h"

struct walk {
	struct binxml_input *in;
	struct buf *out;
	size_t limit; // of out->len
	const char *why;
	uint32_t ends[LIMIT_XML_DEPTH]; // of the open elements
	size_t depth;
	bool is_name; // the text that is due names a field
};

struct name {
	const unsigned char *units;
	uint32_t size; // bytes
};

static bool fail(struct walk *walk, const char *why)
{
	walk->why = why;
	return false;
}

static uint32_t left(const struct walk *walk)
{
	return walk->in->end - walk->in->at;
}

static const unsigned char *here(const struct walk *walk)
{
	return walk->in->chunk + walk->in->at;
}

static char *reserve(struct walk *walk, size_t size)
{
	if (size > walk->limit - walk->out->len) {
		fail(walk, BINXML_NO_ROOM);
		return NULL;
	}
	return walk->out->cap - walk->out->len > size ? walk->out->ptr + walk->out->len
						      : buf_reserve(walk->out, size);
}

static bool put(struct walk *walk, enum form_op op, const void *head, size_t head_size,
		const void *bytes, size_t size)
{
	char *to;

	if (walk->out == NULL)
		return true;
	to = reserve(walk, 1 + head_size + size);
	if (to == NULL)
		return false;
	to[0] = (char)op;
	if (head_size != 0)
		memcpy(to + 1, head, head_size);
	if (size != 0)
		memcpy(to + 1 + head_size, bytes, size);
	walk->out->len += 1 + head_size + size;
	return true;
}

// A name reference and, when it is inline, the entry (1.9, 2.3).
static bool take_name(struct walk *walk, struct name *name)
{
	struct binxml_input *in = walk->in;
	uint32_t at;
	uint32_t size;

	if (left(walk) < 4)
		return fail(walk, "a name is cut off");
	if (in->references != NULL)
		buf_put(in->references, &in->at, sizeof(in->at));
	at = load_u32(here(walk));
	in->at += 4;
	if (at < CHUNK_HEADER_SIZE || at > CHUNK_SIZE - 10)
		return fail(walk, "a name lies outside the chunk");
	size = 2u * load_u16(in->chunk + at + 6);
	if (size > CHUNK_SIZE - 10 - at)
		return fail(walk, "a name lies outside the chunk");
	if (size > 2 * LIMIT_XML_NAME)
		return fail(walk, "a name is too long");
	name->units = in->chunk + at + 8;
	name->size = size;
	if (in->strict && (load_u16(name->units + size) != 0 ||
			   load_u16(in->chunk + at + 4) != chunk_hash(name->units, size)))
		return fail(walk, "a name's hash is wrong");
	if (at != in->at)
		return true;
	if (10 + size > left(walk))
		return fail(walk, "a name is cut off");
	in->at += 10 + size;
	return true;
}

static bool put_name(struct walk *walk, enum form_op op, struct name *name)
{
	uint16_t size;

	if (!take_name(walk, name))
		return false;
	size = (uint16_t)name->size;
	return put(walk, op, &size, sizeof(size), name->units, name->size);
}

// u16 units and the units.
static bool take_units(struct walk *walk, struct name *text)
{
	if (left(walk) < 2)
		return fail(walk, "text is cut off");
	text->size = 2u * load_u16(here(walk));
	walk->in->at += 2;
	if (text->size > left(walk))
		return fail(walk, "text is cut off");
	text->units = here(walk);
	walk->in->at += text->size;
	return true;
}

static bool put_text(struct walk *walk)
{
	struct buf *slices = walk->in->slices;
	struct name text;
	struct binxml_slice slice;
	uint16_t number;

	if (!take_units(walk, &text))
		return false;
	if (slices == NULL || text.size == 0 || walk->is_name)
		return put(walk, FORM_TEXT, &text.size, sizeof(text.size), text.units, text.size);
	// Each takes three bytes of the chunk or more.
	number = (uint16_t)(slices->len / sizeof(slice));
	slice.at = (uint16_t)(text.units - walk->in->chunk);
	slice.size = (uint16_t)text.size;
	buf_put(slices, &slice, sizeof(slice));
	return put(walk, FORM_SLICE, &number, sizeof(number), NULL, 0);
}

static bool put_unit(struct walk *walk, uint16_t unit)
{
	unsigned char bytes[2] = {(unsigned char)unit, (unsigned char)(unit >> 8)};
	uint32_t size = sizeof(bytes);

	return put(walk, FORM_TEXT, &size, sizeof(size), bytes, sizeof(bytes));
}

static bool name_is(const struct name *name, const char *text)
{
	size_t len = strlen(text);

	if (name->size != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (load_u16(name->units + 2 * i) != (unsigned char)text[i])
			return false;
	}
	return true;
}

static bool put_entity(struct walk *walk)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
	struct name name;
	uint32_t size;

	if (!take_name(walk, &name))
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (name_is(&name, known[i].name))
			return put_unit(walk, (uint16_t)known[i].c);
	}
	// Shown as it would stand in XML.
	size = name.size;
	return put_unit(walk, '&') &&
	       put(walk, FORM_TEXT, &size, sizeof(size), name.units, name.size) &&
	       put_unit(walk, ';');
}

static bool put_substitution(struct walk *walk, unsigned token)
{
	if (walk->in->context != BINXML_TEMPLATE)
		return fail(walk, "a substitution stands outside a template");
	if (left(walk) < 3)
		return fail(walk, "a substitution is cut off");
	if (!put(walk, token == TOKEN_OPTIONAL ? FORM_OPTIONAL : FORM_NORMAL, here(walk), 3, NULL,
		 0))
		return false;
	walk->in->at += 3;
	return true;
}

// One token of character data, which is due.
static bool take_data(struct walk *walk)
{
	unsigned token = *here(walk) & ~TOKEN_MORE;
	uint16_t unit;

	walk->in->at++;
	switch (token) {
	case TOKEN_TEXT:
		if (left(walk) < 1 || *here(walk) != 1)
			return fail(walk, "literal text is no string");
		walk->in->at++;
		return put_text(walk);
	case TOKEN_CDATA:
		return put_text(walk);
	case TOKEN_CHAR:
		if (left(walk) < 2)
			return fail(walk, "a character is cut off");
		unit = load_u16(here(walk));
		walk->in->at += 2;
		return put_unit(walk, unit);
	case TOKEN_ENTITY:
		return put_entity(walk);
	case TOKEN_NORMAL:
	case TOKEN_OPTIONAL:
		return put_substitution(walk, token);
	default:
		return fail(walk, "an unknown token");
	}
}

static bool is_data(unsigned token)
{
	token &= ~TOKEN_MORE;
	return token == TOKEN_TEXT || token == TOKEN_CDATA || token == TOKEN_CHAR ||
	       token == TOKEN_ENTITY || token == TOKEN_NORMAL || token == TOKEN_OPTIONAL;
}

// Behind a prefix.
static bool local_name_is(const struct name *name, const char *text)
{
	uint32_t size = 2 * (uint32_t)strlen(text);
	struct name local = {name->units + name->size - size, size};

	return name->size >= size && name_is(&local, text) &&
	       (name->size == size || load_u16(local.units - 2) == ':');
}

static bool take_attributes(struct walk *walk, bool names_field)
{
	struct binxml_input *in = walk->in;
	struct name name;
	uint32_t end = in->end;
	uint32_t size;

	if (left(walk) < 4)
		return fail(walk, "an attribute list is cut off");
	size = load_u32(here(walk));
	in->at += 4;
	if (size > left(walk))
		return fail(walk, "an attribute list is larger than its element");
	in->end = in->at + size;
	while (in->at < in->end) {
		if ((*here(walk) & ~TOKEN_MORE) != TOKEN_ATTRIBUTE)
			return fail(walk, "no attribute where one is due");
		in->at++;
		if (!put_name(walk, FORM_ATTRIBUTE, &name))
			return false;
		walk->is_name = names_field && local_name_is(&name, "Name");
		while (in->at < in->end && is_data(*here(walk))) {
			if (!take_data(walk))
				return false;
		}
	}
	walk->is_name = false;
	in->end = end;
	return true;
}

// The head of an element, up to and including the end of its start tag. The
// window narrows to the element.
static bool take_start(struct walk *walk)
{
	struct binxml_input *in = walk->in;
	bool attributes = *here(walk) == (TOKEN_ELEMENT | TOKEN_MORE);
	uint32_t head = in->context == BINXML_TEMPLATE ? 7 : 5;
	struct name name;
	uint32_t size;

	if (walk->depth == LIMIT_XML_DEPTH)
		return fail(walk, "elements are nested too deep");
	if (left(walk) < head)
		return fail(walk, "an element is cut off");
	size = load_u32(here(walk) + head - 4);
	in->at += head;
	if (size > left(walk))
		return fail(walk, "an element is larger than what holds it");
	walk->ends[walk->depth++] = in->end;
	in->end = in->at + size;
	if (!put_name(walk, FORM_ELEMENT, &name))
		return false;
	// Only where texts are set apart does it matter what names a field.
	if (attributes &&
	    !take_attributes(walk, in->slices != NULL && local_name_is(&name, "Data")))
		return false;
	if (left(walk) < 1)
		return fail(walk, "an element has no end");
	return put(walk, FORM_CONTENT, NULL, 0, NULL, 0);
}

static bool take_end(struct walk *walk)
{
	struct binxml_input *in = walk->in;

	in->at++;
	if (in->at != in->end)
		return fail(walk, "an element's size is wrong");
	in->end = walk->ends[--walk->depth];
	return put(walk, FORM_END, NULL, 0, NULL, 0);
}

// Processing instructions become no field.
static bool skip_instruction(struct walk *walk, unsigned token)
{
	struct name name;

	walk->in->at++;
	return token == TOKEN_PI_TARGET ? take_name(walk, &name) : take_units(walk, &name);
}

enum rc binxml_skip_instance(struct binxml_input *input, const char **why)
{
	struct binxml_instance instance;
	uint64_t end;

	if (binxml_instance(input, &instance, why) != RC_OK)
		return RC_FAILED;
	end = instance.values;
	for (uint32_t i = 0; i < instance.count; i++)
		end += load_u16(input->chunk + instance.descriptors + 4 * (size_t)i);
	if (end > input->end) {
		*why = "values are larger than what holds them";
		return RC_FAILED;
	}
	input->at = (uint32_t)end;
	return RC_OK;
}

static bool put_instance(struct walk *walk)
{
	uint32_t start = walk->in->at;

	if (walk->in->context == BINXML_TEMPLATE)
		return fail(walk, "a template holds a template");
	if (walk->in->strict)
		return fail(walk, "an element holds a template");
	if (binxml_skip_instance(walk->in, &walk->why) != RC_OK)
		return false;
	return put(walk, FORM_INSTANCE, &start, sizeof(start), NULL, 0);
}

static bool take_content(struct walk *walk)
{
	unsigned token = *here(walk);

	switch (token) {
	case TOKEN_END:
		return take_end(walk);
	case TOKEN_PI_TARGET:
	case TOKEN_PI_DATA:
		return skip_instruction(walk, token);
	case TOKEN_INSTANCE:
		return put_instance(walk);
	default:
		return take_data(walk);
	}
}

static bool is_start(unsigned token)
{
	return (token & ~TOKEN_MORE) == TOKEN_ELEMENT;
}

// A start tag and, when the element is empty, its end.
static bool take_element(struct walk *walk)
{
	if (!take_start(walk))
		return false;
	if (*here(walk) == TOKEN_CLOSE_EMPTY)
		return take_end(walk);
	if (*here(walk) != TOKEN_CLOSE_START)
		return fail(walk, "a start tag has no end");
	walk->in->at++;
	return true;
}

enum rc binxml_element(struct binxml_input *input, struct buf *out, size_t room, const char **why)
{
	struct walk walk;
	bool ok = true;

	walk.in = input;
	walk.out = out;
	walk.limit = out != NULL ? out->len + room : 0;
	walk.why = "no element where one is due";
	walk.depth = 0;
	walk.is_name = false;
	if (input->at >= input->end || !is_start(input->chunk[input->at]))
		ok = false;
	else
		ok = take_element(&walk);
	while (ok && walk.depth > 0) {
		if (input->at >= input->end)
			ok = fail(&walk, "an element has no end");
		else if (is_start(*here(&walk)))
			ok = take_element(&walk);
		else
			ok = take_content(&walk);
	}
	if (ok)
		return RC_OK;
	*why = walk.why;
	return RC_FAILED;
}

enum rc binxml_instruction(struct binxml_input *input, const char **why)
{
	struct walk walk;

	walk.in = input;
	walk.why = NULL;
	if (skip_instruction(&walk, input->chunk[input->at]))
		return RC_OK;
	*why = walk.why;
	return RC_FAILED;
}
