// SPDX-License-Identifier: Apache-2.0
// Hits for other programs: what the golden tests and schemas do not reach.
#include <string.h>

#include "base/limits.h"
#include "hit_fixture.h"
#include "json_check.h"

static const enum output_format formats[] = {OUTPUT_NAVIGATOR, OUTPUT_SARIF, OUTPUT_TIMESKETCH,
					     OUTPUT_ECS};

// What a format prints for one hit; good until the next call.
static const char *printed(enum output_format format, const struct hit *hit)
{
	static char *text;
	size_t len;

	free(text);
	text = hit != NULL ? print_hits(format, NULL, hit, 1, &len) : NULL;
	return text;
}

static void expect_part(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no %s in %s", part, text);
}

static void expect_no_part(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("%s in %s", part, text);
}

// The lines of JSONL each, other documents as a whole.
static void expect_json(struct str text, bool is_lines)
{
	struct str line;

	if (!is_lines) {
		assert_true(json_is_valid(text));
		return;
	}
	while (str_split(&text, '\n', &line) && line.len != 0)
		assert_true(json_is_valid(line));
}

static void every_format_survives_hostile_and_empty_hits(void **state)
{
	const struct hit hits[] = {
		hostile_hit(), plain_hit(), correlation_hit(), {.event_id = 1}, hostile_hit()};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		for (size_t count = 0; count <= 5; count++) {
			struct str text;

			text.ptr = print_hits(formats[i], NULL, hits, count, &text.len);
			expect_json(text,
				    formats[i] == OUTPUT_TIMESKETCH || formats[i] == OUTPUT_ECS);
			free((char *)text.ptr);
		}
	}
}

static void a_printer_may_be_freed_without_an_end(void **state)
{
	struct hit hit = plain_hit();

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char *text = NULL;
		size_t len;
		FILE *stream = open_memstream(&text, &len);
		struct output *output = output_new(formats[i], stream, NULL);

		assert_int_equal(output_hit(output, &hit, NULL), RC_OK);
		output_free(output);
		fclose(stream);
		free(text);
	}
}

static void times_that_are_none_are_marked(void **state)
{
	struct hit hit = plain_hit();

	(void)state;
	hit.time = 0;
	expect_part(printed(OUTPUT_TIMESKETCH, &hit),
		    "\"datetime\":\"1970-01-01T00:00:00.000000+00:00\",\"timestamp\":0,"
		    "\"timestamp_desc\":\"Not a time\"");
	expect_part(printed(OUTPUT_ECS, &hit), "{\"@timestamp\":\"1970-01-01T00:00:00.0000000Z\"");
	expect_part(printed(OUTPUT_ECS, &hit), "\"time_known\":false");
	hit.time = TM_YEAR_10000;
	expect_part(printed(OUTPUT_TIMESKETCH, &hit), "\"timestamp\":0,");
	expect_part(printed(OUTPUT_ECS, &hit), "\"time_known\":false");
	hit.time = 1;
	expect_part(printed(OUTPUT_TIMESKETCH, &hit),
		    "\"datetime\":\"1601-01-01T00:00:00.000000+00:00\","
		    "\"timestamp\":-11644473600000000,\"timestamp_desc\":\"Event Logged\"");
	expect_part(printed(OUTPUT_ECS, &hit), "\"time_known\":true");
	printed(OUTPUT_ECS, NULL);
}

// Elasticsearch and OpenSearch refuse a document with a long past 2^63 - 1.
static void numbers_that_no_index_takes_are_left_out(void **state)
{
	struct hit hit = plain_hit();

	(void)state;
	hit.record_id = UINT64_C(1) << 63;
	expect_no_part(printed(OUTPUT_TIMESKETCH, &hit), "\"record_id\"");
	expect_part(printed(OUTPUT_ECS, &hit), "\"record_id\":\"9223372036854775808\"");
	hit.record_id--;
	expect_part(printed(OUTPUT_TIMESKETCH, &hit), "\"record_id\":9223372036854775807");
	printed(OUTPUT_ECS, NULL);
}

static void fields_past_the_limit_are_counted(void **state)
{
	static struct hit_field fields[LIMIT_INDEX_FIELDS + 7];
	struct hit hit = plain_hit();
	struct arena arena = {0};
	const char *text;

	(void)state;
	for (size_t i = 0; i < LIMIT_INDEX_FIELDS + 7; i++) {
		fields[i].name = arena_printf(&arena, "n%zu", i);
		fields[i].path = arena_printf(&arena, "EventData/n%zu", i);
	}
	hit.fields = fields;
	hit.field_count = LIMIT_INDEX_FIELDS;
	expect_no_part(printed(OUTPUT_TIMESKETCH, &hit), "left_out");
	expect_no_part(printed(OUTPUT_ECS, &hit), "left_out");
	hit.field_count += 7;
	text = printed(OUTPUT_TIMESKETCH, &hit);
	assert_true(json_is_valid(str_from(text)));
	expect_part(text, "\"field_n499\":\"\",\"fields_left_out\":7}");
	expect_no_part(text, "field_n500");
	text = printed(OUTPUT_ECS, &hit);
	assert_true(json_is_valid(str_from(text)));
	expect_part(text, "\"n499\":\"\"}");
	expect_part(text, "\"fields_left_out\":7}");
	printed(OUTPUT_ECS, NULL);
	arena_release(&arena);
}

