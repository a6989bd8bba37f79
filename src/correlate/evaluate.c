// SPDX-License-Identifier: Apache-2.0
// After the scan: inputs by correlation and group, their windows, their alerts.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "correlate/internal.h"

// Details of a group's inputs that are held in memory; most groups are small.
#define DETAILS_HELD (1u << 20)

// Where inputs come from: what was fed, and points of correlations below.
struct source {
	struct runs_reader *reader; // or NULL
	bool has;
	struct str bytes; // the next item, if it has one
};

// The group at work.
struct group {
	bool is_open;
	struct arena arena;
	struct buf key;
	struct str *texts; // as the earliest record spells them
};

// Inputs of the group without a pause between them; of many, the last.
struct segment {
	struct input *items;
	size_t count, cap;
	size_t anchor, point; // of the series (internal.h)
	struct spool details;
	struct arena arena;	 // keys of `values`
	struct map values;	 // folded values -> number
	uint64_t bytes;		 // what all this is counted with
	uint64_t skipped;	 // not 0: there are too many, which is how many
	uint64_t sequence, time; // of the last
	size_t last_point;	 // record of the last point + 1
};

struct alerts {
	struct arena arena;
	struct corr_alert *items;
	size_t count, cap;
};

struct evaluation {
	struct correlations *c;
	const struct rule *rule; // at work
	const struct correlation *corr;
	const struct node *node;
	struct source feed, points;
	struct group group;
	struct segment segment;
	struct series series;
	uint32_t *counts;    // working memory of window_run
	unsigned char *seen; // by number of a value; left zeroed
	size_t cells;	     // of both
	struct alerts alerts;
	corr_alerts_fn *take;
	void *user;
	struct item_maker maker; // of points; its arena is for what is read while an item waits
	struct arena scratch;	 // of that item
	struct buf bytes;
	enum rc rc;
	struct err *err;
};

static bool is_temporal(const struct correlation *corr)
{
	return corr->type == CORR_TEMPORAL || corr->type == CORR_TEMPORAL_ORDERED;
}

// ---- alerts -------------------------------------------------------------

static void hand_over(struct evaluation *e)
{
	if (e->alerts.count > 0 && e->rc == RC_OK)
		e->take(e->user, e->alerts.items, e->alerts.count);
	e->alerts.count = 0;
	arena_reset(&e->alerts.arena);
}

// The rest of an input; false when it cannot be read back.
static bool load(struct evaluation *e, const struct input *input, struct arena *arena,
		 struct corr_item *out)
{
	buf_reset(&e->bytes);
	if (e->rc == RC_OK)
		e->rc = spool_get(&e->segment.details, input->detail, input->detail_len, &e->bytes,
				  e->err);
	if (e->rc != RC_OK)
		return false;
	item_read_detail(e->c, e->rule, arena_str(arena, buf_str(&e->bytes)), arena, out);
	return true;
}

static const struct corr_record *load_record(struct evaluation *e, const struct input *input)
{
	struct arena *arena = &e->alerts.arena;
	struct corr_record *record = arena_zalloc(arena, sizeof(*record));
	struct corr_item item;

	arena_reset(&e->maker.arena);
	if (!load(e, input, &e->maker.arena, &item))
		return record;
	*record = item.record;
	record->computer = arena_str(arena, item.record.computer);
	record->channel = arena_str(arena, item.record.channel);
	record->provider = arena_str(arena, item.record.provider);
	return record;
}

static void add_group(struct evaluation *e, struct corr_alert *alert)
{
	size_t count = e->corr->group_count;
	struct corr_pair *pairs = arena_array(&e->alerts.arena, count, sizeof(*pairs));

	for (size_t i = 0; i < count; i++)
		pairs[i] = (struct corr_pair){
			e->corr->group_by[i],
			arena_str(&e->alerts.arena, e->group.texts[i]),
		};
	alert->group = pairs;
	alert->group_count = count;
}

static size_t finding_size(const struct finding *f)
{
	return f->chain != NULL ? f->chain_count : f->to - f->from + 1;
}

static const struct input *finding_item(const struct evaluation *e, const struct finding *f,
					size_t i)
{
	return &e->series.items[f->chain != NULL ? f->chain[i] : f->from + i];
}

static void add_members(struct evaluation *e, const struct finding *f, struct corr_alert *alert)
{
	struct corr_member *members;

	alert->member_total = finding_size(f);
	alert->member_count =
		finding_size(f) < LIMIT_ALERT_RECORDS ? finding_size(f) : LIMIT_ALERT_RECORDS;
	members = arena_array(&e->alerts.arena, alert->member_count, sizeof(*members));
	for (size_t i = 0; i < alert->member_count; i++) {
		const struct input *input = finding_item(e, f, i);

		members[i] = (struct corr_member){load_record(e, input),
						  e->corr->rules[input->ref].target};
	}
	alert->members = members;
}

