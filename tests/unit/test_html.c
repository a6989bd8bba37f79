// SPDX-License-Identifier: Apache-2.0
// The HTML report as it is written: JSON that stays in its elements, dictionaries,
// limits, the account.
#include "output/output.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/tm.h"
#include "json_check.h"
#include "output/dictionary.h"
#include "output/html_hits.h"

#define HOSTILE "</script><!--<script>\"'&\n\0\x1b\xff\xed\xa0\x80\xe2\x80\xae]]>{{hits}}"

// ---- reading it back ----------------------------------------------------

// The report of these hits; free() it.
static struct str report_of(const struct ledger *ledger, const struct hit *hits, size_t count)
{
	struct output_options options = {.ledger = ledger};
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	struct output *output = output_new(OUTPUT_HTML, stream, &options);

	for (size_t i = 0; i < count; i++)
		assert_int_equal(output_hit(output, &hits[i], NULL), RC_OK);
	assert_int_equal(output_end(output, NULL), RC_OK);
	output_free(output);
	fclose(stream);
	return (struct str){text, len};
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_from(part), 0) != SIZE_MAX;
}

static size_t count_of(struct str text, const char *part)
{
	size_t count = 0;

	for (size_t at = 0; (at = str_find(text, str_from(part), at)) != SIZE_MAX; at++)
		count++;
	return count;
}

// The content of the first element that begins with `start` at or after `*at`;
// moves behind it. False when there is none.
static bool next_block(struct str text, const char *start, size_t *at, struct str *out)
{
	size_t begin = str_find(text, str_from(start), *at);
	size_t end;

	if (begin == SIZE_MAX)
		return false;
	begin += strlen(start);
	end = str_find(text, STR("</script>"), begin);
	assert_true(end != SIZE_MAX);
	*out = str_sub(text, begin, end - begin);
	*at = end;
	return true;
}

#define ROWS "<script type=\"application/json\" class=\"rows\">"
#define DETAILS "<script type=\"application/json\" class=\"details\">"
#define DICTIONARY "<script type=\"application/json\" id=\"dictionary\">"

// Every block is JSON without a character that means something in HTML.
static void check_blocks(struct str text, const char *start, size_t expected)
{
	struct str block;
	size_t count = 0;

	for (size_t at = 0; next_block(text, start, &at, &block); count++) {
		assert_true(json_is_valid(block));
		for (size_t i = 0; i < block.len; i++)
			assert_null(memchr("<>&", block.ptr[i], 3));
	}
	assert_int_equal(count, expected);
}

static void check_report(struct str text, size_t blocks)
{
	assert_true(utf8_is_valid(text));
	check_blocks(text, ROWS, blocks);
	check_blocks(text, DETAILS, blocks);
	check_blocks(text, DICTIONARY, 1);
	// The blocks, and the script.
	assert_int_equal(count_of(text, "<script"), 2 * blocks + 2);
	assert_int_equal(count_of(text, "</script"), 2 * blocks + 2);
	assert_int_equal(count_of(text, "<!--"), 0);
	assert_true(str_ends(text, STR("</html>\n")));
}

static struct str block_of(struct str text, const char *start)
{
	struct str block;
	size_t at = 0;

	assert_true(next_block(text, start, &at, &block));
	return block;
}

// ---- hits ---------------------------------------------------------------

static struct hit record_hit(void)
{
	static const struct hit_field fields[] = {
		{STR_INIT("EventID"), STR_INIT("System/EventID"), STR_INIT("4624")},
		{STR_INIT("User"), STR_INIT("EventData/User"), STR_INIT("eve")},
	};
	static const struct str xml[] = {STR_INIT("<E><I>"), STR_INIT("</I><U>"),
					 STR_INIT("</U></E>\n")};
	static const struct hit_pair details[] = {{STR_INIT("User"), STR_INIT("eve")}};
	static const struct hit_match matches[] = {
		{STR_INIT("sel"), STR_INIT("User"), STR_INIT("eve"), STR_INIT("e*")}};
	static const struct str tags[] = {STR_INIT("attack.t1596.001"), STR_INIT("attack.stealth"),
					  STR_INIT("attack.g0007")};
	struct hit hit = {
		.rule_title = STR("Logon"),
		.rule_id = STR("id-1"),
		.level = STR("high"),
		.risk_score = 90,
		.tags = tags,
		.tag_count = 3,
		.computer = STR("pc1"),
		.channel = STR("Security"),
		.provider = STR("P"),
		.event_id = 4624,
		.record_id = 7,
		.details = details,
		.detail_count = 1,
		.evtx_file = STR("a.evtx"),
		.file_sha256 = STR("00ff"),
		.confirmed = CONFIRMED_YES,
		.has_position = true,
		.chunk = 2,
		.offset = 4608,
		.header_id = 3,
		.matches = matches,
		.match_count = 1,
		.fields = fields,
		.field_count = 2,
		.xml = xml,
	};

