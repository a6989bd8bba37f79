// SPDX-License-Identifier: Apache-2.0
// Descriptions of events, and what is stored for them.
#include <stdio.h>
#include <stdlib.h>

#include "evtx_peek.h"

#include "event/value.h"
#include "synth/synth.h"

#define HEAD                                                                                       \
	"defaults: {provider: P, event_id: 7, channel: C, computer: H, time: "                     \
	"2026-11-02T10:00:00Z}\n"
// 2026-11-02T10:00:00Z: 1,793,613,600 seconds after 1970.
#define TIME ((UINT64_C(1793613600) + UINT64_C(11644473600)) * 10000000)
#define SECOND UINT64_C(10000000)

struct fixture {
	struct arena arena;
	struct buf out;
	struct diag_list diags;
	struct peek_record record;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	diag_init(&f->diags, &f->arena);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	diag_release(&f->diags);
	buf_release(&f->out);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static bool build(struct fixture *f, const char *yaml)
{
	buf_reset(&f->out);
	return synth_build(&f->arena, STR("t.yml"), str_from(yaml), &f->out, &f->diags);
}

// Build, and look at record `index`.
static void build_and_peek(struct fixture *f, const char *yaml, size_t index)
{
	if (!build(f, yaml))
		fail_msg("%u:%u: %s", f->diags.items[0].line, f->diags.items[0].col,
			 f->diags.items[0].message.ptr);
	peek_record(buf_str(&f->out), index, &f->record);
}

static void expect_bytes(const struct peek_value *value, unsigned type, const char *bytes,
			 size_t len)
{
	assert_int_equal(value->type, type);
	assert_int_equal(value->len, len);
	if (len != 0)
		assert_memory_equal(value->bytes, bytes, len);
}

// Value `index` of the payload is the UnicodeString `text` (ASCII).
static void expect_text(const struct fixture *f, size_t index, const char *text)
{
	const struct peek_value *value = &f->record.inner.values[index];

	assert_true(index < f->record.inner.count);
	assert_int_equal(value->type, VALUE_STRING);
	assert_int_equal(value->len, 2 * strlen(text));
	for (size_t i = 0; text[i] != '\0'; i++)
		assert_int_equal(peek_uint(value->bytes + 2 * i, 2), (unsigned char)text[i]);
}

// True when the name stands somewhere in the file, in UTF-16.
static bool holds_name(const struct fixture *f, const char *name)
{
	char units[64];
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		units[2 * i] = name[i];
		units[2 * i + 1] = '\0';
	}
	return str_find(buf_str(&f->out), (struct str){units, 2 * len}, 0) != SIZE_MAX;
}

static void expect_template(const struct fixture *f, const char *text)
{
	struct buf found = {0};

	peek_template(f->record.chunk, f->record.inner.definition, &found);
	assert_string_equal(found.ptr, text);
	buf_release(&found);
}

