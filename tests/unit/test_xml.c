// SPDX-License-Identifier: Apache-2.0
// XML of a record -> names, paths, sections and types of its fields.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/tm.h"
#include "refreader/xml.h"

struct fixture {
	struct arena arena;
	struct xml_reader *reader;
	struct event event;
	struct err err;
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	fixture->reader = xml_reader_new();
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	xml_reader_free(fixture->reader);
	arena_release(&fixture->arena);
	test_free(fixture);
	return 0;
}

static enum rc read_xml(struct fixture *fixture, struct str xml)
{
	event_init(&fixture->event, &fixture->arena);
	return xml_read_event(fixture->reader, xml, &fixture->event, &fixture->err);
}

// One line a field: section, path, name, type, text.
static void expect_fields(struct fixture *fixture, const char *xml, const char *expected)
{
	struct buf got = {0};

	if (read_xml(fixture, str_from(xml)) != RC_OK)
		fail_msg("%s", fixture->err.text);
	for (size_t i = 0; i < fixture->event.count; i++) {
		const struct field *field = &fixture->event.fields[i];
		struct str text = event_text(&fixture->event, field);

		buf_printf(&got, "%d %.*s %.*s %s [%.*s]\n", (int)field->section,
			   STR_ARG(field->path), STR_ARG(field->name),
			   value_type_name(&field->value), STR_ARG(text));
	}
	assert_string_equal(got.ptr != NULL ? got.ptr : "", expected);
	buf_release(&got);
}

static void system_fields_get_names_and_schema_types(void **state)
{
	struct fixture *fixture = *state;

	expect_fields(
		fixture,
		"<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">"
		"<System><Provider Name=\"P\" Guid=\"{71A551F5-C893-4849-886B-B5EC8502641E}\"/>"
		"<EventID Qualifiers=\"32768\">6009</EventID><Version>101.1</Version>"
		"<Level>4</Level><Keywords>0x0080000000000000</Keywords>"
		"<TimeCreated SystemTime=\"1970-01-01T00:00:01.000000100Z\"/>"
		"<EventRecordID>7</EventRecordID><Correlation/><Channel/>"
		"<Computer>host</Computer><Security UserID=\"S-1-5-18\"/></System></Event>",
		"0 System/Provider@Name Provider_Name UnicodeString [P]\n"
		"0 System/Provider@Guid Provider_Guid GUID "
		"[{71a551f5-c893-4849-886b-b5ec8502641e}]\n"
		"0 System/EventID@Qualifiers EventID_Qualifiers UInt16 [32768]\n"
		"0 System/EventID EventID UInt16 [6009]\n"
		"0 System/Version Version UnicodeString [101.1]\n"
		"0 System/Level Level UInt8 [4]\n"
		"0 System/Keywords Keywords HexInt64 [0x80000000000000]\n"
		"0 System/TimeCreated@SystemTime TimeCreated_SystemTime FILETIME "
		"[1970-01-01T00:00:01.0000001Z]\n"
		"0 System/EventRecordID EventRecordID UInt64 [7]\n"
		"0 System/Channel Channel UnicodeString []\n"
		"0 System/Computer Computer UnicodeString [host]\n"
		"0 System/Security@UserID Security_UserID SID [S-1-5-18]\n");
	assert_int_equal(fixture->event.event_id, 6009);
	assert_int_equal(fixture->event.record_id, 7);
	assert_true(fixture->event.time == TM_UNIX_EPOCH + TM_TICKS_PER_SECOND + 1);
	assert_true(str_eq(fixture->event.provider, STR("P")));
	assert_true(str_eq(fixture->event.computer, STR("host")));
}

static void event_data_is_named_by_its_name_attributes(void **state)
{
	expect_fields(*state,
		      "<Event><EventData Name=\"T\"><Data Name=\"Command Line\">a</Data>"
		      "<Data>b</Data><Data/><Data Name=\"E\"/><Data Name=\"\">c</Data>"
		      "<Binary>DEAD</Binary></EventData></Event>",
		      "1 EventData@Name EventData_Name UnicodeString [T]\n"
		      "1 EventData/Command Line Command Line UnicodeString [a]\n"
		      "1 EventData/Data Data UnicodeString [b]\n"
		      "1 EventData/Data Data UnicodeString []\n"
		      "1 EventData/E E UnicodeString []\n"
		      "1 EventData/Data Data UnicodeString [c]\n"
		      "1 EventData/Binary Binary Binary [DEAD]\n");
}

static void user_data_is_named_by_its_leaves(void **state)
{
	expect_fields(*state,
		      "<Event><UserData><x:Log xmlns=\"u\" xmlns:x=\"v\">\n  "
		      "<Param1>0x0000000a</Param1>\n"
		      "  <Data Name=\"n\">v</Data><Info Url=\"a\"/><Info Url=\"b\">c</Info><None/>"
		      "</x:Log></UserData></Event>",
		      "2 UserData/Log/Param1 Param1 HexInt32 [0xa]\n"
		      "2 UserData/Log/Data@Name Data_Name UnicodeString [n]\n"
		      "2 UserData/Log/Data Data UnicodeString [v]\n"
		      "2 UserData/Log/Info@Url Info_Url UnicodeString [a]\n"
		      "2 UserData/Log/Info@Url Info_Url UnicodeString [b]\n"
		      "2 UserData/Log/Info Info UnicodeString [c]\n"
		      "2 UserData/Log/None None UnicodeString []\n");
}

