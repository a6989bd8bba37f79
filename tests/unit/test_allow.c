// SPDX-License-Identifier: Apache-2.0
// What an allowlist silences, and what it does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "allow/allow.h"
#include "base/buf.h"
#include "base/tm.h"

#define ALL_CLASSES ((1u << ALLOW_CLASS_COUNT) - 1)
#define SID "S-1-5-21-1111111111-2222222222-3333333333-1105"

static const char example[] = "version: 1\n"
			      "secondary_nameservers:\n"
			      "  - name: ns2\n"
			      "    address: [192.0.2.53, '2001:db8:1::/64']\n"
			      "    zones: [corp.example, '*.sub.corp.example']\n"
			      "    server: [dns1.corp.example, dns2.corp.example]\n"
			      "    owner: o\n"
			      "    expires: 2027-06-30\n"
			      "monitoring_tools:\n"
			      "  - name: poller\n"
			      "    address: 198.51.100.10\n"
			      "    zones: corp.example\n"
			      "    owner: o\n"
			      "    expires: 2027-06-30\n"
			      "  - name: service\n"
			      "    account: [" SID ", 'CORP\\svc-ipam']\n"
			      "    computer: mgmt01.corp.example\n"
			      "    parent: 'C:\\Windows\\System32\\services.exe'\n"
			      "    owner: o\n"
			      "    expires: 2027-06-30\n"
			      "assessments:\n"
			      "  - name: test\n"
			      "    engagement: PT-1\n"
			      "    address: 203.0.113.0/29\n"
			      "    zones: corp.example\n"
			      "    from: 2026-11-02T08:00:00Z\n"
			      "    to: 2026-11-06T18:00:00Z\n"
			      "    owner: o\n"
			      "  - name: test host\n"
			      "    engagement: PT-2\n"
			      "    computer: testbox\n"
			      "    from: 2026-11-02\n"
			      "    to: 2026-11-02\n"
			      "    owner: o\n"
			      "external_scanners:\n"
			      "  - name: scanner\n"
			      "    address: 203.0.113.64/26\n"
			      "    zones: corp.example\n"
			      "    owner: o\n"
			      "    expires: 2027-06-30T12:00:00+02:00\n"
			      "authorised_operators:\n"
			      "  - name: red team\n"
			      "    account: " SID "\n"
			      "    computer: redbox\n"
			      "    from: 2026-11-02\n"
			      "    to: 2026-11-03\n"
			      "    owner: o\n"
			      "    expires: 2027-06-30\n";

struct fixture {
	struct arena arena;
	struct diag_list diags;
	const struct allowlist *list;
	struct allow_audit audit;
};

static struct fixture *make_with_errors(const char *text, size_t errors)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	diag_init(&f->diags, &f->arena);
	f->list = allowlist_parse(&f->arena, STR("a.yml"), str_from(text), &f->diags);
	assert_int_equal(f->diags.count, errors);
	allow_audit_init(&f->audit, f->list);
	return f;
}

static struct fixture *make(const char *text)
{
	return make_with_errors(text, 0);
}

static void release(struct fixture *f)
{
	allow_audit_release(&f->audit);
	diag_release(&f->diags);
	arena_release(&f->arena);
	free(f);
}

static int setup(void **state)
{
	*state = make(example);
	return 0;
}

static int teardown(void **state)
{
	release(*state);
	return 0;
}

// An event in writing; NULL for a fact it lacks.
struct event {
	const char *time, *address, *zone, *computer, *sid, *account, *parent;
};

static struct allow_values one(struct str *room, const char *text)
{
	*room = str_from(text);
	return (struct allow_values){room, text != NULL};
}

static const char *silenced_among(struct fixture *f, unsigned classes, const struct event *e)
{
	const struct allow_entry *entry;
	struct allow_facts facts = {.has_time = e->time != NULL};
	struct str room[6];

	facts.address = one(&room[0], e->address);
	facts.zone = one(&room[1], e->zone);
	facts.computer = one(&room[2], e->computer);
	facts.account_sid = one(&room[3], e->sid);
	facts.account_name = one(&room[4], e->account);
	facts.parent = one(&room[5], e->parent);
	if (e->time != NULL)
		assert_true(tm_parse(str_from(e->time), true, &facts.time));
	entry = allow_check(f->list, classes, &facts, &f->audit);
	return entry != NULL ? entry->name.ptr : NULL;
}

static void expect_by(struct fixture *f, const char *name, struct event e)
{
	const char *got = silenced_among(f, ALL_CLASSES, &e);

	if (got == NULL)
		fail_msg("expected '%s', got none", name);
	assert_string_equal(got, name);
}

