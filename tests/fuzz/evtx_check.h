// SPDX-License-Identifier: Apache-2.0
// What holds for every record that the native reader gives, whatever the bytes.
//
//  - Names, paths and texts are text; a field is in the section its path says.
//  - System: what the view and the shortcut of templates say is what a search of the
//    fields says.
//  - Equal shapes: equal slots have equal names, paths and sections, slots ascend as
//    far as arrays let them, and what is static is the same.
#ifndef FUZZ_EVTX_CHECK_H
#define FUZZ_EVTX_CHECK_H

#include "evtx/reader.h"
#include "fuzz.h"

// What a shape was first seen with.
struct known_slot {
	uint32_t shape, slot;
	struct str name, path;
	enum field_section section;
};

#define KNOWN_SLOTS 1024u

struct shapes {
	struct known_slot slots[KNOWN_SLOTS];
	uint32_t channel_shape; // a shape with a static channel, 0 = none yet
	struct str channel;
};

// The section of a path by its first part.
static inline enum field_section section_of(struct str path)
{
	struct str first = str_sub(path, 0, str_find_char(path, '/', 0));

	first = str_sub(first, 0, str_find_char(first, '@', 0));
	if (str_eq(first, STR("System")))
		return FIELD_SYSTEM;
	if (str_eq(first, STR("EventData")))
		return FIELD_EVENT_DATA;
	if (str_eq(first, STR("UserData")))
		return FIELD_USER_DATA;
	return str_eq(first, STR("RenderingInfo")) ? FIELD_RENDERING : FIELD_OTHER;
}

static inline void check_slot(struct shapes *shapes, const struct event *event,
			      const struct field *field)
{
	struct known_slot *known = &shapes->slots[(event->shape * 97 + field->slot) % KNOWN_SLOTS];

	// What was there is forgotten when it is of another shape.
	if (known->shape != event->shape || known->slot != field->slot) {
		*known = (struct known_slot){event->shape, field->slot, field->name, field->path,
					     field->section};
		return;
	}
	check_same(known->name, field->name, "names of a slot");
	check_same(known->path, field->path, "paths of a slot");
	CHECK(known->section == field->section);
}

static inline void check_field(struct shapes *shapes, const struct event *event,
			       const struct field *field)
{
	CHECK(is_text(field->name) && is_text(field->path));
	CHECK(is_text(event_text(event, field)));
	CHECK(section_of(field->path) == field->section);
	CHECK(value_type_name(&field->value) != NULL);
	if (event->shape != 0 && field->slot != EVENT_NO_SLOT)
		check_slot(shapes, event, field);
}

static inline struct str value_copy(const struct event *event, const struct value *value)
{
	return value_text(value, event->arena);
}

// The shortcut of the reader against event_index_system.
static inline void check_system(const struct evtx_record *record, const struct event *event)
{
	struct event slow = *event;

	event_index_system(&slow);
	check_same(event->channel, slow.channel, "channels");
	check_same(event->provider, slow.provider, "providers");
	check_same(event->computer, slow.computer, "computers");
	CHECK(event->event_id == slow.event_id && event->record_id == slow.record_id);
	CHECK(event->time == slow.time);
	check_same(value_copy(event, &record->channel), slow.channel, "channels of view and event");
	check_same(value_copy(event, &record->provider), slow.provider,
		   "providers of view and event");
	CHECK(record->event_id == slow.event_id);
	for (size_t i = 0; record->is_plain && i < event->count; i++) {
		const struct field *field = &event->fields[i];

		CHECK(!event_tells_apart(field->name) ||
		      (field->section == FIELD_SYSTEM && event_find(event, field->name) == field));
		CHECK(record->event_id == 0 || !str_eq(field->name, STR("EventID")) ||
		      value_is_decimal(&field->value));
	}
}

static inline void check_shape(struct shapes *shapes, const struct evtx_record *record,
			       const struct event *event)
{
	CHECK(record->shape == 0 || record->shape == event->shape);
	if (record->shape == 0 || !record->static_channel)
		return;
	if (shapes->channel_shape == 0) {
		shapes->channel_shape = record->shape;
		shapes->channel = event->channel;
	}
	if (shapes->channel_shape == record->shape)
		check_same(shapes->channel, event->channel, "channels of a shape");
}

// The texts in `shapes` live with the reader's templates or the event's arena, which
// must not be reset while `shapes` is in use.
static inline void check_event(struct shapes *shapes, const struct evtx_record *record,
			       const struct event *event)
{
	CHECK(event->count > 0);
	for (size_t i = 0; i < event->count; i++)
		check_field(shapes, event, &event->fields[i]);
	check_system(record, event);
	check_shape(shapes, record, event);
}

#endif
