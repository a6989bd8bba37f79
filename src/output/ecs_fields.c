// SPDX-License-Identifier: Apache-2.0
// The tables behind ECS, and the conversions of their values.
#include "output/ecs_fields.h"

#include <string.h>

#include "base/dns.h"
#include "base/ip.h"
#include "base/psl.h"

// ---- events -------------------------------------------------------------

#define SECURITY "Microsoft-Windows-Security-Auditing"
#define SYSMON "Microsoft-Windows-Sysmon"
#define DNS_SERVER "Microsoft-Windows-DNSServer"
#define DNS_CLIENT "Microsoft-Windows-DNS-Client"

// Kinds of events, of which a row of the table of fields takes one or several.
enum {
	LOGON = 1,	     // Security: the target is the user
	ACTOR = 2,	     // Security: the subject is the user
	CREATE = 4,	     // Security 4688
	FLOW = 8,	     // Security 5156
	SYS = 16,	     // Sysmon, what most of its events have
	SYS_CREATE = 32,     // 1
	SYS_FLOW = 64,	     // 3
	SYS_IMAGE = 128,     // 6, 7
	SYS_FILE = 256,	     // with a file's name
	SYS_FILE_HASH = 512, // and its hash
	SYS_REGISTRY = 1024,
	SYS_DNS = 2048,	 // 22
	SERVER = 4096,	 // DNS server, Analytical
	CLIENT = 8192,	 // DNS client
	PROCESS = 16384, // Security: ProcessId and ProcessName are of the process that acts
	SUBJECT = ACTOR | PROCESS,
};

#define ACCOUNT_CREATED                                                                            \
	{                                                                                          \
		"user", "creation"                                                                 \
	}
#define ACCOUNT_CHANGED                                                                            \
	{                                                                                          \
		"user", "change"                                                                   \
	}
#define ACCOUNT_DELETED                                                                            \
	{                                                                                          \
		"user", "deletion"                                                                 \
	}
#define GROUP_CREATED                                                                              \
	{                                                                                          \
		"group", "creation"                                                                \
	}
#define GROUP_CHANGED                                                                              \
	{                                                                                          \
		"group", "change"                                                                  \
	}
#define GROUP_DELETED                                                                              \
	{                                                                                          \
		"group", "deletion"                                                                \
	}

