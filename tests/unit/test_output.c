// SPDX-License-Identifier: Apache-2.0
// Hits as table, CSV, JSON and JSONL.
#include "output/output.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hit_fixture.h"
#include "json_check.h"
#include "output/escape.h"

// A strict reader of RFC 4180: returns the cell at `*at` in `out`, unquoted,
// and moves behind it; `*last` tells that a CRLF followed.
static void read_cell(struct str csv, size_t *at, struct buf *out, bool *last)
{
	bool quoted = *at < csv.len && csv.ptr[*at] == '"';

	buf_reset(out);
	*at += quoted;
	for (;; ++*at) {
		assert_true(*at < csv.len);
		if (quoted && csv.ptr[*at] == '"') {
			if (csv.ptr[*at + 1] != '"')
				break;
			++*at;
		} else if (!quoted && (csv.ptr[*at] == ',' || csv.ptr[*at] == '\r')) {
			break;
		}
		assert_true(quoted || csv.ptr[*at] != '"');
		assert_true((unsigned char)csv.ptr[*at] >= 0x20);
		buf_put_char(out, csv.ptr[*at]);
	}
	*at += quoted;
	*last = csv.ptr[*at] == '\r';
	assert_true(csv.ptr[*at] == ',' || (*last && csv.ptr[*at + 1] == '\n'));
	*at += *last ? 2 : 1;
}

#define COLUMNS 16

// Check one line; NULL in `cells` is not compared.
static void check_line(struct str csv, size_t *at, const char *const cells[COLUMNS])
{
	struct buf cell = {0};

	for (int i = 0; i < COLUMNS; i++) {
		bool last;

		read_cell(csv, at, &cell, &last);
		assert_int_equal(last, i == COLUMNS - 1);
		if (cells != NULL && cells[i] != NULL)
			assert_string_equal(cell.ptr != NULL ? cell.ptr : "", cells[i]);
	}
	buf_release(&cell);
}

static const char *const header[COLUMNS] = {
	"Timestamp", "RuleTitle", "Level",     "RiskScore",    "Computer", "Channel",
	"Provider",  "EventID",	  "RecordID",  "Details",      "RuleID",   "Tags",
	"RuleFile",  "EvtxFile",  "Confirmed", "SuppressedBy",
};

static void csv_has_the_columns_of_the_design(void **state)
{
	static const char *const cells[COLUMNS] = {
		"2026-11-23T14:18:52.1234567Z",
		"Zone transfer",
		"high",
		"90",
		"dc01",
		"DNS Server",
		"DNS",
		"6001",
		"18446744073709551615",
		"QNAME: corp.example ¦ Source: 192.0.2.1 ¦ QNAME: b.example",
		"id-1",
		"attack.t1596.001 ¦ attack.recon",
		"rules/a.yml",
		"C:\\logs\\dns.evtx",
		"yes",
		"",
	};
	struct hit hit = plain_hit();
	struct str csv;
	size_t at = 0;

	(void)state;
	csv.ptr = print_hits(OUTPUT_CSV, NULL, &hit, 1, &csv.len);
	check_line(csv, &at, header);
	check_line(csv, &at, cells);
	assert_int_equal(at, csv.len);
	free((char *)csv.ptr);
}

static void csv_of_hostile_hits_keeps_one_line_each(void **state)
{
	const struct hit hits[] = {hostile_hit(), plain_hit(), hostile_hit(), correlation_hit()};
	static const char *const unknown[COLUMNS] = {"", "Sweep", "", "", "", "", "", "", "", ""};
	struct str csv;
	size_t at = 0;

	(void)state;
	csv.ptr = print_hits(OUTPUT_CSV, NULL, hits, 4, &csv.len);
	assert_true(utf8_is_valid(csv));
	for (int line = 0; line < 4; line++)
		check_line(csv, &at, NULL);
	check_line(csv, &at, unknown);
	assert_int_equal(at, csv.len);
	free((char *)csv.ptr);
}

static void check_empty(enum output_format format, const char *expected)
{
	size_t len;
	char *text = print_hits(format, NULL, NULL, 0, &len);

	assert_string_equal(text, expected);
	free(text);
}

