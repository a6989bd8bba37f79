// SPDX-License-Identifier: Apache-2.0
// What an allowlist may not say: every refusal, with its code and place.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "allow/allow.h"
#include "base/tm.h"
#include "base/buf.h"
#include "base/embedded.h"

struct parsed {
	struct arena arena;
	struct diag_list diags;
	const struct allowlist *list;
};

static void parse(struct parsed *p, const char *text)
{
	memset(p, 0, sizeof(*p));
	diag_init(&p->diags, &p->arena);
	p->list = allowlist_parse(&p->arena, STR("a.yml"), str_from(text), &p->diags);
	assert_non_null(p->list);
}

static void release(struct parsed *p)
{
	diag_release(&p->diags);
	arena_release(&p->arena);
}

static void expect_used(const char *text, size_t count)
{
	struct parsed p;

	parse(&p, text);
	if (p.diags.count != 0)
		fail_msg("%s: %.*s\nin: %s", p.diags.items[0].code,
			 STR_ARG(p.diags.items[0].message), text);
	assert_int_equal(p.list->count, count);
	release(&p);
}

// Exactly one error, with this code and place, and no entry left.
static void expect_refused(const char *text, const char *code, unsigned line, unsigned col)
{
	struct parsed p;

	parse(&p, text);
	if (p.diags.count != 1 || p.diags.errors != 1 || strcmp(p.diags.items[0].code, code) != 0 ||
	    p.diags.items[0].line != line || p.diags.items[0].col != col ||
	    !str_eq(p.diags.items[0].path, STR("a.yml"))) {
		for (size_t i = 0; i < p.diags.count; i++)
			print_error("%u:%u: %s: %.*s\n", p.diags.items[i].line,
				    p.diags.items[i].col, p.diags.items[i].code,
				    STR_ARG(p.diags.items[i].message));
		fail_msg("expected %u:%u: %s alone, in:\n%s", line, col, code, text);
	}
	assert_true(p.diags.items[0].message.len > 0);
	assert_int_equal(p.list->count, 0);
	release(&p);
}

#define HEAD(section) "version: 1\n" section ":\n"
#define LASTING "    owner: o\n    expires: 2027-06-30\n"
#define SECONDARY(address, zones)                                                                  \
	HEAD("secondary_nameservers")                                                              \
	"  - name: n\n    address: " address "\n    zones: " zones "\n" LASTING
#define TOOL(account, computer)                                                                    \
	HEAD("monitoring_tools")                                                                   \
	"  - name: n\n    account: " account "\n    computer: " computer "\n" LASTING
#define ENGAGEMENT(who, from, to)                                                                  \
	HEAD("assessments")                                                                        \
	"  - name: n\n    engagement: E\n    owner: o\n    " who "\n    from: " from               \
	"\n    to: " to "\n"
#define SID "S-1-5-21-1111111111-2222222222-3333333333-1105"

static void complete_entries_are_used(void **state)
{
	(void)state;
	expect_used("version: 1\n", 0);
	expect_used("version: 1\nassessments:\nmonitoring_tools: []\n", 0);
	expect_used(SECONDARY("192.0.2.53", "corp.example"), 1);
	expect_used(SECONDARY("[192.0.2.0/24, '2001:db8::/64']", "['*.corp.example', Corp.Local.]"),
		    1);
	expect_used(SECONDARY("'::ffff:192.0.2.0/120'", "2.0.192.in-addr.arpa"), 1);
	expect_used(TOOL(SID, "mgmt01"), 1);
	expect_used(TOOL("'CORP\\svc ipam'", "[mgmt01, mgmt02]") "    parent: 'C:\\a b\\c.exe'\n",
		    1);
	expect_used(ENGAGEMENT("computer: box", "2026-10-01", "2026-12-31"), 1);
	expect_used(ENGAGEMENT("account: " SID, "2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z"), 1);
}

