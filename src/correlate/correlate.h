// SPDX-License-Identifier: Apache-2.0
// Correlations over base hits (sigma-engine.md 4), in bounded memory.
//
// While logs are scanned each hit of a referenced rule is fed in: its time, its
// record and the fields that some correlation needs, once for each correlation that
// refers to the rule. These inputs lie in sorted runs (base/runs.h), by correlation,
// group, then (time, computer, channel, record id, file). After the scan
// correlations_run reads them back, group by group; the result depends neither on
// the order of feeding nor on threads.
//
// In memory is one group at a time, and of it what lies between two pauses as long as
// the timespan, for no window reaches over such a pause; of too many without a pause, only
// what windows to come can still reach (segment.c, shorten).
#ifndef CORRELATE_CORRELATE_H
#define CORRELATE_CORRELATE_H

#include "base/spill.h"
#include "match/match.h"

// Those of a rule set that work. Shared by the correlators of one scan.
struct correlations;

// What one thread feeds.
struct correlator;

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
	struct str value; // spelling of the group's earliest record
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
	uint64_t too_many;	// of groups that have more of them in one timespan than half of
				// memory holds; or of such groups of a correlation below, and
				// then nothing is said of any group
};

// Receives alerts, which are good until it returns. Order: by correlation, then
// group, then time.
typedef void corr_alerts_fn(void *user, const struct corr_alert *alerts, size_t count);

// `memory`: bytes that the inputs of one group may take while they are looked at, and
// those of alerts until they are handed over.
struct correlations *correlations_new(const struct ruleset *set, uint64_t memory);
// Accepts NULL; after the correlators.
void correlations_free(struct correlations *correlations);

// `budget` bytes are held before they go to `spill`, which outlives the correlator.
struct correlator *correlator_new(struct correlations *correlations, size_t budget,
				  struct spill *spill);
// Accepts NULL.
void correlator_free(struct correlator *correlator);

// Is the rule referenced by a correlation that works?
bool correlator_wants(const struct correlator *correlator, const struct rule *rule);

// Feed one hit of the event that `state` evaluated last. RC_FATAL when it could not be
// kept.
MUST_USE enum rc correlator_feed(struct correlator *correlator, const struct match *match,
				 struct match_state *state, const struct corr_record *record,
				 struct err *err);

// Evaluate, once, what the correlators were fed. Alerts of correlations that another
// one hides are left out. RC_FATAL when inputs could not be kept or read back.
MUST_USE enum rc correlations_run(struct correlations *correlations, struct correlator **fed,
				  size_t count, corr_alerts_fn *take, void *user, struct err *err);
// One per correlation, after correlations_run.
size_t correlations_diagnostics(const struct correlations *correlations,
				const struct corr_diagnostic **out);

#endif
