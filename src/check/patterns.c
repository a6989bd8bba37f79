// SPDX-License-Identifier: Apache-2.0
// Relations between patterns.
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "check/internal.h"
#include "match/number.h"

static bool same_cp(uint32_t a, uint32_t b, bool cased)
{
	return a == b || (!cased && !pat_is_wild(a) && !pat_is_wild(b) && fold_cp(a) == fold_cp(b));
}

// Does one element of a pattern take every form of an element of another?
static bool takes(uint32_t element, uint32_t other, bool cased)
{
	if (element == PAT_ANY_ONE)
		return other != PAT_ANY_RUN;
	if (element == PAT_DASH)
		return other == PAT_DASH || pat_is_dash(other);
	return same_cp(element, other, cased);
}

// Does `wide` match all that `narrow` matches? The wildcards of `narrow` are
// taken as characters that only an equal or wider one matches.
static bool includes(const struct pattern *wide, const struct pattern *narrow)
{
	const uint32_t *w = wide->text.cps;
	const uint32_t *n = narrow->text.cps;
	size_t star = SIZE_MAX;
	size_t mark = 0;
	size_t i = 0;
	size_t k = 0;

	while (k < narrow->text.count) {
		if (i < wide->text.count && w[i] == PAT_ANY_RUN) {
			star = i++;
			mark = k;
			// NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): k < count
		} else if (i < wide->text.count && takes(w[i], n[k], wide->text.cased)) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			i = star + 1;
			k = ++mark;
		} else {
			return false;
		}
	}
	while (i < wide->text.count && w[i] == PAT_ANY_RUN)
		i++;
	return i == wide->text.count;
}

static bool comparable(const struct pattern *a, const struct pattern *b)
{
	return a->kind == PATTERN_TEXT && b->kind == PATTERN_TEXT && !a->text.bytes &&
	       !b->text.bytes && (a->text.count + 1) * (b->text.count + 1) <= LIMIT_CHECK_PRODUCT;
}

static bool has_wildcard(const struct pattern *p)
{
	for (size_t i = 0; i < p->text.count; i++) {
		if (pat_is_wild(p->text.cps[i]))
			return true;
	}
	return false;
}

static bool same_text(const struct pattern *a, const struct pattern *b)
{
	return a->text.cased == b->text.cased && a->text.bytes == b->text.bytes &&
	       a->text.count == b->text.count &&
	       (a->text.count == 0 ||
		memcmp(a->text.cps, b->text.cps, a->text.count * sizeof(*a->text.cps)) == 0);
}

static bool same_number(const struct pattern *a, const struct pattern *b)
{
	return a->number.op == b->number.op && a->number.compared == b->number.compared &&
	       number_compare(&a->number.value, &b->number.value) == 0;
}

static bool same(const struct pattern *a, const struct pattern *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case PATTERN_TEXT:
		return same_text(a, b);
	case PATTERN_REGEX:
		return a->regex.flags == b->regex.flags && str_eq(a->regex.source, b->regex.source);
	case PATTERN_NUMBER:
		return same_number(a, b);
	case PATTERN_BOOL:
	case PATTERN_EXISTS:
		return a->boolean == b->boolean;
	case PATTERN_NULL:
		return true;
	case PATTERN_CIDR:
		return str_eq(a->written, b->written);
	case PATTERN_FIELD:
		return a->field.relation == b->field.relation &&
		       str_eq(a->field.name, b->field.name);
	case PATTERN_TIME:
		return a->time.part == b->time.part && a->time.op == b->time.op &&
		       a->time.value == b->time.value;
	default:
		return false;
	}
}

bool pattern_takes_absence(const struct pattern *p)
{
	return p->kind == PATTERN_NULL || (p->kind == PATTERN_EXISTS && !p->boolean);
}

bool pattern_implies(const struct pattern *a, const struct pattern *b)
{
	if (same(a, b))
		return true;
	if (b->kind == PATTERN_EXISTS)
		return b->boolean && !pattern_takes_absence(a);
	if (a->kind == PATTERN_EXISTS)
		return !a->boolean && b->kind == PATTERN_NULL;
	if (a->kind == PATTERN_NUMBER && b->kind == PATTERN_NUMBER)
		return a->number.op == COMPARE_EQ &&
		       compare_holds(b->number.op,
				     number_compare(&a->number.value, &b->number.value));
	return comparable(a, b) && (!b->text.cased || a->text.cased) && includes(b, a);
}

