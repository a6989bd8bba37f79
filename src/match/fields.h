// SPDX-License-Identifier: Apache-2.0
// Field names of rules -> instances in a record (sigma-engine.md 7.1).
//
// A name is resolved through a source view: its renames, the record's own
// fields, derived and positional fields, lenient spelling, global aliases.
// Each (view, name) is resolved once per event; instances live in the event's
// arena.
#ifndef MATCH_FIELDS_H
#define MATCH_FIELDS_H

#include "event/event.h"
#include "sigma/logsource.h"

// One instance; text and folded text are made on first use, in the event's
// arena, and asked for by the functions below.
struct instance {
	struct value value;
	const struct field *field; // whose value it is; NULL for a derived one
	struct str text, folded;
	bool has_text, has_folded;
	bool is_null; // BinXML null: matches null as well as ''
};

struct instances {
	struct instance *items;
	size_t count; // 0 = the field is absent
};

// Resolve `name` for `event` as `view` shows it. `view` may be NULL: the
// record's own fields, without renames.
struct instances fields_resolve(const struct logsources *sources, const struct view *view,
				const struct event *event, struct str name);

// Does the name mean nothing but the record's own fields of that name, whatever
// their values are? Then the same fields answer for events of equal templates.
bool fields_is_static(const struct logsources *sources, const struct view *view, struct str name);

// The name of the record's own field that a static name stands for.
struct str fields_source_name(const struct view *view, struct str name);
// Equal for names that lenient spelling takes for the same; never 0.
uint64_t fields_name_hash(struct str name);

// Does the view give the name another meaning than the record's own field?
bool fields_renamed(const struct view *view, struct str name);

// Every single value of the record, for keywords (1.10).
struct instances fields_all(const struct event *event);

struct str instance_text(struct instance *instance, const struct event *event);
struct str instance_folded(struct instance *instance, const struct event *event);

// Do the `when` conditions of the view (and of `also`) hold?
bool fields_when(const struct logsources *sources, const struct view *view,
		 const struct event *event);

#endif
