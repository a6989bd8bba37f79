// SPDX-License-Identifier: Apache-2.0
// Choosing rules.
#include "sigma/rule_choice.h"

static bool has_tag(const struct globs *globs, struct arena *scratch, const struct rule *rule)
{
	for (size_t i = 0; i < rule->tag_count; i++) {
		if (globs_fit(globs, scratch, rule->tags[i]))
			return true;
	}
	return false;
}

static bool is_called(const struct globs *globs, struct arena *scratch, const struct rule *rule)
{
	return globs_fit(globs, scratch, rule->id) || globs_fit(globs, scratch, rule->name) ||
	       globs_fit(globs, scratch, rule->title);
}

bool rule_choice_takes(const struct rule_choice *choice, const struct rule *rule)
{
	struct arena scratch = {0};
	bool takes;

	if (rule->kind == RULE_FILTER)
		return true;
	takes = rule->level >= choice->min_level &&
		choice_takes(&choice->status, &scratch, rule->status) &&
		(choice->tag.only.count == 0 || has_tag(&choice->tag.only, &scratch, rule)) &&
		!has_tag(&choice->tag.except, &scratch, rule) &&
		(choice->rule.only.count == 0 || is_called(&choice->rule.only, &scratch, rule)) &&
		!is_called(&choice->rule.except, &scratch, rule);
	arena_release(&scratch);
	return takes;
}