// The first of the values that are counted, as this input spells it.
static struct str load_value(struct evaluation *e, const struct input *input)
{
	struct corr_item item;

	arena_reset(&e->maker.arena);
	if (!load(e, input, &e->maker.arena, &item))
		return (struct str){NULL, 0};
	return arena_str(&e->alerts.arena, item.texts[e->corr->group_count]);
}

// The distinct values, in order of appearance.
static void add_values(struct evaluation *e, const struct finding *f, struct corr_alert *alert)
{
	size_t size = finding_size(f);
	size_t most = size < LIMIT_ALERT_VALUES ? size : LIMIT_ALERT_VALUES;
	struct str *values = arena_array(&e->alerts.arena, most, sizeof(*values));

	for (size_t i = 0; i < size; i++) {
		const struct input *input = finding_item(e, f, i);

		if (e->seen[input->value])
			continue;
		e->seen[input->value] = 1;
		if (alert->value_total++ < most)
			values[alert->value_count++] = load_value(e, input);
	}
	for (size_t i = 0; i < size; i++)
		e->seen[finding_item(e, f, i)->value] = 0;
	alert->values = values;
}

static void add_alert(void *user, const struct finding *f)
{
	struct evaluation *e = user;
	struct alerts *alerts = &e->alerts;
	const struct input *trigger = &e->series.items[f->trigger];
	struct corr_alert alert = {
		.rule = e->rule,
		.value = f->value,
		.first = e->series.items[f->from].time,
		.trigger = trigger->time,
		.last = e->series.items[f->to].time,
	};

	if (e->rule->hidden || e->rc != RC_OK)
		return;
	alert.record = load_record(e, trigger);
	add_group(e, &alert);
	add_members(e, f, &alert);
	if (e->corr->field_count > 0 && !correlation_is_numeric(e->corr))
		add_values(e, f, &alert);
	mem_grow(&alerts->items, &alerts->cap, alerts->count + 1, sizeof(*alerts->items));
	alerts->items[alerts->count++] = alert;
	if (alerts->arena.used > e->c->memory / 4)
		hand_over(e);
}

// ---- points -------------------------------------------------------------

// A point is an input of each correlation that refers to this one.
static void put_point(struct evaluation *e, const struct corr_item *item)
{
	struct str *texts = arena_array(&e->maker.arena, e->node->name_count, sizeof(*texts));
	struct facts facts = {texts, &item->record};

	for (size_t i = 0; i < e->node->name_count; i++)
		texts[i] = item->texts[e->node->text_at[i]];
	for (size_t i = 0; e->rc == RC_OK && i < e->node->reference_count; i++) {
		const struct reference *reference = &e->node->references[i];
		const struct node *above = &e->c->nodes[reference->correlation->index];

		e->rc = item_put(&e->maker, e->c, reference, &facts, above->diagnostic,
				 e->c->points[above->level], e->err);
	}
}

// A record that satisfies through several references is one point: points would
// double with each level of correlations otherwise.
static void add_point(void *user, const struct finding *f)
{
	struct evaluation *e = user;
	const struct input *trigger = &e->series.items[f->trigger];
	struct corr_item item;

	if (e->node->reference_count == 0 || e->segment.last_point == trigger->record + 1u)
		return;
	e->segment.last_point = trigger->record + 1u;
	arena_reset(&e->maker.arena);
	if (load(e, trigger, &e->maker.arena, &item))
		put_point(e, &item);
}

static void add_both(void *user, const struct finding *f)
{
	add_alert(user, f);
	add_point(user, f);
}

// ---- segments -----------------------------------------------------------

// The working memory that windows share is left zeroed, so that it costs nothing for
// each of as many groups as there are inputs.
static void reserve_cells(struct evaluation *e)
{
	size_t cells = e->segment.values.count + e->corr->rule_count + 1;

	if (cells <= e->cells)
		return;
	cells += cells / 2;
	free(e->counts);
	free(e->seen);
	e->counts = mem_zalloc(cells * sizeof(*e->counts));
	e->seen = mem_zalloc(cells);
	e->cells = cells;
}

// Gives back how many inputs are not needed any more.
static size_t run_series(struct evaluation *e, bool is_last)
{
	const struct correlation *corr = e->corr;
	struct segment *segment = &e->segment;
	finding_fn *points = e->node->reference_count > 0 ? add_point : NULL;
	size_t done;

	e->series = (struct series){segment->items, segment->count, segment->anchor, segment->point,
				    is_last};
	reserve_cells(e);
	if (corr->expression != NULL)
		done = expression_run(corr, &e->series, add_both, e);
	else if (corr->type == CORR_TEMPORAL_ORDERED)
		done = ordered_run(corr, &e->series, add_both, e);
	else
		done = window_run(corr, &e->series, e->counts, add_alert, points, e);
	segment->anchor = e->series.anchor;
	segment->point = e->series.point;
	return done;
}

