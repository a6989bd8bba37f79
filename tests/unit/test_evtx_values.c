// SPDX-License-Identifier: Apache-2.0
// Values as no writer makes them, by type, size or place: nothing of them may
// vanish, and nothing else of their record.
#include <stdlib.h>

#include "evtx_fixture.h"

#include "evtx/reader_internal.h"

// A template of one record: <Event><System>, and what follows is the caller's.
static uint32_t start_template(struct craft *c)
{
	uint32_t template;

	craft_record(c);
	template = craft_template(c, 1);
	craft_start(c, "Event", NULL, NULL);
	return template;
}

// The element, its template and what holds them end; `count` descriptors follow.
static void end_template(struct craft *c, uint32_t template, unsigned count)
{
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, count);
}

static void put_substitution(struct craft *c, unsigned index, unsigned type)
{
	craft_put(c, 1, 0x0D);
	craft_put(c, 2, index);
	craft_put(c, 1, type);
}

// <Data with a Name that is a value, or without one.
static void start_data(struct craft *c, unsigned name)
{
	uint32_t list;

	craft_put(c, 3, 0xFFFF41);
	c->open[c->depth++] = c->at;
	craft_put(c, 4, 0);
	craft_name(c, "Data");
	list = c->at;
	craft_put(c, 4, 0);
	craft_put(c, 1, 0x06);
	craft_name(c, "Name");
	put_substitution(c, name, VALUE_STRING);
	chunk_set_uint(c->bytes + list, 4, c->at - list - 4);
	craft_put(c, 1, 0x02);
}

// A value of 6,000 bytes, so often that the next of 19,000 does not fit in what a
// record may cost: a part of it is not shown as if it were all.
static void assert_too_large(struct fixture *f, bool is_name)
{
	struct craft *c = &f->craft;
	uint32_t template;
	unsigned lost = 0;

	// How much fits is a matter of limits.h: every count is tried. The last that
	// fits leaves less room than the second value takes.
	for (unsigned times = 300; times < 500; times++) {
		craft_init(c, 1);
		template = start_template(c);
		craft_start(c, "EventData", NULL, NULL);
		craft_start(c, "x", NULL, NULL);
		for (unsigned i = 0; i < times; i++)
			put_substitution(c, 0, VALUE_STRING);
		craft_end(c);
		if (is_name)
			start_data(c, 1);
		else
			craft_start(c, "y", NULL, NULL);
		craft_text(c, "cmd ");
		if (!is_name)
			put_substitution(c, 1, VALUE_STRING);
		craft_end(c);
		craft_end(c);
		end_template(c, template, 2);
		craft_descriptor(c, VALUE_STRING, 6000);
		craft_descriptor(c, VALUE_STRING, 19000);
		for (unsigned i = 0; i < 12500; i++)
			craft_put(c, 2, 'a');
		craft_record_end(c);
		seal_and_open(f);
		assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_OK);
		arena_reset(&f->arena);
		if (evtx_record_event(f->reader, &f->record, &f->arena, &f->event, &f->err) !=
		    RC_OK)
			lost++;
		else
			assert_int_equal(is_name ? f->event.fields[1].name.len
						 : f->event.fields[1].value.len,
					 is_name ? 9500 : 9504);
	}
	assert_in_range(lost, 1, 199);
	assert_non_null(strstr(f->err.text, "too many or too large"));
}

static void a_text_that_is_too_large_loses_its_record(void **state)
{
	assert_too_large(*state, false);
}

static void a_name_that_is_too_large_loses_its_record(void **state)
{
	assert_too_large(*state, true);
}

// <Event><System><EventID>%0</EventID></System></Event>, of one value.
static void put_event_id(struct craft *c, unsigned type, unsigned size, uint64_t value)
{
	uint32_t template = start_template(c);

	craft_start(c, "System", NULL, NULL);
	craft_value_leaf(c, "EventID", 0x0D, 0, VALUE_UINT16);
	craft_leaf(c, "Channel", "C");
	craft_end(c);
	end_template(c, template, 1);
	craft_descriptor(c, type, size);
	craft_put(c, size, value);
	craft_record_end(c);
}

