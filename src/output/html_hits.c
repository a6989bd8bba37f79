// SPDX-License-Identifier: Apache-2.0
// Hits -> blocks of the HTML report (see html_hits.h).
#include "output/html_hits.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "output/dictionary.h"
#include "output/escape.h"
#include "output/output_internal.h"
#include "output/tags.h"

#define BLOCK_HITS 1000
#define BLOCK_BYTES (1u << 20) // a hit may bring more
#define TICKS_PER_MS 10000u
#define ZONE_STEP (UINT64_C(7) * 86400 * 1000) // milliseconds
#define ZONE_MARGIN (UINT64_C(400) * 86400 * 1000)
#define EXACT_MOST (UINT64_C(1) << 53) // of whole numbers in JavaScript

struct html_hits {
	const struct zone *zone;
	// For the whole report.
	struct dictionary rules, texts, files, forms;
	uint64_t total, left_out;
	uint64_t first, last;		  // times
	uint64_t shown_first, shown_last; // with those inside alerts
	int64_t before;			  // milliseconds of the hit before

	// The block at work: members of its arrays.
	struct dictionary strings;
	struct buf rows, records, details;
	struct json row, detail; // write into them
	struct json record_list;
	size_t count, record_count;

	struct buf record;    // the one that was put last
	struct buf candidate; // the one of this hit
	struct buf item;      // of a dictionary
	struct arena arena;   // reset for each hit
};

struct html_hits *html_hits_new(const struct zone *zone)
{
	struct html_hits *hits = mem_zalloc(sizeof(*hits));

	hits->zone = zone;
	hits->rules.limit = LIMIT_REPORT_DICTIONARY;
	hits->texts.limit = LIMIT_REPORT_DICTIONARY;
	hits->files.limit = LIMIT_REPORT_DICTIONARY;
	hits->forms.limit = LIMIT_REPORT_DICTIONARY;
	hits->strings.limit = SIZE_MAX; // the block's end bounds it
	hits->row.out = &hits->rows;
	hits->detail.out = &hits->details;
	hits->record_list.out = &hits->records;
	return hits;
}

void html_hits_free(struct html_hits *hits)
{
	if (hits == NULL)
		return;
	dictionary_release(&hits->rules);
	dictionary_release(&hits->texts);
	dictionary_release(&hits->files);
	dictionary_release(&hits->forms);
	dictionary_release(&hits->strings);
	buf_release(&hits->rows);
	buf_release(&hits->records);
	buf_release(&hits->details);
	buf_release(&hits->record);
	buf_release(&hits->candidate);
	buf_release(&hits->item);
	arena_release(&hits->arena);
	free(hits);
}

uint64_t html_hits_left_out(const struct html_hits *hits)
{
	return hits->left_out;
}

void html_hits_range(const struct html_hits *hits, uint64_t *first, uint64_t *last)
{
	*first = hits->first;
	*last = hits->last;
}

// ---- parts of a hit -----------------------------------------------------

static void put_exact(struct json *json, uint64_t value)
{
	char digits[24];

	if (value <= EXACT_MOST) {
		json_u64(json, value);
		return;
	}
	json_str(json, (struct str){digits, (size_t)snprintf(digits, sizeof(digits), "%llu",
							     (unsigned long long)value)});
}

static void put_signed(struct json *json, int64_t value)
{
	char digits[24];

	json_raw(json, (struct str){digits, (size_t)snprintf(digits, sizeof(digits), "%lld",
							     (long long)value)});
}

static void put_string(struct html_hits *hits, struct json *json, struct str text)
{
	dictionary_refer_text(&hits->strings, json, text);
}

// Tags of one kind, in words.
static void put_tags(struct html_hits *hits, struct json *json, const char *key,
		     const struct hit *hit, enum tag_kind kind)
{
	json_put_open(json, key, '[');
	for (size_t i = 0; i < hit->tag_count; i++) {
		if (tag_kind(hit->tags[i]) == kind)
			json_str(json, tag_text(hit->tags[i], &hits->arena));
	}
	json_close(json, ']');
}

static void put_attributes(struct json *json, const struct hit *hit)
{
	json_put_open(json, "attributes", '[');
	for (size_t i = 0; i < hit->attribute_count; i++) {
		json_open(json, '[');
		json_str(json, hit->attributes[i].name);
		json_str(json, hit->attributes[i].value);
		json_close(json, ']');
	}
	json_close(json, ']');
}

