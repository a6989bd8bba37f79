// SPDX-License-Identifier: Apache-2.0
// A record's view -> the fields of an event.
#include <string.h>

#include "base/limits.h"
#include "evtx/reader_internal.h"

#define HAS_CHILDREN 0x1u
#define HAS_ATTRIBUTES 0x2u

struct fill {
	struct evtx_reader *reader;
	const struct evtx_record *record;
	const struct evtx_program *inner; // of the record, or of a plain payload
	struct evtx_values inner_values;
	uint32_t shape;
	struct arena *arena;
	struct field *fields;
	size_t count;
	size_t cap;
	size_t work; // what this record may still cost
	const char *why;
	unsigned nesting;
	struct buf text;			// of mixed content
	unsigned char had[LIMIT_XML_DEPTH + 1]; // of the open element of each depth
};

// A program at work.
struct run {
	const struct evtx_program *program;
	const struct evtx_values *values;
	uint32_t slot; // of its first step; EVENT_NO_SLOT: none of its fields has one
};

static bool run_steps(struct fill *fill, const struct run *run, uint32_t from, uint32_t to);
static bool run_stream(struct fill *fill, uint32_t at, uint32_t end, struct place_in place);

static bool fail(struct fill *fill, const char *why)
{
	if (fill->why == NULL)
		fill->why = why;
	return false;
}

static inline bool charge(struct fill *fill, size_t work)
{
	if (work > fill->work)
		return fail(fill, "its fields are too many or too large");
	fill->work -= work;
	return true;
}

static struct field *grow(struct fill *fill)
{
	size_t cap = fill->cap < 16 ? 32 : fill->cap * 2;
	struct field *fields = arena_alloc(fill->arena, cap * sizeof(*fields));

	if (fill->count != 0)
		memcpy(fields, fill->fields, fill->count * sizeof(*fields));
	fill->fields = fields;
	fill->cap = cap;
	return fields + fill->count++;
}

static inline struct field *new_field(struct fill *fill, const struct step *step,
				      const struct run *run)
{
	struct field *field = fill->count < fill->cap ? &fill->fields[fill->count++] : grow(fill);

	*field = step->field;
	field->slot = run->slot == EVENT_NO_SLOT ? EVENT_NO_SLOT : field->slot + run->slot;
	return field;
}

// Items of an array that does not repeat its element are joined by commas (2.5).
// False when the record may not cost that much: part of a text would pass for all
// of it.
static bool put_items(struct fill *fill, const struct value *array)
{
	struct value item;
	uint32_t at = 0;

	for (bool is_first = true; value_next_item(array, &at, &item); is_first = false) {
		if (!charge(fill, sizeof(struct field) + item.len))
			return false;
		if (!is_first)
			buf_put_char(&fill->text, ',');
		buf_put_str(&fill->text, value_text(&item, fill->arena));
	}
	return true;
}

static bool put_part(struct fill *fill, const struct value *value)
{
	if ((value->type & VALUE_ARRAY) != 0)
		return put_items(fill, value);
	if (!charge(fill, sizeof(struct field) + value->len))
		return false;
	buf_put_str(&fill->text, value_text(value, fill->arena));
	return true;
}

// The text of several parts, in the arena. Values of type BinXML have been
// walked already.
static bool join_parts(struct fill *fill, const struct run *run, const struct part *parts,
		       struct str *out)
{
	buf_reset(&fill->text);
	for (; parts != NULL; parts = parts->next) {
		struct value value = parts->literal;

		if (value.type == VALUE_NULL)
			value = values_get(fill->reader->chunk, run->values, parts->index);
		if (value.type != VALUE_BINXML && !put_part(fill, &value))
			return false;
	}
	*out = arena_str(fill->arena, buf_str(&fill->text));
	return true;
}

// `name` behind the first `at` bytes of `text`, instead of the tag there. Not by
// printf: a name may hold a NUL.
static struct str put_name(struct fill *fill, struct str text, size_t at, struct str name)
{
	buf_reset(&fill->text);
	buf_put_str(&fill->text, str_sub(text, 0, at));
	buf_put_str(&fill->text, name);
	buf_put_str(&fill->text, str_sub(text, at + sizeof("Data") - 1, SIZE_MAX));
	return arena_str(fill->arena, buf_str(&fill->text));
}

