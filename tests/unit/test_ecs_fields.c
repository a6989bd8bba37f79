// SPDX-License-Identifier: Apache-2.0
// Fields of well-known events under their ECS names, with ECS types only.
#include "output/ecs_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SECURITY "Microsoft-Windows-Security-Auditing"
#define SYSMON "Microsoft-Windows-Sysmon"
#define SERVER "Microsoft-Windows-DNSServer"
#define CLIENT "Microsoft-Windows-DNS-Client"

// A field of EventData, and what becomes of it: the value as text, or NULL for nothing.
struct field_case {
	const char *provider;
	uint32_t event_id;
	const char *field, *value;
	const char *path, *expected;
};

static const struct ecs_value *value_at(const struct ecs_value *values, size_t count,
					const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(values[i].path, path) == 0)
			return &values[i];
	}
	return NULL;
}

static struct str text_of(const struct ecs_value *value, struct arena *arena)
{
	struct str text = {"", 0};

	if (value->kind == ECS_TEXT)
		return value->text;
	if (value->kind == ECS_NUMBER)
		return arena_printf(arena, "%llu", (unsigned long long)value->number);
	for (size_t i = 0; i < value->count; i++)
		text = arena_printf(arena, "%.*s%.*s;", STR_ARG(text), STR_ARG(value->texts[i]));
	return text;
}

static void check_field(const struct field_case *c)
{
	struct arena arena = {0};
	struct hit_field field = {str_from(c->field),
				  arena_printf(&arena, "EventData/%s", c->field),
				  str_from(c->value)};
	struct hit hit = {.provider = str_from(c->provider),
			  .event_id = c->event_id,
			  .fields = &field,
			  .field_count = 1};
	struct ecs_value *values;
	size_t count = ecs_values_of(&hit, ecs_event_of(&hit), &arena, &values);
	const struct ecs_value *value = value_at(values, count, c->path);
	struct str text = value != NULL ? text_of(value, &arena) : (struct str){"nothing", 7};

	if (!str_eq(text, str_from(c->expected != NULL ? c->expected : "nothing")))
		fail_msg("%s %u %s '%s': %s is '%.*s'", c->provider, c->event_id, c->field,
			 c->value, c->path, STR_ARG(text));
	arena_release(&arena);
}

static void check_fields(const struct field_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_field(&cases[i]);
}

#define CHECK_FIELDS(cases) check_fields(cases, sizeof(cases) / sizeof((cases)[0]))

static void processes_of_the_security_log(void **state)
{
	static const struct field_case cases[] = {
		{SECURITY, 4688, "NewProcessId", "0x1a4", "process.pid", "420"},
		{SECURITY, 4688, "NewProcessId", "420", "process.pid", "420"},
		{SECURITY, 4688, "NewProcessId", "0x0", "process.pid", NULL},
		{SECURITY, 4688, "NewProcessId", "0x100000000", "process.pid", NULL},
		{SECURITY, 4688, "NewProcessId", "-1", "process.pid", NULL},
		{SECURITY, 4688, "ProcessId", "0x4", "process.parent.pid", "4"},
		{SECURITY, 4688, "ProcessId", "0x4", "process.pid", NULL},
		{SECURITY, 4663, "ProcessId", "0x4", "process.pid", "4"},
		{SECURITY, 4688, "NewProcessName", "C:\\a\\b.exe", "process.executable",
		 "C:\\a\\b.exe"},
		{SECURITY, 4688, "NewProcessName", "C:\\a\\b.exe", "process.name", "b.exe"},
		{SECURITY, 4688, "NewProcessName", "C:\\a\\", "process.name", NULL},
		{SECURITY, 4688, "NewProcessName", "b.exe", "process.name", "b.exe"},
		{SECURITY, 4688, "ParentProcessName", "C:\\p.exe", "process.parent.name", "p.exe"},
		{SECURITY, 4688, "CommandLine", "dig axfr", "process.command_line", "dig axfr"},
		{SECURITY, 4688, "CommandLine", "", "process.command_line", NULL},
		{SECURITY, 4624, "CommandLine", "dig axfr", "process.command_line", NULL},
		{SYSMON, 4688, "NewProcessName", "C:\\b.exe", "process.executable", NULL},
	};

	(void)state;
	CHECK_FIELDS(cases);
}

