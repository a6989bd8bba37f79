// SPDX-License-Identifier: Apache-2.0
// The view of a record: which templates, and where the values lie.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "evtx/reader_internal.h"

// Bit 5 of a descriptor's type: BinXML, and types that no log has.
#define NESTED_BIT (0x20u << 16)

struct taken {
	const struct evtx_program *program;
	uint32_t types;
};

// The instance at input->at, moved behind it. `used` are the offsets that the
// record has given away.
static inline enum rc take_instance(struct evtx_reader *reader, struct evtx_record *record,
				    struct binxml_input *input, enum place_kind place,
				    uint32_t used, struct evtx_values *values, struct taken *taken,
				    const char **why)
{
	struct binxml_instance instance;
	uint16_t *offsets = record->offsets + used;

	if (binxml_instance(input, &instance, why) != RC_OK)
		return RC_FAILED;
	taken->program = store_known(&reader->store, &instance, place);
	if (taken->program == NULL)
		taken->program = store_find(&reader->store, reader->chunk, &instance, place, why);
	if (taken->program == NULL)
		return RC_FAILED;
	// Four bytes of the chunk for two of these.
	if (instance.count > EVTX_VIEW_VALUES - used)
		offsets = arena_alloc(&reader->arena, instance.count * sizeof(*offsets));
	values->descriptors = reader->chunk + instance.descriptors;
	values->offsets = offsets;
	values->count = instance.count;
	input->at = view_offsets(reader->chunk, &instance, input->end, offsets, &taken->types);
	if (input->at != 0)
		return RC_OK;
	*why = "values are larger than the record";
	return RC_FAILED;
}

static uint32_t shape_slow(struct evtx_reader *reader, uint64_t key)
{
	struct str bytes = {(const char *)&key, sizeof(key)};
	uint32_t *shape = map_get(&reader->shape_map, bytes);

	if (shape == NULL) {
		shape = arena_alloc(&reader->store.arena, sizeof(*shape));
		*shape = ++reader->last_shape;
		map_add(&reader->shape_map, arena_str(&reader->store.arena, bytes), shape);
	}
	return *shape;
}

uint32_t reader_shape(struct evtx_reader *reader, const struct evtx_program *outer,
		      const struct evtx_program *inner)
{
	uint32_t low = inner != NULL ? inner->id : 0;
	uint64_t key = (uint64_t)outer->id << 32 | low;
	struct shape_entry *entry = &reader->shapes[(outer->id * 31 + low) % SHAPE_ENTRIES];

	if (entry->key != key) {
		entry->key = key;
		entry->shape = shape_slow(reader, key);
	}
	return entry->shape;
}

struct value view_known(const struct evtx_reader *reader, const struct evtx_record *record,
			enum known known)
{
	uint32_t number = record->outer->known[known];
	const struct step *step;

	if (number == NO_STEP)
		return (struct value){0};
	step = &record->outer->steps[number];
	if (step->op == STEP_LITERAL)
		return step->field.value;
	return values_get(reader->chunk, &record->outer_values, step->index);
}

static bool known_is_static(const struct evtx_program *program, enum known known)
{
	uint32_t number = program->known[known];

	return number == NO_STEP || program->steps[number].op == STEP_LITERAL;
}

static void take_event_id(struct evtx_record *record, const struct value *id)
{
	if (id->type == VALUE_UINT16 && id->len == 2) {
		record->event_id = load_u16(id->ptr);
	} else {
		record->odd_id = !event_take_id(id, &record->event_id);
		record->is_reworded = record->event_id != 0 && !value_is_decimal(id);
	}
}

// False when only the fields themselves can tell: a payload may hold what the
// outer template should.
static bool take_known(struct evtx_reader *reader, struct evtx_record *record)
{
	struct value id = view_known(reader, record, KNOWN_EVENT_ID);

	record->channel = view_known(reader, record, KNOWN_CHANNEL);
	record->provider = view_known(reader, record, KNOWN_PROVIDER);
	record->static_channel = known_is_static(record->outer, KNOWN_CHANNEL);
	record->static_provider = known_is_static(record->outer, KNOWN_PROVIDER);
	take_event_id(record, &id);
	if (record->inner != NULL && record->inner->has_system)
		return false;
	if (record->shape == 0 && !record->is_element &&
	    (record->channel.type == VALUE_NULL || record->provider.type == VALUE_NULL ||
	     id.type == VALUE_NULL))
		return false;
	return value_is_scalar(&record->channel) && value_is_scalar(&record->provider) &&
	       value_is_scalar(&id);
}

// A payload of one instance and nothing else becomes record->inner. Anything
// else is left to be walked.
static enum rc take_payload(struct evtx_reader *reader, struct evtx_record *record,
			    struct taken *outer, bool *is_walked, const char **why)
{
	const struct step *step = &record->outer->steps[record->outer->payload];
	struct value payload = values_get(reader->chunk, &record->outer_values, step->index);
	enum place_kind place = (enum place_kind)step->below;
	struct binxml_input input = {.chunk = reader->chunk};
	struct taken inner;