// The first row that holds counts.
static const struct ecs_event events[] = {
	{SECURITY, 4624, 4624, LOGON, "authentication", {"start"}, "success"},
	{SECURITY, 4625, 4625, LOGON, "authentication", {"start"}, "failure"},
	{SECURITY, 4634, 4634, LOGON, "authentication", {"end"}, NULL},
	{SECURITY, 4647, 4647, LOGON, "authentication", {"end"}, NULL},
	{SECURITY, 4648, 4648, SUBJECT, "authentication", {"start"}, NULL},
	{SECURITY, 4688, 4688, ACTOR | CREATE, "process", {"start"}, NULL},
	{SECURITY, 4689, 4689, SUBJECT, "process", {"end"}, NULL},
	{SECURITY, 4720, 4720, SUBJECT, "iam", ACCOUNT_CREATED, NULL},
	{SECURITY, 4722, 4725, SUBJECT, "iam", ACCOUNT_CHANGED, NULL},
	{SECURITY, 4726, 4726, SUBJECT, "iam", ACCOUNT_DELETED, NULL},
	{SECURITY, 4727, 4727, SUBJECT, "iam", GROUP_CREATED, NULL},
	{SECURITY, 4728, 4729, SUBJECT, "iam", GROUP_CHANGED, NULL},
	{SECURITY, 4730, 4730, SUBJECT, "iam", GROUP_DELETED, NULL},
	{SECURITY, 4731, 4731, SUBJECT, "iam", GROUP_CREATED, NULL},
	{SECURITY, 4732, 4733, SUBJECT, "iam", GROUP_CHANGED, NULL},
	{SECURITY, 4734, 4734, SUBJECT, "iam", GROUP_DELETED, NULL},
	{SECURITY, 4738, 4738, SUBJECT, "iam", ACCOUNT_CHANGED, NULL},
	{SECURITY, 4740, 4740, SUBJECT, "iam", ACCOUNT_CHANGED, NULL},
	{SECURITY, 4754, 4754, SUBJECT, "iam", GROUP_CREATED, NULL},
	{SECURITY, 4756, 4757, SUBJECT, "iam", GROUP_CHANGED, NULL},
	{SECURITY, 4758, 4758, SUBJECT, "iam", GROUP_DELETED, NULL},
	{SECURITY, 4767, 4767, SUBJECT, "iam", ACCOUNT_CHANGED, NULL},
	{SECURITY, 4768, 4770, LOGON, "authentication", {"start"}, NULL},
	{SECURITY, 4771, 4771, LOGON, "authentication", {"start"}, "failure"},
	{SECURITY, 4776, 4776, LOGON, "authentication", {"start"}, NULL},
	{SECURITY, 5156, 5156, FLOW, "network", {"allowed", "connection"}, NULL},
	{SECURITY, 0, UINT32_MAX, SUBJECT, NULL, {NULL}, NULL},
	{SYSMON, 1, 1, SYS | SYS_CREATE, "process", {"start"}, NULL},
	{SYSMON, 2, 2, SYS | SYS_FILE, "file", {"change"}, NULL},
	{SYSMON, 3, 3, SYS | SYS_FLOW, "network", {"connection", "protocol", "start"}, NULL},
	{SYSMON, 5, 5, SYS, "process", {"end"}, NULL},
	{SYSMON, 6, 6, SYS | SYS_IMAGE, "driver", {"start"}, NULL},
	{SYSMON, 7, 7, SYS | SYS_IMAGE, "library", {"start"}, NULL},
	{SYSMON, 8, 8, SYS, "process", {"change"}, NULL},
	{SYSMON, 10, 10, SYS, "process", {"access"}, NULL},
	{SYSMON, 11, 11, SYS | SYS_FILE, "file", {"creation"}, NULL},
	{SYSMON, 12, 14, SYS | SYS_REGISTRY, "registry", {"change"}, NULL},
	{SYSMON, 15, 15, SYS | SYS_FILE | SYS_FILE_HASH, "file", {"creation"}, NULL},
	{SYSMON, 22, 22, SYS | SYS_DNS, "network", {"info", "protocol"}, NULL},
	{SYSMON, 23, 23, SYS | SYS_FILE | SYS_FILE_HASH, "file", {"deletion"}, NULL},
	{SYSMON, 25, 25, SYS, "process", {"change"}, NULL},
	{SYSMON, 26, 26, SYS | SYS_FILE | SYS_FILE_HASH, "file", {"deletion"}, NULL},
	{SYSMON, 29, 29, SYS | SYS_FILE | SYS_FILE_HASH, "file", {"creation"}, NULL},
	{SYSMON, 0, UINT32_MAX, SYS, NULL, {NULL}, NULL},
	{DNS_SERVER, 256, 286, SERVER, "network", {"protocol"}, NULL},
	{DNS_CLIENT, 3000, 3020, CLIENT, "network", {"info", "protocol"}, NULL},
	{"Microsoft-Windows-PowerShell", 4103, 4104, 0, "process", {"info"}, NULL},
};

const struct ecs_event *ecs_event_of(const struct hit *hit)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (hit->event_id >= events[i].first && hit->event_id <= events[i].last &&
		    str_eq_nocase(hit->provider, str_from(events[i].provider)))
			return &events[i];
	}
	return NULL;
}

// ---- conversions --------------------------------------------------------

struct row;

// False: the value is none of the field's type.
typedef bool convert_fn(const struct row *row, struct str in, struct arena *arena,
			struct ecs_value *out);

struct row {
	const char *path;
	unsigned kinds;
	const char *field;
	convert_fn *convert;
	const char *argument; // of the conversion
};

static bool as_text(const struct row *row, struct str in, struct arena *arena,
		    struct ecs_value *out)
{
	(void)row;
	(void)arena;
	out->text = in;
	return true;
}

static bool as_sid(const struct row *row, struct str in, struct arena *arena, struct ecs_value *out)
{
	return as_text(row, in, arena, out) && str_starts(in, STR("S-1-")) &&
	       !str_eq(in, STR("S-1-0-0"));
}

// "CORP\alice": what stands behind the first backslash, and before it.
static bool as_account(const struct row *row, struct str in, struct arena *arena,
		       struct ecs_value *out)
{
	size_t at = str_find_char(in, '\\', 0);

	return at != SIZE_MAX && as_text(row, str_sub(in, at + 1, SIZE_MAX), arena, out);
}

static bool as_domain(const struct row *row, struct str in, struct arena *arena,
		      struct ecs_value *out)
{
	size_t at = str_find_char(in, '\\', 0);

	return at != SIZE_MAX && as_text(row, str_sub(in, 0, at), arena, out);
}

// The last part of a path.
static bool as_name(const struct row *row, struct str in, struct arena *arena,
		    struct ecs_value *out)
{
	size_t at = in.len;

