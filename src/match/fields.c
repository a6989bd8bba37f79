// SPDX-License-Identifier: Apache-2.0
// Field resolution, in the order of sigma-engine.md 7.1.
#include "match/fields.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "match/transform.h"

// Instances while they are collected, in the event's arena.
struct collector {
	const struct event *event;
	struct instances out;
	size_t cap;
};

static void collect_instance(struct collector *c, struct instance instance)
{
	if (c->out.count == c->cap) {
		size_t cap = c->cap != 0 ? c->cap * 4 : 2;
		struct instance *items = arena_array(c->event->arena, cap, sizeof(*items));

		if (c->out.count != 0)
			memcpy(items, c->out.items, c->out.count * sizeof(*items));
		c->out.items = items;
		c->cap = cap;
	}
	c->out.items[c->out.count++] = instance;
}

static void collect(struct collector *c, struct str text, bool is_null)
{
	collect_instance(c, (struct instance){.value = value_of_text(text, VALUE_STRING),
					      .is_null = is_null});
}

static void collect_field(struct collector *c, const struct field *field)
{
	collect_instance(c, (struct instance){.value = field->value,
					      .field = field,
					      .is_null = field->value.type == VALUE_NULL});
}

static struct str first_text(struct instances found, const struct event *event)
{
	return instance_text(&found.items[0], event);
}

// ---- own fields ---------------------------------------------------------

// Rules were written against Hayabusa- and Sigma-style spellings: case, blanks
// and underscores do not distinguish names.
static bool same_leniently(struct str a, struct str b)
{
	size_t i = 0;
	size_t k = 0;

	for (;;) {
		while (i < a.len && (a.ptr[i] == ' ' || a.ptr[i] == '_'))
			i++;
		while (k < b.len && (b.ptr[k] == ' ' || b.ptr[k] == '_'))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (ascii_lower(a.ptr[i++]) != ascii_lower(b.ptr[k++]))
			return false;
	}
}

static void own_exact(struct collector *c, struct str name)
{
	for (const struct field *field = event_find(c->event, name); field != NULL;
	     field = event_find_next(c->event, field))
		collect_field(c, field);
}

// All instances of the first name (in record order) that is the same leniently.
static void own_lenient(struct collector *c, struct str name)
{
	for (size_t i = 0; i < c->event->count; i++) {
		if (same_leniently(c->event->fields[i].name, name)) {
			own_exact(c, c->event->fields[i].name);
			return;
		}
	}
}

// "Outer.Leaf": the end of a path, dots for slashes.
static bool path_matches(struct str path, struct str name)
{
	size_t start;

	if (path.len < name.len)
		return false;
	start = path.len - name.len;
	if (start > 0 && path.ptr[start - 1] != '/')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = path.ptr[start + i];

		if (name.ptr[i] != c && !(name.ptr[i] == '.' && (c == '/' || c == '@')))
			return false;
	}
	return true;
}

static void own_path(struct collector *c, struct str name)
{
	if (str_find_char(name, '.', 0) == SIZE_MAX)
		return;
	for (size_t i = 0; i < c->event->count; i++) {
		if (path_matches(c->event->fields[i].path, name))
			collect_field(c, &c->event->fields[i]);
	}
}

static struct instances own_fields(const struct event *event, struct str name, bool lenient)
{
	struct collector c = {.event = event};

	own_exact(&c, name);
	if (c.out.count == 0)
		own_path(&c, name);
	if (c.out.count == 0 && lenient)
		own_lenient(&c, name);
	return c.out;
}

// ---- field sources ------------------------------------------------------

static bool is_dash_or_empty(struct str text)
{
	return text.len == 0 || str_eq(text, STR("-"));
}

// Target* when the record has a target user, else Subject* (6.3).
static struct str logon_pick(const struct field_source *source, const struct event *event)
{
	struct instances target = own_fields(event, STR("TargetUserName"), false);
	bool has_target = target.count > 0 && !is_dash_or_empty(first_text(target, event));

	return source->names[has_target || source->count < 2 ? 0 : 1];
}

static bool transform_into(struct collector *c, const struct field_source *source,
			   struct instance *raw)
{
	struct str text;

	if (source->transform.kind == TRANSFORM_NONE) {
		collect_instance(c, *raw);
		return true;
	}
	if (!transform_apply(&source->transform, c->event->arena, instance_text(raw, c->event),
			     &text))
		return false;
	if (text.len == 0)
		return false;
	collect(c, text, raw->is_null);
	if (source->keep_raw && !str_eq(text, raw->text))
		collect(c, raw->text, raw->is_null);
	return true;
}

