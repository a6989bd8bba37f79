// SPDX-License-Identifier: Apache-2.0
// Which fields the records of a view can have.
#include "check/internal.h"
#include "match/fields.h"

static bool listed(const struct str *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(names[i], name))
			return true;
	}
	return false;
}

// As lenient spelling sees it (sigma-engine.md 7.1).
static bool listed_leniently(const struct str *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (fields_name_hash(names[i]) == fields_name_hash(name))
			return true;
	}
	return false;
}

static const struct named_source *find_rename(const struct view *view, struct str name)
{
	for (size_t i = 0; i < view->field_count; i++) {
		if (str_eq(view->fields[i].name, name))
			return &view->fields[i];
	}
	return NULL;
}

static bool id_listed(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

static const struct event_fields *find_row(const struct logsources *sources, struct str channel,
					   uint32_t id)
{
	for (size_t i = 0; i < sources->known_count; i++) {
		const struct event_fields *row = &sources->known[i];

		if (channel_listed(row->channels, row->channel_count, channel) &&
		    id_listed(row->event_ids, row->event_id_count, id))
			return row;
	}
	return NULL;
}

// All fields of every kind of event in the view are known; `*has` is set when
// one of the kinds has `name`.
static bool all_known(const struct logsources *sources, const struct view *view, struct str name,
		      bool (*same)(const struct str *names, size_t count, struct str name),
		      bool *has)
{
	for (size_t c = 0; c < view->channel_count; c++) {
		for (size_t i = 0; i < view->event_id_count; i++) {
			const struct event_fields *row =
				find_row(sources, view->channels[c], view->event_ids[i]);

			if (row == NULL)
				return false;
			*has |= same(row->names, row->name_count, name);
		}
	}
	return view->channel_count > 0 && view->event_id_count > 0;
}

// Names that mean something besides the event's own fields.
static bool is_computed(const struct logsources *sources, struct str name)
{
	for (size_t i = 0; i < sources->derived_count; i++) {
		if (str_eq(sources->derived[i].name, name))
			return true;
	}
	for (size_t i = 0; i < sources->alias_count; i++) {
		if (str_eq(sources->aliases[i].name, name))
			return true;
	}
	for (size_t i = 0; i < sources->positional_count; i++) {
		if (listed(sources->positional[i].names, sources->positional[i].name_count, name))
			return true;
	}
	return false;
}

// The fields of System are in every record. Attributes have an underscore,
// paths a point; what RenderingInfo adds is here as well.
static bool is_general(struct str name)
{
	static const struct str names[] = {
		STR_INIT("EventID"),   STR_INIT("Channel"),	  STR_INIT("Computer"),
		STR_INIT("Provider"),  STR_INIT("EventRecordID"), STR_INIT("Version"),
		STR_INIT("Level"),     STR_INIT("Task"),	  STR_INIT("Opcode"),
		STR_INIT("Keywords"),  STR_INIT("TimeCreated"),	  STR_INIT("Correlation"),
		STR_INIT("Execution"), STR_INIT("Security"),	  STR_INIT("Data"),
		STR_INIT("Binary"),    STR_INIT("Message"),	  STR_INIT("Qualifiers"),
		STR_INIT("Culture"),
	};

	return name.len == 0 || str_find_char(name, '_', 0) != SIZE_MAX ||
	       str_find_char(name, '.', 0) != SIZE_MAX ||
	       listed_leniently(names, sizeof(names) / sizeof(names[0]), name);
}

bool source_lacks(const struct logsources *sources, const struct view *view, struct str field)
{
	bool has = false;

	if (view->any_record || view->also != NULL || is_general(field) ||
	    is_computed(sources, field) || find_rename(view, field) != NULL)
		return false;
	if (listed(view->absent, view->absent_count, field))
		return true;
	return all_known(sources, view, field, listed_leniently, &has) && !has;
}

bool source_single(const struct logsources *sources, const struct view *view, struct str field)
{
	static const struct str system[] = {STR_INIT("EventID"), STR_INIT("Channel"),
					    STR_INIT("Computer"), STR_INIT("Provider_Name")};
	const struct named_source *rename;
	bool has = false;

	rename = view != NULL ? find_rename(view, field) : NULL;
	if (rename != NULL)
		return !rename->source.keep_raw;
	if (listed(system, sizeof(system) / sizeof(system[0]), field))
		return true;
	if (view == NULL || view->any_record || view->also != NULL || is_computed(sources, field))
		return false;
	// None at all is one at most.
	return source_lacks(sources, view, field) ||
	       (all_known(sources, view, field, listed, &has) && has);
}
