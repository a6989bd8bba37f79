// SPDX-License-Identifier: Apache-2.0
// Events from lines of text: "Name=text" or "Name#number", a field each.
#ifndef FUZZ_EVENT_TEXT_H
#define FUZZ_EVENT_TEXT_H

#include "event/event.h"
#include "fuzz.h"

#define EVENT_FIELDS 32u

static inline struct value number_value(struct arena *arena, struct str digits)
{
	uint64_t *number = arena_zalloc(arena, sizeof(*number));

	if (!str_to_u64(digits, number))
		*number = digits.len;
	return (struct value){number, sizeof(*number), VALUE_UINT64, 0};
}

// Channel, Provider_Name, EventID and Computer are of System.
static inline struct field field_of_line(struct arena *arena, struct str line)
{
	static const struct {
		struct str name, path;
	} system[] = {{STR_INIT("Channel"), STR_INIT("System/Channel")},
		      {STR_INIT("Provider_Name"), STR_INIT("System/Provider@Name")},
		      {STR_INIT("EventID"), STR_INIT("System/EventID")},
		      {STR_INIT("Computer"), STR_INIT("System/Computer")}};
	size_t text = str_find_char(line, '=', 0);
	size_t number = str_find_char(line, '#', 0);
	size_t end = text < number ? text : number;
	struct str value = str_sub(line, end + 1, SIZE_MAX);
	struct field field = {.name = str_sub(line, 0, end), .section = FIELD_EVENT_DATA};

	field.path = arena_printf(arena, "EventData/%.*s", STR_ARG(field.name));
	field.value =
		number < text ? number_value(arena, value) : value_of_text(value, VALUE_STRING);
	for (size_t i = 0; i < sizeof(system) / sizeof(system[0]); i++) {
		if (str_eq(system[i].name, field.name)) {
			field.path = system[i].path;
			field.section = FIELD_SYSTEM;
		}
	}
	return field;
}

// `shape` must not be that of another text.
static inline void event_of_text(struct event *event, struct arena *arena, struct str text,
				 uint32_t shape)
{
	struct str line;

	text = utf8_sanitise(arena, text);
	event_init(event, arena);
	event->fields = arena_array(arena, EVENT_FIELDS, sizeof(struct field));
	event->shape = shape;
	while (event->count < EVENT_FIELDS && str_split(&text, '\n', &line)) {
		if (str_find_char(line, '=', 0) == SIZE_MAX &&
		    str_find_char(line, '#', 0) == SIZE_MAX)
			continue;
		event->fields[event->count] = field_of_line(arena, line);
		event->fields[event->count].slot = (uint32_t)event->count;
		event->count++;
	}
	event_index_system(event);
}

#endif
