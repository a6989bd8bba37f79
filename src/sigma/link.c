// SPDX-License-Identifier: Apache-2.0
// Linking a rule set: references, log sources, filters (sigma-engine.md 4.1, 5.2, 6).
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "sigma/parse.h"
#include "sigma/ruleset.h"

// Stands in the maps for a key that several rules carry; only its address counts.
static const struct rule ambiguous_rule;
#define AMBIGUOUS ((struct rule *)(uintptr_t)&ambiguous_rule)

static void index_rule(struct map *map, struct str key, struct rule *rule)
{
	if (key.len > 0 && !map_add(map, key, rule))
		map_entry(map, key)->value = AMBIGUOUS;
}

static struct rule *look_up(const struct ruleset *set, struct str name)
{
	struct rule *rule = map_get(&set->by_id, name);

	return rule != NULL ? rule : map_get(&set->by_name, name);
}

struct rule *ruleset_find(const struct ruleset *set, struct str id_or_name)
{
	struct arena arena = {0};
	struct str name = id_or_name;
	struct rule *rule;

	uuid_normalise(&arena, id_or_name, &name);
	rule = look_up(set, name);
	arena_release(&arena);
	return rule != AMBIGUOUS ? rule : NULL;
}

// ---- correlations -------------------------------------------------------

static bool link_refs(struct ruleset *set, struct rule_ref *refs, size_t count)
{
	bool ok = true;

	for (size_t i = 0; i < count; i++) {
		refs[i].target = look_up(set, refs[i].name);
		if (refs[i].target == AMBIGUOUS)
			diag_add(&set->diags, DIAG_ERROR, "E_REF_AMBIGUOUS", refs[i].place,
				 "several rules are called '%.*s'", STR_ARG(refs[i].name));
		else if (refs[i].target == NULL || refs[i].target->kind == RULE_FILTER)
			diag_hint(&set->diags,
				  diag_add(&set->diags, DIAG_ERROR, "E_REF_UNKNOWN", refs[i].place,
					   "no loaded rule has the id or name '%.*s'",
					   STR_ARG(refs[i].name)),
				  "references go by id or name, never by title; "
				  "the rule may have been refused above");
		else
			continue;
		refs[i].target = NULL;
		ok = false;
	}
	return ok;
}

static bool maps_rule(const struct correlation_alias *alias, const struct rule *rule)
{
	for (size_t i = 0; i < alias->count; i++) {
		if (alias->rules[i].target == rule)
			return true;
	}
	return false;
}

static void check_aliases(struct ruleset *set, const struct correlation *corr)
{
	for (size_t i = 0; i < corr->alias_count * corr->rule_count; i++) {
		const struct correlation_alias *alias = &corr->aliases[i / corr->rule_count];
		const struct rule_ref *ref = &corr->rules[i % corr->rule_count];

		if (ref->target->kind == RULE_DETECTION && !maps_rule(alias, ref->target))
			diag_add(&set->diags, DIAG_WARNING, "W_ALIAS_MISSING", ref->place,
				 "alias '%.*s' names no field for '%.*s': its field of that name "
				 "is used",
				 STR_ARG(alias->name), STR_ARG(ref->name));
	}
}

static void break_rule(struct ruleset *set, struct rule *rule)
{
	if (!rule->broken)
		set->refused++;
	rule->broken = true;
}

// `temporal` counts distinct rules (4.3): one that is named twice is one. The ordered type
// means its repeats, and a string condition counts nothing.
static void drop_repeats(struct correlation *corr)
{
	size_t count = 0;

	if (corr->type != CORR_TEMPORAL || corr->expression != NULL)
		return;
	for (size_t i = 0; i < corr->rule_count; i++) {
		size_t k = 0;

		while (k < count && corr->rules[k].target != corr->rules[i].target)
			k++;
		if (k == count)
			corr->rules[count++] = corr->rules[i];
	}
	corr->rule_count = count;
}

// Without a condition a temporal type wants all its rules.
static void set_default_condition(struct ruleset *set, struct correlation *corr)
{
	if (corr->expression != NULL || corr->bound_count > 0)
		return;
	corr->bounds = arena_array(&set->arena, 1, sizeof(*corr->bounds));
	corr->bounds[corr->bound_count++] =
		(struct correlation_bound){COMPARE_GTE, (double)corr->rule_count};
}

static void link_correlation(struct ruleset *set, struct rule *rule)
{
	struct correlation *corr = rule->correlation;
	bool ok = link_refs(set, corr->rules, corr->rule_count);

	for (size_t i = 0; i < corr->alias_count; i++)
		ok &= link_refs(set, corr->aliases[i].rules, corr->aliases[i].count);
	if (!ok) {
		break_rule(set, rule);
		return;
	}
	drop_repeats(corr);
	set_default_condition(set, corr);
	check_aliases(set, corr);
}