	while (at > 0 && in.ptr[at - 1] != '\\' && in.ptr[at - 1] != '/')
		at--;
	return as_text(row, str_sub(in, at, SIZE_MAX), arena, out);
}

static bool to_number(struct str in, uint64_t most, uint64_t *out)
{
	in = str_trim(in);
	return (str_to_u64(in, out) || str_hex_to_u64(in, out)) && *out <= most;
}

// Windows writes 0 where there is no process or port.
static bool as_pid(const struct row *row, struct str in, struct arena *arena, struct ecs_value *out)
{
	(void)row;
	(void)arena;
	out->kind = ECS_NUMBER;
	return to_number(in, UINT32_MAX, &out->number) && out->number != 0;
}

static bool as_port(const struct row *row, struct str in, struct arena *arena,
		    struct ecs_value *out)
{
	(void)row;
	(void)arena;
	out->kind = ECS_NUMBER;
	return to_number(in, 65535, &out->number) && out->number != 0;
}

static bool to_address(struct str in, struct arena *arena, struct str *out)
{
	struct ip_addr addr;
	char text[IP_TEXT_SIZE];

	if (!ip_parse(in, &addr))
		return false;
	addr = ip_unmap(&addr);
	*out = arena_str(arena, (struct str){text, ip_format(&addr, text)});
	return true;
}

static bool as_address(const struct row *row, struct str in, struct arena *arena,
		       struct ecs_value *out)
{
	(void)row;
	return to_address(in, arena, &out->text);
}

// "type:  5 name.example;::ffff:192.0.2.1;2001:db8::1;": the addresses.
static bool as_addresses(const struct row *row, struct str in, struct arena *arena,
			 struct ecs_value *out)
{
	struct str *texts;
	struct str part;
	size_t most = 1;

	(void)row;
	for (size_t i = 0; i < in.len; i++)
		most += in.ptr[i] == ';';
	texts = arena_array(arena, most, sizeof(*texts));
	while (str_split(&in, ';', &part))
		out->count += to_address(part, arena, &texts[out->count]);
	out->kind = ECS_TEXTS;
	out->texts = texts;
	return out->count > 0;
}

// Hexadecimal digits of a hash; all zeros, as Sysmon writes them, are none.
static bool is_hash(struct str s, size_t digits)
{
	bool is_zero = true;

	for (size_t i = 0; i < s.len; i++) {
		if (ascii_hex(s.ptr[i]) < 0)
			return false;
		is_zero &= s.ptr[i] == '0';
	}
	return s.len == digits && !is_zero;
}

static size_t hash_digits(const char *name)
{
	if (strcmp(name, "SHA1") == 0)
		return 40;
	return strcmp(name, "SHA256") == 0 ? 64 : 32;
}

// The hash that the argument names, in lower case.
static bool as_hash(const struct row *row, struct str in, struct arena *arena,
		    struct ecs_value *out)
{
	struct str hash;

	if (!str_assigned(in, str_from(row->argument), &hash) ||
	    !is_hash(hash, hash_digits(row->argument)))
		return false;
	out->text = arena_str(arena, hash);
	for (size_t i = 0; i < hash.len; i++)
		((char *)out->text.ptr)[i] = ascii_lower(hash.ptr[i]);
	return true;
}

// The word behind the value in "value=word,value=word".
static bool as_word(const struct row *row, struct str in, struct arena *arena,
		    struct ecs_value *out)
{
	(void)arena;
	return str_assigned(str_from(row->argument), in, &out->text);
}

static bool as_constant(const struct row *row, struct str in, struct arena *arena,
			struct ecs_value *out)
{
	return as_text(row, str_from(row->argument), arena, out) && in.len > 0;
}

static bool as_dns_type(const struct row *row, struct str in, struct arena *arena,
			struct ecs_value *out)
{
	uint64_t type;

	(void)row;
	if (!to_number(in, UINT16_MAX, &type))
		return false;
	out->text = dns_type_name(type, arena);
	return true;
}

static bool as_dns_code(const struct row *row, struct str in, struct arena *arena,
			struct ecs_value *out)
{
	uint64_t code;

	(void)row;
	(void)arena;
	if (!to_number(in, UINT16_MAX, &code))
		return false;
	out->text = dns_response_name(code);
	return true;
}

static bool as_registered(const struct row *row, struct str in, struct arena *arena,
			  struct ecs_value *out)
{
	struct str sub;

	(void)row;
	(void)arena;
	return psl_split(in, &out->text, &sub);
}

