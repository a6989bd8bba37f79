// SPDX-License-Identifier: Apache-2.0
// The names whose value is the same for all events of a plan.
#ifndef MATCH_PLAN_NAMES_H
#define MATCH_PLAN_NAMES_H

#include "base/str.h"

#define PLAN_NAMES 3
extern const struct str plan_names[PLAN_NAMES]; // EventID, Channel, Provider_Name

bool is_plan_name(struct str name);

#endif
