// SPDX-License-Identifier: Apache-2.0
// The native reader on sound logs and on chunks made by hand: which records
// there are, and which fields they have.
#include <stdlib.h>

#include "evtx_fixture.h"

#include "base/limits.h"
#include "evtx/writer.h"

#define SYSTEM "System/EventID=7\nSystem/Channel=C\n"

static void add_small(struct craft *c)
{
	start_plain(c);
	end_plain(c);
}

static void plain_records_are_read(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	start_plain(c);
	craft_start(c, "EventData", "Name", "E");
	craft_start(c, "Data", "Name", "User");
	craft_text(c, "bob");
	craft_end(c);
	craft_leaf(c, "Data", "unnamed");
	craft_start(c, "Data", "Name", "None");
	craft_end(c);
	craft_end(c);
	end_plain(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, SYSTEM "EventData@Name=E\nEventData/User=bob\nEventData/Data=unnamed\n"
				"EventData/None=\n");
	assert_int_equal(f->record.event_id, 7);
	assert_int_equal(f->event.event_id, 7);
	assert_true(str_eq(f->event.channel, STR("C")));
	assert_int_not_equal(f->record.shape, 0);
	assert_int_equal(f->event.fields[0].slot, 0);
	assert_end(f);
}

static void all_kinds_of_text_are_joined(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	start_plain(c);
	craft_start(c, "EventData", NULL, NULL);
	craft_start(c, "Data", "Name", "Url");
	craft_text(c, "a");
	craft_put(c, 1, 0x49);
	craft_name(c, "amp");
	craft_put(c, 1, 0x48);
	craft_put(c, 2, 'b');
	craft_put(c, 1, 0x0A);
	craft_name(c, "pi");
	craft_put(c, 1, 0x0B);
	craft_units(c, "not shown");
	craft_put(c, 1, 0x07);
	craft_units(c, "<c>");
	craft_put(c, 1, 0x09);
	craft_name(c, "own");
	craft_end(c);
	craft_end(c);
	end_plain(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, SYSTEM "EventData/Url=a&b<c>&own;\n");
}

static void rendered_text_has_names_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	start_plain(c);
	craft_start(c, "RenderingInfo", "Culture", "en-US");
	craft_leaf(c, "Message", "m");
	craft_leaf(c, "Level", "l");
	craft_end(c);
	end_plain(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(
		f, SYSTEM
		"RenderingInfo@Culture=en-US\nRenderingInfo/Message=m\nRenderingInfo/Level=l\n");
	assert_true(str_eq(f->event.fields[4].name, STR("Level_Text")));
}

// <Event><System><EventID>%0</EventID></System><EventData>
//   <Data Name="A">%1</Data><B>%?2</B></EventData></Event>
static uint32_t put_template(struct craft *c)
{
	uint32_t template = craft_template(c, 0xAABBCCDD);

	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "System", NULL, NULL);
	craft_value_leaf(c, "EventID", 0x0E, 0, VALUE_UINT16);
	craft_end(c);
	craft_start(c, "EventData", NULL, NULL);
	craft_start(c, "Data", "Name", "A");
	craft_put(c, 4, 0x0100010D); // %1 of type 1
	craft_end(c);
	craft_value_leaf(c, "B", 0x0E, 2, VALUE_STRING);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, template);
	return template;
}

static uint32_t put_instance(struct craft *c, uint32_t template)
{
	if (template == 0)
		return put_template(c);
	craft_instance(c, 0xAABBCCDD, template);
	return template;
}

static void nulls_are_skipped_by_their_size(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	craft_record(c);
	put_template(c);
	craft_put(c, 4, 3);
	craft_descriptor(c, VALUE_UINT16, 2);
	craft_descriptor(c, VALUE_NULL, 16);
	craft_descriptor(c, VALUE_STRING, 4);
	craft_put(c, 2, 4711);
	craft_put(c, 8, 0xDEADBEEFDEADBEEF);
	craft_put(c, 8, 0xDEADBEEFDEADBEEF);
	craft_put(c, 4, 'o' | 'k' << 16);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "System/EventID=4711\nEventData/A=\nEventData/B=ok\n");
	assert_true(f->event.shape != 0);
}

