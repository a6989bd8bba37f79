// SPDX-License-Identifier: Apache-2.0
// Checks of a rule set beyond what loading needs: faults of meaning.
//
// A warning is given only for what is certainly so: a doubt is no warning. What
// a log source can carry is known from the mapping (`absent:`, `event_fields:`)
// and nowhere else.
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "sigma/ruleset.h"

// Check a linked set; diagnostics (W_*, E_UNMAPPED as a warning, notes N_*) are
// added to set->diags. The rules stay as they are.
void check_rules(struct ruleset *set);

// The one of them that scans need: rules whose `allowlist` names a class that
// no section has, so that nothing would ever be silenced by it.
void check_allowlist_classes(struct ruleset *set);

#endif
