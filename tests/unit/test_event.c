// SPDX-License-Identifier: Apache-2.0
// Finding fields in an event.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/tm.h"
#include "event/event.h"

static struct field text_field(struct str name, struct str path, struct str text)
{
	return (struct field){
		.name = name, .path = path, .value = value_of_text(text, VALUE_STRING)};
}

static void expect_str(struct str got, struct str expected)
{
	if (!str_eq(got, expected))
		fail_msg("'%.*s' is not '%.*s'", STR_ARG(got), STR_ARG(expected));
}

static void instances_of_a_name_come_in_document_order(void **state)
{
	struct field fields[] = {
		text_field(STR("Data"), STR("EventData/Data"), STR("one")),
		text_field(STR("data"), STR("EventData/data"), STR("other")),
		text_field(STR("Data"), STR("EventData/Data"), STR("two")),
	};
	struct arena arena = {0};
	struct event event;
	const struct field *field;

	(void)state;
	event_init(&event, &arena);
	event.fields = fields;
	event.count = 3;
	field = event_find(&event, STR("Data"));
	expect_str(event_text(&event, field), STR("one"));
	field = event_find_next(&event, field);
	expect_str(event_text(&event, field), STR("two"));
	assert_null(event_find_next(&event, field));
	assert_null(event_find(&event, STR("DATA")));
	assert_ptr_equal(event_find_path(&event, STR("EventData/data")), &fields[1]);
	arena_release(&arena);
}

static void an_event_id_that_is_no_number_is_odd(void **state)
{
	static const struct {
		const char *text;
		uint32_t id;
		bool odd;
	} cases[] = {{"4688", 4688, false},   {"4294967295", UINT32_MAX, false},
		     {"4294967296", 0, true}, {"46x4", 0, true},
		     {"-1", 0, true},	      {"", 0, false}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct field field =
			text_field(STR("EventID"), STR("System/EventID"), str_from(cases[i].text));
		struct event event;

		event_init(&event, &arena);
		event_index_system(&event);
		assert_false(event.odd_id);
		event.fields = &field;
		event.count = 1;
		event_index_system(&event);
		assert_int_equal(event.event_id, cases[i].id);
		assert_int_equal(event.odd_id, cases[i].odd);
	}
	arena_release(&arena);
}

static void system_fields_are_found_by_path_and_not_by_name(void **state)
{
	struct field fields[] = {
		text_field(STR("Channel"), STR("EventData/Channel"), STR("forged")),
		text_field(STR("Provider_Name"), STR("System/Provider@Name"), STR("P")),
		text_field(STR("EventID"), STR("System/EventID"), STR("4688")),
		text_field(STR("TimeCreated_SystemTime"), STR("System/TimeCreated@SystemTime"),
			   STR("1970-01-01T00:00:00.0000001Z")),
		text_field(STR("EventRecordID"), STR("System/EventRecordID"), STR("5000000000")),
		text_field(STR("Channel"), STR("System/Channel"), STR("Security")),
		text_field(STR("Computer"), STR("System/Computer"), STR("host")),
	};
	struct arena arena = {0};
	struct event event;

	(void)state;
	event_init(&event, &arena);
	event.fields = fields;
	event.count = sizeof(fields) / sizeof(fields[0]);
	event_index_system(&event);
	expect_str(event.channel, STR("Security"));
	expect_str(event.provider, STR("P"));
	expect_str(event.computer, STR("host"));
	assert_int_equal(event.event_id, 4688);
	assert_int_equal(event.record_id, 5000000000);
	assert_true(event.time == TM_UNIX_EPOCH + 1);
	arena_release(&arena);
}

static void missing_or_unusable_system_fields_are_empty_or_zero(void **state)
{
	struct field fields[] = {
		text_field(STR("EventID"), STR("System/EventID"), STR("4294967296")),
		text_field(STR("TimeCreated_SystemTime"), STR("System/TimeCreated@SystemTime"),
			   STR("yesterday")),
	};
	struct arena arena = {0};
	struct event event;

	(void)state;
	event_init(&event, &arena);
	event.fields = fields;
	event.count = 2;
	event_index_system(&event);
	assert_int_equal(event.channel.len, 0);
	assert_int_equal(event.event_id, 0);
	assert_int_equal(event.record_id, 0);
	assert_int_equal(event.time, 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instances_of_a_name_come_in_document_order),
		cmocka_unit_test(an_event_id_that_is_no_number_is_odd),
		cmocka_unit_test(system_fields_are_found_by_path_and_not_by_name),
		cmocka_unit_test(missing_or_unusable_system_fields_are_empty_or_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
