// SPDX-License-Identifier: Apache-2.0
// Checked rules: what the rest of the program sees of Sigma.
//
// A rule set is built once and then read-only; everything in it lives in its
// arena. Terms and numbers (S-..., D-...) are those of sigma-engine.md.
#ifndef SIGMA_RULE_H
#define SIGMA_RULE_H

#include "base/diag.h"
#include "base/ip.h"
#include "base/regex.h"
#include "yaml/yaml.h"

// ---- values -------------------------------------------------------------

// Text of a pattern is an array of code points with these besides.
#define PAT_ANY_RUN 0xFFFFFFF0u // `*`
#define PAT_ANY_ONE 0xFFFFFFF1u // `?`
#define PAT_DASH 0xFFFFFFF2u	// windash: what pat_is_dash() takes

static inline bool pat_is_wild(uint32_t cp)
{
	return cp >= PAT_ANY_RUN;
}

static inline bool pat_is_dash(uint32_t cp)
{
	return cp == '-' || cp == '/' || (cp >= 0x2013 && cp <= 0x2015);
}

enum compare_op { COMPARE_EQ, COMPARE_NEQ, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };

// A number: exact as an integer where it is one, else as double.
struct number {
	bool is_integer;
	bool negative;
	uint64_t magnitude;
	double real;
};

enum time_part { TIME_MINUTE, TIME_HOUR, TIME_DAY, TIME_WEEK, TIME_MONTH, TIME_YEAR };
enum text_relation { RELATION_EQUAL, RELATION_PREFIX, RELATION_SUFFIX, RELATION_CONTAINS };

enum pattern_kind {
	PATTERN_TEXT,
	PATTERN_REGEX,
	PATTERN_CIDR,
	PATTERN_NUMBER, // comparison, also plain equality
	PATTERN_BOOL,
	PATTERN_NULL,
	PATTERN_EXISTS,
	PATTERN_FIELD,	// fieldref
	PATTERN_TIME,	// part of a timestamp
	PATTERN_ANY_OF, // one written value that stands for several (Exp)
};

struct pattern {
	enum pattern_kind kind;
	struct str written; // as in the rule, for reports
	union {
		struct {
			uint32_t *cps;
			size_t count;
			bool cased;
			bool bytes; // code points are bytes of an encoding
		} text;
		struct {
			struct str source;
			unsigned flags; // enum regex_flags
			struct regex *compiled;
		} regex;
		struct ip_net cidr;
		struct {
			enum compare_op op;
			struct number value;
			bool compared; // lt, gte, ...: not plain equality
		} number;
		bool boolean; // PATTERN_BOOL, PATTERN_EXISTS
		struct {
			struct str name;
			enum text_relation relation;
		} field;
		struct {
			enum time_part part;
			enum compare_op op;
			int64_t value;
			bool compared;
		} time;
		struct {
			struct pattern *list;
			size_t count;
		} any_of;
	};
};

// `field|modifiers: values`, or a keyword when `field` is empty.
struct item {
	struct str field;
	bool all; // every value must match, else any
	bool neq; // negate the finished item
	struct pattern *patterns;
	size_t count;
	struct place place;
	size_t index; // in the rule set, set by ruleset_link
};

// Does it compare its field with another one of the same event?
static inline bool item_has_fieldref(const struct item *item)
{
	for (size_t i = 0; i < item->count; i++) {
		if (item->patterns[i].kind == PATTERN_FIELD)
			return true;
	}
	return false;
}

// ---- detection ----------------------------------------------------------

enum expr_kind { EXPR_ITEM, EXPR_SELECTION, EXPR_AND, EXPR_OR, EXPR_NOT };

struct expr {
	enum expr_kind kind;
	struct item *item;  // EXPR_ITEM
	size_t selection;   // EXPR_SELECTION: index into the detection
	struct expr **kids; // AND, OR: two or more; NOT: one
	size_t count;
};

struct selection {
	struct str name;
	struct place place;
	struct expr *body;
};