	if (step->index + 1 != record->outer_values.count && payload.type == VALUE_BINXML)
		outer->types |= NESTED_BIT;
	if (payload.type != VALUE_BINXML || payload.len == 0)
		return RC_OK;
	input.at = (uint32_t)((const unsigned char *)payload.ptr - reader->chunk);
	input.end = input.at + payload.len;
	*is_walked = true;
	if (binxml_fragment(&input, why) != RC_OK)
		return RC_FAILED;
	if (input.at >= input.end || place == PLACE_OTHER)
		return RC_OK;
	if (reader->chunk[input.at] != TOKEN_INSTANCE) {
		record->may_be_plain = true;
		return RC_OK;
	}
	if (take_instance(reader, record, &input, place,
			  record->outer_values.count < EVTX_VIEW_VALUES ? record->outer_values.count
									: EVTX_VIEW_VALUES,
			  &record->inner_values, &inner, why) != RC_OK)
		return RC_FAILED;
	if (input.end - input.at != 1 || reader->chunk[input.at] != TOKEN_EOF)
		return RC_OK;
	*is_walked = false;
	record->inner = inner.program;
	outer->types |= inner.types;
	if (record->inner_values.count != 0)
		outer->types |= load_u32(record->inner_values.descriptors +
					 4 * (size_t)(record->inner_values.count - 1));
	return RC_OK;
}

// Events stored by a collector: plain elements.
static enum rc open_plain(struct evtx_reader *reader, struct evtx_record *record,
			  struct binxml_input *input, const char **why)
{
	struct store_element element;

	if (store_element(&reader->store, input, place_of(PLACE_RECORD), &reader->arena,
			  &reader->store.room, &element, why) != RC_OK)
		return RC_FAILED;
	record->is_element = true;
	record->outer = element.program;
	record->outer_values = element.values;
	if (element.program->id != 0 && element.program->is_regular)
		record->shape = reader_shape(reader, element.program, NULL);
	return RC_OK;
}

// A text that outlives the fields it is from. Few templates and records can make
// many long ones, so they take from the room of the chunk.
static bool keep_text(struct evtx_reader *reader, struct str text, struct value *out)
{
	if (text.len > reader->store.room)
		return false;
	reader->store.room -= text.len;
	*out = value_of_text(arena_str(&reader->arena, text), VALUE_STRING);
	return true;
}

// What the view cannot say without the fields.
static enum rc try_fields(struct evtx_reader *reader, struct evtx_record *record, const char **why)
{
	const struct field *id;
	struct event event;

	arena_reset(&reader->scratch);
	if (record_fields(reader, record, &reader->scratch, &event, why) != RC_OK)
		return RC_FAILED;
	if (!keep_text(reader, event.channel, &record->channel) ||
	    !keep_text(reader, event.provider, &record->provider)) {
		*why = BINXML_NO_ROOM;
		return RC_FAILED;
	}
	id = event_find_path(&event, STR("System/EventID"));
	record->event_id = 0;
	record->odd_id = false;
	if (id != NULL)
		take_event_id(record, &id->value);
	return RC_OK;
}

// One part of a payload's stream.
static enum rc check_token(struct binxml_input *input, const char **why)
{
	switch (input->chunk[input->at]) {
	case TOKEN_FRAGMENT:
		return binxml_fragment(input, why);
	case TOKEN_PI_TARGET:
	case TOKEN_PI_DATA:
		return binxml_instruction(input, why);
	case TOKEN_INSTANCE:
		if (input->strict) {
			*why = "a payload of several parts";
			return RC_FAILED;
		}
		return binxml_skip_instance(input, why);
	default:
		return binxml_element(input, NULL, 0, why);
	}
}

// A payload that is left to be walked is at least BinXML, up to its very end.
static enum rc check_payload(struct evtx_reader *reader, const struct evtx_record *record,
			     const char **why)
{
	struct value payload = values_get(reader->chunk, &record->outer_values,
					  record->outer->steps[record->outer->payload].index);
	struct binxml_input input = {.chunk = reader->chunk};
	uint32_t start = (uint32_t)((const unsigned char *)payload.ptr - reader->chunk);

	input.at = start;
	input.end = input.at + payload.len;
	if (reader->store.carving != NULL) {
		buf_reset(&reader->store.references);
		input.references = &reader->store.references;
		input.strict = true;
	}
	while (input.at < input.end && input.chunk[input.at] != TOKEN_EOF) {
		if (check_token(&input, why) != RC_OK)
			return RC_FAILED;
	}
	if (input.end - input.at > 1) {
		*why = "BinXML ends before the value that holds it";
		return RC_FAILED;
	}
	if (reader->store.carving != NULL &&
	    !store_names_belong(&reader->store, reader->chunk, start, payload.len)) {
		*why = "names were overwritten";
		reader->store.doubt = EVTX_DOUBT_NAMES;
		return RC_FAILED;
	}
	return RC_OK;
}

// One outer instance, which is what nearly all records are.
static enum rc open_instance(struct evtx_reader *reader, struct evtx_record *record,
			     struct binxml_input *input, const char **why)
{
	struct taken outer;
	bool is_walked = false;

