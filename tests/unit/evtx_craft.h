// SPDX-License-Identifier: Apache-2.0
// Chunks made by hand for tests: tokens in any order, right or wrong, by
// evtx-format.md 1 and 2. Names are always inline.
#ifndef UNIT_EVTX_CRAFT_H
#define UNIT_EVTX_CRAFT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "evtx/chunk_writer.h"
#include "evtx/crc32.h"

struct craft {
	unsigned char bytes[CHUNK_SIZE];
	uint32_t at;
	uint32_t record; // where the open one starts
	uint32_t last;
	uint64_t first_id, id;
	bool is_template; // elements have a dependency id
	uint32_t open[256];
	size_t depth;
};

static inline void craft_put(struct craft *c, size_t size, uint64_t value)
{
	assert_true(c->at + size <= CHUNK_SIZE);
	chunk_set_uint(c->bytes + c->at, size, value);
	c->at += (uint32_t)size;
}

static inline void craft_init(struct craft *c, uint64_t first_id)
{
	memset(c, 0, sizeof(*c));
	c->at = CHUNK_HEADER_SIZE;
	c->first_id = c->id = first_id;
}

static inline void craft_units(struct craft *c, const char *text)
{
	craft_put(c, 2, strlen(text));
	for (; *text != '\0'; text++)
		craft_put(c, 2, (unsigned char)*text);
}

static inline void craft_name(struct craft *c, const char *name)
{
	uint32_t entry;

	craft_put(c, 4, c->at + 4);
	entry = c->at;
	craft_put(c, 4, 0);
	craft_put(c, 2, 0);
	craft_units(c, name);
	chunk_set_uint(c->bytes + entry + 4, 2,
		       chunk_hash(c->bytes + entry + 8, c->at - entry - 8));
	craft_put(c, 2, 0);
}

static inline void craft_text(struct craft *c, const char *text)
{
	craft_put(c, 2, 0x0105);
	craft_units(c, text);
}

// <name, and its attributes: one literal when `attribute` is not NULL.
static inline void craft_start(struct craft *c, const char *name, const char *attribute,
			       const char *value)
{
	uint32_t list;

	craft_put(c, 1, attribute != NULL ? 0x41 : 0x01);
	if (c->is_template)
		craft_put(c, 2, 0xFFFF);
	c->open[c->depth++] = c->at;
	craft_put(c, 4, 0);
	craft_name(c, name);
	if (attribute != NULL) {
		list = c->at;
		craft_put(c, 4, 0);
		craft_put(c, 1, 0x06);
		craft_name(c, attribute);
		craft_text(c, value);
		chunk_set_uint(c->bytes + list, 4, c->at - list - 4);
	}
	craft_put(c, 1, 0x02);
}

static inline void craft_end(struct craft *c)
{
	uint32_t size = c->open[--c->depth];

	craft_put(c, 1, 0x04);
	chunk_set_uint(c->bytes + size, 4, c->at - size - 4);
}

// <name>text</name>
static inline void craft_leaf(struct craft *c, const char *name, const char *text)
{
	craft_start(c, name, NULL, NULL);
	craft_text(c, text);
	craft_end(c);
}

// <name>%index</name>
static inline void craft_value_leaf(struct craft *c, const char *name, unsigned token,
				    unsigned index, unsigned type)
{
	craft_start(c, name, NULL, NULL);
	craft_put(c, 1, token);
	craft_put(c, 2, index);
	craft_put(c, 1, type);
	craft_end(c);
}

static inline void craft_record(struct craft *c)
{
	c->record = c->at;
	craft_put(c, 4, 0x2A2A);
	craft_put(c, 4, 0);
	craft_put(c, 8, c->id++);
	craft_put(c, 8, 0);
	craft_put(c, 4, 0x0001010F);
}

static inline void craft_record_end(struct craft *c)
{
	uint32_t size;

	craft_put(c, 1, 0);
	while ((c->at + 4) % 8 != 0)
		craft_put(c, 1, 0xEE); // padding is not zero
	size = c->at + 4 - c->record;
	craft_put(c, 4, size);
	chunk_set_uint(c->bytes + c->record + 4, 4, size);
	c->last = c->record;
}

// An inline definition; returns its chunk offset. The element follows.
static inline uint32_t craft_template(struct craft *c, uint32_t id)
{
	uint32_t at;

	craft_put(c, 2, 0x010C);
	craft_put(c, 4, id);
	craft_put(c, 4, c->at + 4);
	at = c->at;
	craft_put(c, 4, 0);
	craft_put(c, 4, id);
	craft_put(c, 8, 0x1122334455667788);
	craft_put(c, 4, 0x99AABBCC);
	craft_put(c, 4, 0);
	craft_put(c, 4, 0x0001010F);
	c->is_template = true;
	return at;
}

static inline void craft_template_end(struct craft *c, uint32_t template)
{
	craft_put(c, 1, 0);
	chunk_set_uint(c->bytes + template + 20, 4, c->at - template - 24);
	c->is_template = false;
}

// A reference to a definition that stands earlier.
static inline void craft_instance(struct craft *c, uint32_t id, uint32_t template)
{
	craft_put(c, 2, 0x010C);
	craft_put(c, 4, id);
	craft_put(c, 4, template);
}

static inline void craft_descriptor(struct craft *c, unsigned type, unsigned size)
{
	craft_put(c, 2, size);
	craft_put(c, 2, type);
}

// Header and checksums over what is there now.
static inline void craft_seal(struct craft *c)
{
	memcpy(c->bytes, "ElfChnk", 8);
	chunk_set_uint(c->bytes + 8, 8, c->first_id);
	chunk_set_uint(c->bytes + 16, 8, c->id - 1);
	chunk_set_uint(c->bytes + 24, 8, c->first_id);
	chunk_set_uint(c->bytes + 32, 8, c->id - 1);
	chunk_set_uint(c->bytes + 40, 4, 128);
	chunk_set_uint(c->bytes + 44, 4, c->last);
	chunk_set_uint(c->bytes + 48, 4, c->at);
	chunk_set_uint(c->bytes + 120, 4, 1);
	chunk_set_uint(c->bytes + 52, 4, crc32_update(0, c->bytes + 512, c->at - 512));
	chunk_set_uint(c->bytes + 124, 4,
		       crc32_update(crc32_update(0, c->bytes, 120), c->bytes + 128, 384));
}

#endif
