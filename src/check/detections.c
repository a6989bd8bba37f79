// SPDX-License-Identifier: Apache-2.0
// Checks of one detection: logic, fields, regular expressions, triggers.
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/internal.h"
#include "match/trigger.h"

static const struct detection *detection_of(const struct rule *rule)
{
	return rule->kind == RULE_FILTER ? &rule->filter->detection : &rule->detection;
}

// The detection at work.
struct check {
	struct ruleset *set;
	const struct rule *rule;
	long budget; // of logic
};

static struct diag *warn(struct ruleset *set, const char *code, struct place place,
			 const char *before, struct str name, const char *after)
{
	return diag_add(&set->diags, DIAG_WARNING, code, place, "%s'%.*s'%s", before, STR_ARG(name),
			after);
}

// ---- logic --------------------------------------------------------------

// Over all views of the rule: it is enough when one of them can.
static enum logic_answer possible(struct check *check, const struct expr *expr, bool wanted,
				  bool facts, struct clash *clash)
{
	const struct rule *rule = check->rule;
	struct logic logic = {&check->set->sources, detection_of(rule), NULL, facts,
			      &check->budget};
	enum logic_answer answer = LOGIC_NEVER;

	if (rule->view_count == 0)
		return logic_possible(&logic, expr, wanted, clash);
	for (size_t i = 0; i < rule->view_count && answer == LOGIC_NEVER; i++) {
		logic.view = rule->views[i];
		answer = logic_possible(&logic, expr, wanted, clash);
	}
	return answer;
}

// "not 'F: x'"; keywords have no field.
static struct str quoted(struct arena *arena, const struct item *item, struct str text, bool wanted)
{
	return arena_printf(arena, "%s'%.*s%s%.*s'", wanted ? "" : "not ", STR_ARG(item->field),
			    item->field.len > 0 ? ": " : "", STR_ARG(text));
}

static void explain_clash(struct ruleset *set, struct diag *diag, const struct clash *clash)
{
	struct arena *arena = &set->arena;
	struct str a;
	struct str b;

	if (clash->a == NULL)
		return;
	if (clash->b == NULL) {
		a = quoted(arena, clash->a, clash->a_text, true);
		diag_hint(&set->diags, diag, "%.*s holds for %s event of this log source",
			  STR_ARG(a), clash->a_wanted ? "no" : "every");
		return;
	}
	a = quoted(arena, clash->a, clash->a_text, clash->a_wanted);
	b = quoted(arena, clash->b, clash->b_text, clash->b_wanted);
	diag_hint(&set->diags, diag, "%.*s and %.*s exclude each other", STR_ARG(a), STR_ARG(b));
}

static void check_selection(struct check *check, const struct selection *selection)
{
	struct ruleset *set = check->set;
	struct clash clash;

	if (possible(check, selection->body, true, false, &clash) == LOGIC_NEVER)
		explain_clash(set,
			      warn(set, "W_SELECTION_NEVER", selection->place, "selection ",
				   selection->name, " can never match"),
			      &clash);
	else if (possible(check, selection->body, false, false, NULL) == LOGIC_NEVER)
		warn(set, "W_SELECTION_ALWAYS", selection->place, "selection ", selection->name,
		     " matches every event");
}

static void check_condition(struct check *check, size_t i)
{
	struct ruleset *set = check->set;
	const struct rule *rule = check->rule;
	const struct detection *detection = detection_of(rule);
	const struct expr *condition = detection->conditions[i];
	struct place place = detection->condition_places[i];
	bool is_filter = rule->kind == RULE_FILTER;
	struct clash clash;

	if (possible(check, condition, true, true, &clash) == LOGIC_NEVER)
		explain_clash(set,
			      warn(set, "W_COND_NEVER", place,
				   "the condition is never true: ", rule->title,
				   is_filter ? " silences every hit of its rules" : " cannot hit"),
			      &clash);
	else if (possible(check, condition, false, true, NULL) == LOGIC_NEVER)
		warn(set, "W_COND_ALWAYS", place, "the condition is always true: ", rule->title,
		     is_filter ? " silences nothing" : " hits every event of its log source");
}

// ---- filters without a not ----------------------------------------------

// Mark the selections that stand under an odd number of `not`.
static void mark_negated(const struct expr *expr, bool negated, bool *marks)
{
	if (expr->kind == EXPR_SELECTION && negated)
		marks[expr->selection] = true;
	for (size_t i = 0; i < expr->count; i++)
		mark_negated(expr->kids[i], negated != (expr->kind == EXPR_NOT), marks);
}

static void mark_used(const struct expr *expr, bool *marks)
{
	if (expr->kind == EXPR_SELECTION)
		marks[expr->selection] = true;
	for (size_t i = 0; i < expr->count; i++)
		mark_used(expr->kids[i], marks);
}

