// SPDX-License-Identifier: Apache-2.0
// Sorted arrays and binary search.
#include "allow/allow_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool allow_is_telling(unsigned facts, enum allow_fact fact)
{
	if (facts & 1u << ALLOW_ADDRESS)
		return fact == ALLOW_ADDRESS;
	if (facts & 1u << ALLOW_ACCOUNT)
		return fact == ALLOW_ACCOUNT;
	return fact == ALLOW_COMPUTER;
}

static uint32_t next_folded(struct str s, size_t *at)
{
	uint32_t cp = utf8_next(s, at);

	// Invalid bytes stand behind all code points, each for itself.
	return cp == TEXT_INVALID ? 0x110000u + (unsigned char)s.ptr[*at - 1] : fold_cp(cp);
}

// An order whose equality is text_eq_fold.
static int compare_folded(struct str a, struct str b)
{
	size_t i = 0;
	size_t j = 0;

	while (i < a.len && j < b.len) {
		uint32_t x = next_folded(a, &i);
		uint32_t y = next_folded(b, &j);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (i < a.len) - (j < b.len);
}

static int compare_texts(const void *left, const void *right)
{
	const struct allow_text *a = left;
	const struct allow_text *b = right;
	int order;

	if (a->fact != b->fact)
		return a->fact < b->fact ? -1 : 1;
	if (a->telling != b->telling)
		return a->telling - b->telling;
	order = compare_folded(a->key, b->key);
	if (order != 0)
		return order;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

static int compare_nets(const void *left, const void *right)
{
	const struct allow_net *a = left;
	const struct allow_net *b = right;
	int order = memcmp(&a->net, &b->net, sizeof(a->net)); // bytes only, no padding

	if (order != 0)
		return order;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

void allow_index_sort(struct allow_index *index, const struct allow_entry *entries)
{
	for (size_t i = 0; i < index->text_count; i++) {
		struct allow_text *text = &index->texts[i];

		text->telling = allow_is_telling(entries[text->entry].facts, text->fact);
	}
	for (size_t i = 0; i < index->net_count; i++) {
		const struct ip_net *net = &index->nets[i].net;

		index->used[net->addr.family == IP_V6][net->prefix] = true;
	}
	if (index->text_count != 0)
		qsort(index->texts, index->text_count, sizeof(*index->texts), compare_texts);
	if (index->net_count != 0)
		qsort(index->nets, index->net_count, sizeof(*index->nets), compare_nets);
}

// Index of the first item that is not less than `wanted`.
static size_t lower_bound(const void *items, size_t count, size_t size, const void *wanted,
			  int (*compare)(const void *, const void *))
{
	size_t low = 0;

	while (low < count) {
		size_t mid = low + (count - low) / 2;

		if (compare((const char *)items + mid * size, wanted) < 0)
			low = mid + 1;
		else
			count = mid;
	}
	return low;
}

static const struct allow_net *find_net(const struct allow_index *index,
					const struct allow_net *wanted)
{
	return index->nets + lower_bound(index->nets, index->net_count, sizeof(*index->nets),
					 wanted, compare_nets);
}

static const struct allow_text *find_text(const struct allow_index *index,
					  const struct allow_text *wanted)
{
	return index->texts + lower_bound(index->texts, index->text_count, sizeof(*index->texts),
					  wanted, compare_texts);
}

bool allow_index_has_net(const struct allow_index *index, const struct ip_addr *addr, size_t entry)
{
	for (unsigned prefix = 0; prefix <= ip_bits(addr); prefix++) {
		struct allow_net wanted;
		const struct allow_net *at;

		if (!index->used[addr->family == IP_V6][prefix])
			continue;
		wanted = (struct allow_net){ip_net_of(addr, prefix), entry};
		at = find_net(index, &wanted);
		if (at < index->nets + index->net_count && compare_nets(at, &wanted) == 0)
			return true;
	}
	return false;
}

bool allow_index_has_text(const struct allow_index *index, const struct allow_text *wanted)
{
	const struct allow_text *at = find_text(index, wanted);

	return at < index->texts + index->text_count && compare_texts(at, wanted) == 0;
}

size_t allow_index_find_nets(const struct allow_index *index, const struct ip_net *net,
			     const struct allow_net **first)
{
	const struct allow_net lowest = {*net, 0};
	const struct allow_net highest = {*net, SIZE_MAX};

	*first = find_net(index, &lowest);
	return (size_t)(find_net(index, &highest) - *first);
}

size_t allow_index_find_texts(const struct allow_index *index, const struct allow_text *wanted,
			      const struct allow_text **first)
{
	struct allow_text bound = *wanted;

	bound.entry = 0;
	*first = find_text(index, &bound);
	bound.entry = SIZE_MAX;
	return (size_t)(find_text(index, &bound) - *first);
}
