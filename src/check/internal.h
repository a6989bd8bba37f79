// SPDX-License-Identifier: Apache-2.0
// Shared by the checks.
#ifndef CHECK_INTERNAL_H
#define CHECK_INTERNAL_H

#include "sigma/ruleset.h"

// ---- patterns.c: what one pattern says about another ---------------------
// Both answer true only when it is certain.

// Every value that satisfies `a` satisfies `b`.
bool pattern_implies(const struct pattern *a, const struct pattern *b);
// No field satisfies both; `single`: the field has one value at most.
bool pattern_excludes(const struct pattern *a, const struct pattern *b, bool single);
// Can the pattern be true when the field is absent?
bool pattern_takes_absence(const struct pattern *p);
// Does the text satisfy the pattern? 1 yes, 0 no, -1 not known here.
int pattern_matches(const struct pattern *p, struct str text);

// ---- sources.c: what a view can show --------------------------------------

// Can a record of the view never have the field?
bool source_lacks(const struct logsources *sources, const struct view *view, struct str field);
// Has the field one value at most in every record of the view (may be NULL)?
bool source_single(const struct logsources *sources, const struct view *view, struct str field);

// ---- logic.c: can an expression be true, or false? ------------------------

struct logic {
	const struct logsources *sources;
	const struct detection *detection;
	const struct view *view; // what is known of the records; NULL = nothing
	bool facts;		 // use event ids and absent fields of the view
	long *budget;		 // what is left of it; below 0 nothing is known any more
};

// The first contradiction that was met: values of items that had to match
// (`wanted`) or not. `b` is NULL when `a` alone cannot be.
struct clash {
	const struct item *a, *b; // a is NULL when there was none
	struct str a_text, b_text;
	bool a_wanted, b_wanted;
};

enum logic_answer { LOGIC_NEVER, LOGIC_SOMETIMES, LOGIC_UNKNOWN };

// Is there an event for which `expr` has the truth value `wanted`?
enum logic_answer logic_possible(const struct logic *logic, const struct expr *expr, bool wanted,
				 struct clash *clash);

// ---- regexes.c ------------------------------------------------------------

// The offset of a repeated group that holds nothing but a repetition, such as
// (a+)+ before something that may fail; SIZE_MAX when there is none.
size_t regex_nested_repetition(struct str pattern);

// ---- detections.c ---------------------------------------------------------

// All checks of the detection of a rule or filter.
void check_detection(struct ruleset *set, const struct rule *rule);

#endif
