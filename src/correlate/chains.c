// SPDX-License-Identifier: Apache-2.0
// A dynamic programme over the lengths of chains.
#include "correlate/chains.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// The smallest length that satisfies, as a longer chain is no better; all where a longer one
// may break the condition.
static size_t longest_that_matters(const struct correlation *corr)
{
	size_t n = 1;

	if (bounds_have_upper(corr))
		return corr->rule_count;
	while (n < corr->rule_count && bounds_check(corr, (double)n) != BOUND_OK)
		n++;
	return n;
}

static size_t cells(const struct chains *c)
{
	return c->most * c->corr->rule_count;
}

void chains_init(struct chains *c, const struct correlation *corr, struct series series)
{
	*c = (struct chains){.corr = corr, .series = series, .most = longest_that_matters(corr)};
	c->best = mem_zalloc(cells(c) * sizeof(*c->best));
	c->next = mem_zalloc(cells(c) * sizeof(*c->next));
	c->latest = mem_zalloc(c->most * sizeof(*c->latest));
}

void chains_release(struct chains *c)
{
	free(c->best);
	free(c->next);
	free(c->latest);
	arena_release(&c->arena);
}

void chains_clear(struct chains *c)
{
	memset(c->best, 0, cells(c) * sizeof(*c->best));
	memset(c->next, 0, cells(c) * sizeof(*c->next));
	memset(c->latest, 0, c->most * sizeof(*c->latest));
	arena_reset(&c->arena);
}

static const struct link **slot(const struct chains *c, const struct link **table, size_t length,
				size_t rule)
{
	return &table[(length - 1) * c->corr->rule_count + rule];
}

// Does no window with the item `at` hold the chain?
static bool is_too_old(const struct chains *c, const struct link *link, size_t at)
{
	const struct input *items = c->series.items;

	return items[at].time - items[link->first].time > c->corr->timespan;
}

// Best chain of `length` that ends in a rule before that of the item.
static const struct link *best_before(const struct chains *c, size_t length, size_t item)
{
	const struct link *best = NULL;

	for (size_t k = 0; k < c->series.items[item].ref; k++) {
		const struct link *link = *slot(c, c->best, length, k);

		if (link != NULL && !is_too_old(c, link, item) &&
		    (best == NULL || link->first > best->first))
			best = link;
	}
	return best;
}

static void begin_record(struct chains *c)
{
	for (size_t i = 0; i < cells(c); i++) {
		if (c->next[i] != NULL)
			c->best[i] = c->next[i];
	}
	memset(c->next, 0, cells(c) * sizeof(*c->next));
}

static void put_link(struct chains *c, size_t length, struct link link)
{
	struct link *copy = arena_alloc(&c->arena, sizeof(*copy));

	*copy = link;
	*slot(c, c->next, length, c->series.items[link.item].ref) = copy;
	if (c->latest[length - 1] <= link.first)
		c->latest[length - 1] = link.first + 1;
}

void chains_add(struct chains *c, size_t item)
{
	const struct input *input = &c->series.items[item];

	if (item > 0 && input->record != input[-1].record)
		begin_record(c);
	put_link(c, 1, (struct link){NULL, item, item});
	for (size_t length = 2; length <= c->most; length++) {
		const struct link *prev = best_before(c, length - 1, item);

		if (prev == NULL)
			break;
		put_link(c, length, (struct link){prev, item, prev->first});
	}
	c->end = item + 1;
}

size_t chains_longest(const struct chains *c, size_t from)
{
	size_t length = c->most;

	while (length > 0 && c->latest[length - 1] <= from)
		length--;
	return length;
}

const struct link *chains_completed(const struct chains *c)
{
	for (size_t k = 0; k < c->corr->rule_count; k++) {
		if (*slot(c, c->next, c->most, k) != NULL)
			return *slot(c, c->next, c->most, k);
	}
	return NULL;
}

// Can a chain of this length that ends in this rule become one of length `most`?
static bool may_complete(const struct chains *c, size_t length, size_t rule)
{
	return length + (c->corr->rule_count - 1 - rule) >= c->most;
}

size_t chains_first_live(const struct chains *c)
{
	size_t rules = c->corr->rule_count;
	size_t first = c->end;

	for (size_t i = 0; i < cells(c); i++) {
		const struct link *link = c->next[i] != NULL ? c->next[i] : c->best[i];

		if (link != NULL && link->first < first && !is_too_old(c, link, c->end - 1) &&
		    may_complete(c, i / rules + 1, i % rules))
			first = link->first;
	}
	return first;
}
