// SPDX-License-Identifier: Apache-2.0
// Which entry silences a hit.
#include "allow/allow_index.h"

// The lowest matching entries so far; SIZE_MAX for none.
struct search {
	const struct allowlist *list;
	const struct allow_facts *facts;
	unsigned class_mask;
	size_t live;
	size_t expired;
};

static bool has_text(const struct search *s, size_t entry, enum allow_fact fact, struct str text)
{
	bool telling = allow_is_telling(s->list->entries[entry].facts, fact);

	return allow_index_has_text(s->list->index,
				    &(struct allow_text){fact, telling, text, entry});
}

// The zone itself, or "*." and one of the names above it.
static bool has_zone(const struct search *s, size_t entry, struct str zone)
{
	if (str_ends(zone, STR(".")))
		zone.len--;
	if (str_starts(zone, STR(".")))
		return false;
	if (has_text(s, entry, ALLOW_ZONE, zone))
		return true;
	for (size_t at = str_find_char(zone, '.', 0); at != SIZE_MAX;
	     at = str_find_char(zone, '.', at + 1)) {
		if (has_text(s, entry, ALLOW_ZONE, str_sub(zone, at, SIZE_MAX)))
			return true;
	}
	return false;
}

static bool parse_address(struct str text, struct ip_addr *addr)
{
	if (!ip_parse(text, addr))
		return false;
	*addr = ip_unmap(addr);
	return true;
}

static bool has_value(const struct search *s, size_t entry, enum allow_fact fact, struct str value)
{
	struct ip_addr addr;

	if (fact == ALLOW_ADDRESS)
		return parse_address(value, &addr) &&
		       allow_index_has_net(s->list->index, &addr, entry);
	if (fact == ALLOW_ZONE)
		return has_zone(s, entry, value);
	return has_text(s, entry, fact, value);
}

// All values of the event are in the entry's list, and there is one.
static bool covers(const struct search *s, size_t entry, enum allow_fact fact,
		   const struct allow_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		if (!has_value(s, entry, fact, values->items[i]))
			return false;
	}
	return values->count != 0;
}

static bool fact_holds(const struct search *s, size_t entry, enum allow_fact fact)
{
	switch (fact) {
	case ALLOW_ADDRESS:
		return covers(s, entry, fact, &s->facts->address);
	case ALLOW_ZONE:
		return covers(s, entry, fact, &s->facts->zone);
	case ALLOW_COMPUTER:
		return covers(s, entry, fact, &s->facts->computer);
	case ALLOW_ACCOUNT:
		return covers(s, entry, fact, &s->facts->account_sid) ||
		       covers(s, entry, fact, &s->facts->account_name);
	case ALLOW_PARENT:
		return covers(s, entry, fact, &s->facts->parent);
	}
	return false;
}

static void try_entry(struct search *s, size_t index)
{
	const struct allow_entry *entry = &s->list->entries[index];
	bool expired = s->facts->time > entry->until;

	if (!(s->class_mask & ALLOW_MASK(entry->class)) || s->facts->time < entry->from ||
	    index >= s->live || (expired && index >= s->expired))
		return;
	for (unsigned fact = ALLOW_ADDRESS; fact <= ALLOW_PARENT; fact++) {
		if (entry->facts & 1u << fact && !fact_holds(s, index, (enum allow_fact)fact))
			return;
	}
	if (expired)
		s->expired = index;
	else
		s->live = index;
}

// Entries offered under the first value suffice: they must cover it too.
static void try_address(struct search *s)
{
	struct ip_addr addr;

	if (s->facts->address.count == 0 || !parse_address(s->facts->address.items[0], &addr))
		return;
	for (unsigned prefix = 0; prefix <= ip_bits(&addr); prefix++) {
		const struct allow_net *first;
		struct ip_net net;
		size_t count;

		if (!s->list->index->used[addr.family == IP_V6][prefix])
			continue;
		net = ip_net_of(&addr, prefix);
		count = allow_index_find_nets(s->list->index, &net, &first);
		for (size_t i = 0; i < count; i++)
			try_entry(s, first[i].entry);
	}
}

static void try_text(struct search *s, enum allow_fact fact, const struct allow_values *values)
{
	const struct allow_text *first;
	size_t count;

	if (values->count == 0)
		return;
	count = allow_index_find_texts(
		s->list->index, &(struct allow_text){fact, true, values->items[0], 0}, &first);
	for (size_t i = 0; i < count; i++)
		try_entry(s, first[i].entry);
}

const struct allow_entry *allow_check(const struct allowlist *list, unsigned class_mask,
				      const struct allow_facts *facts, struct allow_audit *audit)
{
	struct search s = {list, facts, class_mask, SIZE_MAX, SIZE_MAX};

	if (!facts->has_time || list->count == 0)
		return NULL;
	try_address(&s);
	try_text(&s, ALLOW_ACCOUNT, &facts->account_sid);
	try_text(&s, ALLOW_ACCOUNT, &facts->account_name);
	try_text(&s, ALLOW_COMPUTER, &facts->computer);
	if (s.live != SIZE_MAX) {
		if (audit != NULL)
			audit->silenced[s.live]++;
		return &list->entries[s.live];
	}
	if (s.expired != SIZE_MAX && audit != NULL)
		audit->after_expiry[s.expired]++;
	return NULL;
}
