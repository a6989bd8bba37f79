// SPDX-License-Identifier: Apache-2.0
// Flat fields nested as JSON and XML.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dump/dump.h"

#define MOST 8

struct fixture {
	struct arena arena;
	struct event event;
	struct field fields[MOST];
};

static void start(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	event_init(&fixture->event, &fixture->arena);
	fixture->event.fields = fixture->fields;
}

static void add(struct fixture *fixture, enum field_section section, const char *path,
		const char *name, const char *text)
{
	assert_true(fixture->event.count < MOST);
	fixture->fields[fixture->event.count] = (struct field){
		.name = str_from(name),
		.path = str_from(path),
		.section = section,
		.slot = (uint32_t)fixture->event.count,
		.value = value_of_text(str_from(text), VALUE_STRING),
	};
	fixture->event.count++;
}

static void expect(struct fixture *fixture, enum dump_format format, const char *expected)
{
	struct dump *dump = dump_new(format, false);
	struct buf out = {0};

	dump_event(dump, &fixture->event, STR("a.evtx"), &out);
	if (!str_eq(buf_str(&out), str_from(expected)))
		fail_msg("%s\ninstead of\n%s", out.ptr, expected);
	// The same again with what was kept.
	fixture->event.shape = 7;
	for (int i = 0; i < 2; i++) {
		buf_reset(&out);
		dump_event(dump, &fixture->event, STR("a.evtx"), &out);
		assert_true(str_eq(buf_str(&out), str_from(expected)));
	}
	fixture->event.shape = 0;
	buf_release(&out);
	dump_free(dump);
}

#define XMLNS "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">"

static void fields_are_nested_by_their_paths(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_SYSTEM, "System/Provider@Name", "Provider_Name", "P");
	add(&f, FIELD_SYSTEM, "System/Provider@Guid", "Provider_Guid", "{g}");
	add(&f, FIELD_SYSTEM, "System/EventID@Qualifiers", "EventID_Qualifiers", "0");
	add(&f, FIELD_SYSTEM, "System/EventID", "EventID", "1");
	add(&f, FIELD_USER_DATA, "UserData/X/A/B", "B", "b");
	add(&f, FIELD_USER_DATA, "UserData/X/C", "C", "c");
	expect(&f, DUMP_JSONL,
	       "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\",\"Guid\":"
	       "\"{g}\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":\"0\"},\"#text\":\"1\"}},"
	       "\"UserData\":{\"X\":{\"A\":{\"B\":\"b\"},\"C\":\"c\"}}}}\n");
	expect(&f, DUMP_XML,
	       XMLNS "<System><Provider Name=\"P\" Guid=\"{g}\"/><EventID Qualifiers=\"0\">1"
		     "</EventID></System><UserData><X><A><B>b</B></A><C>c</C></X></UserData>"
		     "</Event>\n");
	arena_release(&f.arena);
}

static void repeated_elements_lose_nothing(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_EVENT_DATA, "EventData/Data", "Data", "1");
	add(&f, FIELD_EVENT_DATA, "EventData/Data", "Data", "2");
	add(&f, FIELD_EVENT_DATA, "EventData/Binary", "Binary", "00");
	add(&f, FIELD_EVENT_DATA, "EventData/Data", "Data", "3");
	add(&f, FIELD_EVENT_DATA, "EventData/Data_1", "Data_1", "4");
	expect(&f, DUMP_JSONL,
	       "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":[\"1\",\"2\"]},\"Binary\":\"00\","
	       "\"Data_1\":\"3\",\"Data_1_1\":\"4\"}}}\n");
	expect(&f, DUMP_XML,
	       XMLNS "<EventData><Data>1</Data><Data>2</Data><Binary>00</Binary><Data>3</Data>"
		     "<Data Name=\"Data_1\">4</Data></EventData></Event>\n");
	arena_release(&f.arena);
}

static void repeated_elements_with_attributes_stay_apart(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_USER_DATA, "UserData/F@id", "F_id", "1");
	add(&f, FIELD_USER_DATA, "UserData/F", "F", "a");
	add(&f, FIELD_USER_DATA, "UserData/F@id", "F_id", "2");
	add(&f, FIELD_USER_DATA, "UserData/F", "F", "b");
	expect(&f, DUMP_JSONL,
	       "{\"Event\":{\"UserData\":{\"F\":{\"#attributes\":{\"id\":\"1\"},\"#text\":\"a\"},"
	       "\"F_1\":{\"#attributes\":{\"id\":\"2\"},\"#text\":\"b\"}}}}\n");
	expect(&f, DUMP_XML,
	       XMLNS "<UserData><F id=\"1\">a</F><F id=\"2\">b</F></UserData></Event>\n");
	arena_release(&f.arena);
}

static void names_with_separators_are_one_name(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_EVENT_DATA, "EventData@Name", "EventData_Name", "N");
	add(&f, FIELD_EVENT_DATA, "EventData/a/b@c", "a/b@c", "1");
	add(&f, FIELD_EVENT_DATA, "EventData/\"><x", "\"><x", "2");
	expect(&f, DUMP_JSONL,
	       "{\"Event\":{\"EventData\":{\"#attributes\":{\"Name\":\"N\"},\"a/b@c\":\"1\","
	       "\"\\\"><x\":\"2\"}}}\n");
	expect(&f, DUMP_XML,
	       XMLNS "<EventData Name=\"N\"><Data Name=\"a/b@c\">1</Data>"
		     "<Data Name=\"&quot;&gt;&lt;x\">2</Data></EventData></Event>\n");
	arena_release(&f.arena);
}

static void hostile_values_and_tags_forge_nothing(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_USER_DATA, "UserData/a b<", "a b<", "</a>&\"\n\x1b[2J");
	add(&f, FIELD_USER_DATA, "UserData/1@x y", "1_x y", "\"/>");
	add(&f, FIELD_USER_DATA, "UserData/1@x<y", "1_x<y", "");
	expect(&f, DUMP_JSONL,
	       "{\"Event\":{\"UserData\":{\"a b<\":\"</a>&\\\"\\n\\u001b[2J\",\"1\":"
	       "{\"#attributes\":{\"x y\":\"\\\"/>\",\"x<y\":\"\"}}}}}\n");
	expect(&f, DUMP_XML,
	       XMLNS "<UserData><a_b_>&lt;/a&gt;&amp;&quot;&#10;\xEF\xBF\xBD[2J</a_b_>"
		     "<_ x_y=\"&quot;/&gt;\" x_y_1=\"\"/></UserData></Event>\n");
	arena_release(&f.arena);
}

static void csv_has_fixed_columns(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add(&f, FIELD_SYSTEM, "System/Level", "Level", "4");
	add(&f, FIELD_EVENT_DATA, "EventData/a", "a", "=1,\"");
	add(&f, FIELD_EVENT_DATA, "EventData/b", "b", "x\ny");
	f.event.computer = STR("=c");
	f.event.event_id = 5;
	f.event.record_id = 6;
	expect(&f, DUMP_CSV, ",'=c,,,5,4,6,\"a: =1,\"\" ¦ b: x\\ny\",a.evtx\r\n");
	arena_release(&f.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_nested_by_their_paths),
		cmocka_unit_test(repeated_elements_lose_nothing),
		cmocka_unit_test(repeated_elements_with_attributes_stay_apart),
		cmocka_unit_test(names_with_separators_are_one_name),
		cmocka_unit_test(hostile_values_and_tags_forge_nothing),
		cmocka_unit_test(csv_has_fixed_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
