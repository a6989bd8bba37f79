// SPDX-License-Identifier: Apache-2.0
// What the tags of a rule mean: tactics and techniques of MITRE ATT&CK, others.
#ifndef OUTPUT_TAGS_H
#define OUTPUT_TAGS_H

#include "base/arena.h"

enum tag_kind {
	TAG_TACTIC,    // attack.credential-access, also with '_'
	TAG_TECHNIQUE, // attack.t1596, attack.t1596.001
	TAG_OTHER,     // attack.g0007, cve.2021-44228, detection.threat-hunting ...
};

// "T1596", what a sub-technique begins with.
#define TECHNIQUE_LEN 5

enum tag_kind tag_kind(struct str tag);

// A technique as "T1596.001", a tactic as "Credential Access", others as they are,
// without "attack.". In `arena` or in `tag`.
struct str tag_text(struct str tag, struct arena *arena);

// The texts of those tags that are of the kind, in order; an array in `arena`.
struct str *tags_select(const struct str *tags, size_t count, enum tag_kind kind,
			struct arena *arena, size_t *out_count);

// "TA0043" for a tag of the tactic Reconnaissance; empty for other tags.
struct str tag_tactic_id(struct str tag);

#endif
