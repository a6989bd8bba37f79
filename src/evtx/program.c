// SPDX-License-Identifier: Apache-2.0
// The form of an element -> steps.
#include "evtx/program.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "evtx/binxml.h"

// An open element.
struct frame {
	struct str name;
	struct str path;
	enum field_section section;
	size_t guard; // its two reserved steps: STEP_GUARD, STEP_OPEN
	struct part *parts;
	struct part **parts_end;
	size_t nest;		      // behind its last STEP_NEST
	const struct part *data_name; // Name of a Data that is no literal
	bool is_optional;	      // `optional` is its first optional value
	uint32_t optional;
	bool has_attributes, may_have_attributes;
	bool has_children, may_have_children;
};

struct compiler {
	struct frame frames[LIMIT_XML_DEPTH + 1]; // [0]: the place around
	size_t depth;
	struct step *steps;
	size_t count;
	size_t cap;
	struct arena *arena;
	const char *at, *end; // of the form
	size_t *room;
	const char *why;
};

struct compiler *compiler_new(void)
{
	return mem_zalloc(sizeof(struct compiler));
}

void compiler_free(struct compiler *compiler)
{
	if (compiler == NULL)
		return;
	free(compiler->steps);
	free(compiler);
}

struct place_in place_of(enum place_kind kind)
{
	struct place_in place = {.kind = kind, .section = FIELD_OTHER};

	if (kind == PLACE_EVENT)
		place.depth = 1;
	if (kind == PLACE_USER_DATA) {
		place.depth = 2;
		place.section = FIELD_USER_DATA;
		place.path = STR("UserData");
	}
	return place;
}

struct place_in place_below(const struct step *step)
{
	struct place_in place = {PLACE_OTHER, step->depth, step->field.section, step->field.path};

	if (step->depth == 1)
		return place_of(PLACE_EVENT);
	if (step->depth == 2 && str_eq(step->field.path, STR("UserData")))
		return place_of(PLACE_USER_DATA);
	return place;
}

static bool fail(struct compiler *c, const char *why)
{
	c->why = why;
	return false;
}

// What is made of a form is charged before it is made.
static bool charge(struct compiler *c, size_t size)
{
	if (size > *c->room)
		return fail(c, BINXML_NO_ROOM);
	*c->room -= size;
	return true;
}

static struct step *add_step(struct compiler *c, enum step_op op, const struct frame *frame)
{
	struct step *step;

	mem_grow(&c->steps, &c->cap, c->count + 1, sizeof(*c->steps));
	step = &c->steps[c->count++];
	memset(step, 0, sizeof(*step));
	step->op = (uint8_t)op;
	step->depth = (uint16_t)c->depth;
	step->field.name = frame->name;
	step->field.path = frame->path;
	step->field.section = frame->section;
	step->name = frame->data_name;
	if (step->name != NULL)
		step->flags = STEP_NAMED;
	return step;
}

static uint32_t take_u16(struct compiler *c)
{
	uint32_t value = load_u16((const unsigned char *)c->at);

	c->at += 2;
	return value;
}

static struct str take_bytes(struct compiler *c, size_t size)
{
	struct str bytes = {c->at, size};

	c->at += size;
	return bytes;
}

