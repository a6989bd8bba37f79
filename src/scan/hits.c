// SPDX-License-Identifier: Apache-2.0
// Matches and alerts -> hits that can be printed.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "input/sha256.h"
#include "scan/internal.h"

// Fields that a hit shows at most, and instances of one field.
#define DETAILS_MOST 64
#define INSTANCES_MOST 16
#define REASONS_MOST 64

static struct ordered_hit *new_hit(struct scan *scan, const struct rule *rule)
{
	struct ordered_hit *hit;

	mem_grow(&scan->hits, &scan->hit_cap, scan->hit_count + 1, sizeof(*scan->hits));
	hit = &scan->hits[scan->hit_count++];
	memset(hit, 0, sizeof(*hit));
	hit->rule = rule->index;
	return hit;
}

static void set_rule(struct scan *scan, const struct rule *rule, struct hit *hit)
{
	struct hit_pair *pairs;

	hit->rule_title = rule->title;
	hit->rule_id = rule->id;
	hit->rule_file = rule->path;
	hit->level = str_from(rule_level_name(rule->level));
	hit->risk_score = rule->risk_score;
	hit->tags = rule->tags;
	hit->tag_count = rule->tag_count;
	pairs = arena_array(&scan->arena, rule->attribute_count, sizeof(*pairs));
	for (size_t i = 0; i < rule->attribute_count; i++)
		pairs[i] = (struct hit_pair){rule->attributes[i].name, rule->attributes[i].value};
	hit->attributes = pairs;
	hit->attribute_count = rule->attribute_count;
}

static void set_record(struct scan *scan, const struct corr_record *record, struct hit *hit)
{
	hit->time = record->time;
	hit->computer = arena_str(&scan->arena, record->computer);
	hit->channel = arena_str(&scan->arena, record->channel);
	hit->provider = arena_str(&scan->arena, record->provider);
	hit->event_id = record->event_id;
	hit->record_id = record->record_id;
	hit->header_id = record->header_id;
	hit->has_position = record->offset != 0;
	hit->chunk = record->chunk;
	hit->offset = record->offset;
	hit->evtx_file = scan->files[record->file].path;
}

// ---- details ------------------------------------------------------------

struct details {
	struct scan *scan;
	const struct match *match;
	struct hit_pair *pairs;
	size_t count;
};

static void add_detail(struct details *d, struct str name)
{
	struct instances found;

	for (size_t i = 0; i < d->count; i++) {
		if (str_eq(d->pairs[i].name, name))
			return;
	}
	found = match_field(d->scan->state, d->match->view, name);
	for (size_t i = 0; i < found.count && i < INSTANCES_MOST && d->count < DETAILS_MOST; i++)
		d->pairs[d->count++] = (struct hit_pair){
			name, arena_str(&d->scan->arena, match_text(d->scan->state, &found.items[i]))};
}

// What the rule lists, then what it matched on.
static void set_details(struct scan *scan, const struct match *match,
			const struct match_reason *reasons, size_t count, struct hit *hit)
{
	struct details d = {scan, match,
			    arena_array(&scan->arena, DETAILS_MOST, sizeof(struct hit_pair)), 0};

	for (size_t i = 0; i < match->rule->field_count; i++)
		add_detail(&d, match->rule->fields[i]);
	for (size_t i = 0; i < count; i++) {
		if (reasons[i].item->field.len > 0)
			add_detail(&d, reasons[i].item->field);
	}
	hit->details = d.pairs;
	hit->detail_count = d.count;
}

static void set_matches(struct scan *scan, const struct match_reason *reasons, size_t count,
			struct hit *hit)
{
	struct hit_match *matches = arena_array(&scan->arena, count, sizeof(*matches));

	for (size_t i = 0; i < count; i++)
		matches[i] = (struct hit_match){reasons[i].selection, reasons[i].item->field,
						arena_str(&scan->arena, reasons[i].value),
						reasons[i].pattern};
	hit->matches = matches;
	hit->match_count = count;
}

static bool level_wanted(const struct scan *scan, const struct rule *rule)
{
	return rule->level >= scan->options.min_level;
}

static void count_hit(struct scan *scan, const struct rule *rule, bool suppressed)
{
	if (suppressed) {
		scan->rule_suppressed[rule->index]++;
		return;
	}
	scan->rule_hits[rule->index]++;
	if (rule->level > scan->highest)
		scan->highest = rule->level;
}

