// SPDX-License-Identifier: Apache-2.0
// Choosing records and rules.
#include "rule_fixture.h"

#include "base/glob.h"
#include "base/tm.h"
#include "event/record_choice.h"

static void wildcards_fit_whole_texts(void **state)
{
	static const struct {
		struct str pattern, text;
		bool fits;
	} cases[] = {
		{STR_INIT("security"), STR_INIT("security"), true},
		{STR_INIT("security"), STR_INIT("securityx"), false},
		{STR_INIT("sec"), STR_INIT("security"), false},
		{STR_INIT("sec*"), STR_INIT("security"), true},
		{STR_INIT("*sysmon*"), STR_INIT("microsoft-windows-sysmon/operational"), true},
		{STR_INIT("*a*b*c"), STR_INIT("xaxbxbxc"), true},
		{STR_INIT("*a*b*c"), STR_INIT("xaxbxbxcx"), false},
		{STR_INIT("*aab"), STR_INIT("aaab"), true},
		{STR_INIT("*"), STR_INIT(""), true},
		{STR_INIT(""), STR_INIT(""), true},
		{STR_INIT(""), STR_INIT("a"), false},
		{STR_INIT("?"), STR_INIT(""), false},
		{STR_INIT("dc?"), STR_INIT("dc1"), true},
		{STR_INIT("dc?"), STR_INIT("dc12"), false},
		{STR_INIT("?x"), STR_INIT("\xC3\xA9x"), true}, // one character, two bytes
		{STR_INIT("*?x"), STR_INIT("\xC3\xA9x"), true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (glob_fits(cases[i].pattern, cases[i].text) != cases[i].fits)
			fail_msg("'%s' and '%s'", cases[i].pattern.ptr, cases[i].text.ptr);
	}
}

// The longest text that a pattern of many stars can be tried on ends soon.
static void many_stars_take_no_exponential_time(void **state)
{
	char pattern[200];
	char text[20000];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof(pattern) - 1] = 'b';
	memset(text, 'a', sizeof(text));
	assert_false(glob_fits((struct str){pattern, sizeof(pattern)},
			       (struct str){text, sizeof(text)}));
}

static void choices_take_and_leave(void **state)
{
	struct arena arena = {0};
	struct choice choice = {{NULL, 0, 0}, {NULL, 0, 0}};

	(void)state;
	assert_true(choice_is_all(&choice));
	assert_true(choice_takes(&choice, &arena, STR("anything")));
	assert_false(globs_add(&choice.only, &arena, STR(" , ,")));
	assert_true(globs_add(&choice.only, &arena, STR("Security, SYS*,, Application")));
	assert_int_equal(choice.only.count, 3);
	assert_true(choice_takes(&choice, &arena, STR("SECURITY")));
	assert_true(choice_takes(&choice, &arena, STR("Sysmon")));
	assert_false(choice_takes(&choice, &arena, STR("Setup")));
	assert_true(globs_add(&choice.except, &arena, STR("*mon")));
	assert_false(choice_takes(&choice, &arena, STR("Sysmon")));
	assert_true(choice_takes(&choice, &arena, STR("System")));
	arena_release(&arena);
}

static void event_ids_are_numbers_and_ranges(void **state)
{
	static const char *const bad[] = {"",	"x",	"1,",  "-1",	     "5-4",
					  "1-", "1--2", "1 2", "4294967296", ",1"};
	struct id_ranges ranges = {NULL, 0, 0};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (id_ranges_add(&ranges, &arena, str_from(bad[i])))
			fail_msg("'%s' was taken", bad[i]);
	}
	ranges.count = 0;
	assert_true(id_ranges_add(&ranges, &arena, STR("4624, 4720 - 4767,1,2,3,4,5,6,0")));
	assert_int_equal(ranges.count, 9);
	assert_int_equal(ranges.items[1].first, 4720);
	assert_int_equal(ranges.items[1].last, 4767);
	assert_int_equal(ranges.items[8].first, 0);
	arena_release(&arena);
}

