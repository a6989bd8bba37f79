// SPDX-License-Identifier: Apache-2.0
// What becomes of a window that satisfied its correlation: an alert for who asked, and an input
// (a point) of correlations above.
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "correlate/evaluation.h"

// ---- alerts -------------------------------------------------------------

void alerts_hand_over(struct evaluation *e)
{
	if (e->alerts.count > 0 && e->rc == RC_OK)
		e->take(e->user, e->alerts.items, e->alerts.count);
	e->alerts.count = 0;
	arena_reset(&e->alerts.arena);
}

static const struct corr_record *load_record(struct evaluation *e, const struct input *input)
{
	struct arena *arena = &e->alerts.arena;
	struct corr_record *record = arena_zalloc(arena, sizeof(*record));
	struct corr_item item;

	arena_reset(&e->maker.arena);
	if (!segment_load(e, input, &e->maker.arena, &item))
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
	if (!segment_load(e, input, &e->maker.arena, &item))
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

void finding_alert(void *user, const struct finding *f)
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
		alerts_hand_over(e);
}

void alerts_release(struct alerts *alerts)
{
	arena_release(&alerts->arena);
	free(alerts->items);
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
void finding_point(void *user, const struct finding *f)
{
	struct evaluation *e = user;
	const struct input *trigger = &e->series.items[f->trigger];
	struct corr_item item;

	if (e->node->reference_count == 0 || e->segment.last_point == trigger->record + 1u)
		return;
	e->segment.last_point = trigger->record + 1u;
	arena_reset(&e->maker.arena);
	if (segment_load(e, trigger, &e->maker.arena, &item))
		put_point(e, &item);
}
