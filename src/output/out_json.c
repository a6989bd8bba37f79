// SPDX-License-Identifier: Apache-2.0
// Hits as JSON: one array, or one object a line (JSONL).
#include "base/map.h"
#include "base/text.h"
#include "output/json.h"
#include "output/output_internal.h"

// A name of an object and its values, in order of appearance. `next` chains
// the pairs of one name by index + 1.
struct named {
	struct str name;
	size_t first, last;
};

static void put_values(struct json *json, const struct hit_pair *pairs, const size_t *next,
		       const struct named *named)
{
	bool repeated = named->first != named->last;

	json_key(json, named->name);
	if (repeated)
		json_open(json, '[');
	for (size_t i = named->first; i != 0; i = next[i - 1])
		json_str(json, pairs[i - 1].value);
	if (repeated)
		json_close(json, ']');
}

// Names are mended first, because two different ones may become equal by it.
void output_put_members(struct json *json, struct arena *arena, const struct hit_pair *pairs,
			size_t count)
{
	struct named *names = arena_array(arena, count, sizeof(*names));
	size_t *next = arena_array(arena, count, sizeof(*next));
	struct map map = {0};
	size_t name_count = 0;

	for (size_t i = 0; i < count; i++) {
		struct str name = utf8_sanitise(arena, pairs[i].name);
		struct map_entry *entry = map_entry(&map, name);
		struct named *named = entry->value;

		if (named == NULL) {
			entry->value = named = &names[name_count++];
			*named = (struct named){name, i + 1, i + 1};
		} else {
			next[named->last - 1] = i + 1;
			named->last = i + 1;
		}
	}
	for (size_t i = 0; i < name_count; i++)
		put_values(json, pairs, next, &names[i]);
	map_release(&map);
}

void output_put_pairs(struct json *json, struct arena *arena, const struct hit_pair *pairs,
		      size_t count)
{
	json_open(json, '{');
	output_put_members(json, arena, pairs, count);
	json_close(json, '}');
}

void output_put_strings(struct json *json, const struct str *values, size_t count)
{
	json_open(json, '[');
	for (size_t i = 0; i < count; i++)
		json_str(json, values[i]);
	json_close(json, ']');
}

static void put_known(struct json *json, const char *key, bool known, uint64_t value)
{
	if (known)
		json_put_u64(json, key, value);
	else
		json_put_null(json, key);
}

static void put_utc(struct json *json, uint64_t ticks)
{
	const struct zone *zone = json->zone;

	json->zone = NULL;
	json_time(json, ticks);
	json->zone = zone;
}

static void put_cell(struct json *json, struct arena *arena, const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_TEXT:
		json_str(json, cell->text);
		return;
	case CELL_NUMBER:
		if (cell->known)
			json_u64(json, cell->number);
		else
			json_null(json);
		return;
	case CELL_TIME:
		json_time(json, cell->time);
		return;
	case CELL_UTC:
		put_utc(json, cell->time);
		return;
	case CELL_TEXTS:
		output_put_strings(json, cell->texts, cell->count);
		return;
	case CELL_PAIRS:
		output_put_pairs(json, arena, cell->pairs, cell->count);
		return;
	}
}

static void put_columns(struct json *json, struct arena *arena, const struct columns *columns,
			const struct hit *hit)
{
	for (size_t i = 0; i < columns->count; i++) {
		struct cell cell = columns->items[i]->cell(hit, arena);

		json_key(json, str_from(columns->items[i]->name));
		put_cell(json, arena, &cell);
	}
}

static void put_evidence(struct json *json, const struct hit *hit)
{
	json_put_open(json, "Evidence", '{');
	if (hit->file_sha256.len != 0)
		json_put_str(json, "FileSHA256", hit->file_sha256);
	else
		json_put_null(json, "FileSHA256");
	put_known(json, "Chunk", hit->has_position, hit->chunk);
	put_known(json, "Offset", hit->has_position, hit->offset);
	put_known(json, "HeaderRecordID", output_names_record(hit), hit->header_id);
	json_put_bool(json, "Carved", hit->recovered);
	if (hit->recovered_from.len != 0)
		json_put_str(json, "CarvedFrom", hit->recovered_from);
	json_put_str(json, "SourceView", hit->source_view);
	json_close(json, '}');
}

