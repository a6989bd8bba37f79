// SPDX-License-Identifier: Apache-2.0
// Addresses and networks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ip.h"

static void expect_text(const char *text, const char *canonical)
{
	struct ip_addr addr;
	char out[IP_TEXT_SIZE];

	if (!ip_parse(str_from(text), &addr))
		fail_msg("'%s' was refused", text);
	assert_int_equal(ip_format(&addr, out), strlen(canonical));
	assert_string_equal(out, canonical);
}

static void expect_no_address(struct str text)
{
	struct ip_addr addr;

	if (ip_parse(text, &addr))
		fail_msg("'%.*s' was taken for an address", STR_ARG(text));
}

static bool within(const char *net_text, const char *addr_text)
{
	struct ip_net net;
	struct ip_addr addr;

	assert_int_equal(ip_net_parse(str_from(net_text), &net, NULL), RC_OK);
	assert_true(ip_parse(str_from(addr_text), &addr));
	return ip_net_contains(&net, &addr);
}

static void every_textual_form_is_read(void **state)
{
	(void)state;
	expect_text("192.0.2.53", "192.0.2.53");
	expect_text(" 192.0.2.53\t", "192.0.2.53");
	expect_text("fe80:0:0:0:1c2a:33ff:fe44:5566", "fe80::1c2a:33ff:fe44:5566");
	expect_text("FE80::1%eth0", "fe80::1");
	expect_text("fe80::1%12 ", "fe80::1");
	expect_text("0:0:0:0:0:0:0:1", "::1");
	expect_text("::ffff:192.0.2.1", "::ffff:192.0.2.1");
	expect_text("::ffff:c000:201", "::ffff:192.0.2.1");
	expect_text("0000:0000:0000:0000:0000:ffff:192.168.100.228", "::ffff:192.168.100.228");
}

static void what_is_no_address_is_refused(void **state)
{
	(void)state;
	expect_no_address(STR(""));
	expect_no_address((struct str){NULL, 0});
	expect_no_address(STR("-"));
	expect_no_address(STR("localhost"));
	expect_no_address(STR("10.1"));
	expect_no_address(STR("010.0.0.1"));
	expect_no_address(STR("256.0.0.1"));
	expect_no_address(STR("10.0.0.1/32"));
	expect_no_address(STR("10.0.0.1:53"));
	expect_no_address(STR("[::1]"));
	expect_no_address(STR("%eth0"));
	expect_no_address(STR("10.0.0.1%eth0"));
	expect_no_address(STR("10.0.0.1\0"));
	expect_no_address(STR("1:2:3:4:5:6:7:8:9"));
	expect_no_address(STR("0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"));
}