	hit.time = 10 * TM_TICKS_PER_SECOND + 7; // after 1601
	return hit;
}

static struct hit hostile_hit(void)
{
	static const struct str texts[] = {STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE)};
	static const struct hit_field fields[] = {
		{STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE)},
		{STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE)},
	};
	static const struct hit_pair pairs[] = {{STR_INIT(HOSTILE), STR_INIT(HOSTILE)}};
	static const struct hit_match matches[] = {
		{STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE)}};
	static const struct hit_record records[] = {{0, STR_INIT(HOSTILE), STR_INIT(HOSTILE),
						     STR_INIT(HOSTILE), UINT64_MAX,
						     STR_INIT(HOSTILE), false}};
	static const struct hit_correlation correlation = {
		.type = STR_INIT(HOSTILE),
		.group = pairs,
		.group_count = 1,
		.value = 1e300,
		.first = UINT64_MAX,
		.values = texts,
		.value_count = 3,
		.records = records,
		.record_count = 1,
	};
	struct str text = STR(HOSTILE);

	return (struct hit){
		.time = UINT64_MAX,
		.rule_title = text,
		.rule_id = text,
		.rule_file = text,
		.rule_description = text,
		.rule_author = text,
		.references = texts,
		.reference_count = 3,
		.falsepositives = texts,
		.falsepositive_count = 3,
		.level = text,
		.risk_score = -1,
		.tags = texts,
		.tag_count = 3,
		.computer = text,
		.channel = text,
		.provider = text,
		.event_id = UINT32_MAX,
		.record_id = UINT64_MAX,
		.details = pairs,
		.detail_count = 1,
		.evtx_file = text,
		.confirmed = CONFIRMED_DIFFERS,
		.suppressed_by = text,
		.file_sha256 = text,
		.has_position = true,
		.chunk = UINT64_MAX,
		.offset = UINT64_MAX,
		.header_id = UINT64_MAX,
		.source_view = text,
		.matches = matches,
		.match_count = 1,
		.attributes = pairs,
		.attribute_count = 1,
		.correlation = &correlation,
		.fields = fields,
		.field_count = 2,
		.xml = texts,
	};
}

static void no_hits_give_a_report(void **state)
{
	struct str text = report_of(NULL, NULL, 0);

	(void)state;
	check_report(text, 0);
	free((char *)text.ptr);
}

static void hostile_hits_stay_in_their_elements(void **state)
{
	const struct hit hits[] = {hostile_hit(), record_hit(), hostile_hit()};
	struct str text = report_of(NULL, hits, 3);

	(void)state;
	check_report(text, 1);
	assert_true(holds(text, "\\u003c/script\\u003e\\u003c!--\\u003cscript\\u003e"));
	free((char *)text.ptr);
}

// What report/data.js reads, by hand: 10 s and 7 ticks after 1601 are 10,000 ms and 7.
static void a_hit_is_a_row_and_its_details(void **state)
{
	struct hit hit = record_hit();
	struct str text = report_of(NULL, &hit, 1);
	struct str block;

	(void)state;
	block = block_of(text, ROWS);
	assert_true(str_eq(block, STR("[10000,7,0,0,1,4624,7,0,1,2]")));
	block = block_of(text, DETAILS);
	assert_true(str_eq(block,
			   STR("{\"strings\":[\"4624\",\"eve\",\"P\",\"\",\"User\",\"sel\",\"e*\"],"
			       "\"records\":[[0,0,1]],"
			       "\"hits\":[[0,2,3,3,2,4608,0,1,4,1,1,5,4,1,6]]}")));
	block = block_of(text, DICTIONARY);
	assert_true(holds(block, "\"texts\":[\"pc1\",\"Security\",\"\"],"
				 "\"files\":[[\"a.evtx\",\"00ff\"]],"
				 "\"forms\":[{\"names\":[\"EventID\",\"User\"],"
				 "\"paths\":[\"System/EventID\",\"EventData/User\"],"
				 "\"xml\":[\"\\u003cE\\u003e\\u003cI\\u003e\","
				 "\"\\u003c/I\\u003e\\u003cU\\u003e\","
				 "\"\\u003c/U\\u003e\\u003c/E\\u003e\\n\"]}]"));
	assert_true(holds(block, "\"tactics\":[\"Stealth\"],\"techniques\":[\"T1596.001\"]"));
	assert_true(holds(block, "\"hits\":1,\"leftOut\":0}"));
	free((char *)text.ptr);
}

