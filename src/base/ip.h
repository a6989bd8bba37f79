// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 addresses and networks.
//
// Logs write addresses in many forms: Sysmon leaves IPv6 uncompressed
// (fe80:0:0:0:...), logon events write IPv4 as ::ffff:a.b.c.d, some values end
// in a zone id (%eth0). Reading an address is lenient, reading a network that
// somebody wrote into a rule is strict (sigma-engine.md 2.5).
#ifndef BASE_IP_H
#define BASE_IP_H

#include "base/err.h"
#include "base/str.h"

enum ip_family { IP_V4 = 4, IP_V6 = 6 };

// Bytes in network order; IPv4 uses the first four, the others are zero, so
// that equal addresses are equal memory.
struct ip_addr {
	unsigned char family; // enum ip_family
	unsigned char bytes[16];
};

// All bits of `addr` behind the first `prefix` are zero.
struct ip_net {
	struct ip_addr addr;
	unsigned char prefix; // 0 to ip_bits(&addr)
};

// Room for any text that ip_format writes, NUL included.
#define IP_TEXT_SIZE 46

// Any textual form of an address; blanks around it and a %zone are stripped.
// A mapped address stays IPv6. False for anything else, a port included.
bool ip_parse(struct str text, struct ip_addr *out);
// The same, and a port behind it is dropped: a.b.c.d:53, [v6]:53, [v6].
bool ip_parse_peer(struct str text, struct ip_addr *out);
// Canonical text (RFC 5952, as inet_ntop writes it); returns its length.
size_t ip_format(const struct ip_addr *addr, char out[IP_TEXT_SIZE]);

// An IPv4-mapped IPv6 address (::ffff:a.b.c.d) as IPv4, any other unchanged.
struct ip_addr ip_unmap(const struct ip_addr *addr);
// Bits of an address of this family: 32 or 128.
unsigned ip_bits(const struct ip_addr *addr);
// The network of `prefix` bits around `addr`; prefix <= ip_bits(addr).
struct ip_net ip_net_of(const struct ip_addr *addr, unsigned prefix);

// "address" or "address/prefix", nothing around it. RC_FAILED, with the reason
// in `err`, for anything else and when bits behind the prefix are set.
MUST_USE enum rc ip_net_parse(struct str text, struct ip_net *out, struct err *err);
// Membership. Families never match each other, except that a mapped address
// is also tested as IPv4.
bool ip_net_contains(const struct ip_net *net, const struct ip_addr *addr);

#endif
