// SPDX-License-Identifier: Apache-2.0
// Value transforms, one by one.
#include "rule_fixture.h"

#include "match/transform.h"

static void expect(enum transform_kind kind, struct str in, struct str out)
{
	struct transform transform = {.kind = kind};
	struct arena arena = {0};
	struct str got = {NULL, 0};

	// Memory that was in use: what is not written shows.
	memset(arena_alloc(&arena, 1000), '?', 1000);
	arena_reset(&arena);
	assert_true(transform_apply(&transform, &arena, in, &got));
	expect_str(got, out);
	arena_release(&arena);
}

static void expect_none(enum transform_kind kind, struct str in)
{
	struct transform transform = {.kind = kind};
	struct arena arena = {0};
	struct str got;

	assert_false(transform_apply(&transform, &arena, in, &got));
	arena_release(&arena);
}

static void hexadecimal_becomes_decimal(void **state)
{
	(void)state;
	expect(TRANSFORM_HEX_TO_DEC, STR("0x1f"), STR("31"));
	expect(TRANSFORM_HEX_TO_DEC, STR("0xffffffffffffffff"), STR("18446744073709551615"));
	expect(TRANSFORM_HEX_TO_DEC, STR("0x10000000000000000"), STR("0x10000000000000000"));
	expect(TRANSFORM_HEX_TO_DEC, STR("31"), STR("31"));
	expect(TRANSFORM_HEX_TO_DEC, STR("0x"), STR("0x"));
	expect(TRANSFORM_HEX_TO_DEC, STR(""), STR(""));
}

static void registry_paths_get_their_short_roots(void **state)
{
	(void)state;
	expect(TRANSFORM_REG_PATH, STR("\\REGISTRY\\MACHINE\\SOFTWARE\\x"),
	       STR("HKLM\\SOFTWARE\\x"));
	expect(TRANSFORM_REG_PATH, STR("\\REGISTRY\\MACHINE\\"), STR("HKLM\\"));
	expect(TRANSFORM_REG_PATH, STR("\\registry\\user\\S-1-5-18"), STR("HKU\\S-1-5-18"));
	expect(TRANSFORM_REG_PATH, STR("\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services"),
	       STR("HKLM\\System\\CurrentControlSet\\Services"));
	expect(TRANSFORM_REG_PATH, STR("HKLM\\SYSTEM\\ControlSet00"),
	       STR("HKLM\\SYSTEM\\ControlSet00"));
	expect(TRANSFORM_REG_PATH, STR("elsewhere"), STR("elsewhere"));
}

// A value behind a NUL is a known way to hide from tools that stop there.
static void what_stands_behind_a_nul_stays(void **state)
{
	(void)state;
	expect(TRANSFORM_REG_PATH, STR("\\REGISTRY\\MACHINE\\a\0b"), STR("HKLM\\a\0b"));
	expect(TRANSFORM_REG_PATH, STR("\\REGISTRY\\USER\\a\0b"), STR("HKU\\a\0b"));
	expect(TRANSFORM_REG_PATH, STR("HKLM\\SYSTEM\\ControlSet001\\a\0b"),
	       STR("HKLM\\System\\CurrentControlSet\\a\0b"));
}

static void one_hash_of_several(void **state)
{
	struct transform transform = {.kind = TRANSFORM_HASH_PART, .part = STR("MD5")};
	struct arena arena = {0};
	struct str got;

	(void)state;
	assert_true(transform_apply(&transform, &arena, STR("SHA1=aa,MD5=bb,IMPHASH=cc"), &got));
	expect_str(got, STR("bb"));
	assert_true(transform_apply(&transform, &arena, STR("SHA1=aa, md5=bb"), &got));
	expect_str(got, STR("bb"));
	assert_false(transform_apply(&transform, &arena, STR("MD51=bb"), &got));
	assert_false(transform_apply(&transform, &arena, STR("MD5"), &got));
	assert_false(transform_apply(&transform, &arena, STR(""), &got));
	arena_release(&arena);
}

