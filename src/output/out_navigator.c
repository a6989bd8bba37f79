// SPDX-License-Identifier: Apache-2.0
// Hits as a layer of the ATT&CK Navigator (format 4.5): one object at the end.
//
// A technique's score is the number of hits whose rule has its tag, without suppressed
// ones. A sub-technique counts for itself; the layer has the Navigator show the sum of a
// technique and its sub-techniques (layout.aggregateFunction), so no hit is written into
// two scores that would be added up. The parents of sub-techniques are listed without
// a score, to be shown opened.
//
// Left out on purpose: "tactic", because tags do not say under which of its tactics a
// technique is meant, and an annotation under a wrong one does not show; and
// "versions.attack", because tags do not say which version of ATT&CK they are of: the Navigator
// then takes its own.
//
// Memory: a technique and each of its rules once, so at most what the rule set has.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/tm.h"
#include "evtxscan.h"
#include "output/describe.h"
#include "output/output_internal.h"
#include "output/tags.h"

// How often a rule hit.
struct rule_count {
	struct str key, title, level;
	uint64_t hits;
};

struct technique {
	struct str id; // "T1596.001"
	uint64_t hits; // 0: only the parent of one with hits
	struct str level;
	uint64_t first, last; // of those that have a time; 0 = none has
	bool is_parent;
	struct map rules; // key -> struct rule_count
};

struct layer {
	struct arena arena;
	struct map techniques; // id -> struct technique
	struct map rules;      // those that hit
	struct buf key;
	uint64_t hits, suppressed, untagged;
	struct str level;
	uint64_t first, last;
};

// ---- counting -----------------------------------------------------------

static void navigator_begin(struct output_state *state)
{
	state->own = mem_zalloc(sizeof(struct layer));
}

static void navigator_release(struct output_state *state)
{
	struct layer *layer = state->own;

	for (size_t i = 0; i < layer->techniques.count; i++)
		map_release(&((struct technique *)layer->techniques.entries[i].value)->rules);
	map_release(&layer->techniques);
	map_release(&layer->rules);
	buf_release(&layer->key);
	arena_release(&layer->arena);
	free(layer);
}

// The value under `key`, made and zeroed when it is new.
static void *entry_of(struct layer *layer, struct map *map, struct str key, size_t size)
{
	void *value = map_get(map, key);

	if (value == NULL) {
		value = arena_zalloc(&layer->arena, size);
		map_add(map, arena_str(&layer->arena, key), value);
	}
	return value;
}

static struct technique *technique_of(struct layer *layer, struct str id)
{
	struct technique *technique = entry_of(layer, &layer->techniques, id, sizeof(*technique));

	if (technique->id.len == 0)
		technique->id = arena_str(&layer->arena, id);
	return technique;
}

static void widen(uint64_t *first, uint64_t *last, uint64_t time)
{
	if (time == 0)
		return;
	if (*first == 0 || time < *first)
		*first = time;
	if (time > *last)
		*last = time;
}

static void raise_level(struct layer *layer, struct str *level, struct str to)
{
	if (describe_level(to) > describe_level(*level))
		*level = arena_str(&layer->arena, to);
}

static void count_technique(struct layer *layer, struct str id, const struct hit *hit)
{
	struct technique *technique = technique_of(layer, id);
	struct rule_count *rule =
		entry_of(layer, &technique->rules, buf_str(&layer->key), sizeof(*rule));

	if (rule->hits++ == 0) {
		rule->key = arena_str(&layer->arena, buf_str(&layer->key));
		rule->title = arena_str(&layer->arena, hit->rule_title);
		rule->level = arena_str(&layer->arena, hit->level);
	}
	technique->hits++;
	raise_level(layer, &technique->level, hit->level);
	widen(&technique->first, &technique->last, hit->time);
	if (id.len > TECHNIQUE_LEN)
		technique_of(layer, str_sub(id, 0, TECHNIQUE_LEN))->is_parent = true;
}

// A tag that stands twice counts once.
static bool is_repeated(const struct str *ids, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (str_eq(ids[i], ids[at]))
			return true;
	}
	return false;
}

