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
	arena_release(&store->arena);
	compiler_free(store->compiler);
	buf_release(&store->form);
	buf_release(&store->references);
}

bool store_start_chunk(struct template_store *store)
{
	bool full = store->arena.used > LIMIT_TEMPLATE_STORE;

	if (full) {
		map_release(&store->programs);
		memset(&store->programs, 0, sizeof(store->programs));
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

// Append the form of a definition to `store->form`.
static bool put_form(struct template_store *store, struct binxml_input *input, size_t room,
		     const char **why)
{
	if (binxml_element(input, &store->form, room, why) != RC_OK)
		return false;
	if (input->end - input->at == 1 && input->chunk[input->at] == TOKEN_EOF)
		return true;
	*why = "a template's size is wrong";
	return false;
}

// Parse the definition and find its program by GUID and form.
static const struct evtx_program *build(struct template_store *store, const unsigned char *chunk,
					uint32_t definition, enum place_kind place,
					const char **why)
{
	struct binxml_input input;
	struct evtx_program *program;
	size_t head = 1 + 16;
	struct str key;

	buf_reset(&store->form);
	buf_reset(&store->references);
	buf_put_char(&store->form, (char)place);
	buf_put(&store->form, chunk + definition + 4, 16);
	if (store_definition(chunk, definition, &input, why) != RC_OK)
		return NULL;
	input.references = &store->references;
	if (!put_form(store, &input, store->room, why))
		return NULL;
	key = buf_str(&store->form);
	store->room -= key.len - head;
	program = map_get(&store->programs, key);
	if (program != NULL)
		return program;
	if (program_compile(store->compiler, str_sub(key, head, key.len), chunk, place_of(place),
			    &store->arena, &store->room, &program, why) != RC_OK)
		return NULL;
	program->id = ++store->last_id;
	map_add(&store->programs, arena_str(&store->arena, key), program);
	return program;
}

// The program of a definition: by what it was seen to be made of, else by
// parsing it.
static const struct evtx_program *resolve(struct template_store *store, const unsigned char *chunk,
					  uint32_t definition, enum place_kind place,
					  const char **why)
{
	const struct evtx_program *program =
		variants_find(&store->variants, chunk, definition, place);

	if (program != NULL)
		return program;
	program = build(store, chunk, definition, place, why);
	if (program != NULL)
		variants_add(&store->variants, &store->arena, chunk, definition, place,
			     buf_str(&store->references), program);
	return program;
}

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

const struct evtx_program *store_find(struct template_store *store, const unsigned char *chunk,
				      const struct binxml_instance *instance, enum place_kind place,
				      const char **why)
{
	struct chunk_template *template = find_template(store, chunk, instance->definition);

	if (template->template_id != instance->template_id) {
		*why = "a template was overwritten";
		return NULL;
	}
	if (template->programs[place] != NULL)
		return template->programs[place];
	// A definition that failed fails quickly from then on.
	if (template->why[place] == NULL)
		template->programs[place] =
			resolve(store, chunk, instance->definition, place, &template->why[place]);
	*why = template->why[place];
	return template->programs[place];
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
			template->is_strict = put_form(store, &input, store->room, &why);
			store->room -= store->form.len;
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
	return program_compile(store->compiler, buf_str(&store->form), input->chunk, place, arena,
			       room, out, why);
}