static void put_rule(struct html_hits *hits, const struct hit *hit)
{
	struct json json = {.out = &hits->item};

	buf_reset(&hits->item);
	json_open(&json, '{');
	json_put_str(&json, "title", hit->rule_title);
	json_put_str(&json, "id", hit->rule_id);
	json_put_str(&json, "level", hit->level);
	json_put_bool(&json, "correlation", hit->correlation != NULL);
	json_key(&json, STR("risk"));
	put_signed(&json, hit->risk_score);
	json_put_str(&json, "file", hit->rule_file);
	json_put_str(&json, "description", hit->rule_description);
	json_put_str(&json, "author", hit->rule_author);
	json_put_str(&json, "status", hit->rule_status);
	json_put_str(&json, "date", hit->rule_date);
	json_put_str(&json, "modified", hit->rule_modified);
	json_key(&json, STR("references"));
	output_put_strings(&json, hit->references, hit->reference_count);
	json_key(&json, STR("falsepositives"));
	output_put_strings(&json, hit->falsepositives, hit->falsepositive_count);
	json_key(&json, STR("tags"));
	output_put_strings(&json, hit->tags, hit->tag_count);
	put_tags(hits, &json, "tactics", hit, TAG_TACTIC);
	put_tags(hits, &json, "techniques", hit, TAG_TECHNIQUE);
	put_attributes(&json, hit);
	json_close(&json, '}');
	dictionary_refer(&hits->rules, &hits->row, buf_str(&hits->item));
}

static void put_file(struct html_hits *hits, const struct hit *hit)
{
	struct json json = {.out = &hits->item};

	buf_reset(&hits->item);
	json_open(&json, '[');
	json_str(&json, hit->evtx_file);
	json_str(&json, hit->file_sha256);
	json_close(&json, ']');
	dictionary_refer(&hits->files, &hits->row, buf_str(&hits->item));
}

// Of what is shown, the zone's offsets are needed.
static void note_shown(struct html_hits *hits, uint64_t time)
{
	if (time == 0)
		return;
	if (hits->shown_first == 0 || time < hits->shown_first)
		hits->shown_first = time;
	if (time > hits->shown_last)
		hits->shown_last = time;
}

static void note_time(struct html_hits *hits, uint64_t time)
{
	if (time == 0)
		return;
	if (hits->first == 0 || time < hits->first)
		hits->first = time;
	if (time > hits->last)
		hits->last = time;
	note_shown(hits, time);
}

static void put_row(struct html_hits *hits, const struct hit *hit)
{
	struct json *json = &hits->row;
	int64_t time = (int64_t)(hit->time / TICKS_PER_MS);

	note_time(hits, hit->time);
	put_signed(json, time - hits->before);
	hits->before = time;
	json_u64(json, hit->time % TICKS_PER_MS);
	put_rule(hits, hit);
	dictionary_refer_text(&hits->texts, json, hit->computer);
	dictionary_refer_text(&hits->texts, json, hit->channel);
	put_signed(json, output_names_record(hit) ? (int64_t)hit->event_id : -1);
	put_exact(json, hit->record_id);
	put_file(hits, hit);
	json_u64(json, hit->confirmed);
	dictionary_refer_text(&hits->texts, json, hit->suppressed_by);
}

// ---- details ------------------------------------------------------------

// What records of one form have in common: the names of their fields, and what
// stands between the values in XML.
static void put_form(struct html_hits *hits, struct json *record, const struct hit *hit)
{
	struct json json = {.out = &hits->item};

	buf_reset(&hits->item);
	json_open(&json, '{');
	json_put_open(&json, "names", '[');
	for (size_t i = 0; i < hit->field_count; i++)
		json_str(&json, hit->fields[i].name);
	json_close(&json, ']');
	json_put_open(&json, "paths", '[');
	for (size_t i = 0; i < hit->field_count; i++)
		json_str(&json, hit->fields[i].path);
	json_close(&json, ']');
	json_key(&json, STR("xml"));
	output_put_strings(&json, hit->xml, hit->xml != NULL ? hit->field_count + 1 : 0);
	json_close(&json, '}');
	dictionary_refer(&hits->forms, record, buf_str(&hits->item));
}

