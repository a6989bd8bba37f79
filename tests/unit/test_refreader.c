// SPDX-License-Identifier: Apache-2.0
// The libevtx reader on whole files, made for the purpose.
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

// Write `content` to a new file; the caller unlinks it.
static void the_library_has_a_version(void **state)
{
	(void)state;
	assert_int_equal(strlen(refreader_library_version()), strlen("20181227"));
}

#define HEAD                                                                                       \
	"events:\n"                                                                                \
	"  - {provider: 'A\"/><x y=\"&', event_id: 260, time: 2024-05-06T07:08:09.1234567Z,\n"     \
	"     channel: 'C<&>', computer: h, record_id: 77, "

// An event made from a description, written to a file and read by libevtx.
struct fixture {
	struct arena arena;
	struct refreader *reader;
	struct event event;
};

static void read_back(struct fixture *fixture, const char *yaml)
{
	struct diag_list diags;
	struct buf file = {0};
	struct err err = {""};

	diag_init(&diags, &fixture->arena);
	if (!synth_build(&fixture->arena, STR("test"), str_from(yaml), &file, &diags))
		fail_msg("%.*s", STR_ARG(diags.items[0].message));
	diag_release(&diags);
	assert_int_equal(
		refreader_set_chunk(&fixture->reader, file.ptr + 4096, file.len - 4096, &err),
		RC_OK);
	buf_release(&file);
	assert_int_equal(refreader_start_chunk(fixture->reader, &err), RC_OK);
	if (refreader_next(fixture->reader, &fixture->arena, &fixture->event, &err) != RC_OK)
		fail_msg("%s", err.text);
}

static void expect_end(struct fixture *fixture)
{
	struct event event;

	assert_int_equal(refreader_next(fixture->reader, &fixture->arena, &event, NULL), RC_END);
	refreader_close(fixture->reader);
	arena_release(&fixture->arena);
}

static void expect_field(struct fixture *fixture, const char *name, struct str expected)
{
	const struct field *field = event_find(&fixture->event, str_from(name));
	struct str text;

	if (field == NULL)
		fail_msg("no field %s", name);
	text = event_text(&fixture->event, field);
	if (!str_eq(text, expected))
		fail_msg("%s is '%.*s'", name, STR_ARG(text));
}

static void system_fields_come_from_the_record(void **state)
{
	struct fixture fixture = {0};

	(void)state;
	read_back(&fixture, HEAD "keywords: 0x10, user: S-1-5-18}\n");
	assert_int_equal(fixture.event.event_id, 260);
	assert_int_equal(fixture.event.record_id, 77);
	assert_int_equal(fixture.event.header_id, 1);
	expect_field(&fixture, "TimeCreated_SystemTime", STR("2024-05-06T07:08:09.1234567Z"));
	expect_field(&fixture, "Keywords", STR("0x10"));
	expect_field(&fixture, "Security_UserID", STR("S-1-5-18"));
	// The provider is an attribute, which libevtx does not escape.
	assert_true(str_eq(fixture.event.provider, STR("A\"/><x y=\"&")));
	assert_true(str_eq(fixture.event.channel, STR("C<&>")));
	expect_end(&fixture);
}

static void typed_values_are_shown_as_windows_does(void **state)
{
	struct fixture fixture = {0};

	(void)state;
	read_back(&fixture, HEAD "data: {a: {hex32: 0x1f}, b: {hex64: 0x3e7}, "
				 "c: {guid: '{71A551F5-C893-4849-886B-B5EC8502641E}'}, "
				 "d: {filetime: '1601-01-01T00:00:00Z'}, "
				 "e: {systemtime: '2024-05-06T07:08:09.123Z'}, f: {bool: true}, "
				 "g: {binary: DEADBEEF}, h: {sid: S-1-5-18}, i: {uint64: 5}, "
				 "j: \"\\U0001F600\"}}\n");
	expect_field(&fixture, "a", STR("0x1f"));
	expect_field(&fixture, "b", STR("0x3e7"));
	expect_field(&fixture, "c", STR("{71a551f5-c893-4849-886b-b5ec8502641e}"));
	expect_field(&fixture, "d", STR("1601-01-01T00:00:00.0000000Z"));
	expect_field(&fixture, "e", STR("2024-05-06T07:08:09.1230000Z"));
	expect_field(&fixture, "f", STR("true"));
	expect_field(&fixture, "g", STR("DEADBEEF"));
	expect_field(&fixture, "h", STR("S-1-5-18"));
	expect_field(&fixture, "i", STR("5"));
	expect_field(&fixture, "j", STR("\xF0\x9F\x98\x80"));
	expect_end(&fixture);
}

