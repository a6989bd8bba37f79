// SPDX-License-Identifier: Apache-2.0
// Any bytes as text in its encodings, as a time, an address, a network and a DNS name.
//
// Through UTF-16 and back a text is the same; folding twice is folding once, at once from
// an encoding or later. A time and an address that are read and printed are read the same
// again, by another library too. A name is what stands before its registered domain, and it.
#include <arpa/inet.h>

#include "base/ip.h"
#include "base/psl.h"
#include "base/tm.h"
#include "fuzz.h"

static void check_encodings(struct str bytes, struct arena *arena)
{
	struct str clean = utf8_sanitise(arena, bytes);
	struct str wide = utf16_to_utf8(arena, bytes.ptr, bytes.len);
	struct str ansi = ansi_to_utf8(arena, bytes.ptr, bytes.len);
	struct str folded = text_fold(arena, clean);
	struct buf units = {0};

	CHECK(utf8_is_valid(clean) && is_text(wide) && utf8_is_valid(ansi));
	utf8_to_utf16(&units, clean);
	check_same(utf16_to_utf8(arena, units.ptr, units.len), clean, "through UTF-16");
	buf_reset(&units);
	utf8_to_utf16(&units, wide);
	if (utf8_is_valid(wide)) // a lone surrogate has no way back
		CHECK(units.len == (bytes.len & ~(size_t)1) &&
		      (units.len == 0 || memcmp(units.ptr, bytes.ptr, units.len) == 0));
	check_same(text_fold(arena, folded), folded, "folded twice");
	check_same(utf16_fold(arena, bytes.ptr, bytes.len), text_fold(arena, wide),
		   "UTF-16 folded");
	check_same(ansi_fold(arena, bytes.ptr, bytes.len), text_fold(arena, ansi), "ANSI folded");
	CHECK(text_eq_fold(clean, folded));
	buf_release(&units);
}

static void check_time(struct str text)
{
	char printed[TM_TEXT_SIZE];
	uint64_t ticks, again;
	size_t len;

	if (!tm_parse(text, true, &ticks))
		return;
	CHECK(ticks < TM_YEAR_10000);
	len = tm_format(ticks, printed);
	CHECK(tm_parse((struct str){printed, len}, true, &again) && again == ticks);
}

static void check_address(struct str text)
{
	char printed[IP_TEXT_SIZE], theirs[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	struct ip_addr addr, again;
	size_t len;

	if (!ip_parse_peer(text, &addr)) {
		CHECK(!ip_parse(text, &addr));
		return;
	}
	len = ip_format(&addr, printed);
	CHECK(len < sizeof(printed) && ip_parse((struct str){printed, len}, &again));
	CHECK(memcmp(&addr, &again, sizeof(addr)) == 0);
	CHECK(inet_pton(addr.family == IP_V4 ? AF_INET : AF_INET6, printed, bytes) == 1);
	CHECK(memcmp(bytes, addr.bytes, addr.family == IP_V4 ? 4 : 16) == 0);
	CHECK(inet_ntop(addr.family == IP_V4 ? AF_INET : AF_INET6, bytes, theirs, sizeof(theirs)));
	CHECK(strcmp(theirs, printed) == 0);
}

static void check_network(struct str text)
{
	struct ip_net net, around;
	struct err err = {""};

	if (ip_net_parse(text, &net, &err) != RC_OK) {
		CHECK(err.text[0] != '\0');
		return;
	}
	CHECK(net.prefix <= ip_bits(&net.addr) && ip_net_contains(&net, &net.addr));
	around = ip_net_of(&net.addr, net.prefix);
	CHECK(memcmp(&around, &net, sizeof(net)) == 0);
}

static void check_name(struct str name)
{
	struct str registered, sub, copy;

	if (!psl_split(name, &registered, &sub)) {
		CHECK(registered.len == 0 && sub.len == 0);
		return;
	}
	CHECK(!psl_is_suffix(name) && registered.len > 0);
	copy = str_sub(name, 0, name.len - (name.ptr[name.len - 1] == '.'));
	CHECK(str_ends(copy, registered));
	// A first label may be empty, and is all that stands before then.
	CHECK(str_eq(copy, registered) || copy.len == sub.len + 1 + registered.len);
	CHECK(str_starts(copy, sub));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str text = input_of(data, size);
	uint64_t span;

	check_encodings(text, &arena);
	check_time(text);
	CHECK(!tm_parse_span(text, &span) || span > 0);
	check_address(text);
	check_network(text);
	check_name(text);
	arena_release(&arena);
	return 0;
}