// Put the Name of a Data where its tag stands in name and path.
static bool rename_field(struct fill *fill, const struct run *run, const struct step *step,
			 struct field *field)
{
	size_t at = field->path.len;
	struct str name;

	if (!join_parts(fill, run, step->name, &name))
		return false;
	if (name.len == 0)
		return true;
	while (at > 0 && field->path.ptr[at - 1] != '/')
		at--;
	field->name = put_name(fill, field->name, 0, name);
	field->path = put_name(fill, field->path, at, name);
	field->slot = EVENT_NO_SLOT;
	return true;
}

// A field whose name its step has.
static inline bool add_field(struct fill *fill, const struct run *run, const struct step *step,
			     struct value value)
{
	if (!charge(fill, sizeof(struct field) + value.len))
		return false;
	new_field(fill, step, run)->value = value;
	return true;
}

static bool emit(struct fill *fill, const struct run *run, const struct step *step,
		 struct value value)
{
	if (!add_field(fill, run, step, value))
		return false;
	return (step->flags & STEP_NAMED) == 0 ||
	       rename_field(fill, run, step, &fill->fields[fill->count - 1]);
}

// What the element of a text step had, as far as that differs from record to
// record.
static unsigned char had(const struct fill *fill, const struct step *step)
{
	return (step->flags & STEP_OPENED) != 0 ? fill->had[step->depth] : 0;
}

// An element whose text is empty.
static bool emit_empty(struct fill *fill, const struct run *run, const struct step *step,
		       struct value value)
{
	if ((step->flags & STEP_IF_EMPTY) == 0 || had(fill, step) != 0)
		return true;
	return emit(fill, run, step, value);
}

// An array repeats its element, attributes included (2.5).
static bool emit_array(struct fill *fill, const struct run *run, const struct step *step,
		       struct value array)
{
	uint32_t self = (uint32_t)(step - run->program->steps);
	struct value item = {.ptr = array.ptr, .type = array.type & ~VALUE_ARRAY & 0xFF};
	uint32_t at = 0;

	if (!value_next_item(&array, &at, &item))
		return emit_empty(fill, run, step, item);
	for (;;) {
		if (!emit(fill, run, step, item))
			return false;
		if (!value_next_item(&array, &at, &item))
			return true;
		if (!run_steps(fill, run, step->target, self))
			return false;
	}
}

static bool run_nested(struct fill *fill, const struct step *step, struct value value)
{
	uint32_t at = (uint32_t)((const unsigned char *)value.ptr - fill->reader->chunk);

	return run_stream(fill, at, at + value.len, place_below(step));
}

// Neither null nor empty nor BinXML nor an array, and named by its step.
static inline bool is_plain(const struct step *step, const struct value *value)
{
	return value->len != 0 && (unsigned)value->type - 1 < VALUE_BINXML - 1 &&
	       (step->flags & STEP_NAMED) == 0;
}

static bool run_value(struct fill *fill, const struct run *run, const struct step *step,
		      struct value value)
{
	if (value.type == VALUE_NULL)
		value = (struct value){0}; // what it holds is garbage (2.8)
	if (value.type == VALUE_BINXML) {
		fill->had[step->depth] = had(fill, step);
		if (!run_nested(fill, step, value))
			return false;
		if (fill->had[step->depth] != 0)
			return true;
		value = (struct value){0};
	}
	if (value.type & VALUE_ARRAY)
		return emit_array(fill, run, step, value);
	if (value.len == 0)
		return emit_empty(fill, run, step, value);
	return emit(fill, run, step, value);
}

static bool join_items(struct fill *fill, struct value array, struct value *out)
{
	buf_reset(&fill->text);
	if (!put_items(fill, &array))
		return false;
	*out = value_of_text(arena_str(fill->arena, buf_str(&fill->text)),
			     (enum value_type)(array.type & ~VALUE_ARRAY & 0xFF));
	return true;
}