static void no_hits_give_an_empty_document(void **state)
{
	(void)state;
	check_empty(OUTPUT_CSV, "Timestamp,RuleTitle,Level,RiskScore,Computer,Channel,Provider,"
				"EventID,RecordID,Details,RuleID,Tags,RuleFile,EvtxFile,Confirmed,"
				"SuppressedBy\r\n");
	check_empty(OUTPUT_JSON, "[]\n");
	check_empty(OUTPUT_JSONL, "");
	check_empty(OUTPUT_TABLE, "");
	check_empty(OUTPUT_LIST, "");
}

static void jsonl_of_a_plain_hit_is_as_designed(void **state)
{
	struct hit hit = plain_hit();
	size_t len;
	char *text = print_hits(OUTPUT_JSONL, NULL, &hit, 1, &len);

	(void)state;
	assert_string_equal(
		text,
		"{\"Timestamp\":\"2026-11-23T14:18:52.1234567Z\",\"RuleTitle\":\"Zone transfer\","
		"\"Level\":\"high\",\"RiskScore\":90,\"Computer\":\"dc01\",\"Channel\":\"DNS "
		"Server\","
		"\"Provider\":\"DNS\",\"EventID\":6001,\"RecordID\":18446744073709551615,"
		"\"Details\":{\"QNAME\":[\"corp.example\",\"b.example\"],\"Source\":\"192.0.2.1\"},"
		"\"RuleID\":\"id-1\",\"Tags\":[\"attack.t1596.001\",\"attack.recon\"],"
		"\"RuleFile\":\"rules/a.yml\",\"EvtxFile\":\"C:\\\\logs\\\\dns.evtx\","
		"\"Confirmed\":\"yes\",\"SuppressedBy\":\"\",\"Evidence\":{\"FileSHA256\":\"00ff\","
		"\"Chunk\":2,\"Offset\":135168,\"HeaderRecordID\":7,\"Carved\":false,"
		"\"SourceView\":\"\"},\"MatchedOn\":[{\"Selection\":\"sel\",\"Field\":\"QTYPE\","
		"\"Value\":\"252\",\"Pattern\":\"252\"}]}\n");
	free(text);
}

static void json_of_a_correlation_carries_its_window(void **state)
{
	struct hit hit = correlation_hit();
	size_t len;
	char *text = print_hits(OUTPUT_JSONL, NULL, &hit, 1, &len);

	(void)state;
	assert_true(json_is_valid((struct str){text, len}));
	assert_non_null(strstr(text, "\"Timestamp\":null"));
	assert_non_null(strstr(text, "\"RiskScore\":null"));
	assert_non_null(strstr(text, "\"EventID\":null,\"RecordID\":null"));
	assert_non_null(strstr(text, "\"FileSHA256\":null,\"Chunk\":null,\"Offset\":null"));
	assert_non_null(strstr(
		text,
		"\"Correlation\":{\"Type\":\"value_count\",\"Group\":{\"Client\":\"192.0.2.1\"},"
		"\"Value\":57,\"First\":\"1970-01-01T00:00:00.0000000Z\","
		"\"Trigger\":\"1970-01-01T00:00:00.0000001Z\",\"Last\":null,"
		"\"Values\":[\"a.example\",\"b.example\"],\"ValueTotal\":57,"
		"\"Records\":[{\"Timestamp\":\"1970-01-01T00:00:00.0000000Z\","
		"\"RuleID\":\"base\",\"Computer\":\"dc01\",\"Channel\":\"DNS\","
		"\"RecordID\":12,\"EvtxFile\":\"x.evtx\"}],\"RecordTotal\":99}}"));
	assert_null(strstr(text, "RuleAttributes"));
	free(text);
}

