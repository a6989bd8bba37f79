// SPDX-License-Identifier: Apache-2.0
// The checks of 5.3, around the reader's own.
#include "evtx/carve.h"

#include <string.h>

#include "evtx/crc32.h"
#include "evtx/reader_internal.h"

// What stands before the form in a program's key: place and GUID (store.c).
#define KEY_GUID 1
#define KEY_FORM (1 + 16)

// An instance up to its definition: token, 1, id, offset.
#define INSTANCE_HEAD 10u
// What judging the smallest record takes, as its bytes count.
#define RECORD_WORK 512u
// Most values of an instance that evtx_carve_place looks over.
#define PLACE_VALUES 256u

const char *evtx_doubt_text(enum evtx_doubt doubt)
{
	static const char *const texts[EVTX_DOUBTS] = {
		[EVTX_DOUBT_FRAME] = "no record begins and ends there",
		[EVTX_DOUBT_BINXML] = "its content is no sound BinXML",
		[EVTX_DOUBT_TEMPLATE] = "its template was overwritten",
		[EVTX_DOUBT_NAMES] = "names of its template were overwritten",
		[EVTX_DOUBT_AMBIGUOUS] = "several templates could be its own",
		[EVTX_DOUBT_VALUES] = "its values do not fit",
		[EVTX_DOUBT_PAGES] = "it may be put together of two",
		[EVTX_DOUBT_WORK] = "too much looks like a record there",
	};

	return texts[doubt];
}

// ---- frames -------------------------------------------------------------

uint32_t evtx_carve_size(const unsigned char *record, size_t len)
{
	uint32_t size;

	if (len < RECORD_MIN || load_u32(record) != RECORD_SIGNATURE)
		return 0;
	size = load_u32(record + 4);
	if (size < RECORD_MIN || size > len || size > CHUNK_SIZE - CHUNK_HEADER_SIZE ||
	    size % 8 != 0 || load_u32(record + size - 4) != size)
		return 0;
	return size;
}

// `inside` is where in the record something stands that names its own place.
static uint32_t place_by(uint32_t own, uint32_t inside, uint32_t size)
{
	uint32_t place = own - inside;

	if (own < inside || place < CHUNK_HEADER_SIZE || place % 8 != 0 ||
	    place > CHUNK_SIZE - size)
		return 0;
	return place;
}

// Of a record that begins with an element: its name stands behind the reference to it.
static uint32_t place_by_name(const unsigned char *record, uint32_t at, uint32_t size)
{
	return size - at >= 9 ? place_by(load_u32(record + at + 5), at + 9, size) : 0;
}

// Of an instance at `at`: its definition, if it is inline; else *next is where its last
// value begins, 0 when it cannot be said.
static uint32_t place_by_instance(const unsigned char *record, uint32_t at, uint32_t size,
				  uint32_t *next)
{
	uint32_t place;
	uint32_t count;
	uint64_t value;

	*next = 0;
	if (size - at < INSTANCE_HEAD + 24 || record[at] != TOKEN_INSTANCE)
		return 0;
	place = place_by(load_u32(record + at + 6), at + INSTANCE_HEAD, size);
	if (place != 0 && load_u32(record + at + 2) == load_u32(record + at + INSTANCE_HEAD + 4))
		return place;
	count = load_u32(record + at + INSTANCE_HEAD);
	if (count == 0 || count > PLACE_VALUES || size - at - INSTANCE_HEAD - 4 < 4 * count)
		return 0;
	value = at + INSTANCE_HEAD + 4 + 4 * (uint64_t)count;
	for (uint32_t i = 0; i + 1 < count; i++)
		value += load_u16(record + at + INSTANCE_HEAD + 4 + 4 * (size_t)i);
	if (value + INSTANCE_HEAD + 24 <= size)
		*next = (uint32_t)value;
	return 0;
}