static void the_file_must_say_its_version(void **state)
{
	(void)state;
	expect_refused("", "E_ALLOW_VERSION", 0, 0);
	expect_refused("assessments: []\n", "E_ALLOW_VERSION", 1, 1);
	expect_refused("version: 2\n", "E_ALLOW_VERSION", 1, 1);
	expect_refused("- version: 1\n", "E_ALLOW_VERSION", 1, 1);
	expect_refused("version: 1\n---\nversion: 1\n", "E_ALLOW_SYNTAX", 3, 1);
}

static void broken_yaml_is_refused_once(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "version: 1\nassessments: [\n");
	assert_int_equal(p.diags.count, 1);
	assert_string_equal(p.diags.items[0].code, "E_YAML");
	assert_int_equal(p.list->count, 0);
	release(&p);
}

static void nothing_takes_the_place_of_a_refused_document(void **state)
{
	static const char *const broken[] = {"version: 1\nx: *nope\n", "version: 1\nversion: 1\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct parsed p;
		char text[512];

		snprintf(text, sizeof(text), "%s---\n%s", broken[i],
			 SECONDARY("192.0.2.53", "corp.example"));
		parse(&p, text);
		assert_int_equal(p.diags.count, 2);
		assert_string_equal(p.diags.items[1].code, "E_ALLOW_SYNTAX");
		assert_int_equal(p.diags.items[1].line, 4);
		assert_int_equal(p.list->count, 0);
		release(&p);
	}
}

static void unknown_sections_and_keys_are_refused(void **state)
{
	(void)state;
	expect_refused("version: 1\nscanners: []\n", "E_ALLOW_SECTION", 2, 1);
	expect_refused("version: 1\nAssessments: []\n", "E_ALLOW_SECTION", 2, 1);
	expect_refused(SECONDARY("192.0.2.53", "corp.example") "    zone: x.example\n",
		       "E_ALLOW_KEY", 8, 5);
	// Known elsewhere, not in this section.
	expect_refused(SECONDARY("192.0.2.53", "corp.example") "    parent: x\n", "E_ALLOW_KEY", 8,
		       5);
	expect_refused(
		ENGAGEMENT("computer: box", "2026-11-02", "2026-11-03") "    expires: 2027-01-01\n",
		"E_ALLOW_KEY", 9, 5);
}

static void wrong_shapes_are_refused(void **state)
{
	(void)state;
	expect_refused("version: 1\nassessments: all\n", "E_ALLOW_SYNTAX", 2, 14);
	expect_refused("version: 1\nassessments:\n  name: x\n", "E_ALLOW_SYNTAX", 3, 3);
	expect_refused("version: 1\nassessments:\n  - x\n", "E_ALLOW_SYNTAX", 3, 5);
	expect_refused(SECONDARY("{a: b}", "corp.example"), "E_ALLOW_SYNTAX", 4, 14);
	expect_refused(SECONDARY("[192.0.2.1, [192.0.2.2]]", "corp.example"), "E_ALLOW_SYNTAX", 4,
		       26);
}

static void missing_keys_are_refused_at_the_entry(void **state)
{
	(void)state;
	expect_refused(
		HEAD("external_scanners") "  - owner: o\n    expires: 2027-01-01\n"
					  "    address: 192.0.2.1\n    zones: corp.example\n",
		"E_ALLOW_MISSING", 3, 5);
	expect_refused(
		HEAD("external_scanners") "  - name: n\n    expires: 2027-01-01\n"
					  "    address: 192.0.2.1\n    zones: corp.example\n",
		"E_ALLOW_MISSING", 3, 5);
	expect_refused(
		HEAD("external_scanners") "  - name: n\n    owner: o\n"
					  "    address: 192.0.2.1\n    zones: corp.example\n",
		"E_ALLOW_MISSING", 3, 5);
	expect_refused(HEAD("external_scanners") "  - name: n\n" LASTING, "E_ALLOW_MISSING", 3, 5);
	expect_refused(HEAD("assessments") "  - name: n\n    owner: o\n    computer: box\n"
					   "    from: 2026-11-02\n    to: 2026-11-03\n",
		       "E_ALLOW_MISSING", 3, 5);
	expect_refused(HEAD("assessments") "  - name: n\n    owner: o\n    computer: box\n"
					   "    engagement: E\n    from: 2026-11-02\n",
		       "E_ALLOW_MISSING", 3, 5);
	expect_refused(HEAD("assessments") "  - name: n\n    owner: o\n    computer: box\n"
					   "    engagement: E\n    to: 2026-11-02\n",
		       "E_ALLOW_MISSING", 3, 5);
	expect_refused(HEAD("assessments") "  - name: n\n    owner: o\n    engagement: E\n"
					   "    from: 2026-11-02\n    to: 2026-11-03\n",
		       "E_ALLOW_MISSING", 3, 5);
}

