// SPDX-License-Identifier: Apache-2.0
// BinXML tokens -> a checked, position-independent form.
//
// All distrust of tokens lives here: bounds, nesting, sizes that must be
// exact, names reached by offset. What comes out is a run of bytes that says
// the same with the names in place, so that equal forms mean equal templates
// (evtx-format.md 4.4) and the compiler (program.c) can trust it.
#ifndef EVTX_BINXML_H
#define EVTX_BINXML_H

#include "base/buf.h"
#include "base/err.h"
#include "evtx/format.h"

// evtx-format.md 2.2.
enum token {
	TOKEN_EOF = 0x00,
	TOKEN_ELEMENT = 0x01,
	TOKEN_CLOSE_START = 0x02,
	TOKEN_CLOSE_EMPTY = 0x03,
	TOKEN_END = 0x04,
	TOKEN_TEXT = 0x05,
	TOKEN_ATTRIBUTE = 0x06,
	TOKEN_CDATA = 0x07,
	TOKEN_CHAR = 0x08,
	TOKEN_ENTITY = 0x09,
	TOKEN_PI_TARGET = 0x0A,
	TOKEN_PI_DATA = 0x0B,
	TOKEN_INSTANCE = 0x0C,
	TOKEN_NORMAL = 0x0D,
	TOKEN_OPTIONAL = 0x0E,
	TOKEN_FRAGMENT = 0x0F,
};

// Set where attributes, or more of the same content, follow.
#define TOKEN_MORE 0x40u

// Where a stream stands decides its layout (2.1).
enum binxml_context {
	BINXML_RECORD,	 // directly in a record, or in a value
	BINXML_TEMPLATE, // in a definition
};

// The form: one byte of these and what is named.
enum form_op {
	FORM_ELEMENT,	// u16 bytes, name in UTF-16
	FORM_ATTRIBUTE, // u16 bytes, name; its value follows as text and substitutions
	FORM_CONTENT,	// end of the attributes
	FORM_END,	// of the element
	FORM_TEXT,	// u32 bytes, UTF-16
	FORM_SLICE,	// u16 number of a text in `slices`, which is not empty
	FORM_NORMAL,	// u16 index, u8 declared type
	FORM_OPTIONAL,	// the same
	FORM_INSTANCE,	// u32 chunk offset of the instance's token
};

// Why something is refused that expands beyond what its chunk or record may take.
#define BINXML_NO_ROOM "templates expand too much"

struct binxml_input {
	const unsigned char *chunk; // CHUNK_SIZE bytes
	uint32_t at, end;	    // window, end <= CHUNK_SIZE
	enum binxml_context context;
	bool strict; // check the hashes of names (5.3); no instance in an element
	// When not NULL: the chunk offset of each name reference, as u32.
	struct buf *references;
	// When not NULL: the texts of a record or value, struct binxml_slice each,
	// which the form only numbers. So elements that differ in nothing but texts
	// have the same form. Empty texts and the Name of a Data stay in it: they
	// decide which fields there are, and how they are called.
	struct buf *slices;
};

// Text of a record, in its chunk.
struct binxml_slice {
	uint16_t at;
	uint16_t size; // bytes of UTF-16
};

// One element from `input->at`, moved behind it, appended to `out`. Adds no
// more than `room` bytes. `out` may be NULL: only check. RC_FAILED with the reason in *why.
MUST_USE enum rc binxml_element(struct binxml_input *input, struct buf *out, size_t room,
				const char **why);

// Skip a fragment header when there is one.
static inline enum rc binxml_fragment(struct binxml_input *input, const char **why)
{
	const unsigned char *at = input->chunk + input->at;

	if (input->at >= input->end || *at != TOKEN_FRAGMENT)
		return RC_OK;
	if (input->end - input->at < 4 || at[1] != 1 || at[2] != 1) {
		*why = "a fragment header of an unknown version";
		return RC_FAILED;
	}
	input->at += 4;
	return RC_OK;
}

// Skip a processing instruction, whose token is due.
MUST_USE enum rc binxml_instruction(struct binxml_input *input, const char **why);

// A template instance (2.7) without its values' offsets.
struct binxml_instance {
	uint32_t template_id;
	uint32_t definition;  // chunk offset
	uint32_t size;	      // of the definition when it is inline, else 0
	uint32_t descriptors; // chunk offset
	uint32_t count;
	uint32_t values; // chunk offset of the first value
};

static inline enum rc binxml_cut_off(const char **why)
{
	*why = "a template instance is cut off";
	return RC_FAILED;
}

// The instance at input->at (its token included) up to its first value. The
// values themselves are not looked at. Here because every record has two.
static inline enum rc binxml_instance(const struct binxml_input *input, struct binxml_instance *out,
				      const char **why)
{
	const unsigned char *chunk = input->chunk;
	uint32_t at = input->at;

	if (input->end - at < 14 || chunk[at] != TOKEN_INSTANCE)
		return binxml_cut_off(why);
	out->template_id = load_u32(chunk + at + 2);
	out->definition = load_u32(chunk + at + 6);
	out->size = 0;
	at += 10;
	if (out->definition < CHUNK_HEADER_SIZE || out->definition > CHUNK_SIZE - 24) {
		*why = "a template lies outside the chunk";
		return RC_FAILED;
	}
	if (out->definition == at) {
		// In 64 bits: the size is any u32.
		uint64_t size = 24 + (uint64_t)load_u32(chunk + at + 20);

		if (input->end - at < 28 || size > input->end - at - 4)
			return binxml_cut_off(why);
		out->size = (uint32_t)size;
		at += out->size;
	}
	out->count = load_u32(chunk + at);
	out->descriptors = at + 4;
	if (out->count > (input->end - at - 4) / 4)
		return binxml_cut_off(why);
	out->values = out->descriptors + 4 * out->count;
	return RC_OK;
}

// Move behind an instance with its values.
MUST_USE enum rc binxml_skip_instance(struct binxml_input *input, const char **why);

#endif
