// SPDX-License-Identifier: Apache-2.0
// The nesting of a record's fields as text: what stands between the values.
//
// A record's fields are flat (event.h); JSON and XML nest them by their paths.
// For a sequence of fields the text before each value and behind the last one
// is always the same, so it is made once and kept for records whose fields are
// known to be equal by shape and slots.
//
// JSON follows evtx_dump: attributes in "#attributes", the text of an element
// that has attributes, and of one that repeats, in "#text"; a name that comes
// again in an object gets _1, _2. XML follows Event Viewer, without the
// namespaces below Event, which the event model does not keep.
#ifndef DUMP_LAYOUT_H
#define DUMP_LAYOUT_H

#include "event/event.h"

enum layout_syntax { LAYOUT_JSON, LAYOUT_XML };

// LAYOUT_PAD bytes can be read behind each text.
#define LAYOUT_PAD 32u

struct layout {
	uint32_t shape;
	size_t count;
	const uint32_t *slots;
	const struct str *before; // count + 1 of them
};

struct layouts;

struct layouts *layouts_new(enum layout_syntax syntax);
void layouts_free(struct layouts *layouts);

// The layout of the event's fields; good until the next call.
const struct layout *layouts_get(struct layouts *layouts, const struct event *event);

#endif