static void expect_shown(struct fixture *f, struct event e)
{
	const char *got = silenced_among(f, ALL_CLASSES, &e);

	if (got != NULL)
		fail_msg("silenced by '%s'", got);
}

// The same event with one fact changed.
#define WITH(base, ...)                                                                            \
	({                                                                                         \
		struct event changed = base;                                                       \
		changed.__VA_ARGS__;                                                               \
		changed;                                                                           \
	})

static const struct event transfer = {.time = "2026-11-23T12:00:00Z",
				      .address = "192.0.2.53",
				      .zone = "corp.example",
				      .computer = "dns1.corp.example"};
static const struct event launch = {.time = "2026-11-23T12:00:00Z",
				    .computer = "mgmt01.corp.example",
				    .sid = SID,
				    .account = "CORP\\svc-ipam",
				    .parent = "C:\\Windows\\System32\\services.exe"};
static const struct event probe = {.time = "2026-11-04T12:00:00Z",
				   .address = "203.0.113.7",
				   .zone = "corp.example",
				   .computer = "dns1.corp.example"};
static const struct event operation = {
	.time = "2026-11-02T12:00:00Z", .computer = "redbox", .sid = SID};

static void each_class_silences_what_it_names(void **state)
{
	expect_by(*state, "ns2", transfer);
	expect_by(*state, "poller", WITH(transfer, address = "198.51.100.10"));
	expect_by(*state, "service", launch);
	expect_by(*state, "test", probe);
	expect_by(*state, "test host",
		  (struct event){"2026-11-02T23:59:59Z", NULL, NULL, "TESTBOX", NULL, NULL, NULL});
	expect_by(*state, "scanner", WITH(probe, address = "203.0.113.127"));
	expect_by(*state, "red team", operation);
}

static void the_other_half_of_a_pair_is_needed(void **state)
{
	expect_shown(*state, WITH(transfer, zone = "other.example"));
	expect_shown(*state, WITH(transfer, address = "192.0.2.54"));
	expect_shown(*state, WITH(transfer, computer = "dns3.corp.example"));
	expect_shown(*state, WITH(launch, computer = "ws01.corp.example"));
	expect_shown(*state, WITH(launch, parent = "C:\\Temp\\services.exe"));
	expect_shown(*state, WITH(operation, computer = "ws01"));
	expect_shown(*state, WITH(operation, sid = "S-1-5-21-1-2-3-4"));
	expect_shown(*state, WITH(probe, zone = "other.example"));
	expect_shown(*state, WITH(probe, address = "203.0.113.8"));
}

static void a_fact_the_event_lacks_is_not_matched(void **state)
{
	expect_shown(*state, WITH(transfer, zone = NULL));
	expect_shown(*state, WITH(transfer, address = NULL));
	expect_shown(*state, WITH(transfer, computer = NULL));
	expect_shown(*state, WITH(transfer, time = NULL));
	expect_shown(*state, WITH(launch, parent = NULL));
	expect_shown(*state, WITH(operation, sid = NULL));
	expect_shown(*state, (struct event){.time = "2026-11-23T12:00:00Z"});
	expect_shown(*state, WITH(transfer, address = ""));
	expect_shown(*state, WITH(transfer, zone = ""));
}

static void any_item_of_a_list_will_do(void **state)
{
	expect_by(*state, "ns2", WITH(transfer, address = "2001:db8:1::ffff"));
	expect_by(*state, "ns2", WITH(transfer, computer = "dns2.corp.example"));
	expect_by(*state, "service", WITH(launch, sid = NULL));
	expect_by(*state, "service", WITH(launch, account = NULL));
	expect_by(*state, "service", WITH(launch, sid = "S-1-5-21-1-2-3-4"));
}

static void addresses_compare_as_addresses(void **state)
{
	expect_by(*state, "ns2", WITH(transfer, address = "::ffff:192.0.2.53"));
	expect_by(*state, "ns2", WITH(transfer, address = "2001:DB8:1:0:0:0:0:1%7"));
	expect_shown(*state, WITH(transfer, address = "192.0.2.530"));
	expect_shown(*state, WITH(transfer, address = "192.0.2.5"));
	expect_shown(*state, WITH(transfer, address = "2001:db8:2::1"));
	expect_shown(*state, WITH(transfer, address = "localhost"));
}

static void names_compare_without_case(void **state)
{
	expect_by(*state, "ns2", WITH(transfer, zone = "CORP.Example."));
	expect_by(*state, "ns2", WITH(transfer, computer = "DNS1.corp.EXAMPLE"));
	expect_by(*state, "service", WITH(launch, parent = "c:\\windows\\system32\\SERVICES.EXE"));
	expect_by(*state, "service", WITH(launch, account = "corp\\SVC-ipam"));
}