uint32_t evtx_carve_place(const unsigned char *record, uint32_t size)
{
	uint32_t at = RECORD_HEAD + 4;
	uint32_t place;

	if (size < at + INSTANCE_HEAD || record[RECORD_HEAD] != TOKEN_FRAGMENT)
		return 0;
	if (record[at] != TOKEN_INSTANCE)
		return place_by_name(record, at, size);
	place = place_by_instance(record, at, size, &at);
	if (place != 0 || at == 0)
		return place;
	// The payload is the last value.
	if (record[at] == TOKEN_FRAGMENT)
		at += 4;
	return place_by_instance(record, at, size, &at);
}

// ---- chunks -------------------------------------------------------------

static bool is_plausible(const unsigned char *chunk)
{
	uint32_t used = load_u32(chunk + 48);
	uint32_t last = load_u32(chunk + 44);

	return used >= CHUNK_HEADER_SIZE && used <= CHUNK_SIZE && last < used &&
	       load_u64(chunk + 24) <= load_u64(chunk + 32);
}

bool evtx_carve_header(const unsigned char *chunk)
{
	uint32_t crc;

	if (memcmp(chunk, "ElfChnk", 8) != 0 || load_u32(chunk + 40) != 128)
		return false;
	if ((load_u32(chunk + 120) & EVTX_NO_CRC) != 0)
		return is_plausible(chunk);
	crc = crc32_update(0, chunk, 120);
	return crc32_update(crc, chunk + 128, CHUNK_HEADER_SIZE - 128) == load_u32(chunk + 124);
}

uint32_t evtx_carve_used(const unsigned char *chunk, size_t len, bool *whole)
{
	uint32_t used = load_u32(chunk + 48);

	*whole = false;
	if (used < CHUNK_HEADER_SIZE || used > CHUNK_SIZE)
		return used < CHUNK_HEADER_SIZE ? CHUNK_HEADER_SIZE : CHUNK_SIZE;
	*whole = used <= len && crc32_update(0, chunk + CHUNK_HEADER_SIZE,
					     used - CHUNK_HEADER_SIZE) == load_u32(chunk + 52);
	return used;
}

// ---- values -------------------------------------------------------------

// Windows declares some types otherwise than it stores them (evtx-format.md 2.5).
static bool type_fits(unsigned declared, unsigned stored)
{
	return stored == VALUE_NULL || stored == declared ||
	       (declared == VALUE_SIZE && (stored == VALUE_HEX32 || stored == VALUE_HEX64)) ||
	       (declared == VALUE_UINT8 && stored == VALUE_UINT16);
}

static bool values_are_sound(const unsigned char *chunk, const struct evtx_values *values,
			     uint32_t payload)
{
	for (uint32_t i = 0; i < values->count; i++) {
		struct value value = values_get(chunk, values, i);

		if (values->descriptors[4 * (size_t)i + 3] != 0 ||
		    (value.type == VALUE_BINXML && i != payload) || !value_is_sound(&value))
			return false;
	}
	return true;
}

// Are the values of the types that the form declares?
static bool types_fit(struct str form, const struct evtx_values *values)
{
	const unsigned char *at = (const unsigned char *)form.ptr;
	const unsigned char *end = at + form.len;
	unsigned index;

	while (at < end) {
		switch (*at++) {
		case FORM_ELEMENT:
		case FORM_ATTRIBUTE:
			at += 2 + (size_t)load_u16(at);
			break;
		case FORM_TEXT:
			at += 4 + (size_t)load_u32(at);
			break;
		case FORM_NORMAL:
		case FORM_OPTIONAL:
			index = load_u16(at);
			if (index >= values->count ||
			    !type_fits(at[2], values->descriptors[4 * (size_t)index + 2]))
				return false;
			at += 3;
			break;
		default:
			break;
		}
	}
	return true;
}

static struct str form_of(const struct evtx_program *program)
{
	return str_sub(program->key, KEY_FORM, SIZE_MAX);
}

