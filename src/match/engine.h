// SPDX-License-Identifier: Apache-2.0
// Many literals against one value at once.
//
// Each field that trigger literals look at has an engine. One pass over the
// folded value finds every literal: substrings by their rarest four bytes (a
// bitmap, then a hashed bucket, then memcmp), whole values and prefixes by a
// trie from the front, suffixes by a trie from the back. Measured against
// automata in performance.md 3; built in microseconds, read-only afterwards.
#ifndef MATCH_ENGINE_H
#define MATCH_ENGINE_H

#include "base/arena.h"
#include "base/str.h"

enum literal_anchor { LITERAL_EQUAL, LITERAL_PREFIX, LITERAL_SUFFIX, LITERAL_CONTAINS };

struct engine;

struct engine *engine_new(void);
void engine_free(struct engine *engine);

// Bytes it takes, about.
size_t engine_size(const struct engine *engine);

// When the literal is found, `id` is reported. `text` is folded and must outlive
// the engine. Not after engine_build.
void engine_add(struct engine *engine, struct str text, enum literal_anchor anchor, uint32_t id);
void engine_build(struct engine *engine);

// True when every literal holds a character that never occurs in a number, GUID,
// SID, time, boolean or hexadecimal text: such values need not be looked at.
bool engine_is_textual(const struct engine *engine);

// Report the ids of all literals in `value` (folded); an id may come several
// times, in any order.
void engine_run(const struct engine *engine, struct str value,
		void (*report)(void *user, uint32_t id), void *user);

#endif
