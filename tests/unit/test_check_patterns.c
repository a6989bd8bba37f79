// SPDX-License-Identifier: Apache-2.0
// What one pattern says about another, and repetitions of repetitions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check/internal.h"
#include "sigma/pattern.h"

static struct pattern text(struct arena *arena, const char *written, bool cased)
{
	struct pattern p = {.kind = PATTERN_TEXT};

	pattern_parse_text(arena, str_from(written), &p);
	p.text.cased = cased;
	return p;
}

static struct pattern number(enum compare_op op, uint64_t value)
{
	struct pattern p = {.kind = PATTERN_NUMBER};

	p.number.op = op;
	p.number.value =
		(struct number){.is_integer = true, .magnitude = value, .real = (double)value};
	p.number.compared = op != COMPARE_EQ;
	return p;
}

static void a_wider_text_is_implied_by_a_narrower_one(void **state)
{
	static const struct {
		const char *a, *b;
		bool cased_a, cased_b, implies;
	} rows[] = {
		{"x", "x", false, false, true},	      {"x", "X", false, false, true},
		{"X", "x", true, false, true},	      {"x", "x", false, true, false},
		{"x", "X", true, true, false},	      {"*ab", "*b", false, false, true},
		{"*b", "*ab", false, false, false},   {"a*c", "a*", false, false, true},
		{"a*c", "*", false, false, true},     {"*", "a*", false, false, false},
		{"a?", "a*", false, false, true},     {"a*", "a?", false, false, false},
		{"a?c", "???", false, false, true},   {"a*c", "???", false, false, false},
		{"*abc*", "*b*", false, false, true}, {"", "*", false, false, true},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern a = text(&arena, rows[i].a, rows[i].cased_a);
		struct pattern b = text(&arena, rows[i].b, rows[i].cased_b);

		if (pattern_implies(&a, &b) != rows[i].implies)
			fail_msg("'%s' implies '%s'", rows[i].a, rows[i].b);
	}
	arena_release(&arena);
}