static void half_a_pair_is_refused_where_it_stands(void **state)
{
	(void)state;
	expect_refused(
		HEAD("secondary_nameservers") "  - name: n\n    address: 192.0.2.1\n" LASTING,
		"E_ALLOW_PAIR", 4, 14);
	expect_refused(HEAD("external_scanners") "  - name: n\n    zones: corp.example\n" LASTING,
		       "E_ALLOW_PAIR", 4, 12);
	expect_refused(HEAD("monitoring_tools") "  - name: n\n    account: " SID "\n" LASTING,
		       "E_ALLOW_PAIR", 4, 14);
	expect_refused(HEAD("authorised_operators") "  - name: n\n    computer: box\n" LASTING,
		       "E_ALLOW_PAIR", 4, 15);
	expect_refused(HEAD("monitoring_tools") "  - name: n\n    address: 192.0.2.1\n    zones: "
						"corp.example\n"
						"    parent: 'C:\\x.exe'\n" LASTING,
		       "E_ALLOW_PAIR", 6, 13);
	expect_refused(ENGAGEMENT("address: 192.0.2.1", "2026-11-02", "2026-11-03"), "E_ALLOW_PAIR",
		       6, 14);
	expect_refused(
		HEAD("authorised_operators") "  - name: n\n    computer: box\n    account: " SID
					     "\n    from: 2026-11-02\n" LASTING,
		"E_ALLOW_PAIR", 6, 11);
}

static void empty_values_are_refused(void **state)
{
	(void)state;
	expect_refused(SECONDARY("192.0.2.1", "''"), "E_ALLOW_EMPTY", 5, 12);
	expect_refused(SECONDARY("192.0.2.1", "[corp.example, ' ']"), "E_ALLOW_EMPTY", 5, 27);
	expect_refused(SECONDARY("[]", "corp.example"), "E_ALLOW_EMPTY", 4, 14);
	expect_refused(SECONDARY("~", "corp.example"), "E_ALLOW_EMPTY", 4, 14);
	expect_refused(TOOL(SID, "''"), "E_ALLOW_EMPTY", 5, 15);
	expect_refused(TOOL("''", "box"), "E_ALLOW_EMPTY", 4, 14);
	expect_refused(HEAD("monitoring_tools") "  - name: ''\n    account: " SID
						"\n    computer: box\n" LASTING,
		       "E_ALLOW_EMPTY", 3, 11);
}

static void wildcards_are_refused(void **state)
{
	(void)state;
	expect_refused(TOOL(SID, "'*'"), "E_ALLOW_WILDCARD", 5, 15);
	expect_refused(TOOL(SID, "[box, mgmt*]"), "E_ALLOW_WILDCARD", 5, 21);
	expect_refused(TOOL(SID, "mgmt0?"), "E_ALLOW_WILDCARD", 5, 15);
	expect_refused(TOOL("'*'", "box"), "E_ALLOW_WILDCARD", 4, 14);
	expect_refused(TOOL("'CORP\\*'", "box"), "E_ALLOW_WILDCARD", 4, 14);
	expect_refused(TOOL(SID, "box") "    parent: '*\\x.exe'\n", "E_ALLOW_WILDCARD", 8, 13);
}