// How far a search below a correlation went.
enum reach { REACH_OK, REACH_CYCLE, REACH_DEEP };

// What is known of a correlation while references are followed.
struct visit {
	bool on_way;
	unsigned height; // levels of correlations, its own included; 0 = unknown
};

// Depth-first; the first bad find ends it, so that no node is entered twice.
static enum reach follow(const struct rule *rule, struct visit *visits, unsigned depth)
{
	const struct correlation *corr = rule->correlation;
	struct visit *own = &visits[rule->index];
	unsigned height = 1;

	if (rule->kind != RULE_CORRELATION)
		return REACH_OK;
	if (own->on_way)
		return REACH_CYCLE;
	if (depth + (own->height != 0 ? own->height : 1) > LIMIT_CORRELATION_DEPTH)
		return REACH_DEEP;
	if (own->height != 0)
		return REACH_OK;
	own->on_way = true;
	for (size_t i = 0; i < corr->rule_count; i++) {
		const struct rule *target = corr->rules[i].target;
		enum reach reach = target != NULL ? follow(target, visits, depth + 1) : REACH_OK;

		if (reach != REACH_OK) {
			own->on_way = false;
			return reach;
		}
		if (target != NULL && visits[target->index].height >= height)
			height = visits[target->index].height + 1;
	}
	own->on_way = false;
	own->height = height;
	return REACH_OK;
}

// Is there a way from `rule` to `wanted`, of as many levels as are allowed?
static bool leads_to(const struct rule *rule, const struct rule *wanted, bool *seen, unsigned depth)
{
	const struct correlation *corr = rule->correlation;

	if (depth > LIMIT_CORRELATION_DEPTH)
		return false;
	for (size_t i = 0; corr != NULL && i < corr->rule_count; i++) {
		const struct rule *target = corr->rules[i].target;

		if (target == wanted)
			return true;
		if (target == NULL || seen[target->index])
			continue;
		seen[target->index] = true;
		if (leads_to(target, wanted, seen, depth + 1))
			return true;
	}
	return false;
}

// Members of a cycle; what merely stands on one is named by spread_breakage.
static bool in_cycle(const struct rule *rule, bool *seen, size_t count)
{
	memset(seen, 0, count * sizeof(*seen));
	return leads_to(rule, rule, seen, 0);
}

static void find_cycles(struct ruleset *set)
{
	struct visit *visits = mem_zalloc(set->count * sizeof(*visits));
	bool *seen = mem_alloc(set->count * sizeof(*seen));

	for (size_t i = 0; i < set->count; i++) {
		enum reach reach = follow(set->rules[i], visits, 0);

		if (reach == REACH_OK ||
		    (reach == REACH_CYCLE && !in_cycle(set->rules[i], seen, set->count)))
			continue;
		diag_add(&set->diags, DIAG_ERROR, "E_CORR_CYCLE", set->rules[i]->place, "%s",
			 reach == REACH_CYCLE
				 ? "the correlation refers to itself"
				 : "the correlation rests on more than 64 levels of others");
		break_rule(set, set->rules[i]);
	}
	free(visits);
	free(seen);
}

// A correlation on top of a broken one is broken too.
static void spread_breakage(struct ruleset *set)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < set->count; i++) {
			struct rule *rule = set->rules[i];
			const struct correlation *corr = rule->correlation;

			for (size_t k = 0; corr != NULL && !rule->broken && k < corr->rule_count;
			     k++) {
				if (!corr->rules[k].target->broken)
					continue;
				diag_add(&set->diags, DIAG_ERROR, "E_REF_UNKNOWN",
					 corr->rules[k].place,
					 "'%.*s' was refused, so this cannot work either",
					 STR_ARG(corr->rules[k].name));
				break_rule(set, rule);
				again = true;
			}
		}
	}
}

static bool is_used(const struct rule *rule)
{
	return rule->correlation != NULL && !rule->broken && !rule->unused;
}

static void mark_referenced(struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct correlation *corr = set->rules[i]->correlation;

		for (size_t k = 0; is_used(set->rules[i]) && k < corr->rule_count; k++) {
			corr->rules[k].target->referenced = true;
			corr->rules[k].target->hidden |= !corr->generate;
		}
	}
}

// ---- choosing -----------------------------------------------------------

// What a correlation in use refers to is used; depth is bounded by find_cycles.
static void use_targets(const struct rule *rule)
{
	for (size_t i = 0; is_used(rule) && i < rule->correlation->rule_count; i++) {
		struct rule *target = rule->correlation->rules[i].target;

		if (!target->unused)
			continue;
		target->unused = false;
		target->hidden = true;
		use_targets(target);
	}
}