static void optional_nulls_drop_their_element(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template;
	uint32_t shape;

	craft_record(c);
	template = put_template(c);
	craft_put(c, 4, 3);
	craft_descriptor(c, VALUE_NULL, 0);
	craft_descriptor(c, VALUE_STRING, 0);
	craft_descriptor(c, VALUE_NULL, 0);
	craft_record_end(c);
	craft_record(c);
	put_instance(c, template);
	craft_put(c, 4, 1); // the other values count as null
	craft_descriptor(c, VALUE_UINT16, 2);
	craft_put(c, 2, 5);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData/A=\n");
	shape = f->event.shape;
	next_event(f);
	assert_fields(f, "System/EventID=5\nEventData/A=\n");
	assert_int_equal(f->event.shape, shape);
	assert_end(f);
}

static void arrays_repeat_their_element(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	craft_record(c);
	put_template(c);
	craft_put(c, 4, 3);
	craft_descriptor(c, VALUE_UINT16, 2);
	craft_descriptor(c, VALUE_ARRAY | VALUE_STRING, 10);
	craft_descriptor(c, VALUE_ARRAY | VALUE_UINT32, 9);
	craft_put(c, 2, 1);
	craft_put(c, 8, 'x' | UINT64_C(0x100) << 48); // x, empty, U+0100 without its NUL
	craft_put(c, 2, 0);
	craft_put(c, 8, 7 | UINT64_C(8) << 32);
	craft_put(c, 1, 0xFF); // no whole item, and none the less shown
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "System/EventID=1\nEventData/A=x\nEventData/A=\nEventData/A=\u0100\n"
			 "EventData/B=7\nEventData/B=8\nEventData/B=FF\n");
	assert_int_equal(f->event.fields[1].slot, f->event.fields[3].slot);
}

// A payload of two instances: EventData, then RenderingInfo (2.1).
static void two_instances_in_a_payload_are_both_read(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t outer;
	uint32_t inner;
	uint32_t size;

	craft_record(c);
	outer = craft_template(c, 1);
	craft_start(c, "Event", NULL, NULL);
	craft_put(c, 4, 0x2100000E);
	craft_end(c);
	craft_template_end(c, outer);
	craft_put(c, 4, 1);
	size = c->at;
	craft_descriptor(c, VALUE_BINXML, 0);
	for (unsigned i = 0; i < 2; i++) {
		inner = craft_template(c, 2 + i);
		craft_start(c, i == 0 ? "EventData" : "RenderingInfo", NULL, NULL);
		craft_value_leaf(c, "X", 0x0D, 0, VALUE_UINT8);
		craft_end(c);
		craft_template_end(c, inner);
		craft_put(c, 4, 1);
		craft_descriptor(c, VALUE_UINT8, 1);
		craft_put(c, 1, 40 + i);
	}
	craft_put(c, 1, 0);
	chunk_set_uint(c->bytes + size, 2, c->at - size - 4);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData/X=40\nRenderingInfo/X=41\n");
	assert_int_equal(f->event.shape, 0);
}

static void a_name_from_a_value_names_the_field(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template;
	uint32_t list;

	craft_record(c);
	template = craft_template(c, 9);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "EventData", NULL, NULL);
	craft_put(c, 3, 0xFFFF41);
	c->open[c->depth++] = c->at;
	craft_put(c, 4, 0);
	craft_name(c, "Data");
	list = c->at;
	craft_put(c, 4, 0);
	craft_put(c, 1, 0x06);
	craft_name(c, "Name");
	craft_put(c, 4, 0x0100000D);
	chunk_set_uint(c->bytes + list, 4, c->at - list - 4);
	craft_put(c, 1, 0x02);
	craft_text(c, "v");
	craft_end(c);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 1);
	craft_descriptor(c, VALUE_STRING, 4);
	craft_put(c, 4, 'N' | '1' << 16);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData/N1=v\n");
	assert_true(str_eq(f->event.fields[0].name, STR("N1")));
}

