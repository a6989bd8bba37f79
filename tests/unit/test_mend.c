// SPDX-License-Identifier: Apache-2.0
// libevtx's XML, hostile values included, to events.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "refreader/mend.h"
#include "refreader/xml.h"

struct fixture {
	struct arena arena;
	struct xml_reader *reader;
	struct buf safe;
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
	buf_release(&fixture->safe);
	arena_release(&fixture->arena);
	test_free(fixture);
	return 0;
}

static enum rc read_input(struct fixture *fixture, const struct mend_input *input)
{
	enum rc rc = mend_xml(input, &fixture->safe, &fixture->err);

	event_init(&fixture->event, &fixture->arena);
	if (rc != RC_OK)
		return rc;
	return xml_read_event(fixture->reader, buf_str(&fixture->safe), &fixture->event,
			      &fixture->err);
}

#define HEAD "<Event>\n  <EventData>\n    <Data Name=\"QNAME\">"
#define MIDDLE "</Data>\n    <Data Name=\"QTYPE\">"
#define TAIL "</Data>\n  </EventData>\n</Event>\n"

// An event of the values QNAME, printed as `printed`, and QTYPE, as libevtx
// lays it out and with the strings that it hands out.
static enum rc read_qname(struct fixture *fixture, struct str printed, struct str string)
{
	struct str strings[] = {string, STR("252")};
	struct str xml = arena_printf(&fixture->arena, "%s", HEAD);
	struct buf buf = {0};
	struct mend_input input = {.strings = strings, .string_count = 2};
	enum rc rc;

	buf_put_str(&buf, xml);
	buf_put_str(&buf, printed);
	buf_put_text(&buf, MIDDLE "252" TAIL);
	input.xml = buf_str(&buf);
	rc = read_input(fixture, &input);
	buf_release(&buf);
	return rc;
}

static void expect_field(struct fixture *fixture, const char *name, struct str text)
{
	const struct field *field = event_find(&fixture->event, str_from(name));
	struct str got;

	if (field == NULL)
		fail_msg("no field %s", name);
	got = event_text(&fixture->event, field);
	if (!str_eq(got, text))
		fail_msg("%s is '%.*s'", name, STR_ARG(got));
}

// The value comes back as it is, and nothing else changes.
static void expect_qname(struct fixture *fixture, struct str printed, struct str string)
{
	if (read_qname(fixture, printed, string) != RC_OK)
		fail_msg("%s", fixture->err.text);
	assert_int_equal(fixture->event.count, 2);
	expect_field(fixture, "QNAME", string);
	expect_field(fixture, "QTYPE", STR("252"));
}

static void escaped_values_come_back(void **state)
{
	expect_qname(*state, STR("a &lt;b&gt; &amp;amp; \"c\""), STR("a <b> &amp; \"c\""));
	expect_qname(*state, STR("&lt;/Data&gt;"), STR("</Data>"));
	expect_qname(*state, STR("]]&gt;"), STR("]]>"));
}

static void a_raw_value_cannot_forge_a_field(void **state)
{
	static const struct str values[] = {
		STR_INIT("x</Data><Data Name=\"Image\">evil.exe"),
		STR_INIT("x</Data>\n    <Data Name=\"Image\">y"),
		STR_INIT("x</Data>\n  </EventData>\n  <System>\n    <Channel>Security"),
		STR_INIT("<!--"),
		STR_INIT("<![CDATA["),
		STR_INIT("<?x"),
		STR_INIT("&lt;&amp;amp;<"),
		STR_INIT("&"),
		STR_INIT("<"),
		STR_INIT("&#65;&x;"),
		STR_INIT("\"'>]]>"),
		STR_INIT("\n      <Data Name=\"Image\">y</Data>"),
		STR_INIT("\n      <Data Name=\"Image\">y</Data>    "),
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		expect_qname(*state, values[i], values[i]);
}

static void a_value_that_looks_like_children_fails_the_record(void **state)
{
	struct str value = STR("\n      <Data Name=\"Image\">y</Data>\n    ");
	struct fixture *fixture = *state;

	assert_int_equal(read_qname(fixture, value, value), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "child elements"));
}

static void raw_markup_that_no_string_accounts_for_fails_the_record(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(read_qname(fixture, STR("x<b"), STR("other")), RC_FAILED);
	assert_int_equal(read_qname(fixture, STR("x</Data><Data Name=\"Image\">y"), STR("x")),
			 RC_FAILED);
	// A string that is nowhere: the two accounts of the record differ.
	assert_int_equal(read_qname(fixture, STR("x"), STR("a<b")), RC_FAILED);
}

static void control_characters_survive(void **state)
{
	expect_qname(*state,
		     STR("b._dns-sd._udp.@\xC2\xA6"
			 "5\x01."),
		     STR("b._dns-sd._udp.@\xC2\xA6"
			 "5\x01."));
	expect_qname(*state, STR("a\0b\x1F\x7F\x0B"), STR("a\0b\x1F\x7F\x0B"));
	expect_qname(*state, STR("a\r\nb\rc\td\n"), STR("a\r\nb\rc\td\n"));
}

static void what_xml_cannot_carry_survives(void **state)
{
	// U+E000, which codes the others, U+FFFE, U+FFFF, a surrogate, a stray byte.
	expect_qname(*state,
		     STR("\xEE\x80\x80"
			 "01\xEF\xBF\xBE\xEF\xBF\xBF\xED\xA0\x80\xFF"),
		     STR("\xEE\x80\x80"
			 "01\xEF\xBF\xBE\xEF\xBF\xBF\xED\xA0\x80\xFF"));
}