static void an_event_id_is_read_from_any_word(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	put_event_id(c, VALUE_UINT32, 2, 4688);
	put_event_id(c, VALUE_UINT16, 4, 4688);
	put_event_id(c, VALUE_UINT64, 1, 22);
	put_event_id(c, VALUE_UINT16, 3, 4688);
	put_event_id(c, VALUE_UINT64, 8, UINT64_C(4688) << 32);
	put_event_id(c, VALUE_UINT16, 0, 0);
	seal_and_open(f);
	for (unsigned i = 0; i < 6; i++) {
		next_event(f);
		assert_int_equal(f->record.event_id, i < 2 ? 4688 : i == 2 ? 22 : 0);
		assert_int_equal(f->event.event_id, f->record.event_id);
		assert_int_equal(f->record.odd_id, i == 3 || i == 4);
	}
	assert_end(f);
}

// <Event><EventData><Data Name="A">%0, declared BinXML</Data></EventData></Event>
// and what `behind` puts behind the substitution.
static void put_declared(struct craft *c, unsigned type, const char *text,
			 void (*behind)(struct craft *))
{
	uint32_t template = start_template(c);

	craft_start(c, "EventData", NULL, NULL);
	craft_leaf(c, "First", "1");
	craft_start(c, "Leaf", "At", "a");
	put_substitution(c, 0, VALUE_BINXML);
	if (behind != NULL)
		behind(c);
	craft_end(c);
	craft_start(c, "Data", "Name", "A");
	put_substitution(c, 0, VALUE_BINXML);
	craft_end(c);
	craft_end(c);
	end_template(c, template, 1);
	craft_descriptor(c, type, 2 * (unsigned)strlen(text));
	for (; *text != '\0'; text++)
		craft_put(c, 2, *text == '|' ? 0 : (unsigned char)*text);
	craft_record_end(c);
}

static void put_more_text(struct craft *c)
{
	craft_text(c, "?");
}

static void put_child(struct craft *c)
{
	craft_leaf(c, "Child", "c");
}

// The descriptor says what a value is, not the declaration (2.5).
static void a_value_declared_binxml_is_what_it_is(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	put_declared(c, VALUE_STRING, "dig", NULL);
	put_declared(c, VALUE_STRING, "", NULL);
	put_declared(c, VALUE_ARRAY | VALUE_STRING, "a|b", NULL);
	put_declared(c, VALUE_STRING, "dig", put_more_text);
	put_declared(c, VALUE_STRING, "dig", put_child);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData/First=1\nEventData/Leaf@At=a\nEventData/Leaf=dig\n"
			 "EventData/A=dig\n");
	next_event(f);
	assert_fields(f, "EventData/First=1\nEventData/Leaf@At=a\nEventData/A=\n");
	next_event(f);
	assert_fields(f, "EventData/First=1\nEventData/Leaf@At=a\nEventData/Leaf=a\n"
			 "EventData/Leaf@At=a\nEventData/Leaf=b\nEventData/A=a\nEventData/A=b\n");
	next_event(f);
	assert_fields(f, "EventData/First=1\nEventData/Leaf@At=a\nEventData/Leaf=dig?\n"
			 "EventData/A=dig\n");
	next_event(f);
	assert_fields(f, "EventData/First=1\nEventData/Leaf@At=a\nEventData/Leaf/Child=c\n"
			 "EventData/Leaf=dig\nEventData/A=dig\n");
	assert_end(f);
}

// What a record is known by can stand there, too.
static void a_channel_declared_binxml_is_found(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template = start_template(c);

	craft_start(c, "System", NULL, NULL);
	craft_leaf(c, "EventID", "7");
	craft_value_leaf(c, "Channel", 0x0D, 0, VALUE_BINXML);
	craft_end(c);
	end_template(c, template, 1);
	craft_descriptor(c, VALUE_STRING, 2);
	craft_put(c, 2, 'C');
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "System/EventID=7\nSystem/Channel=C\n");
	assert_true(str_eq(f->event.channel, STR("C")));
	assert_true(str_eq(value_text(&f->record.channel, &f->arena), STR("C")));
}