static void json_of_hostile_hits_is_valid(void **state)
{
	const struct hit hits[] = {hostile_hit(), correlation_hit(), plain_hit()};
	struct str json;

	(void)state;
	json.ptr = print_hits(OUTPUT_JSON, NULL, hits, 3, &json.len);
	assert_true(json_is_valid(json));
	// Two invalid names become one key.
	assert_true(str_find(json, STR("\"a\xef\xbf\xbd\":[\"1\",\"2\"]"), 0) != SIZE_MAX);
	assert_true(str_find(json, STR("\"RuleAttributes\":{"), 0) != SIZE_MAX);
	free((char *)json.ptr);
}

static void each_jsonl_line_is_an_object(void **state)
{
	const struct hit hits[] = {hostile_hit(), correlation_hit(), plain_hit()};
	struct str rest;
	struct str line;
	struct str text;
	int lines = 0;

	(void)state;
	text.ptr = print_hits(OUTPUT_JSONL, NULL, hits, 3, &text.len);
	rest = text;
	while (str_split(&rest, '\n', &line) && line.len != 0) {
		assert_true(json_is_valid(line));
		lines++;
	}
	assert_int_equal(lines, 3);
	free((char *)text.ptr);
}

// Only line ends, printable text and, when asked for, our own colours.
static void check_terminal(struct str text, bool color)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t cp = utf8_next(text, &at);

		if (cp == 0x1B && color) {
			assert_int_equal(text.ptr[at], '[');
			at = str_find_char(text, 'm', at);
			assert_true(at != SIZE_MAX);
			continue;
		}
		assert_true(cp == '\n' || (cp >= 0x20 && !(cp >= 0x7F && cp < 0xA0)));
		assert_true(cp != 0x202E);
	}
}

static void check_width(enum output_format format, size_t width)
{
	const struct hit hits[] = {plain_hit(), hostile_hit(), correlation_hit()};
	struct output_options options = {.width = width};
	struct str text;
	struct str rest;
	struct str line;

	text.ptr = print_hits(format, &options, hits, 3, &text.len);
	check_terminal(text, false);
	rest = text;
	while (str_split(&rest, '\n', &line))
		assert_true(escape_terminal_width(line) <= width);
	free((char *)text.ptr);
}

static void terminal_formats_fit_the_width_and_carry_no_controls(void **state)
{
	static const size_t widths[] = {80, 99, 100, 200};

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		check_width(OUTPUT_TABLE, widths[i]);
		check_width(OUTPUT_LIST, widths[i]);
	}
}

static void table_has_two_lines_a_hit(void **state)
{
	static const struct hit_pair details[] = {{STR_INIT("Client"), STR_INIT("192.0.2.1")}};
	struct hit hits[] = {plain_hit(), correlation_hit(), correlation_hit()};
	struct output_options options = {.width = 100};
	size_t len;
	char *text;

	(void)state;
	hits[2].details = details;
	hits[2].detail_count = 1;
	text = print_hits(OUTPUT_TABLE, &options, hits, 3, &len);
	assert_string_equal(
		text,
		"TIME (UTC)           LEVEL  RULE                                                  "
		"COMPUTER\n"
		"2026-11-23 14:18:52  high   Zone transfer                                         "
		"dc01\n"
		"                            DNS Server 6001  QNAME: corp.example ¦ Source: "
		"192.0.2.1 ¦ QNAME: b.exa…\n"
		"-                    -      Sweep                                                 "
		"\n"
		"                            value_count 57, 99 records, 1970-01-01 00:00:00 to "
		"-\n"
		"-                    -      Sweep                                                 "
		"\n"
		"                            Client: 192.0.2.1 ¦ value_count 57, 99 records, "
		"1970-01-01 00:00:00 to -\n");
	free(text);
}

static void terminal_formats_colour_only_when_asked(void **state)
{
	const struct hit hits[] = {plain_hit(), hostile_hit()};
	struct output_options options = {.color = true};

	(void)state;
	for (int format = OUTPUT_TABLE; format <= OUTPUT_LIST; format++) {
		struct str text;

		text.ptr = print_hits((enum output_format)format, &options, hits, 2, &text.len);
		check_terminal(text, true);
		assert_true(str_find(text, STR("\033[1;31mhigh"), 0) != SIZE_MAX);
		free((char *)text.ptr);
	}
}

