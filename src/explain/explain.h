// SPDX-License-Identifier: Apache-2.0
// Explanations: how a rule is compiled, why it did or did not hit an event, and
// whether the rules of a set could have hit in given logs.
//
// All text goes to a buffer, escaped for terminals (output/escape.h).
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include "allow/allow.h"
#include "base/buf.h"
#include "event/event.h"
#include "sigma/ruleset.h"

// ---- a rule -------------------------------------------------------------

struct explain;

// `set` must be linked and outlive it.
struct explain *explain_new(const struct ruleset *set);
void explain_free(struct explain *explain);

// Log sources, plan, regular expressions, filters, correlations, allowlist.
void explain_rule(struct explain *explain, const struct rule *rule, struct buf *out);

// ---- a rule and events --------------------------------------------------

struct trace;

// `rule` is a detection rule. The `most` events that came closest to a hit are
// kept: hits first, then by the share of the condition that held, then in order
// of the log. `list` may be NULL.
struct trace *trace_new(struct explain *explain, const struct rule *rule,
			const struct allowlist *list, size_t most);
void trace_free(struct trace *trace);
void trace_event(struct trace *trace, const struct event *event, struct str path);
// The events that are kept, then counts of all.
void trace_put(const struct trace *trace, struct buf *out);

// ---- a rule set and events ----------------------------------------------

struct coverage;

struct coverage *coverage_new(struct explain *explain);
void coverage_free(struct coverage *coverage);
void coverage_event(struct coverage *coverage, const struct event *event);
// One line a rule, then (as a table only) counts; `jsonl`: one object a line.
void coverage_put(struct coverage *coverage, bool jsonl, struct buf *out);

#endif
