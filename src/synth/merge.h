// SPDX-License-Identifier: Apache-2.0
// Laying one partial event over another.
#ifndef SYNTH_MERGE_H
#define SYNTH_MERGE_H

#include "base/arena.h"
#include "yaml/yaml.h"

// `base` (NULL: nothing) with the keys of `over`: a key of `over` replaces the
// one of `base` in its place, new ones go to the end, a null removes. `data`
// mappings are merged by name, `user_data` by element, all else is replaced
// whole; a payload of one kind removes one of the other kind. Both must be
// mappings; the new mapping lives in `arena` and shares their nodes.
struct yaml_node *merge_events(struct arena *arena, const struct yaml_node *base,
			       const struct yaml_node *over);

#endif