static bool run_attribute(struct fill *fill, const struct run *run, const struct step *step)
{
	struct value value = values_get(fill->reader->chunk, run->values, step->index);

	if ((value.type & VALUE_ARRAY) != 0 && !join_items(fill, value, &value))
		return false;
	if (value.type == VALUE_NULL || value.len == 0)
		return true;
	fill->had[step->depth] |= HAS_ATTRIBUTES;
	return emit(fill, run, step, value);
}

static bool run_mixed_attribute(struct fill *fill, const struct run *run, const struct step *step)
{
	struct str text;

	if (!join_parts(fill, run, step->parts, &text))
		return false;
	if (text.len == 0)
		return true;
	fill->had[step->depth] |= HAS_ATTRIBUTES;
	return emit(fill, run, step, value_of_text(text, VALUE_STRING));
}

// The BinXML among the parts of a text, but for what a STEP_NEST has read.
static bool run_parts(struct fill *fill, const struct run *run, const struct step *step)
{
	for (const struct part *part = step->parts; part != NULL; part = part->next) {
		struct value value = part->literal;

		if (value.type == VALUE_NULL)
			value = values_get(fill->reader->chunk, run->values, part->index);
		if (value.type == VALUE_BINXML && !part->is_nest && !run_nested(fill, step, value))
			return false;
	}
	return true;
}

static bool run_mixed(struct fill *fill, const struct run *run, const struct step *step)
{
	struct str text;

	if (!run_parts(fill, run, step) || !join_parts(fill, run, step->parts, &text))
		return false;
	if ((step->flags & STEP_NOT_BLANK) != 0 || (had(fill, step) & HAS_CHILDREN) != 0) {
		if (str_trim(text).len == 0)
			return true;
	}
	if (text.len == 0)
		return emit_empty(fill, run, step, value_of_text(text, VALUE_STRING));
	return emit(fill, run, step, value_of_text(text, VALUE_STRING));
}

// A text that may stand beside child elements. Without any, a single value is
// the whole of it, of its own type.
static bool run_text(struct fill *fill, const struct run *run, const struct step *step)
{
	const struct part *only = step->parts;
	bool is_value = only != NULL && only->next == NULL && only->literal.type == VALUE_NULL;
	struct value value;

	if (is_value && (step->flags & STEP_NOT_BLANK) == 0 &&
	    (had(fill, step) & HAS_CHILDREN) == 0) {
		value = values_get(fill->reader->chunk, run->values, step->index);
		if (value.type != VALUE_BINXML)
			return run_value(fill, run, step, value);
	}
	return run_mixed(fill, run, step);
}

// The payload of a record that the view has read as one instance.
static bool run_payload(struct fill *fill, const struct step *step)
{
	struct run inner = {fill->inner, &fill->inner_values, EVENT_NO_SLOT};

	if (fill->shape != 0)
		inner.slot = fill->record->outer->count;
	fill->had[step->depth] |= HAS_CHILDREN;
	return run_steps(fill, &inner, 0, inner.program->count);
}

static bool run_nest(struct fill *fill, const struct run *run, const struct step *step)
{
	struct value value = values_get(fill->reader->chunk, run->values, step->index);
	bool is_payload = fill->inner != NULL && run->program == fill->record->outer &&
			  run->program->payload == (uint32_t)(step - run->program->steps);

	if (value.type != VALUE_BINXML)
		return (step->flags & STEP_LAST) == 0 || run_text(fill, run, step);
	if (!(is_payload ? run_payload(fill, step) : run_nested(fill, step, value)))
		return false;
	return emit_empty(fill, run, step, (struct value){0});
}