static void rendered_text_is_told_from_system_fields(void **state)
{
	expect_fields(*state,
		      "<Event><RenderingInfo Culture=\"en-US\"><Message>m</Message>"
		      "<Level>Information</Level><Keywords><Keyword>k</Keyword></Keywords>"
		      "</RenderingInfo><ProcessingErrorData><ErrorCode>5</ErrorCode>"
		      "</ProcessingErrorData><BinaryEventData>AB</BinaryEventData></Event>",
		      "3 RenderingInfo@Culture RenderingInfo_Culture UnicodeString [en-US]\n"
		      "3 RenderingInfo/Message Message UnicodeString [m]\n"
		      "3 RenderingInfo/Level Level_Text UnicodeString [Information]\n"
		      "3 RenderingInfo/Keywords/Keyword Keyword_Text UnicodeString [k]\n"
		      "4 ProcessingErrorData/ErrorCode ErrorCode UnicodeString [5]\n"
		      "4 BinaryEventData BinaryEventData UnicodeString [AB]\n");
}

static void text_of_a_leaf_is_kept_whole(void **state)
{
	expect_fields(*state,
		      "<Event><EventData><Data Name=\"a\"> \n x &amp; y </Data>  \n"
		      "<Data Name=\"b\"> </Data></EventData></Event>",
		      "1 EventData/a a UnicodeString [ \n x & y ]\n"
		      "1 EventData/b b UnicodeString [ ]\n");
}

static void a_doctype_fails_the_record(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_xml(fixture, STR("<!DOCTYPE Event [<!ENTITY a \"aa\">"
					       "<!ENTITY b \"&a;&a;\">]><Event>&b;</Event>")),
			 RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "DOCTYPE"));
	assert_int_equal(fixture->event.count, 0);
}

static void malformed_documents_fail_and_the_reader_goes_on(void **state)
{
	static const struct str documents[] = {
		STR_INIT(""),
		STR_INIT("<Event>"),
		STR_INIT("<Other/>"),
		STR_INIT("<Event><a></Event>"),
		STR_INIT("<Event/><Event/>"),
		STR_INIT("<Event a=\"1\" a=\"2\"/>"),
		STR_INIT("<Event>&x;</Event>"),
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		if (read_xml(fixture, documents[i]) != RC_FAILED)
			fail_msg("document %zu is taken", i);
		assert_true(fixture->err.text[0] != '\0');
		assert_int_equal(read_xml(fixture, STR("<Event/>")), RC_OK);
	}
}

static void depth_and_number_of_fields_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct buf xml = {0};

	for (int i = 0; i <= LIMIT_XML_DEPTH; i++)
		buf_put_text(&xml, "<Event>");
	for (int i = 0; i <= LIMIT_XML_DEPTH; i++)
		buf_put_text(&xml, "</Event>");
	assert_int_equal(read_xml(fixture, buf_str(&xml)), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "deep"));
	buf_reset(&xml);
	buf_put_text(&xml, "<Event><EventData>");
	for (int i = 0; i <= LIMIT_RECORD_FIELDS; i++)
		buf_put_text(&xml, "<Data/>");
	buf_put_text(&xml, "</EventData></Event>");
	assert_int_equal(read_xml(fixture, buf_str(&xml)), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "fields"));
	buf_release(&xml);
}

// 200 elements in each other, each of a name of 1,000 letters: their paths take 20 MB.
static void bytes_of_names_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	char name[1001];
	struct buf xml = {0};

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (unsigned depth = 20; depth <= 200; depth += 180) {
		buf_reset(&xml);
		buf_put_text(&xml, "<Event><EventData>");
		for (unsigned i = 0; i < depth; i++)
			buf_printf(&xml, "<%s>", name);
		for (unsigned i = 0; i < depth; i++)
			buf_printf(&xml, "</%s>", name);
		buf_put_text(&xml, "</EventData></Event>");
		assert_int_equal(read_xml(fixture, buf_str(&xml)), depth == 20 ? RC_OK : RC_FAILED);
	}
	assert_string_equal(fixture->err.text, "the record's names are too long");
	buf_release(&xml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(system_fields_get_names_and_schema_types, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(event_data_is_named_by_its_name_attributes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(user_data_is_named_by_its_leaves, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(rendered_text_is_told_from_system_fields, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(text_of_a_leaf_is_kept_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_doctype_fails_the_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(malformed_documents_fail_and_the_reader_goes_on,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(depth_and_number_of_fields_are_bounded, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(bytes_of_names_are_bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
