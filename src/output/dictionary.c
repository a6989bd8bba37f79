// SPDX-License-Identifier: Apache-2.0
// Dictionaries of the report: a map from items to their numbers, in its order.
#include "output/dictionary.h"

#include "output/escape.h"

// Bytes of the map for each item.
#define ENTRY_SIZE 64

void dictionary_release(struct dictionary *dictionary)
{
	map_release(&dictionary->map);
	arena_release(&dictionary->arena);
	buf_release(&dictionary->scratch);
}

void dictionary_reset(struct dictionary *dictionary)
{
	map_release(&dictionary->map);
	arena_reset(&dictionary->arena);
}

size_t dictionary_size(const struct dictionary *dictionary)
{
	return dictionary->arena.used + dictionary->map.count * ENTRY_SIZE;
}

// Values of the map are numbers + 1.
void dictionary_refer(struct dictionary *dictionary, struct json *json, struct str item)
{
	uintptr_t place = (uintptr_t)map_get(&dictionary->map, item);

	if (place != 0) {
		json_u64(json, place - 1);
		return;
	}
	if (dictionary_size(dictionary) + item.len > dictionary->limit) {
		json_raw(json, item);
		return;
	}
	place = dictionary->map.count + 1;
	map_add(&dictionary->map, arena_str(&dictionary->arena, item), (void *)place);
	json_u64(json, place - 1);
}

void dictionary_refer_text(struct dictionary *dictionary, struct json *json, struct str text)
{
	buf_reset(&dictionary->scratch);
	escape_json(&dictionary->scratch, text);
	dictionary_refer(dictionary, json, buf_str(&dictionary->scratch));
}

void dictionary_put(const struct dictionary *dictionary, struct json *json)
{
	json_open(json, '[');
	for (size_t i = 0; i < dictionary->map.count; i++)
		json_raw(json, dictionary->map.entries[i].key);
	json_close(json, ']');
}