static void texts_and_records_are_written_once(void **state)
{
	struct hit hits[] = {record_hit(), record_hit(), record_hit()};
	struct str text;

	(void)state;
	hits[1].rule_title = STR("Another rule");
	hits[2].time += TM_TICKS_PER_SECOND;
	text = report_of(NULL, hits, 3);
	check_report(text, 1);
	assert_int_equal(count_of(text, "\"Another rule\""), 1);
	assert_int_equal(count_of(text, "\"a.evtx\""), 1);
	assert_int_equal(count_of(text, "\"EventData/User\""), 1);
	assert_true(holds(block_of(text, DETAILS), "\"records\":[[0,0,1]],"));
	assert_true(str_eq(block_of(text, ROWS),
			   STR("[10000,7,0,0,1,4624,7,0,1,2,0,7,1,0,1,4624,7,0,1,2,"
			       "1000,7,0,0,1,4624,7,0,1,2]")));
	free((char *)text.ptr);
}

// 2^53 + 1 is the first whole number that JavaScript cannot hold.
static void large_numbers_are_texts(void **state)
{
	struct hit hit = record_hit();
	struct str text;

	(void)state;
	hit.record_id = 9007199254740993u;
	hit.offset = UINT64_MAX;
	hit.chunk = 9007199254740992u;
	text = report_of(NULL, &hit, 1);
	assert_true(holds(block_of(text, ROWS), ",4624,\"9007199254740993\",0,"));
	assert_true(holds(block_of(text, DETAILS), ",9007199254740992,\"18446744073709551615\","));
	free((char *)text.ptr);
}

static void blocks_end_after_a_thousand_hits(void **state)
{
	struct html_hits *hits = html_hits_new(NULL);
	struct hit hit = record_hit();
	struct buf out = {0};

	(void)state;
	for (int i = 0; i < 2001; i++)
		html_hits_add(hits, &hit, &out);
	html_hits_end(hits, &out);
	check_blocks(buf_str(&out), ROWS, 3);
	check_blocks(buf_str(&out), DETAILS, 3);
	html_hits_free(hits);
	buf_release(&out);
}

// Memory stays bounded although every record has another form and long values.
static void blocks_end_when_they_are_large(void **state)
{
	static char value[60000];
	struct hit_field field = {STR("Long"), STR("EventData/Long"), {value, sizeof(value)}};
	struct html_hits *hits = html_hits_new(NULL);
	struct hit hit = record_hit();
	struct buf out = {0};

	(void)state;
	memset(value, 'a', sizeof(value));
	hit.fields = &field;
	hit.field_count = 1;
	for (int i = 0; i < 100; i++) {
		value[0] = (char)('!' + i);
		html_hits_add(hits, &hit, &out);
		assert_true(i < 20 || out.len > (size_t)(i - 20) * sizeof(value));
	}
	html_hits_end(hits, &out);
	html_hits_free(hits);
	buf_release(&out);
}

static void hits_beyond_the_limit_are_counted_and_named(void **state)
{
	struct ledger ledger;
	struct hit hit = {.rule_title = STR("T")};
	struct output_options options = {.ledger = &ledger};
	struct str text = {NULL, 0};
	FILE *stream = open_memstream((char **)&text.ptr, &text.len);
	struct output *output;

	(void)state;
	ledger_init(&ledger, STR("0"));
	ledger_close(&ledger);
	output = output_new(OUTPUT_HTML, stream, &options);
	for (int i = 0; i < LIMIT_REPORT_HITS + 3; i++)
		assert_int_equal(output_hit(output, &hit, NULL), RC_OK);
	assert_int_equal(output_left_out(output), 3);
	assert_int_equal(output_end(output, NULL), RC_OK);
	output_free(output);
	fclose(stream);
	assert_true(
		holds(text, "holds the first 250,000 hits by time; 3 later hits are only counted"));
	assert_true(holds(text, "\"hits\":250000,\"leftOut\":3}"));
	assert_false(holds(text, ">Complete<"));
	free((char *)text.ptr);
	ledger_release(&ledger);
}