static void each_type_has_its_binary_form(void **state)
{
#define BYTES(lit) lit, sizeof(lit) - 1
	// By evtx-format.md 3 and the definitions of the types.
	static const struct {
		const char *yaml;
		unsigned type;
		const char *bytes;
		size_t len;
	} cases[] = {
		{"plain", VALUE_STRING, BYTES("p\0l\0a\0i\0n\0")},
		{"''", VALUE_STRING, BYTES("")},
		{"12", VALUE_STRING, BYTES("1\0002\0")},
		{"{string: \"\\u20ac\\U0001F600\"}", VALUE_STRING,
		 BYTES("\xac\x20\x3d\xd8\x00\xde")},
		{"{ansi: \"a\\u00e9\\u20ac\"}", VALUE_ANSI, BYTES("a\xe9\x80")},
		{"{ansi_bytes: '8100'}", VALUE_ANSI, BYTES("\x81\0")},
		{"{string_utf16: 00D841}", VALUE_STRING, BYTES("\x00\xd8\x41")},
		{"{int8: -5}", VALUE_INT8, BYTES("\xfb")},
		{"{uint8: 255}", VALUE_UINT8, BYTES("\xff")},
		{"{int16: -32768}", VALUE_INT16, BYTES("\x00\x80")},
		{"{uint16: 0x1234}", VALUE_UINT16, BYTES("\x34\x12")},
		{"{int32: 2147483647}", VALUE_INT32, BYTES("\xff\xff\xff\x7f")},
		{"{uint32: 4294967295}", VALUE_UINT32, BYTES("\xff\xff\xff\xff")},
		{"{int64: -9223372036854775808}", VALUE_INT64, BYTES("\0\0\0\0\0\0\0\x80")},
		{"{uint64: 18446744073709551615}", VALUE_UINT64,
		 BYTES("\xff\xff\xff\xff\xff\xff\xff\xff")},
		{"{float: 1}", VALUE_FLOAT, BYTES("\0\0\x80\x3f")},
		{"{double: -2.5}", VALUE_DOUBLE, BYTES("\0\0\0\0\0\0\x04\xc0")},
		{"{bool: true}", VALUE_BOOL, BYTES("\1\0\0\0")},
		{"{bool: false}", VALUE_BOOL, BYTES("\0\0\0\0")},
		{"{binary: DEadBE}", VALUE_BINARY, BYTES("\xde\xad\xbe")},
		{"{binary: ''}", VALUE_BINARY, BYTES("")},
		{"{guid: '{00112233-4455-6677-8899-AABBCCDDEEFF}'}", VALUE_GUID,
		 BYTES("\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff")},
		{"{size: 258}", VALUE_SIZE, BYTES("\2\1\0\0\0\0\0\0")},
		{"{filetime: 1601-01-01T00:00:00.0000258Z}", VALUE_FILETIME,
		 BYTES("\2\1\0\0\0\0\0\0")},
		// A Monday.
		{"{systemtime: 2026-11-02T10:20:30.0405Z}", VALUE_SYSTEMTIME,
		 BYTES("\xea\x07\x0b\0\x01\0\x02\0\x0a\0\x14\0\x1e\0\x28\0")},
		{"{sid: S-1-5-32-544}", VALUE_SID, BYTES("\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0")},
		{"{hex32: 0x10}", VALUE_HEX32, BYTES("\x10\0\0\0")},
		{"{hex64: 0x3e7}", VALUE_HEX64, BYTES("\xe7\3\0\0\0\0\0\0")},
		{"{strings: [a, '', b]}", VALUE_ARRAY | VALUE_STRING, BYTES("a\0\0\0\0\0b\0\0\0")},
		{"{null: ~}", VALUE_NULL, BYTES("")},
	};
	struct fixture *f = *state;
	char yaml[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(yaml, sizeof(yaml), HEAD "events:\n  - data: {Name: %s}\n", cases[i].yaml);
		build_and_peek(f, yaml, 0);
		assert_int_equal(f->record.inner.count, 1);
		expect_bytes(&f->record.inner.values[0], cases[i].type, cases[i].bytes,
			     cases[i].len);
	}
#undef BYTES
}

static void system_keys_reach_their_values(void **state)
{
	struct fixture *f = *state;
	const struct peek_value *v = f->record.outer.values;

	build_and_peek(f,
		       HEAD
		       "events:\n"
		       "  - {event_id: 270, version: 1, level: 2, task: 3, opcode: 5,\n"
		       "     keywords: 0x4000000000000001, record_id: 101982, qualifiers: 16384,\n"
		       "     process_id: 1234, thread_id: 5678, user: S-1-5-18,\n"
		       "     time: 2026-11-02T10:00:00.1234567Z,\n"
		       "     guid: '{00112233-4455-6677-8899-AABBCCDDEEFF}',\n"
		       "     activity_id: '{00112233-4455-6677-8899-AABBCCDDEEF0}',\n"
		       "     related_activity_id: '{00112233-4455-6677-8899-AABBCCDDEEF1}'}\n",
		       0);
	assert_int_equal(peek_uint(v[0].bytes, 1), 2);
	assert_int_equal(peek_uint(v[1].bytes, 1), 5);
	assert_int_equal(peek_uint(v[2].bytes, 2), 3);
	assert_int_equal(peek_uint(v[3].bytes, 2), 270);
	assert_int_equal(peek_uint(v[4].bytes, 2), 16384);
	assert_int_equal(peek_uint(v[5].bytes, 8), UINT64_C(0x4000000000000001));
	assert_int_equal(peek_uint(v[6].bytes, 8), TIME + 1234567);
	assert_int_equal(v[7].bytes[15], 0xf0);
	assert_int_equal(peek_uint(v[8].bytes, 4), 1234);
	assert_int_equal(peek_uint(v[9].bytes, 4), 5678);
	assert_int_equal(peek_uint(v[10].bytes, 8), 101982);
	assert_int_equal(peek_uint(v[11].bytes, 1), 1);
	expect_bytes(&v[12], VALUE_SID, "\1\1\0\0\0\0\0\5\x12\0\0\0", 12);
	assert_int_equal(v[13].bytes[15], 0xf1);
	expect_bytes(&v[14], VALUE_STRING, "P\0", 2);
	assert_int_equal(v[15].bytes[15], 0xff);
}