static void put_matches(struct json *json, const struct hit *hit)
{
	json_put_open(json, "MatchedOn", '[');
	for (size_t i = 0; i < hit->match_count; i++) {
		const struct hit_match *match = &hit->matches[i];

		json_open(json, '{');
		json_put_str(json, "Selection", match->selection);
		json_put_str(json, "Field", match->field);
		json_put_str(json, "Value", match->value);
		json_put_str(json, "Pattern", match->pattern);
		json_close(json, '}');
	}
	json_close(json, ']');
}

// Every fact is a list, whatever the number of its values.
static void put_allow_facts(struct json *json, const struct hit *hit)
{
	json_put_open(json, "AllowFacts", '{');
	for (size_t i = 0; i < hit->allow_fact_count; i++) {
		const struct hit_list *fact = &hit->allow_facts[i];

		json_key(json, fact->name);
		json_open(json, '[');
		for (size_t k = 0; k < fact->count; k++)
			json_str(json, fact->values[k]);
		json_close(json, ']');
	}
	json_close(json, '}');
}

static void put_records(struct json *json, const struct hit_correlation *correlation)
{
	json_put_open(json, "Records", '[');
	for (size_t i = 0; i < correlation->record_count; i++) {
		const struct hit_record *record = &correlation->records[i];

		json_open(json, '{');
		json_put_time(json, "Timestamp", record->time);
		json_put_str(json, "RuleID", record->rule_id);
		json_put_str(json, "Computer", record->computer);
		json_put_str(json, "Channel", record->channel);
		json_put_u64(json, "RecordID", record->record_id);
		json_put_str(json, "EvtxFile", record->file);
		if (record->recovered)
			json_put_bool(json, "Carved", true);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_correlation(struct json *json, struct arena *arena,
			    const struct hit_correlation *correlation)
{
	json_put_open(json, "Correlation", '{');
	json_put_str(json, "Type", correlation->type);
	json_key(json, STR("Group"));
	output_put_pairs(json, arena, correlation->group, correlation->group_count);
	json_key(json, STR("Value"));
	json_double(json, correlation->value);
	json_put_time(json, "First", correlation->first);
	json_put_time(json, "Trigger", correlation->trigger);
	json_put_time(json, "Last", correlation->last);
	json_key(json, STR("Values"));
	output_put_strings(json, correlation->values, correlation->value_count);
	json_put_u64(json, "ValueTotal", correlation->value_total);
	put_records(json, correlation);
	json_put_u64(json, "RecordTotal", correlation->record_total);
	json_close(json, '}');
}

void output_put_hit(struct json *json, struct arena *arena, const struct hit *hit)
{
	json_open(json, '{');
	put_columns(json, arena, columns_default(), hit);
	put_evidence(json, hit);
	put_matches(json, hit);
	if (hit->allow_fact_count != 0)
		put_allow_facts(json, hit);
	if (hit->attribute_count != 0) {
		json_key(json, STR("RuleAttributes"));
		output_put_pairs(json, arena, hit->attributes, hit->attribute_count);
	}
	if (hit->correlation != NULL)
		put_correlation(json, arena, hit->correlation);
	json_close(json, '}');
}

static void put_hit(struct output_state *state, const struct hit *hit)
{
	struct json json = {.out = &state->text, .zone = state->options.zone};

	if (state->options.columns == NULL) {
		output_put_hit(&json, &state->arena, hit);
		return;
	}
	json_open(&json, '{');
	put_columns(&json, &state->arena, state->options.columns, hit);
	json_close(&json, '}');
}

static void jsonl_hit(struct output_state *state, const struct hit *hit)
{
	put_hit(state, hit);
	buf_put_char(&state->text, '\n');
}

static void array_begin(struct output_state *state)
{
	buf_put_char(&state->text, '[');
}

static void array_hit(struct output_state *state, const struct hit *hit)
{
	buf_put_text(&state->text, state->hits != 0 ? ",\n" : "\n");
	put_hit(state, hit);
}

static void array_end(struct output_state *state)
{
	buf_put_text(&state->text, state->hits != 0 ? "\n]\n" : "]\n");
}

const struct output_driver output_json = {
	.name = STR_INIT("json"),
	.has_columns = true,
	.needs = NEED_HASH | NEED_FACTS,
	.begin = array_begin,
	.hit = array_hit,
	.end = array_end,
};

const struct output_driver output_jsonl = {
	.name = STR_INIT("jsonl"),
	.has_columns = true,
	.needs = NEED_HASH | NEED_FACTS,
	.hit = jsonl_hit,
};
