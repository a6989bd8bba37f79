// SPDX-License-Identifier: Apache-2.0
// The keys of a described event -> what the writer stores.
#ifndef SYNTH_EVENT_H
#define SYNTH_EVENT_H

#include "evtx/writer.h"
#include "synth/source.h"

// Check that a partial event is a mapping of known keys with one kind of
// payload; `use` is known only to events (`whole`). False after a diagnostic.
bool event_check_keys(struct source *source, const struct yaml_node *event, bool whole);
// Fill `event` from a merged description; all it points to lives in the copy's
// arena or in the nodes. record_id is 0 when the description has none. False
// after a diagnostic.
bool event_build(struct source *source, const struct yaml_node *node, struct evtx_event *event);
// The unsigned number under `key`, `fallback` when absent.
bool event_uint(struct source *source, const struct yaml_node *map, const char *key, uint64_t max,
		uint64_t fallback, uint64_t *out);

#endif