static void terminal_formats_mark_suppressed_hits_and_name_who_did_it(void **state)
{
	struct hit hit = plain_hit();

	(void)state;
	hit.suppressed_by = STR("ns2, branch office");
	for (int format = OUTPUT_TABLE; format <= OUTPUT_LIST; format++) {
		size_t len;
		char *text = print_hits((enum output_format)format, NULL, &hit, 1, &len);

		assert_non_null(strstr(text, "[suppressed]"));
		assert_non_null(strstr(text, "ns2, branch office"));
		free(text);
	}
}

static void list_says_how_much_of_a_long_value_it_left_out(void **state)
{
	static char value[100000];
	struct hit_pair detail = {STR("CommandLine"), {value, sizeof(value)}};
	struct hit hit = plain_hit();
	struct str line;
	struct str rest;
	size_t len;
	char *text;

	(void)state;
	memset(value, 'a', sizeof(value));
	hit.details = &detail;
	hit.detail_count = 1;
	text = print_hits(OUTPUT_LIST, NULL, &hit, 1, &len);
	assert_true(len < 2000);
	assert_non_null(strstr(text, "… [+99"));
	rest = (struct str){text, len};
	while (str_split(&rest, '\n', &line))
		assert_true(escape_terminal_width(line) <= 80);
	free(text);
}

static void full_disk_is_reported(void **state)
{
	FILE *stream = fopen("/dev/full", "w");
	struct hit hit = plain_hit();

	(void)state;
	if (stream == NULL)
		skip();
	for (int format = OUTPUT_TABLE; format < OUTPUT_FORMATS; format++) {
		struct output *output = output_new((enum output_format)format, stream, NULL);
		struct err err = {""};

		(void)!output_hit(output, &hit, NULL);
		assert_int_equal(output_end(output, &err), RC_FATAL);
		assert_string_equal(err.text, "cannot write the results: No space left on device");
		output_free(output);
	}
	fclose(stream);
}

static void closed_pipe_stops_the_printing(void **state)
{
	struct hit hit = plain_hit();
	struct output *output;
	struct err err = {""};
	enum rc rc = RC_OK;
	FILE *stream;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	stream = fdopen(ends[1], "w");
	output = output_new(OUTPUT_JSONL, stream, NULL);
	for (int i = 0; i < 1000 && rc == RC_OK; i++)
		rc = output_hit(output, &hit, &err);
	assert_int_equal(rc, RC_FATAL);
	assert_string_equal(err.text, "cannot write the results: Broken pipe");
	assert_int_equal(output_end(output, NULL), RC_FATAL);
	output_free(output);
	fclose(stream);
}

static void formats_are_found_by_name(void **state)
{
	enum output_format format = OUTPUT_TABLE;

	(void)state;
	assert_true(output_parse_format(STR("JSONL"), &format));
	assert_int_equal(format, OUTPUT_JSONL);
	assert_true(output_parse_format(STR("csv"), &format));
	assert_int_equal(format, OUTPUT_CSV);
	assert_false(output_parse_format(STR("xml"), &format));
	assert_false(output_parse_format(STR(""), &format));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_has_the_columns_of_the_design),
		cmocka_unit_test(csv_of_hostile_hits_keeps_one_line_each),
		cmocka_unit_test(no_hits_give_an_empty_document),
		cmocka_unit_test(jsonl_of_a_plain_hit_is_as_designed),
		cmocka_unit_test(json_of_a_correlation_carries_its_window),
		cmocka_unit_test(json_of_hostile_hits_is_valid),
		cmocka_unit_test(each_jsonl_line_is_an_object),
		cmocka_unit_test(terminal_formats_fit_the_width_and_carry_no_controls),
		cmocka_unit_test(table_has_two_lines_a_hit),
		cmocka_unit_test(terminal_formats_colour_only_when_asked),
		cmocka_unit_test(terminal_formats_mark_suppressed_hits_and_name_who_did_it),
		cmocka_unit_test(list_says_how_much_of_a_long_value_it_left_out),
		cmocka_unit_test(full_disk_is_reported),
		cmocka_unit_test(closed_pipe_stops_the_printing),
		cmocka_unit_test(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
