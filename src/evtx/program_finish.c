// SPDX-License-Identifier: Apache-2.0
// Steps -> a finished program: gaps closed, the known fields found.
#include <stdlib.h>

#include "base/mem.h"
#include "evtx/program.h"

static const struct str known_paths[KNOWN_COUNT] = {
	[KNOWN_CHANNEL] = STR_INIT("System/Channel"),
	[KNOWN_PROVIDER] = STR_INIT("System/Provider@Name"),
	[KNOWN_COMPUTER] = STR_INIT("System/Computer"),
	[KNOWN_EVENT_ID] = STR_INIT("System/EventID"),
	[KNOWN_RECORD_ID] = STR_INIT("System/EventRecordID"),
	[KNOWN_TIME] = STR_INIT("System/TimeCreated@SystemTime"),
};

static bool is_known(struct str path)
{
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		if (str_eq(path, known_paths[i]))
			return true;
	}
	return false;
}

static bool makes_field(const struct step *step)
{
	return (step->op >= STEP_LITERAL && step->op <= STEP_MIXED_ATTRIBUTE) ||
	       (step->flags & STEP_LAST) != 0;
}

// BinXML put into System itself can bring any field of it.
static bool fills_system(const struct step *step)
{
	return step->field.section == FIELD_SYSTEM && step->depth == 2 &&
	       (step->op == STEP_VALUE || step->op == STEP_MIXED || step->op == STEP_NEST);
}

static void note_step(struct evtx_program *program, uint32_t number)
{
	const struct step *step = &program->steps[number];

	if (step->op == STEP_NEST && program->payload == NO_STEP)
		program->payload = number;
	else if (step->op == STEP_INSTANCE || step->op == STEP_NEST)
		program->is_regular = false;
	if (fills_system(step))
		program->is_regular = false;
	if (step->name != NULL || (makes_field(step) && event_tells_apart(step->field.name) &&
				   !is_known(step->field.path)))
		program->is_plain = false;
	if (!makes_field(step) || step->field.section != FIELD_SYSTEM)
		return;
	program->has_system = true;
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		if (!str_eq(step->field.path, known_paths[i]))
			continue;
		// What a payload before it brings would come first.
		if (program->known[i] != NO_STEP || program->payload != NO_STEP ||
		    step->op > STEP_ATTRIBUTE)
			program->is_regular = false;
		program->known[i] = number;
	}
}

// A guard on one value must not hide what `known` finds by another, or without any.
static void note_guard(struct evtx_program *program, uint32_t number)
{
	const struct step *guard = &program->steps[number];

	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		uint32_t at = program->known[i];

		if (at != NO_STEP && at > number && at < guard->target &&
		    (program->steps[at].op == STEP_LITERAL ||
		     program->steps[at].index != guard->index))
			program->is_regular = false;
	}
}

struct evtx_program *program_finish(const struct step *steps, size_t count, struct arena *arena)
{
	struct evtx_program *program = arena_zalloc(arena, sizeof(*program));
	uint32_t *moved = mem_alloc((count + 1) * sizeof(*moved));

	for (size_t i = 0; i < count; i++) {
		moved[i] = program->count;
		if (steps[i].op != STEP_NONE)
			program->count++;
	}
	moved[count] = program->count;
	program->steps = arena_alloc(arena, program->count * sizeof(*program->steps));
	program->payload = NO_STEP;
	program->is_regular = true;
	program->is_plain = true;
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		program->known[i] = NO_STEP;
	for (size_t i = 0; i < count; i++) {
		struct step *step = &program->steps[moved[i]];

		if (steps[i].op == STEP_NONE)
			continue;
		*step = steps[i];
		step->field.slot = moved[i];
		step->target = moved[step->target];
		note_step(program, moved[i]);
	}
	free(moved);
	for (uint32_t i = 0; i < program->count; i++) {
		if (program->steps[i].op == STEP_GUARD)
			note_guard(program, i);
	}
	return program;
}