// ---- dictionaries -------------------------------------------------------

static void a_full_dictionary_lets_items_stand_for_themselves(void **state)
{
	struct dictionary dictionary = {.limit = 400};
	struct buf out = {0};
	struct json json = {.out = &out};
	struct str text;

	(void)state;
	json_open(&json, '[');
	for (int i = 0; i < 100; i++) {
		char name[2] = {(char)('a' + i % 25), '\0'};

		dictionary_refer_text(&dictionary, &json, str_from(name));
	}
	json_close(&json, ']');
	text = buf_str(&out);
	assert_true(json_is_valid(text));
	assert_true(str_starts(text, STR("[0,1,2,")));
	assert_true(str_ends(text, STR(",\"w\",\"x\",\"y\"]")));
	assert_true(dictionary_size(&dictionary) <= dictionary.limit);
	buf_reset(&out);
	json.needs_comma = false;
	dictionary_put(&dictionary, &json);
	assert_true(str_starts(buf_str(&out), STR("[\"a\",\"b\",\"c\"")));
	buf_release(&out);
	dictionary_release(&dictionary);
}

// ---- head and account ---------------------------------------------------

static struct ledger_file *add_file(struct ledger *ledger, const char *path,
				    enum ledger_state state)
{
	struct ledger_file *file = ledger_add_file(ledger);

	file->path = str_from(path);
	file->state = state;
	return file;
}

static void the_account_puts_problems_first(void **state)
{
	struct ledger ledger;
	struct str text;
	size_t place[4];

	(void)state;
	ledger_init(&ledger, STR("0"));
	add_file(&ledger, "fine.evtx", LEDGER_COMPLETE)->records = 1234;
	add_file(&ledger, "part.evtx", LEDGER_PARTIAL);
	ledger_lose(&ledger, add_file(&ledger, "torn.evtx", LEDGER_COMPLETE), 3,
		    STR("torn record"));
	add_file(&ledger, "gone.evtx", LEDGER_UNREADABLE)->status = STR("no permission");
	ledger_close(&ledger);
	text = report_of(&ledger, NULL, 0);
	assert_true(holds(text,
			  "<strong>INCOMPLETE</strong> 1 file unreadable. 1 file partly read. "
			  "3 records lost. What is missing may hold further hits"));
	assert_true(holds(text, "<td>no permission</td>"));
	assert_true(holds(text, "<br>3 records: torn record"));
	assert_true(holds(text, "<dt>Records</dt><dd>1,234</dd>"));
	place[0] = str_find(text, STR("gone.evtx"), 0);
	place[1] = str_find(text, STR("part.evtx"), 0);
	place[2] = str_find(text, STR("torn.evtx"), 0);
	place[3] = str_find(text, STR("fine.evtx"), 0);
	assert_true(place[0] < place[1] && place[1] < place[2] && place[2] < place[3]);
	assert_true(place[3] != SIZE_MAX);
	free((char *)text.ptr);
	ledger_release(&ledger);
}

// Fill every list of the ledger with the same text.
static void fill(struct ledger *ledger, struct str text)
{
	struct ledger_allow *allow = ledger_add_allow(ledger);
	struct ledger_rule_hits *rule = ledger_add_rule_hits(ledger);
	struct ledger_kind *kind = ledger_add_kind(ledger);
	struct ledger_cover *cover = ledger_add_cover(ledger);
	struct ledger_file *file = ledger_add_file(ledger);

	file->path = file->sha256 = file->status = text;
	ledger_lose(ledger, file, 1, text);
	allow->name = allow->section = allow->owner = text;
	rule->id = rule->title = rule->level = text;
	kind->channel = kind->provider = text;
	cover->id = cover->title = cover->level = cover->file = cover->status = cover->missing =
		text;
	ledger->has_coverage = true;
	ledger->shown_choice = text;
	ledger_note(ledger, &ledger->refused, text, text);
	ledger_note(ledger, &ledger->unplaced, text, text);
	ledger_note(ledger, &ledger->allow_refused, text, text);
	ledger_note(ledger, &ledger->warnings, text, text);
	ledger_count(ledger, &ledger->levels, text, 1);
	ledger_count(ledger, &ledger->filter_hits, text, 1);
	ledger_count(ledger, &ledger->regex_limits, text, 1);
	ledger_count(ledger, &ledger->no_group, text, 1);
	ledger_close(ledger);
}