struct detection {
	struct selection *selections;
	size_t selection_count;
	struct expr **conditions; // a list is OR: the first true one counts
	struct place *condition_places;
	size_t condition_count;
};

struct logsource {
	struct str category, product, service; // lower case, empty = not set
	struct place place;
};

// ---- correlation --------------------------------------------------------

enum correlation_type {
	CORR_EVENT_COUNT,
	CORR_VALUE_COUNT,
	CORR_TEMPORAL,
	CORR_TEMPORAL_ORDERED,
	CORR_VALUE_SUM,
	CORR_VALUE_AVG,
	CORR_VALUE_PERCENTILE,
	CORR_VALUE_MEDIAN,
};

struct rule;

struct rule_ref {
	struct str name; // id (normalised) or name, as resolved
	struct place place;
	struct rule *target; // NULL until linked
};

static inline bool correlation_is_temporal(enum correlation_type type)
{
	return type == CORR_TEMPORAL || type == CORR_TEMPORAL_ORDERED;
}

struct correlation_bound {
	enum compare_op op;
	double value;
};

// A group-by name: where an alias maps it, the field depends on the rule.
struct correlation_alias {
	struct str name;
	struct rule_ref *rules;
	struct str *fields;
	size_t count;
};

// String conditions of temporal types (4.6); leaves are indexes into `rules`. Those of
// `temporal` are distinct once they are linked, and its default condition is set.
struct correlation {
	enum correlation_type type;
	struct str type_name;
	struct rule_ref *rules;
	size_t rule_count;
	struct str *group_by;
	size_t group_count;
	struct correlation_alias *aliases;
	size_t alias_count;
	uint64_t timespan; // ticks
	struct correlation_bound *bounds;
	size_t bound_count;
	struct str *fields; // of value_* types
	size_t field_count;
	bool has_percentile;
	double percentile;
	struct expr *expression; // NULL without a string condition
	bool generate;
};

// ---- filter -------------------------------------------------------------

struct filter {
	bool any; // applies to every rule its log source contains
	struct rule_ref *rules;
	size_t rule_count;
	struct detection detection; // what must hold for a hit to stay
};

// ---- rule ---------------------------------------------------------------

enum rule_kind { RULE_DETECTION, RULE_CORRELATION, RULE_FILTER };

enum rule_level {
	LEVEL_UNSET,
	LEVEL_INFORMATIONAL,
	LEVEL_LOW,
	LEVEL_MEDIUM,
	LEVEL_HIGH,
	LEVEL_CRITICAL,
};

struct rule_attribute {
	struct str name;
	struct str value; // lists are joined by ", "
};

struct rule {
	enum rule_kind kind;
	size_t index; // in the rule set, order of loading
	struct str path;
	struct place place;						// of the document
	struct place id_place, name_place, tags_place, allowlist_place; // 0:0 = not there
	struct str id; // normalised UUID, or as written; may be empty
	struct str name, title, description, author, status, date, modified;
	enum rule_level level;
	struct str *tags, *references, *falsepositives, *fields;
	size_t tag_count, reference_count, falsepositive_count, field_count;
	struct rule_attribute *attributes; // custom ones, for output
	size_t attribute_count;

	// Our own attributes (design.md 5).
	int risk_score; // -1 = not set
	struct str branch;
	struct str *allowlist; // classes that may silence it
	size_t allowlist_count;

	struct logsource logsource;
	const struct view **views; // where it can match; none = not placed
	size_t view_count;
	struct detection detection;
	struct correlation *correlation;
	struct filter *filter;

	struct rule **filters; // that apply to this detection rule
	size_t filter_count;
	bool referenced; // by a correlation
	bool hidden;	 // referenced by one with `generate: false`
	bool broken;	 // correlation whose references do not resolve
	bool unused;	 // not chosen (ruleset.h), and no correlation needs it: it runs on nothing
};

const char *rule_level_name(enum rule_level level); // "" for LEVEL_UNSET
// Case-insensitive; false for another word.
bool rule_level_parse(struct str text, enum rule_level *out);

#endif
