// SPDX-License-Identifier: Apache-2.0
// temporal_ordered chains (4.5) and string conditions (4.6).
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "correlate/internal.h"

// ---- chains -------------------------------------------------------------

// The end of a chain; `prev` leads back to its first item.
struct link {
	const struct link *prev;
	size_t item;
	uint64_t start; // time of the chain's first item
};

struct chains {
	const struct correlation *corr;
	struct series series;
	struct arena arena;
	const struct link **best; // [length - 1][rule]: the chain with the latest start
	const struct link **next; // updates of the record at work
	size_t needed;		  // length that satisfies
};

static const struct link **slot(const struct chains *c, const struct link **table, size_t length,
				size_t rule)
{
	return &table[(length - 1) * c->corr->rule_count + rule];
}

// The smallest length that the condition accepts; 0 = none.
static size_t needed_length(const struct correlation *corr)
{
	for (size_t n = 1; n <= corr->rule_count; n++) {
		if (bounds_check(corr, (double)n) == BOUND_OK)
			return n;
	}
	return 0;
}

// Best chain of `length` that ends in a rule before `rule`.
static const struct link *best_before(const struct chains *c, size_t length, size_t rule,
				      uint64_t time)
{
	const struct link *best = NULL;

	for (size_t k = 0; k < rule; k++) {
		const struct link *link = *slot(c, c->best, length, k);

		if (link != NULL && time - link->start <= c->corr->timespan &&
		    (best == NULL || link->start > best->start))
			best = link;
	}
	return best;
}

static void extend(struct chains *c, size_t at)
{
	const struct input *input = &c->series.items[at];

	for (size_t length = 1; length <= c->needed; length++) {
		const struct link *prev =
			length > 1 ? best_before(c, length - 1, input->ref, input->time) : NULL;
		struct link *link;

		if (length > 1 && prev == NULL)
			break;
		link = arena_alloc(&c->arena, sizeof(*link));
		*link = (struct link){prev, at, prev != NULL ? prev->start : input->time};
		*slot(c, c->next, length, input->ref) = link;
	}
}

static void report_chain(const struct chains *c, const struct link *last, finding_fn *found,
			 void *user)
{
	size_t *items = mem_alloc(c->needed * sizeof(*items));
	size_t n = c->needed;

	for (const struct link *link = last; link != NULL; link = link->prev)
		items[--n] = link->item;
	found(user, &(struct finding){items[0], last->item, last->item, (double)c->needed, items,
				      c->needed});
	free(items);
}

// All refs that one record satisfies act at once: a chain needs different records.
static size_t same_record_end(struct series s, size_t at)
{
	size_t end = at + 1;

	while (end < s.count && s.items[end].record == s.items[at].record &&
	       s.items[end].time == s.items[at].time)
		end++;
	return end;
}

static const struct link *completed(const struct chains *c)
{
	for (size_t k = 0; k < c->corr->rule_count; k++) {
		if (*slot(c, c->next, c->needed, k) != NULL)
			return *slot(c, c->next, c->needed, k);
	}
	return NULL;
}

// Can a chain of this length that ends in this rule become one that satisfies?
static bool may_satisfy(const struct chains *c, size_t length, size_t rule)
{
	return length + (c->corr->rule_count - 1 - rule) >= c->needed;
}

// The first item of the chains that can still grow. When only the items from there on are
// walked, the same chains come out: those before it are complete, or too old.
static size_t first_live(const struct chains *c, size_t cells)
{
	struct series s = c->series;
	size_t first = s.count;

	for (size_t i = 0; i < cells; i++) {
		const struct link *link = c->best[i];

		if (link == NULL || s.items[s.count - 1].time - link->start > c->corr->timespan ||
		    !may_satisfy(c, i / c->corr->rule_count + 1, i % c->corr->rule_count))
			continue;
		while (link->prev != NULL)
			link = link->prev;
		if (link->item < first)
			first = link->item;
	}
	return first;
}

size_t ordered_run(const struct correlation *corr, struct series *part, finding_fn *found,
		   void *user)
{
	struct series series = *part;
	struct chains c = {.corr = corr, .series = series, .needed = needed_length(corr)};
	size_t cells = c.needed * corr->rule_count;
	size_t needed;

	if (c.needed == 0)
		return series.count;
	c.best = mem_zalloc(cells * sizeof(*c.best));
	c.next = mem_zalloc(cells * sizeof(*c.next));
	for (size_t at = 0; at < series.count;) {
		size_t end = same_record_end(series, at);
		const struct link *done;

		memset(c.next, 0, cells * sizeof(*c.next));
		for (; at < end; at++)
			extend(&c, at);
		done = completed(&c);
		if (done != NULL) {
			report_chain(&c, done, found, user);
			memset(c.best, 0, cells * sizeof(*c.best)); // consumed
			arena_reset(&c.arena);
			continue;
		}
		for (size_t i = 0; i < cells; i++) {
			if (c.next[i] != NULL)
				c.best[i] = c.next[i];
		}
	}
	needed = first_live(&c, cells);
	free(c.best);
	free(c.next);
	arena_release(&c.arena);
	return needed;
}