static void absent_keys_have_their_defaults(void **state)
{
	struct fixture *f = *state;
	const struct peek_value *v = f->record.outer.values;

	build_and_peek(f, HEAD "events: [{}]\n", 0);
	assert_int_equal(peek_uint(v[0].bytes, 1), 4);
	assert_int_equal(peek_uint(v[1].bytes, 1), 0);
	assert_int_equal(peek_uint(v[2].bytes, 2), 0);
	assert_int_equal(peek_uint(v[5].bytes, 8), UINT64_C(0x8000000000000000));
	assert_int_equal(peek_uint(v[8].bytes, 4), 4);
	assert_int_equal(peek_uint(v[9].bytes, 4), 8);
	assert_int_equal(peek_uint(v[10].bytes, 8), 1);
	assert_int_equal(v[4].type + v[7].type + v[12].type + v[13].type + v[15].type, VALUE_NULL);
	assert_int_equal(f->record.inner.count, 0);
	expect_template(f, "<EventData></>");
	assert_int_equal(f->record.id, 1);
}

static void later_layers_replace_names_in_place(void **state)
{
	struct fixture *f = *state;
	static const char yaml[] = HEAD "templates:\n"
					"  one: {data: {A: a1, B: b1, C: c1}, level: 1}\n"
					"  two: {data: {B: b2, D: d2}, task: 9}\n"
					"events:\n"
					"  - {use: [one, two], data: {E: e3, C: ~, A: a3}}\n"
					"  - {use: one, level: ~, data: [x]}\n";

	build_and_peek(f, yaml, 0);
	assert_int_equal(f->record.inner.count, 4);
	expect_text(f, 0, "a3");
	expect_text(f, 1, "b2");
	expect_text(f, 2, "d2");
	expect_text(f, 3, "e3");
	assert_int_equal(peek_uint(f->record.outer.values[0].bytes, 1), 1);
	assert_int_equal(peek_uint(f->record.outer.values[2].bytes, 2), 9);
	build_and_peek(f, yaml, 1);
	assert_int_equal(peek_uint(f->record.outer.values[0].bytes, 1), 4);
	assert_int_equal(f->record.inner.values[0].type, VALUE_ARRAY | VALUE_STRING);
}

static void data_named_like_a_type_is_merged_too(void **state)
{
	struct fixture *f = *state;

	build_and_peek(f,
		       HEAD "templates: {t: {data: {size: one}}}\n"
			    "events: [{use: t, data: {binary: two}}]\n",
		       0);
	assert_int_equal(f->record.inner.count, 2);
	expect_text(f, 0, "one");
	expect_text(f, 1, "two");
}

static void user_data_merges_by_element(void **state)
{
	struct fixture *f = *state;

	build_and_peek(f,
		       HEAD
		       "templates:\n"
		       "  old: {data_name: Gone, data: {A: b}, binary: ''}\n"
		       "  t: {user_data: {Root: {xmlns: 'urn:x', "
		       "In: {A: a, B: {uint8: 1}}, '@at': {uint16: 5}}}}\n"
		       "events:\n  - {use: [old, t], user_data: {Root: {In: {B: {uint32: 2}}}}}\n",
		       0);
	assert_int_equal(f->record.inner.count, 3);
	expect_bytes(&f->record.inner.values[0], VALUE_UINT16, "\5\0", 2); // attributes first
	expect_text(f, 1, "a");
	expect_bytes(&f->record.inner.values[2], VALUE_UINT32, "\2\0\0\0", 4);
	expect_template(f, "<Root +@xmlns='urn:x' @at=%0:06><In><A>%1:01</><B>%2:08</></></>");
	assert_true(holds_name(f, "UserData"));
	assert_false(holds_name(f, "EventData") || holds_name(f, "Gone"));
}

