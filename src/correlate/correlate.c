// SPDX-License-Identifier: Apache-2.0
// Collecting base hits, ordering them, running every correlation.
#include "correlate/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/text.h"
#include "correlate/internal.h"
#include "match/number.h"

// A base hit as fed.
struct observation {
	size_t record;
	const text_id *fields; // one per needed name of the rule
};

// What is kept per detection rule that some correlation refers to.
struct base_rule {
	bool wanted;
	struct str *names; // fields that correlations above it need
	size_t name_count;
	struct observation *items;
	size_t count, cap;
};

// A result of a correlation that another one may use.
struct point {
	uint64_t time;
	size_t record;
	const struct input *trigger;
	struct corr_inner inner;
};

struct corr_results {
	bool done;
	struct point *points;
	size_t point_count, point_cap;
};

struct correlator {
	const struct ruleset *set;
	struct arena arena;
	struct map texts; // folded text -> id
	struct str *spellings; // by id - 1
	size_t text_count, text_cap;
	struct corr_record **records;
	size_t record_count, record_cap;
	size_t *rank; // of each record, after sorting
	struct base_rule *base;	    // by rule index
	struct corr_results *results; // by rule index
	struct corr_alert *alerts;
	size_t alert_count, alert_cap;
	struct corr_diagnostic *diagnostics;
	size_t diagnostic_count;
};

// ---- set-up -------------------------------------------------------------

static void need_name(struct correlator *c, struct base_rule *base, struct str name)
{
	struct str *grown;

	for (size_t i = 0; i < base->name_count; i++) {
		if (str_eq(base->names[i], name))
			return;
	}
	grown = arena_array(&c->arena, base->name_count + 1, sizeof(*grown));
	if (base->name_count > 0)
		memcpy(grown, base->names, base->name_count * sizeof(*grown));
	grown[base->name_count++] = name;
	base->names = grown;
}

// Every base rule below `rule` must keep the field `name`.
static void need_below(struct correlator *c, const struct rule *rule, struct str name)
{
	if (rule->kind == RULE_DETECTION) {
		need_name(c, &c->base[rule->index], name);
		return;
	}
	for (size_t i = 0; i < rule->correlation->rule_count; i++)
		need_below(c, rule->correlation->rules[i].target, name);
}

// The field behind a group-by or value name for hits of `rule` (aliases, 4.2).
static struct str aliased(const struct correlation *corr, struct str name, const struct rule *rule)
{
	for (size_t i = 0; i < corr->alias_count; i++) {
		const struct correlation_alias *alias = &corr->aliases[i];

		if (!str_eq(alias->name, name))
			continue;
		for (size_t k = 0; k < alias->count; k++) {
			if (alias->rules[k].target == rule)
				return alias->fields[k];
		}
	}
	return name;
}

static void prepare(struct correlator *c, const struct correlation *corr)
{
	for (size_t i = 0; i < corr->rule_count; i++) {
		const struct rule *target = corr->rules[i].target;

		if (target->kind == RULE_DETECTION)
			c->base[target->index].wanted = true;
		for (size_t k = 0; k < corr->group_count; k++)
			need_below(c, target, aliased(corr, corr->group_by[k], target));
		for (size_t k = 0; k < corr->field_count; k++)
			need_below(c, target, aliased(corr, corr->fields[k], target));
	}
}

static bool works(const struct rule *rule)
{
	return rule->kind == RULE_CORRELATION && !rule->broken;
}

struct correlator *correlator_new(const struct ruleset *set)
{
	struct correlator *c = mem_zalloc(sizeof(*c));

	c->set = set;
	c->base = mem_zalloc((set->count + 1) * sizeof(*c->base));
	c->results = mem_zalloc((set->count + 1) * sizeof(*c->results));
	c->diagnostics = mem_zalloc((set->count + 1) * sizeof(*c->diagnostics));
	for (size_t i = 0; i < set->count; i++) {
		if (works(set->rules[i]))
			prepare(c, set->rules[i]->correlation);
	}
	return c;
}

void correlator_free(struct correlator *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->set->count; i++) {
		free(c->base[i].items);
		free(c->results[i].points);
	}
	map_release(&c->texts);
	free(c->spellings);
	free(c->records);
	free(c->rank);
	free(c->base);
	free(c->results);
	free(c->alerts);
	free(c->diagnostics);
	arena_release(&c->arena);
	free(c);
}