// What two chunks say under one GUID is told apart, even when it differs only
// in the names that equal offsets lead to.
static void a_guid_does_not_stand_for_a_template(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	static const char *const expected[] = {"System/EventID=3\nEventData/A=\n",
					       "System/EventID=3\nEventData/A=\n",
					       "System/EventXD=3\nEventData/A=\n"};

	for (int round = 0; round < 3; round++) {
		craft_init(c, 1);
		craft_record(c);
		put_template(c);
		craft_put(c, 4, 1);
		craft_descriptor(c, VALUE_UINT16, 2);
		craft_put(c, 2, 3);
		craft_record_end(c);
		for (uint32_t at = 512; round == 2 && at < c->at; at++) {
			if (c->bytes[at] == 'I' && c->bytes[at + 2] == 'D')
				c->bytes[at] = 'X';
		}
		seal_and_open(f);
		next_event(f);
		assert_fields(f, expected[round]);
		assert_int_equal(f->event.event_id, round == 2 ? 0 : 3);
	}
}

// A payload that brings the Channel which the outer template lacks, and an
// EventID that is an array: the view says what the fields say.
static void the_view_agrees_with_the_fields(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t outer;
	uint32_t inner;
	uint32_t size;

	craft_record(c);
	outer = craft_template(c, 1);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "System", NULL, NULL);
	craft_value_leaf(c, "EventID", 0x0D, 0, VALUE_UINT16);
	craft_end(c);
	craft_put(c, 4, 0x2100010E);
	craft_end(c);
	craft_template_end(c, outer);
	craft_put(c, 4, 2);
	craft_descriptor(c, VALUE_ARRAY | VALUE_UINT16, 4);
	size = c->at;
	craft_descriptor(c, VALUE_BINXML, 0);
	craft_put(c, 4, 12 | 13 << 16);
	inner = craft_template(c, 2);
	craft_start(c, "System", NULL, NULL);
	craft_value_leaf(c, "Channel", 0x0D, 0, VALUE_STRING);
	craft_end(c);
	craft_template_end(c, inner);
	craft_put(c, 4, 1);
	craft_descriptor(c, VALUE_STRING, 2);
	craft_put(c, 2, 'Z');
	craft_put(c, 1, 0);
	chunk_set_uint(c->bytes + size, 2, c->at - size - 8);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "System/EventID=12\nSystem/EventID=13\nSystem/Channel=Z\n");
	assert_int_equal(f->record.event_id, 12);
	assert_true(str_eq(value_text(&f->record.channel, &f->arena), STR("Z")));
	assert_true(str_eq(f->event.channel, STR("Z")));
}

