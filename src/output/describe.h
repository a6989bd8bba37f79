// SPDX-License-Identifier: Apache-2.0
// What the formats for other programs share: a hit in a sentence, its
// fingerprint, the rank of its level, names for a search index.
#ifndef OUTPUT_DESCRIBE_H
#define OUTPUT_DESCRIBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "output/hit.h"

// 0 = no level or none of Sigma's, 1 = informational, ... 5 = critical.
#define DESCRIBE_LEVELS 6
unsigned describe_level(struct str level);

// "Title (high): host, Channel event 271, record 7. Name: value; Name: value".
// Long values are cut and say so; any bytes, to be escaped.
void describe_hit(struct buf *out, const struct hit *hit);

// The same for a hit of the same rule (id and title) on the same record of the same
// log (by its hash, else its path), in any order and company of inputs; for an alert of a
// correlation the same group and times count, too. 64 hexadecimal digits.
void describe_fingerprint(const struct hit *hit, char out[SHA256_TEXT_SIZE]);

// Bytes that tell the rule of a hit from all others of a set.
void describe_rule_key(struct buf *out, const struct hit *hit);

// A name as a search index takes it for a field: '.' would nest it, control
// characters and a name of blanks are refused; '_' stands for them. In `arena` or `name`.
struct str describe_index_name(struct str name, struct arena *arena);

#endif
