// SPDX-License-Identifier: Apache-2.0
// Between the files of correlate/.
#ifndef CORRELATE_INTERNAL_H
#define CORRELATE_INTERNAL_H

#include "base/map.h"
#include "correlate/correlate.h"

// Number of an interned text; 0 = the field is missing.
typedef uint32_t text_id;

// A base hit, or a point at which an inner correlation was satisfied.
struct input {
	uint64_t time;
	size_t rank;			// of its record in the order of 4.4
	size_t record;			// index of the record
	size_t ref;			// which of the correlation's `rules` it satisfies
	const text_id *fields;		// of the base rule's needed names
	const struct rule *base;	// whose needed names `fields` follows
	const struct corr_inner *inner; // NULL for a base hit
	size_t group;			// number of the group key
	text_id value;			// interned value (or tuple) of value_* types
	double number;			// of numeric value_* types
};

// What an outer correlation can ask of an inner one's satisfaction point.
struct corr_inner {
	const struct rule *rule;
	const struct str *names; // group-by
	const text_id *values;
	size_t count;
};

// A base hit as fed.
struct observation {
	size_t record;
	const text_id *fields; // one per needed name of the rule
};

// What is kept per detection rule that some correlation refers to.
struct base_rule {
	bool wanted;
	struct str *names; // fields that correlations above it need
	size_t name_count;
	struct observation *items;
	size_t count, cap;
};

// A result of a correlation that another one may use.
struct point {
	uint64_t time;
	size_t record;
	const struct input *trigger;
	struct corr_inner inner;
};

struct corr_results {
	bool done;
	uint64_t lost; // hits of rules below that have too many
	struct point *points;
	size_t point_count, point_cap;
};

// How an interned text is shown.
struct spelling {
	struct str text;
	size_t record; // index of the record that wrote it so
};

struct correlator {
	const struct ruleset *set;
	struct corr_budget *budget;
	struct arena arena;
	struct map texts;	    // folded text -> id
	struct map kept;	    // texts of records
	struct spelling *spellings; // by id - 1
	size_t text_count, text_cap;
	struct corr_record **records;
	size_t record_count, record_cap;
	size_t *rank;		      // of each record, after sorting
	struct base_rule *base;	      // by rule index
	struct corr_results *results; // by rule index
	struct corr_alert *alerts;
	size_t alert_count, alert_cap;
	struct corr_diagnostic *diagnostics;
	size_t diagnostic_count;
};

// budget.c
// Has the rule too many hits (so far)? Then more are counted only.
bool budget_is_spent(const struct corr_budget *budget, const struct rule *rule);
// A hit of the rule that takes so many bytes; 0: it is not kept.
void budget_count(struct corr_budget *budget, const struct rule *rule, size_t bytes);
uint64_t budget_hits(const struct corr_budget *budget, const struct rule *rule);

// correlate.c: the field behind a group-by or value name for hits of `rule`
// (aliases, 4.2).
struct str correlation_field(const struct correlation *corr, struct str name,
			     const struct rule *rule);

// evaluate.c: run `rule` (a correlation that works) once, after those below it.
// Records must have been ranked.
void correlation_evaluate(struct correlator *c, const struct rule *rule);

// Inputs of one group, in order.
struct series {
	const struct input *items;
	size_t count;
};

// A window that satisfied its condition.
struct finding {
	size_t from, to; // items [from, to]
	size_t trigger;
	double value;
	const size_t *chain; // the items that count: of an ordered type's chain, of
			     // a rare value; NULL = all of [from, to]
	size_t chain_count;
};

// Receives findings in order of time.
typedef void finding_fn(void *user, const struct finding *finding);

// window.c: types with an aggregate. `points` (may be NULL) receives each item
// at which the condition is satisfied, for an outer correlation. `counts` is
// zeroed working memory with a cell for every value number and every rule; it
// is left zeroed.
void window_run(const struct correlation *corr, struct series series, uint32_t *counts,
		finding_fn *found, finding_fn *points, void *user);

// temporal.c: chains, and string conditions.
void ordered_run(const struct correlation *corr, struct series series, finding_fn *found,
		 void *user);
void expression_run(const struct correlation *corr, struct series series, finding_fn *found,
		    void *user);

// How a value stands to the bounds of a condition.
enum bound_state { BOUND_OK, BOUND_BELOW, BOUND_ABOVE };
enum bound_state bounds_check(const struct correlation *corr, double value);
// Can a larger value break the condition?
bool bounds_have_upper(const struct correlation *corr);

#endif