bool correlator_wants(const struct correlator *c, const struct rule *rule)
{
	return c->base[rule->index].wanted;
}

// ---- feeding ------------------------------------------------------------

static text_id intern(struct correlator *c, struct str text)
{
	struct arena scratch = {0};
	struct str folded = text_fold(&scratch, text);
	struct map_entry *entry;
	text_id id = (text_id)(uintptr_t)map_get(&c->texts, folded);

	if (id == 0) {
		entry = map_entry(&c->texts, arena_str(&c->arena, folded));
		mem_grow(&c->spellings, &c->text_cap, c->text_count + 1, sizeof(*c->spellings));
		c->spellings[c->text_count++] = arena_str(&c->arena, text);
		id = (text_id)c->text_count;
		entry->value = (void *)(uintptr_t)id;
	}
	arena_release(&scratch);
	return id;
}

static struct str spelling(const struct correlator *c, text_id id)
{
	return id != 0 ? c->spellings[id - 1] : (struct str){NULL, 0};
}

// Hits of one event come one after the other.
static size_t add_record(struct correlator *c, const struct corr_record *record)
{
	struct corr_record *copy;

	if (c->record_count > 0 &&
	    c->records[c->record_count - 1]->sequence == record->sequence)
		return c->record_count - 1;
	copy = arena_alloc(&c->arena, sizeof(*copy));
	*copy = *record;
	copy->computer = arena_str(&c->arena, record->computer);
	copy->channel = arena_str(&c->arena, record->channel);
	copy->provider = arena_str(&c->arena, record->provider);
	mem_grow(&c->records, &c->record_cap, c->record_count + 1, sizeof(*c->records));
	c->records[c->record_count++] = copy;
	return c->record_count - 1;
}

void correlator_feed(struct correlator *c, const struct match *match, struct match_state *state,
		     const struct corr_record *record)
{
	struct base_rule *base = &c->base[match->rule->index];
	text_id *fields = arena_array(&c->arena, base->name_count, sizeof(*fields));

	for (size_t i = 0; i < base->name_count; i++) {
		struct instances found = match_field(state, match->view, base->names[i]);

		if (found.count > 0)
			fields[i] = intern(c, match_text(state, &found.items[0]));
	}
	mem_grow(&base->items, &base->cap, base->count + 1, sizeof(*base->items));
	base->items[base->count++] = (struct observation){add_record(c, record), fields};
}

static void absorb_rule(struct correlator *c, const struct correlator *from, size_t rule,
			const size_t *records)
{
	struct base_rule *base = &c->base[rule];
	const struct base_rule *other = &from->base[rule];

	for (size_t i = 0; i < other->count; i++) {
		text_id *fields = arena_array(&c->arena, base->name_count, sizeof(*fields));

		for (size_t k = 0; k < base->name_count; k++) {
			if (other->items[i].fields[k] != 0)
				fields[k] = intern(c, spelling(from, other->items[i].fields[k]));
		}
		mem_grow(&base->items, &base->cap, base->count + 1, sizeof(*base->items));
		base->items[base->count++] =
			(struct observation){records[other->items[i].record], fields};
	}
}

void correlator_absorb(struct correlator *c, const struct correlator *from)
{
	size_t *records = mem_alloc(from->record_count * sizeof(*records));

	for (size_t i = 0; i < from->record_count; i++)
		records[i] = add_record(c, from->records[i]);
	for (size_t i = 0; i < c->set->count; i++)
		absorb_rule(c, from, i, records);
	free(records);
}

// ---- order --------------------------------------------------------------

struct ranked {
	const struct corr_record *record;
	size_t index;
};

