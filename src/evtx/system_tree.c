// SPDX-License-Identifier: Apache-2.0
// Layout A: 18 values in a fixed order; only Computer is literal.
#include "evtx/system_tree.h"

#include "base/text.h"

#define XMLNS "http://schemas.microsoft.com/win/2004/08/events/event"

// The values by index.
enum {
	LEVEL,
	OPCODE,
	TASK,
	EVENT_ID,
	QUALIFIERS,
	KEYWORDS,
	TIME,
	ACTIVITY,
	PROCESS,
	THREAD,
	RECORD_ID,
	VERSION,
	USER,
	RELATED_ACTIVITY,
	PROVIDER,
	PROVIDER_GUID,
	CHANNEL,
	PAYLOAD,
	VALUE_COUNT
};

// The type that the template declares for each; the value may be null.
static const enum value_type types[VALUE_COUNT] = {
	VALUE_UINT8,	VALUE_UINT8, VALUE_UINT16, VALUE_UINT16, VALUE_UINT16, VALUE_HEX64,
	VALUE_FILETIME, VALUE_GUID,  VALUE_UINT32, VALUE_UINT32, VALUE_UINT64, VALUE_UINT8,
	VALUE_SID,	VALUE_GUID,  VALUE_STRING, VALUE_GUID,	 VALUE_STRING, VALUE_BINXML,
};

struct system {
	struct arena *arena;
	struct slot slots[VALUE_COUNT];
};

static void set(struct system *s, uint16_t index, struct value value)
{
	s->slots[index] = slot_optional(index, types[index], value);
}

static void set_uint(struct system *s, uint16_t index, size_t size, uint64_t number)
{
	set(s, index, value_of_uint(s->arena, types[index], size, number));
}

static void set_bytes(struct system *s, uint16_t index, const void *bytes, size_t len)
{
	struct value value = {bytes, (uint32_t)len, (uint16_t)types[index], 0};

	set(s, index, value);
}

static void set_text(struct system *s, uint16_t index, struct str text)
{
	struct buf units = {0};

	utf8_to_utf16(&units, text);
	text = arena_str(s->arena, buf_str(&units));
	buf_release(&units);
	set_bytes(s, index, text.ptr, text.len);
}

// Null when there is no GUID.
static void set_guid(struct system *s, uint16_t index, const unsigned char *guid)
{
	if (guid != NULL)
		set_bytes(s, index, guid, 16);
	else
		set(s, index, (struct value){0});
}

static void set_values(struct system *s, const struct evtx_event *event)
{
	set_uint(s, LEVEL, 1, event->level);
	set_uint(s, OPCODE, 1, event->opcode);
	set_uint(s, TASK, 2, event->task);
	set_uint(s, EVENT_ID, 2, event->event_id);
	set(s, QUALIFIERS, (struct value){0});
	if (event->has_qualifiers)
		set_uint(s, QUALIFIERS, 2, event->qualifiers);
	set_uint(s, KEYWORDS, 8, event->keywords);
	set_uint(s, TIME, 8, event->time);
	set_guid(s, ACTIVITY, event->activity_id);
	set_uint(s, PROCESS, 4, event->process_id);
	set_uint(s, THREAD, 4, event->thread_id);
	set_uint(s, RECORD_ID, 8, event->record_id);
	set_uint(s, VERSION, 1, event->version);
	set(s, USER, (struct value){0});
	if (event->user.len != 0)
		set_bytes(s, USER, event->user.ptr, event->user.len);
	set_guid(s, RELATED_ACTIVITY, event->related_activity_id);
	set_text(s, PROVIDER, event->provider);
	set_guid(s, PROVIDER_GUID, event->guid);
	set_text(s, CHANNEL, event->channel);
	set(s, PAYLOAD, (struct value){.type = VALUE_BINXML});
}

// An element whose content is a value.
static struct xml_element *put_value(struct system *s, struct xml_element *system, const char *name,
				     uint16_t index)
{
	struct xml_element *element = xml_child(s->arena, system, str_from(name));

	element->slot = s->slots[index];
	return element;
}

// An element with nothing but attributes.
static struct xml_element *put_empty(struct system *s, struct xml_element *system, const char *name)
{
	struct xml_element *element = xml_child(s->arena, system, str_from(name));

	element->self_closing = true;
	return element;
}

static void put_attr(struct system *s, struct xml_element *element, const char *name,
		     uint16_t index)
{
	xml_attr(s->arena, element, str_from(name), s->slots[index]);
}

static void put_provider(struct system *s, struct xml_element *system,
			 const struct evtx_event *event)
{
	struct xml_element *provider = put_empty(s, system, "Provider");

	put_attr(s, provider, "Name", PROVIDER);
	put_attr(s, provider, "Guid", PROVIDER_GUID);
	if (event->event_source_name.len != 0)
		xml_attr(s->arena, provider, STR("EventSourceName"),
			 slot_literal(event->event_source_name));
}

static void put_system(struct system *s, struct xml_element *system, const struct evtx_event *event)
{
	struct xml_element *element;

	put_provider(s, system, event);
	element = put_value(s, system, "EventID", EVENT_ID);
	put_attr(s, element, "Qualifiers", QUALIFIERS);
	put_value(s, system, "Version", VERSION);
	put_value(s, system, "Level", LEVEL);
	put_value(s, system, "Task", TASK);
	put_value(s, system, "Opcode", OPCODE);
	put_value(s, system, "Keywords", KEYWORDS);
	put_attr(s, put_empty(s, system, "TimeCreated"), "SystemTime", TIME);
	put_value(s, system, "EventRecordID", RECORD_ID);
	element = put_empty(s, system, "Correlation");
	put_attr(s, element, "ActivityID", ACTIVITY);
	put_attr(s, element, "RelatedActivityID", RELATED_ACTIVITY);
	element = put_empty(s, system, "Execution");
	put_attr(s, element, "ProcessID", PROCESS);
	put_attr(s, element, "ThreadID", THREAD);
	put_value(s, system, "Channel", CHANNEL);
	xml_child(s->arena, system, STR("Computer"))->slot = slot_literal(event->computer);
	put_attr(s, put_empty(s, system, "Security"), "UserID", USER);
}

struct xml_element *system_tree(struct arena *arena, const struct evtx_event *event)
{
	struct system s = {.arena = arena};
	struct xml_element *root = xml_root(arena, STR("Event"));

	set_values(&s, event);
	xml_attr(arena, root, STR("xmlns"), slot_literal(STR(XMLNS)));
	put_system(&s, xml_child(arena, root, STR("System")), event);
	if (event->user_data)
		xml_child(arena, root, STR("UserData"))->slot = s.slots[PAYLOAD];
	else
		root->slot = s.slots[PAYLOAD];
	return root;
}
