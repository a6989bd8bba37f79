// SPDX-License-Identifier: Apache-2.0
// Filling the ledger.
#include <string.h>

#include "scan/internal.h"

static struct str rule_name(struct scan *scan, const struct rule *rule)
{
	if (rule->id.len == 0)
		return rule->title;
	return arena_printf(&scan->ledger->arena, "%.*s (%.*s)", STR_ARG(rule->title),
			    STR_ARG(rule->id));
}

static void count_rules(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		if (rule->kind == RULE_FILTER)
			ledger->filters++;
		else if (rule->kind == RULE_CORRELATION)
			ledger->correlations += !rule->broken;
		else if (rule->view_count > 0)
			ledger->rules++;
		else
			ledger_note(ledger, &ledger->unplaced, rule_name(scan, rule),
				    set->unplaced[i]);
	}
}

static void note_refusals(struct scan *scan)
{
	const struct diag_list *diags = &scan->options.rules->diags;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->items[i];

		if (diag->severity == DIAG_ERROR)
			ledger_note(ledger, &ledger->refused,
				    arena_printf(&ledger->arena, "%.*s:%u:%u",
						 STR_ARG(diag->path), diag->line, diag->col),
				    arena_printf(&ledger->arena, "%.*s [%s]",
						 STR_ARG(diag->message), diag->code));
	}
}

void account_start(struct scan *scan)
{
	count_rules(scan);
	note_refusals(scan);
}

static void count_hits(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];
		struct ledger_rule_hits *row;
		struct str level = str_from(rule_level_name(rule->level));

		if (scan->filter_hits[i] > 0)
			ledger_count(ledger, &ledger->filter_hits, rule->title,
				     scan->filter_hits[i]);
		if (scan->rule_hits[i] == 0 && scan->rule_suppressed[i] == 0)
			continue;
		row = ledger_add_rule_hits(ledger);
		*row = (struct ledger_rule_hits){rule->id, rule->title, level, scan->rule_hits[i],
						 scan->rule_suppressed[i]};
		ledger->hits += scan->rule_hits[i];
		ledger->suppressed += scan->rule_suppressed[i];
		if (scan->rule_hits[i] > 0)
			ledger_count(ledger, &ledger->levels,
				     level.len > 0 ? level : STR("no level"), scan->rule_hits[i]);
	}
}

static void copy_audit(struct scan *scan)
{
	const struct allowlist *list = scan->options.allowlist;

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		struct ledger_allow *row = ledger_add_allow(scan->ledger);

		row->name = list->entries[i].name;
		row->section = str_from(allow_class_name(list->entries[i].class));
		row->owner = list->entries[i].owner;
		row->silenced = scan->audit.silenced[i];
		row->after_expiry = scan->audit.after_expiry[i];
	}
}

static void copy_limits(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	const uint64_t *limits = match_regex_limits(scan->state);
	const struct corr_diagnostic *rows;
	size_t count = correlator_diagnostics(scan->correlator, &rows);

	for (size_t i = 0; i < set->count; i++) {
		if (limits[i] > 0)
			ledger_count(scan->ledger, &scan->ledger->regex_limits,
				     rule_name(scan, set->rules[i]), limits[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (rows[i].without_group > 0)
			ledger_count(scan->ledger, &scan->ledger->no_group,
				     rule_name(scan, rows[i].rule), rows[i].without_group);
	}
}

void account_finish(struct scan *scan)
{
	count_hits(scan);
	copy_audit(scan);
	copy_limits(scan);
	ledger_close(scan->ledger);
}
