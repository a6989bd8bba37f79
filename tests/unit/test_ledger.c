// SPDX-License-Identifier: Apache-2.0
// The closing account.
#include "output/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json_check.h"

static struct ledger_file *add_file(struct ledger *ledger, const char *path, uint64_t records,
				    enum ledger_state state)
{
	struct ledger_file *file = ledger_add_file(ledger);

	file->path = str_from(path);
	file->size = 69632;
	file->chunks = 1;
	file->records = records;
	file->state = state;
	return file;
}

static char *text_of(const struct ledger *ledger)
{
	struct buf buf = {0};

	ledger_put_text(ledger, &buf);
	return buf.ptr;
}

static char *json_of(const struct ledger *ledger, size_t *len)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, len);

	assert_int_equal(ledger_write_json(ledger, stream, NULL), RC_OK);
	fclose(stream);
	assert_true(json_is_valid((struct str){text, *len}));
	return text;
}

static void a_clean_scan_takes_three_lines(void **state)
{
	struct ledger ledger;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	add_file(&ledger, "a.evtx", 1234567, LEDGER_COMPLETE);
	add_file(&ledger, "b.evtx", 1, LEDGER_COMPLETE);
	ledger.rules = 7;
	ledger.correlations = 1;
	ledger.hits = 12;
	ledger.suppressed = 3;
	ledger_count(&ledger, &ledger.levels, STR("critical"), 2);
	ledger_count(&ledger, &ledger.levels, STR("high"), 4);
	ledger_count(&ledger, &ledger.levels, STR("high"), 6);
	ledger_count(&ledger, &ledger.levels, STR("low"), 0);
	ledger_close(&ledger);
	assert_true(ledger.complete);
	text = text_of(&ledger);
	assert_string_equal(text, "Complete: 2 files, 136.0 KiB, 1,234,568 records read.\n"
				  "Rules: 7 loaded, 1 correlation.\n"
				  "Hits: 12 (2 critical, 10 high), 3 suppressed.\n");
	free(text);
	ledger_release(&ledger);
}

static void an_empty_ledger_is_complete_and_valid(void **state)
{
	struct ledger ledger;
	size_t len;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	ledger_close(&ledger);
	text = text_of(&ledger);
	assert_string_equal(text, "Complete: 0 files, 0 bytes, 0 records read.\n"
				  "Rules: 0 loaded.\n"
				  "Hits: 0.\n");
	free(text);
	text = json_of(&ledger, &len);
	assert_non_null(strstr(text, "\"Complete\":true"));
	free(text);
	ledger_release(&ledger);
}

static void every_unreadable_file_and_lost_record_is_named(void **state)
{
	struct ledger ledger;
	struct ledger_file *file;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	add_file(&ledger, "good.evtx", 10, LEDGER_COMPLETE);
	file = add_file(&ledger, "host/bad.evtx", 0, LEDGER_UNREADABLE);
	file->status = STR("cannot open: Permission denied");
	file = add_file(&ledger, "host/half.evtx", 90, LEDGER_PARTIAL);
	file->chunks = 3;
	file->chunks_failed = 1;
	ledger_lose(&ledger, file, 9, STR("chunk 2: CRC32 differs"));
	ledger_lose(&ledger, file, 1, STR("record 7: template is missing"));
	ledger_close(&ledger);
	assert_false(ledger.complete);
	text = text_of(&ledger);
	assert_non_null(strstr(text, "INCOMPLETE: 3 files"));
	assert_non_null(
		strstr(text, "UNREADABLE: host/bad.evtx: cannot open: Permission denied\n"));
	assert_non_null(strstr(
		text,
		"partly read: host/half.evtx (10 records lost, 90 read, 1 of 3 chunks failed)\n"
		"    9 records: chunk 2: CRC32 differs\n"
		"    1 record: record 7: template is missing\n"));
	assert_null(strstr(text, "good.evtx"));
	free(text);
	ledger_release(&ledger);
}

static void reasons_are_merged_and_the_rest_is_counted(void **state)
{
	struct ledger ledger;
	struct ledger_file *file;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	file = add_file(&ledger, "a.evtx", 0, LEDGER_COMPLETE);
	for (int i = 0; i < 10; i++) {
		char reason[] = "reason ?";

		reason[7] = (char)('0' + i);
		ledger_lose(&ledger, file, 2, str_from(reason));
		ledger_lose(&ledger, file, 1, STR("reason 0"));
	}
	assert_int_equal(file->failed, 30);
	assert_int_equal(file->reason_count, LEDGER_REASONS);
	assert_int_equal(file->reasons[0].count, 12);
	ledger_close(&ledger);
	assert_false(ledger.complete);
	text = text_of(&ledger);
	assert_non_null(strstr(text, "    10 more records\n"));
	free(text);
	ledger_release(&ledger);
}

