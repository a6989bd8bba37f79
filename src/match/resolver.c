// SPDX-License-Identifier: Apache-2.0
// Resolved fields per event, remembered ways per shape.
#include "match/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

// How a field is found in events of a shape.
enum way { WAY_UNKNOWN, WAY_GENERIC, WAY_ABSENT, WAY_SLOT };

struct shape_field {
	uint16_t way;
	uint16_t slot; // WAY_SLOT
};

struct shape {
	uint32_t id;
	uint32_t id_slot; // 1 + that of EventID, 0 = not seen yet
	bool odd;	  // its events are not plain, whatever their values are
	uint64_t *known;  // by slot: hash of its name, 0 = not seen yet
	size_t slot_cap;
	struct shape_field *fields; // [field map][number]
};

struct resolved {
	uint64_t epoch; // of the event it was resolved for
	struct instances instances;
	struct instance one; // when there is one
};

struct folded_field {
	uint64_t epoch;
	struct str text;
};

struct resolver {
	const struct logsources *sources;
	const struct str *names;
	size_t name_count;
	const struct event *event;
	uint64_t epoch;
	struct resolved *resolved; // [field map][number]
	struct instances keywords;
	uint64_t keywords_epoch;
	bool plain;
	struct shape *shape;   // of the current event, NULL without one
	struct shape **shapes; // by id
	size_t shape_cap, shape_count;
	size_t shapes_size; // bytes of all shapes
	uint32_t *index;    // by slot: 1 + the first field of the current event
	uint64_t *index_epoch;
	size_t index_cap;
	struct folded_field *folded; // by field of the current event
	size_t folded_cap;
};

struct resolver *resolver_new(const struct logsources *sources, const struct str *names,
			      size_t count)
{
	struct resolver *r = mem_zalloc(sizeof(*r));

	r->sources = sources;
	r->names = names;
	r->name_count = count;
	r->resolved = mem_zalloc((count + 1) * sources->field_maps * sizeof(*r->resolved));
	return r;
}

static void drop_shapes(struct resolver *r)
{
	for (size_t i = 0; i < r->shape_cap; i++) {
		if (r->shapes[i] == NULL)
			continue;
		free(r->shapes[i]->known);
		free(r->shapes[i]->fields);
		free(r->shapes[i]);
	}
	free(r->shapes);
	r->shapes = NULL;
	r->shape_cap = r->shape_count = r->shapes_size = 0;
}

void resolver_free(struct resolver *r)
{
	if (r == NULL)
		return;
	drop_shapes(r);
	free(r->resolved);
	free(r->index);
	free(r->index_epoch);
	free(r->folded);
	free(r);
}

// ---- shapes -------------------------------------------------------------

static bool id_is_plain(const struct event *event, const struct field *id)
{
	return event->event_id == 0 || id->value.type == VALUE_UINT16 ||
	       value_is_decimal(&id->value);
}

static bool is_plain(const struct event *event)
{
	const struct field *id = event_find(event, STR("EventID"));

	for (size_t i = 0; i < event->count; i++) {
		const struct field *field = &event->fields[i];

		if (!event_tells_apart(field->name))
			continue;
		if (field->section != FIELD_SYSTEM || event_find(event, field->name) != field)
			return false;
	}
	return id == NULL || id_is_plain(event, id);
}

static size_t fields_size(const struct resolver *r)
{
	return (r->name_count + 1) * r->sources->field_maps * sizeof(struct shape_field);
}

static struct shape *find_shape(struct resolver *r, uint32_t id)
{
	struct shape *shape;

