// SPDX-License-Identifier: Apache-2.0
// The allowlist: which base hits a site has declared to be expected.
//
// One YAML file with a section for each class of false positives. An entry
// pairs who with what and where, names an owner and ends on a day. An entry
// that would blind a rule is refused with a reason and not used; the others
// are. A rule names the classes that may silence it.
#ifndef ALLOW_ALLOW_H
#define ALLOW_ALLOW_H

#include "base/arena.h"
#include "base/diag.h"

enum allow_class {
	ALLOW_SECONDARY_NAMESERVERS,
	ALLOW_MONITORING_TOOLS,
	ALLOW_ASSESSMENTS,
	ALLOW_EXTERNAL_SCANNERS,
	ALLOW_AUTHORISED_OPERATORS,
	ALLOW_CLASS_COUNT,
};

// The bit of a class in a mask of classes.
#define ALLOW_MASK(class) (1u << (class))

// The name of the section, and the class of a name (exact).
const char *allow_class_name(enum allow_class class);
bool allow_class_from_name(struct str name, enum allow_class *class);

struct allow_entry {
	enum allow_class class;
	struct place place; // where it begins
	struct str name;    // unique in the file
	struct str owner;
	struct str engagement; // of an assessment, else empty
	uint64_t from;	       // first and last tick (base/tm.h) at which it silences;
	uint64_t until;	       // an expiry of 2027-06-30 includes that day
	unsigned facts;	       // bits of enum allow_fact that it asks for (allow_index.h)
};

struct allow_index;

// Immutable once parsed, shared by threads; lives in the arena it came from.
struct allowlist {
	struct str path;
	const struct allow_entry *entries; // in order of the file, refused ones left out
	size_t count;
	const struct allow_index *index;
};

// Read an allowlist. Never NULL: what cannot be used is left out, with an error
// in `diags` (E_YAML*, E_ALLOW_*), whose texts are in the list's own arena.
const struct allowlist *allowlist_parse(struct arena *arena, struct str path, struct str text,
					struct diag_list *diags);

// The values of one fact of an event. No values: the event lacks the fact.
struct allow_values {
	const struct str *items;
	size_t count;
};

// What an allowlist may look at. Text as the fields hold it: any case, any form
// of an address. The slices need to live during the call only.
struct allow_facts {
	struct allow_values address;	  // ClientAddress
	struct allow_values zone;	  // ZoneName
	struct allow_values computer;	  // Computer
	struct allow_values account_sid;  // ActorSid
	struct allow_values account_name; // ActorName, DOMAIN\user
	struct allow_values parent;	  // ParentImage
	bool has_time;
	uint64_t time; // of the event
};

// What each entry did. Counters are apart from the list, so that each worker has
// its own; order of adding does not matter.
struct allow_audit {
	uint64_t *silenced;	// hits, by index of the entry
	uint64_t *after_expiry; // hits it would have silenced before its end
	size_t count;
};

void allow_audit_init(struct allow_audit *audit, const struct allowlist *list);
void allow_audit_release(struct allow_audit *audit);
// Add the counts of `from`, which counted for the same list.
void allow_audit_add(struct allow_audit *audit, const struct allow_audit *from);

// The first entry of the file, among the classes of `class_mask`, that silences
// a hit with these facts; NULL when none does. All conditions of an entry must
// hold, a list of an entry holds by any of its items, and a fact with several
// values must be covered in all of them, so that a hit is never silenced for
// one value while it shows another. An event without time is never silenced.
//
// `audit` (may be NULL) counts the hit for that entry, or, when none silences
// it, as "after expiry" for the first that has ended but would have.
const struct allow_entry *allow_check(const struct allowlist *list, unsigned class_mask,
				      const struct allow_facts *facts, struct allow_audit *audit);

#endif