static void written_logs_are_read_back(void **state)
{
	struct fixture *f = *state;
	struct writer writer;
	struct evtx_event event = {
		.provider = STR("Provider-A"),
		.channel = STR("Channel-B"),
		.computer = STR("host.example"),
		.time = 0x01DC4BD3A1B2C3D4,
		.event_id = 4711,
		.record_id = 900,
	};
	struct evtx_file_header header;
	struct xml_element *data;
	const char *log;
	uint32_t shape = 0;

	event.payload = xml_root(&f->arena, STR("EventData"));
	data = xml_child(&f->arena, event.payload, STR("Data"));
	xml_attr(&f->arena, data, STR("Name"), slot_literal(STR("Size")));
	data->slot = slot_value(value_of_uint(&f->arena, VALUE_UINT32, 4, 77));
	writer_init(&writer, &f->log, 10);
	for (int i = 0; i < 3; i++)
		assert_int_equal(writer_add(&writer, &event, NULL), RC_OK);
	writer_finish(&writer);
	writer_release(&writer);
	log = f->log.ptr;
	assert_int_equal(evtx_file_parse(log, f->log.len, &header, &f->err), RC_OK);
	assert_int_equal(header.next_record, 13);
	assert_false(header.crc_bad);
	assert_int_equal(evtx_chunk_open(f->reader, log + 4096, CHUNK_SIZE, 0, &f->info), RC_OK);
	assert_int_equal(f->info.warnings, 0);
	for (uint64_t i = 0; i < 3; i++) {
		next_event(f);
		assert_int_equal(f->event.header_id, 10 + i);
		assert_int_equal(f->event.record_id, 900);
		assert_int_equal(f->event.time, 0x01DC4BD3A1B2C3D4);
		assert_true(str_eq(f->event.channel, STR("Channel-B")));
		assert_true(str_eq(f->event.provider, STR("Provider-A")));
		assert_true(str_eq(f->event.computer, STR("host.example")));
		assert_true(str_eq(f->event.fields[f->event.count - 1].name, STR("Size")));
		assert_false(f->record.static_channel);
		assert_int_equal(f->record.event_id, 4711);
		assert_true(i == 0 || f->event.shape == shape);
		shape = f->event.shape;
		assert_true(shape != 0);
	}
	assert_end(f);
}

static void open_with_channel(struct fixture *f, const char *channel)
{
	struct craft *c = &f->craft;

	craft_init(c, 1);
	craft_record(c);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "System", NULL, NULL);
	craft_leaf(c, "Channel", channel);
	craft_end(c);
	end_plain(c);
	seal_and_open(f);
	next_event(f);
}

// The chunk is counted in 16 bits; texts have the same place and hash in both.
static void texts_are_not_those_of_65535_chunks_before(void **state)
{
	struct fixture *f = *state;

	open_with_channel(f, "SystrAmy");
	assert_true(str_eq(f->event.channel, STR("SystrAmy")));
	for (int i = 0; i < 65534; i++)
		assert_int_equal(evtx_chunk_open(f->reader, f->craft.bytes, 0, 0, &f->info),
				 RC_END);
	open_with_channel(f, "Security");
	assert_true(str_eq(f->event.channel, STR("Security")));
}

static void slots_go_to_the_end_of_the_file(void **state)
{
	static const char bytes[EVTX_FILE_HEADER_SIZE + CHUNK_SIZE + 1];
	struct str file = {bytes, sizeof(bytes)};
	struct str slot;

	(void)state;
	assert_true(evtx_file_slot(file, 0, &slot));
	assert_ptr_equal(slot.ptr, bytes + 4096);
	assert_int_equal(slot.len, CHUNK_SIZE);
	assert_true(evtx_file_slot(file, 1, &slot));
	assert_int_equal(slot.len, 1);
	assert_false(evtx_file_slot(file, 2, &slot));
	assert_false(evtx_file_slot(file, UINT64_MAX, &slot));
	assert_false(evtx_file_slot(str_sub(file, 0, 4096), 0, &slot));
	file.len--;
	assert_false(evtx_file_slot(file, 1, &slot));
}

static void files_are_told_from_others(void **state)
{
	struct fixture *f = *state;
	struct evtx_file_header header;
	unsigned char bytes[4096] = "ElfFile";

	assert_int_equal(evtx_file_parse("MZ", 2, &header, &f->err), RC_FATAL);
	assert_int_equal(evtx_file_parse(bytes, 4095, &header, &f->err), RC_FATAL);
	chunk_set_uint(bytes + 42, 4, 70000);
	chunk_set_uint(bytes + 120, 4, 0x1B970001);
	assert_int_equal(evtx_file_parse(bytes, 4096, &header, &f->err), RC_OK);
	assert_int_equal(header.flags, EVTX_DIRTY);
	assert_int_equal(header.chunk_count, 70000);
	assert_true(header.crc_bad);
	bytes[120] = EVTX_NO_CRC;
	assert_int_equal(evtx_file_parse(bytes, 4096, &header, &f->err), RC_OK);
	assert_false(header.crc_bad);
}

