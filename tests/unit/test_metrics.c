// SPDX-License-Identifier: Apache-2.0
// Counts, clears and logons of events, and how they are printed.
#include "metrics_fixture.h"

#include <stdio.h>

#include "base/limits.h"
#include "output/escape.h"

static void add_field(struct fixture *f, enum field_section section, const char *name,
		      const char *text)
{
	assert_true(f->event.count < MOST_FIELDS);
	f->fields[f->event.count++] = (struct field){
		.name = str_from(name),
		.section = section,
		.slot = EVENT_NO_SLOT,
		.value = value_of_text(str_from(text), VALUE_STRING),
	};
}

// ---- counts -------------------------------------------------------------

static void events_are_counted_by_channel_kind_computer_and_provider(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	begin_event(&f, "System", "Service Control Manager", 7045);
	f.event.time = TM_UNIX_EPOCH + 5 * TM_TICKS_PER_SECOND;
	end_event(&f);
	f.event.time = TM_UNIX_EPOCH + 3 * TM_TICKS_PER_SECOND;
	end_event(&f);
	begin_event(&f, "System", "EventLog", 6005);
	f.event.computer = STR("dc01");
	end_event(&f); // without a time
	metrics_end_file(f.metrics, false);
	metrics_begin_file(f.metrics, STR("b.evtx"));
	begin_event(&f, "Security", "EventLog", 6005);
	f.event.time = TM_UNIX_EPOCH;
	end_event(&f);
	begin_event(&f, "System", "EventLog", 6005);
	end_event(&f);
	metrics_end_file(f.metrics, false);

	expect_csv(
		&f, METRICS_CHANNELS,
		"4,2,2,2,System,1970-01-01T00:00:03.0000000Z,1970-01-01T00:00:05.0000000Z\r\n"
		"1,1,1,1,Security,1970-01-01T00:00:00.0000000Z,1970-01-01T00:00:00.0000000Z\r\n");
	expect_csv(&f, METRICS_EVENTS,
		   "2,40.00,6005,Event log service started,System,EventLog,,\r\n"
		   "2,40.00,7045,Service installed,System,Service Control Manager,"
		   "1970-01-01T00:00:03.0000000Z,1970-01-01T00:00:05.0000000Z\r\n"
		   "1,20.00,6005,Event log service started,Security,EventLog,"
		   "1970-01-01T00:00:00.0000000Z,1970-01-01T00:00:00.0000000Z\r\n");
	expect_csv(&f, METRICS_COMPUTERS,
		   "4,2,ws17,1970-01-01T00:00:00.0000000Z,1970-01-01T00:00:05.0000000Z\r\n"
		   "1,1,dc01,,\r\n");
	expect_csv(&f, METRICS_PROVIDERS,
		   "3,2,EventLog,1970-01-01T00:00:00.0000000Z,1970-01-01T00:00:00.0000000Z\r\n"
		   "2,1,Service Control Manager,1970-01-01T00:00:03.0000000Z,"
		   "1970-01-01T00:00:05.0000000Z\r\n");
	stop(&f);
}

static void percents_are_rounded(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	for (uint32_t id = 1; id <= 3; id++) {
		begin_event(&f, "A", "P", id == 3 ? 2 : id);
		end_event(&f);
	}
	expect_csv(&f, METRICS_EVENTS, "2,66.67,2,,A,P,,\r\n1,33.33,1,,A,P,,\r\n");
	stop(&f);
}

static void invented_names_are_counted_as_others(void **state)
{
	struct fixture f;
	char name[32];

	(void)state;
	start(&f);
	for (unsigned i = 0; i < LIMIT_METRICS_NAMES + 3; i++) {
		snprintf(name, sizeof(name), "channel %u", i);
		begin_event(&f, name, "P", 1);
		end_event(&f);
	}
	// A clear is found behind the bounds, too.
	begin_event(&f, "one more", "Microsoft-Windows-Eventlog", 104);
	end_event(&f);
	metrics_put_csv(f.metrics, METRICS_CHANNELS, &f.out);
	assert_int_not_equal(
		str_find(buf_str(&f.out),
			 STR("Channel,First,Last\r\n4,1,2,1,(others),,\r\n1,1,1,1,channel 0,,\r\n"),
			 0),
		SIZE_MAX);
	expect_csv(&f, METRICS_PROVIDERS,
		   "131075,131073,P,,\r\n1,1,Microsoft-Windows-Eventlog,,\r\n");
	expect_csv(&f, METRICS_CLEARS, ",one more,,ws17,(others),104,,a.evtx\r\n");
	buf_reset(&f.out);
	metrics_put_notes(f.metrics, &f.out);
	assert_int_not_equal(str_find(buf_str(&f.out), STR("too many channels to keep apart"), 0),
			     SIZE_MAX);
	stop(&f);
}

// ---- clears -------------------------------------------------------------

static void begin_clear(struct fixture *f, const char *channel, const char *provider, uint32_t id)
{
	begin_event(f, channel, provider, id);
	f->event.record_id = 9;
	add_field(f, FIELD_SYSTEM, "Channel", channel);
}

