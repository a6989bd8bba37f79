// SPDX-License-Identifier: Apache-2.0
// Known definitions, to be recognised without parsing.
//
// The bytes of a template differ from chunk to chunk only in where its names
// lie (evtx-format.md 4.4). A variant is a definition that was parsed once, cut
// into what stands between the name references. Another definition is the
// same template when its size and everything between is equal, inline names
// stand inline, and every reference leads to an equal name: exactly then
// parsing would give the same form.
#ifndef EVTX_VARIANTS_H
#define EVTX_VARIANTS_H

#include "evtx/format.h"
#include "evtx/program.h"

#define VARIANT_BUCKETS 1024u

struct variant;

// Zeroed: empty. Variants live in the arena given to variants_add.
struct variants {
	struct variant *buckets[VARIANT_BUCKETS];
};

// The program of the definition at that chunk offset (whose size is not
// checked yet), NULL when it is like none that is known.
const struct evtx_program *variants_find(const struct variants *variants,
					 const unsigned char *chunk, uint32_t definition,
					 enum place_kind place);
// Remember a definition that was parsed, unless it is too large; `references` are the chunk offsets
// of its name references, u32 each, ascending.
void variants_add(struct variants *variants, struct arena *arena, const unsigned char *chunk,
		  uint32_t definition, enum place_kind place, struct str references,
		  const struct evtx_program *program);

#endif