static void accounts_must_be_one_account(void **state)
{
	static const char *const malformed[] = {"svc-ipam",  "'\\svc'",		 "'CORP\\'",
						"'a\\b\\c'", "svc@corp.example", "S-1-5-21-x"};
	static const char *const broad[] = {
		"S-1-1-0",
		"S-1-5-7",
		"S-1-5-11",
		"s-1-5-18",
		"S-1-5-19",
		"S-1-5-20",
		"S-1-5-32-544",
		"S-1-5-80-0",
		"S-1-3-0",
		"S-1-5-21-1-2-3",
		"S-1-16-12288",
		"'NT AUTHORITY\\SYSTEM'",
		"'nt authority\\x'",
		"'BUILTIN\\Users'",
		"'CORP\\DC01$'",
		"'.\\admin'",
		// SYSTEM and groups under their names in other languages.
		"'NT-AUTORITÄT\\SYSTEM'",
		"'nt-autorität\\netzwerkdienst'",
		"'VORDEFINIERT\\Benutzer'",
		"'AUTORITE NT\\Système'",
		"'AUTORIDADE NT\\SISTEMA'",
		"'NT INSTANS\\SYSTEM'",
		"'ZARZĄDZANIE NT\\SYSTEM'",
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		snprintf(text, sizeof(text), TOOL("%s", "box"), malformed[i]);
		expect_refused(text, "E_ALLOW_ACCOUNT", 4, 14);
	}
	for (size_t i = 0; i < sizeof(broad) / sizeof(broad[0]); i++) {
		snprintf(text, sizeof(text), TOOL("%s", "box"), broad[i]);
		expect_refused(text, "E_ALLOW_BROAD", 4, 14);
	}
	expect_used(TOOL("'NT-CORP\\svc'", "box"), 1);
	expect_used(TOOL("S-1-12-1-1-2-3-4", "box"), 1);
	expect_used(TOOL("S-1-5-80-1-2-3-4-5", "box"), 1);
}

static void zones_must_belong_to_somebody(void **state)
{
	static const char *const broad[] = {"com", "co.uk",	   "CO.UK.", "'*'",  "'*.com'",
					    ".",   "in-addr.arpa", "'*.'",   "corp", "'*.co.uk.'"};
	static const char *const malformed[] = {"a..example",	 ".corp.example",
						"'a.*.example'", "'x*.corp.example'",
						"'a b.example'", "corp.example.."};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(broad) / sizeof(broad[0]); i++) {
		snprintf(text, sizeof(text), SECONDARY("192.0.2.1", "%s"), broad[i]);
		expect_refused(text, "E_ALLOW_BROAD", 5, 12);
	}
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		snprintf(text, sizeof(text), SECONDARY("192.0.2.1", "%s"), malformed[i]);
		expect_refused(text, "E_ALLOW_ZONE", 5, 12);
	}
}

static void networks_must_be_exact_and_narrow(void **state)
{
	static const char *const malformed[] = {"192.0.2.1/24", "192.0.2", "host", "192.0.2.1/x",
						"'2001:db8::1/64'"};
	static const char *const broad[] = {"192.0.2.0/23",    "'2001:db8::/63'",
					    "0.0.0.0/0",       "'::/0'",
					    "'::ffff:0:0/96'", "'::ffff:192.0.2.0/119'"};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		snprintf(text, sizeof(text), SECONDARY("%s", "corp.example"), malformed[i]);
		expect_refused(text, "E_ALLOW_ADDRESS", 4, 14);
	}
	for (size_t i = 0; i < sizeof(broad) / sizeof(broad[0]); i++) {
		snprintf(text, sizeof(text), SECONDARY("%s", "corp.example"), broad[i]);
		expect_refused(text, "E_ALLOW_BROAD", 4, 14);
	}
}