// An instance whose place in the chunk is `at`; returns where it ends, 0 when
// it failed.
static uint32_t run_instance(struct fill *fill, uint32_t at, uint32_t end, struct place_in place)
{
	struct evtx_reader *reader = fill->reader;
	struct binxml_input input = {.chunk = reader->chunk, .at = at, .end = end};
	struct binxml_instance instance;
	struct evtx_values values;
	struct run run = {.values = &values, .slot = EVENT_NO_SLOT};
	struct evtx_program *compiled;
	uint16_t *offsets;
	uint32_t types;
	uint32_t behind;

	if (binxml_instance(&input, &instance, &fill->why) != RC_OK)
		return 0;
	run.program = store_find(&reader->store, reader->chunk, &instance,
				 place.kind == PLACE_OTHER ? PLACE_EVENT : place.kind, &fill->why);
	if (run.program == NULL)
		return 0;
	if (place.kind == PLACE_OTHER) {
		// It is sound, but its paths begin elsewhere.
		if (store_definition(reader->chunk, instance.definition, &input, &fill->why) !=
			    RC_OK ||
		    store_compile(&reader->store, &input, place, fill->arena, &fill->work,
				  &compiled, &fill->why) != RC_OK)
			return 0;
		run.program = compiled;
	}
	if (!charge(fill, instance.count * sizeof(*offsets) + run.program->count))
		return 0;
	offsets = arena_alloc(fill->arena, instance.count * sizeof(*offsets));
	behind = view_offsets(reader->chunk, &instance, end, offsets, &types);
	if (behind == 0) {
		fail(fill, "values are larger than what holds them");
		return 0;
	}
	values =
		(struct evtx_values){reader->chunk + instance.descriptors, offsets, instance.count};
	return run_steps(fill, &run, 0, run.program->count) ? behind : 0;
}

static bool run_step(struct fill *fill, const struct run *run, const struct step *step)
{
	switch (step->op) {
	case STEP_ATTRIBUTE:
		return run_attribute(fill, run, step);
	case STEP_MIXED:
		return run_text(fill, run, step);
	case STEP_MIXED_ATTRIBUTE:
		return run_mixed_attribute(fill, run, step);
	case STEP_NEST:
		return run_nest(fill, run, step);
	case STEP_INSTANCE:
		fill->had[step->depth] |= HAS_CHILDREN;
		return run_instance(fill, step->index, fill->record->body_end, place_below(step)) !=
		       0;
	default:
		return emit(fill, run, step, step->field.value);
	}
}

// Steps from..to-1. Guards and openings are steps of nothing.
static bool run_steps(struct fill *fill, const struct run *run, uint32_t from, uint32_t to)
{
	const struct step *steps = run->program->steps;

	for (uint32_t i = from; i < to;) {
		const struct step *step = &steps[i++];

		if (step->op == STEP_VALUE) {
			struct value value =
				values_get(fill->reader->chunk, run->values, step->index);

			// Nearly all fields are this.
			if (!(is_plain(step, &value) ? add_field(fill, run, step, value)
						     : run_value(fill, run, step, value)))
				return false;
		} else if (step->op == STEP_GUARD) {
			struct value value =
				values_get(fill->reader->chunk, run->values, step->index);

			if (value.type == VALUE_NULL)
				i = step->target;
			else
				fill->had[step->depth - 1] |= HAS_CHILDREN;
		} else if (step->op == STEP_OPEN) {
			fill->had[step->depth] = 0;
		} else if (!run_step(fill, run, step)) {
			return false;
		}
	}
	return true;
}

static bool run_element(struct fill *fill, struct binxml_input *input, struct place_in place)
{
	struct store_element element;
	struct run run = {.values = &element.values, .slot = EVENT_NO_SLOT};

	if (store_element(&fill->reader->store, input, place, fill->arena, &fill->work, &element,
			  &fill->why) != RC_OK)
		return false;
	run.program = element.program;
	return run_steps(fill, &run, 0, run.program->count);
}

// A stream up to its end token or the end of its window (2.1).
static bool run_tokens(struct fill *fill, struct binxml_input *input, struct place_in place)
{
	while (input->at < input->end) {
		switch (input->chunk[input->at]) {
		case TOKEN_EOF:
			if (input->end - input->at != 1 && place.depth != 0)
				return fail(fill, "BinXML ends before the value that holds it");
			return true;
		case TOKEN_FRAGMENT:
			if (binxml_fragment(input, &fill->why) != RC_OK)
				return false;
			break;
		case TOKEN_PI_TARGET:
		case TOKEN_PI_DATA:
			if (binxml_instruction(input, &fill->why) != RC_OK)
				return false;
			break;
		case TOKEN_INSTANCE:
			fill->had[place.depth] |= HAS_CHILDREN;
			input->at = run_instance(fill, input->at, input->end, place);
			if (input->at == 0)
				return false;
			break;
		default:
			fill->had[place.depth] |= HAS_CHILDREN;
			if (!run_element(fill, input, place))
				return false;
		}
	}
	return true;
}