static void texts_exclude_each_other_in_a_field_of_one_value(void **state)
{
	static const struct {
		const char *a, *b;
		bool cased_a, cased_b, excludes;
	} rows[] = {
		{"x", "y", false, false, true},	    {"x", "X", false, false, false},
		{"x", "X", true, true, true},	    {"x", "X", true, false, false},
		{"a*", "b*", false, false, true},   {"*a", "*b", false, false, true},
		{"a*", "*b", false, false, false},  {"a*", "ab*", false, false, false},
		{"ab", "?b", false, false, false},  {"ab", "?c", false, false, true},
		{"abc", "*x*", false, false, true}, {"", "*x*", false, false, true},
		{"", "*", false, false, false},	    {"a*b*c", "a*c", false, false, false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern a = text(&arena, rows[i].a, rows[i].cased_a);
		struct pattern b = text(&arena, rows[i].b, rows[i].cased_b);

		if (pattern_excludes(&a, &b, true) != rows[i].excludes ||
		    pattern_excludes(&b, &a, true) != rows[i].excludes)
			fail_msg("'%s' excludes '%s'", rows[i].a, rows[i].b);
		assert_false(pattern_excludes(&a, &b, false));
	}
	arena_release(&arena);
}

static void ranges_exclude_each_other_when_they_do_not_meet(void **state)
{
	static const struct {
		enum compare_op a;
		uint64_t x;
		enum compare_op b;
		uint64_t y;
		bool excludes;
	} rows[] = {
		{COMPARE_EQ, 1, COMPARE_EQ, 2, true},  {COMPARE_EQ, 1, COMPARE_EQ, 1, false},
		{COMPARE_GT, 5, COMPARE_LT, 5, true},  {COMPARE_GTE, 5, COMPARE_LTE, 5, false},
		{COMPARE_GTE, 5, COMPARE_LT, 5, true}, {COMPARE_GT, 4, COMPARE_LT, 5, false},
		{COMPARE_GT, 9, COMPARE_LT, 5, true},  {COMPARE_GT, 9, COMPARE_GT, 5, false},
		{COMPARE_EQ, 5, COMPARE_GT, 5, true},  {COMPARE_EQ, 5, COMPARE_GTE, 5, false},
		{COMPARE_EQ, 5, COMPARE_LT, 9, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern a = number(rows[i].a, rows[i].x);
		struct pattern b = number(rows[i].b, rows[i].y);

		if (pattern_excludes(&a, &b, true) != rows[i].excludes ||
		    pattern_excludes(&b, &a, true) != rows[i].excludes)
			fail_msg("row %zu", i);
	}
}

static void absence_excludes_every_test_of_a_value(void **state)
{
	struct arena arena = {0};
	struct pattern value = text(&arena, "x", false);
	struct pattern empty = text(&arena, "", false);
	struct pattern null = {.kind = PATTERN_NULL};
	struct pattern absent = {.kind = PATTERN_EXISTS, .boolean = false};
	struct pattern present = {.kind = PATTERN_EXISTS, .boolean = true};

	(void)state;
	assert_true(pattern_excludes(&absent, &value, false));
	assert_true(pattern_excludes(&absent, &empty, false));
	assert_true(pattern_excludes(&absent, &present, false));
	assert_false(pattern_excludes(&absent, &null, false));
	assert_true(pattern_excludes(&null, &value, false));
	assert_false(pattern_excludes(&null, &empty, false)); // BinXML null is both
	assert_false(pattern_excludes(&null, &present, false));
	assert_true(pattern_implies(&value, &present));
	assert_false(pattern_implies(&null, &present));
	assert_true(pattern_implies(&absent, &null));
	arena_release(&arena);
}

// Each differs from the one before it in one thing.
static void a_test_implies_itself_and_no_other(void **state)
{
	const struct pattern rows[] = {
		{.kind = PATTERN_REGEX, .regex = {.source = STR("a.c")}},
		{.kind = PATTERN_REGEX, .regex = {.source = STR("a.c"), .flags = 1}},
		{.kind = PATTERN_REGEX, .regex = {.source = STR("b.c"), .flags = 1}},
		{.kind = PATTERN_BOOL, .boolean = true},
		{.kind = PATTERN_BOOL, .boolean = false},
		{.kind = PATTERN_NULL},
		{.kind = PATTERN_CIDR, .written = STR("192.0.2.0/24")},
		{.kind = PATTERN_CIDR, .written = STR("192.0.2.0/25")},
		{.kind = PATTERN_FIELD, .field = {.name = STR("F"), .relation = 0}},
		{.kind = PATTERN_FIELD, .field = {.name = STR("G"), .relation = 0}},
		{.kind = PATTERN_FIELD, .field = {.name = STR("G"), .relation = 1}},
		{.kind = PATTERN_TIME, .time = {.part = 0, .op = COMPARE_EQ, .value = 7}},
		{.kind = PATTERN_TIME, .time = {.part = 1, .op = COMPARE_EQ, .value = 7}},
		{.kind = PATTERN_TIME, .time = {.part = 1, .op = COMPARE_LT, .value = 7}},
		{.kind = PATTERN_TIME, .time = {.part = 1, .op = COMPARE_LT, .value = 8}},
		{.kind = PATTERN_ANY_OF},
	};
	size_t count = sizeof(rows) / sizeof(rows[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count; k++) {
			bool is_same = i == k && rows[i].kind != PATTERN_ANY_OF;

			if (pattern_implies(&rows[i], &rows[k]) != is_same)
				fail_msg("%zu implies %zu", i, k);
		}
	}
}

static void dashes_are_one_character(void **state)
{
	static const struct {
		const char *text;
		bool implies;
	} rows[] = {{"-x", true},
		    {"/x", true},
		    {"\xE2\x80\x93x", true},
		    {"\xE2\x80\x95x", true},
		    {"\xE2\x80\x96x", false},
		    {"+x", false},
		    {"x", false}};
	struct arena arena = {0};
	struct pattern dash = text(&arena, "-x", false);

	(void)state;
	dash.text.cps[0] = PAT_DASH;
	assert_true(pattern_implies(&dash, &dash));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern p = text(&arena, rows[i].text, false);

		if (pattern_implies(&p, &dash) != rows[i].implies)
			fail_msg("%s", rows[i].text);
		assert_false(pattern_implies(&dash, &p));
	}
	arena_release(&arena);
}

static void only_certain_repetitions_of_repetitions_are_found(void **state)
{
	static const struct {
		const char *re;
		size_t at;
	} rows[] = {
		{"(a+)+b", 0},		 {"x(?:[^a]*)*$", 1},	{"(\\w+?)*!", 0},
		{"((a+)+b)", 1},	 {"(a+)+", SIZE_MAX},	{"(a+)+b*", SIZE_MAX},
		{"(a+)+b{0}", SIZE_MAX}, {"(a+)?b", SIZE_MAX},	{"(a++)+b", SIZE_MAX},
		{"(a+)++b", SIZE_MAX},	 {"(ab+)+c", SIZE_MAX}, {"\\(a+)+b", SIZE_MAX},
		{"[(a+)+]b", SIZE_MAX},	 {"[]](a+)+b", 3},	{"(a+)+|b", SIZE_MAX},
		{"(", SIZE_MAX},	 {"(a", SIZE_MAX},	{"(a+", SIZE_MAX},
		{"(a+)", SIZE_MAX},	 {"[", SIZE_MAX},	{"\\", SIZE_MAX},
		{"(?:", SIZE_MAX},	 {"", SIZE_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (regex_nested_repetition(str_from(rows[i].re)) != rows[i].at)
			fail_msg("%s", rows[i].re);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wider_text_is_implied_by_a_narrower_one),
		cmocka_unit_test(texts_exclude_each_other_in_a_field_of_one_value),
		cmocka_unit_test(ranges_exclude_each_other_when_they_do_not_meet),
		cmocka_unit_test(absence_excludes_every_test_of_a_value),
		cmocka_unit_test(a_test_implies_itself_and_no_other),
		cmocka_unit_test(dashes_are_one_character),
		cmocka_unit_test(only_certain_repetitions_of_repetitions_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