static void source_from(struct collector *c, const struct field_source *source)
{
	struct str picked;
	const struct str *names = source->names;
	size_t count = source->count;

	if (source->transform.kind == TRANSFORM_LOGON_PICK && count > 0) {
		picked = logon_pick(source, c->event);
		names = &picked;
		count = 1;
	}
	for (size_t i = 0; i < count && c->out.count == 0; i++) {
		struct instances raw = own_fields(c->event, names[i], true);

		for (size_t k = 0; k < raw.count; k++)
			transform_into(c, source, &raw.items[k]);
	}
}

static void source_join(struct collector *c, const struct field_source *source)
{
	struct buf text = {0};
	size_t parts = 0;

	for (size_t i = 0; i < source->count; i++) {
		struct instances raw = own_fields(c->event, source->names[i], true);
		struct str part;

		if (raw.count == 0 || !transform_apply(&source->transforms[i], c->event->arena,
						       first_text(raw, c->event), &part))
			continue;
		if (parts++ > 0)
			buf_put_str(&text, source->separator);
		buf_put_str(&text, part);
	}
	if (parts > 0)
		collect(c, arena_str(c->event->arena, buf_str(&text)), false);
	buf_release(&text);
}

// `first`, separator, `second`; not printf, texts may hold NULs.
static struct str pair_text(struct arena *arena, struct str first, struct str separator,
			    struct str second)
{
	struct buf text = {0};
	struct str copy;

	buf_put_str(&text, first);
	buf_put_str(&text, separator);
	buf_put_str(&text, second);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

static void source_pick(struct collector *c, const struct field_source *source)
{
	for (size_t i = 0; i + 1 < source->count; i += 2) {
		struct instances first = own_fields(c->event, source->names[i], true);
		struct instances second = own_fields(c->event, source->names[i + 1], true);

		if (second.count == 0 || is_dash_or_empty(first_text(second, c->event)))
			continue;
		if (first.count == 0 || is_dash_or_empty(first_text(first, c->event)))
			collect_instance(c, second.items[0]);
		else
			collect(c,
				pair_text(c->event->arena, first_text(first, c->event),
					  source->separator, first_text(second, c->event)),
				false);
		return;
	}
}

static struct instances from_source(const struct field_source *source, const struct event *event)
{
	struct collector c = {.event = event};

	switch (source->kind) {
	case SOURCE_FROM:
		source_from(&c, source);
		break;
	case SOURCE_JOIN:
		source_join(&c, source);
		break;
	case SOURCE_JOIN_PICK:
		source_pick(&c, source);
		break;
	}
	return c.out;
}

// ---- derived, positional and special fields -----------------------------

static bool id_in(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i] == id)
			return true;
	}
	return count == 0;
}

static struct instances derived(const struct logsources *sources, const struct event *event,
				struct str name)
{
	struct instances none = {NULL, 0};

	for (size_t i = 0; i < sources->derived_count; i++) {
		const struct named_source *field = &sources->derived[i];
		struct instances found;

		if (!str_eq(field->name, name) ||
		    !id_in(field->event_ids, field->event_id_count, event->event_id))
			continue;
		if (field->channel_count > 0 &&
		    !channel_listed(field->channels, field->channel_count, event->channel))
			continue;
		found = from_source(&field->source, event);
		if (found.count > 0)
			return found;
	}
	return none;
}

// Names that newer Windows builds give to values older ones write unnamed.
static struct instances positional(const struct logsources *sources, const struct event *event,
				   struct str name)
{
	struct collector c = {.event = event};

	for (size_t i = 0; i < sources->positional_count; i++) {
		const struct positional_fields *row = &sources->positional[i];
		struct instances data;

		if (!str_eq_nocase(row->provider, event->provider) ||
		    !id_in(row->event_ids, row->event_id_count, event->event_id))
			continue;
		data = own_fields(event, STR("Data"), false);
		for (size_t k = 0; k < row->name_count && k < data.count; k++) {
			if (str_eq(row->names[k], name))
				collect_instance(&c, data.items[k]);
		}
	}
	return c.out;
}

// Without a rendered message, a rule that looks for message text is tried
// against every data value (D-9).
static struct instances message(const struct event *event)
{
	struct collector c = {.event = event};

	for (size_t i = 0; i < event->count; i++) {
		if (event->fields[i].section == FIELD_EVENT_DATA ||
		    event->fields[i].section == FIELD_USER_DATA)
			collect_field(&c, &event->fields[i]);
	}
	return c.out;
}

