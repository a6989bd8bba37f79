// SPDX-License-Identifier: Apache-2.0
// Names of query types and response codes, by IANA's "Domain Name System (DNS) Parameters".
#include "base/dns.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void types_have_names_or_numbers(void **state)
{
	static const struct {
		uint64_t number;
		struct str name;
	} cases[] = {
		{1, STR_INIT("A")},	    {28, STR_INIT("AAAA")},
		{252, STR_INIT("AXFR")},    {255, STR_INIT("ANY")},
		{257, STR_INIT("CAA")},	    {0, STR_INIT("TYPE0")},
		{258, STR_INIT("TYPE258")}, {UINT64_MAX, STR_INIT("TYPE18446744073709551615")},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(str_eq(dns_type_name(cases[i].number, &arena), cases[i].name));
	arena_release(&arena);
}

static void response_codes_have_names_or_none(void **state)
{
	(void)state;
	assert_true(str_eq(dns_response_name(0), STR("NOERROR")));
	assert_true(str_eq(dns_response_name(3), STR("NXDOMAIN")));
	assert_true(str_eq(dns_response_name(10), STR("NOTZONE")));
	assert_int_equal(dns_response_name(11).len, 0);
	assert_int_equal(dns_response_name(9003).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names_or_numbers),
		cmocka_unit_test(response_codes_have_names_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
