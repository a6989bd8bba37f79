// SPDX-License-Identifier: Apache-2.0
// Checks of a rule set: ids, names, log sources, metadata.
#include "check/check.h"

#include "allow/allow.h"
#include "check/internal.h"

// ---- ids and names ------------------------------------------------------

static void check_unique(struct ruleset *set, struct map *seen, struct rule *rule, struct str key,
			 struct place place, const char *code)
{
	const struct rule *first;

	if (key.len == 0 || map_add(seen, key, rule))
		return;
	first = map_get(seen, key);
	diag_hint(&set->diags,
		  diag_add(&set->diags, DIAG_WARNING, code, place, "'%.*s' is the %s of two rules",
			   STR_ARG(key), str_eq(key, rule->id) ? "id" : "name"),
		  "the first is '%.*s', %.*s:%u", STR_ARG(first->title), STR_ARG(first->path),
		  first->place.line);
}

static void check_identities(struct ruleset *set)
{
	struct map ids = {0};
	struct map names = {0};

	for (size_t i = 0; i < set->count; i++) {
		struct rule *rule = set->rules[i];

		check_unique(set, &ids, rule, rule->id, rule->id_place, "W_DUPLICATE_ID");
		check_unique(set, &names, rule, rule->name, rule->name_place, "W_DUPLICATE_NAME");
	}
	map_release(&ids);
	map_release(&names);
}

// ---- log sources --------------------------------------------------------

static bool all_trace_only(const struct rule *rule)
{
	for (size_t i = 0; i < rule->view_count; i++) {
		if (!rule->views[i]->trace_only)
			return false;
	}
	return rule->view_count > 0;
}

static void check_placement(struct ruleset *set, const struct rule *rule)
{
	struct str reason = set->unplaced[rule->index];

	if (rule->view_count == 0)
		diag_add(&set->diags, DIAG_WARNING, "E_UNMAPPED", rule->logsource.place,
			 "rule '%.*s' runs on nothing: %.*s", STR_ARG(rule->title),
			 STR_ARG(reason));
	else if (all_trace_only(rule))
		diag_add(&set->diags, DIAG_WARNING, "W_TRACE_ONLY", rule->logsource.place,
			 "rule '%.*s' cannot hit: such events are in ETW traces, never in an "
			 "event log",
			 STR_ARG(rule->title));
}

// ---- metadata -----------------------------------------------------------

// [a-z0-9_-]+\.[a-z0-9._-]+ (sigma-engine.md 1.2)
static bool is_tag(struct str tag)
{
	size_t dot = str_find_char(tag, '.', 0);

	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.ptr[i];

		if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '_' && c != '-' &&
		    c != '.')
			return false;
	}
	return dot != 0 && dot + 1 < tag.len;
}

static void check_tags(struct ruleset *set, const struct rule *rule)
{
	for (size_t i = 0; i < rule->tag_count; i++) {
		struct str tag = rule->tags[i];

		// Without a dot it was reported at loading.
		if (str_find_char(tag, '.', 0) != SIZE_MAX && !is_tag(tag))
			diag_add(&set->diags, DIAG_WARNING, "W_TAG_FORM", rule->tags_place,
				 "tag '%.*s' is not of the form namespace.name in lower case",
				 STR_ARG(tag));
	}
}

static void check_classes(struct ruleset *set, const struct rule *rule)
{
	for (size_t i = 0; i < rule->allowlist_count; i++) {
		enum allow_class class;
		struct diag *diag;

		if (allow_class_from_name(rule->allowlist[i], &class))
			continue;
		diag = diag_add(&set->diags, DIAG_WARNING, "W_ALLOWLIST_CLASS",
				rule->allowlist_place, "unknown allowlist class '%.*s'",
				STR_ARG(rule->allowlist[i]));
		diag_hint(&set->diags, diag, "classes are %s, %s, %s, %s and %s",
			  allow_class_name(ALLOW_SECONDARY_NAMESERVERS),
			  allow_class_name(ALLOW_MONITORING_TOOLS),
			  allow_class_name(ALLOW_ASSESSMENTS),
			  allow_class_name(ALLOW_EXTERNAL_SCANNERS),
			  allow_class_name(ALLOW_AUTHORISED_OPERATORS));
	}
}

void check_allowlist_classes(struct ruleset *set)
{
	for (size_t i = 0; i < set->count; i++)
		check_classes(set, set->rules[i]);
}

void check_rules(struct ruleset *set)
{
	check_identities(set);
	check_allowlist_classes(set);
	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		check_tags(set, rule);
		if (rule->kind == RULE_DETECTION)
			check_placement(set, rule);
		if (rule->kind != RULE_CORRELATION)
			check_detection(set, rule);
	}
}
