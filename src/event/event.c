// SPDX-License-Identifier: Apache-2.0
// Looking fields up in an event.
#include "event/event.h"

#include <string.h>

struct str event_place_text(enum event_place place, enum event_template lent)
{
	static const struct str texts[][3] = {
		[EVENT_SLACK] = {STR_INIT("slack"), STR_INIT("slack, template from elsewhere"),
				 STR_INIT("slack, template from another log")},
		[EVENT_CHUNK] = {STR_INIT("chunk"), STR_INIT("chunk, template from elsewhere"),
				 STR_INIT("chunk, template from another log")},
		[EVENT_RECORD] = {STR_INIT("record"), STR_INIT("record, template from elsewhere"),
				  STR_INIT("record, template from another log")},
	};

	return texts[place][lent];
}

void event_init(struct event *event, struct arena *arena)
{
	memset(event, 0, sizeof(*event));
	event->arena = arena;
}

static const struct field *find_from(const struct event *event, size_t from, struct str name)
{
	for (size_t i = from; i < event->count; i++) {
		if (str_eq(event->fields[i].name, name))
			return &event->fields[i];
	}
	return NULL;
}

const struct field *event_find(const struct event *event, struct str name)
{
	return find_from(event, 0, name);
}

const struct field *event_find_next(const struct event *event, const struct field *after)
{
	return find_from(event, (size_t)(after - event->fields) + 1, after->name);
}

const struct field *event_find_path(const struct event *event, struct str path)
{
	for (size_t i = 0; i < event->count; i++) {
		if (str_eq(event->fields[i].path, path))
			return &event->fields[i];
	}
	return NULL;
}

enum field_section event_section(struct str name)
{
	if (str_eq(name, STR("System")))
		return FIELD_SYSTEM;
	if (str_eq(name, STR("EventData")))
		return FIELD_EVENT_DATA;
	if (str_eq(name, STR("UserData")))
		return FIELD_USER_DATA;
	if (str_eq(name, STR("RenderingInfo")))
		return FIELD_RENDERING;
	return FIELD_OTHER;
}

bool event_is_carrier(enum field_section section, struct str name)
{
	static const struct str names[] = {
		STR_INIT("Provider"),  STR_INIT("TimeCreated"), STR_INIT("Correlation"),
		STR_INIT("Execution"), STR_INIT("Security"),
	};

	if (section != FIELD_SYSTEM)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	return false;
}

bool event_tells_apart(struct str name)
{
	return str_eq(name, STR("EventID")) || str_eq(name, STR("Channel")) ||
	       str_eq(name, STR("Provider_Name"));
}

struct str event_text(const struct event *event, const struct field *field)
{
	return value_text(&field->value, event->arena);
}

static struct str text_at(const struct event *event, struct str path)
{
	const struct field *field = event_find_path(event, path);

	return field != NULL ? event_text(event, field) : (struct str){NULL, 0};
}

static uint64_t number_at(const struct event *event, struct str path)
{
	const struct field *field = event_find_path(event, path);
	uint64_t number;

	return field != NULL && value_to_u64(&field->value, &number) ? number : 0;
}

bool event_take_id(const struct value *value, uint32_t *id)
{
	uint64_t number;

	*id = 0;
	if (!value_to_u64(value, &number) || number > UINT32_MAX)
		return value->type == VALUE_NULL || value->len == 0;
	*id = (uint32_t)number;
	return true;
}

void event_index_system(struct event *event)
{
	const struct field *id = event_find_path(event, STR("System/EventID"));
	const struct field *time = event_find_path(event, STR("System/TimeCreated@SystemTime"));

	event->channel = text_at(event, STR("System/Channel"));
	event->provider = text_at(event, STR("System/Provider@Name"));
	event->computer = text_at(event, STR("System/Computer"));
	event->event_id = 0;
	event->odd_id = id != NULL && !event_take_id(&id->value, &event->event_id);
	event->record_id = number_at(event, STR("System/EventRecordID"));
	if (time == NULL || !value_to_time(&time->value, &event->time))
		event->time = 0;
}