static void expect_sarif(const char *level, const char *kind, const char *sarif,
			 const char *security)
{
	struct hit hit = plain_hit();
	char part[100];

	hit.level = str_from(level);
	snprintf(part, sizeof(part), "\"kind\":\"%s\",\"level\":\"%s\",\"message\"", kind, sarif);
	expect_part(printed(OUTPUT_SARIF, &hit), part);
	snprintf(part, sizeof(part), "\"defaultConfiguration\":{\"level\":\"%s\"}", sarif);
	expect_part(printed(OUTPUT_SARIF, &hit), part);
	snprintf(part, sizeof(part), "\"security-severity\":\"%s\"", security);
	if (security[0] != '\0')
		expect_part(printed(OUTPUT_SARIF, &hit), part);
	else
		expect_no_part(printed(OUTPUT_SARIF, &hit), "security-severity");
	printed(OUTPUT_SARIF, NULL);
}

static void levels_become_those_of_sarif(void **state)
{
	(void)state;
	expect_sarif("critical", "fail", "error", "9.5");
	expect_sarif("high", "fail", "error", "8.0");
	expect_sarif("medium", "fail", "warning", "5.5");
	expect_sarif("low", "fail", "note", "2.0");
	expect_sarif("informational", "informational", "none", "");
	expect_sarif("", "review", "none", "");
}

static void expect_severity(const char *level, const char *part)
{
	struct hit hit = plain_hit();

	hit.level = str_from(level);
	expect_part(printed(OUTPUT_ECS, &hit), part);
	printed(OUTPUT_ECS, NULL);
}

static void levels_become_severities_of_ecs(void **state)
{
	(void)state;
	expect_severity("critical", "\"severity\":99,");
	expect_severity("high", "\"severity\":73,");
	expect_severity("medium", "\"severity\":47,");
	expect_severity("low", "\"severity\":21,");
	expect_severity("informational", "\"severity\":1,");
	expect_severity("", "\"code\":\"6001\",\"risk_score\":90");
}

static void expect_uri(struct str path, const char *part)
{
	struct hit hit = plain_hit();

	hit.evtx_file = path;
	expect_part(printed(OUTPUT_SARIF, &hit), part);
	printed(OUTPUT_SARIF, NULL);
}

static void paths_become_uris(void **state)
{
	(void)state;
	expect_uri(STR("a.evtx"), "{\"uri\":\"a.evtx\",\"uriBaseId\":\"%SRCROOT%\"}");
	expect_uri(STR("./a//b/./c/"), "{\"uri\":\"a/b/c\",\"uriBaseId\":\"%SRCROOT%\"}");
	expect_uri(STR("../a"), "{\"uri\":\"../a\",\"uriBaseId\":\"%SRCROOT%\"}");
	expect_uri(STR("//a/./b"), "{\"uri\":\"file:///a/b\"}");
	expect_uri(STR("javascript:x"), "{\"uri\":\"javascript%3Ax\",");
	expect_uri(STR("./."), "{\"uri\":\".\",");
	expect_uri(STR(""), "{\"uri\":\".\",");
	expect_uri(STR("a\0\xff"), "{\"uri\":\"a%00%FF\",");
}

static void rules_without_names_have_identifiers(void **state)
{
	struct hit hit = plain_hit();

	(void)state;
	hit.rule_id = (struct str){NULL, 0};
	expect_part(printed(OUTPUT_SARIF, &hit), "{\"ruleId\":\"Zone transfer\",\"ruleIndex\":0,");
	hit.rule_title = (struct str){NULL, 0};
	expect_part(printed(OUTPUT_SARIF, &hit),
		    "{\"ruleId\":\"rule without id\",\"ruleIndex\":0,");
	printed(OUTPUT_SARIF, NULL);
}

static size_t occurrences(struct str text, struct str part)
{
	size_t count = 0;

	for (size_t at = str_find(text, part, 0); at != SIZE_MAX; at = str_find(text, part, at + 1))
		count++;
	return count;
}

// Two rules of one id are two rules; one rule is described once.
static void rules_are_described_once(void **state)
{
	struct hit hits[] = {plain_hit(), plain_hit(), plain_hit()};
	struct str text;

	(void)state;
	hits[1].rule_file = STR("rules/b.yml");
	text.ptr = print_hits(OUTPUT_SARIF, NULL, hits, 3, &text.len);
	assert_int_equal(occurrences(text, STR("{\"id\":\"id-1\"")), 2);
	assert_int_equal(occurrences(text, STR("\"file\":\"rules/a.yml\"")), 1);
	assert_int_equal(occurrences(text, STR("\"file\":\"rules/b.yml\"")), 1);
	assert_int_equal(occurrences(text, STR("\"ruleIndex\":0,")), 2);
	assert_int_equal(occurrences(text, STR("\"ruleIndex\":1,")), 1);
	free((char *)text.ptr);
}

