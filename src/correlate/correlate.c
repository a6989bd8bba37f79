// SPDX-License-Identifier: Apache-2.0
// Collecting base hits and ordering their records.
#include "correlate/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "correlate/internal.h"

// ---- set-up -------------------------------------------------------------

static void need_name(struct correlator *c, struct base_rule *base, struct str name)
{
	size_t count = base->name_count;

	for (size_t i = 0; i < count; i++) {
		if (str_eq(base->names[i], name))
			return;
	}
	if ((count & (count - 1)) == 0) { // grown when the count is a power of two
		struct str *grown =
			arena_array(&c->arena, count != 0 ? count * 2 : 1, sizeof(*grown));

		if (count > 0)
			memcpy(grown, base->names, count * sizeof(*grown));
		base->names = grown;
	}
	base->names[base->name_count++] = name;
}

// Every base rule below `rule` must keep the field `name`. `seen` marks rules
// that were there: many ways may lead to one.
static void need_below(struct correlator *c, const struct rule *rule, struct str name, bool *seen)
{
	if (seen[rule->index])
		return;
	seen[rule->index] = true;
	if (rule->kind == RULE_DETECTION) {
		need_name(c, &c->base[rule->index], name);
		return;
	}
	for (size_t i = 0; i < rule->correlation->rule_count; i++)
		need_below(c, rule->correlation->rules[i].target, name, seen);
}

static void need_field(struct correlator *c, const struct rule *rule, struct str name)
{
	bool *seen;

	if (rule->kind == RULE_DETECTION) {
		need_name(c, &c->base[rule->index], name);
		return;
	}
	seen = mem_zalloc(c->set->count);
	need_below(c, rule, name, seen);
	free(seen);
}

struct str correlation_field(const struct correlation *corr, struct str name,
			     const struct rule *rule)
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
			need_field(c, target, correlation_field(corr, corr->group_by[k], target));
		for (size_t k = 0; k < corr->field_count; k++)
			need_field(c, target, correlation_field(corr, corr->fields[k], target));
	}
}

static bool works(const struct rule *rule)
{
	return rule->kind == RULE_CORRELATION && !rule->broken && !rule->unused;
}

static void init(struct correlator *c, const struct ruleset *set, struct corr_budget *budget)
{
	memset(c, 0, sizeof(*c));
	c->set = set;
	c->budget = budget;
	c->base = mem_zalloc((set->count + 1) * sizeof(*c->base));
	c->results = mem_zalloc((set->count + 1) * sizeof(*c->results));
	c->diagnostics = mem_zalloc((set->count + 1) * sizeof(*c->diagnostics));
	for (size_t i = 0; i < set->count; i++) {
		if (works(set->rules[i]))
			prepare(c, set->rules[i]->correlation);
	}
}

struct correlator *correlator_new(const struct ruleset *set, struct corr_budget *budget)
{
	struct correlator *c = mem_alloc(sizeof(*c));

	init(c, set, budget);
	return c;
}

static void release(struct correlator *c)
{
	for (size_t i = 0; i < c->set->count; i++) {
		free(c->base[i].items);
		free(c->results[i].points);
	}
	map_release(&c->texts);
	map_release(&c->kept);
	free(c->spellings);
	free(c->records);
	free(c->rank);
	free(c->base);
	free(c->results);
	free(c->alerts);
	free(c->diagnostics);
	arena_release(&c->arena);
}

void correlator_free(struct correlator *c)
{
	if (c == NULL)
		return;
	release(c);
	free(c);
}

bool correlator_wants(const struct correlator *c, const struct rule *rule)
{
	return c->base[rule->index].wanted;
}

// ---- feeding ------------------------------------------------------------

// One copy of each text of records: there are few of them and many records.
static struct str keep_text(struct correlator *c, struct str text)
{
	struct map_entry *entry = map_entry(&c->kept, text);

	if (entry->value == NULL) {
		entry->key = arena_str(&c->arena, text);
		entry->value = c;
	}
	return entry->key;
}

// Hits of one event come one after the other.
static size_t add_record(struct correlator *c, const struct corr_record *record)
{
	struct corr_record *copy;

	if (c->record_count > 0 && c->records[c->record_count - 1]->sequence == record->sequence)
		return c->record_count - 1;
	copy = arena_alloc(&c->arena, sizeof(*copy));
	*copy = *record;
	copy->computer = keep_text(c, record->computer);
	copy->channel = keep_text(c, record->channel);
	copy->provider = keep_text(c, record->provider);
	mem_grow(&c->records, &c->record_cap, c->record_count + 1, sizeof(*c->records));
	c->records[c->record_count++] = copy;
	return c->record_count - 1;
}