static void payload_of_the_other_kind_replaces(void **state)
{
	struct fixture *f = *state;

	build_and_peek(f,
		       HEAD "templates:\n"
			    "  d: {data: {X: y}, data_name: Gone, binary: AB}\n"
			    "  u: {user_data: {Root: {Leaf: x}}}\n"
			    "events: [{use: [d, u], data: {A: b}}]\n",
		       0);
	expect_template(f, "<EventData><Data @Name='A'>%0:01</></>");
	assert_false(holds_name(f, "UserData"));
}

// evtx-format.md 4.3: an array, an unused u32, and Binary, null or not.
static void texts_without_names_are_the_classic_form(void **state)
{
	struct fixture *f = *state;
	static const char yaml[] = HEAD "events:\n"
					"  - {data: [a, '']}\n"
					"  - {data: [a, ''], binary: C0DE}\n";

	build_and_peek(f, yaml, 0);
	assert_int_equal(f->record.inner.count, 3);
	expect_bytes(&f->record.inner.values[0], 0x81, "a\0\0\0\0\0", 6);
	expect_bytes(&f->record.inner.values[2], VALUE_NULL, "", 0);
	build_and_peek(f, yaml, 1);
	expect_bytes(&f->record.inner.values[1], VALUE_UINT32, "\2\0\0\0", 4);
	expect_bytes(&f->record.inner.values[2], VALUE_BINARY, "\xc0\xde", 2);
	assert_false(f->record.inner.is_inline); // one template for both
	expect_template(f, "<EventData><Data dep0>%?0:81</><Binary dep2>%?2:0e</></>");
}

static void list_items_may_have_names_and_types(void **state)
{
	struct fixture *f = *state;

	build_and_peek(f,
		       HEAD
		       "events:\n"
		       "  - data_name: EVT\n"
		       "    data: [x, {uint8: 3}, {name: Same, value: y}, {name: Same, value: z}]\n"
		       "    binary: ''\n",
		       0);
	assert_int_equal(f->record.inner.count, 6);
	expect_text(f, 0, "x");
	expect_bytes(&f->record.inner.values[1], VALUE_UINT8, "\3", 1);
	expect_text(f, 2, "y");
	expect_text(f, 3, "z");
	expect_bytes(&f->record.inner.values[5], VALUE_BINARY, "", 0);
	expect_template(f, "<EventData @Name='EVT'><Data>%0:01</><Data>%1:04</>"
			   "<Data @Name='Same'>%2:01</><Data @Name='Same'>%3:01</>"
			   "<Binary>%5:0e</></>");
}

static void empty_attribute_becomes_null(void **state)
{
	struct fixture *f = *state;

	build_and_peek(f, HEAD "events: [{user_data: {R: {'@a': '', B: ''}}}]\n", 0);
	expect_bytes(&f->record.inner.values[0], VALUE_NULL, "", 0);
	expect_bytes(&f->record.inner.values[1], VALUE_STRING, "", 0);
	expect_template(f, "<R @a=%?0:01><B>%1:01</></>");
}

static uint64_t time_of(const struct fixture *f)
{
	return peek_uint(f->record.outer.values[6].bytes, 8);
}

static uint64_t record_id_of(const struct fixture *f)
{
	return peek_uint(f->record.outer.values[10].bytes, 8);
}

static void copies_step_in_time_and_number(void **state)
{
	struct fixture *f = *state;
	static const char yaml[] =
		"log: {first_header_id: 40}\n" HEAD "events:\n"
		"  - {record_id: 500, repeat: 2, for_each: [www, mail], every: 1500ms,\n"
		"     data: {Q: '${item}${n}/${n1}/${n000}/${env:PATH}/${', N: {uint8: '${n}'}}}\n"
		"  - {data: {Q: '${n}'}}\n";

	build_and_peek(f, yaml, 0);
	expect_text(f, 0, "www0/1/000/${env:PATH}/${");
	assert_int_equal(time_of(f), TIME);
	build_and_peek(f, yaml, 3);
	expect_text(f, 0, "mail3/4/003/${env:PATH}/${");
	expect_bytes(&f->record.inner.values[1], VALUE_UINT8, "\3", 1);
	assert_int_equal(time_of(f), TIME + 4 * SECOND + SECOND / 2);
	assert_int_equal(record_id_of(f), 503);
	assert_int_equal(f->record.id, 43);
	build_and_peek(f, yaml, 4);
	expect_text(f, 0, "${n}"); // not a repeated event
	assert_int_equal(record_id_of(f), 504);
	assert_int_equal(time_of(f), TIME);
}

