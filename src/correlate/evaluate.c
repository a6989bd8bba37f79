// SPDX-License-Identifier: Apache-2.0
// One correlation: its inputs by group, its windows, its alerts.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "correlate/internal.h"
#include "match/number.h"

static struct str spelling(const struct correlator *c, text_id id)
{
	return id != 0 ? c->spellings[id - 1].text : (struct str){NULL, 0};
}

// ---- inputs of one correlation ------------------------------------------

// What runs while one correlation is evaluated.
struct run {
	struct correlator *c;
	const struct rule *rule;
	const struct correlation *corr;
	struct corr_diagnostic *diagnostic;
	struct input *inputs;
	size_t count, cap;
	struct map groups;    // key bytes -> number + 1
	struct map tuples;    // value tuples -> number, for lists of fields
	struct series series; // at work
	uint32_t *counts;     // working memory of window_run
	bool reported;
};

static text_id base_field(const struct correlator *c, const struct rule *base,
			  const text_id *fields, struct str name)
{
	const struct base_rule *rule = &c->base[base->index];

	for (size_t i = 0; i < rule->name_count; i++) {
		if (str_eq(rule->names[i], name))
			return fields[i];
	}
	return 0;
}

// A field of an input: of an inner group key first, then of the trigger record.
static text_id input_field(const struct run *run, const struct input *input, struct str name)
{
	const struct corr_inner *inner = input->inner;

	for (size_t i = 0; inner != NULL && i < inner->count; i++) {
		if (str_eq(inner->names[i], name))
			return inner->values[i];
	}
	return base_field(run->c, input->base, input->fields, name);
}

static size_t number_of(struct correlator *c, struct map *map, const void *key, size_t len)
{
	struct map_entry *entry = map_entry(map, (struct str){key, len});

	if (entry->value == NULL) {
		entry->key = arena_str(&c->arena, entry->key);
		entry->value = (void *)(uintptr_t)map->count;
	}
	return (size_t)(uintptr_t)entry->value;
}

static bool set_group(struct run *run, struct input *input, const struct rule *target)
{
	const struct correlation *corr = run->corr;
	text_id *key = arena_array(&run->c->arena, corr->group_count + 1, sizeof(*key));

	for (size_t i = 0; i < corr->group_count; i++) {
		key[i] =
			input_field(run, input, correlation_field(corr, corr->group_by[i], target));
		if (key[i] == 0) {
			run->diagnostic->without_group++;
			return false;
		}
	}
	input->group = number_of(run->c, &run->groups, key, corr->group_count * sizeof(*key));
	return true;
}

static bool is_numeric(const struct correlation *corr)
{
	return corr->type == CORR_VALUE_SUM || corr->type == CORR_VALUE_AVG ||
	       corr->type == CORR_VALUE_MEDIAN ||
	       (corr->type == CORR_VALUE_PERCENTILE && corr->has_percentile);
}

static bool set_value(struct run *run, struct input *input, const struct rule *target)
{
	const struct correlation *corr = run->corr;
	text_id *tuple;
	struct number number;

	if (corr->field_count == 0)
		return true;
	tuple = arena_array(&run->c->arena, corr->field_count, sizeof(*tuple));
	for (size_t i = 0; i < corr->field_count; i++) {
		tuple[i] =
			input_field(run, input, correlation_field(corr, corr->fields[i], target));
		if (tuple[i] == 0) {
			run->diagnostic->without_value++;
			return false;
		}
	}
	input->value = tuple[0];
	if (corr->field_count > 1)
		input->value = (text_id)number_of(run->c, &run->tuples, tuple,
						  corr->field_count * sizeof(*tuple));
	if (!is_numeric(corr))
		return true;
	if (!number_parse(spelling(run->c, tuple[0]), &number) || !isfinite(number.real)) {
		run->diagnostic->without_value++;
		return false;
	}
	input->number = number.real;
	return true;
}

static void add_input(struct run *run, struct input input, const struct rule *target)
{
	if (!set_group(run, &input, target) || !set_value(run, &input, target))
		return;
	mem_grow(&run->inputs, &run->cap, run->count + 1, sizeof(*run->inputs));
	run->inputs[run->count++] = input;
}

