// SPDX-License-Identifier: Apache-2.0
// XML trees to be stored: what a BinXML template and its values are made of.
//
// A tree is built with the functions below, given to the writer, and
// forgotten with its arena. Content and attribute values are either literal
// text, which becomes part of the template, or a typed value, for which the
// template holds a substitution (evtx-format.md 2.5). Names and literals are
// UTF-8; what they point to must outlive the tree.
#ifndef EVTX_XMLTREE_H
#define EVTX_XMLTREE_H

#include "base/arena.h"
#include "event/value.h"

enum slot_kind {
	SLOT_NONE,
	SLOT_LITERAL,  // value is a VALUE_TEXT
	SLOT_NORMAL,   // substitution that always has a value
	SLOT_OPTIONAL, // null drops the attribute or the element around it
};

struct slot {
	enum slot_kind kind;
	uint16_t index;	    // of the value that is substituted
	uint16_t declared;  // type in the template; the value may be null instead
	struct value value; // as stored; VALUE_BINXML stands for the payload
};

struct xml_attr {
	struct str name;
	struct slot slot;
	struct xml_attr *next;
};

struct xml_element {
	struct str name;
	struct xml_attr *attrs;
	struct xml_element *children;
	struct slot slot;  // content behind the children
	bool self_closing; // write <x/> rather than <x></x> when there is no content
	// Windows stores the size of EventData/Binary as a UInt32 of its own
	// before the value; nothing refers to it (evtx-format.md 4.3).
	bool size_before;
	struct xml_element *next;
};

// A root without attributes and content.
struct xml_element *xml_root(struct arena *arena, struct str name);
// A new last child of `parent`.
struct xml_element *xml_child(struct arena *arena, struct xml_element *parent, struct str name);
// A new last attribute.
void xml_attr(struct arena *arena, struct xml_element *element, struct str name, struct slot slot);

struct slot slot_literal(struct str text);
// Normal, or optional for a null: Windows has no null under a normal one.
struct slot slot_value(struct value value);
// The same inside an attribute, where empty text counts as null: Windows does
// not show an attribute without text, and libevtx gives up the record.
struct slot slot_attr_value(struct value value);
// Optional; `declared` is the type when the value is not null.
struct slot slot_optional(uint16_t index, enum value_type declared, struct value value);

// `value` as `size` little-endian bytes in `arena`.
struct value value_of_uint(struct arena *arena, enum value_type type, size_t size, uint64_t value);

// Number the substitutions of a payload from 0 in document order.
void xml_number(struct xml_element *root);
// All values of a tree by index, null where nothing refers to an index.
struct value *xml_values(struct arena *arena, const struct xml_element *root, size_t *count);
// A GUID for the template of the tree, made from its canonical content (names,
// literals, substitutions; not the values): equal templates have equal GUIDs.
void xml_template_guid(const struct xml_element *root, unsigned char guid[16]);

#endif
