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

enum tag_kind tag_kind(struct str tag);

// A technique as "T1596.001", a tactic as "Credential Access", others as they are,
// without "attack.". In `arena` or in `tag`.
struct str tag_text(struct str tag, struct arena *arena);

#endif