static void users_of_the_security_log(void **state)
{
	static const struct field_case cases[] = {
		{SECURITY, 4624, "TargetUserName", "alice", "user.name", "alice"},
		{SECURITY, 4624, "TargetUserSid", "S-1-5-18", "user.id", "S-1-5-18"},
		{SECURITY, 4625, "TargetUserSid", "S-1-0-0", "user.id", NULL},
		{SECURITY, 4625, "TargetUserSid", "alice", "user.id", NULL},
		{SECURITY, 4624, "SubjectUserName", "DC1$", "user.name", NULL},
		{SECURITY, 4720, "SubjectUserName", "admin", "user.name", "admin"},
		{SECURITY, 4720, "TargetUserName", "new", "user.name", NULL},
		{SECURITY, 4688, "SubjectDomainName", "CORP", "user.domain", "CORP"},
		{SECURITY, 4688, "TargetUserName", "bob", "user.effective.name", "bob"},
		{SECURITY, 4688, "TargetUserName", "-", "user.effective.name", NULL},
		{SYSMON, 1, "User", "CORP\\alice", "user.name", "alice"},
		{SYSMON, 1, "User", "CORP\\alice", "user.domain", "CORP"},
		{SYSMON, 1, "User", "alice", "user.name", NULL},
		{SYSMON, 1, "User", "CORP\\", "user.name", NULL},
	};

	(void)state;
	CHECK_FIELDS(cases);
}

static void addresses_are_addresses(void **state)
{
	static const struct field_case cases[] = {
		{SECURITY, 4624, "IpAddress", "::ffff:192.0.2.1", "source.ip", "192.0.2.1"},
		{SECURITY, 4624, "IpAddress", "fe80::1%12", "source.ip", "fe80::1"},
		{SECURITY, 4624, "IpAddress", "-", "source.ip", NULL},
		{SECURITY, 4624, "IpAddress", "LOCAL", "source.ip", NULL},
		{SECURITY, 4624, "IpAddress", "192.0.2.256", "source.ip", NULL},
		{SECURITY, 4624, "IpPort", "49152", "source.port", "49152"},
		{SECURITY, 4624, "IpPort", "0", "source.port", NULL},
		{SECURITY, 4624, "IpPort", "65536", "source.port", NULL},
		{SECURITY, 5156, "DestAddress", "2001:db8:0:0:0:0:0:1", "destination.ip",
		 "2001:db8::1"},
		{SECURITY, 5156, "Direction", "%%14592", "network.direction", "ingress"},
		{SECURITY, 5156, "Direction", "%%14593", "network.direction", "egress"},
		{SECURITY, 5156, "Direction", "in", "network.direction", NULL},
		{SECURITY, 5156, "Protocol", "17", "network.transport", "udp"},
		{SECURITY, 5156, "Protocol", "1", "network.transport", NULL},
		{SYSMON, 3, "SourceIp", "192.0.2.7", "source.ip", "192.0.2.7"},
		{SYSMON, 3, "Initiated", "false", "network.direction", "ingress"},
		{SYSMON, 3, "Protocol", "TCP", "network.transport", "tcp"},
		{SERVER, 271, "Destination", "192.0.2.54", "destination.ip", "192.0.2.54"},
		{SERVER, 256, "Source", "<script>", "source.ip", NULL},
		{SERVER, 256, "TCP", "1", "network.transport", "tcp"},
		{SERVER, 541, "Source", "192.0.2.54", "source.ip", NULL},
	};

	(void)state;
	CHECK_FIELDS(cases);
}

static void names_and_answers_of_the_dns(void **state)
{
	static const struct field_case cases[] = {
		{SYSMON, 22, "QueryName", "www.corp.example", "dns.question.name",
		 "www.corp.example"},
		{SYSMON, 22, "QueryName", "www.corp.example", "dns.question.registered_domain",
		 "corp.example"},
		{SYSMON, 22, "QueryName", "www.corp.example", "dns.question.subdomain", "www"},
		{SYSMON, 22, "QueryName", "corp.example", "dns.question.subdomain", NULL},
		{SYSMON, 22, "QueryName", "www.corp.example", "network.protocol", "dns"},
		{SYSMON, 22, "QueryResults", "type:  5 a.example;::ffff:192.0.2.1;2001:db8::1;",
		 "dns.resolved_ip", "192.0.2.1;2001:db8::1;"},
		{SYSMON, 22, "QueryResults", "type:  5 a.example;", "dns.resolved_ip", NULL},
		{SYSMON, 22, "QueryResults", "-", "dns.resolved_ip", NULL},
		{CLIENT, 3008, "QueryType", "28", "dns.question.type", "AAAA"},
		{SERVER, 256, "QTYPE", "252", "dns.question.type", "AXFR"},
		{SERVER, 256, "QTYPE", "65536", "dns.question.type", NULL},
		{SERVER, 256, "QTYPE", "AXFR", "dns.question.type", NULL},
		{SERVER, 257, "RCODE", "5", "dns.response_code", "REFUSED"},
		{SERVER, 257, "RCODE", "+5", "dns.response_code", NULL},
		{SERVER, 257, "XID", "6699", "dns.id", "6699"},
	};

	(void)state;
	CHECK_FIELDS(cases);
}