// More files than fit into one piece of output; a complete scan but for one of them.
static void the_account_of_many_files_is_written(void **state)
{
	struct output_options options = {.width = 80};
	struct hit hit = plain_hit();
	struct ledger ledger;
	struct str text;

	(void)state;
	ledger_init(&ledger, STR("0"));
	for (size_t i = 0; i < 3000; i++) {
		struct ledger_file *file = ledger_add_file(&ledger);

		file->path = arena_printf(&ledger.arena, "logs/%zu.evtx", i);
		file->state = i == 7 ? LEDGER_UNREADABLE : LEDGER_COMPLETE;
		file->status = i == 7 ? STR("no {reason} [at](all)") : STR("");
	}
	ledger_close(&ledger);
	options.ledger = &ledger;
	hit.file = 2999;
	text.ptr = print_hits(OUTPUT_SARIF, &options, &hit, 1, &text.len);
	assert_true(json_is_valid(text));
	assert_int_equal(occurrences(text, STR("{\"location\":{\"uri\":\"logs/")), 3000);
	assert_int_equal(occurrences(text, STR("\"executionSuccessful\":false")), 1);
	assert_int_equal(
		occurrences(text, STR("UNREADABLE: logs/7.evtx: no {{reason}} [at] (all)")), 1);
	assert_int_equal(occurrences(text, STR("\"index\":2999}")), 1);
	free((char *)text.ptr);
	ledger_release(&ledger);
}

static void a_technique_names_some_rules_and_counts_the_rest(void **state)
{
	static const struct str tags[] = {STR_INIT("attack.t1059.001"),
					  STR_INIT("attack.T1059.001")};
	struct hit hits[LIMIT_TECHNIQUE_RULES + 4];
	struct arena arena = {0};
	char *text;
	size_t len;

	(void)state;
	for (size_t i = 0; i < LIMIT_TECHNIQUE_RULES + 4; i++) {
		hits[i] = plain_hit();
		hits[i].tags = tags;
		hits[i].level = STR("");
		hits[i].rule_title = arena_printf(&arena, "rule %02zu", i / 2 * 2);
		hits[i].rule_file = arena_printf(&arena, "%zu.yml", i);
	}
	text = print_hits(OUTPUT_NAVIGATOR, NULL, hits, LIMIT_TECHNIQUE_RULES + 4, &len);
	assert_true(json_is_valid((struct str){text, len}));
	expect_part(text, "\"techniqueID\":\"T1059.001\",\"score\":24,\"comment\":\"rule 00: "
			  "1\\nrule 00: 1\\nrule 02: 1");
	expect_part(text, "rule 18: 1\\nrule 18: 1\\nand 4 more: 4\"");
	expect_part(text, "{\"techniqueID\":\"T1059\",\"showSubtechniques\":true}");
	expect_part(text, "\"minValue\":1,\"maxValue\":24}");
	free(text);
	arena_release(&arena);
}

// The order of hits, their rules and techniques changes nothing.
static void a_layer_does_not_depend_on_the_order_of_hits(void **state)
{
	static const struct str tags[] = {STR_INIT("attack.t1059"), STR_INIT("attack.t1003.001")};
	struct hit hits[] = {plain_hit(), plain_hit(), plain_hit(), hostile_hit()};
	struct hit turned[4];
	size_t len[2];
	char *text[2];

	(void)state;
	hits[1].tags = tags;
	hits[2].rule_file = STR("other.yml");
	hits[2].level = STR("critical");
	hits[2].time += 5;
	for (size_t i = 0; i < 4; i++)
		turned[3 - i] = hits[i];
	text[0] = print_hits(OUTPUT_NAVIGATOR, NULL, hits, 4, &len[0]);
	text[1] = print_hits(OUTPUT_NAVIGATOR, NULL, turned, 4, &len[1]);
	assert_string_equal(text[0], text[1]);
	expect_part(text[0], "{\"techniqueID\":\"T1003\",\"showSubtechniques\":true},\n"
			     "{\"techniqueID\":\"T1003.001\",\"score\":1,");
	free(text[0]);
	free(text[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_survives_hostile_and_empty_hits),
		cmocka_unit_test(a_printer_may_be_freed_without_an_end),
		cmocka_unit_test(times_that_are_none_are_marked),
		cmocka_unit_test(numbers_that_no_index_takes_are_left_out),
		cmocka_unit_test(fields_past_the_limit_are_counted),
		cmocka_unit_test(levels_become_those_of_sarif),
		cmocka_unit_test(levels_become_severities_of_ecs),
		cmocka_unit_test(paths_become_uris),
		cmocka_unit_test(rules_without_names_have_identifiers),
		cmocka_unit_test(rules_are_described_once),
		cmocka_unit_test(the_account_of_many_files_is_written),
		cmocka_unit_test(a_technique_names_some_rules_and_counts_the_rest),
		cmocka_unit_test(a_layer_does_not_depend_on_the_order_of_hits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
