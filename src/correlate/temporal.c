// SPDX-License-Identifier: Apache-2.0
// temporal_ordered chains (4.5) and string conditions (4.6).
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/chains.h"

// ---- chains -------------------------------------------------------------

static void report_chain(const struct chains *c, const struct link *last, finding_fn *found,
			 void *user)
{
	size_t *items = mem_alloc(c->most * sizeof(*items));
	size_t n = c->most;

	for (const struct link *link = last; link != NULL; link = link->prev)
		items[--n] = link->item;
	found(user,
	      &(struct finding){items[0], last->item, last->item, (double)c->most, items, c->most});
	free(items);
}

// One behind the items of the same record as `at`.
static size_t record_end(struct series s, size_t at)
{
	size_t end = at + 1;

	while (end < s.count && s.items[end].record == s.items[at].record)
		end++;
	return end;
}

size_t ordered_run(const struct correlation *corr, struct series s, finding_fn *found, void *user)
{
	struct chains c;
	size_t anchor = s.count;

	chains_init(&c, corr, s);
	for (size_t at = s.anchor; at < s.count;) {
		const struct link *done;

		for (size_t end = record_end(s, at); at < end; at++)
			chains_add(&c, at);
		done = chains_completed(&c);
		if (done != NULL && bounds_check(corr, (double)c.most) == BOUND_OK) {
			report_chain(&c, done, found, user);
			chains_clear(&c); // consumed
		}
	}
	if (s.anchor < s.count)
		anchor = chains_first_live(&c);
	chains_release(&c);
	return anchor;
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

// A string condition at work on a window.
struct question {
	const struct correlation *corr;
	struct series series;
	struct occurrences occurrences;
	bool *positive;	  // by rule: does it stand without a `not`?
	bool negated;	  // does one stand with a `not`?
	uint32_t *counts; // by rule, of the window
};

static void mark_positive(const struct expr *expr, bool positive, bool *out, bool *negated)
{
	if (expr->kind == EXPR_SELECTION)
		*(positive ? &out[expr->selection] : negated) = true;
	for (size_t i = 0; i < expr->count; i++)
		mark_positive(expr->kids[i], positive != (expr->kind == EXPR_NOT), out, negated);
}

static void question_init(struct question *q, const struct correlation *corr, struct series s)
{
	*q = (struct question){.corr = corr, .series = s};
	q->positive = mem_zalloc(corr->rule_count * sizeof(*q->positive));
	q->counts = mem_zalloc(corr->rule_count * sizeof(*q->counts));
	occurrences_init(&q->occurrences, corr, s);
	mark_positive(corr->expression, true, q->positive, &q->negated);
}

static void question_release(struct question *q)
{
	occurrences_release(&q->occurrences);
	free(q->positive);
	free(q->counts);
}

// The positive rules that are true form a chain in order of appearance.
static bool forms_chain(const struct question *q, size_t from, size_t to)
{
	const struct occurrences *o = &q->occurrences;
	const struct input *items = q->series.items;
	size_t at = from;
	size_t last = SIZE_MAX;

	for (size_t k = 0; k < q->corr->rule_count; k++) {
		if (!q->positive[k] || q->counts[k] == 0)
			continue;
		at = next_of(o, k, at);
		while (at < to && items[at].record == last)
			at = next_of(o, k, at + 1);
		if (at >= to)
			return false;
		last = items[at].record;
	}
	return true;
}

// Is it true of the items [from, to), which are those that are counted?
static bool is_true(const struct question *q, size_t from, size_t to)
{
	return holds(q->corr->expression, q->counts) &&
	       (q->corr->type != CORR_TEMPORAL_ORDERED || forms_chain(q, from, to));
}

// The item at which the condition is decided: with a `not` only the closed
// window can tell, otherwise the first at which it holds.
static size_t decided_at(const struct question *q, size_t from, size_t to)
{
	struct question so_far = *q;
	size_t at = from;

	if (q->negated)
		return to - 1;
	so_far.counts = mem_zalloc(q->corr->rule_count * sizeof(*so_far.counts));
	for (; at + 1 < to; at++) {
		so_far.counts[q->series.items[at].ref]++;
		if (is_true(&so_far, from, at + 1))
			break;
	}
	free(so_far.counts);
	return at;
}

static double rules_seen(const struct question *q)
{
	size_t seen = 0;

	for (size_t i = 0; i < q->corr->rule_count; i++)
		seen += q->counts[i] > 0;
	return (double)seen;
}

// Windows from the series' anchor on; gives back the next one.
static size_t ask_windows(struct question *q, finding_fn *found, void *user)
{
	struct series s = q->series;
	size_t from = s.anchor;
	size_t to = s.anchor; // one behind the window

	while (from < s.count) {
		bool hit;

		while (to < s.count && s.items[to].time - s.items[from].time <= q->corr->timespan)
			q->counts[s.items[to++].ref]++;
		if (to == s.count && !s.is_last)
			break;
		hit = q->positive[s.items[from].ref] && is_true(q, from, to);
		if (hit)
			found(user, &(struct finding){from, to - 1, decided_at(q, from, to),
						      rules_seen(q), NULL, 0});
		do
			q->counts[s.items[from++].ref]--;
		while (hit && from < to);
	}
	while (to > from)
		q->counts[s.items[--to].ref]--;
	return from;
}

// Every item whose trailing window satisfies (4.4, satisfaction points).
static void ask_points(struct question *q, finding_fn *points, void *user)
{
	struct series s = q->series;
	size_t from = 0;

	for (size_t at = 0; at < s.count; at++) {
		while (s.items[at].time - s.items[from].time > q->corr->timespan)
			q->counts[s.items[from++].ref]--;
		q->counts[s.items[at].ref]++;
		if (at >= s.point && is_true(q, from, at + 1))
			points(user, &(struct finding){from, at, at, rules_seen(q), NULL, 0});
	}
}

size_t expression_run(const struct correlation *corr, struct series *series, finding_fn *found,
		      finding_fn *points, void *user)
{
	struct question q;
	size_t anchor, needed;

	question_init(&q, corr, *series);
	anchor = needed = ask_windows(&q, found, user);
	if (points != NULL && q.negated) {
		ask_windows(&q, points, user);
	} else if (points != NULL) {
		ask_points(&q, points, user);
		needed = series_trailing(*series, corr->timespan);
	}
	question_release(&q);
	series->anchor = anchor;
	series->point = series->count;
	return needed < anchor ? needed : anchor;
}