static void add_inputs(struct run *run, size_t ref)
{
	struct correlator *c = run->c;
	const struct rule *target = run->corr->rules[ref].target;
	const struct base_rule *base = &c->base[target->index];
	struct corr_results *inner = &c->results[target->index];

	for (size_t i = 0; i < base->count; i++) {
		size_t record = base->items[i].record;

		add_input(run,
			  (struct input){.time = c->records[record]->time,
					 .rank = c->rank[record],
					 .record = record,
					 .ref = ref,
					 .fields = base->items[i].fields,
					 .base = target},
			  target);
	}
	if (target->kind != RULE_CORRELATION)
		return;
	for (size_t i = 0; i < inner->point_count; i++)
		add_input(run,
			  (struct input){.time = inner->points[i].time,
					 .rank = c->rank[inner->points[i].record],
					 .record = inner->points[i].record,
					 .ref = ref,
					 .fields = inner->points[i].trigger->fields,
					 .base = inner->points[i].trigger->base,
					 .inner = &inner->points[i].inner},
			  target);
}

static int by_group(const void *left, const void *right)
{
	const struct input *a = left;
	const struct input *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->ref < b->ref ? -1 : a->ref > b->ref;
}

static bool is_temporal(const struct correlation *corr)
{
	return corr->type == CORR_TEMPORAL || corr->type == CORR_TEMPORAL_ORDERED;
}

// A record that several references of a count match counts once (D-21).
static void drop_repeats(struct run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->count; i++) {
		if (kept > 0 && run->inputs[kept - 1].group == run->inputs[i].group &&
		    run->inputs[kept - 1].record == run->inputs[i].record)
			continue;
		run->inputs[kept++] = run->inputs[i];
	}
	run->count = kept;
}

// ---- results ------------------------------------------------------------

static void group_pairs(struct run *run, const struct input *input, struct corr_alert *alert)
{
	const struct correlation *corr = run->corr;
	struct corr_pair *pairs = arena_array(&run->c->arena, corr->group_count, sizeof(*pairs));
	const struct rule *target = corr->rules[input->ref].target;

	for (size_t i = 0; i < corr->group_count; i++) {
		text_id id =
			input_field(run, input, correlation_field(corr, corr->group_by[i], target));

		pairs[i] = (struct corr_pair){corr->group_by[i], spelling(run->c, id)};
	}
	alert->group = pairs;
	alert->group_count = corr->group_count;
}

static size_t finding_size(const struct finding *f)
{
	return f->chain != NULL ? f->chain_count : f->to - f->from + 1;
}

static const struct input *finding_item(const struct run *run, const struct finding *f, size_t i)
{
	return &run->series.items[f->chain != NULL ? f->chain[i] : f->from + i];
}

static void add_members(struct run *run, const struct finding *f, struct corr_alert *alert)
{
	size_t most = finding_size(f);
	struct corr_member *members;

	if (most > LIMIT_ALERT_RECORDS)
		most = LIMIT_ALERT_RECORDS;
	members = arena_array(&run->c->arena, most, sizeof(*members));
	for (size_t i = 0; i < finding_size(f); i++) {
		const struct input *input = finding_item(run, f, i);

		if (alert->member_total++ < most)
			members[alert->member_count++] =
				(struct corr_member){run->c->records[input->record],
						     run->corr->rules[input->ref].target};
	}
	alert->members = members;
}

// The distinct values, in order of appearance.
static void add_values(struct run *run, const struct finding *f, struct corr_alert *alert)
{
	size_t most = finding_size(f) < LIMIT_ALERT_VALUES ? finding_size(f) : LIMIT_ALERT_VALUES;
	struct str *values = arena_array(&run->c->arena, most, sizeof(*values));
	struct map seen = {0};

	for (size_t i = 0; i < finding_size(f); i++) {
		const struct input *input = finding_item(run, f, i);
		const struct rule *target = run->corr->rules[input->ref].target;
		struct str value = spelling(
			run->c,
			input_field(run, input,
				    correlation_field(run->corr, run->corr->fields[0], target)));

		if (!map_add(&seen, (struct str){(const char *)&input->value, sizeof(input->value)},
			     run))
			continue;
		if (alert->value_total++ < most)
			values[alert->value_count++] = value;
	}
	map_release(&seen);
	alert->values = values;
}