// The hits of one record come one after the other.
static void put_record(struct html_hits *hits, const struct hit *hit)
{
	struct json json = {.out = &hits->candidate};

	if (hit->field_count == 0) {
		put_signed(&hits->detail, -1);
		return;
	}
	buf_reset(&hits->candidate);
	json_open(&json, '[');
	put_form(hits, &json, hit);
	for (size_t i = 0; i < hit->field_count; i++)
		put_string(hits, &json, hit->fields[i].value);
	json_close(&json, ']');
	if (hits->record_count == 0 || !str_eq(buf_str(&hits->candidate), buf_str(&hits->record))) {
		struct buf former = hits->record;

		json_raw(&hits->record_list, buf_str(&hits->candidate));
		hits->record_count++;
		hits->record = hits->candidate;
		hits->candidate = former;
	}
	json_u64(&hits->detail, hits->record_count - 1);
}

static void put_pairs(struct html_hits *hits, const struct hit_pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put_string(hits, &hits->detail, pairs[i].name);
		put_string(hits, &hits->detail, pairs[i].value);
	}
}

static void put_matches(struct html_hits *hits, const struct hit *hit)
{
	json_u64(&hits->detail, hit->match_count);
	for (size_t i = 0; i < hit->match_count; i++) {
		put_string(hits, &hits->detail, hit->matches[i].selection);
		put_string(hits, &hits->detail, hit->matches[i].field);
		put_string(hits, &hits->detail, hit->matches[i].value);
		put_string(hits, &hits->detail, hit->matches[i].pattern);
	}
}

static void put_time(struct html_hits *hits, struct json *json, uint64_t time)
{
	note_shown(hits, time);
	json_u64(json, time / TICKS_PER_MS);
	json_u64(json, time % TICKS_PER_MS);
}

// Milliseconds and ticks, rule, computer, channel, record id, file.
static void put_members(struct html_hits *hits, const struct hit_correlation *correlation)
{
	struct json *json = &hits->detail;

	json_put_open(json, "records", '[');
	for (size_t i = 0; i < correlation->record_count; i++) {
		const struct hit_record *record = &correlation->records[i];

		json_open(json, '[');
		put_time(hits, json, record->time);
		put_string(hits, json, record->rule_id);
		put_string(hits, json, record->computer);
		put_string(hits, json, record->channel);
		put_exact(json, record->record_id);
		put_string(hits, json, record->file);
		json_close(json, ']');
	}
	json_close(json, ']');
	json_put_u64(json, "recordTotal", correlation->record_total);
}

static void put_moment(struct html_hits *hits, const char *key, uint64_t time)
{
	struct json *json = &hits->detail;

	json_put_open(json, key, '[');
	put_time(hits, json, time);
	json_close(json, ']');
}

static void put_correlation(struct html_hits *hits, const struct hit_correlation *correlation)
{
	struct json *json = &hits->detail;

	json_open(json, '{');
	json_put_str(json, "type", correlation->type);
	json_put_open(json, "group", '[');
	put_pairs(hits, correlation->group, correlation->group_count);
	json_close(json, ']');
	json_key(json, STR("value"));
	json_double(json, correlation->value);
	put_moment(hits, "first", correlation->first);
	put_moment(hits, "trigger", correlation->trigger);
	put_moment(hits, "last", correlation->last);
	json_put_open(json, "values", '[');
	for (size_t i = 0; i < correlation->value_count; i++)
		put_string(hits, json, correlation->values[i]);
	json_close(json, ']');
	json_put_u64(json, "valueTotal", correlation->value_total);
	put_members(hits, correlation);
	json_close(json, '}');
}

static void put_position(struct json *json, const struct hit *hit)
{
	put_exact(json, hit->header_id);
	if (hit->has_position) {
		put_exact(json, hit->chunk);
		put_exact(json, hit->offset);
	} else {
		json_null(json);
		json_null(json);
	}
	json_u64(json, hit->recovered);
}

static void put_details(struct html_hits *hits, const struct hit *hit)
{
	struct json *json = &hits->detail;

	json_open(json, '[');
	put_record(hits, hit);
	put_string(hits, json, hit->provider);
	put_string(hits, json, hit->source_view);
	put_position(json, hit);
	json_u64(json, hit->detail_count);
	put_pairs(hits, hit->details, hit->detail_count);
	put_matches(hits, hit);
	if (hit->correlation != NULL)
		put_correlation(hits, hit->correlation);
	json_close(json, ']');
}

// ---- blocks -------------------------------------------------------------