// The order of 4.4; independent of the order of feeding.
static int record_order(const struct corr_record *a, const struct corr_record *b)
{
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

// The spelling to show is that of the earliest record (D-22), of the smallest
// one where a record has several.
static bool is_earlier(const struct correlator *c, const struct spelling *known, struct str text,
		       size_t record)
{
	int order = record_order(c->records[record], c->records[known->record]);

	return order != 0 ? order < 0 : str_cmp(text, known->text) < 0;
}

static text_id intern(struct correlator *c, struct str text, size_t record)
{
	struct arena scratch = {0};
	struct str folded = text_fold(&scratch, text);
	struct map_entry *entry;
	struct spelling *known;
	text_id id = (text_id)(uintptr_t)map_get(&c->texts, folded);

	if (id == 0) {
		entry = map_entry(&c->texts, arena_str(&c->arena, folded));
		mem_grow(&c->spellings, &c->text_cap, c->text_count + 1, sizeof(*c->spellings));
		c->spellings[c->text_count++] =
			(struct spelling){arena_str(&c->arena, text), record};
		id = (text_id)c->text_count;
		entry->value = (void *)(uintptr_t)id;
	}
	known = &c->spellings[id - 1];
	if (is_earlier(c, known, text, record)) {
		if (!str_eq(known->text, text))
			known->text = arena_str(&c->arena, text);
		known->record = record;
	}
	arena_release(&scratch);
	return id;
}

void correlator_feed(struct correlator *c, const struct match *match, struct match_state *state,
		     const struct corr_record *record)
{
	struct base_rule *base = &c->base[match->rule->index];
	size_t cost = LIMIT_CORRELATION_HIT_BYTES;
	size_t index;
	text_id *fields;

	if (budget_is_spent(c->budget, match->rule)) {
		budget_count(c->budget, match->rule, 0);
		return;
	}
	index = add_record(c, record);
	fields = arena_array(&c->arena, base->name_count, sizeof(*fields));
	for (size_t i = 0; i < base->name_count; i++) {
		struct instances found = match_field(state, match->view, base->names[i]);
		struct str text;

		if (found.count == 0)
			continue;
		text = match_text(state, &found.items[0]);
		fields[i] = intern(c, text, index);
		cost += LIMIT_CORRELATION_TEXT_BYTES + text.len;
	}
	budget_count(c->budget, match->rule, cost);
	mem_grow(&base->items, &base->cap, base->count + 1, sizeof(*base->items));
	base->items[base->count++] = (struct observation){index, fields};
}

static void absorb_rule(struct correlator *c, const struct correlator *from, size_t rule,
			const size_t *records)
{
	struct base_rule *base = &c->base[rule];
	const struct base_rule *other = &from->base[rule];

	for (size_t i = 0; i < other->count; i++) {
		text_id *fields = arena_array(&c->arena, base->name_count, sizeof(*fields));

		for (size_t k = 0; k < base->name_count; k++) {
			text_id id = other->items[i].fields[k];

			if (id != 0)
				fields[k] = intern(c, from->spellings[id - 1].text,
						   records[from->spellings[id - 1].record]);
		}
		mem_grow(&base->items, &base->cap, base->count + 1, sizeof(*base->items));
		base->items[base->count++] =
			(struct observation){records[other->items[i].record], fields};
	}
}

// All of `from` becomes `c`, which was fed nothing.
static void take_whole(struct correlator *c, struct correlator *from)
{
	struct correlator empty = *c;

	*c = *from;
	*from = empty;
}

void correlator_absorb(struct correlator *c, struct correlator *from)
{
	size_t *records;

	if (c->record_count == 0) {
		take_whole(c, from);
		return;
	}
	records = mem_alloc(from->record_count * sizeof(*records));
	for (size_t i = 0; i < from->record_count; i++)
		records[i] = add_record(c, from->records[i]);
	for (size_t i = 0; i < c->set->count; i++)
		absorb_rule(c, from, i, records);
	free(records);
	release(from);
	init(from, c->set, c->budget);
}

// ---- order --------------------------------------------------------------

struct ranked {
	const struct corr_record *record;
	size_t index;
};

static int by_order(const void *left, const void *right)
{
	return record_order(((const struct ranked *)left)->record,
			    ((const struct ranked *)right)->record);
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

// ---- evaluation ---------------------------------------------------------

size_t correlator_run(struct correlator *c, const struct corr_alert **alerts)
{
	rank_records(c);
	for (size_t i = 0; i < c->set->count; i++) {
		if (works(c->set->rules[i]))
			correlation_evaluate(c, c->set->rules[i]);
	}
	*alerts = c->alerts;
	return c->alert_count;
}

size_t correlator_diagnostics(const struct correlator *c, const struct corr_diagnostic **out)
{
	*out = c->diagnostics;
	return c->diagnostic_count;
}