static void navigator_hit(struct output_state *state, const struct hit *hit)
{
	struct layer *layer = state->own;
	size_t count;
	const struct str *ids =
		tags_select(hit->tags, hit->tag_count, TAG_TECHNIQUE, &state->arena, &count);

	if (hit->suppressed_by.len != 0) {
		layer->suppressed++;
		return;
	}
	buf_reset(&layer->key);
	describe_rule_key(&layer->key, hit);
	entry_of(layer, &layer->rules, buf_str(&layer->key), sizeof(struct rule_count));
	layer->hits++;
	layer->untagged += count == 0;
	raise_level(layer, &layer->level, hit->level);
	widen(&layer->first, &layer->last, hit->time);
	for (size_t i = 0; i < count; i++) {
		if (!is_repeated(ids, i))
			count_technique(layer, ids[i], hit);
	}
}

// ---- printing -----------------------------------------------------------

static int by_id(const void *left, const void *right)
{
	const struct technique *const *a = left;
	const struct technique *const *b = right;

	return str_cmp((*a)->id, (*b)->id);
}

// The most hits first, then by title, then any order that stays.
static int by_hits(const void *left, const void *right)
{
	const struct rule_count *const *a = left;
	const struct rule_count *const *b = right;

	if ((*a)->hits != (*b)->hits)
		return (*a)->hits > (*b)->hits ? -1 : 1;
	if (!str_eq((*a)->title, (*b)->title))
		return str_cmp((*a)->title, (*b)->title);
	return str_cmp((*a)->key, (*b)->key);
}

// The values of a map in order; an array in `arena`.
static void *sorted(const struct map *map, struct arena *arena,
		    int (*order)(const void *, const void *))
{
	void **values = arena_array(arena, map->count, sizeof(*values));

	for (size_t i = 0; i < map->count; i++)
		values[i] = map->entries[i].value;
	if (map->count > 0)
		qsort(values, map->count, sizeof(*values), order);
	return values;
}

static void put_meta(struct json *json, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	json_open(json, '{');
	json_put_str(json, "name", str_from(name));
	json_put_str(json, "value", value);
	json_close(json, '}');
}

static void put_meta_number(struct json *json, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_meta(json, name, str_from(text));
}

static void put_meta_time(struct json *json, const char *name, uint64_t ticks)
{
	char text[TM_TEXT_SIZE];

	if (ticks != 0)
		put_meta(json, name, (struct str){text, tm_format(ticks, text)});
}

static void put_comment(struct json *json, const struct technique *technique, struct arena *arena)
{
	struct rule_count *const *rules = sorted(&technique->rules, arena, by_hits);
	size_t count = technique->rules.count;
	uint64_t rest = technique->hits;
	struct buf text = {0};

	for (size_t i = 0; i < count && i < LIMIT_TECHNIQUE_RULES; i++) {
		buf_put_str(&text, rules[i]->title);
		if (rules[i]->level.len != 0)
			buf_printf(&text, " (%.*s)", STR_ARG(rules[i]->level));
		buf_printf(&text, ": %" PRIu64 "\n", rules[i]->hits);
		rest -= rules[i]->hits;
	}
	if (count > LIMIT_TECHNIQUE_RULES)
		buf_printf(&text, "and %zu more: %" PRIu64 "\n", count - LIMIT_TECHNIQUE_RULES,
			   rest);
	json_put_str(json, "comment", str_trim(buf_str(&text)));
	buf_release(&text);
}

static void put_technique(struct json *json, const struct technique *technique, struct arena *arena)
{
	json_open_line(json, '{');
	json_put_str(json, "techniqueID", technique->id);
	if (technique->hits != 0) {
		json_put_u64(json, "score", technique->hits);
		put_comment(json, technique, arena);
		json_put_open(json, "metadata", '[');
		put_meta(json, "highest level", technique->level);
		put_meta_number(json, "rules", technique->rules.count);
		put_meta_time(json, "first", technique->first);
		put_meta_time(json, "last", technique->last);
		json_close(json, ']');
	}
	if (technique->is_parent)
		json_put_bool(json, "showSubtechniques", true);
	json_close(json, '}');
}

static uint64_t put_techniques(struct output_state *state, struct json *json)
{
	const struct layer *layer = state->own;
	struct technique *const *techniques = sorted(&layer->techniques, &state->arena, by_id);
	uint64_t most = 0;

	json_put_open(json, "techniques", '[');
	for (size_t i = 0; i < layer->techniques.count; i++) {
		if (techniques[i]->hits > most)
			most = techniques[i]->hits;
		put_technique(json, techniques[i], &state->arena);
	}
	json_close(json, ']');
	return most;
}

static size_t scored_techniques(const struct layer *layer)
{
	size_t count = 0;

	for (size_t i = 0; i < layer->techniques.count; i++)
		count += ((struct technique *)layer->techniques.entries[i].value)->hits != 0;
	return count;
}

