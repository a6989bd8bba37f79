// SPDX-License-Identifier: Apache-2.0
// What the files of the reader share.
#ifndef EVTX_READER_INTERNAL_H
#define EVTX_READER_INTERNAL_H

#include "base/limits.h"
#include "base/map.h"
#include "evtx/binxml.h"
#include "evtx/carve.h"
#include "evtx/program.h"
#include "evtx/reader.h"
#include "evtx/variants.h"

// A definition of this chunk, known by its offset.
struct chunk_template {
	uint32_t template_id; // first word of its GUID
	const struct evtx_program *programs[PLACE_KEPT];
	const char *why[PLACE_KEPT]; // it cannot be used there
	bool is_checked;	     // for strict mode
	bool is_strict;
};

// Templates: by offset in the chunk, and by content in the reader's life.
struct template_store {
	uint32_t *by_offset; // generation << 16 | index into `templates`
	uint32_t generation;
	struct chunk_template *templates;
	size_t count, cap;
	size_t room;	     // what this chunk's templates may still expand to
	struct map programs; // key: place, GUID, form
	struct map elements; // without template; key: place, form
	struct arena arena;
	struct variants variants;
	struct compiler *compiler;
	struct buf form;
	struct buf references;
	struct buf slices;
	uint32_t last_id;
	struct evtx_carving *carving; // NULL: what the log says is taken
	enum evtx_doubt doubt;	      // carving: why the last template was not found
	enum event_template lent;     // carving: whether a template came from the book
};

void store_init(struct template_store *store);
void store_release(struct template_store *store);
// A new chunk. True when everything kept was dropped because it grew too
// large, programs included.
bool store_start_chunk(struct template_store *store);
// It keeps no more elements in this chunk.
static inline bool store_is_full(const struct template_store *store)
{
	return store->arena.used > LIMIT_TEMPLATE_STORE;
}
// The program of an instance in `chunk` at a kept place; NULL with the reason
// in *why when the definition cannot be used.
const struct evtx_program *store_find(struct template_store *store, const unsigned char *chunk,
				      const struct binxml_instance *instance, enum place_kind place,
				      const char **why);
// The same for what this chunk has shown already, without a call.
static inline const struct evtx_program *store_known(const struct template_store *store,
						     const struct binxml_instance *instance,
						     enum place_kind place)
{
	uint32_t entry = store->by_offset[instance->definition];
	const struct chunk_template *template;

	if (entry >> 16 != store->generation)
		return NULL;
	template = &store->templates[entry & 0xFFFF];
	return template->template_id == instance->template_id ? template->programs[place] : NULL;
}
// Whether the definition passes the checks of strict mode (5.3).
bool store_is_strict(struct template_store *store, const unsigned char *chunk,
		     const struct binxml_instance *instance);
// While carving: do all names in `store->references` belong to what lies at `at`
// (struct evtx_span)?
bool store_names_belong(const struct template_store *store, const unsigned char *chunk, uint32_t at,
			uint32_t size);
// An element without template, moved behind it, as if it were an instance: its
// program, and its texts as values in `arena`. The program is kept and shared by
// all elements of this form when the place is a kept one and there is room in
// the store, else it is made in `arena`. Takes the same from *room either way.
struct store_element {
	const struct evtx_program *program;
	struct evtx_values values;
};
MUST_USE enum rc store_element(struct template_store *store, struct binxml_input *input,
			       struct place_in place, struct arena *arena, size_t *room,
			       struct store_element *out, const char **why);
// Compile a definition anew, for another place.
MUST_USE enum rc store_compile(struct template_store *store, struct binxml_input *input,
			       struct place_in place, struct arena *arena, size_t *room,
			       struct evtx_program **out, const char **why);
// The element of a definition, for store_compile; RC_FAILED when its head is wrong.
MUST_USE enum rc store_definition(const unsigned char *chunk, uint32_t definition,
				  struct binxml_input *input, const char **why);

// Text of a UTF-16 value, converted once in a chunk.
struct text_entry {
	const unsigned char *bytes;
	uint32_t len;
	uint32_t generation;
	struct str text;
};

#define TEXT_ENTRIES 64u

struct shape_entry {
	uint64_t key; // ids of outer and inner program
	uint32_t shape;
};

#define SHAPE_ENTRIES 1024u

// Where the walk of a chunk is.
enum walk_phase { WALK_RECORDS, WALK_BEYOND, WALK_END };