static void hostile_values_forge_nothing_and_come_back_whole(void **state)
{
	struct fixture fixture = {0};
	size_t system;

	(void)state;
	read_back(&fixture, HEAD "data: {}}\n");
	system = fixture.event.count;
	expect_end(&fixture);
	fixture = (struct fixture){0};
	read_back(&fixture, HEAD "data: {a: {ansi: 'x</Data><Data Name=\"Image\">y'}, "
				 "b: {ansi: \"x</Data>\\n    <Data Name=\\\"Image\\\">y\"}, "
				 "c: {ansi: '<!--'}, d: {ansi: '<'}, e: '&', f: '<x>&amp;\"', "
				 "g: {ansi_bytes: 40A63501}, h: \"a\\r\\nb\\t\", i: '', "
				 "j: {ansi: \"\\n      <Data/>\"}}}\n");
	assert_int_equal(fixture.event.count, system + 10);
	expect_field(&fixture, "a", STR("x</Data><Data Name=\"Image\">y"));
	expect_field(&fixture, "b", STR("x</Data>\n    <Data Name=\"Image\">y"));
	expect_field(&fixture, "c", STR("<!--"));
	expect_field(&fixture, "d", STR("<"));
	expect_field(&fixture, "e", STR("&"));
	expect_field(&fixture, "f", STR("<x>&amp;\""));
	expect_field(&fixture, "g",
		     STR("@\xC2\xA6"
			 "5\x01"));
	expect_field(&fixture, "h", STR("a\r\nb\t"));
	expect_field(&fixture, "i", STR(""));
	expect_field(&fixture, "j", STR("\n      <Data/>"));
	expect_end(&fixture);
}

static void user_data_with_hostile_attributes_is_read(void **state)
{
	struct fixture fixture = {0};

	(void)state;
	read_back(&fixture, HEAD "user_data: {Root: {xmlns: 'u:x', '@Url': 'a\"b<c>&amp;', "
				 "Leaf: {'@At': 'q\"', Sub: {ansi: '<x>&'}}}}}\n");
	expect_field(&fixture, "Root_Url", STR("a\"b<c>&amp;"));
	expect_field(&fixture, "Leaf_At", STR("q\""));
	expect_field(&fixture, "Sub", STR("<x>&"));
	expect_end(&fixture);
}

// Three records; the second and third use templates and names of the first.
#define NEXT(id, text)                                                                             \
	"  - {provider: p, event_id: 2, time: 2024-05-06T07:08:09Z, channel: c, computer: h,\n"    \
	"     record_id: " id ", data: {a: " text "}}\n"
#define THREE HEAD "data: {a: first}}\n" NEXT("78", "second") NEXT("79", "third")

// The log of THREE, and where the records are in its chunk.
static size_t make_three(struct arena *arena, struct buf *file, size_t offsets[3])
{
	struct diag_list diags;
	const unsigned char *chunk;
	size_t at = 512;

	diag_init(&diags, arena);
	assert_true(synth_build(arena, STR("test"), STR(THREE), file, &diags));
	diag_release(&diags);
	chunk = (const unsigned char *)file->ptr + 4096;
	for (int i = 0; i < 3; i++) {
		offsets[i] = at;
		at += (size_t)chunk[at + 4] | (size_t)chunk[at + 5] << 8;
	}
	return at;
}

static void expect_single(struct refreader *reader, uint64_t header_id, size_t offset,
			  const char *text)
{
	struct fixture fixture = {0};
	struct err err = {""};

	if (refreader_read(reader, header_id, offset, &fixture.arena, &fixture.event, &err) !=
	    RC_OK)
		fail_msg("%s", err.text);
	assert_int_equal(fixture.event.header_id, header_id);
	assert_int_equal(fixture.event.record_id, 76 + header_id);
	assert_int_equal(fixture.event.offset, offset);
	expect_field(&fixture, "a", str_from(text));
	arena_release(&fixture.arena);
}

