// SPDX-License-Identifier: Apache-2.0
// Hits for Timesketch: one object a line, as its importer takes JSONL.
//
// "message", "datetime", "timestamp" (microseconds since 1970) and "timestamp_desc"
// are what Timesketch asks for; "tag" and "data_type" it knows. Fields of the record
// are called field_NAME, so that none can pass for one of these or of ours. Absent values
// are left out, and so are numbers that no index takes (over 2^63).
#include <string.h>

#include "base/limits.h"
#include "base/tm.h"
#include "output/describe.h"
#include "output/output_internal.h"
#include "output/tags.h"

static void put_text(struct json *json, const char *key, struct str value)
{
	if (value.len != 0)
		json_put_str(json, key, value);
}

static void put_number(struct json *json, const char *key, bool known, uint64_t value)
{
	if (known && value <= INT64_MAX)
		json_put_u64(json, key, value);
}

// As Python writes it, microseconds and offset: what `timestamp` says, too.
static void put_time(struct json *json, uint64_t ticks)
{
	bool known = ticks != 0 && ticks < TM_YEAR_10000;
	char text[TM_TEXT_SIZE + 6];
	const size_t micros = 26; // 2026-11-23T14:18:52.123456

	if (!known)
		ticks = TM_UNIX_EPOCH;
	tm_format(ticks, text);
	memcpy(text + micros, "+00:00", 6);
	json_put_str(json, "datetime", (struct str){text, micros + 6});
	json_key(json, STR("timestamp"));
	json_i64(json, tm_unix_micros(ticks));
	// "Not a time" is what Plaso calls an event without one.
	json_put_str(json, "timestamp_desc", known ? STR("Event Logged") : STR("Not a time"));
}

static void put_tags(struct json *json, const struct hit *hit, struct arena *arena)
{
	size_t count;
	const struct str *texts;

	json_put_open(json, "tag", '[');
	for (size_t i = 0; i < hit->tag_count; i++)
		json_str(json, hit->tags[i]);
	if (hit->suppressed_by.len != 0)
		json_str(json, STR("suppressed"));
	json_close(json, ']');
	texts = tags_select(hit->tags, hit->tag_count, TAG_TACTIC, arena, &count);
	json_key(json, STR("mitre_tactics"));
	output_put_strings(json, texts, count);
	texts = tags_select(hit->tags, hit->tag_count, TAG_TECHNIQUE, arena, &count);
	json_key(json, STR("mitre_techniques"));
	output_put_strings(json, texts, count);
}

static void put_rule(struct json *json, const struct hit *hit)
{
	put_text(json, "level", hit->level);
	put_number(json, "risk_score", hit->risk_score >= 0, (uint64_t)hit->risk_score);
	put_text(json, "rule_title", hit->rule_title);
	put_text(json, "rule_id", hit->rule_id);
	put_text(json, "rule_file", hit->rule_file);
	put_text(json, "suppressed_by", hit->suppressed_by);
	json_put_str(json, "confirmed", output_confirmed_name(hit->confirmed));
}

static void put_record(struct json *json, const struct hit *hit)
{
	bool named = output_names_record(hit);

	put_text(json, "computer", hit->computer);
	put_text(json, "channel", hit->channel);
	put_text(json, "provider", hit->provider);
	put_number(json, "event_id", named, hit->event_id);
	put_number(json, "record_id", named, hit->record_id);
	put_text(json, "evtx_file", hit->evtx_file);
	put_text(json, "sha256", hit->file_sha256);
	put_number(json, "chunk", hit->has_position, hit->chunk);
	put_number(json, "offset", hit->has_position, hit->offset);
	if (hit->recovered)
		json_put_bool(json, "recovered", true);
	put_text(json, "recovered_from", hit->recovered_from);
}

// "Name: value" each: an object would give the index a field for every name.
static void put_pairs(struct json *json, const char *key, const struct hit_pair *pairs,
		      size_t count)
{
	struct buf text = {0};

	json_put_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		buf_reset(&text);
		buf_put_str(&text, pairs[i].name);
		buf_put_text(&text, ": ");
		buf_put_str(&text, pairs[i].value);
		json_str(json, buf_str(&text));
	}
	json_close(json, ']');
	buf_release(&text);
}

static void put_correlation(struct json *json, const struct hit_correlation *correlation)
{
	json_put_str(json, "correlation_type", correlation->type);
	put_pairs(json, "correlation_group", correlation->group, correlation->group_count);
	json_key(json, STR("correlation_value"));
	json_double(json, correlation->value);
	json_put_time(json, "correlation_first", correlation->first);
	json_put_time(json, "correlation_last", correlation->last);
	put_number(json, "correlation_records", true, correlation->record_total);
}

static void put_fields(struct json *json, const struct hit *hit, struct arena *arena)
{
	size_t count =
		hit->field_count < LIMIT_INDEX_FIELDS ? hit->field_count : LIMIT_INDEX_FIELDS;
	struct hit_pair *pairs = arena_array(arena, count, sizeof(*pairs));
	struct buf name = {0};

	for (size_t i = 0; i < count; i++) {
		buf_reset(&name);
		buf_put_text(&name, "field_");
		buf_put_str(&name, describe_index_name(hit->fields[i].name, arena));
		pairs[i] =
			(struct hit_pair){arena_str(arena, buf_str(&name)), hit->fields[i].value};
	}
	buf_release(&name);
	output_put_members(json, arena, pairs, count);
	if (hit->field_count > count)
		json_put_u64(json, "fields_left_out", hit->field_count - count);
}

static void timesketch_hit(struct output_state *state, const struct hit *hit)
{
	struct json json = {.out = &state->text};
	struct buf message = {0};

	describe_hit(&message, hit);
	json_open(&json, '{');
	json_put_str(&json, "message", buf_str(&message));
	put_time(&json, hit->time);
	json_put_str(&json, "data_type", STR("evtxscan:hit"));
	put_tags(&json, hit, &state->arena);
	put_rule(&json, hit);
	put_record(&json, hit);
	put_pairs(&json, "details", hit->details, hit->detail_count);
	if (hit->correlation != NULL)
		put_correlation(&json, hit->correlation);
	put_fields(&json, hit, &state->arena);
	json_close(&json, '}');
	buf_put_char(&state->text, '\n');
	buf_release(&message);
}

const struct output_driver output_timesketch = {
	.name = STR_INIT("timesketch"),
	.needs = NEED_HASH | NEED_FIELDS,
	.hit = timesketch_hit,
};