	if (id == 0 || id > UINT16_MAX)
		return NULL;
	if (r->shape_count >= LIMIT_SHAPES || r->shapes_size >= LIMIT_SHAPES_SIZE)
		drop_shapes(r);
	if (id >= r->shape_cap) {
		size_t old = r->shape_cap;

		mem_grow(&r->shapes, &r->shape_cap, id + 1, sizeof(struct shape *));
		memset(r->shapes + old, 0, (r->shape_cap - old) * sizeof(struct shape *));
	}
	if (r->shapes[id] != NULL)
		return r->shapes[id];
	shape = mem_zalloc(sizeof(*shape));
	shape->id = id;
	shape->fields = mem_zalloc(fields_size(r));
	r->shapes_size += sizeof(*shape) + fields_size(r);
	r->shapes[id] = shape;
	r->shape_count++;
	return shape;
}

static void grow_slots(struct resolver *r, struct shape *shape, uint32_t slot)
{
	if (slot >= r->index_cap) {
		size_t old = r->index_cap;
		size_t cap = old;

		mem_grow(&r->index, &cap, slot + 1, sizeof(*r->index));
		mem_grow(&r->index_epoch, &r->index_cap, slot + 1, sizeof(*r->index_epoch));
		memset(r->index_epoch + old, 0, (r->index_cap - old) * sizeof(*r->index_epoch));
	}
	if (slot >= shape->slot_cap) {
		size_t old = shape->slot_cap;

		mem_grow(&shape->known, &shape->slot_cap, slot + 1, sizeof(*shape->known));
		memset(shape->known + old, 0, (shape->slot_cap - old) * sizeof(*shape->known));
		r->shapes_size += (shape->slot_cap - old) * sizeof(*shape->known);
	}
}

// Slots whose name the rule's name could mean, whether the current event has
// them or not.
static size_t slots_alike(const struct shape *shape, struct str name)
{
	uint64_t hash = fields_name_hash(name);
	size_t count = 0;

	for (size_t i = 0; i < shape->slot_cap; i++)
		count += shape->known[i] == hash;
	return count;
}

static void learn_slot(struct shape *shape, const struct field *field)
{
	shape->known[field->slot] = fields_name_hash(field->name);
	if (!event_tells_apart(field->name))
		return;
	shape->odd |= field->section != FIELD_SYSTEM || slots_alike(shape, field->name) > 1;
	if (str_eq(field->name, STR("EventID")))
		shape->id_slot = field->slot + 1;
}

// What the current event shows of slots that were never seen. What was remembered
// without them is forgotten. Seldom: kept out of a loop that every record goes through.
__attribute__((noinline)) static void learn_slots(struct resolver *r, struct shape *shape)
{
	for (size_t i = 0; i < r->event->count; i++) {
		if (shape->known[r->event->fields[i].slot] == 0)
			learn_slot(shape, &r->event->fields[i]);
	}
	memset(shape->fields, 0, fields_size(r));
}

// Note where the event's slots are. A slot that was never seen brings a name
// that may change what is remembered.
static bool index_slots(struct resolver *r, struct shape *shape)
{
	bool news = false;

	for (size_t i = 0; i < r->event->count; i++) {
		uint32_t slot = r->event->fields[i].slot;

		if (slot >= UINT16_MAX)
			return false;
		if (slot >= shape->slot_cap || slot >= r->index_cap)
			grow_slots(r, shape, slot);
		news |= shape->known[slot] == 0;
		if (r->index_epoch[slot] != r->epoch) {
			r->index_epoch[slot] = r->epoch;
			r->index[slot] = (uint32_t)i;
		} else {
			// Elsewhere, what tells events apart made the shape odd before.
			shape->odd |= r->event->fields[i].section == FIELD_SYSTEM;
		}
	}
	if (news)
		learn_slots(r, shape);
	return true;
}

// The same as is_plain() from what is known of the shape. Nothing of it is ever
// taken back, for another event may have what this one lacks.
static bool is_plain_by_shape(const struct resolver *r)
{
	uint32_t id = r->shape->id_slot;

	if (r->shape->odd)
		return false;
	return id == 0 || r->index_epoch[id - 1] != r->epoch ||
	       id_is_plain(r->event, &r->event->fields[r->index[id - 1]]);
}