static bool run_stream(struct fill *fill, uint32_t at, uint32_t end, struct place_in place)
{
	struct binxml_input input = {.chunk = fill->reader->chunk, .at = at, .end = end};
	bool ok;

	if (fill->nesting == LIMIT_BINXML_NESTING)
		return fail(fill, "BinXML is nested too deep");
	fill->nesting++;
	ok = run_tokens(fill, &input, place);
	fill->nesting--;
	return ok;
}

static uint64_t number_of(struct value value)
{
	uint64_t number;

	return value.type != VALUE_NULL && value_to_u64(&value, &number) ? number : 0;
}

// event_index_system, without looking for the fields where the outer template
// says all.
static void index_system(const struct fill *fill, struct event *event)
{
	struct value values[KNOWN_COUNT];

	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		values[i] = view_known(fill->reader, fill->record, (enum known)i);
		if (!value_is_scalar(&values[i])) {
			event_index_system(event);
			return;
		}
	}
	event->channel = reader_text(fill->reader, &values[KNOWN_CHANNEL]);
	event->provider = reader_text(fill->reader, &values[KNOWN_PROVIDER]);
	event->computer = reader_text(fill->reader, &values[KNOWN_COMPUTER]);
	event->event_id = fill->record->event_id;
	event->odd_id = fill->record->odd_id;
	event->record_id = number_of(values[KNOWN_RECORD_ID]);
	if (values[KNOWN_TIME].type == VALUE_NULL ||
	    !value_to_time(&values[KNOWN_TIME], &event->time))
		event->time = 0;
}

static bool run_record(struct fill *fill)
{
	const struct evtx_record *record = fill->record;
	struct run run = {record->outer, &record->outer_values, 0};
	struct store_element payload;

	if (!record->is_simple)
		return run_stream(fill, record->body, record->body_end, place_of(PLACE_RECORD));
	if (record->may_be_plain &&
	    view_plain_payload(fill->reader, record, fill->arena, &fill->work, &payload)) {
		fill->inner = payload.program;
		fill->inner_values = payload.values;
		fill->shape = reader_shape(fill->reader, record->outer, fill->inner);
	}
	if (fill->shape == 0)
		run.slot = EVENT_NO_SLOT;
	fill->cap = record->outer->count + (fill->inner != NULL ? fill->inner->count : 8);
	fill->fields = arena_alloc(fill->arena, fill->cap * sizeof(*fill->fields));
	return run_steps(fill, &run, 0, run.program->count);
}

enum rc record_fields(struct evtx_reader *reader, const struct evtx_record *record,
		      struct arena *arena, struct event *event, const char **why)
{
	struct fill fill;
	bool ok;

	memset(&fill, 0, sizeof(fill));
	fill.reader = reader;
	fill.record = record;
	fill.inner = record->inner;
	fill.inner_values = record->inner_values;
	fill.shape = record->shape;
	fill.arena = arena;
	fill.work = LIMIT_RECORD_WORK + LIMIT_RECORD_WORK_FACTOR * (size_t)record->size;
	event_init(event, arena);
	event->header_id = record->header_id;
	event->offset = record->offset;
	event->recovered = record->recovered;
	ok = run_record(&fill);
	buf_release(&fill.text);
	if (!ok || fill.count == 0) {
		*why = ok ? "it has no fields" : fill.why;
		return RC_FAILED;
	}
	event->fields = fill.fields;
	event->count = fill.count;
	event->shape = fill.shape;
	if (fill.shape != 0)
		index_system(&fill, event);
	else
		event_index_system(event);
	return RC_OK;
}

enum rc evtx_record_event(struct evtx_reader *reader, const struct evtx_record *record,
			  struct arena *arena, struct event *event, struct err *err)
{
	const char *why = NULL;

	if (record_fields(reader, record, arena, event, &why) == RC_OK)
		return RC_OK;
	return evtx_record_lost(record, why, err);
}