static void scanners_may_have_wider_networks(void **state)
{
#define SCANNER(address)                                                                           \
	HEAD("external_scanners")                                                                  \
	"  - name: n\n    address: " address "\n    zones: corp.example\n" LASTING
	(void)state;
	expect_used(SCANNER("[198.18.0.0/16, '2001:db8::/32']"), 1);
	expect_refused(SCANNER("198.18.0.0/15"), "E_ALLOW_BROAD", 4, 14);
	expect_refused(SCANNER("'2000::/31'"), "E_ALLOW_BROAD", 4, 14);
}

static void parents_are_whole_paths(void **state)
{
	(void)state;
	expect_refused(TOOL(SID, "box") "    parent: services.exe\n", "E_ALLOW_PARENT", 8, 13);
}

static void times_must_be_readable_and_near(void **state)
{
	static const char *const bad[] = {"tomorrow",	"2027",	      "2027-02-29", "2027-13-01",
					  "2101-01-01", "9999-12-31", "30.06.2027"};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
			 HEAD("external_scanners") "  - name: n\n    address: 192.0.2.1\n"
						   "    zones: corp.example\n    owner: o\n"
						   "    expires: %s\n",
			 bad[i]);
		expect_refused(text, "E_ALLOW_TIME", 7, 14);
	}
	expect_refused(ENGAGEMENT("computer: box", "soon", "2026-11-03"), "E_ALLOW_TIME", 7, 11);
	expect_refused(ENGAGEMENT("computer: box", "2026-11-02", "x"), "E_ALLOW_TIME", 8, 9);
}

// A day is the day of its offset: UTC's without one.
static void days_are_those_of_their_offset(void **state)
{
	static const struct {
		const char *from, *to, *first, *last;
	} rows[] = {
		{"2026-11-02", "2026-11-03", "2026-11-02T00:00:00Z",
		 "2026-11-03T23:59:59.9999999Z"},
		{"'2026-11-02+02:00'", "'2026-11-03+0200'", "2026-11-01T22:00:00Z",
		 "2026-11-03T21:59:59.9999999Z"},
		{"'2026-11-02-0500'", "'2026-11-03-05:00'", "2026-11-02T05:00:00Z",
		 "2026-11-04T04:59:59.9999999Z"},
		{"'2026-11-02Z'", "'2026-11-03Z'", "2026-11-02T00:00:00Z",
		 "2026-11-03T23:59:59.9999999Z"},
		{"2026-11-02T08:00+02:00", "2026-11-02T09:00:00", "2026-11-02T06:00:00Z",
		 "2026-11-02T09:00:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct parsed p;
		char text[512];
		uint64_t first;
		uint64_t last;

		snprintf(text, sizeof(text), ENGAGEMENT("computer: box", "%s", "%s"), rows[i].from,
			 rows[i].to);
		parse(&p, text);
		assert_int_equal(p.diags.count, 0);
		assert_true(tm_parse(str_from(rows[i].first), true, &first));
		assert_true(tm_parse(str_from(rows[i].last), true, &last));
		assert_int_equal(p.list->entries[0].from, first);
		assert_int_equal(p.list->entries[0].until, last);
		release(&p);
	}
}

static void windows_must_be_windows(void **state)
{
	(void)state;
	expect_refused(ENGAGEMENT("computer: box", "2026-11-03", "2026-11-02"), "E_ALLOW_WINDOW", 7,
		       11);
	expect_refused(ENGAGEMENT("computer: box", "2026-11-02T08:00:01Z", "2026-11-02T08:00:00Z"),
		       "E_ALLOW_WINDOW", 7, 11);
	// 2026-10-01 and 91 more days reach 2026-12-31.
	expect_refused(ENGAGEMENT("computer: box", "2026-10-01", "2027-01-01"), "E_ALLOW_WINDOW", 8,
		       9);
	expect_refused(
		HEAD("authorised_operators") "  - name: n\n    computer: box\n    account: " SID
					     "\n    from: 2027-07-01\n    to: 2027-07-02\n" LASTING,
		"E_ALLOW_WINDOW", 6, 11);
}

static void names_are_unique_over_all_sections(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, SECONDARY("192.0.2.1",
			    "corp.example") "monitoring_tools:\n  - name: n\n    account: " SID
					    "\n    computer: box\n" LASTING);
	assert_int_equal(p.diags.count, 1);
	assert_string_equal(p.diags.items[0].code, "E_ALLOW_DUPLICATE");
	assert_int_equal(p.diags.items[0].line, 9);
	assert_int_equal(p.diags.items[0].col, 11);
	assert_int_equal(p.list->count, 1);
	assert_int_equal(p.list->entries[0].class, ALLOW_SECONDARY_NAMESERVERS);
	release(&p);
}

