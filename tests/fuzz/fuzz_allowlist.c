// SPDX-License-Identifier: Apache-2.0
// An allowlist, then facts of a hit (event_text.h), with a line "%%" between.
//
// What is not used has an error with its place. An entry that silences is of a class
// that was asked for, and holds at the time; nothing is silenced without a time, nor
// for no class. A hit with fewer values of a fact is silenced as well: all are covered.
#include "allow/allow.h"
#include "base/tm.h"
#include "event_text.h"

#define VALUES 8u

struct facts {
	struct str address[VALUES], zone[VALUES], computer[VALUES];
	struct str sid[VALUES], name[VALUES], parent[VALUES];
	struct allow_facts facts;
};

static struct allow_values values_of(const struct event *event, const char *name,
				     struct str out[VALUES])
{
	struct allow_values values = {out, 0};

	for (size_t i = 0; i < event->count && values.count < VALUES; i++) {
		if (str_eq(event->fields[i].name, str_from(name)))
			out[values.count++] = event_text(event, &event->fields[i]);
	}
	return values;
}

static void take_facts(struct facts *facts, const struct event *event)
{
	const struct field *time = event_find(event, STR("Time"));

	facts->facts.address = values_of(event, "ClientAddress", facts->address);
	facts->facts.zone = values_of(event, "ZoneName", facts->zone);
	facts->facts.computer = values_of(event, "Computer", facts->computer);
	facts->facts.account_sid = values_of(event, "ActorSid", facts->sid);
	facts->facts.account_name = values_of(event, "ActorName", facts->name);
	facts->facts.parent = values_of(event, "ParentImage", facts->parent);
	facts->facts.has_time = time != NULL && value_to_time(&time->value, &facts->facts.time);
}

static void check_entry(const struct allowlist *list, const struct allow_entry *entry,
			unsigned mask, const struct allow_facts *facts)
{
	CHECK(entry >= list->entries && entry < list->entries + list->count);
	CHECK((ALLOW_MASK(entry->class) & mask) != 0);
	CHECK(facts->has_time && entry->from <= facts->time && facts->time <= entry->until);
	CHECK(entry->owner.len != 0 && entry->name.len != 0);
}

static void check_fewer(const struct allowlist *list, unsigned mask, struct allow_facts facts)
{
	struct allow_values *all[] = {&facts.address,	  &facts.zone,	       &facts.computer,
				      &facts.account_sid, &facts.account_name, &facts.parent};

	for (size_t i = 0; i < 6; i++) {
		if (all[i]->count > 1)
			all[i]->count--;
	}
	CHECK(allow_check(list, mask, &facts, NULL) != NULL);
}

static void check_facts(const struct allowlist *list, struct allow_facts facts)
{
	const unsigned every = (1u << ALLOW_CLASS_COUNT) - 1;
	struct allow_audit audit;

	allow_audit_init(&audit, list);
	CHECK(allow_check(list, 0, &facts, NULL) == NULL);
	for (unsigned mask = 1; mask <= every; mask++) {
		const struct allow_entry *entry = allow_check(list, mask, &facts, &audit);

		CHECK(allow_check(list, mask, &facts, NULL) == entry);
		if (entry == NULL)
			continue;
		check_entry(list, entry, mask, &facts);
		CHECK(audit.silenced[entry - list->entries] > 0);
		CHECK(allow_check(list, every, &facts, NULL) != NULL);
		check_fewer(list, mask, facts);
	}
	facts.has_time = false;
	CHECK(allow_check(list, every, &facts, NULL) == NULL);
	allow_audit_release(&audit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = input_of(data, size);
	struct str text = take_section(&input);
	struct arena arena = {0};
	struct diag_list diags;
	const struct allowlist *list;
	struct event event;
	struct facts facts;

	diag_init(&diags, &arena);
	list = allowlist_parse(&arena, STR("a"), text, &diags);
	for (size_t i = 0; i < diags.count; i++) {
		CHECK(diags.items[i].message.len != 0 && is_text(diags.items[i].message));
		CHECK((diags.items[i].line == 0) == (diags.items[i].col == 0));
	}
	event_of_text(&event, &arena, input, 1);
	take_facts(&facts, &event);
	check_facts(list, facts.facts);
	diag_release(&diags);
	arena_release(&arena);
	return 0;
}