static void records_are_chosen_by_all_their_sides(void **state)
{
	struct arena arena = {0};
	struct record_choice choice = {.from = 0};
	struct value channel = value_of_text(STR("Security"), VALUE_STRING);
	struct value provider = value_of_text(STR("P"), VALUE_STRING);
	struct buf words = {0};
	struct event event;

	(void)state;
	event_init(&event, &arena);
	event.channel = STR("Security");
	event.provider = STR("P");
	event.computer = STR("DC1");
	event.event_id = 4624;
	event.time = 1000;
	assert_true(record_choice_is_all(&choice));
	assert_true(record_choice_takes(&choice, &event));
	record_choice_put(&choice, NULL, &words);
	assert_int_equal(words.len, 0);
	choice.from = 1000;
	choice.to = 1000;
	assert_true(record_choice_takes(&choice, &event));
	choice.to = 999;
	assert_false(record_choice_takes(&choice, &event));
	choice.to = 0;
	choice.from = 1001;
	assert_false(record_choice_takes(&choice, &event));
	choice.from = 0;
	id_ranges_add(&choice.ids, &arena, STR("4620-4630"));
	globs_add(&choice.channel.only, &arena, STR("sec*"));
	globs_add(&choice.computer.except, &arena, STR("dc2"));
	assert_false(record_choice_is_all(&choice));
	assert_true(record_choice_takes(&choice, &event));
	assert_true(record_choice_takes_kind(&choice, &channel, &provider, 4624, &arena));
	assert_false(record_choice_takes_kind(&choice, &channel, &provider, 4688, &arena));
	assert_false(record_choice_takes_kind(&choice, &provider, &channel, 4624, &arena));
	event.computer = STR("dc2");
	assert_false(record_choice_takes(&choice, &event));
	record_choice_put(&choice, NULL, &words);
	assert_string_equal(words.ptr, "channel sec*; event id 4620-4630; not computer dc2");
	buf_release(&words);
	arena_release(&arena);
}

// ---- rules --------------------------------------------------------------

#define SELECTION "logsource: {product: windows}\ndetection: {s: {EventID: 1}, condition: s}\n"

static const char rules[] =
	"title: Low\nname: low\nlevel: low\nstatus: stable\ntags: [attack.t1059.001]\n" SELECTION
	"---\ntitle: High\nname: high\nlevel: high\nstatus: test\ntags: [attack.t1003]\n" SELECTION
	"---\ntitle: Sum\nname: sum\nlevel: critical\nstatus: test\n"
	"correlation: {type: event_count, rules: [low], timespan: 1m, condition: {gte: 2}}\n"
	"---\ntitle: Upon\nname: upon\nlevel: critical\n"
	"correlation: {type: event_count, rules: [sum], timespan: 1m, condition: {gte: 2}}\n";

// What is said of low, high, sum, upon: R reported, H counted, - not used.
static void expect_roles(const struct rule_choice *choice, const char *expected)
{
	const struct embedded_file *file = embedded_find("logsources.yml");
	struct ruleset *set = ruleset_new();
	char roles[5] = "";

	assert_true(ruleset_set_sources(set, STR("logsources.yml"),
					(struct str){(const char *)file->data, file->size}, NULL,
					0));
	ruleset_add(set, STR("test.yml"), str_from(rules));
	ruleset_link(set, choice);
	assert_int_equal(set->diags.errors, 0);
	assert_int_equal(set->count, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct rule *rule = set->rules[i];

		roles[i] = rule->unused ? '-' : rule->hidden ? 'H' : 'R';
		if (rule->kind == RULE_DETECTION)
			assert_true((rule->view_count == 0) == rule->unused);
	}
	assert_string_equal(roles, expected);
	ruleset_free(set);
}

static void correlations_keep_the_rules_that_they_need(void **state)
{
	struct rule_choice choice = {.min_level = LEVEL_UNSET};
	struct arena arena = {0};

	(void)state;
	expect_roles(NULL, "HRHR");
	expect_roles(&choice, "HRHR");
	choice.min_level = LEVEL_CRITICAL;
	expect_roles(&choice, "H-HR");
	choice.min_level = LEVEL_UNSET;
	globs_add(&choice.rule.except, &arena, STR("upon"));
	expect_roles(&choice, "HRR-");
	globs_add(&choice.rule.except, &arena, STR("Sum"));
	expect_roles(&choice, "RR--");
	globs_add(&choice.tag.only, &arena, STR("attack.t1059*"));
	expect_roles(&choice, "R---");
	arena_release(&arena);
}

static void rules_are_chosen_by_status_and_tag(void **state)
{
	struct rule_choice choice = {.min_level = LEVEL_UNSET};
	struct arena arena = {0};

	(void)state;
	globs_add(&choice.status.only, &arena, STR("Test,experimental"));
	expect_roles(&choice, "HRR-");
	globs_add(&choice.tag.except, &arena, STR("*t1003"));
	expect_roles(&choice, "H-R-");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wildcards_fit_whole_texts),
		cmocka_unit_test(many_stars_take_no_exponential_time),
		cmocka_unit_test(choices_take_and_leave),
		cmocka_unit_test(event_ids_are_numbers_and_ranges),
		cmocka_unit_test(records_are_chosen_by_all_their_sides),
		cmocka_unit_test(correlations_keep_the_rules_that_they_need),
		cmocka_unit_test(rules_are_chosen_by_status_and_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
