// SPDX-License-Identifier: Apache-2.0
// Explanations: how a rule is compiled, why it did or did not hit an event, and
// whether the rules of a set could have hit in given logs.
//
// All text goes to a buffer, escaped for terminals (output/escape.h).
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include "allow/allow.h"
#include "base/buf.h"
#include "base/zone.h"
#include "event/event.h"
#include "match/match.h"
#include "output/ledger.h"
#include "sigma/ruleset.h"

// ---- a rule -------------------------------------------------------------

struct explain;

// `set` must be linked and outlive it.
struct explain *explain_new(const struct ruleset *set);
// Times of events are shown as those of the zone, which must outlive it; NULL = UTC.
void explain_set_zone(struct explain *explain, const struct zone *zone);
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
// Events on which a regular expression of the rule gave up: the rule may have missed them.
uint64_t trace_undecided(const struct trace *trace);
// The events that are kept, then counts of all.
void trace_put(const struct trace *trace, struct buf *out);

// ---- a rule set and events ----------------------------------------------

// Coverage: could each rule have hit in these logs, and which records were there?
// One object belongs to one thread; what several saw is put together.
struct coverage;

// `set` must be linked; it and the matcher made of it must outlive the object.
struct coverage *coverage_new(const struct ruleset *set, const struct matcher *matcher);
void coverage_free(struct coverage *coverage);
// A record that was looked at.
void coverage_see(struct coverage *coverage, const struct event *event);
// A rule matched one; `reported` unless it was silenced.
void coverage_fired(struct coverage *coverage, const struct rule *rule, bool reported);
// Take over what another one of the same set saw.
void coverage_absorb(struct coverage *coverage, const struct coverage *from);
// Fill in the kinds of records, sorted, and the rules, in their order. Texts live in
// the ledger or the rule set. Kinds beyond LIMIT_COVERAGE_KINDS are told by number only.
void coverage_fill(const struct coverage *coverage, struct ledger *ledger);

// The rules of a ledger: one line each and, as a table, counts; `jsonl`: one object a line.
void coverage_put(const struct ledger *ledger, bool jsonl, struct buf *out);

#endif
