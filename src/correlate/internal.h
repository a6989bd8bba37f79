// SPDX-License-Identifier: Apache-2.0
// Between the files of correlate/.
#ifndef CORRELATE_INTERNAL_H
#define CORRELATE_INTERNAL_H

#include "base/map.h"
#include "base/runs.h"
#include "correlate/correlate.h"

// ---- plan.c: what refers to what ----------------------------------------

// A reference of a correlation to a rule (a detection, or a correlation below).
struct reference {
	const struct rule *correlation;
	size_t ref; // which of its `rules`
	// Where, in the names of the rule referred to, stand the fields of the group, the
	// values, and what correlations above ask for.
	size_t *group, *values, *passed;
};

// What stands about a rule, by its index.
struct node {
	bool works;	   // a correlation that is evaluated
	struct str *names; // fields that correlations above need of its hits
	size_t name_count;
	struct reference *references; // to it
	size_t reference_count;
	unsigned level; // of a correlation: 0 = over detections only
	uint32_t place; // of a correlation, in the order of evaluation: level by level
	// Of a correlation: the names that are not in its group, and where each name stands
	// in the texts of its inputs.
	size_t *passed;
	size_t passed_count;
	size_t *text_at;
	struct corr_diagnostic *diagnostic;
};

struct correlations {
	const struct ruleset *set;
	uint64_t memory;
	struct arena arena;
	struct node *nodes;	   // by rule index
	const struct rule **order; // correlations, by place
	size_t count;
	unsigned levels;
	struct corr_diagnostic *diagnostics; // by place
	struct spill *spill;		     // of what is below; NULL without correlations
	struct runs **points;		     // inputs that correlations below a level make for it
	struct spill *details;		     // of a group's inputs
};

// Set what of `c` comes from the rules.
void plan_make(struct correlations *c);

// ---- item.c: an input of a correlation, as it lies in the runs -----------

// Fields of a hit or of a point, by the names of the rule that it belongs to. A text
// without ptr is missing.
struct facts {
	const struct str *texts;
	const struct corr_record *record;
};

// What an input of a correlation is made of. Slices are those of the item.
struct corr_item {
	uint32_t place;	  // of the correlation
	struct str group; // folded; to be compared only
	struct corr_record record;
	uint32_t ref;
	double number;	   // of numeric value_* types
	struct str *texts; // of the group, the values, what is passed on; in an arena
	struct str detail; // the part of the item that item_detail() reads
};

// Scratch memory of who makes items.
struct item_maker {
	struct arena arena;
	struct buf key, body;
};

// Append the input that `facts` are to the correlation that refers; without a field it
// needs, it is counted in the diagnostic instead.
MUST_USE enum rc item_put(struct item_maker *maker, const struct correlations *c,
			  const struct reference *reference, const struct facts *facts,
			  struct corr_diagnostic *diagnostic, struct runs *runs, struct err *err);
void item_maker_release(struct item_maker *maker);

// The order of items.
int item_order(struct str a, struct str b);
// Read an item. Its texts go to `arena`.
void item_read(const struct correlations *c, struct str bytes, struct arena *arena,
	       struct corr_item *out);
// Read `detail` of an item of the correlation: record, ref and texts.
void item_read_detail(const struct correlations *c, const struct rule *correlation,
		      struct str detail, struct arena *arena, struct corr_item *out);

// Has the type numbers for values?
bool correlation_is_numeric(const struct correlation *corr);

// ---- evaluate.c: after the scan ------------------------------------------

// Evaluate all, in order, over what `feed` brings.
MUST_USE enum rc correlations_evaluate(struct correlations *c, struct runs_reader *feed,
				       corr_alerts_fn *take, void *user, struct err *err);

// ---- series -------------------------------------------------------------

// Number of a value of a series, from 1; 0 = the type has none.
typedef uint32_t text_id;

// An input of the group at work.
struct input {
	uint64_t time;
	uint64_t detail; // where the rest of it lies
	double number;	 // of numeric value_* types
	uint32_t record; // equal for inputs of one record
	uint32_t ref;	 // which of the correlation's `rules` it satisfies
	text_id value;	 // of types that count distinct values
	uint32_t detail_len;
};

// Inputs of one group, in order, or a part of them.
//
// A group that is too large for memory comes in parts: each begins with what was kept of
// the one before, and ends between two records. The functions that run over a series give
// back how many items at its front are not needed any more; the others are to be kept.
struct series {
	const struct input *items;
	size_t count;
	size_t anchor; // where the next window begins
	size_t point;  // items in front of it were asked for points
	bool is_last;  // no part follows
};

// A window that satisfied its condition.
struct finding {
	size_t from, to; // items [from, to]
	size_t trigger;
	double value;
	const size_t *chain; // the items that count: of a chain that is complete, of
			     // a rare value; NULL = all of [from, to]
	size_t chain_count;
};

// Receives findings in order of time.
typedef void finding_fn(void *user, const struct finding *finding);

// The first item that may be in a window with what follows the series.
size_t series_trailing(struct series s, uint64_t timespan);

// Both give findings to `found`, and to `points` (may be NULL) each item at which the
// condition is satisfied, for an outer correlation (4.4): their trigger, for of their window
// a part has what is needed to tell. `anchor` and `point` are brought up to date.

// window.c: types with an aggregate. `counts` is zeroed working memory with a cell for
// every value number and every rule; it is left zeroed.
size_t window_run(const struct correlation *corr, struct series *series, uint32_t *counts,
		  finding_fn *found, finding_fn *points, void *user);
// temporal.c: string conditions.
size_t expression_run(const struct correlation *corr, struct series *series, finding_fn *found,
		      finding_fn *points, void *user);

// temporal.c, for window_run: chains from the series' anchor on that satisfy a condition
// without upper bound. Gives back the next anchor.
size_t ordered_run(const struct correlation *corr, struct series s, finding_fn *found, void *user);

// How a value stands to the bounds of a condition.
enum bound_state { BOUND_OK, BOUND_BELOW, BOUND_ABOVE };
enum bound_state bounds_check(const struct correlation *corr, double value);
// Can a larger value break the condition?
bool bounds_have_upper(const struct correlation *corr);

#endif
