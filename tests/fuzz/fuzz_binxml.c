// SPDX-License-Identifier: Apache-2.0
// An element in BinXML: a byte of flags (1: in a template, 2: strict), u16 where it
// stands in its chunk, its bytes.
//
// The form is well-nested and says what a check alone says; strict is stricter; a
// form with its texts apart is the form, once they are put back. A program made of it
// has names that are text, ascending slots, and jumps forward and inside.
#include "custom_mutator.h"
#include "evtx/binxml.h"
#include "evtx/program.h"
#include "fuzz.h"

#define ROOM ((size_t)1 << 20)

struct reading {
	enum rc rc;
	uint32_t at;
	struct buf form, slices;
};

static struct reading read_element(struct binxml_input input, bool strict, bool apart)
{
	struct reading reading = {0};
	const char *why = NULL;

	input.strict = strict;
	input.slices = apart ? &reading.slices : NULL;
	reading.rc = binxml_element(&input, &reading.form, ROOM, &why);
	reading.at = input.at;
	CHECK(reading.form.len <= ROOM);
	CHECK(reading.rc == RC_OK || why != NULL);
	return reading;
}

static void forget(struct reading *reading)
{
	buf_release(&reading->form);
	buf_release(&reading->slices);
}

// Bytes behind the op at `at`.
static size_t operand_size(struct str form, size_t at)
{
	uint16_t size;
	uint32_t long_size;

	switch (form.ptr[at]) {
	case FORM_ELEMENT:
	case FORM_ATTRIBUTE:
		memcpy(&size, form.ptr + at + 1, sizeof(size));
		return sizeof(size) + size;
	case FORM_TEXT:
		memcpy(&long_size, form.ptr + at + 1, sizeof(long_size));
		return sizeof(long_size) + long_size;
	case FORM_SLICE:
		return 2;
	case FORM_NORMAL:
	case FORM_OPTIONAL:
		return 3;
	case FORM_INSTANCE:
		return 4;
	default:
		return 0;
	}
}

static void check_nesting(struct str form)
{
	size_t depth = 0;

	for (size_t at = 0; at < form.len; at += 1 + operand_size(form, at)) {
		CHECK(at == 0 || depth > 0);
		depth += form.ptr[at] == FORM_ELEMENT;
		depth -= form.ptr[at] == FORM_END;
		CHECK(at + operand_size(form, at) < form.len);
	}
	CHECK(depth == 0);
}

// The form with its texts at their places.
static struct buf put_back(struct str form, struct str slices, const unsigned char *chunk)
{
	struct buf out = {0};

	for (size_t at = 0, next; at < form.len; at = next) {
		struct binxml_slice slice;
		uint16_t number;
		uint32_t size;

		next = at + 1 + operand_size(form, at);
		if (form.ptr[at] != FORM_SLICE) {
			buf_put(&out, form.ptr + at, next - at);
			continue;
		}
		memcpy(&number, form.ptr + at + 1, sizeof(number));
		CHECK((number + 1u) * sizeof(slice) <= slices.len);
		memcpy(&slice, slices.ptr + number * sizeof(slice), sizeof(slice));
		size = slice.size;
		buf_put_char(&out, FORM_TEXT);
		buf_put(&out, &size, sizeof(size));
		buf_put(&out, chunk + slice.at, size);
	}
	return out;
}

static void check_program(const struct evtx_program *program)
{
	for (uint32_t i = 0; i < program->count; i++) {
		const struct step *step = &program->steps[i];

		CHECK(step->op != STEP_NONE);
		CHECK(is_text(step->field.name) && is_text(step->field.path));
		CHECK(step->field.slot == i);
		if (step->op == STEP_GUARD)
			CHECK(step->target > i && step->target <= program->count);
	}
	for (int known = 0; known < KNOWN_COUNT; known++)
		CHECK(program->known[known] == NO_STEP || program->known[known] < program->count);
	CHECK(program->payload == NO_STEP || (program->payload < program->count &&
					      program->steps[program->payload].op == STEP_NEST));
}

static void compile(struct str form)
{
	struct compiler *compiler = compiler_new();
	struct arena arena = {0};

	for (int kind = 0; kind < PLACE_KEPT; kind++) {
		struct evtx_program *program = NULL;
		size_t room = ROOM;
		const char *why = NULL;

		if (program_compile(compiler, form, place_of((enum place_kind)kind), &arena, &room,
				    &program, &why) == RC_OK)
			check_program(program);
		else
			CHECK(why != NULL);
		CHECK(room <= ROOM);
	}
	arena_release(&arena);
	compiler_free(compiler);
}

static void check_input(struct binxml_input input)
{
	struct reading loose = read_element(input, false, false);
	struct reading strict = read_element(input, true, false);
	struct reading apart = read_element(input, false, true);
	struct binxml_input checked = input;
	const char *why;

	CHECK(binxml_element(&checked, NULL, 0, &why) == loose.rc || loose.form.len > ROOM - 4096);
	if (loose.rc == RC_OK) {
		struct buf whole =
			put_back(buf_str(&apart.form), buf_str(&apart.slices), input.chunk);

		CHECK(loose.at > input.at && loose.at <= input.end && loose.at == checked.at);
		check_nesting(buf_str(&loose.form));
		check_same(buf_str(&loose.form), buf_str(&whole), "form and texts put back");
		compile(buf_str(&loose.form));
		compile(buf_str(&apart.form));
		buf_release(&whole);
	}
	if (strict.rc == RC_OK)
		check_same(buf_str(&loose.form), buf_str(&strict.form), "strict and loose");
	forget(&loose);
	forget(&strict);
	forget(&apart);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char chunk[CHUNK_SIZE];
	struct str input = input_of(data, size);
	unsigned flags = take_byte(&input);
	uint32_t at = take_byte(&input);

	at |= take_byte(&input) << 8;
	if (input.len == 0 || input.len > CHUNK_SIZE - at)
		return 0;
	memset(chunk, 0, sizeof(chunk));
	memcpy(chunk + at, input.ptr, input.len);
	check_input((struct binxml_input){.chunk = chunk,
					  .at = at,
					  .end = at + (uint32_t)input.len,
					  .context = (flags & 1) != 0 ? BINXML_TEMPLATE
								      : BINXML_RECORD});
	return 0;
}
