// SPDX-License-Identifier: Apache-2.0
// Texts of the report that are written once and then referred to by number.
//
// Items are JSON. What has been referred to is kept, up to a limit; when the
// dictionary is full, an unknown item stands for itself where its number would
// have been, so that nothing depends on the limit but the size of the report.
// A zeroed struct with `limit` set is an empty dictionary.
#ifndef OUTPUT_DICTIONARY_H
#define OUTPUT_DICTIONARY_H

#include "base/arena.h"
#include "base/map.h"
#include "output/json.h"

struct dictionary {
	size_t limit; // bytes
	struct map map;
	struct arena arena;
	struct buf scratch;
};

void dictionary_release(struct dictionary *dictionary);
// Forget all items.
void dictionary_reset(struct dictionary *dictionary);
// Put the number of an item, or the item. It is copied.
void dictionary_refer(struct dictionary *dictionary, struct json *json, struct str item);
// The same for a text, which may be hostile.
void dictionary_refer_text(struct dictionary *dictionary, struct json *json, struct str text);
// All items as an array, in the order of their numbers.
void dictionary_put(const struct dictionary *dictionary, struct json *json);
// Bytes that it takes, roughly.
size_t dictionary_size(const struct dictionary *dictionary);

#endif