// A file has 4 texts, an entry of the allowlist 3, hits of a rule 3, a kind of records
// 2, coverage 5 (its status as the title of a list), four notes 8, four counts 4; the
// choice of records stands in the head too.
static void every_list_of_the_ledger_is_in_the_account(void **state)
{
	struct ledger ledger;
	struct str text;

	(void)state;
	ledger_init(&ledger, STR("0"));
	fill(&ledger, STR("needle"));
	text = report_of(&ledger, NULL, 0);
	assert_int_equal(count_of(text, ">needle<") + count_of(text, ": needle") +
				 count_of(text, ">needle <") + count_of(text, "1 needle"),
			 31);
	free((char *)text.ptr);
	ledger_release(&ledger);
}

static void hostile_ledgers_add_no_markup(void **state)
{
	struct ledger ledger;
	struct str plain;
	struct str hostile;

	(void)state;
	ledger_init(&ledger, STR("0"));
	fill(&ledger, STR("plain"));
	plain = report_of(&ledger, NULL, 0);
	ledger_release(&ledger);
	ledger_init(&ledger, STR("0"));
	fill(&ledger, STR(HOSTILE));
	hostile = report_of(&ledger, NULL, 0);
	ledger_release(&ledger);
	check_report(hostile, 0);
	assert_int_equal(count_of(hostile, "<"), count_of(plain, "<"));
	assert_int_equal(count_of(hostile, "\""), count_of(plain, "\""));
	assert_true(holds(hostile, "&lt;/script&gt;&lt;!--&lt;script&gt;&quot;&#39;&amp;\\n\\x00"));
	free((char *)plain.ptr);
	free((char *)hostile.ptr);
}

static void long_lists_end_and_say_so(void **state)
{
	struct ledger ledger;
	struct str text;

	(void)state;
	ledger_init(&ledger, STR("0"));
	for (int i = 0; i < LIMIT_REPORT_LIST + 7; i++)
		ledger_note(&ledger, &ledger.warnings, STR("w"), STR("unique-text"));
	ledger_close(&ledger);
	text = report_of(&ledger, NULL, 0);
	assert_int_equal(count_of(text, "unique-text"), LIMIT_REPORT_LIST);
	assert_true(holds(text, "And 7 more; --ledger FILE writes all of them."));
	assert_true(holds(text, "Warnings <span class=\"count\">10,007</span>"));
	free((char *)text.ptr);
	ledger_release(&ledger);
}

static void a_full_disk_is_reported(void **state)
{
	FILE *stream = fopen("/dev/full", "w");
	struct output *output;
	struct hit hit = record_hit();
	struct err err = {""};
	enum rc rc;

	(void)state;
	if (stream == NULL)
		skip();
	output = output_new(OUTPUT_HTML, stream, NULL);
	rc = output_hit(output, &hit, &err);
	assert_true(rc == RC_OK || rc == RC_FATAL); // it may be in a buffer still
	assert_int_equal(output_end(output, &err), RC_FATAL);
	assert_non_null(strstr(err.text, "No space left"));
	output_free(output);
	fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_hits_give_a_report),
		cmocka_unit_test(hostile_hits_stay_in_their_elements),
		cmocka_unit_test(a_hit_is_a_row_and_its_details),
		cmocka_unit_test(texts_and_records_are_written_once),
		cmocka_unit_test(large_numbers_are_texts),
		cmocka_unit_test(blocks_end_after_a_thousand_hits),
		cmocka_unit_test(blocks_end_when_they_are_large),
		cmocka_unit_test(hits_beyond_the_limit_are_counted_and_named),
		cmocka_unit_test(a_full_dictionary_lets_items_stand_for_themselves),
		cmocka_unit_test(the_account_puts_problems_first),
		cmocka_unit_test(every_list_of_the_ledger_is_in_the_account),
		cmocka_unit_test(hostile_ledgers_add_no_markup),
		cmocka_unit_test(long_lists_end_and_say_so),
		cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