static void cleared_logs_have_an_account(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	begin_clear(&f, "System", "Microsoft-Windows-Eventlog", 104);
	add_field(&f, FIELD_USER_DATA, "SubjectUserName", "jdoe");
	add_field(&f, FIELD_USER_DATA, "SubjectDomainName", "CORP");
	add_field(&f, FIELD_USER_DATA, "Channel", "Application");
	f.event.time = TM_UNIX_EPOCH + 2 * TM_TICKS_PER_SECOND;
	end_event(&f);
	begin_clear(&f, "Security", "Microsoft-Windows-Eventlog", 1102);
	add_field(&f, FIELD_USER_DATA, "SubjectUserName", "admin");
	add_field(&f, FIELD_USER_DATA, "SubjectDomainName", "-");
	f.event.time = TM_UNIX_EPOCH + TM_TICKS_PER_SECOND;
	end_event(&f);
	begin_clear(&f, "Security", "Security", 517);
	add_field(&f, FIELD_EVENT_DATA, "Data", "SYSTEM");
	add_field(&f, FIELD_EVENT_DATA, "Data", "NT AUTHORITY");
	add_field(&f, FIELD_EVENT_DATA, "Data", "(0x0,0x3E7)");
	add_field(&f, FIELD_EVENT_DATA, "Data", "old");
	add_field(&f, FIELD_EVENT_DATA, "Data", "XP");
	f.event.time = TM_UNIX_EPOCH + 3 * TM_TICKS_PER_SECOND;
	end_event(&f);
	// The same ids of others are something else.
	begin_clear(&f, "Application", "Security", 1102);
	end_event(&f);
	begin_clear(&f, "System", "Microsoft-Windows-Eventlog", 517);
	end_event(&f);
	expect_csv(
		&f, METRICS_CLEARS,
		"1970-01-01T00:00:01.0000000Z,Security,admin,ws17,Security,1102,9,a.evtx\r\n"
		"1970-01-01T00:00:02.0000000Z,Application,CORP\\jdoe,ws17,System,104,9,a.evtx\r\n"
		"1970-01-01T00:00:03.0000000Z,Security,XP\\old,ws17,Security,517,9,a.evtx\r\n");
	stop(&f);
}

// ---- logons -------------------------------------------------------------

static void begin_logon(struct fixture *f, uint32_t id, const char *user, const char *type)
{
	begin_event(f, "Security", "Microsoft-Windows-Security-Auditing", id);
	add_field(f, FIELD_EVENT_DATA, "TargetUserName", user);
	add_field(f, FIELD_EVENT_DATA, "TargetDomainName", "CORP");
	if (type != NULL)
		add_field(f, FIELD_EVENT_DATA, "LogonType", type);
}

static void fail_logon(struct fixture *f, const char *status, const char *substatus)
{
	begin_logon(f, 4625, "jdoe", "3");
	add_field(f, FIELD_EVENT_DATA, "IpAddress", "::ffff:192.0.2.7");
	add_field(f, FIELD_EVENT_DATA, "WorkstationName", "-");
	add_field(f, FIELD_EVENT_DATA, "Status", status);
	add_field(f, FIELD_EVENT_DATA, "SubStatus", substatus);
	end_event(f);
}

static void logons_are_counted_by_who_and_from_where(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	begin_logon(&f, 4624, "jdoe", "3");
	add_field(&f, FIELD_EVENT_DATA, "IpAddress", "192.0.2.7");
	end_event(&f);
	fail_logon(&f, "0xc000006d", "0xc0000064");
	fail_logon(&f, "0xc000006d", "0xc000006a");
	fail_logon(&f, "0xc000006d", "0xc000006a");
	fail_logon(&f, "0xc0000234", "0x0");
	begin_logon(&f, 4624, "svc", NULL);
	end_event(&f);
	begin_logon(&f, 4624, "SYSTEM", "5");
	end_event(&f);
	end_event(&f);
	// Of another provider it is no logon.
	begin_event(&f, "Application", "Microsoft-Windows-EventSystem", 4625);
	end_event(&f);
	expect_csv(&f, METRICS_LOGONS,
		   "4,1,0,3,network,CORP\\jdoe,ws17,,192.0.2.7,wrong password (0xc000006a),,\r\n"
		   "0,2,0,5,service,CORP\\SYSTEM,ws17,,,,,\r\n"
		   "0,1,0,,,CORP\\svc,ws17,,,,,\r\n");
	metrics_put_table(f.metrics, &(struct metrics_look){METRICS_BIT(METRICS_LOGONS), 1, 80},
			  &f.out);
	assert_int_not_equal(str_find(buf_str(&f.out), STR("logons: 4 failed, 4 succeeded\n"), 0),
			     SIZE_MAX);
	stop(&f);
}