static void any_loss_makes_the_scan_incomplete(void **state)
{
	(void)state;
	for (int loss = 0; loss < 5; loss++) {
		struct ledger ledger;
		struct ledger_file *file;

		ledger_init(&ledger, STR("0.1.0"));
		add_file(&ledger, "a.evtx", 1, LEDGER_COMPLETE);
		file = add_file(&ledger, "b.evtx", 1, LEDGER_COMPLETE);
		if (loss == 1)
			file->state = LEDGER_PARTIAL;
		else if (loss == 2)
			file->state = LEDGER_UNREADABLE;
		else if (loss == 3)
			file->chunks_failed = 1;
		else if (loss == 4)
			ledger_lose(&ledger, file, 1, STR("why"));
		ledger_close(&ledger);
		assert_int_equal(ledger.complete, loss == 0);
		ledger_release(&ledger);
	}
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static void long_lists_are_cut_in_the_text_and_whole_in_the_json(void **state)
{
	struct ledger ledger;
	size_t len;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	for (int i = 0; i < 3000; i++) {
		char name[32];
		struct str s = {name, (size_t)snprintf(name, sizeof(name), "name-%d", i)};

		add_file(&ledger, "x.evtx", 0, LEDGER_UNREADABLE)->path = ledger_text(&ledger, s);
		ledger_note(&ledger, &ledger.refused, s, STR("why"));
		ledger_note(&ledger, &ledger.unplaced, s, STR(""));
		ledger_note(&ledger, &ledger.warnings, STR(""), s);
		ledger_count(&ledger, &ledger.regex_limits, s, 1);
		ledger_add_allow(&ledger)->silenced = 1;
	}
	ledger_close(&ledger);
	text = text_of(&ledger);
	assert_true(count_lines(text) < 6 * 21 + 6);
	assert_non_null(strstr(text, "name-19\n  and 2,980 more\n"));
	assert_null(strstr(text, "name-20\n"));
	free(text);
	text = json_of(&ledger, &len);
	assert_non_null(strstr(text, "\"Path\":\"name-2999\""));
	assert_non_null(strstr(text, "{\"Name\":\"name-2999\",\"Text\":\"why\"}"));
	free(text);
	ledger_release(&ledger);
}

#define HOSTILE "\x1b[2J\n\"\0\xff\xe2\x80\xae"

static void hostile_texts_are_harmless(void **state)
{
	struct ledger ledger;
	struct ledger_file *file;
	struct ledger_allow *allow;
	struct str hostile = STR(HOSTILE);
	size_t lines;
	size_t len;
	char *text;

	(void)state;
	ledger_init(&ledger, hostile);
	file = add_file(&ledger, "x", 1, LEDGER_PARTIAL);
	file->path = file->sha256 = file->status = hostile;
	ledger_lose(&ledger, file, 1, hostile);
	ledger_note(&ledger, &ledger.refused, hostile, hostile);
	ledger_note(&ledger, &ledger.warnings, hostile, hostile);
	ledger_count(&ledger, &ledger.levels, hostile, 1);
	ledger_count(&ledger, &ledger.no_group, hostile, 1);
	allow = ledger_add_allow(&ledger);
	allow->name = allow->section = allow->owner = hostile;
	allow->after_expiry = 4;
	ledger_add_rule_hits(&ledger)->title = hostile;
	ledger_close(&ledger);
	text = text_of(&ledger);
	assert_true(utf8_is_valid(str_from(text)));
	assert_null(strchr(text, 0x1b));
	assert_null(strstr(text, "\xe2\x80\xae"));
	lines = count_lines(text);
	assert_int_equal(lines, 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1 + 1);
	assert_non_null(strstr(text, "0 silenced, 4 after its expiry, not silenced"));
	free(text);
	free(json_of(&ledger, &len));
	ledger_release(&ledger);
}

static void json_keeps_the_audit_of_idle_entries(void **state)
{
	struct ledger ledger;
	struct ledger_allow *allow;
	size_t len;
	char *text;

	(void)state;
	ledger_init(&ledger, STR("0.1.0"));
	allow = ledger_add_allow(&ledger);
	allow->name = STR("ns2");
	allow->section = STR("secondary_nameservers");
	allow->owner = STR("dns-team");
	ledger_count(&ledger, &ledger.filter_hits, STR("idle filter"), 0);
	ledger_close(&ledger);
	text = text_of(&ledger);
	assert_non_null(strstr(text, "Allowlist: 1 entry, 1 did nothing.\n"));
	free(text);
	text = json_of(&ledger, &len);
	assert_non_null(strstr(text, "{\"Name\":\"ns2\",\"Class\":\"secondary_nameservers\","
				     "\"Owner\":\"dns-team\",\"Silenced\":0,\"AfterExpiry\":0}"));
	assert_non_null(strstr(text, "\"FilterHits\":[{\"Name\":\"idle filter\",\"Count\":0}]"));
	free(text);
	ledger_release(&ledger);
}

static void a_full_disk_is_reported(void **state)
{
	FILE *stream = fopen("/dev/full", "w");
	struct ledger ledger;
	struct err err = {""};

	(void)state;
	if (stream == NULL)
		skip();
	ledger_init(&ledger, STR("0.1.0"));
	ledger_close(&ledger);
	assert_int_equal(ledger_write_json(&ledger, stream, &err), RC_FATAL);
	assert_string_equal(err.text, "cannot write the ledger: No space left on device");
	ledger_release(&ledger);
	fclose(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_scan_takes_three_lines),
		cmocka_unit_test(an_empty_ledger_is_complete_and_valid),
		cmocka_unit_test(every_unreadable_file_and_lost_record_is_named),
		cmocka_unit_test(reasons_are_merged_and_the_rest_is_counted),
		cmocka_unit_test(any_loss_makes_the_scan_incomplete),
		cmocka_unit_test(long_lists_are_cut_in_the_text_and_whole_in_the_json),
		cmocka_unit_test(hostile_texts_are_harmless),
		cmocka_unit_test(json_keeps_the_audit_of_idle_entries),
		cmocka_unit_test(a_full_disk_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