static void small_records_are_walked_to_the_end(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 20; i++)
		add_small(&f->craft);
	seal_and_open(f);
	for (uint64_t i = 1; i <= 20; i++) {
		next_event(f);
		assert_int_equal(f->record.header_id, i);
		assert_false(f->record.suspect);
	}
	assert_end(f);
	assert_end(f);
}

// Framing and nothing in it: the record is lost, but nothing is torn.
static void a_record_of_the_least_size_is_no_damage(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	add_small(c);
	craft_put(c, 4, 0x2A2A);
	craft_put(c, 4, 28);
	craft_put(c, 8, c->id++);
	craft_put(c, 8, 0);
	craft_put(c, 4, 28);
	add_small(c);
	seal_and_open(f);
	next_event(f);
	assert_lost(f, "no element");
	next_event(f);
	assert_int_equal(f->record.header_id, 3);
	assert_false(f->record.behind_damage);
	assert_end(f);
	assert_int_equal(f->info.warnings, 0);
}

// A template of `depth` elements, one in the other, below UserData.
static void add_deep_payload(struct craft *c, size_t depth)
{
	uint32_t template;
	uint32_t size;

	craft_record(c);
	template = craft_template(c, 77);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "UserData", NULL, NULL);
	craft_put(c, 4, 0x2100000E);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 1);
	size = c->at;
	craft_descriptor(c, VALUE_BINXML, 0);
	template = craft_template(c, 78);
	for (size_t i = 0; i < depth; i++)
		craft_start(c, "x", NULL, NULL);
	for (size_t i = 0; i < depth; i++)
		craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 0);
	craft_put(c, 1, 0);
	chunk_set_uint(c->bytes + size, 2, c->at - size - 4);
	craft_record_end(c);
}

// The elements around a template count.
static void depth_counts_from_the_top(void **state)
{
	struct fixture *f = *state;

	add_deep_payload(&f->craft, LIMIT_XML_DEPTH - 2);
	add_deep_payload(&f->craft, LIMIT_XML_DEPTH - 1);
	seal_and_open(f);
	next_event(f);
	assert_int_equal(f->event.count, 1);
	assert_lost(f, "nested too deep");
	assert_end(f);
}

static void the_wrong_root_is_no_record(void **state)
{
	struct fixture *f = *state;

	craft_record(&f->craft);
	craft_start(&f->craft, "Evil", NULL, NULL);
	end_plain(&f->craft);
	seal_and_open(f);
	assert_lost(f, "no Event");
	assert_end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(plain_records_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(all_kinds_of_text_are_joined, setup, teardown),
		cmocka_unit_test_setup_teardown(rendered_text_has_names_of_its_own, setup,
						teardown),
		cmocka_unit_test_setup_teardown(nulls_are_skipped_by_their_size, setup, teardown),
		cmocka_unit_test_setup_teardown(optional_nulls_drop_their_element, setup, teardown),
		cmocka_unit_test_setup_teardown(arrays_repeat_their_element, setup, teardown),
		cmocka_unit_test_setup_teardown(two_instances_in_a_payload_are_both_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_name_from_a_value_names_the_field, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_guid_does_not_stand_for_a_template, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_view_agrees_with_the_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(written_logs_are_read_back, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_are_not_those_of_65535_chunks_before, setup,
						teardown),
		cmocka_unit_test(slots_go_to_the_end_of_the_file),
		cmocka_unit_test_setup_teardown(files_are_told_from_others, setup, teardown),
		cmocka_unit_test_setup_teardown(small_records_are_walked_to_the_end, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_record_of_the_least_size_is_no_damage, setup,
						teardown),
		cmocka_unit_test_setup_teardown(depth_counts_from_the_top, setup, teardown),
		cmocka_unit_test_setup_teardown(the_wrong_root_is_no_record, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