static void a_peer_may_have_a_port(void **state)
{
	static const char *const good[][2] = {
		{"192.0.2.1:53", "192.0.2.1"},
		{"192.0.2.1", "192.0.2.1"},
		{"[2001:db8::1]:5355", "2001:db8::1"},
		{"[fe80::1%3]:53", "fe80::1"},
		{"[::1]", "::1"},
		{"2001:db8::1", "2001:db8::1"},
	};
	static const char *const bad[] = {"192.0.2.1:", "192.0.2.1:x", "192.0.2.1:65536", "[::1",
					  "[::1]53",	"[::1]:",      "[192.0.2.1]:53",  "host:53",
					  ":53",	"[]:53"};
	struct ip_addr addr;
	char out[IP_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(ip_parse_peer(str_from(good[i][0]), &addr));
		ip_format(&addr, out);
		assert_string_equal(out, good[i][1]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (ip_parse_peer(str_from(bad[i]), &addr))
			fail_msg("'%s' was accepted", bad[i]);
	}
}

static void networks_hold_their_first_and_last_address(void **state)
{
	(void)state;
	assert_true(within("10.0.0.0/8", "10.0.0.0"));
	assert_true(within("10.0.0.0/8", "10.255.255.255"));
	assert_false(within("10.0.0.0/8", "11.0.0.0"));
	assert_false(within("10.0.0.0/8", "9.255.255.255"));
	assert_true(within("172.16.0.0/12", "172.31.255.255"));
	assert_false(within("172.16.0.0/12", "172.32.0.0"));
	assert_true(within("203.0.113.8/29", "203.0.113.15"));
	assert_false(within("203.0.113.8/29", "203.0.113.16"));
	assert_true(within("fe80::/10", "febf:ffff::1"));
	assert_false(within("fe80::/10", "fec0::1"));
	assert_true(within("fc00::/7", "fd12:3456:0:0:0:0:0:1"));
	assert_true(within("::1/128", "0:0:0:0:0:0:0:1"));
	assert_false(within("::1/128", "::2"));
	assert_true(within("0.0.0.0/0", "255.255.255.255"));
	assert_true(within("::/0", "ffff::"));
}

static void a_network_without_prefix_is_one_address(void **state)
{
	(void)state;
	assert_true(within("192.0.2.1", "192.0.2.1"));
	assert_false(within("192.0.2.1", "192.0.2.0"));
	assert_true(within("2001:db8::1", "2001:db8::1"));
	assert_false(within("2001:db8::1", "2001:db8::"));
}

static void families_match_only_through_mapped_addresses(void **state)
{
	(void)state;
	assert_true(within("10.0.0.0/8", "::ffff:10.1.2.3"));
	assert_false(within("10.0.0.0/8", "::ffff:11.1.2.3"));
	assert_true(within("::ffff:0:0/96", "::ffff:10.1.2.3"));
	assert_false(within("::ffff:0:0/96", "10.1.2.3"));
	assert_false(within("::/0", "10.1.2.3"));
	assert_false(within("0.0.0.0/0", "::1"));
	assert_false(within("0.0.0.0/0", "::10.1.2.3"));
}

static void expect_refusal(struct str text, const char *part)
{
	struct err err = {""};
	struct ip_net net;

	if (ip_net_parse(text, &net, &err) != RC_FAILED)
		fail_msg("'%.*s' was accepted", STR_ARG(text));
	if (strstr(err.text, part) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, part);
}

static void networks_are_read_strictly(void **state)
{
	(void)state;
	expect_refusal(STR("10.0.0.1/8"), "10.0.0.0/8");
	expect_refusal(STR("fe80::1/10"), "fe80::/10");
	expect_refusal(STR("10.0.0.0/33"), "0 to 32");
	expect_refusal(STR("::/129"), "0 to 128");
	expect_refusal(STR("10.0.0.0/"), "prefix");
	expect_refusal(STR("10.0.0.0/08"), "prefix");
	expect_refusal(STR("10.0.0.0/-1"), "prefix");
	expect_refusal(STR("10.0.0.0/8/8"), "prefix");
	expect_refusal(STR("10.0.0.0/255.0.0.0"), "prefix");
	expect_refusal(STR("10.*"), "not an IP");
	expect_refusal(STR(" 10.0.0.0/8"), "not an IP");
	expect_refusal(STR("fe80::%eth0/10"), "not an IP");
	expect_refusal(STR(""), "not an IP");
	expect_refusal(STR("/8"), "not an IP");
}

static void unmap_leaves_other_addresses_alone(void **state)
{
	struct ip_addr addr;
	struct ip_addr same;
	char out[IP_TEXT_SIZE];

	(void)state;
	assert_true(ip_parse(STR("::ffff:192.0.2.7"), &addr));
	addr = ip_unmap(&addr);
	ip_format(&addr, out);
	assert_string_equal(out, "192.0.2.7");
	assert_int_equal(ip_bits(&addr), 32);
	assert_true(ip_parse(STR("::fffe:192.0.2.7"), &addr));
	same = ip_unmap(&addr);
	assert_memory_equal(&addr, &same, sizeof(addr));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_textual_form_is_read),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_peer_may_have_a_port),
		cmocka_unit_test(networks_hold_their_first_and_last_address),
		cmocka_unit_test(a_network_without_prefix_is_one_address),
		cmocka_unit_test(families_match_only_through_mapped_addresses),
		cmocka_unit_test(networks_are_read_strictly),
		cmocka_unit_test(unmap_leaves_other_addresses_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