static void a_zone_with_a_star_means_names_below_only(void **state)
{
	expect_by(*state, "ns2", WITH(transfer, zone = "a.sub.corp.example"));
	expect_by(*state, "ns2", WITH(transfer, zone = "A.B.Sub.Corp.Example."));
	expect_shown(*state, WITH(transfer, zone = "sub.corp.example"));
	expect_shown(*state, WITH(transfer, zone = ".sub.corp.example"));
	expect_shown(*state, WITH(transfer, zone = "xsub.corp.example"));
	expect_shown(*state, WITH(transfer, zone = "a.corp.example"));
	expect_shown(*state, WITH(transfer, zone = "example"));
}

static void windows_are_closed_intervals_of_event_time(void **state)
{
	expect_shown(*state, WITH(probe, time = "2026-11-02T07:59:59.9999999Z"));
	expect_by(*state, "test", WITH(probe, time = "2026-11-02T08:00:00Z"));
	expect_by(*state, "test", WITH(probe, time = "2026-11-06T18:00:00Z"));
	expect_shown(*state, WITH(probe, time = "2026-11-06T18:00:00.0000001Z"));
	expect_shown(*state, WITH(operation, time = "2026-11-01T23:59:59.9999999Z"));
	expect_by(*state, "red team", WITH(operation, time = "2026-11-03T23:59:59.9999999Z"));
	expect_shown(*state, WITH(operation, time = "2026-11-04T00:00:00Z"));
}

static void an_expiry_includes_its_day_or_ends_at_its_moment(void **state)
{
	expect_by(*state, "ns2", WITH(transfer, time = "2027-06-30T23:59:59.9999999Z"));
	expect_shown(*state, WITH(transfer, time = "2027-07-01T00:00:00Z"));
	expect_by(*state, "ns2", WITH(transfer, time = "1999-01-01T00:00:00Z"));
	expect_by(*state, "scanner",
		  WITH(probe, address = "203.0.113.64", changed.time = "2027-06-30T10:00:00Z"));
	expect_shown(*state, WITH(probe, address = "203.0.113.64",
				  changed.time = "2027-06-30T10:00:00.0000001Z"));
}

static void other_classes_never_silence(void **state)
{
	assert_null(silenced_among(*state, 0, &transfer));
	assert_null(silenced_among(*state, ALL_CLASSES & ~ALLOW_MASK(ALLOW_SECONDARY_NAMESERVERS),
				   &transfer));
	assert_string_equal(
		silenced_among(*state, ALLOW_MASK(ALLOW_SECONDARY_NAMESERVERS), &transfer), "ns2");
}

static void the_audit_counts_silenced_and_expired_hits(void **state)
{
	struct fixture *f = *state;
	struct allow_audit sum;

	expect_by(f, "ns2", transfer);
	expect_by(f, "ns2", transfer);
	expect_shown(f, WITH(transfer, time = "2028-01-01T00:00:00Z"));
	expect_shown(f, WITH(probe, time = "2026-11-07T00:00:00Z"));
	expect_shown(f, WITH(probe, time = "2026-11-01T00:00:00Z"));
	assert_int_equal(f->audit.silenced[0], 2);
	assert_int_equal(f->audit.after_expiry[0], 1);
	assert_string_equal(f->list->entries[3].name.ptr, "test");
	assert_int_equal(f->audit.silenced[3], 0);
	assert_int_equal(f->audit.after_expiry[3], 1);
	allow_audit_init(&sum, f->list);
	allow_audit_add(&sum, &f->audit);
	allow_audit_add(&sum, &f->audit);
	assert_int_equal(sum.count, 7);
	assert_int_equal(sum.silenced[0], 4);
	assert_int_equal(sum.after_expiry[3], 2);
	allow_audit_release(&sum);
}

static void entries_tell_their_engagement_owner_and_place(void **state)
{
	const struct fixture *f = *state;

	assert_true(str_eq(f->list->entries[3].engagement, STR("PT-1")));
	assert_true(str_eq(f->list->entries[3].owner, STR("o")));
	assert_int_equal(f->list->entries[0].place.line, 3);
	assert_int_equal(f->list->entries[0].engagement.len, 0);
}

#define SCANNER(name, address, expires)                                                            \
	"  - {name: " name ", address: " address                                                   \
	", zones: corp.example, owner: o, expires: " expires "}\n"

static void the_first_entry_of_the_file_silences(void **state)
{
	struct fixture *f =
		make("version: 1\nexternal_scanners:\n" SCANNER("old", "203.0.113.9", "2026-01-01")
			     SCANNER("first", "203.0.112.0/20", "2027-01-01")
				     SCANNER("second", "203.0.113.9", "2027-01-01"));

	(void)state;
	expect_by(f, "first", WITH(probe, address = "203.0.113.9"));
	// A live entry silences: the ended one made no difference.
	assert_int_equal(f->audit.after_expiry[0], 0);
	expect_shown(f, WITH(probe, address = "203.0.113.9", changed.time = "2028-01-01"));
	assert_int_equal(f->audit.after_expiry[0], 1);
	assert_int_equal(f->audit.after_expiry[1], 0);
	assert_int_equal(f->audit.after_expiry[2], 0);
	release(f);
}