// ---- string conditions --------------------------------------------------

static bool holds(const struct expr *expr, const uint32_t *counts)
{
	switch (expr->kind) {
	case EXPR_SELECTION:
		return counts[expr->selection] > 0;
	case EXPR_NOT:
		return !holds(expr->kids[0], counts);
	default:
		for (size_t i = 0; i < expr->count; i++) {
			if (holds(expr->kids[i], counts) == (expr->kind == EXPR_OR))
				return expr->kind == EXPR_OR;
		}
		return expr->kind == EXPR_AND;
	}
}

static void mark_positive(const struct expr *expr, bool positive, bool *out, bool *negated)
{
	if (expr->kind == EXPR_SELECTION)
		*(positive ? &out[expr->selection] : negated) = true;
	for (size_t i = 0; i < expr->count; i++)
		mark_positive(expr->kids[i], positive != (expr->kind == EXPR_NOT), out, negated);
}

// Where each rule occurs: items of rule k are at[start[k], start[k + 1]).
struct occurrences {
	size_t *at;
	size_t *start;
};

static void occurrences_init(struct occurrences *o, const struct correlation *corr, struct series s)
{
	size_t *next = mem_zalloc((corr->rule_count + 1) * sizeof(*next));

	o->at = mem_alloc(s.count * sizeof(*o->at));
	o->start = mem_zalloc((corr->rule_count + 1) * sizeof(*o->start));
	for (size_t i = 0; i < s.count; i++)
		o->start[s.items[i].ref + 1]++;
	for (size_t k = 0; k < corr->rule_count; k++)
		o->start[k + 1] += o->start[k];
	memcpy(next, o->start, (corr->rule_count + 1) * sizeof(*next));
	for (size_t i = 0; i < s.count; i++)
		o->at[next[s.items[i].ref]++] = i;
	free(next);
}

static void occurrences_release(struct occurrences *o)
{
	free(o->at);
	free(o->start);
}

// The first item of rule `k` at or behind `from`; SIZE_MAX when there is none.
static size_t next_of(const struct occurrences *o, size_t k, size_t from)
{
	size_t low = o->start[k];
	size_t high = o->start[k + 1];

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (o->at[mid] < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low < o->start[k + 1] ? o->at[low] : SIZE_MAX;
}

// The positive rules that are true form a chain in order of appearance.
static bool forms_chain(const struct correlation *corr, struct series s,
			const struct occurrences *o, size_t from, size_t to, const bool *positive,
			const uint32_t *counts)
{
	size_t at = from;
	size_t last = SIZE_MAX;

	for (size_t k = 0; k < corr->rule_count; k++) {
		if (!positive[k] || counts[k] == 0)
			continue;
		at = next_of(o, k, at);
		while (at < to && s.items[at].record == last)
			at = next_of(o, k, at + 1);
		if (at >= to)
			return false;
		last = s.items[at].record;
	}
	return true;
}

// The item at which the condition is decided: with a `not` only the closed
// window can tell, otherwise the first at which it holds.
static size_t decided_at(const struct correlation *corr, struct series s, size_t from, size_t to,
			 bool negated)
{
	uint32_t *counts;
	size_t at = from;

	if (negated || corr->type == CORR_TEMPORAL_ORDERED)
		return to - 1;
	counts = mem_zalloc(corr->rule_count * sizeof(*counts));
	for (; at + 1 < to; at++) {
		counts[s.items[at].ref]++;
		if (holds(corr->expression, counts))
			break;
	}
	free(counts);
	return at;
}

static double rules_seen(const struct correlation *corr, const uint32_t *counts)
{
	size_t seen = 0;

	for (size_t i = 0; i < corr->rule_count; i++)
		seen += counts[i] > 0;
	return (double)seen;
}

size_t expression_run(const struct correlation *corr, struct series *part, finding_fn *found,
		      void *user)
{
	struct series s = *part;
	uint32_t *counts = mem_zalloc(corr->rule_count * sizeof(*counts));
	bool *positive = mem_zalloc(corr->rule_count * sizeof(*positive));
	struct occurrences occurrences;
	bool negated = false;
	size_t from = s.anchor;
	size_t to = s.anchor; // one behind the window

	occurrences_init(&occurrences, corr, s);
	mark_positive(corr->expression, true, positive, &negated);
	while (from < s.count) {
		bool hit;

		while (to < s.count && s.items[to].time - s.items[from].time <= corr->timespan)
			counts[s.items[to++].ref]++;
		if (to == s.count && !s.is_last)
			break;
		hit = positive[s.items[from].ref] && holds(corr->expression, counts) &&
		      (corr->type != CORR_TEMPORAL_ORDERED ||
		       forms_chain(corr, s, &occurrences, from, to, positive, counts));
		if (hit)
			found(user, &(struct finding){from, to - 1,
						      decided_at(corr, s, from, to, negated),
						      rules_seen(corr, counts), NULL, 0});
		do
			counts[s.items[from++].ref]--;
		while (hit && from < to);
	}
	occurrences_release(&occurrences);
	free(counts);
	free(positive);
	part->anchor = from;
	return from;
}
