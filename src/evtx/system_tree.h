// SPDX-License-Identifier: Apache-2.0
// The outer template: Event, System and the place of the payload.
#ifndef EVTX_SYSTEM_TREE_H
#define EVTX_SYSTEM_TREE_H

#include "evtx/writer.h"

// The tree of layout A (evtx-format.md 4.2) with the values of `event`; the
// payload is value 17. Lives in `arena`.
struct xml_element *system_tree(struct arena *arena, const struct evtx_event *event);

#endif
