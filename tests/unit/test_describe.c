// SPDX-License-Identifier: Apache-2.0
// Hits in sentences, fingerprints, levels, names for an index.
#include "output/describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/tm.h"

static const struct hit_pair details[] = {
	{STR_INIT("ClientAddress"), STR_INIT("198.51.100.66")},
	{STR_INIT("ZoneName"), STR_INIT("corp.example")},
};

static struct hit plain_hit(void)
{
	return (struct hit){
		.rule_title = STR("Zone given away"),
		.rule_id = STR("id-1"),
		.rule_file = STR("a.yml"),
		.level = STR("high"),
		.computer = STR("dns1"),
		.channel = STR("DNS Server"),
		.event_id = 271,
		.record_id = 7,
		.details = details,
		.detail_count = 2,
		.evtx_file = STR("logs/a.evtx"),
		.file_sha256 = STR("00ff"),
		.header_id = 9,
		.has_position = true,
		.offset = 4608,
	};
}

static struct hit_correlation plain_correlation(void)
{
	return (struct hit_correlation){
		.type = STR("value_count"),
		.group = details,
		.group_count = 2,
		.value = 57,
		.first = TM_UNIX_EPOCH,
		.trigger = TM_UNIX_EPOCH + 1,
		.last = TM_UNIX_EPOCH + TM_TICKS_PER_SECOND,
		.record_total = 99,
	};
}

static void expect_sentence(const struct hit *hit, const char *expected)
{
	struct buf text = {0};

	describe_hit(&text, hit);
	assert_string_equal(text.ptr, expected);
	buf_release(&text);
}

static void levels_have_ranks(void **state)
{
	(void)state;
	assert_int_equal(describe_level(STR("")), 0);
	assert_int_equal(describe_level(STR("informational")), 1);
	assert_int_equal(describe_level(STR("low")), 2);
	assert_int_equal(describe_level(STR("medium")), 3);
	assert_int_equal(describe_level(STR("HIGH")), 4);
	assert_int_equal(describe_level(STR("critical")), 5);
	assert_int_equal(describe_level(STR("highest")), 0);
}

static void a_hit_is_told_in_a_sentence(void **state)
{
	struct hit hit = plain_hit();
	struct hit_correlation correlation = plain_correlation();

	(void)state;
	expect_sentence(&hit, "Zone given away (high): dns1, DNS Server event 271, record 7. "
			      "ClientAddress: 198.51.100.66; ZoneName: corp.example");
	hit.correlation = &correlation;
	expect_sentence(&hit, "Zone given away (high): dns1, DNS Server event 271, record 7; "
			      "value_count 57 of 99 records, 1970-01-01T00:00:00.0000000Z to "
			      "1970-01-01T00:00:01.0000000Z. "
			      "ClientAddress: 198.51.100.66; ZoneName: corp.example");
	hit.record_id = 0;
	hit.channel = hit.level = (struct str){NULL, 0};
	hit.detail_count = 0;
	expect_sentence(&hit, "Zone given away: dns1; value_count 57 of 99 records, "
			      "1970-01-01T00:00:00.0000000Z to 1970-01-01T00:00:01.0000000Z");
	expect_sentence(&(struct hit){.event_id = 1}, ": event 1, record 0");
}

// 3-byte characters: 256 is in the middle of one.
static void long_values_are_cut_between_characters_and_say_so(void **state)
{
	char value[300];
	struct hit_pair detail = {STR("Name"), {value, sizeof(value)}};
	struct hit hit = plain_hit();
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(value); i += 3)
		memcpy(value + i, "\xe2\x82\xac", 3);
	hit.details = &detail;
	hit.detail_count = 1;
	describe_hit(&text, &hit);
	assert_true(utf8_is_valid(buf_str(&text)));
	assert_true(str_ends(buf_str(&text), STR("\xe2\x82\xac… [+45 bytes]")));
	buf_release(&text);
}

static void many_details_are_cut_and_counted(void **state)
{
	static struct hit_pair many[1000];
	struct hit hit = plain_hit();
	struct buf text = {0};
	const char *end;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		many[i] = (struct hit_pair){STR("Name"), STR("0123456789")};
	hit.details = many;
	hit.detail_count = 1000;
	describe_hit(&text, &hit);
	assert_true(text.len < LIMIT_MESSAGE_DETAILS + 2 * LIMIT_MESSAGE_VALUE + 100);
	end = strstr(text.ptr, " more");
	assert_non_null(end);
	// A detail has 18 bytes: 18 * 114 + 2 is the first place behind 2,048.
	assert_string_equal(end - 5, "; 886 more");
	buf_release(&text);
}

