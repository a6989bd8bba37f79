// SPDX-License-Identifier: Apache-2.0
// The rules of the public interface: a rule set with its allowlist.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "check/check.h"
#include "lib/internal.h"
#include "load/load.h"

_Static_assert((int)EVTXSCAN_NOTE == (int)DIAG_NOTE, "the same numbers");
_Static_assert((int)EVTXSCAN_WARNING == (int)DIAG_WARNING, "the same numbers");
_Static_assert((int)EVTXSCAN_LEVEL_UNSET == (int)LEVEL_UNSET, "the same numbers");
_Static_assert((int)EVTXSCAN_LEVEL_CRITICAL == (int)LEVEL_CRITICAL, "the same numbers");
_Static_assert((int)EVTXSCAN_ERROR == (int)DIAG_ERROR, "the same numbers");

void evtxscan_on_out_of_memory(evtxscan_out_of_memory_fn *fn)
{
	mem_set_oom_handler(fn);
}

const char *evtxscan_version(void)
{
	return EVTXSCAN_VERSION;
}

struct evtxscan_rules *evtxscan_rules_new(evtxscan_diagnostic_fn *fn, void *data)
{
	struct evtxscan_rules *rules = mem_zalloc(sizeof(*rules));

	rules->set = ruleset_new();
	diag_init(&rules->allow_diags, &rules->arena);
	rules->fn = fn;
	rules->data = data;
	return rules;
}

void evtxscan_rules_free(struct evtxscan_rules *rules)
{
	if (rules == NULL)
		return;
	ruleset_free(rules->set);
	free(rules->enabled);
	diag_release(&rules->allow_diags);
	arena_release(&rules->arena);
	free(rules);
}

// ---- diagnostics --------------------------------------------------------

static void hand_out(const struct evtxscan_rules *rules, const struct diag *diag)
{
	struct evtxscan_diagnostic out = {
		.severity = (enum evtxscan_severity)diag->severity,
		.code = diag->code,
		.path = lib_str(diag->path),
		.line = diag->line,
		.column = diag->col,
		.message = lib_str(diag->message),
		.hint = lib_str(diag->hint),
	};

	if (rules->fn != NULL)
		rules->fn(&out, rules->data);
}

// Hand out what the call found; `done` says whether it left anything behind.
static enum evtxscan_result report(struct evtxscan_rules *rules, bool done)
{
	const struct diag_list *diags = &rules->set->diags;
	bool errors = false;

	for (; rules->reported < diags->count; rules->reported++) {
		errors |= diags->items[rules->reported].severity == DIAG_ERROR;
		hand_out(rules, &diags->items[rules->reported]);
	}
	if (!done)
		return EVTXSCAN_FAILED;
	return errors ? EVTXSCAN_PARTIAL : EVTXSCAN_OK;
}

static void fail_file(struct diag_list *diags, struct str path, const char *text)
{
	diag_add(diags, DIAG_ERROR, "E_FILE", (struct place){path, 0, 0}, "%s", text);
}

// ---- adding -------------------------------------------------------------

enum evtxscan_result evtxscan_rules_add_builtin(struct evtxscan_rules *rules)
{
	if (rules->finished)
		return EVTXSCAN_MISUSE;
	load_pack(rules->set);
	return report(rules, true);
}

enum evtxscan_result evtxscan_rules_add_path(struct evtxscan_rules *rules, const char *path)
{
	struct ruleset *set = rules->set;
	size_t before = set->count + set->refused;
	bool all;

	if (rules->finished)
		return EVTXSCAN_MISUSE;
	all = load_path(set, path, &set->diags);
	return report(rules, all || set->count + set->refused > before);
}

enum evtxscan_result evtxscan_rules_add_text(struct evtxscan_rules *rules, const char *name,
					     const char *text, size_t len)
{
	struct ruleset *set = rules->set;

	if (rules->finished)
		return EVTXSCAN_MISUSE;
	if (len > LIMIT_YAML_FILE) {
		fail_file(&set->diags, arena_str(&set->arena, str_from(name)),
			  "the text is too long");
		return report(rules, false);
	}
	ruleset_add(set, str_from(name), (struct str){text, len});
	return report(rules, true);
}

