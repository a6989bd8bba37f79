// SPDX-License-Identifier: Apache-2.0
// Matches and alerts -> stored hits, and back to what is printed.
//
// Hits are stored encoded from the start, so that one kind of memory is counted
// and spilled. Texts of rules are not stored: the rule's index stands for them.
#include <string.h>

#include "allow/facts.h"
#include "base/limits.h"
#include "scan/internal.h"

// ---- encoding -----------------------------------------------------------

static void put_u64(struct buf *out, uint64_t value)
{
	buf_put(out, &value, sizeof(value));
}

static void put_str(struct buf *out, struct str text)
{
	put_u64(out, text.len);
	buf_put_str(out, text);
}

static uint64_t get_u64(struct str *in)
{
	uint64_t value;

	memcpy(&value, in->ptr, sizeof(value));
	in->ptr += sizeof(value);
	in->len -= sizeof(value);
	return value;
}

static struct str get_str(struct str *in)
{
	uint64_t len = get_u64(in);
	struct str text = {in->ptr, (size_t)len};

	in->ptr += len;
	in->len -= (size_t)len;
	return text;
}

// ---- storing ------------------------------------------------------------

static struct str file_path(const struct worker *worker, uint32_t file)
{
	return worker->scan->input->files[file].path;
}

// What stands in every hit, after the texts of its key. `event`: NULL for alerts.
static void put_record(struct buf *out, const struct corr_record *record, const struct event *event)
{

	put_str(out, record->provider);
	put_u64(out, record->event_id);
	put_u64(out, record->header_id);
	put_u64(out, record->chunk);
	put_u64(out, record->offset);
	put_u64(out, SEQUENCE_IS_RECOVERED(record->sequence));
	put_u64(out, event != NULL && event->recovered ? 1u + event->place : 0);
	put_u64(out, event != NULL ? event->lent : 0);
}

static void store_hit(struct worker *worker, const struct rule *rule,
		      const struct corr_record *record, struct str group)
{
	struct str path = file_path(worker, record->file);
	struct store_key key = {
		.time = record->time,
		.record_id = record->record_id,
		.sequence = record->sequence,
		.rule = (uint32_t)rule->index,
		.computer_len = (uint32_t)record->computer.len,
		.channel_len = (uint32_t)record->channel.len,
		.path_len = (uint32_t)path.len,
		.group_len = (uint32_t)group.len,
	};
	struct buf texts = {0};

	buf_put_str(&texts, record->computer);
	buf_put_str(&texts, record->channel);
	buf_put_str(&texts, path);
	buf_put_str(&texts, group);
	if (worker->rc == RC_OK)
		worker->rc = store_add(worker->store, &key, buf_str(&texts), buf_str(&worker->blob),
				       &worker->err);
	if (worker->rc != RC_OK)
		worker->scan->stop = true;
	buf_release(&texts);
}

static void count_hit(struct worker *worker, const struct rule *rule, bool suppressed)
{
	if (suppressed) {
		worker->rule_suppressed[rule->index]++;
		return;
	}
	worker->rule_hits[rule->index]++;
	if (worker->scan->options.progress != NULL)
		progress_add(&worker->scan->options.progress->hits, 1);
	if (rule->level > worker->highest)
		worker->highest = rule->level;
}

// ---- details ------------------------------------------------------------

struct details {
	struct worker *worker;
	const struct match *match;
	struct str names[LIMIT_HIT_FIELDS];
	size_t count;
};

static void put_detail(struct details *d, struct str name)
{
	struct instances found;

	for (size_t i = 0; i < d->count; i++) {
		if (str_eq(d->names[i], name))
			return;
	}
	if (d->count == LIMIT_HIT_FIELDS)
		return;
	d->names[d->count++] = name;
	found = match_field(d->worker->state, d->match->view, name);
	for (size_t i = 0; i < found.count && i < LIMIT_HIT_INSTANCES; i++) {
		put_str(&d->worker->blob, name);
		put_str(&d->worker->blob, match_text(d->worker->state, &found.items[i]));
	}
}

