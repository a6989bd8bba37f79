// SPDX-License-Identifier: Apache-2.0
// Columns by name and profile; what tags mean.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/columns.h"
#include "output/tags.h"

static void names_of_columns_ignore_case_and_blanks(void **state)
{
	struct arena arena = {0};
	struct columns columns;
	struct err err = {""};

	(void)state;
	assert_int_equal(columns_parse(STR("level, TIMESTAMP ,FileSHA256"), &arena, &columns, &err),
			 RC_OK);
	assert_int_equal(columns.count, 3);
	assert_string_equal(columns.items[0]->name, "Level");
	assert_string_equal(columns.items[1]->name, "Timestamp");
	assert_int_equal(columns_needs(&columns), NEED_HASH);
	assert_int_equal(columns_parse(STR("Level,,Timestamp"), &arena, &columns, &err), RC_FAILED);
	assert_int_equal(columns_parse(STR(""), &arena, &columns, &err), RC_FAILED);
	assert_int_equal(columns_parse(STR("Level,Lvl"), &arena, &columns, &err), RC_FAILED);
	assert_non_null(strstr(err.text, "'Lvl'"));
	assert_non_null(strstr(err.text, "Timestamp, RuleTitle"));
	assert_non_null(strstr(err.text, "message"));
	arena_release(&arena);
}

static void every_profile_has_columns(void **state)
{
	static const struct {
		const char *name;
		unsigned needs;
	} profiles[] = {
		{"minimal", 0},
		{"standard", NEED_FIELDS},
		{"VERBOSE", NEED_FIELDS},
		{"all-field-info", NEED_FIELDS},
		{"all-field-info-verbose", NEED_FIELDS},
		{"super-verbose", NEED_FIELDS | NEED_HASH},
		{"timesketch-minimal", 0},
		{"timesketch-verbose", NEED_FIELDS},
	};
	struct arena arena = {0};
	struct columns columns;
	struct err err = {""};

	(void)state;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		assert_int_equal(
			columns_of_profile(str_from(profiles[i].name), &arena, &columns, &err),
			RC_OK);
		assert_true(columns.count >= 9);
		assert_int_equal(columns_needs(&columns), profiles[i].needs);
		for (size_t k = 0; k < columns.count; k++)
			for (size_t m = 0; m < k; m++)
				assert_ptr_not_equal(columns.items[k], columns.items[m]);
	}
	assert_int_equal(columns_of_profile(STR("mini"), &arena, &columns, &err), RC_FAILED);
	assert_non_null(strstr(err.text, "minimal, standard"));
	assert_int_equal(columns_needs(columns_default()), 0);
	assert_int_equal(columns_default()->count, 16);
	arena_release(&arena);
}

// The cell of a column by its name.
static struct cell cell_of(const char *name, const struct hit *hit, struct arena *arena)
{
	struct columns columns;
	struct err err;

	assert_int_equal(columns_parse(str_from(name), arena, &columns, &err), RC_OK);
	return columns.items[0]->cell(hit, arena);
}

static void fields_are_all_or_those_that_details_lack(void **state)
{
	static const struct hit_field fields[] = {
		{STR_INIT("EventID"), STR_INIT("System/EventID"), STR_INIT("1")},
		{STR_INIT("Image"), STR_INIT("EventData/Image"), STR_INIT("a.exe")},
		{STR_INIT("User"), STR_INIT("EventData/User"), STR_INIT("x")},
		{STR_INIT("User"), STR_INIT("EventData/User"), STR_INIT("y")},
	};
	static const struct hit_pair details[] = {{STR_INIT("Image"), STR_INIT("a.exe")}};
	struct hit hit = {
		.fields = fields, .field_count = 4, .details = details, .detail_count = 1};
	struct arena arena = {0};
	struct cell cell = cell_of("AllFieldInfo", &hit, &arena);

	(void)state;
	assert_int_equal(cell.kind, CELL_PAIRS);
	assert_int_equal(cell.count, 3);
	assert_true(str_eq(cell.pairs[0].name, STR("Image")));
	cell = cell_of("ExtraFieldInfo", &hit, &arena);
	assert_int_equal(cell.count, 2);
	assert_true(str_eq(cell.pairs[1].value, STR("y")));
	arena_release(&arena);
}

static void tags_are_told_apart_by_their_form(void **state)
{
	static const struct {
		struct str tag;
		enum tag_kind kind;
		struct str text;
	} cases[] = {
		{STR_INIT("attack.t1596.001"), TAG_TECHNIQUE, STR_INIT("T1596.001")},
		{STR_INIT("ATTACK.T1059"), TAG_TECHNIQUE, STR_INIT("T1059")},
		{STR_INIT("attack.credential_access"), TAG_TACTIC, STR_INIT("Credential Access")},
		{STR_INIT("attack.command-and-control"), TAG_TACTIC,
		 STR_INIT("Command and Control")},
		{STR_INIT("attack.g0007"), TAG_OTHER, STR_INIT("g0007")},
		{STR_INIT("attack.t15960"), TAG_OTHER, STR_INIT("t15960")},
		{STR_INIT("attack.t1596.0012"), TAG_OTHER, STR_INIT("t1596.0012")},
		{STR_INIT("attack.t1596x001"), TAG_OTHER, STR_INIT("t1596x001")},
		{STR_INIT("attack."), TAG_OTHER, STR_INIT("")},
		{STR_INIT("t1596.001"), TAG_OTHER, STR_INIT("t1596.001")},
		{STR_INIT("execution"), TAG_OTHER, STR_INIT("execution")},
		{STR_INIT("cve.2021-44228"), TAG_OTHER, STR_INIT("cve.2021-44228")},
		{STR_INIT(""), TAG_OTHER, STR_INIT("")},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str text = tag_text(cases[i].tag, &arena);

		if (tag_kind(cases[i].tag) != cases[i].kind || !str_eq(text, cases[i].text))
			fail_msg("%s: %d, '%.*s'", cases[i].tag.ptr, (int)tag_kind(cases[i].tag),
				 STR_ARG(text));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_columns_ignore_case_and_blanks),
		cmocka_unit_test(every_profile_has_columns),
		cmocka_unit_test(fields_are_all_or_those_that_details_lack),
		cmocka_unit_test(tags_are_told_apart_by_their_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
