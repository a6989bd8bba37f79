// SPDX-License-Identifier: Apache-2.0
// Registered domains. The names come from the test list that
// publicsuffix.org publishes, or are reserved ones.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/psl.h"

static void expect_split_of(struct str name, const char *registered, struct str sub)
{
	struct str got_registered;
	struct str got_sub;

	if (!psl_split(name, &got_registered, &got_sub))
		fail_msg("'%.*s' has no registered domain", STR_ARG(name));
	if (!str_eq(got_registered, str_from(registered)) || !str_eq(got_sub, sub))
		fail_msg("'%.*s' became '%.*s' and '%.*s'", STR_ARG(name), STR_ARG(got_registered),
			 STR_ARG(got_sub));
}

static void expect_split(const char *name, const char *registered, const char *sub)
{
	expect_split_of(str_from(name), registered, str_from(sub));
}

static void expect_none(struct str name)
{
	struct str registered = STR("x");
	struct str sub = STR("x");

	if (psl_split(name, &registered, &sub))
		fail_msg("'%.*s' became '%.*s'", STR_ARG(name), STR_ARG(registered));
	assert_int_equal(registered.len, 0);
	assert_int_equal(sub.len, 0);
}

static void names_split_at_their_registered_domain(void **state)
{
	(void)state;
	expect_split("example.com", "example.com", "");
	expect_split("a.b.example.com", "example.com", "a.b");
	expect_split("www.dev.example.co.uk", "example.co.uk", "www.dev");
	expect_split("a.b.c.kobe.jp", "b.c.kobe.jp", "a");
	expect_split("www.city.kobe.jp", "city.kobe.jp", "www");
	expect_split("www.www.ck", "www.ck", "www");
	expect_split("_ldap._tcp.dc._msdcs.corp.example", "corp.example", "_ldap._tcp.dc._msdcs");
}

static void case_and_final_dot_do_not_matter(void **state)
{
	(void)state;
	expect_split("WWW.Example.CO.UK.", "Example.CO.UK", "WWW");
	expect_split("example.com.", "example.com", "");
}

static void an_unknown_top_level_domain_is_a_suffix(void **state)
{
	(void)state;
	expect_split("host.corp.local", "corp.local", "host");
	expect_split("a.b.corp.internal", "corp.internal", "a.b");
}

static void reverse_names_group_by_network(void **state)
{
	(void)state;
	expect_split("4.3.2.1.in-addr.arpa", "2.1.in-addr.arpa", "4.3");
	expect_split("0.2.1.IN-ADDR.ARPA.", "2.1.IN-ADDR.ARPA", "0");
	expect_split("2.1.in-addr.arpa", "2.1.in-addr.arpa", "");
	expect_split("10.in-addr.arpa", "10.in-addr.arpa", "");
	// RFC 2317
	expect_split("5.0/25.2.0.192.in-addr.arpa", "0.192.in-addr.arpa", "5.0/25.2");
	expect_split("f.e.8.b.d.0.1.0.0.2.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "f.e");
	expect_split("1.0.0.2.ip6.arpa", "1.0.0.2.ip6.arpa", "");
	expect_none(STR("in-addr.arpa"));
	expect_none(STR("ip6.arpa."));
	expect_split("xin-addr.arpa", "xin-addr.arpa", "");
}

static void suffixes_addresses_and_single_labels_have_none(void **state)
{
	(void)state;
	expect_none(STR("com"));
	expect_none(STR("co.uk"));
	expect_none(STR("CO.UK."));
	expect_none(STR("local"));
	expect_none(STR("host"));
	expect_none(STR(""));
	expect_none(STR("."));
	expect_none(STR(".."));
	expect_none((struct str){NULL, 0});
	expect_none(STR("192.0.2.1"));
	expect_none(STR("192.0.2.1."));
	expect_none(STR("2001:db8::1"));
	expect_none(STR("::ffff:192.0.2.1"));
}

static void unsound_names_belong_to_their_last_two_labels(void **state)
{
	char name[400];
	size_t tail = strlen("a.example.com");

	(void)state;
	expect_split("a\xff.example.com", "example.com", "a\xff");
	expect_split("a b.example.co.uk", "co.uk", "a b.example");
	expect_split_of(STR("x\0y.example.com"), "example.com", STR("x\0y"));
	expect_split("a..example.com", "example.com", "a.");
	expect_split("fe80::1%x.evil.example", "evil.example", "fe80::1%x");
	expect_none(STR("a.."));
	expect_none(STR("\xff"));
	expect_none(STR("a\xff..com"));
	memset(name, 'a', sizeof(name));
	memcpy(name + sizeof(name) - tail, "a.example.com", tail);
	expect_split_of((struct str){name, sizeof(name)}, "example.com",
			(struct str){name, sizeof(name) - strlen(".example.com")});
}

static void suffixes_are_known(void **state)
{
	static const char *const yes[] = {"com", "CO.UK", "co.uk.",	  "local",     "",
					  ".",	 "arpa",  "in-addr.arpa", "ip6.arpa.", "foo.ck"};
	static const char *const no[] = {"corp.local", "example.com", "2.0.192.in-addr.arpa",
					 "www.ck",     "a..com",      "b\xff.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (!psl_is_suffix(str_from(yes[i])))
			fail_msg("'%s' is a suffix", yes[i]);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		if (psl_is_suffix(str_from(no[i])))
			fail_msg("'%s' is no suffix", no[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_split_at_their_registered_domain),
		cmocka_unit_test(case_and_final_dot_do_not_matter),
		cmocka_unit_test(an_unknown_top_level_domain_is_a_suffix),
		cmocka_unit_test(reverse_names_group_by_network),
		cmocka_unit_test(suffixes_addresses_and_single_labels_have_none),
		cmocka_unit_test(unsound_names_belong_to_their_last_two_labels),
		cmocka_unit_test(suffixes_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
