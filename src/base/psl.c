// SPDX-License-Identifier: Apache-2.0
// Registered domains through libpsl.
#include "base/psl.h"

#include <libpsl.h>
#include <string.h>

#include "base/ip.h"

#define NAME_MAX_BYTES 255

static struct str drop_final_dot(struct str name)
{
	if (name.len > 0 && name.ptr[name.len - 1] == '.')
		name.len--;
	return name;
}

// Lower-case copy as a C string; false when libpsl should not see the name.
static bool to_sound_name(struct str name, char out[NAME_MAX_BYTES + 1])
{
	char before = '.';

	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (c <= ' ' || c > '~' || (c == '.' && before == '.'))
			return false;
		out[i] = ascii_lower(c);
		before = c;
	}
	out[name.len] = '\0';
	return before != '.';
}

// The last `count` labels of `name`, all of it when it has fewer.
static struct str last_labels(struct str name, unsigned count)
{
	size_t start = name.len;

	while (start > 0) {
		if (name.ptr[start - 1] == '.' && --count == 0)
			break;
		start--;
	}
	return str_sub(name, start, SIZE_MAX);
}

// How many labels make a registered domain of a reverse name; 0 for others.
static unsigned reverse_labels(struct str name)
{
	if (str_ends_nocase(name, STR(".in-addr.arpa")))
		return 4; // two of the address, /16
	if (str_ends_nocase(name, STR(".ip6.arpa")))
		return 10; // eight nibbles, /32
	return 0;
}

static bool is_address(struct str name)
{
	struct ip_addr addr;

	// A query for "fe80::1%x.evil.example" must not pass for an address.
	return str_find_char(name, '%', 0) == SIZE_MAX && ip_parse(name, &addr);
}

static struct str find_registered(struct str name)
{
	const struct str none = {NULL, 0};
	char text[NAME_MAX_BYTES + 1];
	const char *found;
	struct str two;

	if (is_address(name))
		return none;
	if (to_sound_name(name, text)) {
		if (reverse_labels(name) != 0)
			return last_labels(name, reverse_labels(name));
		found = psl_registrable_domain(psl_builtin(), text);
		return found != NULL ? str_sub(name, (size_t)(found - text), SIZE_MAX) : none;
	}
	two = last_labels(name, 2);
	if (str_find_char(two, '.', 0) == SIZE_MAX || str_starts(two, STR(".")) ||
	    str_ends(two, STR(".")))
		return none;
	return two;
}

bool psl_split(struct str name, struct str *registered, struct str *sub)
{
	*sub = (struct str){NULL, 0};
	name = drop_final_dot(name);
	*registered = find_registered(name);
	if (registered->len == 0)
		return false;
	if (registered->len < name.len)
		*sub = str_sub(name, 0, name.len - registered->len - 1);
	return true;
}

bool psl_is_suffix(struct str name)
{
	char text[NAME_MAX_BYTES + 1];

	name = drop_final_dot(name);
	if (str_find_char(name, '.', 0) == SIZE_MAX)
		return true;
	return to_sound_name(name, text) && psl_is_public_suffix(psl_builtin(), text) == 1;
}