#define MD5 "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
#define SHA1 "5b2a1c6e0d9f4e7788a6c3d4e5f60718293a4b5c"

static void hashes_are_hashes(void **state)
{
	static const struct field_case cases[] = {
		{SYSMON, 1, "Hashes", "SHA1=" SHA1 ",MD5=" MD5, "process.hash.md5",
		 "0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
		{SYSMON, 1, "Hashes", "SHA1=" SHA1 ",MD5=" MD5, "process.hash.sha1", SHA1},
		{SYSMON, 1, "Hashes", "SHA1=" SHA1 ",MD5=" MD5, "process.hash.sha256", NULL},
		{SYSMON, 1, "Hashes", "SHA256=" SHA1, "process.hash.sha256", NULL},
		{SYSMON, 1, "Hashes", "MD5=xyz", "process.hash.md5", NULL},
		{SYSMON, 1, "Hashes", "IMPHASH=00000000000000000000000000000000",
		 "process.pe.imphash", NULL},
		{SYSMON, 7, "Hashes", "MD5=" MD5, "file.hash.md5",
		 "0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
		{SYSMON, 7, "Hashes", "MD5=" MD5, "process.hash.md5", NULL},
		{SYSMON, 11, "TargetFilename", "C:\\x\\y.txt", "file.name", "y.txt"},
		{SYSMON, 13, "TargetObject", "HKLM\\x", "registry.path", "HKLM\\x"},
	};

	(void)state;
	CHECK_FIELDS(cases);
}

static void fields_elsewhere_do_not_count(void **state)
{
	static const struct hit_field fields[] = {
		{STR_INIT("CommandLine"), STR_INIT("UserData/X/CommandLine"), STR_INIT("x")},
		{STR_INIT("CommandLine"), STR_INIT("System/CommandLine"), STR_INIT("x")},
	};
	struct hit hit = {
		.provider = STR(SECURITY), .event_id = 4688, .fields = fields, .field_count = 2};
	struct arena arena = {0};
	struct ecs_value *values;

	(void)state;
	assert_int_equal(ecs_values_of(&hit, ecs_event_of(&hit), &arena, &values), 0);
	assert_int_equal(ecs_values_of(&hit, NULL, &arena, &values), 0);
	arena_release(&arena);
}

static void expect_event(const char *provider, uint32_t event_id, const char *category,
			 const char *first_type, const char *outcome)
{
	struct hit hit = {.provider = str_from(provider), .event_id = event_id};
	const struct ecs_event *event = ecs_event_of(&hit);

	assert_non_null(event);
	if (category == NULL) {
		assert_null(event->category);
		return;
	}
	assert_string_equal(event->category, category);
	assert_string_equal(event->types[0], first_type);
	if (outcome == NULL)
		assert_null(event->outcome);
	else
		assert_string_equal(event->outcome, outcome);
}

static void events_have_categories_where_they_are_certain(void **state)
{
	struct hit unknown = {.provider = STR("Somebody"), .event_id = 4688};

	(void)state;
	expect_event(SECURITY, 4624, "authentication", "start", "success");
	expect_event(SECURITY, 4625, "authentication", "start", "failure");
	expect_event(SECURITY, 4688, "process", "start", NULL);
	expect_event("microsoft-windows-sysmon", 22, "network", "info", NULL);
	expect_event(SECURITY, 4726, "iam", "user", NULL);
	expect_event(SERVER, 271, "network", "protocol", NULL);
	expect_event(SECURITY, 4663, NULL, NULL, NULL);
	expect_event(SYSMON, 255, NULL, NULL, NULL);
	assert_null(ecs_event_of(&unknown));
	unknown.provider = STR(SERVER);
	unknown.event_id = 541;
	assert_null(ecs_event_of(&unknown));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_of_the_security_log),
		cmocka_unit_test(users_of_the_security_log),
		cmocka_unit_test(addresses_are_addresses),
		cmocka_unit_test(names_and_answers_of_the_dns),
		cmocka_unit_test(hashes_are_hashes),
		cmocka_unit_test(fields_elsewhere_do_not_count),
		cmocka_unit_test(events_have_categories_where_they_are_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
