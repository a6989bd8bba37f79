// SPDX-License-Identifier: Apache-2.0
// From a hit, as JSON, to the narrowest entry or filter that silences it.
#ifndef EXPLAIN_PROPOSE_H
#define EXPLAIN_PROPOSE_H

#include "allow/allow.h"
#include "base/buf.h"
#include "base/err.h"

struct propose_options {
	const char *class;   // section of the allowlist; NULL = the first that takes the hit
	const char *owner;   // NULL = to be filled in
	const char *expires; // as an allowlist writes it; NULL = 90 days after the hit
};

struct proposal;

// `line` is one line of `scan -t jsonl`, the `number`th of its file. When the
// rule names classes of the allowlist, an entry is proposed, else a Sigma
// filter for the rule. NULL with the reasons in `why` (one a line) when the
// line is no hit, lacks the facts, or what would silence it would blind a rule.
struct proposal *proposal_new(const struct propose_options *options, struct str line,
			      uint64_t number, struct buf *why);
void proposal_free(struct proposal *proposal);

// A document of its own: an allowlist or a filter.
struct str proposal_text(const struct proposal *proposal);

// Would it silence the hit on `line`, as far as the line shows? When it would,
// `name` gets when, which rule and which computer, escaped for terminals.
bool proposal_silences(const struct proposal *proposal, struct str line, struct buf *name);

#endif