struct evtx_reader {
	const unsigned char *chunk; // CHUNK_SIZE bytes, the caller's or `copy`
	unsigned char *copy;	    // of a short chunk
	struct evtx_chunk_info *info;
	enum walk_phase phase;
	bool is_dirty;
	bool is_lost;	  // behind damage, or without a header
	bool has_last;	  // `last_id` means something
	bool has_live;	  // it is that of a record, not what the header says
	uint64_t last_id; // of the last live record
	uint32_t skipped; // bytes since then
	uint32_t at;	  // next record
	uint32_t end;	  // free-space offset
	struct template_store store;
	struct arena arena;   // of the chunk
	struct arena scratch; // of a record whose fields alone tell what it is
	struct text_entry texts[TEXT_ENTRIES];
	struct shape_entry shapes[SHAPE_ENTRIES];
	struct map shape_map;
	uint32_t last_shape;
};

// Forget the chunk at work.
void reader_reset(struct evtx_reader *reader);
// The shape of records of two templates; inner is NULL when there is none.
uint32_t reader_shape(struct evtx_reader *reader, const struct evtx_program *outer,
		      const struct evtx_program *inner);
// Start the view of a record of `size` bytes at chunk offset `at`.
void view_start(const struct evtx_reader *reader, struct evtx_record *record, uint32_t at,
		uint32_t size);
// Fill the view of the record whose `body` and `body_end` are set.
MUST_USE enum rc view_open(struct evtx_reader *reader, struct evtx_record *record,
			   const char **why);
// A field of System where the outer template says it stands; VALUE_NULL where it
// says none.
struct value view_known(const struct evtx_reader *reader, const struct evtx_record *record,
			enum known known);
// evtx_record_event with a reason instead of a sentence.
MUST_USE enum rc record_fields(struct evtx_reader *reader, const struct evtx_record *record,
			       struct arena *arena, struct event *event, const char **why);
// The payload of a record that `may_be_plain`, when it is one element without
// template and nothing else, and can share a shape. The values live in
// `arena`; *work pays for both. False: it has to be walked, which then tells
// what is wrong with it.
bool view_plain_payload(struct evtx_reader *reader, const struct evtx_record *record,
			struct arena *arena, size_t *work, struct store_element *out);
// Whether its templates pass strict mode, and its stream ends before padding
// of at most 7 bytes (5.3).
bool view_is_strict(struct evtx_reader *reader, const struct evtx_record *record);
// Where the values of an instance start; returns the end of the last, 0 when
// it is behind `end`. `types` gets all descriptors but the last or'ed.
static inline uint32_t view_offsets(const unsigned char *chunk,
				    const struct binxml_instance *instance, uint32_t end,
				    uint16_t *offsets, uint32_t *types)
{
	const unsigned char *descriptor = chunk + instance->descriptors;
	uint32_t count = instance->count;
	uint32_t at = instance->values;
	uint32_t seen = 0;
	uint32_t last = 0;
	uint32_t i = 0;

	// At most 16,384 sizes of 16 bits: the sum cannot overflow. Offsets that
	// wrap belong to sums that are refused.
	for (; i + 2 <= count; i += 2) {
		uint64_t pair = load_u64(descriptor + 4 * (size_t)i);

		seen |= last | (uint32_t)pair;
		offsets[i] = (uint16_t)at;
		at += (uint16_t)pair;
		offsets[i + 1] = (uint16_t)at;
		last = (uint32_t)(pair >> 32);
		at += (uint16_t)last;
	}
	if (i < count) {
		seen |= last;
		offsets[i] = (uint16_t)at;
		at += load_u16(descriptor + 4 * (size_t)i);
	}
	*types = seen;
	return at <= end ? at : 0;
}
// The text of a value, kept for the chunk.
struct str reader_text(struct evtx_reader *reader, const struct value *value);

// Not an array or BinXML, which become other fields than the value itself.
static inline bool value_is_scalar(const struct value *value)
{
	return (value->type & VALUE_ARRAY) == 0 && value->type != VALUE_BINXML;
}

static inline struct value values_get(const unsigned char *chunk, const struct evtx_values *values,
				      uint32_t index)
{
	uint32_t descriptor;

	// An index that the instance lacks counts as null (5.1).
	if (index >= values->count)
		return (struct value){0};
	descriptor = load_u32(values->descriptors + 4 * (size_t)index);
	return (struct value){
		.ptr = chunk + values->offsets[index],
		.len = descriptor & 0xFFFF,
		.type = descriptor >> 16 & 0xFF,
	};
}

#endif