	if (take_instance(reader, record, input, PLACE_RECORD, 0, &record->outer_values, &outer,
			  why) != RC_OK)
		return RC_FAILED;
	record->outer = outer.program;
	if (outer.program->payload != NO_STEP) {
		if (take_payload(reader, record, &outer, &is_walked, why) != RC_OK ||
		    (is_walked && check_payload(reader, record, why) != RC_OK))
			return RC_FAILED;
	}
	if ((outer.types & NESTED_BIT) != 0 || !outer.program->is_regular)
		record->may_be_plain = false;
	else if (!is_walked)
		record->shape = reader_shape(reader, outer.program, record->inner);
	return RC_OK;
}

void view_start(const struct evtx_reader *reader, struct evtx_record *record, uint32_t at,
		uint32_t size)
{
	const unsigned char *bytes = reader->chunk + at;

	// Not the offsets, which are written before they are read.
	memset(record, 0, offsetof(struct evtx_record, offsets));
	record->offset = at;
	record->size = size;
	record->header_id = load_u64(bytes + 8);
	record->written = load_u64(bytes + 16);
	record->body = at + RECORD_HEAD;
	record->body_end = at + size - 4;
}

enum rc view_open(struct evtx_reader *reader, struct evtx_record *record, const char **why)
{
	struct binxml_input input = {
		.chunk = reader->chunk,
		.at = record->body,
		.end = record->body_end,
	};
	enum rc rc;

	if (binxml_fragment(&input, why) != RC_OK)
		return RC_FAILED;
	if (input.at < input.end && reader->chunk[input.at] == TOKEN_INSTANCE)
		rc = open_instance(reader, record, &input, why);
	else
		rc = open_plain(reader, record, &input, why);
	if (rc != RC_OK)
		return rc;
	record->is_simple = record->outer->is_regular;
	if (input.at >= input.end || reader->chunk[input.at] != TOKEN_EOF)
		record->is_simple = false;
	// At most 7 bytes of padding (1.4).
	else if (input.end - input.at > 8)
		record->suspect = true;
	if (record->is_simple && take_known(reader, record)) {
		record->is_plain = record->shape != 0 && !record->is_reworded &&
				   record->outer->is_plain &&
				   (record->inner == NULL || record->inner->is_plain);
		return RC_OK;
	}
	record->is_simple = record->is_plain = false;
	record->static_channel = record->static_provider = false;
	record->shape = 0;
	return try_fields(reader, record, why);
}

bool view_plain_payload(struct evtx_reader *reader, const struct evtx_record *record,
			struct arena *arena, size_t *work, struct store_element *out)
{
	const struct step *step = &record->outer->steps[record->outer->payload];
	struct value payload = values_get(reader->chunk, &record->outer_values, step->index);
	struct binxml_input input = {.chunk = reader->chunk};
	size_t left = *work;
	const char *why;

	input.at = (uint32_t)((const unsigned char *)payload.ptr - reader->chunk);
	input.end = input.at + payload.len;
	if (binxml_fragment(&input, &why) != RC_OK ||
	    store_element(&reader->store, &input, place_below(step), arena, &left, out, &why) !=
		    RC_OK)
		return false;
	if (out->program->id == 0 || !out->program->is_regular || out->program->has_system ||
	    input.end - input.at != 1 || reader->chunk[input.at] != TOKEN_EOF)
		return false;
	*work = left;
	return true;
}

// The instance at input->at, if there is one, passes strict mode.
static bool instance_is_strict(struct evtx_reader *reader, struct binxml_input *input)
{
	struct binxml_instance instance;
	const char *why;

	if (input->at >= input->end || reader->chunk[input->at] != TOKEN_INSTANCE)
		return true;
	return binxml_instance(input, &instance, &why) == RC_OK &&
	       store_is_strict(&reader->store, reader->chunk, &instance);
}

static bool plain_is_strict(struct binxml_input *input)
{
	const char *why;

	input->strict = true;
	return binxml_element(input, NULL, 0, &why) == RC_OK;
}

bool view_is_strict(struct evtx_reader *reader, const struct evtx_record *record)
{
	struct binxml_input input = {
		.chunk = reader->chunk,
		.at = record->body,
		.end = record->body_end,
	};
	const char *why;
	struct value payload;

	if (!record->is_simple || record->suspect || record->offset % 8 != 0 ||
	    reader->chunk[input.at] != TOKEN_FRAGMENT || binxml_fragment(&input, &why) != RC_OK)
		return false;
	if (record->is_element)
		return plain_is_strict(&input);
	if (!instance_is_strict(reader, &input))
		return false;
	if (record->inner == NULL)
		return true;
	payload = values_get(reader->chunk, &record->outer_values,
			     record->outer->steps[record->outer->payload].index);
	input.at = (uint32_t)((const unsigned char *)payload.ptr - reader->chunk);
	input.end = input.at + payload.len;
	return binxml_fragment(&input, &why) == RC_OK && instance_is_strict(reader, &input);
}