static void each_unit_of_a_step_counts(void **state)
{
	static const struct {
		const char *every;
		uint64_t ticks;
	} cases[] = {{"7ms", 70000},
		     {"45s", 45 * SECOND},
		     {"2m", 120 * SECOND},
		     {"3h", 3 * 3600 * SECOND},
		     {"1d", 86400 * SECOND}};
	struct fixture *f = *state;
	char yaml[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(yaml, sizeof(yaml), HEAD "events: [{repeat: 2, every: %s}]\n",
			 cases[i].every);
		build_and_peek(f, yaml, 1);
		assert_int_equal(time_of(f), TIME + cases[i].ticks);
	}
}

static void same_description_gives_same_bytes(void **state)
{
	struct fixture *f = *state;
	static const char yaml[] = HEAD "events: [{repeat: 900, data: {Q: 'host${n}', R: [a]}}]\n";
	static const char good[] = HEAD "events: [{repeat: 900, data: {Q: 'host${n}', R: a}}]\n";
	struct buf first;

	assert_false(build(f, yaml)); // a list is no value
	assert_int_equal(f->out.len, 0);
	f->diags.errors = 0;
	build_and_peek(f, good, 0);
	first = f->out;
	f->out = (struct buf){0};
	build_and_peek(f, good, 0);
	assert_int_equal(first.len, f->out.len);
	assert_memory_equal(first.ptr, f->out.ptr, first.len);
	assert_true(first.len > 4096 + 65536);
	buf_release(&first);
}

static void output_is_appended_or_left_alone(void **state)
{
	struct fixture *f = *state;

	buf_put_text(&f->out, "before");
	assert_true(synth_build(&f->arena, STR("t.yml"), str_from(HEAD "events: [{}]"), &f->out,
				&f->diags));
	assert_int_equal(f->out.len, 6 + 4096 + 65536);
	assert_memory_equal(f->out.ptr, "beforeElfFile", 14);
	assert_false(synth_build(&f->arena, STR("t.yml"), str_from(HEAD "events: [{}, {level: x}]"),
				 &f->out, &f->diags));
	assert_int_equal(f->out.len, 6 + 4096 + 65536);
}

