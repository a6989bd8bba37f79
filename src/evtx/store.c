// SPDX-License-Identifier: Apache-2.0
// Two levels of template cache (evtx-format.md 4.4).
//
// Within a chunk the offset of a definition is its identity. Between chunks it
// is the GUID and the whole form of the definition, compared byte by byte: a
// file can put any content under any GUID. Parsing takes a microsecond, so
// definitions are first compared with variants.h's forms of known templates.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "evtx/reader_internal.h"

#define GENERATIONS 0xFFFFu

void store_init(struct template_store *store)
{
	memset(store, 0, sizeof(*store));
	store->by_offset = mem_zalloc(CHUNK_SIZE * sizeof(*store->by_offset));
	store->compiler = compiler_new();
}

void store_release(struct template_store *store)
{
	free(store->by_offset);
	free(store->templates);
	map_release(&store->programs);
	map_release(&store->elements);
	arena_release(&store->arena);
	compiler_free(store->compiler);
	buf_release(&store->form);
	buf_release(&store->references);
	buf_release(&store->slices);
}

bool store_start_chunk(struct template_store *store)
{
	bool full = store_is_full(store);

	if (full) {
		map_release(&store->programs);
		map_release(&store->elements);
		arena_release(&store->arena);
		memset(&store->variants, 0, sizeof(store->variants));
	}
	if (store->generation++ == GENERATIONS) {
		memset(store->by_offset, 0, CHUNK_SIZE * sizeof(*store->by_offset));
		store->generation = 1;
	}
	store->count = 0;
	store->room = LIMIT_CHUNK_EXPANSION;
	return full;
}

enum rc store_definition(const unsigned char *chunk, uint32_t definition,
			 struct binxml_input *input, const char **why)
{
	uint64_t end = definition + 24 + (uint64_t)load_u32(chunk + definition + 20);

	if (end > CHUNK_SIZE) {
		*why = "a template is larger than the chunk";
		return RC_FAILED;
	}
	*input = (struct binxml_input){
		.chunk = chunk,
		.at = definition + 24,
		.end = (uint32_t)end,
		.context = BINXML_TEMPLATE,
	};
	return binxml_fragment(input, why);
}

// Take what something costs from the room it has. What is known already costs the same
// as when it is made, and what is too much leaves nothing: which chunks this reader has
// seen before must not decide what is read of this one.
static bool pay(size_t *room, size_t cost, const char **why)
{
	if (cost <= *room) {
		*room -= cost;
		return true;
	}
	*room = 0;
	*why = BINXML_NO_ROOM;
	return false;
}

// The same when it was too much in the making, which has taken some of the room.
static void pay_all(size_t *room, const char *why)
{
	if (strcmp(why, BINXML_NO_ROOM) == 0)
		*room = 0;
}

// Append the form of a definition to `store->form`. Its bytes cost too: not all of them
// come to something in the form, and definitions may lie in each other.
static bool put_form(struct template_store *store, struct binxml_input *input, const char **why)
{
	size_t size = input->end - input->at;
	size_t start = store->form.len;
	bool ok = binxml_element(input, &store->form, store->room, why) == RC_OK;

	if (!ok)
		pay_all(&store->room, *why);
	if (!pay(&store->room, size + store->form.len - start, why) || !ok)
		return false;
	if (input->end - input->at == 1 && input->chunk[input->at] == TOKEN_EOF)
		return true;
	*why = "a template's size is wrong";
	return false;
}

// What stands before the form in a key: place and GUID.
#define KEY_HEAD (1 + 16)

static void start_form(struct template_store *store, enum place_kind place, const void *guid)
{
	buf_reset(&store->form);
	buf_put_char(&store->form, (char)place);
	buf_put(&store->form, guid, 16);
}