// Suppressed hits come here only when they are asked for; the ledger has all.
static uint64_t suppressed_hits(const struct layer *layer, const struct ledger *ledger)
{
	return ledger != NULL ? ledger->suppressed : layer->suppressed;
}

static void put_description(struct json *json, const struct layer *layer,
			    const struct ledger *ledger)
{
	struct buf text = {0};

	buf_printf(&text,
		   "Sigma rules over Windows event logs. Score: number of hits, suppressed ones "
		   "(%" PRIu64 ") apart. Hits: %" PRIu64 ", of rules without a technique: %" PRIu64
		   ". Rules: %zu. Techniques: %zu. ",
		   suppressed_hits(layer, ledger), layer->hits, layer->untagged, layer->rules.count,
		   scored_techniques(layer));
	if (ledger != NULL)
		ledger_put_input(ledger, &text);
	json_put_str(json, "description", str_trim(buf_str(&text)));
	buf_release(&text);
}

static void put_layer_metadata(struct json *json, const struct layer *layer,
			       const struct ledger *ledger)
{
	json_put_open(json, "metadata", '[');
	put_meta(json, "program", STR("evtxscan " EVTXSCAN_VERSION));
	if (ledger != NULL)
		put_meta(json, "complete", ledger->complete ? STR("yes") : STR("no"));
	put_meta_number(json, "hits", layer->hits);
	put_meta_number(json, "hits without a technique", layer->untagged);
	put_meta_number(json, "suppressed", suppressed_hits(layer, ledger));
	put_meta(json, "highest level", layer->level);
	put_meta_time(json, "first", layer->first);
	put_meta_time(json, "last", layer->last);
	json_close(json, ']');
}

#define COLOR_LEAST "#ffe7a0"
#define COLOR_MOST "#e03c31"

static void put_legend_item(struct json *json, struct str label, const char *color)
{
	json_open(json, '{');
	json_put_str(json, "label", label);
	json_put_str(json, "color", str_from(color));
	json_close(json, '}');
}

// From one hit to the most; the upper end must lie above the lower one.
static void put_colors(struct json *json, uint64_t most, struct arena *arena)
{
	json_put_open(json, "gradient", '{');
	json_put_open(json, "colors", '[');
	json_str(json, STR(COLOR_LEAST));
	json_str(json, STR(COLOR_MOST));
	json_close(json, ']');
	json_put_u64(json, "minValue", 1);
	json_put_u64(json, "maxValue", most > 1 ? most : 2);
	json_close(json, '}');
	json_put_open(json, "legendItems", '[');
	if (most > 0)
		put_legend_item(json, STR("1 hit"), COLOR_LEAST);
	if (most > 1)
		put_legend_item(json, arena_printf(arena, "%" PRIu64 " hits", most), COLOR_MOST);
	json_close(json, ']');
}

static void put_layout(struct json *json)
{
	json_put_open(json, "layout", '{');
	json_put_str(json, "layout", STR("side"));
	json_put_bool(json, "showID", true);
	json_put_bool(json, "showName", true);
	json_put_bool(json, "showAggregateScores", true);
	json_put_bool(json, "countUnscored", false);
	json_put_str(json, "aggregateFunction", STR("sum"));
	json_put_str(json, "expandedSubtechniques", STR("annotated"));
	json_close(json, '}');
}

static void navigator_end(struct output_state *state)
{
	struct json json = {.out = &state->text};
	const struct layer *layer = state->own;
	const struct ledger *ledger = state->options.ledger;
	uint64_t most;

	json_open(&json, '{');
	json_put_str(&json, "name", STR("evtxscan"));
	json_put_open(&json, "versions", '{');
	json_put_str(&json, "navigator", STR("5.1.0"));
	json_put_str(&json, "layer", STR("4.5"));
	json_close(&json, '}');
	json_put_str(&json, "domain", STR("enterprise-attack"));
	put_description(&json, layer, ledger);
	put_layout(&json);
	json_key(&json, STR("sorting"));
	json_u64(&json, 3); // descending by score
	most = put_techniques(state, &json);
	put_colors(&json, most, &state->arena);
	put_layer_metadata(&json, layer, ledger);
	json_close(&json, '}');
	buf_put_char(&state->text, '\n');
}

const struct output_driver output_navigator = {
	.name = STR_INIT("navigator"),
	.begin = navigator_begin,
	.hit = navigator_hit,
	.end = navigator_end,
	.release = navigator_release,
};