static int by_order(const void *left, const void *right)
{
	const struct corr_record *a = ((const struct ranked *)left)->record;
	const struct corr_record *b = ((const struct ranked *)right)->record;
	int order;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	order = str_cmp(a->computer, b->computer);
	if (order == 0)
		order = str_cmp(a->channel, b->channel);
	if (order != 0)
		return order;
	if (a->record_id != b->record_id)
		return a->record_id < b->record_id ? -1 : 1;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

static void rank_records(struct correlator *c)
{
	struct ranked *all = mem_alloc(c->record_count * sizeof(*all));

	for (size_t i = 0; i < c->record_count; i++)
		all[i] = (struct ranked){c->records[i], i};
	if (c->record_count > 0)
		qsort(all, c->record_count, sizeof(*all), by_order);
	c->rank = mem_zalloc(c->record_count * sizeof(*c->rank));
	for (size_t i = 0; i < c->record_count; i++)
		c->rank[all[i].index] = i;
	free(all);
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
	struct map groups; // key bytes -> number + 1
	struct map tuples; // value tuples -> number, for lists of fields
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
		key[i] = input_field(run, input, aliased(corr, corr->group_by[i], target));
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
		tuple[i] = input_field(run, input, aliased(corr, corr->fields[i], target));
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
	if (!number_parse(spelling(run->c, tuple[0]), &number)) {
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

static void evaluate(struct correlator *c, const struct rule *rule);

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
	evaluate(c, target);
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
	struct corr_pair *pairs =
		arena_array(&run->c->arena, corr->group_count, sizeof(*pairs));
	const struct rule *target = corr->rules[input->ref].target;

	for (size_t i = 0; i < corr->group_count; i++) {
		text_id id = input_field(run, input, aliased(corr, corr->group_by[i], target));

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

		if (f->only_value != 0 && input->value != f->only_value)
			continue;
		if (alert->member_total++ < most)
			members[alert->member_count++] = (struct corr_member){
				run->c->records[input->record],
				run->corr->rules[input->ref].target};
	}
	alert->members = members;
}

// The distinct values, in order of appearance.
static void add_values(struct run *run, const struct finding *f, struct corr_alert *alert)
{
	struct str *values = arena_array(&run->c->arena, LIMIT_ALERT_VALUES, sizeof(*values));
	struct map seen = {0};

	for (size_t i = 0; i < finding_size(f); i++) {
		const struct input *input = finding_item(run, f, i);
		const struct rule *target = run->corr->rules[input->ref].target;
		struct str value = spelling(
			run->c, input_field(run, input,
					    aliased(run->corr, run->corr->fields[0], target)));

		if (f->only_value != 0 && input->value != f->only_value)
			continue;
		if (!map_add(&seen, (struct str){(const char *)&input->value,
						 sizeof(input->value)}, run))
			continue;
		if (alert->value_total++ < LIMIT_ALERT_VALUES)
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
		.first = finding_item(run, f, 0)->time,
		.trigger = trigger->time,
		.last = finding_item(run, f, finding_size(f) - 1)->time,
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

static void add_point(void *user, const struct finding *f)
{
	struct run *run = user;
	struct corr_results *results = &run->c->results[run->rule->index];
	const struct input *trigger = &run->series.items[f->trigger];
	const struct correlation *corr = run->corr;
	const struct rule *target = corr->rules[trigger->ref].target;
	struct input *copy = arena_alloc(&run->c->arena, sizeof(*copy));
	text_id *values = arena_array(&run->c->arena, corr->group_count, sizeof(*values));

	for (size_t i = 0; i < corr->group_count; i++)
		values[i] = input_field(run, trigger, aliased(corr, corr->group_by[i], target));
	*copy = *trigger;
	mem_grow(&results->points, &results->point_cap, results->point_count + 1,
		 sizeof(*results->points));
	results->points[results->point_count++] = (struct point){
		trigger->time, trigger->record, copy,
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

static void evaluate(struct correlator *c, const struct rule *rule)
{
	struct run run = {.c = c, .rule = rule, .corr = rule->correlation};

	if (c->results[rule->index].done)
		return;
	c->results[rule->index].done = true;
	run.diagnostic = &c->diagnostics[c->diagnostic_count++];
	run.diagnostic->rule = rule;
	run.reported = !rule->hidden;
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

size_t correlator_run(struct correlator *c, const struct corr_alert **alerts)
{
	rank_records(c);
	for (size_t i = 0; i < c->set->count; i++) {
		if (works(c->set->rules[i]))
			evaluate(c, c->set->rules[i]);
	}
	*alerts = c->alerts;
	return c->alert_count;
}

size_t correlator_diagnostics(const struct correlator *c, const struct corr_diagnostic **out)
{
	*out = c->diagnostics;
	return c->diagnostic_count;
}