static void drop_values(struct segment *segment)
{
	map_release(&segment->values);
	arena_reset(&segment->arena);
}

static void drop_inputs(struct segment *segment)
{
	segment->count = segment->anchor = segment->point = segment->last_point = 0;
	segment->bytes = 0;
	spool_clear(&segment->details);
	drop_values(segment);
}

static void end_segment(struct evaluation *e)
{
	struct segment *segment = &e->segment;

	if (segment->skipped > 0)
		e->node->diagnostic->too_many += segment->skipped;
	else if (segment->count > 0 && e->rc == RC_OK)
		run_series(e, true);
	drop_inputs(segment);
	segment->skipped = 0;
}

static uint64_t hit_bytes(const struct correlation *corr)
{
	return LIMIT_CORRELATION_HIT_BYTES +
	       (corr->type == CORR_TEMPORAL_ORDERED
			? LIMIT_CORRELATION_LINK_BYTES * (uint64_t)corr->rule_count
			: 0);
}

// The number of a value, from 1.
static text_id number_of(struct segment *segment, struct str value)
{
	struct map_entry *entry = map_entry(&segment->values, value);

	if (entry->value == NULL) {
		entry->key = arena_str(&segment->arena, value);
		entry->value = (void *)(uintptr_t)segment->values.count;
		segment->bytes += value.len + LIMIT_CORRELATION_VALUE_BYTES;
	}
	return (text_id)(uintptr_t)entry->value;
}

// That of the values as a whole.
static text_id number_of_values(struct evaluation *e, const struct corr_item *item)
{
	buf_reset(&e->bytes);
	for (size_t i = 0; i < e->corr->field_count; i++) {
		struct str folded = text_fold(&e->scratch, item->texts[e->corr->group_count + i]);

		buf_put(&e->bytes, &folded.len, sizeof(folded.len));
		buf_put_str(&e->bytes, folded);
	}
	return number_of(&e->segment, buf_str(&e->bytes));
}

// Number the values of what is left anew.
static void keep_values(struct segment *segment)
{
	struct map old = segment->values;
	struct arena keys = segment->arena;

	segment->values = (struct map){0};
	segment->arena = (struct arena){0};
	for (size_t i = 0; i < segment->count; i++) {
		struct input *input = &segment->items[i];

		if (input->value != 0)
			input->value = number_of(segment, old.entries[input->value - 1].key);
	}
	map_release(&old);
	arena_release(&keys);
}

static size_t less(size_t from, size_t by)
{
	return from > by ? from - by : 0;
}

// Look at the inputs so far, and keep those that windows to come may reach: they are few
// unless there are too many within one timespan.
static void shorten(struct evaluation *e)
{
	struct segment *segment = &e->segment;
	size_t done = run_series(e, false);
	size_t left = segment->count - done;
	size_t first = left > 0 ? segment->items[done].record : segment->last_point;

	memmove(segment->items, segment->items + done, left * sizeof(*segment->items));
	for (size_t i = 0; i < left; i++)
		segment->items[i].record -= (uint32_t)first;
	segment->count = left;
	segment->anchor = less(segment->anchor, done);
	segment->point = less(segment->point, done);
	segment->last_point = less(segment->last_point, first);
	segment->bytes = left * hit_bytes(e->corr);
	keep_values(segment);
	if (segment->bytes <= e->c->memory / 2)
		return;
	drop_inputs(segment);
	segment->skipped = left;
}

static void add_input(struct evaluation *e, const struct corr_item *item)
{
	struct segment *segment = &e->segment;
	const struct input *last = segment->count > 0 ? &segment->items[segment->count - 1] : NULL;
	struct input input = {
		.time = item->record.time,
		.number = item->number,
		.ref = item->ref,
		.detail_len = (uint32_t)item->detail.len,
	};

	if (last != NULL)
		input.record = last->record + (item->record.sequence != segment->sequence);
	if (e->corr->field_count > 0 && !correlation_is_numeric(e->corr))
		input.value = number_of_values(e, item);
	segment->bytes += hit_bytes(e->corr);
	if (e->rc == RC_OK)
		e->rc = spool_put(&segment->details, item->detail, &input.detail, e->err);
	mem_grow(&segment->items, &segment->cap, segment->count + 1, sizeof(*segment->items));
	segment->items[segment->count++] = input;
}

// ---- groups -------------------------------------------------------------

