// SPDX-License-Identifier: Apache-2.0
// Well-known fields of Windows events as fields of the Elastic Common Schema, by
// tables: which event a record is, and what ECS calls its fields.
//
// Names and types are those of ECS 8.17, the choice of fields is that of Winlogbeat and
// of Elastic's integration for DNS servers. A value that does not have the type of its
// ECS field (a text for an address or a number) is left out: an index would refuse the
// whole hit. "-", "" and the null SID say that there is none.
#ifndef OUTPUT_ECS_FIELDS_H
#define OUTPUT_ECS_FIELDS_H

#include "base/arena.h"
#include "output/hit.h"

// What kind of event this is, for event.category, type and outcome; NULL where it
// is not known for certain.
struct ecs_event {
	const char *provider;
	uint32_t first, last; // event ids
	unsigned kinds;	      // private: which rows of the table of fields hold
	const char *category; // NULL = none
	const char *types[3]; // up to the first NULL
	const char *outcome;  // NULL = none
};

const struct ecs_event *ecs_event_of(const struct hit *hit);

// An ECS field with its value.
struct ecs_value {
	const char *path; // "process.parent.pid"
	enum ecs_kind { ECS_TEXT, ECS_NUMBER, ECS_TEXTS } kind;
	struct str text;
	uint64_t number;
	const struct str *texts;
	size_t count;
};

// Those of a hit with its fields (NEED_FIELDS), grouped by object: what has a common
// beginning stands together. In `arena`; returns how many there are.
size_t ecs_values_of(const struct hit *hit, const struct ecs_event *event, struct arena *arena,
		     struct ecs_value **out);

#endif