void hits_add_match(struct scan *scan, const struct match *match, const struct event *event,
		    const struct corr_record *record, struct str suppressed_by)
{
	struct match_reason reasons[REASONS_MOST];
	struct ordered_hit *ordered;
	size_t count;

	if (!level_wanted(scan, match->rule))
		return;
	count_hit(scan, match->rule, suppressed_by.len > 0);
	if (suppressed_by.len > 0 && !scan->options.show_suppressed)
		return;
	ordered = new_hit(scan, match->rule);
	ordered->sequence = record->sequence;
	set_rule(scan, match->rule, &ordered->hit);
	set_record(scan, record, &ordered->hit);
	count = match_explain(scan->state, match, reasons, REASONS_MOST);
	set_matches(scan, reasons, count, &ordered->hit);
	set_details(scan, match, reasons, count, &ordered->hit);
	ordered->hit.source_view = match->view->id;
	ordered->hit.suppressed_by = suppressed_by;
	ordered->hit.recovered = event->recovered;
}

// ---- alerts -------------------------------------------------------------

static void set_correlation(struct scan *scan, const struct corr_alert *alert, struct hit *hit)
{
	struct hit_correlation *out = arena_zalloc(&scan->arena, sizeof(*out));
	struct hit_pair *group =
		arena_array(&scan->arena, alert->group_count, sizeof(*group));
	struct hit_record *records =
		arena_array(&scan->arena, alert->member_count, sizeof(*records));

	for (size_t i = 0; i < alert->group_count; i++)
		group[i] = (struct hit_pair){alert->group[i].name, alert->group[i].value};
	for (size_t i = 0; i < alert->member_count; i++) {
		const struct corr_record *record = alert->members[i].record;

		records[i] = (struct hit_record){
			record->time,	   alert->members[i].rule->id,
			record->computer,  record->channel,
			record->record_id, scan->files[record->file].path};
	}
	*out = (struct hit_correlation){
		.type = alert->rule->correlation->type_name,
		.group = group,
		.group_count = alert->group_count,
		.value = alert->value,
		.first = alert->first,
		.trigger = alert->trigger,
		.last = alert->last,
		.values = alert->values,
		.value_count = alert->value_count,
		.value_total = alert->value_total,
		.records = records,
		.record_count = alert->member_count,
		.record_total = alert->member_total,
	};
	hit->correlation = out;
	hit->details = group;
	hit->detail_count = alert->group_count;
}

void hits_add_alert(struct scan *scan, const struct corr_alert *alert)
{
	struct ordered_hit *ordered;

	if (!level_wanted(scan, alert->rule))
		return;
	count_hit(scan, alert->rule, false);
	ordered = new_hit(scan, alert->rule);
	ordered->sequence = alert->record->sequence;
	set_rule(scan, alert->rule, &ordered->hit);
	set_record(scan, alert->record, &ordered->hit);
	set_correlation(scan, alert, &ordered->hit);
}

// ---- order --------------------------------------------------------------

static int by_group_text(const struct hit *a, const struct hit *b)
{
	int order = 0;

	for (size_t i = 0; order == 0 && i < a->detail_count && i < b->detail_count; i++)
		order = str_cmp(a->details[i].value, b->details[i].value);
	return order;
}

static int by_order(const void *left, const void *right)
{
	const struct ordered_hit *a = left;
	const struct ordered_hit *b = right;
	int order;

	if (a->hit.time != b->hit.time)
		return a->hit.time < b->hit.time ? -1 : 1;
	order = str_cmp(a->hit.computer, b->hit.computer);
	if (order == 0)
		order = str_cmp(a->hit.channel, b->hit.channel);
	if (order != 0)
		return order;
	if (a->hit.record_id != b->hit.record_id)
		return a->hit.record_id < b->hit.record_id ? -1 : 1;
	order = str_cmp(a->hit.evtx_file, b->hit.evtx_file);
	if (order != 0)
		return order;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return by_group_text(&a->hit, &b->hit);
}

// Only files with a hit are hashed: evidence needs it, speed forbids the rest.
static struct str file_hash(struct scan *scan, size_t file)
{
	struct scan_file_info *info = &scan->files[file];
	char text[SHA256_TEXT_SIZE];
	struct err err = {""};

	if (info->hashed)
		return info->sha256;
	info->hashed = true;
	if (sha256_file(info->open_path, text, &err) == RC_OK)
		info->sha256 = arena_str(&scan->arena, str_from(text));
	else
		ledger_note(scan->ledger, &scan->ledger->warnings, info->path, str_from(err.text));
	scan->ledger->files[file].sha256 = ledger_text(scan->ledger, info->sha256);
	return info->sha256;
}

void hits_sort(struct scan *scan)
{
	if (scan->hit_count > 0)
		qsort(scan->hits, scan->hit_count, sizeof(*scan->hits), by_order);
	scan->printed = mem_zalloc((scan->hit_count + 1) * sizeof(*scan->printed));
	for (size_t i = 0; i < scan->hit_count; i++) {
		scan->printed[i] = scan->hits[i].hit;
		scan->printed[i].file_sha256 =
			file_hash(scan, (size_t)(scan->hits[i].sequence >> SEQUENCE_RECORD_BITS));
	}
}