static void begin_group(struct evaluation *e, const struct corr_item *item)
{
	struct group *group = &e->group;

	arena_reset(&group->arena);
	buf_reset(&group->key);
	buf_put_str(&group->key, item->group);
	group->is_open = true;
	group->texts = arena_array(&group->arena, e->corr->group_count, sizeof(*group->texts));
	for (size_t i = 0; i < e->corr->group_count; i++)
		group->texts[i] = arena_str(&group->arena, item->texts[i]);
}

// A record that several references of a count match counts once (D-21).
static bool is_repeat(const struct evaluation *e, const struct corr_item *item)
{
	return !is_temporal(e->corr) && item->record.sequence == e->segment.sequence;
}

static void take_item(struct evaluation *e, const struct corr_item *item)
{
	struct segment *segment = &e->segment;

	if (!e->group.is_open || !str_eq(buf_str(&e->group.key), item->group)) {
		end_segment(e);
		begin_group(e, item);
	} else if (item->record.time - segment->time > e->corr->timespan) {
		end_segment(e);
	} else if (is_repeat(e, item)) {
		return;
	}
	if (segment->bytes > e->c->memory && item->record.sequence != segment->sequence)
		shorten(e);
	if (segment->skipped > 0)
		segment->skipped++;
	else if (e->rc == RC_OK)
		add_input(e, item);
	segment->sequence = item->record.sequence;
	segment->time = item->record.time;
}

// ---- sources ------------------------------------------------------------

static void advance(struct evaluation *e, struct source *source)
{
	enum rc rc = RC_END;

	if (source->reader != NULL)
		rc = runs_next(source->reader, &source->bytes, e->err);
	source->has = rc == RC_OK;
	if (rc == RC_FATAL)
		e->rc = rc;
}

// The one whose item comes first; NULL when there is none.
static struct source *first_source(struct evaluation *e)
{
	if (e->rc != RC_OK)
		return NULL;
	if (!e->points.has)
		return e->feed.has ? &e->feed : NULL;
	if (!e->feed.has || item_order(e->points.bytes, e->feed.bytes) < 0)
		return &e->points;
	return &e->feed;
}

static void open_points(struct evaluation *e, unsigned level)
{
	runs_reader_free(e->points.reader);
	e->points.reader = level > 0 ? runs_read(&e->c->points[level], 1) : NULL;
	advance(e, &e->points);
}

// Hits that correlations below could not look at. Without their points nothing can be
// said: fewer of them can make a condition true.
static uint64_t lost_below(const struct evaluation *e)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < e->corr->rule_count; i++) {
		const struct rule *target = e->corr->rules[i].target;

		if (target->kind == RULE_CORRELATION)
			lost += e->c->nodes[target->index].diagnostic->too_many;
	}
	return lost;
}

static void evaluate(struct evaluation *e, const struct rule *rule)
{
	struct source *source;
	uint64_t lost;

	e->rule = rule;
	e->corr = rule->correlation;
	e->node = &e->c->nodes[rule->index];
	lost = lost_below(e);
	while ((source = first_source(e)) != NULL) {
		struct corr_item item;

		arena_reset(&e->scratch);
		item_read(e->c, source->bytes, &e->scratch, &item);
		if (item.place != e->node->place)
			break;
		if (lost == 0)
			take_item(e, &item);
		advance(e, source);
	}
	end_segment(e);
	e->group.is_open = false;
	e->node->diagnostic->too_many += lost;
}

static void release(struct evaluation *e)
{
	runs_reader_free(e->points.reader);
	arena_release(&e->group.arena);
	buf_release(&e->group.key);
	free(e->segment.items);
	arena_release(&e->segment.arena);
	map_release(&e->segment.values);
	spool_release(&e->segment.details);
	free(e->counts);
	free(e->seen);
	arena_release(&e->alerts.arena);
	free(e->alerts.items);
	item_maker_release(&e->maker);
	arena_release(&e->scratch);
	buf_release(&e->bytes);
}

enum rc correlations_evaluate(struct correlations *c, struct runs_reader *feed,
			      corr_alerts_fn *take, void *user, struct err *err)
{
	struct evaluation e = {
		.c = c,
		.feed = {.reader = feed},
		.segment = {.details = {.file = c->details, .most = DETAILS_HELD}},
		.take = take,
		.user = user,
		.rc = RC_OK,
		.err = err,
	};
	unsigned level = 0;

	advance(&e, &e.feed);
	for (size_t i = 0; i < c->count && e.rc == RC_OK; i++) {
		const struct node *node = &c->nodes[c->order[i]->index];

		if (node->level != level)
			open_points(&e, level = node->level);
		evaluate(&e, c->order[i]);
	}
	hand_over(&e);
	release(&e);
	return e.rc;
}