static void what_is_no_logon_has_its_own_row(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	begin_logon(&f, 4648, "admin", NULL);
	end_event(&f);
	begin_logon(&f, 4771, "admin", NULL);
	add_field(&f, FIELD_EVENT_DATA, "Status", "0x18");
	end_event(&f);
	begin_logon(&f, 4768, "admin", NULL);
	add_field(&f, FIELD_EVENT_DATA, "Status", "0x0");
	end_event(&f);
	begin_logon(&f, 4776, "admin", NULL);
	add_field(&f, FIELD_EVENT_DATA, "Workstation", "WS2");
	add_field(&f, FIELD_EVENT_DATA, "Status", "0xc0000999");
	end_event(&f);
	expect_csv(&f, METRICS_LOGONS,
		   "1,1,0,,\"Kerberos ticket (4768, 4771)\",CORP\\admin,ws17,,,wrong password "
		   "(0x18),,\r\n"
		   "1,0,0,,NTLM check (4776),CORP\\admin,ws17,WS2,,0xc0000999,,\r\n"
		   "0,0,1,,explicit credentials (4648),CORP\\admin,ws17,,,,,\r\n");
	metrics_put_table(f.metrics, &(struct metrics_look){METRICS_BIT(METRICS_LOGONS), 1, 80},
			  &f.out);
	assert_int_not_equal(str_find(buf_str(&f.out), STR("logons: 0 failed, 0 succeeded\n"), 0),
			     SIZE_MAX);
	stop(&f);
}

// ---- printing -----------------------------------------------------------

static void add_hostile(struct fixture *f)
{
	static const char long_name[] =
		"a very long name of a channel, as a log may have one, of more columns than any "
		"terminal should be asked to show in a single row of a table of counts, or two";

	begin_event(f, "\x1b[31m=cmd", "P\r\nQ", 4294967295u);
	end_event(f);
	begin_event(f, long_name, long_name, 1);
	f->event.computer = STR("\xe4\xb8\xad\xe5\x9b\xbd\xe4\xb8\xad\xe5\x9b\xbd.example");
	f->event.record_id = 18446744073709551614u;
	f->event.time = TM_UNIX_EPOCH;
	end_event(f);
	begin_event(f, "", "", 0);
	end_event(f);
}

static void hostile_names_stay_text(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	begin_event(&f, "\x1b[31m=cmd", "=P\r\nQ", 1);
	end_event(&f);
	metrics_end_file(f.metrics, false);
	expect_csv(&f, METRICS_CHANNELS, "1,1,1,1,\\x1b[31m=cmd,,\r\n");
	expect_csv(&f, METRICS_PROVIDERS, "1,1,'=P\\r\\nQ,,\r\n");
	buf_reset(&f.out);
	metrics_put_jsonl(f.metrics, METRICS_PROVIDERS, &f.out);
	assert_true(
		str_eq(buf_str(&f.out),
		       STR("{\"Section\":\"providers\",\"Events\":1,\"Channels\":1,\"Provider\":"
			   "\"=P\\r\\nQ\",\"First\":null,\"Last\":null}\n")));
	buf_reset(&f.out);
	metrics_put_table(f.metrics, &(struct metrics_look){METRICS_ALL, 9, 80}, &f.out);
	assert_int_equal(str_find_char(buf_str(&f.out), '\x1b', 0), SIZE_MAX);
	assert_int_equal(str_find_char(buf_str(&f.out), '\r', 0), SIZE_MAX);
	stop(&f);
}

// Numbers and times of one line take 72 columns.
static void tables_fit_the_width(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	add_hostile(&f);
	metrics_end_file(f.metrics, false);
	for (size_t width = 80; width < 300; width++) {
		struct str rest;
		struct str line;

		buf_reset(&f.out);
		metrics_put_table(f.metrics, &(struct metrics_look){METRICS_ALL, 9, width}, &f.out);
		rest = buf_str(&f.out);
		while (str_split(&rest, '\n', &line)) {
			bool is_heading = str_find(line, STR(": "), 0) != SIZE_MAX;

			if (!is_heading && escape_terminal_width(line) > width)
				fail_msg("%zu columns: %.*s", width, STR_ARG(line));
			assert_false(str_ends(line, STR(" ")));
		}
	}
	stop(&f);
}

static void sections_have_names(void **state)
{
	enum metrics_section section;

	(void)state;
	assert_true(metrics_parse_section(STR("channels"), &section));
	assert_int_equal(section, METRICS_CHANNELS);
	assert_true(metrics_parse_section(STR("Logons"), &section));
	assert_int_equal(section, METRICS_LOGONS);
	assert_false(metrics_parse_section(STR(""), &section));
	assert_false(metrics_parse_section(STR("logon"), &section));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_counted_by_channel_kind_computer_and_provider),
		cmocka_unit_test(percents_are_rounded),
		cmocka_unit_test(invented_names_are_counted_as_others),
		cmocka_unit_test(cleared_logs_have_an_account),
		cmocka_unit_test(logons_are_counted_by_who_and_from_where),
		cmocka_unit_test(what_is_no_logon_has_its_own_row),
		cmocka_unit_test(hostile_names_stay_text),
		cmocka_unit_test(tables_fit_the_width),
		cmocka_unit_test(sections_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
