// SPDX-License-Identifier: Apache-2.0
// Logs made from descriptions, read back by libevtx: whatever an independent
// parser makes of them must be what the description says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <libevtx.h>

#include "refreader/refreader.h"
#include "synth/synth.h"

#define HEAD                                                                                       \
	"defaults: {provider: P, event_id: 7, channel: C, computer: H, time: "                     \
	"2026-11-02T10:00:00Z}\n"

struct fixture {
	struct arena arena; // of the record, too
	struct buf log;
	size_t next; // offset of the chunk that comes next
	struct refreader *reader;
	struct event event;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	refreader_close(f->reader);
	buf_release(&f->log);
	arena_release(&f->arena);
	free(f);
	return 0;
}

// What libevtx says about the file as a whole.
static void check_file(struct str log, int records)
{
	char path[] = "/tmp/evtxscan-unit-XXXXXX";
	int fd = mkstemp(path);
	libevtx_file_t *file = NULL;
	uint16_t major, minor;
	uint32_t flags;
	int count;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, log.ptr, log.len), log.len);
	close(fd);
	assert_int_equal(libevtx_file_initialize(&file, NULL), 1);
	assert_int_equal(libevtx_file_open(file, path, LIBEVTX_OPEN_READ, NULL), 1);
	unlink(path);
	assert_int_equal(libevtx_file_get_number_of_records(file, &count, NULL), 1);
	assert_int_equal(count, records);
	assert_int_equal(libevtx_file_get_number_of_recovered_records(file, &count, NULL), 1);
	assert_int_equal(count, 0);
	assert_int_equal(libevtx_file_is_corrupted(file, NULL), 0);
	assert_int_equal(libevtx_file_get_flags(file, &flags, NULL), 1);
	assert_int_equal(flags, 0);
	assert_int_equal(libevtx_file_get_format_version(file, &major, &minor, NULL), 1);
	assert_int_equal(major, 3);
	assert_int_equal(minor, 1);
	(void)libevtx_file_close(file, NULL);
	(void)libevtx_file_free(&file, NULL);
}

static void open_log(struct fixture *f, const char *yaml, int records)
{
	struct diag_list diags;

	diag_init(&diags, &f->arena);
	if (!synth_build(&f->arena, STR("t.yml"), str_from(yaml), &f->log, &diags))
		fail_msg("%u: %s", diags.items[0].line, diags.items[0].message.ptr);
	diag_release(&diags);
	check_file(buf_str(&f->log), records);
	f->next = 4096;
}

// As refreader_next(), through all chunks.
static enum rc read_next(struct fixture *f, struct err *err)
{
	enum rc rc = RC_END;

	if (f->reader != NULL)
		rc = refreader_next(f->reader, &f->arena, &f->event, err);
	while (rc == RC_END && f->next < f->log.len) {
		assert_int_equal(refreader_set_chunk(&f->reader, f->log.ptr + f->next, 65536, err),
				 RC_OK);
		f->next += 65536;
		assert_int_equal(refreader_start_chunk(f->reader, err), RC_OK);
		rc = refreader_next(f->reader, &f->arena, &f->event, err);
	}
	return rc;
}

static void next_record(struct fixture *f)
{
	struct err err = {""};

	if (read_next(f, &err) != RC_OK)
		fail_msg("%s", err.text);
}

static void expect_field(struct fixture *f, const char *name, const char *text)
{
	const struct field *field = event_find(&f->event, str_from(name));
	struct str found;

	if (field == NULL)
		fail_msg("the event lacks %s", name);
	found = event_text(&f->event, field);
	if (!str_eq(found, str_from(text)))
		fail_msg("%s is '%.*s', not '%s'", name, STR_ARG(found), text);
}

static void thousands_of_records_come_back_in_order(void **state)
{
	struct fixture *f = *state;
	char text[32];

	open_log(f,
		 HEAD "events:\n"
		      "  - {repeat: 2000, record_id: 70000, every: 1s,\n"
		      "     data: {Name: 'host${n0000}.corp.example', Pid: {uint32: '${n}'}}}\n"
		      "  - {repeat: 100, user_data: {R: {Leaf: '${n}'}}}\n",
		 2100);
	for (unsigned i = 0; i < 2100; i++) {
		next_record(f);
		assert_int_equal(f->event.header_id, i + 1);
		assert_int_equal(f->event.record_id, 70000 + i);
		snprintf(text, sizeof(text), "%u", i < 2000 ? i : i - 2000);
		expect_field(f, i < 2000 ? "Pid" : "Leaf", text);
		if (i < 2000) {
			snprintf(text, sizeof(text), "host%04u.corp.example", i);
			expect_field(f, "Name", text);
		}
	}
	assert_int_equal(read_next(f, NULL), RC_END);
}

// Only forms that libevtx prints without a known fault (evtx-format.md 3).
static void values_come_back_as_written(void **state)
{
	static const char *const values[][3] = {
		{"Text", "'a & <b> \"c\"'", "a & <b> \"c\""},
		{"Empty", "''", ""},
		{"Ansi", "{ansi: corp.example.}", "corp.example."},
		{"U8", "{uint8: 255}", "255"},
		{"I16", "{int16: 300}", "300"},
		{"U64", "{uint64: 18446744073709551615}", "18446744073709551615"},
		{"Yes", "{bool: true}", "true"},
		{"Hex", "{binary: deadbeef}", "DEADBEEF"},
		{"H64", "{hex64: 0x3e7}", "0x3e7"},
		{"Sid", "{sid: S-1-5-21-1-2-3-1001}", "S-1-5-21-1-2-3-1001"},
		{"Time", "{filetime: 2026-11-02T10:00:00.1234567Z}",
		 "2026-11-02T10:00:00.1234567Z"},
	};
	struct fixture *f = *state;
	struct buf yaml = {0};

	buf_put_text(&yaml, HEAD "events:\n  - data:\n");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		buf_printf(&yaml, "      %s: %s\n", values[i][0], values[i][1]);
	open_log(f, yaml.ptr, 1);
	buf_release(&yaml);
	next_record(f);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		expect_field(f, values[i][0], values[i][2]);
}

// evtx-format.md 6.4: libevtx loses a record with an empty attribute or a null
// in the wrong place.
static void edge_cases_cost_no_record(void **state)
{
	struct fixture *f = *state;

	open_log(f,
		 HEAD "events:\n"
		      "  - {}\n"
		      "  - {data: [], binary: ''}\n"
		      "  - {data: [a, '', b]}\n"
		      "  - {data: [''], binary: ''}\n"
		      "  - {data: {A: {null: ~}, B: {strings: []}, C: {binary: ''}}}\n"
		      "  - {user_data: {R: {'@a': '', '@b': {null: ~}, C: {null: ~}, D: {}}}}\n"
		      "  - {user_data: {R: x}}\n"
		      "  - {event_source_name: S, data_name: N}\n",
		 8);
	for (unsigned i = 0; i < 8; i++) {
		next_record(f);
		assert_int_equal(f->event.record_id, i + 1);
		assert_int_equal(f->event.event_id, 7);
	}
	expect_field(f, "Provider_EventSourceName", "S");
	expect_field(f, "EventData_Name", "N");
}

static void log_without_events_is_sound(void **state)
{
	struct fixture *f = *state;

	open_log(f, HEAD "events: []\n", 0);
	assert_int_equal(read_next(f, NULL), RC_END);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(thousands_of_records_come_back_in_order),
		TEST(values_come_back_as_written),
		TEST(edge_cases_cost_no_record),
		TEST(log_without_events_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