// What the rule lists, then what it matched on. An empty name ends the list.
static void put_details(struct worker *worker, const struct match *match,
			const struct match_reason *reasons, size_t count)
{
	struct details d = {.worker = worker, .match = match};

	for (size_t i = 0; i < match->rule->field_count; i++) {
		if (match->rule->fields[i].len > 0)
			put_detail(&d, match->rule->fields[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (reasons[i].item->field.len > 0)
			put_detail(&d, reasons[i].item->field);
	}
	put_str(&worker->blob, (struct str){NULL, 0});
}

static void put_matches(struct worker *worker, const struct match_reason *reasons, size_t count)
{
	put_u64(&worker->blob, count);
	for (size_t i = 0; i < count; i++) {
		put_str(&worker->blob, reasons[i].selection);
		put_str(&worker->blob, reasons[i].item->field);
		put_str(&worker->blob, reasons[i].value);
		put_str(&worker->blob, reasons[i].pattern);
	}
}

// A count for each fact, then its values. Classes are the rule's.
static void put_facts(struct worker *worker, const struct match *match, const struct event *event)
{
	struct allow_facts facts;
	struct allow_named named[ALLOW_FACT_COUNT];

	if ((worker->scan->options.needs & NEED_FACTS) == 0 ||
	    worker->scan->class_masks[match->rule->index] == 0)
		return;
	allow_facts_of(worker->state, match->view, event, &facts);
	allow_facts_named(&facts, named);
	for (size_t i = 0; i < ALLOW_FACT_COUNT; i++) {
		const struct allow_values *values = named[i].values;

		put_u64(&worker->blob, values->count);
		for (size_t k = 0; k < values->count; k++)
			put_str(&worker->blob, values->items[k]);
	}
}

// All fields of the record, and what stands between them as XML.
static void put_fields(struct worker *worker, const struct event *event)
{
	const struct layout *layout = NULL;

	if ((worker->scan->options.needs & (NEED_FIELDS | NEED_XML)) == 0)
		return;
	if (worker->layouts != NULL)
		layout = layouts_get(worker->layouts, event);
	put_u64(&worker->blob, event->count);
	for (size_t i = 0; i < event->count; i++) {
		put_str(&worker->blob, event->fields[i].name);
		put_str(&worker->blob, event->fields[i].path);
		put_str(&worker->blob, event_text(event, &event->fields[i]));
	}
	for (size_t i = 0; layout != NULL && i <= event->count; i++)
		put_str(&worker->blob, layout->before[i]);
}

void hits_add_match(struct worker *worker, const struct match *match, const struct event *event,
		    const struct corr_record *record, struct str suppressed_by)
{
	struct match_reason reasons[LIMIT_HIT_REASONS];
	enum hit_confirmed confirmed = CONFIRMED_OFF;
	bool suppressed = suppressed_by.len > 0;
	size_t count;

	count_hit(worker, match->rule, suppressed);
	if (suppressed && !worker->scan->options.show_suppressed)
		return;
	if (event->recovered)
		confirmed = CONFIRMED_RECOVERED;
	else if (worker->confirmer != NULL)
		confirmed = confirmer_ask(worker->confirmer, record, match->rule);
	if (confirmed == CONFIRMED_DIFFERS)
		worker_note(worker, record->sequence,
			    arena_printf(&worker->record, "record %llu: %.*s",
					 (unsigned long long)record->record_id,
					 STR_ARG(confirmer_difference(worker->confirmer, event,
								      &worker->record))));
	worker->confirmed[confirmed]++;
	count = match_explain(worker->state, match, reasons, LIMIT_HIT_REASONS);
	buf_reset(&worker->blob);
	put_record(&worker->blob, record, event);
	put_u64(&worker->blob, confirmed);
	put_str(&worker->blob, suppressed_by);
	put_str(&worker->blob, match->view->id);
	put_details(worker, match, reasons, count);
	put_matches(worker, reasons, count);
	put_facts(worker, match, event);
	put_fields(worker, event);
	store_hit(worker, match->rule, record, (struct str){NULL, 0});
}

// ---- alerts -------------------------------------------------------------

static uint64_t double_bits(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static void put_correlation(struct worker *worker, const struct corr_alert *alert)
{
	struct buf *out = &worker->blob;

	put_u64(out, alert->group_count);
	for (size_t i = 0; i < alert->group_count; i++) {
		put_str(out, alert->group[i].name);
		put_str(out, alert->group[i].value);
	}
	put_u64(out, double_bits(alert->value));
	put_u64(out, alert->first);
	put_u64(out, alert->trigger);
	put_u64(out, alert->last);
	put_u64(out, alert->value_total);
	put_u64(out, alert->value_count);
	for (size_t i = 0; i < alert->value_count; i++)
		put_str(out, alert->values[i]);
	put_u64(out, alert->member_total);
	put_u64(out, alert->member_count);
	for (size_t i = 0; i < alert->member_count; i++) {
		const struct corr_record *record = alert->members[i].record;

		put_u64(out, record->time);
		put_str(out, alert->members[i].rule->id);
		put_str(out, record->computer);
		put_str(out, record->channel);
		put_u64(out, record->record_id);
		put_u64(out, record->file);
		put_u64(out, SEQUENCE_IS_RECOVERED(record->sequence));
	}
}

void hits_add_alert(struct worker *worker, const struct corr_alert *alert,
		    enum hit_confirmed confirmed)
{
	struct buf group = {0};

	count_hit(worker, alert->rule, false);
	if (worker->coverage != NULL)
		coverage_fired(worker->coverage, alert->rule, true);
	worker->confirmed[confirmed]++;
	for (size_t i = 0; i < alert->group_count; i++) {
		buf_put_str(&group, alert->group[i].value);
		buf_put_char(&group, '\0');
	}
	buf_reset(&worker->blob);
	put_record(&worker->blob, alert->record, NULL);
	put_u64(&worker->blob, confirmed);
	put_correlation(worker, alert);
	store_hit(worker, alert->rule, alert->record, buf_str(&group));
	buf_release(&group);
}

// ---- decoding -----------------------------------------------------------

static void get_rule(struct scan *scan, const struct rule *rule)
{
	struct hit *hit = &scan->hit;
	struct hit_pair *pairs =
		arena_array(&scan->hit_arena, rule->attribute_count, sizeof(*pairs));

	for (size_t i = 0; i < rule->attribute_count; i++)
		pairs[i] = (struct hit_pair){rule->attributes[i].name, rule->attributes[i].value};
	hit->rule_title = rule->title;
	hit->rule_id = rule->id;
	hit->rule_file = rule->path;
	hit->rule_description = rule->description;
	hit->rule_author = rule->author;
	hit->rule_status = rule->status;
	hit->rule_date = rule->date;
	hit->rule_modified = rule->modified;
	hit->references = rule->references;
	hit->reference_count = rule->reference_count;
	hit->falsepositives = rule->falsepositives;
	hit->falsepositive_count = rule->falsepositive_count;
	hit->level = str_from(rule_level_name(rule->level));
	hit->risk_score = rule->risk_score;
	hit->tags = rule->tags;
	hit->tag_count = rule->tag_count;
	hit->attributes = pairs;
	hit->attribute_count = rule->attribute_count;
}

static void get_record(struct scan *scan, struct str *in)
{
	struct hit *hit = &scan->hit;
	uint64_t place;
	enum event_template lent;

	hit->provider = get_str(in);
	hit->event_id = (uint32_t)get_u64(in);
	hit->header_id = get_u64(in);
	hit->chunk = get_u64(in);
	hit->offset = get_u64(in);
	hit->has_position = hit->offset != 0;
	hit->recovered = get_u64(in) != 0;
	place = get_u64(in);
	lent = (enum event_template)get_u64(in);
	if (place != 0)
		hit->recovered_from = event_place_text((enum event_place)(place - 1), lent);
	hit->confirmed = (enum hit_confirmed)get_u64(in);
}

static void get_details(struct scan *scan, struct str *in)
{
	struct hit_pair *pairs = arena_array(
		&scan->hit_arena, LIMIT_HIT_FIELDS * LIMIT_HIT_INSTANCES, sizeof(*pairs));
	struct hit *hit = &scan->hit;

	hit->details = pairs;
	for (;;) {
		struct str name = get_str(in);

		if (name.len == 0)
			return;
		pairs[hit->detail_count++] = (struct hit_pair){name, get_str(in)};
	}
}

static void get_facts(struct scan *scan, const struct rule *rule, struct str *in)
{
	struct hit_list *lists;
	struct allow_facts facts;
	struct allow_named named[ALLOW_FACT_COUNT];

	if ((scan->options.needs & NEED_FACTS) == 0 || scan->class_masks[rule->index] == 0)
		return;
	lists = arena_array(&scan->hit_arena, ALLOW_FACT_COUNT + 1, sizeof(*lists));
	lists[0] = (struct hit_list){STR("Classes"), rule->allowlist, rule->allowlist_count};
	allow_facts_named(&facts, named);
	for (size_t i = 0; i < ALLOW_FACT_COUNT; i++) {
		size_t count = (size_t)get_u64(in);
		struct str *values = arena_array(&scan->hit_arena, count, sizeof(*values));

		for (size_t k = 0; k < count; k++)
			values[k] = get_str(in);
		lists[i + 1] = (struct hit_list){str_from(named[i].name), values, count};
	}
	scan->hit.allow_facts = lists;
	scan->hit.allow_fact_count = ALLOW_FACT_COUNT + 1;
}

static void get_fields(struct scan *scan, struct str *in)
{
	struct hit *hit = &scan->hit;
	struct hit_field *fields;
	struct str *xml;

	if ((scan->options.needs & (NEED_FIELDS | NEED_XML)) == 0)
		return;
	hit->field_count = (size_t)get_u64(in);
	fields = arena_array(&scan->hit_arena, hit->field_count, sizeof(*fields));
	for (size_t i = 0; i < hit->field_count; i++) {
		fields[i].name = get_str(in);
		fields[i].path = get_str(in);
		fields[i].value = get_str(in);
	}
	hit->fields = fields;
	if ((scan->options.needs & NEED_XML) == 0)
		return;
	xml = arena_array(&scan->hit_arena, hit->field_count + 1, sizeof(*xml));
	for (size_t i = 0; i <= hit->field_count; i++)
		xml[i] = get_str(in);
	hit->xml = xml;
}

static void get_match(struct scan *scan, const struct rule *rule, struct str *in)
{
	struct hit *hit = &scan->hit;
	struct hit_match *matches;

	hit->suppressed_by = get_str(in);
	hit->source_view = get_str(in);
	get_details(scan, in);
	hit->match_count = (size_t)get_u64(in);
	matches = arena_array(&scan->hit_arena, hit->match_count, sizeof(*matches));
	for (size_t i = 0; i < hit->match_count; i++) {
		matches[i].selection = get_str(in);
		matches[i].field = get_str(in);
		matches[i].value = get_str(in);
		matches[i].pattern = get_str(in);
	}
	hit->matches = matches;
	get_facts(scan, rule, in);
	get_fields(scan, in);
}

static void get_members(struct scan *scan, struct str *in, struct hit_correlation *out)
{
	struct hit_record *records;

	out->record_total = get_u64(in);
	out->record_count = (size_t)get_u64(in);
	records = arena_array(&scan->hit_arena, out->record_count, sizeof(*records));
	for (size_t i = 0; i < out->record_count; i++) {
		records[i].time = get_u64(in);
		records[i].rule_id = get_str(in);
		records[i].computer = get_str(in);
		records[i].channel = get_str(in);
		records[i].record_id = get_u64(in);
		records[i].file = scan->input->files[get_u64(in)].path;
		records[i].recovered = get_u64(in) != 0;
	}
	out->records = records;
}

static void get_correlation(struct scan *scan, const struct rule *rule, struct str *in)
{
	struct hit_correlation *out = arena_zalloc(&scan->hit_arena, sizeof(*out));
	struct hit_pair *group;
	struct str *values;
	uint64_t bits;

	out->type = rule->correlation->type_name;
	out->group_count = (size_t)get_u64(in);
	group = arena_array(&scan->hit_arena, out->group_count, sizeof(*group));
	for (size_t i = 0; i < out->group_count; i++) {
		group[i].name = get_str(in);
		group[i].value = get_str(in);
	}
	bits = get_u64(in);
	memcpy(&out->value, &bits, sizeof(out->value));
	out->first = get_u64(in);
	out->trigger = get_u64(in);
	out->last = get_u64(in);
	out->value_total = get_u64(in);
	out->value_count = (size_t)get_u64(in);
	values = arena_array(&scan->hit_arena, out->value_count, sizeof(*values));
	for (size_t i = 0; i < out->value_count; i++)
		values[i] = get_str(in);
	get_members(scan, in, out);
	out->group = group;
	out->values = values;
	scan->hit.correlation = out;
	scan->hit.details = group;
	scan->hit.detail_count = out->group_count;
}

void hits_decode(struct scan *scan, const struct store_key *key, struct str texts, struct str body)
{
	const struct rule *rule = scan->options.rules->rules[key->rule];
	struct hit *hit = &scan->hit;

	arena_reset(&scan->hit_arena);
	memset(hit, 0, sizeof(*hit));
	get_rule(scan, rule);
	hit->time = key->time;
	hit->record_id = key->record_id;
	hit->computer = str_sub(texts, 0, key->computer_len);
	hit->channel = str_sub(texts, key->computer_len, key->channel_len);
	hit->file = SEQUENCE_FILE(key->sequence);
	hit->evtx_file = scan->input->files[hit->file].path;
	get_record(scan, &body);
	if (rule->kind == RULE_CORRELATION)
		get_correlation(scan, rule, &body);
	else
		get_match(scan, rule, &body);
}
