// SPDX-License-Identifier: Apache-2.0
// Correlations over base hits (sigma-engine.md 4).
//
// While logs are scanned each hit of a referenced rule is fed in: its time, its
// record and the fields that some correlation needs, as numbers of interned
// texts. After the scan correlator_run sorts them by (time, computer, channel,
// record id, file) and evaluates every correlation; the result depends neither
// on the order of feeding nor on threads.
#ifndef CORRELATE_CORRELATE_H
#define CORRELATE_CORRELATE_H

#include "match/match.h"

struct correlator;

// What the hits that the correlators of one scan keep may take; they share it.
struct corr_budget;

// A record that hits refer to. Texts are copied by correlator_feed.
struct corr_record {
	uint64_t sequence; // unique per record, ascending within a file and over files
	uint64_t time;
	uint64_t record_id;
	uint64_t header_id, chunk, offset;
	uint32_t event_id;
	uint32_t file; // index, known to the caller
	struct str computer, channel, provider;
};

struct corr_pair {
	struct str name;
	struct str value; // spelling of the earliest record
};

// A record's part in an alert.
struct corr_member {
	const struct corr_record *record;
	const struct rule *rule; // base rule, or the inner correlation
};

struct corr_alert {
	const struct rule *rule;
	const struct corr_pair *group;
	size_t group_count;
	double value;
	uint64_t first, trigger, last;	   // times
	const struct corr_record *record;  // the trigger record
	const struct corr_member *members; // capped at LIMIT_ALERT_RECORDS
	size_t member_count;
	uint64_t member_total;
	const struct str *values; // distinct values of value_count, capped
	size_t value_count;
	uint64_t value_total;
};

// Hits that a correlation could not use.
struct corr_diagnostic {
	const struct rule *rule;
	uint64_t without_group; // lacked a group-by field
	uint64_t without_value; // lacked, or had no number in, the value field
	uint64_t too_many;	// hits of rules that have more than the budget holds; then
				// the correlation was not evaluated
};

// `bytes` for all rules of the set, half of it for a single one: the others are
// not lost with one that hits everywhere. Whether a rule has too many hits does
// not depend on the order of feeding or on threads. Freed after the correlators.
struct corr_budget *corr_budget_new(const struct ruleset *set, uint64_t bytes);
void corr_budget_free(struct corr_budget *budget);

// `budget`: NULL = no bound.
struct correlator *correlator_new(const struct ruleset *set, struct corr_budget *budget);
void correlator_free(struct correlator *correlator);

// Is the rule referenced by a correlation that works?
bool correlator_wants(const struct correlator *correlator, const struct rule *rule);

// Feed one hit of the event that `state` evaluated last.
void correlator_feed(struct correlator *correlator, const struct match *match,
		     struct match_state *state, const struct corr_record *record);

// Take over everything that `from`, of the same rule set and budget, was fed;
// `from` is empty afterwards.
void correlator_absorb(struct correlator *correlator, struct correlator *from);

// Evaluate. Alerts of correlations that another one hides are left out. The
// results live as long as the correlator; order: by correlation, then group,
// then time.
size_t correlator_run(struct correlator *correlator, const struct corr_alert **alerts);
// One per correlation, after correlator_run.
size_t correlator_diagnostics(const struct correlator *correlator,
			      const struct corr_diagnostic **out);

#endif