enum evtxscan_result evtxscan_rules_add_placeholders(struct evtxscan_rules *rules, const char *path)
{
	if (rules->finished)
		return EVTXSCAN_MISUSE;
	return report(rules, load_placeholders(rules->set, path, &rules->set->diags));
}

enum evtxscan_result evtxscan_rules_set_logsources(struct evtxscan_rules *rules, const char *path)
{
	if (rules->finished || rules->logsources != NULL)
		return EVTXSCAN_MISUSE;
	rules->logsources = arena_str(&rules->arena, str_from(path)).ptr;
	return EVTXSCAN_OK;
}

enum evtxscan_result evtxscan_rules_set_min_level(struct evtxscan_rules *rules,
						  enum evtxscan_level level)
{
	if (rules->finished || (unsigned)level > EVTXSCAN_LEVEL_CRITICAL)
		return EVTXSCAN_MISUSE;
	rules->min_level = (enum rule_level)level;
	return EVTXSCAN_OK;
}

enum evtxscan_result evtxscan_rules_enable_source(struct evtxscan_rules *rules, const char *id)
{
	if (rules->finished)
		return EVTXSCAN_MISUSE;
	mem_grow(&rules->enabled, &rules->enabled_cap, rules->enabled_count + 1,
		 sizeof(*rules->enabled));
	rules->enabled[rules->enabled_count++] = arena_str(&rules->arena, str_from(id));
	return EVTXSCAN_OK;
}

// ---- allowlist ----------------------------------------------------------

// The diagnostics of the allowlist stay apart: the account lists its refusals.
static enum evtxscan_result report_allowlist(struct evtxscan_rules *rules)
{
	const struct diag_list *diags = &rules->allow_diags;

	for (size_t i = 0; i < diags->count; i++)
		hand_out(rules, &diags->items[i]);
	return diags->errors > 0 ? EVTXSCAN_PARTIAL : EVTXSCAN_OK;
}

enum evtxscan_result evtxscan_rules_set_allowlist(struct evtxscan_rules *rules, const char *path)
{
	struct diag_list *diags = &rules->set->diags;
	struct err err = {""};

	if (rules->finished || rules->allowlist != NULL)
		return EVTXSCAN_MISUSE;
	rules->allowlist = load_allowlist(&rules->arena, path, &rules->allow_diags, &err);
	if (rules->allowlist != NULL)
		return report_allowlist(rules);
	fail_file(diags, arena_str(diags->arena, str_from(path)), err.text);
	return report(rules, false);
}

enum evtxscan_result evtxscan_rules_set_allowlist_text(struct evtxscan_rules *rules,
						       const char *name, const char *text,
						       size_t len)
{
	struct diag_list *diags = &rules->set->diags;
	struct str path = arena_str(&rules->arena, str_from(name));

	if (rules->finished || rules->allowlist != NULL)
		return EVTXSCAN_MISUSE;
	if (len > LIMIT_YAML_FILE) {
		fail_file(diags, path, "the text is too long");
		return report(rules, false);
	}
	rules->allowlist =
		allowlist_parse(&rules->arena, path, (struct str){text, len}, &rules->allow_diags);
	return report_allowlist(rules);
}

// ---- finishing ----------------------------------------------------------

enum evtxscan_result evtxscan_rules_finish(struct evtxscan_rules *rules)
{
	struct rule_choice choice = {.min_level = rules->min_level};
	struct ruleset *set = rules->set;

	if (rules->finished)
		return EVTXSCAN_MISUSE;
	rules->finished = true;
	rules->usable = load_sources(set, rules->logsources, rules->enabled, rules->enabled_count,
				     &set->diags);
	if (rules->usable) {
		ruleset_link(set, &choice);
		check_allowlist_classes(set);
	}
	return report(rules, rules->usable);
}
