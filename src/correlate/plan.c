// SPDX-License-Identifier: Apache-2.0
// Before the scan: which fields of which hits are needed, and in which order
// correlations are evaluated.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/internal.h"

// The field behind a group-by or value name for hits of `rule` (aliases, 4.2).
static struct str field_of(const struct correlation *corr, struct str name, const struct rule *rule)
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

static size_t find_name(const struct str *names, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(names[i], name))
			return i;
	}
	return SIZE_MAX;
}

// ---- which are evaluated -------------------------------------------------

// Those below first. Rules are few levels deep (LIMIT_CORRELATION_DEPTH) and have no
// cycles: sigma/ has checked both.
static void include(struct correlations *c, const struct rule *rule)
{
	const struct correlation *corr = rule->correlation;
	struct node *node = &c->nodes[rule->index];

	if (node->works)
		return;
	node->works = true;
	for (size_t i = 0; i < corr->rule_count; i++) {
		const struct rule *target = corr->rules[i].target;

		if (target->kind != RULE_CORRELATION)
			continue;
		include(c, target);
		if (c->nodes[target->index].level >= node->level)
			node->level = c->nodes[target->index].level + 1;
	}
	if (node->level >= c->levels)
		c->levels = node->level + 1;
	c->count++;
}

static void set_places(struct correlations *c)
{
	uint32_t place = 0;

	c->order = arena_array(&c->arena, c->count, sizeof(*c->order));
	c->diagnostics = arena_array(&c->arena, c->count, sizeof(*c->diagnostics));
	for (unsigned level = 0; level < c->levels; level++) {
		for (size_t i = 0; i < c->set->count; i++) {
			struct node *node = &c->nodes[i];

			if (!node->works || node->level != level)
				continue;
			node->diagnostic = &c->diagnostics[place];
			node->diagnostic->rule = c->set->rules[i];
			node->place = place;
			c->order[place++] = c->set->rules[i];
		}
	}
}

// ---- names ---------------------------------------------------------------

// Hits of `rule` must bring the field `name`, and so must those below it.
static void need(struct correlations *c, const struct rule *rule, struct str name)
{
	struct node *node = &c->nodes[rule->index];
	size_t count = node->name_count;

	if (find_name(node->names, count, name) != SIZE_MAX)
		return;
	if ((count & (count - 1)) == 0) { // grown when the count is a power of two
		struct str *grown =
			arena_array(&c->arena, count != 0 ? count * 2 : 1, sizeof(*grown));

		if (count > 0)
			memcpy(grown, node->names, count * sizeof(*grown));
		node->names = grown;
	}
	node->names[node->name_count++] = name;
	if (rule->kind != RULE_CORRELATION)
		return;
	for (size_t i = 0; i < rule->correlation->rule_count; i++)
		need(c, rule->correlation->rules[i].target, name);
}

static void need_fields(struct correlations *c, const struct correlation *corr)
{
	for (size_t i = 0; i < corr->rule_count; i++) {
		const struct rule *target = corr->rules[i].target;

		for (size_t k = 0; k < corr->group_count; k++)
			need(c, target, field_of(corr, corr->group_by[k], target));
		for (size_t k = 0; k < corr->field_count; k++)
			need(c, target, field_of(corr, corr->fields[k], target));
		c->nodes[target->index].reference_count++;
	}
}

// A field of a point is that of its group where the names are the same (4.2).
static void set_passed(struct correlations *c, const struct rule *rule)
{
	const struct correlation *corr = rule->correlation;
	struct node *node = &c->nodes[rule->index];

	node->passed = arena_array(&c->arena, node->name_count, sizeof(*node->passed));
	node->text_at = arena_array(&c->arena, node->name_count, sizeof(*node->text_at));
	for (size_t i = 0; i < node->name_count; i++) {
		node->text_at[i] = find_name(corr->group_by, corr->group_count, node->names[i]);
		if (node->text_at[i] != SIZE_MAX)
			continue;
		node->text_at[i] = corr->group_count + corr->field_count + node->passed_count;
		node->passed[node->passed_count++] = i;
	}
}

// ---- references ----------------------------------------------------------

static size_t *places_of(struct correlations *c, const struct correlation *corr,
			 const struct str *names, size_t count, const struct rule *target)
{
	const struct node *node = &c->nodes[target->index];
	size_t *places = arena_array(&c->arena, count, sizeof(*places));

	for (size_t i = 0; i < count; i++)
		places[i] =
			find_name(node->names, node->name_count, field_of(corr, names[i], target));
	return places;
}

static void refer(struct correlations *c, const struct rule *rule, size_t ref)
{
	const struct correlation *corr = rule->correlation;
	const struct rule *target = corr->rules[ref].target;
	const struct node *node = &c->nodes[rule->index];
	struct node *below = &c->nodes[target->index];
	struct reference *reference = &below->references[below->reference_count++];

	reference->correlation = rule;
	reference->ref = ref;
	reference->group = places_of(c, corr, corr->group_by, corr->group_count, target);
	reference->values = places_of(c, corr, corr->fields, corr->field_count, target);
	reference->passed = arena_array(&c->arena, node->passed_count, sizeof(*reference->passed));
	for (size_t i = 0; i < node->passed_count; i++)
		reference->passed[i] =
			find_name(below->names, below->name_count, node->names[node->passed[i]]);
}

static void set_references(struct correlations *c)
{
	for (size_t i = 0; i < c->set->count; i++) {
		struct node *node = &c->nodes[i];

		node->references =
			arena_array(&c->arena, node->reference_count, sizeof(*node->references));
		node->reference_count = 0;
	}
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < c->order[i]->correlation->rule_count; k++)
			refer(c, c->order[i], k);
	}
}

void plan_make(struct correlations *c)
{
	c->nodes = arena_array(&c->arena, c->set->count, sizeof(*c->nodes));
	for (size_t i = 0; i < c->set->count; i++) {
		const struct rule *rule = c->set->rules[i];

		if (rule->kind == RULE_CORRELATION && !rule->broken && !rule->unused)
			include(c, rule);
	}
	set_places(c);
	for (size_t i = 0; i < c->count; i++)
		need_fields(c, c->order[i]->correlation);
	for (size_t i = 0; i < c->count; i++)
		set_passed(c, c->order[i]);
	set_references(c);
}
