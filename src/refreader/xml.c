// SPDX-License-Identifier: Apache-2.0
// expat events -> event fields.
#include "refreader/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "refreader/differences.h"
#include "refreader/mend.h"

// An open element.
struct frame {
	struct str name; // what a field of its text is called
	struct str path; // below Event
	enum field_section section;
	size_t text;	     // where its text starts in the reader's buffer
	bool has_children;   // its text is only layout then
	bool has_attributes; // that became fields
};

struct xml_reader {
	XML_Parser parser;
	struct event *event;
	struct err *err;
	bool failed;
	struct frame frames[LIMIT_XML_DEPTH];
	size_t depth;
	size_t names;	      // bytes of names and paths that were made so far
	struct buf text;      // of the open elements, innermost last
	struct field *fields; // collected before they go to the event's arena
	size_t count;
	size_t cap;
};

struct xml_reader *xml_reader_new(void)
{
	return mem_zalloc(sizeof(struct xml_reader));
}

void xml_reader_free(struct xml_reader *reader)
{
	if (reader == NULL)
		return;
	XML_ParserFree(reader->parser);
	buf_release(&reader->text);
	free(reader->fields);
	free(reader);
}

static void stop(struct xml_reader *reader, const char *why)
{
	if (!reader->failed)
		err_set(reader->err, "%s", why);
	reader->failed = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

static struct str local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return str_from(colon != NULL ? colon + 1 : name);
}

static bool is_namespace(const char *name)
{
	return strcmp(name, "xmlns") == 0 || strncmp(name, "xmlns:", 6) == 0;
}

// What the schema says about System ([MS-EVEN6], event.xsd).
static const struct {
	struct str path;
	enum value_type type;
} system_types[] = {
	{STR_INIT("System/Provider@Guid"), VALUE_GUID},
	{STR_INIT("System/EventID"), VALUE_UINT16},
	{STR_INIT("System/EventID@Qualifiers"), VALUE_UINT16},
	{STR_INIT("System/Version"), VALUE_UINT8},
	{STR_INIT("System/Level"), VALUE_UINT8},
	{STR_INIT("System/Task"), VALUE_UINT16},
	{STR_INIT("System/Opcode"), VALUE_UINT8},
	{STR_INIT("System/Keywords"), VALUE_HEX64},
	{STR_INIT("System/TimeCreated@SystemTime"), VALUE_FILETIME},
	{STR_INIT("System/EventRecordID"), VALUE_UINT64},
	{STR_INIT("System/Correlation@ActivityID"), VALUE_GUID},
	{STR_INIT("System/Correlation@RelatedActivityID"), VALUE_GUID},
	{STR_INIT("System/Execution@ProcessID"), VALUE_UINT32},
	{STR_INIT("System/Execution@ThreadID"), VALUE_UINT32},
	{STR_INIT("System/Execution@SessionID"), VALUE_UINT32},
	{STR_INIT("System/Execution@ProcessorID"), VALUE_UINT16},
	{STR_INIT("System/Execution@KernelTime"), VALUE_UINT32},
	{STR_INIT("System/Execution@UserTime"), VALUE_UINT32},
	{STR_INIT("System/Execution@ProcessorTime"), VALUE_UINT64},
	{STR_INIT("System/Security@UserID"), VALUE_SID},
};

// The type for a number of System, which has no form of its own; a Version
// such as "101.1" stays text.
static void infer_system_type(struct str path, struct value *value)
{
	uint64_t number;

	if (value->source != VALUE_STRING || !value_to_u64(value, &number))
		return;
	for (size_t i = 0; i < sizeof(system_types) / sizeof(system_types[0]); i++) {
		if (str_eq(path, system_types[i].path))
			value->source = (uint16_t)system_types[i].type;
	}
}

static void add_field(struct xml_reader *reader, struct str name, struct str path,
		      enum field_section section, struct str text)
{
	struct arena *arena = reader->event->arena;
	struct field *field;

	if (reader->count == LIMIT_RECORD_FIELDS) {
		stop(reader, "the record has too many fields");
		return;
	}
	mem_grow(&reader->fields, &reader->cap, reader->count + 1, sizeof(*reader->fields));
	field = &reader->fields[reader->count++];
	*field = (struct field){.name = name, .path = path, .section = section};
	field->value = difference_undo(arena_str(arena, mend_decode(text, arena)), arena);
	if (section == FIELD_SYSTEM)
		infer_system_type(path, &field->value);
	if (str_eq(name, STR("Binary")))
		field->value.source = VALUE_BINARY;
}

// The Name attribute of a Data element, which stands for the tag in names and
// paths unless it is empty; NULL when it has none.
static const char *data_name(const struct frame *frame, struct str tag, const char **attributes)
{
	if (frame->section != FIELD_EVENT_DATA || !str_eq(tag, STR("Data")))
		return NULL;
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(attributes[i], "Name") == 0)
			return attributes[i + 1];
	}
	return NULL;
}

// Paths are as long as elements are deep: their bytes can be a thousand times those of the XML.
static bool take_names(struct xml_reader *reader, size_t bytes)
{
	reader->names += bytes;
	if (reader->names > LIMIT_XML_NAMES)
		stop(reader, "the record's names are too long");
	return !reader->failed;
}