static void names_of_queries(void **state)
{
	(void)state;
	expect(TRANSFORM_DNS_NAME, STR("WWW.Example.ORG."), STR("www.example.org"));
	expect(TRANSFORM_DNS_NAME, STR("."), STR("."));
	expect_none(TRANSFORM_DNS_NAME, STR(""));
	expect(TRANSFORM_REGISTERED_DOMAIN, STR("a.b.Example.org."), STR("example.org"));
	expect(TRANSFORM_SUBDOMAIN, STR("A.b.example.org"), STR("a.b"));
	expect_none(TRANSFORM_SUBDOMAIN, STR("example.org"));
	expect_none(TRANSFORM_REGISTERED_DOMAIN, STR("org"));
}

static void types_of_queries(void **state)
{
	(void)state;
	expect(TRANSFORM_DNS_TYPE, STR("252"), STR("AXFR"));
	expect(TRANSFORM_DNS_TYPE, STR(" 28 "), STR("AAAA"));
	expect(TRANSFORM_DNS_TYPE, STR("65535"), STR("TYPE65535"));
	expect_none(TRANSFORM_DNS_TYPE, STR("AXFR"));
	expect(TRANSFORM_NAME_ERROR, STR("9003"), STR("1"));
	expect(TRANSFORM_NAME_ERROR, STR("3"), STR("1"));
	expect(TRANSFORM_NAME_ERROR, STR("0"), STR("0"));
	expect_none(TRANSFORM_NAME_ERROR, STR(""));
}

static void addresses(void **state)
{
	(void)state;
	expect(TRANSFORM_IP_ADDRESS, STR("::ffff:10.0.0.1"), STR("10.0.0.1"));
	expect(TRANSFORM_IP_ADDRESS, STR("10.0.0.1:53"), STR("10.0.0.1"));
	expect(TRANSFORM_IP_ADDRESS, STR("fe80:0:0:0:0:0:0:1%3"), STR("fe80::1"));
	expect_none(TRANSFORM_IP_ADDRESS, STR("-"));
	expect_none(TRANSFORM_IP_ADDRESS, STR("10.0.0.1\0"));
}

static void empty_accounts_are_absent(void **state)
{
	(void)state;
	expect(TRANSFORM_SID, STR("S-1-5-18"), STR("S-1-5-18"));
	expect_none(TRANSFORM_SID, STR("S-1-0-0"));
	expect_none(TRANSFORM_SID, STR("-"));
	expect(TRANSFORM_ACCOUNT, STR("CORP\\alice"), STR("CORP\\alice"));
	expect_none(TRANSFORM_ACCOUNT, STR("\\"));
	expect_none(TRANSFORM_ACCOUNT, STR(" "));
}

static void a_table_translates_or_leaves_alone(void **state)
{
	static const struct transform_value values[] = {{STR_INIT("%%1936"), STR_INIT("Default")}};
	struct transform transform = {.kind = TRANSFORM_VALUES, .values = values, .value_count = 1};
	struct arena arena = {0};
	struct str got;

	(void)state;
	assert_true(transform_apply(&transform, &arena, STR("%%1936"), &got));
	expect_str(got, STR("Default"));
	assert_true(transform_apply(&transform, &arena, STR("other"), &got));
	expect_str(got, STR("other"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal_becomes_decimal),
		cmocka_unit_test(registry_paths_get_their_short_roots),
		cmocka_unit_test(what_stands_behind_a_nul_stays),
		cmocka_unit_test(one_hash_of_several),
		cmocka_unit_test(names_of_queries),
		cmocka_unit_test(types_of_queries),
		cmocka_unit_test(addresses),
		cmocka_unit_test(empty_accounts_are_absent),
		cmocka_unit_test(a_table_translates_or_leaves_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