static void all_errors_of_an_entry_are_told_and_others_used(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, HEAD("external_scanners") "  - name: bad\n    address: [10.0.0.0/8, x]\n    "
					    "zones: com\n    expires: never\n"
					    "  - name: good\n    address: 192.0.2.1\n    zones: "
					    "corp.example\n" LASTING);
	assert_int_equal(p.diags.errors, 5); // owner, expires, two addresses, zone
	assert_int_equal(p.list->count, 1);
	assert_true(str_eq(p.list->entries[0].name, STR("good")));
	assert_int_equal(p.list->entries[0].place.line, 7);
	release(&p);
}

static void the_template_is_valid_and_allows_nothing(void **state)
{
	const struct embedded_file *file = embedded_find("allowlist.template.yml");
	struct buf text = {0};

	(void)state;
	assert_non_null(file);
	buf_put(&text, file->data, file->size);
	expect_used(text.ptr, 0);
	buf_release(&text);
}

// Behind "version:" the examples are the lines that begin with a mark and two
// blanks; without the mark they must be entries that work.
static void the_examples_of_the_template_are_valid(void **state)
{
	const struct embedded_file *file = embedded_find("allowlist.template.yml");
	struct str rest;
	struct str line;
	struct buf text = {0};

	(void)state;
	assert_non_null(file);
	rest = (struct str){(const char *)file->data, file->size};
	rest = str_sub(rest, str_find(rest, STR("\nversion:"), 0), SIZE_MAX);
	while (str_split(&rest, '\n', &line)) {
		if (str_starts(line, STR("#  ")))
			line = str_sub(line, 1, SIZE_MAX);
		buf_put_str(&text, line);
		buf_put_char(&text, '\n');
	}
	expect_used(text.ptr, 6);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete_entries_are_used),
		cmocka_unit_test(the_file_must_say_its_version),
		cmocka_unit_test(broken_yaml_is_refused_once),
		cmocka_unit_test(nothing_takes_the_place_of_a_refused_document),
		cmocka_unit_test(unknown_sections_and_keys_are_refused),
		cmocka_unit_test(wrong_shapes_are_refused),
		cmocka_unit_test(missing_keys_are_refused_at_the_entry),
		cmocka_unit_test(half_a_pair_is_refused_where_it_stands),
		cmocka_unit_test(empty_values_are_refused),
		cmocka_unit_test(wildcards_are_refused),
		cmocka_unit_test(accounts_must_be_one_account),
		cmocka_unit_test(zones_must_belong_to_somebody),
		cmocka_unit_test(networks_must_be_exact_and_narrow),
		cmocka_unit_test(scanners_may_have_wider_networks),
		cmocka_unit_test(parents_are_whole_paths),
		cmocka_unit_test(times_must_be_readable_and_near),
		cmocka_unit_test(days_are_those_of_their_offset),
		cmocka_unit_test(windows_must_be_windows),
		cmocka_unit_test(names_are_unique_over_all_sections),
		cmocka_unit_test(all_errors_of_an_entry_are_told_and_others_used),
		cmocka_unit_test(the_template_is_valid_and_allows_nothing),
		cmocka_unit_test(the_examples_of_the_template_are_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