// ---- exclusion ----------------------------------------------------------

// Two texts that begin (or, `from_end`, end) with different characters.
static bool ends_differ(const struct pattern *a, const struct pattern *b, bool from_end)
{
	bool cased = a->text.cased && b->text.cased;
	size_t most = a->text.count < b->text.count ? a->text.count : b->text.count;

	for (size_t i = 0; i < most; i++) {
		uint32_t x = a->text.cps[from_end ? a->text.count - 1 - i : i];
		uint32_t y = b->text.cps[from_end ? b->text.count - 1 - i : i];

		if (pat_is_wild(x) || pat_is_wild(y))
			return false;
		if (!same_cp(x, y, cased))
			return true;
	}
	return false;
}

static bool texts_exclude(const struct pattern *a, const struct pattern *b)
{
	bool exact_a = !has_wildcard(a);
	bool exact_b = !has_wildcard(b);

	if (ends_differ(a, b, false) || ends_differ(a, b, true))
		return true;
	// A cased pattern must not be held against the other case of a text.
	if (exact_a && (!b->text.cased || a->text.cased))
		return !includes(b, a);
	if (exact_b && (!a->text.cased || b->text.cased))
		return !includes(a, b);
	return exact_a && exact_b && a->text.count != b->text.count;
}

static bool is_lower_bound(enum compare_op op)
{
	return op == COMPARE_GT || op == COMPARE_GTE;
}

static bool is_upper_bound(enum compare_op op)
{
	return op == COMPARE_LT || op == COMPARE_LTE;
}

static bool numbers_exclude(const struct pattern *a, const struct pattern *b)
{
	int order = number_compare(&a->number.value, &b->number.value);
	enum compare_op left = a->number.op;
	enum compare_op right = b->number.op;

	if (left == COMPARE_EQ)
		return !compare_holds(right, order);
	if (right == COMPARE_EQ)
		return !compare_holds(left, -order);
	if (is_lower_bound(left) && is_upper_bound(right))
		return order > 0 || (order == 0 && !(left == COMPARE_GTE && right == COMPARE_LTE));
	if (is_upper_bound(left) && is_lower_bound(right))
		return order < 0 || (order == 0 && !(left == COMPARE_LTE && right == COMPARE_GTE));
	return false;
}

// Null takes an absent field and an empty one; does `p` need a character?
static bool needs_text(const struct pattern *p)
{
	if (p->kind == PATTERN_NUMBER || p->kind == PATTERN_CIDR || p->kind == PATTERN_BOOL)
		return true;
	for (size_t i = 0; p->kind == PATTERN_TEXT && i < p->text.count; i++) {
		if (p->text.cps[i] != PAT_ANY_RUN)
			return true;
	}
	return false;
}

bool pattern_excludes(const struct pattern *a, const struct pattern *b, bool single)
{
	if (a->kind == PATTERN_EXISTS && !a->boolean)
		return !pattern_takes_absence(b);
	if (b->kind == PATTERN_EXISTS && !b->boolean)
		return !pattern_takes_absence(a);
	if (a->kind == PATTERN_NULL || b->kind == PATTERN_NULL)
		return needs_text(a) || needs_text(b);
	if (!single)
		return false;
	if (a->kind == PATTERN_NUMBER && b->kind == PATTERN_NUMBER)
		return numbers_exclude(a, b);
	if (a->kind == PATTERN_BOOL && b->kind == PATTERN_BOOL)
		return a->boolean != b->boolean;
	return comparable(a, b) && texts_exclude(a, b);
}

int pattern_matches(const struct pattern *p, struct str text)
{
	struct number number;

	if (p->kind == PATTERN_NUMBER)
		return number_parse(text, &number) &&
		       compare_holds(p->number.op, number_compare(&number, &p->number.value));
	if (p->kind == PATTERN_TEXT && text.len <= 32) {
		uint32_t cps[32];
		struct pattern exact = {.kind = PATTERN_TEXT};

		for (size_t at = 0; at < text.len;)
			cps[exact.text.count++] = utf8_next(text, &at);
		exact.text.cps = cps;
		return comparable(&exact, p) ? includes(p, &exact) : -1;
	}
	return -1;
}