// The program of the key in `store->form`.
static const struct evtx_program *find_program(struct template_store *store, enum place_kind place,
					       const char **why)
{
	struct str key = buf_str(&store->form);
	struct evtx_program *program = map_get(&store->programs, key);

	if (program != NULL)
		return pay(&store->room, program->cost, why) ? program : NULL;
	if (program_compile(store->compiler, str_sub(key, KEY_HEAD, key.len), place_of(place),
			    &store->arena, &store->room, &program, why) != RC_OK) {
		pay_all(&store->room, *why);
		return NULL;
	}
	program->id = ++store->last_id;
	program->key = arena_str(&store->arena, key);
	map_add(&store->programs, program->key, program);
	return program;
}

// Parse the definition, whose element `input` is, and find its program by GUID and form.
static const struct evtx_program *build(struct template_store *store, struct binxml_input *input,
					uint32_t definition, enum place_kind place,
					const char **why)
{
	buf_reset(&store->references);
	start_form(store, place, input->chunk + definition + 4);
	input->references = &store->references;
	if (!put_form(store, input, why))
		return NULL;
	return find_program(store, place, why);
}

// The program of a definition: by what it was seen to be made of, else by
// parsing it.
static const struct evtx_program *resolve(struct template_store *store, const unsigned char *chunk,
					  uint32_t definition, enum place_kind place,
					  const char **why)
{
	const struct evtx_program *program;
	struct binxml_input input;
	size_t cost;

	if (store_definition(chunk, definition, &input, why) != RC_OK)
		return NULL;
	program = variants_find(&store->variants, chunk, definition, place);
	if (program != NULL) {
		cost = input.end - input.at + program->key.len - KEY_HEAD + program->cost;
		return pay(&store->room, cost, why) ? program : NULL;
	}
	program = build(store, &input, definition, place, why);
	if (program != NULL && !store_is_full(store))
		variants_add(&store->variants, &store->arena, chunk, definition, place,
			     buf_str(&store->references), program);
	return program;
}

// ---- carving ------------------------------------------------------------

// The bytes that were written together with those at `at`; a definition that no record
// is around stands alone.
static struct evtx_span span_of(const struct evtx_carving *carving, const unsigned char *at,
				size_t size)
{
	size_t low = 0;
	size_t high = carving->span_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (carving->spans[middle].start <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low > 0 && at < carving->spans[low - 1].end)
		return carving->spans[low - 1];
	return (struct evtx_span){at, at + size};
}

bool store_names_belong(const struct template_store *store, const unsigned char *chunk, uint32_t at,
			uint32_t size)
{
	struct evtx_span span = span_of(store->carving, chunk + at, size);

	for (size_t i = 0; i < store->references.len; i += sizeof(uint32_t)) {
		uint32_t reference;
		uint32_t name;

		memcpy(&reference, store->references.ptr + i, sizeof(reference));
		name = load_u32(chunk + reference);
		if (chunk + name < span.start || chunk + name >= span.end)
			return false;
	}
	return true;
}

// The template with this id that the book gives, for a definition that lacks names or is
// gone; NULL when there is none.
static const struct evtx_template *find_elsewhere(struct template_store *store,
						  const struct binxml_instance *instance,
						  const char **why)
{
	const struct evtx_carving *carving = store->carving;
	const struct evtx_template *template;
	enum evtx_book_answer answer;

	template = evtx_book_find(carving->book, carving->source, instance->template_id, &answer);
	if (answer == EVTX_BOOK_SEVERAL)
		store->doubt = EVTX_DOUBT_AMBIGUOUS;
	if (template != NULL && template->count != instance->count) {
		*why = "it has not as many values as its template";
		store->doubt = EVTX_DOUBT_VALUES;
		return NULL;
	}
	if (answer == EVTX_BOOK_FOREIGN)
		store->lent = EVENT_TEMPLATE_FOREIGN;
	else if (answer == EVTX_BOOK_OWN && store->lent == EVENT_TEMPLATE_OWN)
		store->lent = EVENT_TEMPLATE_LENT;
	return template;
}

