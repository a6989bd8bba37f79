// SPDX-License-Identifier: Apache-2.0
// Names of query types and response codes.
#include "base/dns.h"

static const struct dns_name {
	unsigned number;
	const char *name;
} types[] = {
	{1, "A"},     {2, "NS"},     {5, "CNAME"},  {6, "SOA"},	    {12, "PTR"},   {13, "HINFO"},
	{15, "MX"},   {16, "TXT"},   {28, "AAAA"},  {33, "SRV"},    {35, "NAPTR"}, {39, "DNAME"},
	{43, "DS"},   {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"}, {50, "NSEC3"}, {52, "TLSA"},
	{64, "SVCB"}, {65, "HTTPS"}, {249, "TKEY"}, {250, "TSIG"},  {251, "IXFR"}, {252, "AXFR"},
	{255, "ANY"}, {257, "CAA"},
};

// RFC 6895, 2.3; the names of RFC 1035 as servers and tools print them.
static const struct dns_name codes[] = {
	{0, "NOERROR"}, {1, "FORMERR"}, {2, "SERVFAIL"}, {3, "NXDOMAIN"},
	{4, "NOTIMP"},	{5, "REFUSED"}, {6, "YXDOMAIN"}, {7, "YXRRSET"},
	{8, "NXRRSET"}, {9, "NOTAUTH"}, {10, "NOTZONE"},
};

static const char *find(const struct dns_name *names, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i].number == number)
			return names[i].name;
	}
	return NULL;
}

struct str dns_type_name(uint64_t type, struct arena *arena)
{
	const char *name = find(types, sizeof(types) / sizeof(types[0]), type);

	if (name != NULL)
		return str_from(name);
	return arena_printf(arena, "TYPE%llu", (unsigned long long)type);
}

struct str dns_response_name(uint64_t code)
{
	return str_from(find(codes, sizeof(codes) / sizeof(codes[0]), code));
}
