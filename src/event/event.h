// SPDX-License-Identifier: Apache-2.0
// The event model: a record as a list of named, typed, lazily decoded fields.
//
// Both readers (evtx/ and refreader/) fill the same struct; nothing above them
// knows which one did. Names follow sigma-engine.md 7.2:
//
//   System/Provider@Name        Provider_Name      System/EventID   EventID
//   System/TimeCreated@SystemTime TimeCreated_SystemTime
//   EventData/Data[@Name='N']   N                  unnamed Data     Data (repeated)
//   EventData@Name              EventData_Name     EventData/Binary Binary
//   UserData/Outer/Leaf         Leaf               Leaf@Attr        Leaf_Attr
//   RenderingInfo/Message       Message            others           Level_Text ...
//
// A name may occur several times (arrays, repeated elements): each instance is
// a field of its own, in document order; an element's attributes come before
// its text. Namespaces (prefixes, xmlns attributes) are ignored. The Name of an
// EventData/Data replaces the tag in name and path, and is no field itself;
// outside EventData it is an attribute like others. An element without text
// and children is a field of empty text, except where it has attributes that
// are fields, where it is a section itself (EventData), and for System's
// Provider, TimeCreated, Correlation, Execution and Security.
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/arena.h"
#include "event/value.h"

enum field_section {
	FIELD_SYSTEM,
	FIELD_EVENT_DATA,
	FIELD_USER_DATA,
	FIELD_RENDERING, // RenderingInfo of forwarded events
	FIELD_OTHER,	 // ProcessingErrorData, BinaryEventData, ...
};

// Where in a log or image a recovered record lay.
enum event_place {
	EVENT_SLACK,  // behind the records of a chunk, left from its last use
	EVENT_CHUNK,  // among the records of a damaged or carved chunk
	EVENT_RECORD, // by itself, without a chunk around it
};

// Where the templates of a recovered record are from.
enum event_template {
	EVENT_TEMPLATE_OWN,	// its chunk
	EVENT_TEMPLATE_LENT,	// elsewhere in its log or image
	EVENT_TEMPLATE_FOREIGN, // another log or image
};

// Both in words.
struct str event_place_text(enum event_place place, enum event_template lent);

#define EVENT_NO_SLOT UINT32_MAX

struct field {
	struct str name; // as rules write it
	struct str path; // below Event: "System/TimeCreated@SystemTime",
			 // "EventData/CommandLine", "UserData/EventXML/Param1"
	enum field_section section;
	uint32_t slot; // with event->shape: identifies name and path
	struct value value;
};

struct event {
	struct field *fields; // document order
	size_t count;

	// Events of one reader with equal shapes, other than 0, come from equal
	// templates: fields of equal slots have equal names, paths and sections,
	// and slots ascend. A slot is left out where the record stores a null for
	// an optional value or nothing for an attribute, and repeated, alone or
	// with the slots of its element's attributes before it, by an array.
	// EVENT_NO_SLOT: nothing is known about this field.
	uint32_t shape;

	// The System fields that everything needs, decoded once. Empty or 0
	// where the record lacks them.
	struct str channel;
	struct str provider;
	struct str computer;
	uint32_t event_id;
	bool odd_id;	    // there is an EventID, but it is no number of 32 bits: 0 above
	uint64_t record_id; // System/EventRecordID, not the record header's
	uint64_t time;	    // TimeCreated@SystemTime in ticks (tm.h); 0 = unknown

	// Where it comes from, as far as the reader knows; 0 where not.
	uint64_t header_id; // record id of the record header
	uint64_t offset;    // of the record in the file
	uint32_t chunk;	    // index of its chunk
	bool recovered;	    // carved, not a live record
	// Of those: where it was found, and where its templates were.
	enum event_place place;
	enum event_template lent;

	struct arena *arena; // of the record: decoded text goes here
};

// Start an empty event whose decoded text will live in `arena`.
void event_init(struct event *event, struct arena *arena);

// The first field of exactly that name; NULL when there is none.
const struct field *event_find(const struct event *event, struct str name);
// The next one of the same name behind `after`.
const struct field *event_find_next(const struct event *event, const struct field *after);
// The field at exactly that path.
const struct field *event_find_path(const struct event *event, struct str path);
// Text of a field (value_text into the record's arena).
struct str event_text(const struct event *event, const struct field *field);

// The section that a child of Event of this name is.
enum field_section event_section(struct str name);
// Does an element of this section and name carry attributes and never text?
bool event_is_carrier(enum field_section section, struct str name);

// Does the name stand for what records are told apart by: EventID, Channel,
// Provider_Name? An event in which these stand once at most, in System, and the
// event id, unless it is 0, in decimal, is *plain*: channel, provider and event id
// say all about them where they are not empty; where one is, its name may be absent.
bool event_tells_apart(struct str name);

// The number that an EventID is, 0 when there is none. False when there is one, but no
// number of 32 bits: it is no rule's, which has to be said, for it may be there to hide
// the record.
bool event_take_id(const struct value *value, uint32_t *id);

// Fill channel, provider, computer, event_id, odd_id, record_id and time from the
// fields; readers call it last.
void event_index_system(struct event *event);

#endif
