// SPDX-License-Identifier: Apache-2.0
// Tags by their form; tactics by their names (attack.mitre.org, Enterprise).
#include "output/tags.h"

static const struct tactic {
	struct str tag, name;
} tactics[] = {
	{STR_INIT("reconnaissance"), STR_INIT("Reconnaissance")},
	{STR_INIT("resource-development"), STR_INIT("Resource Development")},
	{STR_INIT("initial-access"), STR_INIT("Initial Access")},
	{STR_INIT("execution"), STR_INIT("Execution")},
	{STR_INIT("persistence"), STR_INIT("Persistence")},
	{STR_INIT("privilege-escalation"), STR_INIT("Privilege Escalation")},
	{STR_INIT("stealth"), STR_INIT("Stealth")},
	{STR_INIT("defense-impairment"), STR_INIT("Defense Impairment")},
	{STR_INIT("defense-evasion"), STR_INIT("Defense Evasion")},
	{STR_INIT("credential-access"), STR_INIT("Credential Access")},
	{STR_INIT("discovery"), STR_INIT("Discovery")},
	{STR_INIT("lateral-movement"), STR_INIT("Lateral Movement")},
	{STR_INIT("collection"), STR_INIT("Collection")},
	{STR_INIT("command-and-control"), STR_INIT("Command and Control")},
	{STR_INIT("exfiltration"), STR_INIT("Exfiltration")},
	{STR_INIT("impact"), STR_INIT("Impact")},
};

static const struct str prefix = STR_INIT("attack.");

static struct str rest_of(struct str tag)
{
	return str_starts_nocase(tag, prefix) ? str_sub(tag, prefix.len, tag.len) : tag;
}

static bool same_tactic(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		char c = ascii_lower(a.ptr[i]);

		if ((c == '_' ? '-' : c) != b.ptr[i])
			return false;
	}
	return true;
}

static const struct tactic *find_tactic(struct str name)
{
	for (size_t i = 0; i < sizeof(tactics) / sizeof(tactics[0]); i++) {
		if (same_tactic(name, tactics[i].tag))
			return &tactics[i];
	}
	return NULL;
}

static bool are_digits(struct str s, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++) {
		if (!ascii_is_digit(s.ptr[i]))
			return false;
	}
	return true;
}

// T1596 or T1596.001
static bool is_technique(struct str name)
{
	if (name.len != 5 && name.len != 9)
		return false;
	return ascii_lower(name.ptr[0]) == 't' && are_digits(name, 1, 4) &&
	       (name.len == 5 || (name.ptr[5] == '.' && are_digits(name, 6, 3)));
}

enum tag_kind tag_kind(struct str tag)
{
	struct str rest = rest_of(tag);

	if (rest.len == tag.len)
		return TAG_OTHER;
	if (is_technique(rest))
		return TAG_TECHNIQUE;
	return find_tactic(rest) != NULL ? TAG_TACTIC : TAG_OTHER;
}

struct str tag_text(struct str tag, struct arena *arena)
{
	struct str rest = rest_of(tag);

	if (tag_kind(tag) == TAG_TACTIC)
		return find_tactic(rest)->name;
	if (tag_kind(tag) == TAG_TECHNIQUE)
		return arena_printf(arena, "T%.*s", STR_ARG(str_sub(rest, 1, rest.len)));
	return rest;
}