static bool as_subdomain(const struct row *row, struct str in, struct arena *arena,
			 struct ecs_value *out)
{
	struct str registered;

	(void)row;
	(void)arena;
	return psl_split(in, &registered, &out->text);
}

// ---- fields -------------------------------------------------------------

#define TRANSPORT "tcp=tcp,udp=udp,6=tcp,17=udp"

// Grouped by object. Of rows for one path the first with a value counts.
static const struct row rows[] = {
	{"user.domain", LOGON, "TargetDomainName", as_text, NULL},
	{"user.domain", ACTOR, "SubjectDomainName", as_text, NULL},
	{"user.domain", SYS, "User", as_domain, NULL},
	{"user.effective.domain", CREATE, "TargetDomainName", as_text, NULL},
	{"user.effective.id", CREATE, "TargetUserSid", as_sid, NULL},
	{"user.effective.name", CREATE, "TargetUserName", as_text, NULL},
	{"user.id", LOGON, "TargetUserSid", as_sid, NULL},
	{"user.id", LOGON, "TargetSid", as_sid, NULL},
	{"user.id", ACTOR, "SubjectUserSid", as_sid, NULL},
	{"user.name", LOGON, "TargetUserName", as_text, NULL},
	{"user.name", ACTOR, "SubjectUserName", as_text, NULL},
	{"user.name", SYS, "User", as_account, NULL},
	{"process.command_line", CREATE | SYS_CREATE, "CommandLine", as_text, NULL},
	{"process.entity_id", SYS, "ProcessGuid", as_text, NULL},
	{"process.entity_id", SYS, "SourceProcessGUID", as_text, NULL},
	{"process.entity_id", SYS, "SourceProcessGuid", as_text, NULL},
	{"process.executable", CREATE, "NewProcessName", as_text, NULL},
	{"process.executable", LOGON | PROCESS, "ProcessName", as_text, NULL},
	{"process.executable", FLOW, "Application", as_text, NULL},
	{"process.executable", SYS, "Image", as_text, NULL},
	{"process.executable", SYS, "SourceImage", as_text, NULL},
	{"process.hash.md5", SYS_CREATE, "Hashes", as_hash, "MD5"},
	{"process.hash.sha1", SYS_CREATE, "Hashes", as_hash, "SHA1"},
	{"process.hash.sha256", SYS_CREATE, "Hashes", as_hash, "SHA256"},
	{"process.name", CREATE, "NewProcessName", as_name, NULL},
	{"process.name", LOGON | PROCESS, "ProcessName", as_name, NULL},
	{"process.name", FLOW, "Application", as_name, NULL},
	{"process.name", SYS, "Image", as_name, NULL},
	{"process.name", SYS, "SourceImage", as_name, NULL},
	{"process.parent.command_line", SYS_CREATE, "ParentCommandLine", as_text, NULL},
	{"process.parent.entity_id", SYS_CREATE, "ParentProcessGuid", as_text, NULL},
	{"process.parent.executable", CREATE, "ParentProcessName", as_text, NULL},
	{"process.parent.executable", SYS_CREATE, "ParentImage", as_text, NULL},
	{"process.parent.name", CREATE, "ParentProcessName", as_name, NULL},
	{"process.parent.name", SYS_CREATE, "ParentImage", as_name, NULL},
	{"process.parent.pid", CREATE, "ProcessId", as_pid, NULL},
	{"process.parent.pid", SYS_CREATE, "ParentProcessId", as_pid, NULL},
	{"process.pe.imphash", SYS_CREATE, "Hashes", as_hash, "IMPHASH"},
	{"process.pe.original_file_name", SYS_CREATE, "OriginalFileName", as_text, NULL},
	{"process.pid", CREATE, "NewProcessId", as_pid, NULL},
	{"process.pid", LOGON | PROCESS, "ProcessId", as_pid, NULL},
	{"process.pid", FLOW, "ProcessID", as_pid, NULL},
	{"process.pid", SYS, "ProcessId", as_pid, NULL},
	{"process.pid", SYS, "SourceProcessId", as_pid, NULL},
	{"process.working_directory", SYS_CREATE, "CurrentDirectory", as_text, NULL},
	{"file.hash.md5", SYS_IMAGE | SYS_FILE_HASH, "Hashes", as_hash, "MD5"},
	{"file.hash.sha1", SYS_IMAGE | SYS_FILE_HASH, "Hashes", as_hash, "SHA1"},
	{"file.hash.sha256", SYS_IMAGE | SYS_FILE_HASH, "Hashes", as_hash, "SHA256"},
	{"file.name", SYS_FILE, "TargetFilename", as_name, NULL},
	{"file.name", SYS_IMAGE, "ImageLoaded", as_name, NULL},
	{"file.path", SYS_FILE, "TargetFilename", as_text, NULL},
	{"file.path", SYS_IMAGE, "ImageLoaded", as_text, NULL},
	{"registry.path", SYS_REGISTRY, "TargetObject", as_text, NULL},
	{"source.domain", LOGON, "WorkstationName", as_text, NULL},
	{"source.domain", SYS_FLOW, "SourceHostname", as_text, NULL},
	{"source.ip", LOGON, "IpAddress", as_address, NULL},
	{"source.ip", FLOW, "SourceAddress", as_address, NULL},
	{"source.ip", SYS_FLOW, "SourceIp", as_address, NULL},
	{"source.ip", SERVER, "Source", as_address, NULL},
	{"source.port", LOGON, "IpPort", as_port, NULL},
	{"source.port", FLOW | SYS_FLOW, "SourcePort", as_port, NULL},
	{"destination.domain", SYS_FLOW, "DestinationHostname", as_text, NULL},
	{"destination.ip", FLOW, "DestAddress", as_address, NULL},
	{"destination.ip", SYS_FLOW, "DestinationIp", as_address, NULL},
	{"destination.ip", SERVER, "Destination", as_address, NULL},
	{"destination.port", FLOW, "DestPort", as_port, NULL},
	{"destination.port", SYS_FLOW, "DestinationPort", as_port, NULL},
	{"network.direction", FLOW, "Direction", as_word, "%%14592=ingress,%%14593=egress"},
	{"network.direction", SYS_FLOW, "Initiated", as_word, "false=ingress,true=egress"},
	{"network.protocol", SYS_DNS | CLIENT, "QueryName", as_constant, "dns"},
	{"network.protocol", SERVER, "QNAME", as_constant, "dns"},
	{"network.transport", FLOW | SYS_FLOW, "Protocol", as_word, TRANSPORT},
	{"network.transport", SERVER, "TCP", as_word, "0=udp,1=tcp"},
	{"dns.id", SERVER, "XID", as_text, NULL},
	{"dns.question.name", SYS_DNS | CLIENT, "QueryName", as_text, NULL},
	{"dns.question.name", SERVER, "QNAME", as_text, NULL},
	{"dns.question.registered_domain", SYS_DNS | CLIENT, "QueryName", as_registered, NULL},
	{"dns.question.registered_domain", SERVER, "QNAME", as_registered, NULL},
	{"dns.question.subdomain", SYS_DNS | CLIENT, "QueryName", as_subdomain, NULL},
	{"dns.question.subdomain", SERVER, "QNAME", as_subdomain, NULL},
	{"dns.question.type", CLIENT, "QueryType", as_dns_type, NULL},
	{"dns.question.type", SERVER, "QTYPE", as_dns_type, NULL},
	{"dns.resolved_ip", SYS_DNS | CLIENT, "QueryResults", as_addresses, NULL},
	{"dns.response_code", SERVER, "RCODE", as_dns_code, NULL},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

// The field of EventData of that name.
static bool find(const struct hit *hit, const char *name, struct str *value)
{
	struct str wanted = str_from(name);

	for (size_t i = 0; i < hit->field_count; i++) {
		if (str_eq(hit->fields[i].name, wanted) &&
		    str_starts(hit->fields[i].path, STR("EventData/"))) {
			*value = hit->fields[i].value;
			return value->len > 0 && !str_eq(*value, STR("-"));
		}
	}
	return false;
}

static bool convert(const struct row *row, const struct hit *hit, struct arena *arena,
		    struct ecs_value *out)
{
	struct str in;

	*out = (struct ecs_value){.path = row->path, .kind = ECS_TEXT};
	if (!find(hit, row->field, &in) || !row->convert(row, in, arena, out))
		return false;
	return out->kind != ECS_TEXT || out->text.len > 0;
}

size_t ecs_values_of(const struct hit *hit, const struct ecs_event *event, struct arena *arena,
		     struct ecs_value **out)
{
	struct ecs_value *values = arena_array(arena, ROW_COUNT, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; event != NULL && i < ROW_COUNT; i++) {
		bool is_known = count > 0 && strcmp(values[count - 1].path, rows[i].path) == 0;

		if (!is_known && (rows[i].kinds & event->kinds) != 0)
			count += convert(&rows[i], hit, arena, &values[count]);
	}
	*out = values;
	return count;
}
