// SPDX-License-Identifier: Apache-2.0
// Addresses through inet_pton and inet_ntop, on bounded copies.
#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

#define MAPPED_BITS 96

// inet_pton alone knows what an address is; a slice with a NUL inside would
// look shorter to it than it is.
static bool parse_exact(struct str text, struct ip_addr *out)
{
	char copy[IP_TEXT_SIZE];
	struct ip_addr addr;

	if (text.len == 0 || text.len >= sizeof(copy) || memchr(text.ptr, '\0', text.len) != NULL)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	memset(&addr, 0, sizeof(addr));
	if (inet_pton(AF_INET, copy, addr.bytes) == 1)
		addr.family = IP_V4;
	else if (inet_pton(AF_INET6, copy, addr.bytes) == 1)
		addr.family = IP_V6;
	else
		return false;
	*out = addr;
	return true;
}

bool ip_parse(struct str text, struct ip_addr *out)
{
	size_t zone;

	text = str_trim(text);
	zone = str_find_char(text, '%', 0);
	return parse_exact(str_sub(text, 0, zone), out) &&
	       (zone == SIZE_MAX || out->family == IP_V6);
}

static bool is_port(struct str text)
{
	uint64_t port;

	return str_to_u64(text, &port) && port <= 65535;
}

bool ip_parse_peer(struct str text, struct ip_addr *out)
{
	size_t end;

	if (ip_parse(text, out))
		return true;
	text = str_trim(text);
	if (str_starts(text, STR("["))) {
		end = str_find_char(text, ']', 0);
		if (end == SIZE_MAX ||
		    (end + 1 != text.len &&
		     (text.ptr[end + 1] != ':' || !is_port(str_sub(text, end + 2, SIZE_MAX)))))
			return false;
		return ip_parse(str_sub(text, 1, end - 1), out) && out->family == IP_V6;
	}
	end = str_find_char(text, ':', 0);
	return end != SIZE_MAX && is_port(str_sub(text, end + 1, SIZE_MAX)) &&
	       parse_exact(str_sub(text, 0, end), out);
}

size_t ip_format(const struct ip_addr *addr, char out[IP_TEXT_SIZE])
{
	int family = addr->family == IP_V4 ? AF_INET : AF_INET6;

	if (inet_ntop(family, addr->bytes, out, IP_TEXT_SIZE) == NULL)
		out[0] = '\0'; // cannot happen: the room is enough for both
	return strlen(out);
}

static bool is_mapped(const struct ip_addr *addr)
{
	static const unsigned char head[12] = {[10] = 0xFF, [11] = 0xFF};

	return addr->family == IP_V6 && memcmp(addr->bytes, head, sizeof(head)) == 0;
}

struct ip_addr ip_unmap(const struct ip_addr *addr)
{
	struct ip_addr v4 = {.family = IP_V4};

	if (!is_mapped(addr))
		return *addr;
	memcpy(v4.bytes, addr->bytes + MAPPED_BITS / 8, 4);
	return v4;
}

unsigned ip_bits(const struct ip_addr *addr)
{
	return addr->family == IP_V4 ? 32 : 128;
}

struct ip_net ip_net_of(const struct ip_addr *addr, unsigned prefix)
{
	struct ip_net net = {*addr, (unsigned char)prefix};
	unsigned whole = prefix / 8;

	if (whole >= sizeof(net.addr.bytes))
		return net;
	net.addr.bytes[whole] &= (unsigned char)(0xFF00u >> prefix % 8);
	memset(net.addr.bytes + whole + 1, 0, sizeof(net.addr.bytes) - whole - 1);
	return net;
}

static bool parse_prefix(struct str text, unsigned bits, unsigned *out)
{
	uint64_t value;

	// A leading zero is refused: some programs read it as octal.
	if (!str_to_u64(text, &value) || value > bits || (text.len > 1 && text.ptr[0] == '0'))
		return false;
	*out = (unsigned)value;
	return true;
}

enum rc ip_net_parse(struct str text, struct ip_net *out, struct err *err)
{
	size_t slash = str_find_char(text, '/', 0);
	char name[IP_TEXT_SIZE];
	struct ip_addr addr;
	unsigned prefix;

	if (!parse_exact(str_sub(text, 0, slash), &addr)) {
		err_set(err, "'%.*s' is not an IP address or network", STR_ARG(text));
		return RC_FAILED;
	}
	prefix = ip_bits(&addr);
	if (slash != SIZE_MAX &&
	    !parse_prefix(str_sub(text, slash + 1, SIZE_MAX), prefix, &prefix)) {
		err_set(err, "the prefix of '%.*s' is not a number from 0 to %u", STR_ARG(text),
			ip_bits(&addr));
		return RC_FAILED;
	}
	*out = ip_net_of(&addr, prefix);
	if (memcmp(&out->addr, &addr, sizeof(addr)) != 0) {
		ip_format(&out->addr, name);
		err_set(err, "'%.*s' has bits set behind its prefix; the network is %s/%u",
			STR_ARG(text), name, prefix);
		return RC_FAILED;
	}
	return RC_OK;
}

static bool in_net(const struct ip_net *net, const struct ip_addr *addr)
{
	struct ip_net around;

	if (net->addr.family != addr->family)
		return false;
	around = ip_net_of(addr, net->prefix);
	return memcmp(&around.addr, &net->addr, sizeof(net->addr)) == 0;
}

bool ip_net_contains(const struct ip_net *net, const struct ip_addr *addr)
{
	struct ip_addr v4;

	if (in_net(net, addr))
		return true;
	v4 = ip_unmap(addr);
	return v4.family != addr->family && in_net(net, &v4);
}