static void put_block(struct html_hits *hits, struct buf *out)
{
	struct json json = {.out = &hits->item};

	buf_put_text(out, "<script type=\"application/json\" class=\"rows\">[");
	escape_script(out, buf_str(&hits->rows));
	buf_put_text(out, "]</script>\n"
			  "<script type=\"application/json\" class=\"details\">{\"strings\":");
	buf_reset(&hits->item);
	dictionary_put(&hits->strings, &json);
	escape_script(out, buf_str(&hits->item));
	buf_put_text(out, ",\"records\":[");
	escape_script(out, buf_str(&hits->records));
	buf_put_text(out, "],\"hits\":[");
	escape_script(out, buf_str(&hits->details));
	buf_put_text(out, "]}</script>\n");
}

static void end_block(struct html_hits *hits, struct buf *out)
{
	if (hits->count == 0)
		return;
	put_block(hits, out);
	dictionary_reset(&hits->strings);
	buf_reset(&hits->rows);
	buf_reset(&hits->records);
	buf_reset(&hits->details);
	hits->row.needs_comma = false;
	hits->detail.needs_comma = false;
	hits->record_list.needs_comma = false;
	hits->count = 0;
	hits->record_count = 0;
}

void html_hits_add(struct html_hits *hits, const struct hit *hit, struct buf *out)
{
	if (hits->total == LIMIT_REPORT_HITS) {
		hits->left_out++;
		return;
	}
	arena_reset(&hits->arena);
	put_row(hits, hit);
	put_details(hits, hit);
	hits->total++;
	hits->count++;
	if (hits->count == BLOCK_HITS || dictionary_size(&hits->strings) + hits->rows.len +
							 hits->records.len + hits->details.len >
						 BLOCK_BYTES)
		end_block(hits, out);
}

// The first millisecond behind `from`, and not behind `to`, at which the offset is that of `to`.
static uint64_t find_change(const struct zone *zone, uint64_t from, uint64_t to)
{
	int minutes = zone_minutes(zone, to * TICKS_PER_MS);

	while (to - from > 1) {
		uint64_t middle = from + (to - from) / 2;

		if (zone_minutes(zone, middle * TICKS_PER_MS) == minutes)
			to = middle;
		else
			from = middle;
	}
	return to;
}

static void put_offset(struct json *json, const struct zone *zone, uint64_t ms)
{
	json_open(json, '[');
	json_u64(json, ms);
	json_i64(json, zone_minutes(zone, ms * TICKS_PER_MS));
	json_close(json, ']');
}

// Two changes are never as near to each other as the steps; the axis of a timeline reaches a
// little further than the hits.
static void put_zone(const struct html_hits *hits, struct json *json)
{
	uint64_t at = hits->shown_first / TICKS_PER_MS;
	uint64_t end = hits->shown_last / TICKS_PER_MS + ZONE_MARGIN;

	at = at > ZONE_MARGIN ? at - ZONE_MARGIN : 0;
	if (end > TM_YEAR_10000 / TICKS_PER_MS - 1)
		end = TM_YEAR_10000 / TICKS_PER_MS - 1;
	json_put_open(json, "zone", '[');
	put_offset(json, hits->zone, at);
	while (at < end) {
		uint64_t next = end - at > ZONE_STEP ? at + ZONE_STEP : end;

		if (zone_minutes(hits->zone, at * TICKS_PER_MS) !=
		    zone_minutes(hits->zone, next * TICKS_PER_MS))
			put_offset(json, hits->zone, find_change(hits->zone, at, next));
		at = next;
	}
	json_close(json, ']');
}

void html_hits_end(struct html_hits *hits, struct buf *out)
{
	struct json json = {.out = &hits->item};

	end_block(hits, out);
	buf_reset(&hits->item);
	json_open(&json, '{');
	json_key(&json, STR("rules"));
	dictionary_put(&hits->rules, &json);
	json_key(&json, STR("texts"));
	dictionary_put(&hits->texts, &json);
	json_key(&json, STR("files"));
	dictionary_put(&hits->files, &json);
	json_key(&json, STR("forms"));
	dictionary_put(&hits->forms, &json);
	json_put_u64(&json, "hits", hits->total);
	json_put_u64(&json, "leftOut", hits->left_out);
	if (!zone_is_utc(hits->zone))
		put_zone(hits, &json);
	json_close(&json, '}');
	buf_put_text(out, "<script type=\"application/json\" id=\"dictionary\">");
	escape_script(out, buf_str(&hits->item));
	buf_put_text(out, "</script>\n");
}