static void single_records_are_read_in_any_order(void **state)
{
	struct arena arena = {0};
	struct buf file = {0};
	struct refreader *reader = NULL;
	struct err err = {""};
	size_t offsets[3];

	(void)state;
	(void)make_three(&arena, &file, offsets);
	assert_int_equal(refreader_set_chunk(&reader, file.ptr + 4096, 65536, &err), RC_OK);
	expect_single(reader, 3, offsets[2], "third");
	expect_single(reader, 1, offsets[0], "first");
	expect_single(reader, 2, offsets[1], "second");
	expect_single(reader, 3, offsets[2], "third");
	refreader_close(reader);
	buf_release(&file);
	arena_release(&arena);
}

static void chunks_without_header_or_end_give_single_records(void **state)
{
	struct arena arena = {0};
	struct buf file = {0};
	struct refreader *reader = NULL;
	struct err err = {""};
	size_t offsets[3];
	size_t end;

	(void)state;
	end = make_three(&arena, &file, offsets);
	memset(file.ptr + 4096, 0, 128);
	assert_int_equal(refreader_set_chunk(&reader, file.ptr + 4096, end, &err), RC_OK);
	expect_single(reader, 3, offsets[2], "third");
	// Cut inside the third one.
	assert_int_equal(refreader_set_chunk(&reader, file.ptr + 4096, end - 8, &err), RC_OK);
	expect_single(reader, 2, offsets[1], "second");
	assert_int_equal(refreader_read(reader, 3, offsets[2], &arena, &(struct event){0}, &err),
			 RC_FAILED);
	assert_string_equal(err.text, "the record's two sizes differ");
	refreader_close(reader);
	buf_release(&file);
	arena_release(&arena);
}

static void all_records_of_a_chunk_come_in_order(void **state)
{
	static const char *const texts[] = {"first", "second", "third"};
	struct arena arena = {0};
	struct buf file = {0};
	struct fixture fixture = {0};
	struct err err = {""};
	size_t offsets[3];

	(void)state;
	(void)make_three(&arena, &file, offsets);
	assert_int_equal(refreader_set_chunk(&fixture.reader, file.ptr + 4096, 65536, &err), RC_OK);
	// What single reads change in the copy of the chunk is put back.
	expect_single(fixture.reader, 2, offsets[1], "second");
	assert_int_equal(refreader_start_chunk(fixture.reader, &err), RC_OK);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
			refreader_next(fixture.reader, &fixture.arena, &fixture.event, &err),
			RC_OK);
		assert_int_equal(fixture.event.header_id, i + 1);
		expect_field(&fixture, "a", str_from(texts[i]));
	}
	// A single read ends the walk.
	expect_single(fixture.reader, 1, offsets[0], "first");
	expect_end(&fixture);
	buf_release(&file);
	arena_release(&arena);
}

static void what_is_no_record_is_refused(void **state)
{
	struct arena arena = {0};
	struct buf file = {0};
	struct refreader *reader = NULL;
	struct event event;
	struct err err = {""};
	size_t offsets[3];

	(void)state;
	(void)make_three(&arena, &file, offsets);
	assert_int_equal(refreader_set_chunk(&reader, file.ptr + 4096, 65536, &err), RC_OK);
	// Another id, another place, too near to the first one, the ends.
	const struct {
		uint64_t id;
		size_t offset;
	} wrong[] = {{7, offsets[1]}, {2, offsets[1] + 8}, {1, 520},
		     {1, 0},	      {1, 65535},	   {1, SIZE_MAX}};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			refreader_read(reader, wrong[i].id, wrong[i].offset, &arena, &event, &err),
			RC_FAILED);
	// A size that leads out of the chunk.
	memset(file.ptr + 4096 + offsets[1] + 4, 0xFF, 4);
	assert_int_equal(refreader_set_chunk(&reader, file.ptr + 4096, 65536, &err), RC_OK);
	assert_int_equal(refreader_read(reader, 2, offsets[1], &arena, &event, &err), RC_FAILED);
	refreader_close(reader);
	buf_release(&file);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_has_a_version),
		cmocka_unit_test(system_fields_come_from_the_record),
		cmocka_unit_test(typed_values_are_shown_as_windows_does),
		cmocka_unit_test(hostile_values_forge_nothing_and_come_back_whole),
		cmocka_unit_test(user_data_with_hostile_attributes_is_read),
		cmocka_unit_test(single_records_are_read_in_any_order),
		cmocka_unit_test(chunks_without_header_or_end_give_single_records),
		cmocka_unit_test(all_records_of_a_chunk_come_in_order),
		cmocka_unit_test(what_is_no_record_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