static bool record_is_sound(const struct evtx_reader *reader, const struct evtx_record *record)
{
	const struct evtx_program *outer = record->outer;
	uint32_t payload = UINT32_MAX;

	if (record->is_element)
		return true; // its values are texts of the record itself
	if (outer->payload != NO_STEP)
		payload = outer->steps[outer->payload].index;
	if (!values_are_sound(reader->chunk, &record->outer_values, payload))
		return false;
	if (record->inner != NULL &&
	    !values_are_sound(reader->chunk, &record->inner_values, UINT32_MAX))
		return false;
	if (reader->store.lent == EVENT_TEMPLATE_OWN)
		return true;
	return types_fit(form_of(outer), &record->outer_values) &&
	       (record->inner == NULL || types_fit(form_of(record->inner), &record->inner_values));
}

// ---- records ------------------------------------------------------------

void evtx_carve_open(struct evtx_reader *reader, const void *chunk, struct evtx_carving *carving)
{
	reader_reset(reader);
	reader->chunk = chunk;
	reader->store.carving = carving;
}

static bool has_frame(const struct evtx_reader *reader, uint32_t offset)
{
	const unsigned char *record = reader->chunk + offset;

	return offset % 8 == 0 && offset >= CHUNK_HEADER_SIZE &&
	       offset <= CHUNK_SIZE - RECORD_MIN &&
	       evtx_carve_size(record, CHUNK_SIZE - offset) >= RECORD_MIN + 4 &&
	       load_u32(record + RECORD_HEAD) == RECORD_FRAGMENT;
}

// False when there is not as much work left.
static bool pay(struct evtx_carving *carving, size_t work)
{
	bool enough = work <= carving->work;

	carving->work -= enough ? work : carving->work;
	return enough;
}

// The record's view and fields; the reasons of the store stand in it.
static enum rc decode(struct evtx_reader *reader, struct evtx_record *record, struct arena *arena,
		      struct event *event, enum evtx_doubt *doubt)
{
	const char *why = NULL;

	if (view_open(reader, record, &why) != RC_OK) {
		*doubt = strcmp(why, BINXML_NO_ROOM) == 0 ? EVTX_DOUBT_WORK : reader->store.doubt;
		return RC_FAILED;
	}
	if (!record->is_simple || record->suspect)
		return RC_FAILED;
	if (!record_is_sound(reader, record)) {
		*doubt = EVTX_DOUBT_VALUES;
		return RC_FAILED;
	}
	if (record_fields(reader, record, arena, event, &why) != RC_OK)
		return RC_FAILED;
	// Every record has these; without, nobody could say what it is.
	return event->time != 0 && event->provider.len > 0 ? RC_OK : RC_FAILED;
}

enum rc evtx_carve(struct evtx_reader *reader, struct evtx_record *record, uint32_t offset,
		   struct arena *arena, struct event *event, enum evtx_doubt *doubt)
{
	*doubt = EVTX_DOUBT_FRAME;
	if (!has_frame(reader, offset))
		return RC_FAILED;
	view_start(reader, record, offset, load_u32(reader->chunk + offset + 4));
	*doubt = EVTX_DOUBT_WORK;
	if (!pay(reader->store.carving, RECORD_WORK + record->size))
		return RC_FAILED;
	*doubt = reader->store.doubt = EVTX_DOUBT_BINXML;
	reader->store.lent = EVENT_TEMPLATE_OWN;
	if (decode(reader, record, arena, event, doubt) != RC_OK)
		return RC_FAILED;
	pay(reader->store.carving, event->count * sizeof(*event->fields));
	event->recovered = true;
	event->lent = reader->store.lent;
	return RC_OK;
}

// ---- learning -----------------------------------------------------------

static void learn(struct evtx_book *book, uint32_t source, const struct evtx_program *program,
		  const struct evtx_values *values)
{
	struct evtx_template template;

	if (program == NULL || program->id == 0)
		return;
	template.guid = str_sub(program->key, KEY_GUID, KEY_FORM - KEY_GUID);
	template.form = form_of(program);
	template.count = values->count;
	evtx_book_add(book, source, &template);
}

void evtx_carve_learn(struct evtx_book *book, uint32_t source, const struct evtx_record *record)
{
	if (record->is_element)
		return;
	learn(book, source, record->outer, &record->outer_values);
	learn(book, source, record->inner, &record->inner_values);
}
