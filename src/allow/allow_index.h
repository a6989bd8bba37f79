// SPDX-License-Identifier: Apache-2.0
// Inside allow: the values of all entries, sorted for look-up.
//
// Every value is one item (fact, value, entry). A binary search tells whether
// an entry lists a value, and which entries may concern an event: each entry
// is offered under one of its facts only, the most telling one it asks for
// (address, else account, else computer). So the cost of a hit grows with the
// entries that name its source, not with the length of the file.
#ifndef ALLOW_ALLOW_INDEX_H
#define ALLOW_ALLOW_INDEX_H

#include "allow/allow.h"
#include "base/ip.h"

enum allow_fact { ALLOW_ADDRESS, ALLOW_ZONE, ALLOW_COMPUTER, ALLOW_ACCOUNT, ALLOW_PARENT };

struct allow_net {
	struct ip_net net; // never a mapped one
	size_t entry;
};

struct allow_text {
	enum allow_fact fact;
	bool telling;	// the entry is offered under this fact
	struct str key; // a zone "*.x" is stored as ".x"
	size_t entry;
};

// Sorted by allow_index_sort; arrays of `nets` and `texts` are the builder's.
struct allow_index {
	struct allow_net *nets;
	size_t net_count;
	struct allow_text *texts;
	size_t text_count;
	bool used[2][129]; // [is IPv6][prefix]: some network has it
};

// Sort what the arrays hold.
void allow_index_sort(struct allow_index *index, const struct allow_entry *entries);

// Whether `entry` lists a network around the address, or the text. `telling`
// must be that of the entry (allow_is_telling).
bool allow_index_has_net(const struct allow_index *index, const struct ip_addr *addr, size_t entry);
bool allow_index_has_text(const struct allow_index *index, const struct allow_text *wanted);

// The items under a network, or under fact, telling and key: a slice of the
// sorted array, in order of entries.
size_t allow_index_find_nets(const struct allow_index *index, const struct ip_net *net,
			     const struct allow_net **first);
size_t allow_index_find_texts(const struct allow_index *index, const struct allow_text *wanted,
			      const struct allow_text **first);

// Whether an entry that asks for `facts` is offered under `fact`.
bool allow_is_telling(unsigned facts, enum allow_fact fact);

#endif