// A selection called filter_* is meant to take hits away.
static void check_filter_names(struct ruleset *set, const struct rule *rule)
{
	const struct detection *detection = detection_of(rule);
	bool *negated = mem_zalloc(2 * detection->selection_count * sizeof(*negated));
	bool *used = negated + detection->selection_count;

	for (size_t i = 0; i < detection->condition_count; i++) {
		mark_negated(detection->conditions[i], false, negated);
		mark_used(detection->conditions[i], used);
	}
	for (size_t i = 0; i < detection->selection_count; i++) {
		const struct selection *selection = &detection->selections[i];

		if (!str_starts(selection->name, STR("filter_")) || negated[i] || !used[i])
			continue;
		diag_hint(&set->diags,
			  warn(set, "W_FILTER_NOT_NEGATED", selection->place, "selection ",
			       selection->name, " is never used under 'not'"),
			  "write 'not %.*s', or call it selection_*", STR_ARG(selection->name));
	}
	free(negated);
}

// ---- items --------------------------------------------------------------

static bool lacks_everywhere(const struct ruleset *set, const struct rule *rule, struct str field)
{
	for (size_t i = 0; i < rule->view_count; i++) {
		if (!source_lacks(&set->sources, rule->views[i], field))
			return false;
	}
	return rule->view_count > 0;
}

static void check_field(struct ruleset *set, const struct rule *rule, const struct item *item)
{
	struct diag *diag;

	if (item->field.len == 0 || !lacks_everywhere(set, rule, item->field))
		return;
	diag = warn(set, "W_FIELD_ABSENT", item->place,
		    "no event of this log source has the field ", item->field, "");
	if (rule->view_count == 1)
		diag_hint(&set->diags, diag, "the log source means the events of '%.*s'",
			  STR_ARG(rule->views[0]->id));
}

static void check_regex(struct ruleset *set, const struct item *item, const struct pattern *p)
{
	struct diag *diag;
	size_t at;

	for (size_t i = 0; p->kind == PATTERN_ANY_OF && i < p->any_of.count; i++)
		check_regex(set, item, &p->any_of.list[i]);
	at = p->kind == PATTERN_REGEX ? regex_nested_repetition(p->regex.source) : SIZE_MAX;
	if (at == SIZE_MAX)
		return;
	diag = warn(set, "W_REGEX_COST", item->place, "a repetition is repeated at ",
		    str_sub(p->regex.source, at, 20), ": matching takes exponential time");
	diag_hint(&set->diags, diag, "repeat once: (a+)+ finds nothing that a+ does not find");
}

static void check_items(struct ruleset *set, const struct rule *rule, const struct expr *expr)
{
	if (expr->kind == EXPR_ITEM) {
		check_field(set, rule, expr->item);
		for (size_t i = 0; i < expr->item->count; i++)
			check_regex(set, expr->item, &expr->item->patterns[i]);
	}
	for (size_t i = 0; i < expr->count; i++)
		check_items(set, rule, expr->kids[i]);
}

// ---- triggers -----------------------------------------------------------

// Plans know channel, event id and provider before they look for literals.
static int known_of_plan(void *user, const struct item *item)
{
	(void)user;
	return str_eq(item->field, STR("EventID")) || str_eq(item->field, STR("Channel")) ||
			       str_eq(item->field, STR("Provider_Name"))
		       ? 1
		       : -1;
}

static void note_trigger(struct ruleset *set, const struct rule *rule)
{
	const struct detection *detection = &rule->detection;

	for (size_t i = 0; i < detection->condition_count; i++) {
		struct arena texts = {0};
		struct arena scratch = {0};
		struct trigger_set triggers = {0};
		enum trigger_kind kind =
			trigger_find(&texts, &scratch, detection, detection->conditions[i],
				     known_of_plan, NULL, &triggers);

		arena_release(&texts);
		arena_release(&scratch);
		if (kind == TRIGGER_NONE)
			diag_add(&set->diags, DIAG_NOTE, "N_NO_TRIGGER",
				 detection->condition_places[i],
				 "no text is necessary for this condition: it is evaluated on "
				 "every event of its kind");
	}
}

void check_detection(struct ruleset *set, const struct rule *rule)
{
	const struct detection *detection = detection_of(rule);
	struct check check = {set, rule, LIMIT_CHECK_STEPS};

	for (size_t i = 0; i < detection->selection_count; i++) {
		check_items(set, rule, detection->selections[i].body);
		check_selection(&check, &detection->selections[i]);
	}
	for (size_t i = 0; i < detection->condition_count; i++)
		check_condition(&check, i);
	check_filter_names(set, rule);
	if (rule->kind == RULE_DETECTION)
		note_trigger(set, rule);
}