static void add_alert(void *user, const struct finding *f)
{
	struct run *run = user;
	struct correlator *c = run->c;
	const struct input *trigger = &run->series.items[f->trigger];
	struct corr_alert alert = {
		.rule = run->rule,
		.value = f->value,
		.first = run->series.items[f->from].time,
		.trigger = trigger->time,
		.last = run->series.items[f->to].time,
		.record = c->records[trigger->record],
	};

	if (!run->reported)
		return;
	group_pairs(run, trigger, &alert);
	add_members(run, f, &alert);
	if (run->corr->field_count > 0 && !is_numeric(run->corr))
		add_values(run, f, &alert);
	mem_grow(&c->alerts, &c->alert_cap, c->alert_count + 1, sizeof(*c->alerts));
	c->alerts[c->alert_count++] = alert;
}

// A record that satisfies through several references is one point: points would
// double with each level of correlations otherwise.
static bool same_point(const struct point *last, size_t record, const text_id *values, size_t count)
{
	return last->record == record &&
	       (count == 0 || memcmp(last->inner.values, values, count * sizeof(*values)) == 0);
}

static void add_point(void *user, const struct finding *f)
{
	struct run *run = user;
	struct corr_results *results = &run->c->results[run->rule->index];
	const struct input *trigger = &run->series.items[f->trigger];
	const struct correlation *corr = run->corr;
	const struct rule *target = corr->rules[trigger->ref].target;
	struct input *copy;
	text_id *values = arena_array(&run->c->arena, corr->group_count, sizeof(*values));

	for (size_t i = 0; i < corr->group_count; i++)
		values[i] = input_field(run, trigger,
					correlation_field(corr, corr->group_by[i], target));
	if (results->point_count > 0 && same_point(&results->points[results->point_count - 1],
						   trigger->record, values, corr->group_count))
		return;
	copy = arena_alloc(&run->c->arena, sizeof(*copy));
	*copy = *trigger;
	mem_grow(&results->points, &results->point_cap, results->point_count + 1,
		 sizeof(*results->points));
	results->points[results->point_count++] =
		(struct point){trigger->time,
			       trigger->record,
			       copy,
			       {run->rule, corr->group_by, values, corr->group_count}};
}

static void add_both(void *user, const struct finding *f)
{
	struct run *run = user;

	add_alert(run, f);
	if (run->rule->referenced)
		add_point(run, f);
}

// ---- evaluation ---------------------------------------------------------

static void run_series(struct run *run)
{
	const struct correlation *corr = run->corr;
	finding_fn *points = run->rule->referenced ? add_point : NULL;

	if (corr->expression != NULL)
		expression_run(corr, run->series, add_both, run);
	else if (corr->type == CORR_TEMPORAL_ORDERED)
		ordered_run(corr, run->series, add_both, run);
	else
		window_run(corr, run->series, run->counts, add_alert, points, run);
}

static void run_groups(struct run *run)
{
	size_t cells = run->c->text_count + run->tuples.count + run->corr->rule_count + 1;

	run->counts = mem_zalloc(cells * sizeof(*run->counts));
	for (size_t from = 0, to; from < run->count; from = to) {
		for (to = from + 1; to < run->count; to++) {
			if (run->inputs[to].group != run->inputs[from].group)
				break;
		}
		run->series = (struct series){run->inputs + from, to - from};
		run_series(run);
	}
	free(run->counts);
}

// Evaluate the correlations below; the hits of rules below that have too many to
// be kept. Without those nothing can be said.
static uint64_t lost_below(const struct run *run)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < run->corr->rule_count; i++) {
		const struct rule *target = run->corr->rules[i].target;

		if (target->kind == RULE_CORRELATION) {
			correlation_evaluate(run->c, target);
			lost += run->c->results[target->index].lost;
		} else if (budget_is_spent(run->c->budget, target)) {
			lost += budget_hits(run->c->budget, target);
		}
	}
	return lost;
}

void correlation_evaluate(struct correlator *c, const struct rule *rule)
{
	struct run run = {.c = c, .rule = rule, .corr = rule->correlation};

	if (c->results[rule->index].done)
		return;
	c->results[rule->index].done = true;
	run.diagnostic = &c->diagnostics[c->diagnostic_count++];
	run.diagnostic->rule = rule;
	run.reported = !rule->hidden;
	run.diagnostic->too_many = c->results[rule->index].lost = lost_below(&run);
	if (run.diagnostic->too_many != 0)
		return;
	for (size_t i = 0; i < run.corr->rule_count; i++)
		add_inputs(&run, i);
	if (run.count > 0)
		qsort(run.inputs, run.count, sizeof(*run.inputs), by_group);
	if (!is_temporal(run.corr))
		drop_repeats(&run);
	run_groups(&run);
	free(run.inputs);
	map_release(&run.groups);
	map_release(&run.tuples);
}