static void every_value_of_a_fact_must_be_covered(void **state)
{
	struct fixture *f = *state;
	struct str addresses[] = {STR_INIT("192.0.2.53"), STR_INIT("2001:db8:1::5"),
				  STR_INIT("203.0.113.200")};
	struct str zone = STR_INIT("corp.example");
	struct str computer = STR_INIT("dns1.corp.example");
	struct allow_facts facts = {.address = {addresses, 2},
				    .zone = {&zone, 1},
				    .computer = {&computer, 1},
				    .has_time = true,
				    .time = TM_UNIX_EPOCH};

	assert_non_null(allow_check(f->list, ALL_CLASSES, &facts, NULL));
	facts.address.count = 3;
	assert_null(allow_check(f->list, ALL_CLASSES, &facts, NULL));
	facts.address = (struct allow_values){addresses + 2, 1};
	assert_null(allow_check(f->list, ALL_CLASSES, &facts, NULL));
}

static void a_refused_entry_leaves_nothing_to_the_next(void **state)
{
	struct fixture *f =
		make_with_errors("version: 1\n"
				 "monitoring_tools:\n"
				 "  - {name: bad, address: [203.0.113.1, x], zones: a.example}\n"
				 "  - {name: good, address: 203.0.113.2, zones: corp.example,"
				 " owner: o, expires: 2027-01-01}\n",
				 3);

	(void)state;
	expect_by(f, "good", WITH(probe, address = "203.0.113.2"));
	expect_shown(f, WITH(probe, address = "203.0.113.1"));
	expect_shown(f, WITH(probe, address = "203.0.113.2", changed.zone = "a.example"));
	release(f);
}

static void ten_thousand_addresses_are_found(void **state)
{
	struct buf text = {0};
	struct fixture *f;
	char address[32];

	(void)state;
	buf_put_text(&text, "version: 1\nexternal_scanners:\n  - name: many\n    owner: o\n"
			    "    expires: 2027-01-01\n    zones: corp.example\n    address:\n");
	for (unsigned i = 0; i < 10000; i++)
		buf_printf(&text, "      - 10.%u.%u.%u\n", i % 7, i / 250, i % 250);
	f = make(text.ptr);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(address, sizeof(address), "10.%u.%u.%u", i % 7, i / 250, i % 250);
		expect_by(f, "many", WITH(probe, address = address));
		snprintf(address, sizeof(address), "10.%u.%u.%u", i % 7 + 7, i / 250, i % 250);
		expect_shown(f, WITH(probe, address = address));
	}
	release(f);
	buf_release(&text);
}

static void class_names_go_both_ways(void **state)
{
	enum allow_class class;

	(void)state;
	for (unsigned i = 0; i < ALLOW_CLASS_COUNT; i++) {
		assert_true(allow_class_from_name(str_from(allow_class_name((enum allow_class)i)),
						  &class));
		assert_int_equal(class, i);
	}
	assert_false(allow_class_from_name(STR("everybody"), &class));
	assert_false(allow_class_from_name(STR("assessment"), &class));
	assert_string_equal(allow_class_name(ALLOW_AUTHORISED_OPERATORS), "authorised_operators");
}

int main(void)
{
#define WITH_LIST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH_LIST(each_class_silences_what_it_names),
		WITH_LIST(the_other_half_of_a_pair_is_needed),
		WITH_LIST(a_fact_the_event_lacks_is_not_matched),
		WITH_LIST(any_item_of_a_list_will_do),
		WITH_LIST(addresses_compare_as_addresses),
		WITH_LIST(names_compare_without_case),
		WITH_LIST(a_zone_with_a_star_means_names_below_only),
		WITH_LIST(windows_are_closed_intervals_of_event_time),
		WITH_LIST(an_expiry_includes_its_day_or_ends_at_its_moment),
		WITH_LIST(other_classes_never_silence),
		WITH_LIST(the_audit_counts_silenced_and_expired_hits),
		WITH_LIST(entries_tell_their_engagement_owner_and_place),
		cmocka_unit_test(the_first_entry_of_the_file_silences),
		WITH_LIST(every_value_of_a_fact_must_be_covered),
		cmocka_unit_test(a_refused_entry_leaves_nothing_to_the_next),
		cmocka_unit_test(ten_thousand_addresses_are_found),
		cmocka_unit_test(class_names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