// An optional null in System drops it with all that is literal in it.
static void a_dropped_system_tells_nothing(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template = start_template(c);

	craft_start(c, "System", NULL, NULL);
	craft_put(c, 4, 0x0100000E);
	craft_leaf(c, "EventID", "7");
	craft_start(c, "Provider", "Name", "P");
	craft_end(c);
	craft_leaf(c, "Channel", "C");
	craft_end(c);
	craft_leaf(c, "EventData", "x");
	end_template(c, template, 1);
	craft_descriptor(c, VALUE_NULL, 0);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData=x\n");
	assert_int_equal(f->record.event_id, 0);
	assert_int_equal(f->event.event_id, 0);
	assert_int_equal(f->event.channel.len, 0);
	assert_int_equal(value_text(&f->record.provider, &f->arena).len, 0);
}

static void a_name_from_a_value_keeps_its_nul(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template = start_template(c);

	craft_start(c, "EventData", NULL, NULL);
	start_data(c, 0);
	craft_text(c, "v");
	craft_end(c);
	craft_end(c);
	end_template(c, template, 1);
	craft_descriptor(c, VALUE_STRING, 6);
	craft_put(c, 6, 'a' | (uint64_t)'b' << 32);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_true(str_eq(f->event.fields[0].name, STR("a\0b")));
	assert_true(str_eq(f->event.fields[0].path, STR("EventData/a\0b")));
}

static void items_beside_other_text_are_joined(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template = start_template(c);

	craft_start(c, "EventData", NULL, NULL);
	craft_start(c, "A", NULL, NULL);
	craft_text(c, "pre:");
	put_substitution(c, 0, VALUE_STRING);
	craft_end(c);
	craft_end(c);
	end_template(c, template, 1);
	craft_descriptor(c, VALUE_ARRAY | VALUE_UINT16, 5);
	craft_put(c, 5, 7 | 8 << 16);
	craft_record_end(c);
	seal_and_open(f);
	next_event(f);
	assert_fields(f, "EventData/A=pre:7,8,00\n");
}

// A record whose fields the view has to make, because its EventID stands twice:
// a template with 1,000 elements, or an instance of it.
static uint32_t put_irregular(struct craft *c, uint32_t template)
{
	craft_record(c);
	if (template != 0) {
		craft_instance(c, 1, template);
	} else {
		template = craft_template(c, 1);
		craft_start(c, "Event", NULL, NULL);
		craft_start(c, "System", NULL, NULL);
		craft_leaf(c, "EventID", "7");
		craft_leaf(c, "EventID", "8");
		craft_leaf(c, "Channel", "C");
		craft_end(c);
		craft_start(c, "EventData", NULL, NULL);
		for (unsigned i = 0; i < 1000; i++)
			craft_leaf(c, "x", "");
		craft_end(c);
		craft_end(c);
		craft_template_end(c, template);
	}
	craft_put(c, 4, 0);
	craft_record_end(c);
	return template;
}

static void fields_that_only_the_view_needs_are_not_kept(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template = 0;

	for (unsigned i = 0; i < 200; i++)
		template = put_irregular(c, template);
	seal_and_open(f);
	for (unsigned i = 0; i < 200; i++) {
		assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_OK);
		assert_int_equal(f->record.event_id, 7);
		assert_true(str_eq(value_text(&f->record.channel, &f->arena), STR("C")));
	}
	assert_end(f);
	assert_in_range(f->reader->arena.used, 0, 64 << 10);
	assert_in_range(f->reader->scratch.used, 0, 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fields_that_only_the_view_needs_are_not_kept, setup,
						teardown),
		cmocka_unit_test_setup_teardown(items_beside_other_text_are_joined, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_dropped_system_tells_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_name_from_a_value_keeps_its_nul, setup, teardown),
		cmocka_unit_test_setup_teardown(a_value_declared_binxml_is_what_it_is, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_channel_declared_binxml_is_found, setup,
						teardown),
		cmocka_unit_test_setup_teardown(an_event_id_is_read_from_any_word, setup, teardown),
		cmocka_unit_test_setup_teardown(a_text_that_is_too_large_loses_its_record, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_name_that_is_too_large_loses_its_record, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