static void choose(struct ruleset *set, const struct rule_choice *choice)
{
	bool *taken = mem_alloc((set->count + 1) * sizeof(*taken));

	for (size_t i = 0; i < set->count; i++) {
		taken[i] = rule_choice_takes(choice, set->rules[i]);
		set->rules[i]->unused = !taken[i];
	}
	for (size_t i = 0; i < set->count; i++) {
		if (taken[i])
			use_targets(set->rules[i]);
	}
	for (size_t i = 0; i < set->count; i++) {
		if (!set->rules[i]->unused)
			continue;
		set->rules[i]->view_count = 0;
		set->unplaced[i] = (struct str){NULL, 0};
		set->unused++;
	}
	free(taken);
}

// ---- filters ------------------------------------------------------------

static bool attribute_contains(struct str filter, struct str rule)
{
	return filter.len == 0 || str_eq_nocase(filter, rule);
}

// Every attribute that the filter sets is equal in the rule (1.3).
static bool contains(const struct logsource *filter, const struct logsource *rule)
{
	return attribute_contains(filter->category, rule->category) &&
	       attribute_contains(filter->product, rule->product) &&
	       attribute_contains(filter->service, rule->service);
}

static void attach(struct ruleset *set, struct rule *rule, struct rule *filter)
{
	size_t count = rule->filter_count;

	// Grown when its count is a power of two: many filters on many rules.
	if ((count & (count - 1)) == 0) {
		struct rule **grown =
			arena_array(&set->arena, count != 0 ? count * 2 : 1, sizeof(*grown));

		if (count > 0)
			memcpy(grown, rule->filters, count * sizeof(*grown));
		rule->filters = grown;
	}
	rule->filters[rule->filter_count++] = filter;
}

static void attach_named(struct ruleset *set, struct rule *filter, const struct rule_ref *ref)
{
	struct rule *rule = look_up(set, ref->name);

	if (rule == NULL || rule == AMBIGUOUS || rule->kind != RULE_DETECTION)
		diag_add(&set->diags, DIAG_WARNING, "W_FILTER_REF", ref->place,
			 "the filter names '%.*s', which is no loaded detection rule",
			 STR_ARG(ref->name));
	else if (!contains(&filter->logsource, &rule->logsource))
		diag_add(&set->diags, DIAG_WARNING, "W_FILTER_LOGSOURCE", ref->place,
			 "the filter's log source does not contain that of '%.*s'",
			 STR_ARG(ref->name));
	else
		attach(set, rule, filter);
}

static void link_filter(struct ruleset *set, struct rule *filter)
{
	const struct filter *f = filter->filter;

	for (size_t i = 0; i < f->rule_count; i++)
		attach_named(set, filter, &f->rules[i]);
	for (size_t i = 0; f->any && i < set->count; i++) {
		if (set->rules[i]->kind == RULE_DETECTION &&
		    contains(&filter->logsource, &set->rules[i]->logsource))
			attach(set, set->rules[i], filter);
	}
}

// Number the items, so that a matcher can keep what it compiles in arrays.
static void number_items(struct ruleset *set, struct expr *expr)
{
	if (expr->kind == EXPR_ITEM)
		expr->item->index = set->item_count++;
	for (size_t i = 0; i < expr->count; i++)
		number_items(set, expr->kids[i]);
}

static void number_detection(struct ruleset *set, struct detection *detection)
{
	for (size_t i = 0; i < detection->selection_count; i++)
		number_items(set, detection->selections[i].body);
	if (detection->selection_count > set->most_selections)
		set->most_selections = detection->selection_count;
}

// -------------------------------------------------------------------------

void ruleset_link(struct ruleset *set, const struct rule_choice *choice)
{
	set->unplaced = mem_zalloc(set->count * sizeof(*set->unplaced));
	for (size_t i = 0; i < set->count; i++) {
		struct rule *rule = set->rules[i];

		index_rule(&set->by_id, rule->id, rule);
		index_rule(&set->by_name, rule->name, rule);
		if (rule->kind == RULE_DETECTION)
			rule->views = logsources_place(&set->sources, &rule->logsource,
						       &rule->view_count, &set->unplaced[i]);
		if (rule->kind != RULE_CORRELATION)
			number_detection(set, rule->kind == RULE_FILTER ? &rule->filter->detection
									: &rule->detection);
	}
	for (size_t i = 0; i < set->count; i++) {
		if (set->rules[i]->kind == RULE_CORRELATION)
			link_correlation(set, set->rules[i]);
		if (set->rules[i]->kind == RULE_FILTER)
			link_filter(set, set->rules[i]);
	}
	find_cycles(set);
	spread_breakage(set);
	if (choice != NULL)
		choose(set, choice);
	mark_referenced(set);
}
