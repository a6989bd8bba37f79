// SPDX-License-Identifier: Apache-2.0
// One item of a rule, compiled: tests on the instances of a field.
#ifndef MATCH_TEST_H
#define MATCH_TEST_H

#include "match/fields.h"
#include "sigma/rule.h"

enum text_shape {
	SHAPE_ANY, // lone `*`
	SHAPE_EQUAL,
	SHAPE_PREFIX,
	SHAPE_SUFFIX,
	SHAPE_CONTAINS,
	SHAPE_GLOB, // wildcards inside
};

// A pattern compiled; mirrors struct pattern.
struct compiled_pattern {
	const struct pattern *pattern;
	enum text_shape shape; // PATTERN_TEXT
	struct str literal;    // folded unless cased
	const uint32_t *glob;  // SHAPE_GLOB, folded unless cased
	size_t glob_count;
	size_t field;			// PATTERN_FIELD: number of the field's name
	struct compiled_pattern *forms; // PATTERN_ANY_OF
	size_t form_count;
};

// What a test needs at run time besides the instances.
struct test_context {
	const struct event *event;
	struct regex_scratch *regex;
	bool *regex_gave_up;				       // set when a match limit was reached
	struct instances (*resolve)(void *user, size_t field); // for fieldref
	void *user;
};

// Number of a field name, made when it is new (matcher.c).
typedef size_t test_field_number(void *user, struct str name);

// Compile the patterns of an item. Keywords search inside the value, so text
// and numbers become substring patterns, but for numbers to compare with.
struct compiled_pattern *test_compile(struct arena *arena, const struct item *item,
				      test_field_number *number, void *user);

// Does one instance satisfy one pattern? Not for NULL and EXISTS.
bool test_instance(const struct compiled_pattern *p, struct instance *instance,
		   const struct test_context *ctx);

// Does the field (all its instances) satisfy the pattern?
bool test_field(const struct compiled_pattern *p, struct instances field,
		const struct test_context *ctx);

// The whole item: any or all of its patterns, negated with `neq`.
bool test_item(const struct item *item, const struct compiled_pattern *patterns,
	       struct instances field, const struct test_context *ctx);

#endif
