// SPDX-License-Identifier: Apache-2.0
// A template compiled once into steps that make fields.
//
// Each step is one field with its name and path ready, so that a record only
// fills in values. Elements without fields of their own leave no step. The
// conventions of names, paths and order are those of event.h; when an element
// without text is a field is said at text_step in program.c.
#ifndef EVTX_PROGRAM_H
#define EVTX_PROGRAM_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"

enum step_op {
	STEP_NONE,	// only while compiling
	STEP_LITERAL,	// the field as it is
	STEP_VALUE,	// text of an element: the value `index`
	STEP_ATTRIBUTE, // the same; no field when it is null or empty
	STEP_MIXED,	// text of an element: `parts`
	STEP_MIXED_ATTRIBUTE,
	STEP_OPEN,     // forget what the last element of this depth had
	STEP_GUARD,    // null value `index`: go on at `target`
	STEP_NEST,     // the value `index`, declared BinXML below this element
	STEP_INSTANCE, // a template instance at chunk offset `index`
};

#define STEP_IF_EMPTY 0x1  // a field even when its text is empty
#define STEP_NOT_BLANK 0x2 // a field only when there is more than blanks
#define STEP_OPENED 0x4	   // there was a STEP_OPEN: what the element had counts
#define STEP_NAMED 0x8	   // `name` gives the last part of name and path
#define STEP_LAST 0x10	   // STEP_NEST: its element ends here; the text, too, is this step's

struct part {
	struct part *next;
	struct value literal; // VALUE_NULL: the value `index` instead
	uint32_t index;
	bool is_text; // the value is never null or empty
	bool is_nest; // a STEP_NEST has read it if it is BinXML
};

struct step {
	struct field field; // value: of STEP_LITERAL; slot: number of the step
	const struct part *parts;
	const struct part *name; // Data whose Name is no literal
	uint32_t index;
	uint32_t target; // of a text: first step of the element's attributes
	uint16_t depth;	 // of the element; Event is 1
	uint8_t op;
	uint8_t flags;
	uint8_t below; // STEP_NEST: enum place_kind inside the element
};

// Where a stream is put.
enum place_kind { PLACE_RECORD, PLACE_EVENT, PLACE_USER_DATA, PLACE_OTHER };
// The first three are the same everywhere, so what is compiled for them is
// kept.
#define PLACE_KEPT 3

struct place_in {
	enum place_kind kind;
	uint16_t depth; // of the element around it
	enum field_section section;
	struct str path; // of that element
};

// The fields of System that a record is known by.
enum known {
	KNOWN_CHANNEL,
	KNOWN_PROVIDER,
	KNOWN_COMPUTER,
	KNOWN_EVENT_ID,
	KNOWN_RECORD_ID,
	KNOWN_TIME,
	KNOWN_COUNT
};

#define NO_STEP UINT32_MAX

struct evtx_program {
	uint32_t id; // from 1, within a reader; 0 when it is not kept
	// What it was made of, when it is kept: u8 place, 16 bytes of GUID unless
	// it is of an element without template, form.
	struct str key;
	uint32_t count;
	struct step *steps;
	uint32_t known[KNOWN_COUNT]; // their steps, NO_STEP where missing
	uint32_t payload;	     // the first STEP_NEST, NO_STEP when there is none
	// System fields stand where `known` says, once each.
	bool is_regular;
	bool has_system; // fields of System
	bool is_plain;	 // no other field has a name of theirs (event_tells_apart)
	size_t cost;	 // what compiling took from its room
};

// The place of a kept kind.
struct place_in place_of(enum place_kind kind);
// The place inside the element that `step` belongs to.
struct place_in place_below(const struct step *step);

struct compiler;

struct compiler *compiler_new(void);
void compiler_free(struct compiler *compiler);

// Compile the form (binxml.h) of one element. The program lives in `arena` and
// refers to nothing else; the slices of the form are its values. Its size is
// taken from *room. RC_FAILED with the reason in *why.
MUST_USE enum rc program_compile(struct compiler *compiler, struct str form, struct place_in place,
				 struct arena *arena, size_t *room, struct evtx_program **out,
				 const char **why);

// The last part of compiling: drop the STEP_NONE among `count` steps, bend the
// targets, and note what records are known by. The program lives in `arena`.
struct evtx_program *program_finish(const struct step *steps, size_t count, struct arena *arena);

#endif
