// SPDX-License-Identifier: Apache-2.0
// The payload of a described event -> the tree that the writer stores.
#ifndef SYNTH_PAYLOAD_H
#define SYNTH_PAYLOAD_H

#include "evtx/xmltree.h"
#include "synth/source.h"

// The payload of a merged event: EventData from `data`, `data_name` and
// `binary`, or the element below `user_data`; an empty EventData when it has
// none of them. Lives in the copy's arena. NULL after a diagnostic.
struct xml_element *payload_build(struct source *source, const struct yaml_node *event,
				  bool *user_data);

#endif
