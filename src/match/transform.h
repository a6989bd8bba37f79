// SPDX-License-Identifier: Apache-2.0
// Value transforms of rules/logsources.yml.
#ifndef MATCH_TRANSFORM_H
#define MATCH_TRANSFORM_H

#include "base/arena.h"
#include "sigma/logsource.h"

// The transformed text, in `arena` or part of `in`. False: the transform has
// no result for this value, and the field counts as absent.
bool transform_apply(const struct transform *transform, struct arena *arena, struct str in,
		     struct str *out);

#endif