// The program of a definition whose names have the right hashes and belong to it, or
// are those that the same template has elsewhere.
static const struct evtx_program *prove(struct template_store *store, const unsigned char *chunk,
					uint32_t definition, enum place_kind place,
					const char **why)
{
	const struct evtx_carving *carving = store->carving;
	const struct evtx_template *template;
	struct binxml_input input;
	enum evtx_book_answer ignored; // where there are several, none has the right names
	struct str form;

	buf_reset(&store->references);
	start_form(store, place, chunk + definition + 4);
	if (store_definition(chunk, definition, &input, why) != RC_OK)
		return NULL;
	input.references = &store->references;
	input.strict = true;
	if (!put_form(store, &input, why))
		return NULL;
	form = str_sub(buf_str(&store->form), KEY_HEAD, SIZE_MAX);
	template = evtx_book_find(carving->book, carving->source, load_u32(chunk + definition + 4),
				  &ignored);
	if (!store_names_belong(store, chunk, definition, input.end - definition) &&
	    (template == NULL || !str_eq(template->form, form))) {
		*why = "names of its template were overwritten";
		return NULL;
	}
	return find_program(store, place, why);
}

static const struct evtx_program *take_elsewhere(struct template_store *store,
						 const struct binxml_instance *instance,
						 enum place_kind place, const char **why)
{
	const struct evtx_template *template = find_elsewhere(store, instance, why);

	if (template == NULL)
		return NULL;
	start_form(store, place, template->guid.ptr);
	buf_put_str(&store->form, template->form);
	store->doubt = EVTX_DOUBT_BINXML;
	return pay(&store->room, template->form.len, why) ? find_program(store, place, why) : NULL;
}

// ---- finding ------------------------------------------------------------

static struct chunk_template *find_template(struct template_store *store,
					    const unsigned char *chunk, uint32_t definition)
{
	uint32_t entry = store->by_offset[definition];
	struct chunk_template *template;

	if (entry >> 16 == store->generation)
		return &store->templates[entry & 0xFFFF];
	mem_grow(&store->templates, &store->cap, store->count + 1, sizeof(*store->templates));
	template = &store->templates[store->count];
	memset(template, 0, sizeof(*template));
	template->template_id = load_u32(chunk + definition + 4);
	store->by_offset[definition] = store->generation << 16 | (uint32_t)store->count++;
	return template;
}

// The program of the definition that the instance refers to.
static const struct evtx_program *find_own(struct template_store *store, const unsigned char *chunk,
					   const struct binxml_instance *instance,
					   enum place_kind place, const char **why)
{
	struct chunk_template *template = find_template(store, chunk, instance->definition);

	if (template->template_id != instance->template_id) {
		*why = "a template was overwritten";
		store->doubt = EVTX_DOUBT_TEMPLATE;
		return NULL;
	}
	if (template->programs[place] != NULL)
		return template->programs[place];
	// A definition that failed fails quickly from then on.
	if (template->why[place] == NULL)
		template->programs[place] = (store->carving != NULL ? prove : resolve)(
			store, chunk, instance->definition, place, &template->why[place]);
	*why = template->why[place];
	store->doubt = EVTX_DOUBT_NAMES;
	return template->programs[place];
}

const struct evtx_program *store_find(struct template_store *store, const unsigned char *chunk,
				      const struct binxml_instance *instance, enum place_kind place,
				      const char **why)
{
	const struct evtx_program *program = find_own(store, chunk, instance, place, why);

	if (program == NULL && store->carving != NULL)
		program = take_elsewhere(store, instance, place, why);
	return program;
}

bool store_is_strict(struct template_store *store, const unsigned char *chunk,
		     const struct binxml_instance *instance)
{
	struct chunk_template *template = find_template(store, chunk, instance->definition);
	struct binxml_input input;
	const char *why;

	if (!template->is_checked) {
		template->is_checked = true;
		buf_reset(&store->form);
		if (store_definition(chunk, instance->definition, &input, &why) == RC_OK) {
			input.strict = true;
			template->is_strict = put_form(store, &input, &why);
		}
	}
	return template->is_strict && template->template_id == instance->template_id;
}