static void grow_folded(struct resolver *r, size_t count)
{
	size_t old = r->folded_cap;

	mem_grow(&r->folded, &r->folded_cap, count, sizeof(*r->folded));
	memset(r->folded + old, 0, (r->folded_cap - old) * sizeof(*r->folded));
}

void resolver_begin(struct resolver *r, const struct event *event)
{
	r->event = event;
	r->epoch++;
	if (event->count > r->folded_cap)
		grow_folded(r, event->count);
	r->shape = find_shape(r, event->shape);
	if (r->shape != NULL && !index_slots(r, r->shape))
		r->shape = NULL;
	r->plain = r->shape != NULL ? is_plain_by_shape(r) : is_plain(event);
}

bool resolver_is_plain(const struct resolver *r)
{
	return r->plain;
}

// ---- ways ---------------------------------------------------------------

// Which way leads to what fields_resolve found?
static struct shape_field find_way(const struct resolver *r, const struct view *view, size_t number,
				   struct instances found)
{
	struct shape_field generic = {WAY_GENERIC, 0};
	struct str name = fields_source_name(view, r->names[number]);
	size_t alike = slots_alike(r->shape, name);

	if (!fields_is_static(r->sources, view, r->names[number]))
		return generic;
	if (found.count == 0 && alike == 0)
		return (struct shape_field){WAY_ABSENT, 0};
	if (found.count != 1 || found.items[0].field == NULL || alike != 1)
		return generic;
	return (struct shape_field){WAY_SLOT, (uint16_t)found.items[0].field->slot};
}

// The fields of a slot: one, or the items of an array one after the other.
static bool take_slot(struct resolver *r, struct resolved *out, uint32_t slot)
{
	const struct field *field;
	size_t at;

	if (slot >= r->index_cap || r->index_epoch[slot] != r->epoch)
		return false; // null in this event: the name may mean another field
	at = r->index[slot];
	field = &r->event->fields[at];
	for (size_t i = at + 1; i < r->event->count; i++) {
		if (r->event->fields[i].slot == slot)
			return false;
		if (r->event->fields[i].slot > slot)
			break;
	}
	out->one = (struct instance){
		.value = field->value, .field = field, .is_null = field->value.type == VALUE_NULL};
	if (r->folded[at].epoch == r->epoch) {
		out->one.folded = r->folded[at].text;
		out->one.has_folded = true;
	}
	out->instances = (struct instances){&out->one, 1};
	return true;
}

static void resolve(struct resolver *r, const struct view *view, size_t map, size_t number,
		    struct resolved *out)
{
	struct shape_field *way =
		r->shape != NULL ? &r->shape->fields[map * r->name_count + number] : NULL;

	if (way != NULL && way->way == WAY_ABSENT) {
		out->instances = (struct instances){NULL, 0};
		return;
	}
	if (way != NULL && way->way == WAY_SLOT && take_slot(r, out, way->slot))
		return;
	out->instances = fields_resolve(r->sources, view, r->event, r->names[number]);
	if (way != NULL && way->way == WAY_UNKNOWN)
		*way = find_way(r, view, number, out->instances);
}

struct instances resolver_get(struct resolver *r, const struct view *view, size_t number)
{
	size_t map = view != NULL ? view->field_map : 0;
	struct resolved *slot = &r->resolved[map * r->name_count + number];

	if (slot->epoch != r->epoch) {
		slot->epoch = r->epoch;
		resolve(r, view, map, number, slot);
	}
	return slot->instances;
}

struct str resolver_folded(struct resolver *r, size_t index)
{
	struct folded_field *folded = &r->folded[index];

	if (folded->epoch != r->epoch) {
		folded->epoch = r->epoch;
		folded->text = value_folded(&r->event->fields[index].value, r->event->arena);
	}
	return folded->text;
}

struct instances resolver_keywords(struct resolver *r)
{
	if (r->keywords_epoch != r->epoch) {
		r->keywords = fields_all(r->event);
		r->keywords_epoch = r->epoch;
	}
	return r->keywords;
}