// The form has native u16 and u32.
static uint32_t take_native(struct compiler *c, size_t size)
{
	uint16_t narrow;
	uint32_t wide = 0;

	if (size == sizeof(narrow)) {
		memcpy(&narrow, take_bytes(c, size).ptr, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, take_bytes(c, size).ptr, sizeof(wide));
	return wide;
}

// A name behind its prefix, as UTF-8.
static struct str take_name(struct compiler *c, bool *is_namespace)
{
	size_t size = take_native(c, sizeof(uint16_t));
	struct str bytes = take_bytes(c, size);
	struct str name = utf16_to_utf8(c->arena, bytes.ptr, bytes.len);

	*is_namespace = str_eq(name, STR("xmlns")) || str_starts(name, STR("xmlns:"));
	for (size_t i = name.len; i > 0; i--) {
		if (name.ptr[i - 1] == ':')
			return str_sub(name, i, name.len);
	}
	return name;
}

static bool at_data(const struct compiler *c)
{
	return c->at < c->end && *c->at >= FORM_TEXT && *c->at <= FORM_OPTIONAL;
}

// One token of text. Literals are converted now, once; texts of a record are
// values.
static struct part *take_part(struct compiler *c, struct frame *frame, enum value_type *declared)
{
	struct part *part = arena_zalloc(c->arena, sizeof(*part));
	enum form_op op = (enum form_op) * c->at++;
	struct str bytes;

	*declared = VALUE_STRING;
	if (op == FORM_NORMAL || op == FORM_OPTIONAL) {
		part->index = take_u16(c);
		*declared = (enum value_type)(unsigned char)*c->at++;
		if (op == FORM_OPTIONAL && frame != NULL && !frame->is_optional) {
			frame->is_optional = true;
			frame->optional = part->index;
		}
		return part;
	}
	if (op == FORM_SLICE) {
		part->index = take_native(c, sizeof(uint16_t));
		part->is_text = true;
		return part;
	}
	bytes = take_bytes(c, take_native(c, sizeof(uint32_t)));
	part->literal = value_of_text(utf16_to_utf8(c->arena, bytes.ptr, bytes.len), VALUE_STRING);
	return part;
}

// The parts of an attribute.
static const struct part *take_attribute_parts(struct compiler *c)
{
	struct part *first = NULL;
	struct part **end = &first;
	enum value_type declared;

	while (at_data(c)) {
		*end = take_part(c, NULL, &declared);
		end = &(*end)->next;
	}
	return first;
}

static bool is_literal(const struct part *parts)
{
	for (; parts != NULL; parts = parts->next) {
		if (parts->literal.type == VALUE_NULL)
			return false;
	}
	return true;
}

static struct value literal_value(struct compiler *c, const struct part *parts)
{
	struct buf text = {0};
	struct value value;

	if (parts == NULL)
		return value_of_text((struct str){NULL, 0}, VALUE_STRING);
	if (parts->next == NULL)
		return parts->literal;
	for (; parts != NULL; parts = parts->next) {
		// Converted apart: a pair of surrogates is never split in two tokens
		// by Windows.
		buf_put_str(&text, value_text(&parts->literal, c->arena));
	}
	value = value_of_text(arena_str(c->arena, buf_str(&text)), VALUE_STRING);
	buf_release(&text);
	return value;
}

static struct str join(struct compiler *c, struct str a, const char *between, struct str b)
{
	size_t middle = strlen(between);
	char *out;

	if (!charge(c, a.len + middle + b.len))
		return (struct str){NULL, 0};
	out = arena_alloc(c->arena, a.len + middle + b.len);
	if (a.len != 0)
		memcpy(out, a.ptr, a.len);
	memcpy(out + a.len, between, middle);
	if (b.len != 0)
		memcpy(out + a.len + middle, b.ptr, b.len);
	return (struct str){out, a.len + middle + b.len};
}

// The Name of a Data element, which stands for its tag in names and paths
// unless it is empty.
static void take_data_name(struct compiler *c, struct frame *frame)
{
	const char *start = c->at;
	bool is_namespace;

	while (c->at < c->end && *c->at == FORM_ATTRIBUTE) {
		const struct part *parts;
		struct str name;

		c->at++;
		name = take_name(c, &is_namespace);
		parts = take_attribute_parts(c);
		if (is_namespace || !str_eq(name, STR("Name")))
			continue;
		if (is_literal(parts)) {
			struct value value = literal_value(c, parts);
			struct str text = value_text(&value, c->arena);

			if (text.len != 0)
				frame->name = text;
		} else {
			frame->data_name = parts;
		}
		break;
	}
	c->at = start;
}

static void add_attribute(struct compiler *c, struct frame *frame, struct str name,
			  const struct part *parts)
{
	struct step *step;

	if (is_literal(parts)) {
		struct value value = literal_value(c, parts);

		if (value.len == 0)
			return;
		step = add_step(c, STEP_LITERAL, frame);
		step->field.value = value;
		frame->has_attributes = true;
	} else {
		step = add_step(c, parts->next == NULL ? STEP_ATTRIBUTE : STEP_MIXED_ATTRIBUTE,
				frame);
		step->parts = parts;
		step->index = parts->index;
		if (parts->is_text && parts->next == NULL)
			frame->has_attributes = true;
		else
			frame->may_have_attributes = true;
	}
	step->field.name = join(c, frame->name, "_", name);
	step->field.path = join(c, frame->path, "@", name);
}

static void take_attributes(struct compiler *c, struct frame *frame, bool is_data)
{
	while (*c->at == FORM_ATTRIBUTE) {
		const struct part *parts;
		struct str name;
		bool is_namespace;

		c->at++;
		name = take_name(c, &is_namespace);
		parts = take_attribute_parts(c);
		if (is_data && !is_namespace && str_eq(name, STR("Name")))
			is_data = false; // it is the field's name; only the first counts
		else if (!is_namespace)
			add_attribute(c, frame, name, parts);
	}
}

static bool open_element(struct compiler *c)
{
	struct frame *frame;
	const struct frame *parent = &c->frames[c->depth];
	bool is_namespace;
	bool is_data;

	if (c->depth == LIMIT_XML_DEPTH)
		return fail(c, "elements are nested too deep");
	// The two steps and some parts.
	if (!charge(c, 4 * sizeof(struct step)))
		return false;
	frame = &c->frames[++c->depth];
	memset(frame, 0, sizeof(*frame));
	frame->parts_end = &frame->parts;
	frame->name = take_name(c, &is_namespace);
	if (c->depth == 1 && !str_eq(frame->name, STR("Event")))
		return fail(c, "the record is no Event");
	frame->section = c->depth == 1	 ? FIELD_OTHER
			 : c->depth == 2 ? event_section(frame->name)
					 : parent->section;
	is_data = frame->section == FIELD_EVENT_DATA && str_eq(frame->name, STR("Data"));
	if (is_data)
		take_data_name(c, frame);
	if (c->depth == 2)
		frame->path = frame->name;
	else if (c->depth > 2)
		frame->path = join(c, parent->path, "/", frame->name);
	frame->guard = c->count;
	add_step(c, STEP_NONE, frame);
	add_step(c, STEP_NONE, frame);
	take_attributes(c, frame, is_data);
	c->at++; // FORM_CONTENT
	return c->why == NULL;
}

static bool take_data(struct compiler *c)
{
	struct frame *frame = &c->frames[c->depth];
	enum value_type declared;
	struct part *part;
	struct step *step;

	if (!charge(c, sizeof(struct step)))
		return false;
	part = take_part(c, frame, &declared);
	*frame->parts_end = part;
	frame->parts_end = &part->next;
	if (declared != VALUE_BINXML)
		return true;
	// What it is, its descriptor says (2.5): text, if not BinXML.
	part->is_nest = true;
	step = add_step(c, STEP_NEST, frame);
	step->index = part->index;
	step->below = (uint8_t)place_below(step).kind;
	frame->nest = c->count;
	frame->may_have_children = true;
	return true;
}

static bool take_instance(struct compiler *c)
{
	struct frame *frame = &c->frames[c->depth];

	if (!charge(c, sizeof(struct step)))
		return false;
	c->at++;
	add_step(c, STEP_INSTANCE, frame)->index = take_native(c, sizeof(uint32_t));
	frame->may_have_children = true;
	return true;
}

static void name_text_field(struct compiler *c, struct step *step, const struct frame *frame)
{
	if (frame->section == FIELD_RENDERING && !str_eq(frame->name, STR("Message")))
		step->field.name = join(c, frame->name, "_Text", (struct str){NULL, 0});
}

// The step for a text that is known only when there is a record.
static struct step *add_text(struct compiler *c, const struct frame *frame)
{
	const struct part *parts = frame->parts;
	bool has_children = frame->has_children || frame->may_have_children;
	bool is_value = parts != NULL && parts->next == NULL && !is_literal(parts);
	struct step *step;

	// Nearly all templates that hold others: no step more for each record.
	if (is_value && parts->is_nest && frame->nest == c->count) {
		step = &c->steps[c->count - 1];
		step->flags |= STEP_LAST;
	} else {
		step = add_step(c, is_value && !has_children ? STEP_VALUE : STEP_MIXED, frame);
	}
	step->parts = parts;
	step->index = parts != NULL ? parts->index : 0;
	step->target = (uint32_t)frame->guard + 2;
	return step;
}

// An element's text is a field when there is any. An empty element is one too,
// unless it only structures or only carries attributes. With child elements,
// blanks count as layout.
static void text_step(struct compiler *c, struct frame *frame)
{
	bool may_be_empty = c->depth > 2 && !frame->has_attributes && !frame->has_children &&
			    !event_is_carrier(frame->section, frame->name);
	bool has_children = frame->has_children || frame->may_have_children;
	bool depends = frame->may_have_attributes || frame->may_have_children;
	struct step *step;

	if (is_literal(frame->parts)) {
		struct value value = literal_value(c, frame->parts);

		if (value.len == 0 && !may_be_empty)
			return;
		if (value.len != 0 ? !has_children : !depends) {
			step = add_step(c, STEP_LITERAL, frame);
			step->field.value = value;
			name_text_field(c, step, frame);
			return;
		}
	}
	step = add_text(c, frame);
	// A value among others can be BinXML.
	if (step->op == STEP_MIXED && !is_literal(frame->parts))
		frame->may_have_children = true;
	if (may_be_empty)
		step->flags |= STEP_IF_EMPTY;
	if (frame->has_children)
		step->flags |= STEP_NOT_BLANK;
	if (frame->may_have_attributes || frame->may_have_children)
		step->flags |= STEP_OPENED;
	name_text_field(c, step, frame);
}

static bool close_element(struct compiler *c)
{
	struct frame *frame = &c->frames[c->depth];
	struct frame *parent = frame - 1;
	struct step *guard;

	c->at++;
	text_step(c, frame);
	// A null payload drops neither Event nor its System (2.4).
	if (frame->is_optional && c->depth > 1) {
		guard = &c->steps[frame->guard];
		guard->op = STEP_GUARD;
		guard->index = frame->optional;
		guard->target = (uint32_t)c->count;
		parent->may_have_children = true;
	} else {
		parent->has_children = true;
	}
	if (frame->may_have_attributes || frame->may_have_children)
		c->steps[frame->guard + 1].op = STEP_OPEN;
	c->depth--;
	return c->why == NULL;
}

static bool run(struct compiler *c)
{
	while (c->at < c->end) {
		bool ok;

		switch (*c->at) {
		case FORM_ELEMENT:
			c->at++;
			ok = open_element(c);
			break;
		case FORM_END:
			ok = close_element(c);
			break;
		case FORM_INSTANCE:
			ok = take_instance(c);
			break;
		default:
			ok = take_data(c);
			break;
		}
		if (!ok)
			return false;
	}
	return true;
}

enum rc program_compile(struct compiler *compiler, struct str form, struct place_in place,
			struct arena *arena, size_t *room, struct evtx_program **out,
			const char **why)
{
	struct compiler *c = compiler;
	struct frame *around = &c->frames[place.depth];
	size_t before = *room;

	c->arena = arena;
	c->at = form.ptr;
	c->end = form.ptr + form.len;
	c->room = room;
	c->why = NULL;
	c->count = 0;
	c->depth = place.depth;
	memset(around, 0, sizeof(*around));
	around->section = place.section;
	around->path = place.path;
	if (!charge(c, form.len * 2) || !run(c)) {
		*why = c->why;
		return RC_FAILED;
	}
	*out = program_finish(c->steps, c->count, arena);
	(*out)->cost = before - *room;
	return RC_OK;
}