static void name_frame(struct xml_reader *reader, struct frame *frame, struct str tag,
		       const char *data)
{
	struct arena *arena = reader->event->arena;
	const struct frame *parent = frame - 1;

	if (data != NULL && data[0] != '\0')
		tag = mend_decode(str_from(data), arena);
	if (!take_names(reader, 2 * tag.len + (reader->depth > 1 ? parent->path.len : 0)))
		return;
	frame->name = arena_str(arena, tag);
	if (reader->depth <= 2) {
		frame->path = reader->depth == 2 ? frame->name : (struct str){NULL, 0};
		return;
	}
	frame->path = arena_printf(arena, "%.*s/%.*s", STR_ARG(parent->path), STR_ARG(frame->name));
}

static void add_attribute(struct xml_reader *reader, struct frame *frame, const char *name,
			  const char *value)
{
	struct arena *arena = reader->event->arena;
	struct str local = local_name(name);

	frame->has_attributes = true;
	if (!take_names(reader, frame->name.len + frame->path.len + 2 * local.len))
		return;
	add_field(reader, arena_printf(arena, "%.*s_%.*s", STR_ARG(frame->name), STR_ARG(local)),
		  arena_printf(arena, "%.*s@%.*s", STR_ARG(frame->path), STR_ARG(local)),
		  frame->section, str_from(value));
}

static void XMLCALL on_start(void *user, const char *name, const char **attributes)
{
	struct xml_reader *reader = user;
	struct frame *frame;
	struct str tag = local_name(name);
	const char *data;

	if (reader->failed)
		return;
	if (reader->depth == LIMIT_XML_DEPTH) {
		stop(reader, "the record's elements are nested too deep");
		return;
	}
	if (reader->depth == 0 && !str_eq(tag, STR("Event"))) {
		stop(reader, "the record is not an Event");
		return;
	}
	frame = &reader->frames[reader->depth++];
	*frame = (struct frame){.text = reader->text.len, .section = FIELD_OTHER};
	if (reader->depth == 2)
		frame->section = event_section(tag);
	else if (reader->depth > 2)
		frame->section = frame[-1].section;
	if (reader->depth > 1)
		frame[-1].has_children = true;
	data = data_name(frame, tag, attributes);
	name_frame(reader, frame, tag, data);
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (!is_namespace(attributes[i]) && attributes[i + 1] != data)
			add_attribute(reader, frame, attributes[i], attributes[i + 1]);
	}
}

// An element's text is a field when there is any. An empty element is one too,
// unless it only structures or only carries attributes.
static bool has_text_field(const struct xml_reader *reader, const struct frame *frame,
			   struct str text)
{
	if (frame->has_children)
		return str_trim(text).len != 0;
	if (text.len != 0)
		return true;
	return reader->depth > 2 && !frame->has_attributes &&
	       !event_is_carrier(frame->section, frame->name);
}

static struct str text_field_name(struct xml_reader *reader, const struct frame *frame)
{
	if (frame->section != FIELD_RENDERING || str_eq(frame->name, STR("Message")))
		return frame->name;
	return arena_printf(reader->event->arena, "%.*s_Text", STR_ARG(frame->name));
}

static void XMLCALL on_end(void *user, const char *name)
{
	struct xml_reader *reader = user;
	const struct frame *frame;
	struct str text;

	(void)name;
	if (reader->failed)
		return;
	frame = &reader->frames[reader->depth - 1];
	text = str_sub(buf_str(&reader->text), frame->text, SIZE_MAX);
	if (has_text_field(reader, frame, text))
		add_field(reader, text_field_name(reader, frame), frame->path, frame->section,
			  text);
	reader->text.len = frame->text;
	reader->depth--;
}

static void XMLCALL on_text(void *user, const char *bytes, int len)
{
	struct xml_reader *reader = user;

	if (!reader->failed)
		buf_put(&reader->text, bytes, (size_t)len);
}

// Entities are how a small document becomes a huge one; a record has none.
static void XMLCALL on_doctype(void *user, const char *name, const char *system_id,
			       const char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	stop(user, "the record holds a DOCTYPE");
}

static void reset(struct xml_reader *reader, struct event *event, struct err *err)
{
	if (reader->parser == NULL)
		reader->parser = XML_ParserCreate("UTF-8");
	else
		XML_ParserReset(reader->parser, "UTF-8");
	if (reader->parser == NULL)
		mem_exhausted(0);
	XML_SetUserData(reader->parser, reader);
	XML_SetElementHandler(reader->parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader->parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
	reader->event = event;
	reader->err = err;
	reader->failed = false;
	reader->depth = 0;
	reader->names = 0;
	reader->count = 0;
	buf_reset(&reader->text);
}

enum rc xml_read_event(struct xml_reader *reader, struct str xml, struct event *event,
		       struct err *err)
{
	reset(reader, event, err);
	if (xml.len > LIMIT_RECORD_XML * 8u) {
		err_set(err, "the record's XML is too large");
		return RC_FAILED;
	}
	if (XML_Parse(reader->parser, xml.ptr, (int)xml.len, 1) != XML_STATUS_OK) {
		if (!reader->failed)
			err_set(err, "the record's XML is malformed: %s",
				XML_ErrorString(XML_GetErrorCode(reader->parser)));
		return RC_FAILED;
	}
	event->fields = arena_array(event->arena, reader->count, sizeof(*event->fields));
	event->count = reader->count;
	if (reader->count != 0)
		memcpy(event->fields, reader->fields, reader->count * sizeof(*event->fields));
	event_index_system(event);
	return RC_OK;
}