enum rc store_compile(struct template_store *store, struct binxml_input *input,
		      struct place_in place, struct arena *arena, size_t *room,
		      struct evtx_program **out, const char **why)
{
	buf_reset(&store->form);
	if (binxml_element(input, &store->form, *room, why) != RC_OK)
		return RC_FAILED;
	*room -= store->form.len;
	return program_compile(store->compiler, buf_str(&store->form), place, arena, room, out,
			       why);
}

// Descriptors and offsets as an instance has them.
static struct evtx_values values_of(struct str slices, struct arena *arena)
{
	uint32_t count = (uint32_t)(slices.len / sizeof(struct binxml_slice));
	uint16_t *offsets = arena_alloc(arena, count * sizeof(*offsets));
	unsigned char *descriptors = arena_alloc(arena, 4 * (size_t)count);
	struct binxml_slice slice;

	for (uint32_t i = 0; i < count; i++) {
		memcpy(&slice, slices.ptr + i * sizeof(slice), sizeof(slice));
		offsets[i] = slice.at;
		descriptors[4 * (size_t)i] = (unsigned char)slice.size;
		descriptors[4 * (size_t)i + 1] = (unsigned char)(slice.size >> 8);
		descriptors[4 * (size_t)i + 2] = VALUE_STRING;
		descriptors[4 * (size_t)i + 3] = 0;
	}
	return (struct evtx_values){descriptors, offsets, count};
}

// The program of the form in `store->form`, whose first byte is the place.
static enum rc element_program(struct template_store *store, struct place_in place,
			       struct arena *arena, size_t *room, const struct evtx_program **out,
			       const char **why)
{
	bool is_kept = place.kind < PLACE_KEPT && !store_is_full(store);
	struct str key = buf_str(&store->form);
	struct evtx_program *program = is_kept ? map_get(&store->elements, key) : NULL;

	*out = program;
	if (program != NULL)
		return pay(room, program->cost, why) ? RC_OK : RC_FAILED;
	if (program_compile(store->compiler, str_sub(key, 1, key.len), place,
			    is_kept ? &store->arena : arena, room, &program, why) != RC_OK) {
		pay_all(room, *why);
		return RC_FAILED;
	}
	if (is_kept) {
		program->id = ++store->last_id;
		program->key = arena_str(&store->arena, key);
		map_add(&store->elements, program->key, program);
	}
	*out = program;
	return RC_OK;
}

enum rc store_element(struct template_store *store, struct binxml_input *input,
		      struct place_in place, struct arena *arena, size_t *room,
		      struct store_element *out, const char **why)
{
	size_t cost;
	uint32_t at = input->at;
	enum rc rc;

	buf_reset(&store->form);
	buf_reset(&store->slices);
	buf_reset(&store->references);
	buf_put_char(&store->form, (char)place.kind);
	input->slices = &store->slices;
	if (store->carving != NULL) {
		input->strict = true;
		input->references = &store->references;
	}
	rc = binxml_element(input, &store->form, *room, why);
	input->slices = NULL;
	input->references = NULL;
	if (rc != RC_OK)
		return rc;
	if (store->carving != NULL &&
	    !store_names_belong(store, input->chunk, at, input->at - at)) {
		*why = "names were overwritten";
		store->doubt = EVTX_DOUBT_NAMES;
		return RC_FAILED;
	}
	// Ten bytes of values for the four of a slice.
	cost = store->form.len - 1 + store->slices.len * 2;
	if (cost > *room) {
		*why = BINXML_NO_ROOM;
		return RC_FAILED;
	}
	*room -= cost;
	out->values = values_of(buf_str(&store->slices), arena);
	return element_program(store, place, arena, room, &out->program, why);
}
