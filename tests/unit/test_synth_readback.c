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

#include "refreader/refreader.h"
#include "synth/synth.h"

#define HEAD                                                                                       \
	"defaults: {provider: P, event_id: 7, channel: C, computer: H, time: "                     \
	"2026-11-02T10:00:00Z}\n"

struct fixture {
	struct arena arena; // of the record, too
	char path[64];
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
	unlink(f->path);
	arena_release(&f->arena);
	free(f);
	return 0;
}

// Build the log, check what libevtx says about the file as a whole.
static void open_log(struct fixture *f, const char *yaml, uint64_t records)
{
	static const char temp[] = "/tmp/evtxscan-unit-XXXXXX";
	struct refreader_info info;
	struct diag_list diags;
	struct buf out = {0};
	int fd;

	diag_init(&diags, &f->arena);
	if (!synth_build(&f->arena, STR("t.yml"), str_from(yaml), &out, &diags))
		fail_msg("%u: %s", diags.items[0].line, diags.items[0].message.ptr);
	memcpy(f->path, temp, sizeof(temp));
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, out.ptr, out.len), out.len);
	close(fd);
	buf_release(&out);
	diag_release(&diags);
	assert_int_equal(refreader_open(f->path, &f->reader, NULL), RC_OK);
	refreader_get_info(f->reader, &info);
	assert_int_equal(info.records, records);
	assert_int_equal(info.recovered, 0);
	assert_false(info.corrupted || info.dirty);
	assert_int_equal(info.major, 3);
	assert_int_equal(info.minor, 1);
}

static void next_record(struct fixture *f)
{
	struct err err = {""};

	if (refreader_next(f->reader, &f->arena, &f->event, &err) != RC_OK)
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
	assert_int_equal(refreader_next(f->reader, &f->arena, &f->event, NULL), RC_END);
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
	assert_int_equal(refreader_next(f->reader, &f->arena, &f->event, NULL), RC_END);
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