static void mistakes_are_named_at_their_place(void **state)
{
	static const struct {
		const char *yaml; // after HEAD, which is line 1
		unsigned line, col;
		const char *message;
	} cases[] = {
		{"events: {}", 1, 1, "events must be a list"},
		{"event: []", 2, 1, "unknown key 'event'"},
		{"events: [{colour: red}]", 2, 11, "unknown key 'colour'"},
		{"events: [x]", 2, 10, "expected a mapping"},
		{"events: [{use: nobody}]", 2, 16, "no template 'nobody'"},
		{"templates: {t: {use: t}}\nevents: []", 2, 17, "unknown key 'use'"},
		{"log: {first_header_id: -1}\nevents: []", 2, 24, "first_header_id"},
		{"events: [{channel: ~}]", 2, 10, "lacks its channel"},
		{"events: [{provider: ''}]", 2, 21, "lacks its provider"},
		{"events: [{computer: ~}]", 2, 10, "lacks its computer"},
		{"events: [{event_id: ~}]", 2, 10, "lacks its event_id"},
		{"events: [{time: ~}]", 2, 10, "lacks its time"},
		{"events: [{time: tomorrow}]", 2, 17, "not an ISO 8601 time"},
		{"events: [{event_id: 65536}]", 2, 21, "0 to 65535"},
		{"events: [{level: 256}]", 2, 18, "0 to 255"},
		{"events: [{user: Bob}]", 2, 17, "not a SID"},
		{"events: [{user: S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16}]", 2, 17, "SID"},
		{"events: [{guid: 1234}]", 2, 17, "not a GUID"},
		{"events: [{data: x}]", 2, 17, "data must be a mapping or a list"},
		{"events: [{data: {A: {colour: 1}}}]", 2, 21, "one type"},
		{"events: [{data: {A: {int8: 128}}}]", 2, 28, "'128' is not a signed"},
		{"events: [{data: {A: {int8: -129}}}]", 2, 28, "'-129'"},
		{"events: [{data: {A: {uint8: 256}}}]", 2, 29, "'256'"},
		{"events: [{data: {A: {uint64: 18446744073709551616}}}]", 2, 30, "64 bits"},
		{"events: [{data: {A: {double: 1x}}}]", 2, 30, "'1x' is not a real number"},
		{"events: [{data: {A: {bool: 1}}}]", 2, 28, "true or false"},
		{"events: [{data: {A: {binary: ABC}}}]", 2, 30, "hex bytes"},
		{"events: [{data: {A: {binary: XY}}}]", 2, 30, "hex bytes"},
		{"events: [{data: {A: {ansi: \"\\u4e2d\"}}}]", 2, 28, "Windows-1252"},
		{"events: [{data: {A: {strings: x}}}]", 2, 31, "a list of texts"},
		{"events: [{data: {A: {uint8: [1]}}}]", 2, 29, "found a list"},
		{"events: [{data: [{name: '', value: x}]}]", 2, 25, "must be text"},
		{"events: [{binary: 1}]", 2, 19, "hex bytes"},
		{"events: [{user_data: {A: x, B: y}}]", 2, 22, "one root"},
		{"events: [{user_data: {A: {'b c': y}}}]", 2, 27, "name of an element"},
		{"events: [{user_data: {A: {'@1': y}}}]", 2, 27, "name of an attribute"},
		{"events: [{user_data: {A: x}, data: {}}]", 2, 10, "not both"},
		{"events: [{repeat: x}]", 2, 19, "repeat"},
		{"events: [{every: 5w}]", 2, 18, "time step"},
		{"events: [{for_each: []}]", 2, 21, "for_each"},
		{"events: [{for_each: [[a]]}]", 2, 22, "for_each"},
	};
	struct fixture *f = *state;
	char yaml[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t at = f->diags.count;
		const struct diag *diag;

		snprintf(yaml, sizeof(yaml), HEAD "%s\n", cases[i].yaml);
		if (build(f, yaml) || f->diags.count != at + 1)
			fail_msg("not one error for %s", cases[i].yaml);
		diag = &f->diags.items[at];
		assert_string_equal(diag->code, "E_SYNTH");
		if (diag->line != cases[i].line || diag->col != cases[i].col ||
		    strstr(diag->message.ptr, cases[i].message) == NULL)
			fail_msg("%s: %u:%u: %s", cases[i].yaml, diag->line, diag->col,
				 diag->message.ptr);
		assert_int_equal(f->out.len, 0);
	}
}

static void all_broken_events_are_reported(void **state)
{
	struct fixture *f = *state;

	assert_false(build(f, HEAD "events: [{level: a}, {}, {level: b, repeat: 9}]\n"));
	assert_int_equal(f->diags.count, 2);
}

static void too_large_event_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct buf yaml = {0};

	buf_put_text(&yaml, HEAD "events:\n  - data: {A: ");
	for (unsigned i = 0; i < 33000; i++)
		buf_put_char(&yaml, 'x');
	buf_put_text(&yaml, "}\n");
	assert_false(build(f, yaml.ptr));
	assert_non_null(strstr(f->diags.items[0].message.ptr, "too large"));
	assert_int_equal(f->diags.items[0].line, 3);
	buf_release(&yaml);
}

static void broken_yaml_is_not_written(void **state)
{
	struct fixture *f = *state;

	assert_false(build(f, "events: ["));
	assert_false(build(f, ""));
	assert_false(build(f, "events: []\n---\nevents: []\n"));
	assert_int_equal(f->diags.count, 3);
	assert_int_equal(f->out.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_type_has_its_binary_form),
		TEST(system_keys_reach_their_values),
		TEST(absent_keys_have_their_defaults),
		TEST(later_layers_replace_names_in_place),
		TEST(data_named_like_a_type_is_merged_too),
		TEST(user_data_merges_by_element),
		TEST(payload_of_the_other_kind_replaces),
		TEST(texts_without_names_are_the_classic_form),
		TEST(list_items_may_have_names_and_types),
		TEST(empty_attribute_becomes_null),
		TEST(copies_step_in_time_and_number),
		TEST(each_unit_of_a_step_counts),
		TEST(same_description_gives_same_bytes),
		TEST(output_is_appended_or_left_alone),
		TEST(mistakes_are_named_at_their_place),
		TEST(all_broken_events_are_reported),
		TEST(too_large_event_is_an_error),
		TEST(broken_yaml_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
