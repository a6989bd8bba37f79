// SPDX-License-Identifier: Apache-2.0
// Merging of event descriptions.
#include "synth/merge.h"

#include "synth/source.h"
#include "synth/typed.h"

enum level {
	LEVEL_EVENT,
	LEVEL_DATA,    // names and values
	LEVEL_ELEMENT, // UserData and its elements
	LEVEL_NONE,    // not merged
};

static struct yaml_node *merge(struct arena *arena, const struct yaml_node *base,
			       const struct yaml_node *over, enum level level);

// How the value of a key is merged when both sides are mappings.
static enum level level_below(enum level level, const struct yaml_pair *over)
{
	if (level == LEVEL_EVENT && str_eq(over->key->text, STR("data")))
		return LEVEL_DATA;
	if (level == LEVEL_EVENT && str_eq(over->key->text, STR("user_data")))
		return LEVEL_ELEMENT;
	if (level == LEVEL_ELEMENT && !typed_is(over->value))
		return LEVEL_ELEMENT;
	return LEVEL_NONE;
}

static struct yaml_pair *find_pair(struct yaml_node *map, struct str key)
{
	for (size_t i = 0; i < map->count; i++) {
		if (str_eq(map->pairs[i].key->text, key))
			return &map->pairs[i];
	}
	return NULL;
}

static void remove_key(struct yaml_node *map, struct str key)
{
	struct yaml_pair *pair = find_pair(map, key);

	if (pair == NULL)
		return;
	for (; pair + 1 < map->pairs + map->count; pair++)
		pair[0] = pair[1];
	map->count--;
}

static void merge_pair(struct arena *arena, struct yaml_node *map, const struct yaml_pair *over,
		       enum level level)
{
	enum level below = level_below(level, over);
	struct yaml_pair *old = find_pair(map, over->key->text);
	struct yaml_node *value = over->value;

	if (source_is_null(value)) {
		remove_key(map, over->key->text);
		return;
	}
	if (below != LEVEL_NONE && value->kind == YAML_MAPPING) {
		bool both = old != NULL && old->value->kind == YAML_MAPPING &&
			    (below == LEVEL_DATA || !typed_is(old->value));

		value = merge(arena, both ? old->value : NULL, value, below);
	}
	if (old == NULL)
		old = &map->pairs[map->count++];
	old->key = over->key;
	old->value = value;
}

static struct yaml_node *merge(struct arena *arena, const struct yaml_node *base,
			       const struct yaml_node *over, enum level level)
{
	struct yaml_node *map = arena_alloc(arena, sizeof(*map));
	size_t old = base != NULL ? base->count : 0;

	*map = *over;
	map->pairs = arena_array(arena, old + over->count, sizeof(*map->pairs));
	map->count = old;
	for (size_t i = 0; i < old; i++)
		map->pairs[i] = base->pairs[i];
	if (level == LEVEL_EVENT && yaml_get(over, "user_data") != NULL) {
		remove_key(map, STR("data"));
		remove_key(map, STR("data_name"));
		remove_key(map, STR("binary"));
	}
	if (level == LEVEL_EVENT && yaml_get(over, "data") != NULL)
		remove_key(map, STR("user_data"));
	for (size_t i = 0; i < over->count; i++)
		merge_pair(arena, map, &over->pairs[i], level);
	return map;
}

struct yaml_node *merge_events(struct arena *arena, const struct yaml_node *base,
			       const struct yaml_node *over)
{
	return merge(arena, base, over, LEVEL_EVENT);
}