static void expect_same(const struct hit *a, const struct hit *b, bool same)
{
	char left[SHA256_TEXT_SIZE];
	char right[SHA256_TEXT_SIZE];

	describe_fingerprint(a, left);
	describe_fingerprint(b, right);
	assert_int_equal(strlen(left), 64);
	assert_int_equal(strcmp(left, right) == 0, same);
}

static void fingerprints_tell_hits_apart(void **state)
{
	const struct hit hit = plain_hit();
	struct hit other = hit;

	(void)state;
	other.evtx_file = STR("elsewhere/b.evtx");
	other.rule_file = STR("elsewhere.yml");
	other.level = STR("low");
	other.file = 3;
	expect_same(&hit, &other, true);
	other = hit;
	other.rule_id = STR("id-2");
	expect_same(&hit, &other, false);
	other = hit;
	other.rule_title = STR("Zone");
	expect_same(&hit, &other, false);
	other = hit;
	other.file_sha256 = STR("00fe");
	expect_same(&hit, &other, false);
	other = hit;
	other.record_id++;
	expect_same(&hit, &other, false);
	other = hit;
	other.offset++;
	expect_same(&hit, &other, false);
	// What is only shifted between neighbours is not the same.
	other = hit;
	other.rule_id = STR("id-1Z");
	other.rule_title = STR("one given away");
	expect_same(&hit, &other, false);
}

static void fingerprints_without_a_hash_take_the_path(void **state)
{
	struct hit hit = plain_hit();
	struct hit other = hit;

	(void)state;
	hit.file_sha256 = other.file_sha256 = (struct str){NULL, 0};
	expect_same(&hit, &other, true);
	other.evtx_file = STR("logs/b.evtx");
	expect_same(&hit, &other, false);
}

static void fingerprints_of_alerts_take_group_and_times(void **state)
{
	struct hit_correlation one = plain_correlation();
	struct hit_correlation two = one;
	struct hit hit = plain_hit();
	struct hit other = hit;

	(void)state;
	hit.correlation = &one;
	expect_same(&hit, &other, false);
	other.correlation = &two;
	expect_same(&hit, &other, true);
	two.last++;
	expect_same(&hit, &other, false);
	two = one;
	two.group_count = 1;
	expect_same(&hit, &other, false);
}

// By coreutils: printf '4:id-115:Zone given away4:00ff7,9,4608,' | sha256sum
static void a_fingerprint_stays_what_it_was(void **state)
{
	struct hit hit = plain_hit();
	char text[SHA256_TEXT_SIZE];

	(void)state;
	describe_fingerprint(&hit, text);
	assert_string_equal(text,
			    "9541a35bc495692241669172ee43498bb913525f1eb0b346164b52e5d58f17c7");
}

static void rules_have_keys(void **state)
{
	struct hit hit = plain_hit();
	struct hit other = hit;
	struct buf one = {0};
	struct buf two = {0};

	(void)state;
	describe_rule_key(&one, &hit);
	describe_rule_key(&two, &other);
	assert_true(str_eq(buf_str(&one), buf_str(&two)));
	other.rule_file = STR("b.yml");
	buf_reset(&two);
	describe_rule_key(&two, &other);
	assert_false(str_eq(buf_str(&one), buf_str(&two)));
	buf_release(&one);
	buf_release(&two);
}

static void names_for_an_index_have_no_dots(void **state)
{
	static const struct {
		struct str in, out;
	} cases[] = {
		{STR_INIT("CommandLine"), STR_INIT("CommandLine")},
		{STR_INIT("a.b..c."), STR_INIT("a_b__c_")},
		{STR_INIT("two words"), STR_INIT("two words")},
		{STR_INIT("a\0b\x1b\x7f"), STR_INIT("a_b__")},
		{STR_INIT(""), STR_INIT("_")},
		{STR_INIT("  "), STR_INIT("_")},
		{STR_INIT("Größe\xff"), STR_INIT("Größe\xff")},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(str_eq(describe_index_name(cases[i].in, &arena), cases[i].out));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_have_ranks),
		cmocka_unit_test(a_hit_is_told_in_a_sentence),
		cmocka_unit_test(long_values_are_cut_between_characters_and_say_so),
		cmocka_unit_test(many_details_are_cut_and_counted),
		cmocka_unit_test(fingerprints_tell_hits_apart),
		cmocka_unit_test(fingerprints_without_a_hash_take_the_path),
		cmocka_unit_test(fingerprints_of_alerts_take_group_and_times),
		cmocka_unit_test(a_fingerprint_stays_what_it_was),
		cmocka_unit_test(rules_have_keys),
		cmocka_unit_test(names_for_an_index_have_no_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