static void read_document(struct fixture *fixture, struct mend_input input)
{
	if (read_input(fixture, &input) != RC_OK)
		fail_msg("%s", fixture->err.text);
}

static void attributes_are_raw_and_come_back(void **state)
{
	struct fixture *fixture = *state;
	struct str strings[] = {STR("a\"b <c>&amp; x=\"1"), STR("d\te")};
	struct mend_input input = {
		.xml = STR("<Event>\n  <UserData>\n    <Info Url=\"a\"b <c>&amp; x=\"1\" "
			   "Other=\"d\te\"/>\n  </UserData>\n</Event>\n"),
		.strings = strings,
		.string_count = 2,
	};

	read_document(fixture, input);
	assert_int_equal(fixture->event.count, 2);
	expect_field(fixture, "Info_Url", strings[0]);
	expect_field(fixture, "Info_Other", strings[1]);
}

static void a_provider_name_may_hold_quotes(void **state)
{
	struct fixture *fixture = *state;
	struct mend_input input = {
		.xml = STR("<Event>\n  <System>\n    <Provider Name=\"A\"/>\n    <Channel>x\"/>\n"
			   "    <Channel>Application</Channel>\n  </System>\n</Event>\n"),
		.provider = STR("A\"/>\n    <Channel>x"),
	};

	read_document(fixture, input);
	assert_int_equal(fixture->event.count, 2);
	expect_field(fixture, "Provider_Name", input.provider);
	expect_field(fixture, "Channel", STR("Application"));
}

static void quotes_of_unknown_origin_fail_the_record(void **state)
{
	struct fixture *fixture = *state;
	struct mend_input input = {
		.xml = STR("<Event>\n  <System>\n    <Provider Name=\"A\"b\"/>\n  </System>\n"
			   "</Event>\n"),
	};

	assert_int_equal(read_input(fixture, &input), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "attribute"));
}

static void without_strings_only_system_is_read(void **state)
{
	struct fixture *fixture = *state;
	struct mend_input input = {
		.xml = STR(
			"<Event xmlns=\"e\">\n  <System>\n    <EventID "
			"Qualifiers=\"0\">1</EventID>\n"
			"  </System>\n  <UserData>\n    <A xmlns=\"a\"/>\n    <B/>\n  </UserData>\n"
			"</Event>\n"),
		.unchecked = true,
	};

	read_document(fixture, input);
	expect_field(fixture, "EventID", STR("1"));
	input.xml = STR("<Event>\n  <UserData>\n    <A>x</A>\n    <B/>\n  </UserData>\n</Event>\n");
	assert_int_equal(read_input(fixture, &input), RC_FAILED);
	input.xml = STR("<Event>\n  <UserData>\n    <A x=\"1\"/>\n  </UserData>\n</Event>\n");
	assert_int_equal(read_input(fixture, &input), RC_FAILED);
}

static void other_layouts_fail_the_record(void **state)
{
	static const struct str documents[] = {
		STR_INIT(""),
		STR_INIT("<Event>\n"),
		STR_INIT("<Event/>"),
		STR_INIT("<Event/>\n<Event/>\n"),
		STR_INIT("<Event>\n<a/>\n</Event>\n"),
		STR_INIT("<Event>\n  <a>\n  </b>\n</Event>\n"),
		STR_INIT("<Event>\n  <a x=\"1/>\n</Event>\n"),
		STR_INIT("<Event>\n  <a x/>\n</Event>\n"),
		STR_INIT("<Event>\n  <![CDATA[x]]>\n</Event>\n"),
		STR_INIT("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<Event/>\n"),
		STR_INIT("<Event>text</Event"),
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct mend_input input = {.xml = documents[i]};

		if (read_input(fixture, &input) != RC_FAILED)
			fail_msg("document %zu is taken", i);
	}
}

static void nesting_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct buf buf = {0};
	struct mend_input input = {0};

	for (int depth = 0; depth < 300; depth++)
		buf_printf(&buf, "%*s<a>\n", 2 * depth, "");
	input.xml = buf_str(&buf);
	assert_int_equal(read_input(fixture, &input), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "deep"));
	buf_release(&buf);
}

// A value that looks like the next 3,000 elements, and is none of them, is not looked for in all.
static void looking_for_a_value_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	struct buf lines = {0}, xml = {0};
	struct str string;
	struct mend_input input = {.strings = &string, .string_count = 1};

	for (unsigned i = 0; i < 3000; i++)
		buf_put_text(&lines, "a</x>\n    <x>");
	buf_printf(&xml, "<Event>\n  <EventData>\n    <x>%.*s%.*sb</x>\n  </EventData>\n</Event>\n",
		   STR_ARG(buf_str(&lines)), STR_ARG(buf_str(&lines)));
	buf_put_text(&lines, "c");
	string = buf_str(&lines);
	input.xml = buf_str(&xml);
	assert_int_equal(read_input(fixture, &input), RC_FAILED);
	assert_non_null(strstr(fixture->err.text, "looks like too much"));
	buf_release(&lines);
	buf_release(&xml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(escaped_values_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_raw_value_cannot_forge_a_field, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_value_that_looks_like_children_fails_the_record,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			raw_markup_that_no_string_accounts_for_fails_the_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(control_characters_survive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_xml_cannot_carry_survives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(attributes_are_raw_and_come_back, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_provider_name_may_hold_quotes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(quotes_of_unknown_origin_fail_the_record, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(without_strings_only_system_is_read, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(other_layouts_fail_the_record, set_up, tear_down),
		cmocka_unit_test_setup_teardown(looking_for_a_value_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nesting_is_bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
