// SPDX-License-Identifier: Apache-2.0
// Which rules of a set are used: by level, status, tag, and by name.
#ifndef SIGMA_RULE_CHOICE_H
#define SIGMA_RULE_CHOICE_H

#include "base/glob.h"
#include "sigma/rule.h"

// A zeroed struct takes every rule.
struct rule_choice {
	enum rule_level min_level; // rules without a level are below any
	struct choice status;	   // "experimental", ...; a rule without one has ""
	struct choice tag;	   // of a rule's tags one must fit, and none may
	struct choice rule;	   // id, name or title
};

// Filters are always taken: they belong to the rules that they filter.
bool rule_choice_takes(const struct rule_choice *choice, const struct rule *rule);

#endif