// Rules test the level by number or by its English name (7.3).
static void add_level_name(const struct event *event, struct instances *level)
{
	static const char *const names[] = {NULL,      "Critical",    "Error",
					    "Warning", "Information", "Verbose"};
	struct collector c = {.event = event};
	uint64_t number;

	if (level->count != 1 || !str_to_u64(first_text(*level, event), &number) || number < 1 ||
	    number > 5)
		return;
	collect_instance(&c, level->items[0]);
	collect(&c, str_from(names[number]), false);
	*level = c.out;
}

// ---- in order -----------------------------------------------------------

static const struct named_source *find_rename(const struct view *view, struct str name)
{
	for (size_t i = 0; view != NULL && i < view->field_count; i++) {
		if (str_eq(view->fields[i].name, name))
			return &view->fields[i];
	}
	return NULL;
}

static bool is_hidden(const struct view *view, struct str name)
{
	for (size_t i = 0; view != NULL && i < view->hidden_count; i++) {
		if (str_eq(view->hidden[i], name))
			return true;
	}
	return false;
}

bool fields_renamed(const struct view *view, struct str name)
{
	return find_rename(view, name) != NULL || is_hidden(view, name);
}

static struct instances by_alias(const struct logsources *sources, const struct event *event,
				 struct str name)
{
	struct instances none = {NULL, 0};

	for (size_t i = 0; i < sources->alias_count; i++) {
		if (str_eq(sources->aliases[i].name, name) &&
		    !str_eq(sources->aliases[i].target, name))
			return own_fields(event, sources->aliases[i].target, false);
	}
	return none;
}

struct instances fields_resolve(const struct logsources *sources, const struct view *view,
				const struct event *event, struct str name)
{
	const struct named_source *rename = find_rename(view, name);
	struct instances found = {NULL, 0};

	if (rename != NULL)
		return from_source(&rename->source, event);
	if (is_hidden(view, name))
		return found;
	found = own_fields(event, name, false);
	if (found.count > 0 && str_eq(name, STR("Level")))
		add_level_name(event, &found);
	if (found.count == 0)
		found = derived(sources, event, name);
	if (found.count == 0)
		found = positional(sources, event, name);
	if (found.count == 0)
		found = own_fields(event, name, true);
	if (found.count == 0 && str_eq(name, STR("Message")))
		found = message(event);
	return found.count > 0 ? found : by_alias(sources, event, name);
}

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
		for (size_t k = 0; k < sources->positional[i].name_count; k++) {
			if (str_eq(sources->positional[i].names[k], name))
				return true;
		}
	}
	return str_eq(name, STR("Level")) || str_eq(name, STR("Message")) ||
	       str_find_char(name, '.', 0) != SIZE_MAX;
}

bool fields_is_static(const struct logsources *sources, const struct view *view, struct str name)
{
	const struct named_source *rename = find_rename(view, name);

	if (rename != NULL)
		return rename->source.kind == SOURCE_FROM && rename->source.count == 1 &&
		       rename->source.transform.kind == TRANSFORM_NONE && !rename->source.keep_raw;
	return !is_hidden(view, name) && !is_computed(sources, name);
}

struct str fields_source_name(const struct view *view, struct str name)
{
	const struct named_source *rename = find_rename(view, name);

	return rename != NULL && rename->source.count > 0 ? rename->source.names[0] : name;
}

uint64_t fields_name_hash(struct str name)
{
	uint64_t hash = 0xCBF29CE484222325u;

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == ' ' || name.ptr[i] == '_')
			continue;
		hash = (hash ^ (unsigned char)ascii_lower(name.ptr[i])) * 0x100000001B3u;
	}
	return hash | 1;
}

struct instances fields_all(const struct event *event)
{
	struct collector c = {.event = event};

	for (size_t i = 0; i < event->count; i++)
		collect_field(&c, &event->fields[i]);
	return c.out;
}

struct str instance_text(struct instance *instance, const struct event *event)
{
	if (!instance->has_text) {
		instance->text = value_text(&instance->value, event->arena);
		instance->has_text = true;
	}
	return instance->text;
}

struct str instance_folded(struct instance *instance, const struct event *event)
{
	if (!instance->has_folded) {
		instance->folded = value_folded(&instance->value, event->arena);
		instance->has_folded = true;
	}
	return instance->folded;
}

bool fields_when(const struct logsources *sources, const struct view *view,
		 const struct event *event)
{
	for (size_t i = 0; i < view->when_count; i++) {
		const struct view_condition *when = &view->when[i];
		struct instances found = fields_resolve(sources, NULL, event, when->field);
		bool any = false;

		for (size_t k = 0; k < found.count; k++) {
			for (size_t v = 0; v < when->count; v++)
				any |= str_eq_nocase(instance_text(&found.items[k], event),
						     when->values[v]);
		}
		if (!any)
			return false;
	}
	return view->also == NULL || fields_when(sources, view->also, event);
}
