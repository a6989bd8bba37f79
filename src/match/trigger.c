// SPDX-License-Identifier: Apache-2.0
// Choosing trigger literals.
#include "match/trigger.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

struct finder {
	struct arena *texts;
	struct arena *arena; // of sets
	const struct detection *detection;
	trigger_known_fn *known;
	void *user;
};

static const struct trigger_set empty_set = {NULL, 0, 0, 0};

// ---- literals of patterns -----------------------------------------------

// Chance that a literal occurs in a value: shorter and anchored at common
// endings is likelier. Only the order of magnitude matters.
static double literal_cost(struct str text, enum literal_anchor anchor)
{
	static const double by_length[] = {1, 0.5, 0.3, 0.15, 0.06, 0.03, 0.02, 0.015};
	double cost = text.len < 8 ? by_length[text.len] : 0.08 / (double)text.len;

	// Programs that start all day.
	if (anchor == LITERAL_SUFFIX &&
	    (str_ends(text, STR("\\cmd.exe")) || str_ends(text, STR("powershell.exe")) ||
	     str_ends(text, STR("\\svchost.exe")) || str_ends(text, STR("\\rundll32.exe"))))
		cost = 0.15;
	return anchor == LITERAL_CONTAINS ? cost : cost * 0.7;
}

static struct trigger_set one(const struct finder *f, const struct item *item, struct str text,
			      enum literal_anchor anchor)
{
	struct trigger_set set = {arena_alloc(f->arena, sizeof(struct trigger)), 1, 1,
				  literal_cost(text, anchor)};

	set.items[0] = (struct trigger){item, text, anchor};
	return set;
}

// One literal of either must occur: put `more` into `set`.
static void join(const struct finder *f, struct trigger_set *set, struct trigger_set more)
{
	if (set->count + more.count > set->cap) {
		size_t cap = (set->count + more.count) * 2;
		struct trigger *items = arena_array(f->arena, cap, sizeof(*items));

		if (set->count > 0)
			memcpy(items, set->items, set->count * sizeof(*items));
		set->items = items;
		set->cap = cap;
	}
	if (more.count > 0)
		// NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): cap is 0 as well
		memcpy(set->items + set->count, more.items, more.count * sizeof(*set->items));
	set->count += more.count;
	set->cost += more.cost;
}

static struct str folded_text(const struct finder *f, const uint32_t *cps, size_t count)
{
	char *out;
	bool ascii = true;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		ascii &= cps[i] < 0x80;
	out = arena_alloc(f->texts, ascii ? count : count * 4);
	for (size_t i = 0; i < count; i++)
		n += utf8_encode(fold_cp(cps[i]), out + n);
	return (struct str){out, n};
}

// The longest run without wildcards.
static enum trigger_kind text_trigger(const struct finder *f, const struct item *item,
				      const struct pattern *p, struct trigger_set *out)
{
	size_t best = 0;
	size_t best_len = 0;
	enum literal_anchor anchor = LITERAL_CONTAINS;

	for (size_t from = 0, to; from <= p->text.count; from = to + 1) {
		for (to = from; to < p->text.count && !pat_is_wild(p->text.cps[to]); to++)
			;
		if (to - from > best_len || (from == 0 && to == p->text.count)) {
			best = from;
			best_len = to - from;
		}
	}
	if (item->field.len > 0) { // keywords search inside the value
		bool front = best == 0;
		bool back = best + best_len == p->text.count;

		anchor = front && back ? LITERAL_EQUAL
			 : front       ? LITERAL_PREFIX
			 : back	       ? LITERAL_SUFFIX
				       : LITERAL_CONTAINS;
	}
	if (best_len == 0 && anchor != LITERAL_EQUAL)
		return TRIGGER_NONE;
	*out = one(f, item, folded_text(f, p->text.cps + best, best_len), anchor);
	return TRIGGER_SET;
}

// Behind position `at` of a pattern: does a quantifier allow zero repetitions?
static bool is_optional(struct str re, size_t at)
{
	return at < re.len && (re.ptr[at] == '?' || re.ptr[at] == '*' || re.ptr[at] == '{');
}

// Behind the class that begins at `at`; SIZE_MAX when it does not end. A `]` right at the
// beginning is one of its characters.
static size_t skip_class(struct str re, size_t at)
{
	at++;
	if (at < re.len && re.ptr[at] == '^')
		at++;
	if (at < re.len && re.ptr[at] == ']')
		at++;
	for (; at < re.len; at++) {
		if (re.ptr[at] == ']')
			return at + 1;
		if (re.ptr[at] == '\\')
			at++;
	}
	return SIZE_MAX;
}

// Behind the group that begins at `at`; SIZE_MAX when it does not end.
static size_t skip_group(struct str re, size_t at)
{
	unsigned depth = 0;

	while (at < re.len) {
		char c = re.ptr[at];

		if (c == '[') {
			at = skip_class(re, at);
			continue;
		}
		at += c == '\\' ? 2 : 1;
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return at;
	}
	return SIZE_MAX;
}

// Behind the count that begins at `at`, "{2,5}"; SIZE_MAX when the brace stands for
// itself: then anything may follow, alternation too.
static size_t skip_count(struct str re, size_t at)
{
	for (at++; at < re.len && (ascii_is_digit(re.ptr[at]) || re.ptr[at] == ','); at++)
		;
	return at < re.len && re.ptr[at] == '}' ? at + 1 : SIZE_MAX;
}

// A character that stands for itself at `*at`, ASCII only; moves behind it.
static bool plain_char(struct str re, size_t *at, char *out)
{
	char c = re.ptr[*at];

	if (c == '\\') {
		if (*at + 1 >= re.len || ascii_is_alnum(re.ptr[*at + 1]) ||
		    (unsigned char)re.ptr[*at + 1] >= 0x80)
			return false;
		*out = re.ptr[*at + 1];
		*at += 2;
		return true;
	}
	if ((unsigned char)c >= 0x80 || strchr(".^$*+?{}()[]|", c) != NULL || c == '\0')
		return false;
	*out = c;
	*at += 1;
	return true;
}

// Syntax that regex_literal does not follow: escapes that take arguments (\x41,
// \p{L}, \1), POSIX classes, quoting, verbs, the extended flag, and comments and callouts,
// which hold any brackets and stand between a character and its quantifier.
static bool is_unclear(struct str re)
{
	for (size_t i = 0; i + 1 < re.len; i++) {
		char next = re.ptr[i + 1];

		if (re.ptr[i] == '\\') {
			if (ascii_is_alnum(next) && strchr("sSdDwWbBtnrfhHvVAzZG", next) == NULL)
				return true;
			i++;
		} else if ((re.ptr[i] == '[' && next == ':') || (re.ptr[i] == '(' && next == '*')) {
			return true;
		} else if (re.ptr[i] == '(' && next == '?') {
			if (i + 2 < re.len && strchr("#C^", re.ptr[i + 2]) != NULL)
				return true;
			for (size_t k = i + 2; k < re.len && ascii_is_alpha(re.ptr[k]); k++) {
				if (re.ptr[k] == 'x')
					return true;
			}
		}
	}
	return false;
}

// The longest run of characters that every match holds. Only the top level of
// the pattern is looked at; alternation there means that there is none.
static struct str regex_literal(const struct finder *f, struct str re)
{
	struct buf run = {0};
	struct buf best = {0};
	struct str copy;

	if (is_unclear(re))
		return (struct str){NULL, 0};
	for (size_t at = 0; at < re.len;) {
		char c;

		if (re.ptr[at] == '|') {
			buf_reset(&best);
			buf_reset(&run);
			break;
		}
		if (plain_char(re, &at, &c)) {
			if (!is_optional(re, at))
				buf_put_char(&run, ascii_lower(c));
			if (at < re.len && !is_optional(re, at) && re.ptr[at] != '+' &&
			    (re.ptr[at] == '\\' || strchr(".^$()[]|", re.ptr[at]) == NULL))
				continue;
		} else if (re.ptr[at] == '(') {
			at = skip_group(re, at);
		} else if (re.ptr[at] == '[') {
			at = skip_class(re, at);
		} else if (re.ptr[at] == '{') {
			at = skip_count(re, at);
		} else {
			at += re.ptr[at] == '\\' ? 2 : 1;
		}
		if (run.len > best.len) {
			buf_reset(&best);
			buf_put_str(&best, buf_str(&run));
		}
		buf_reset(&run);
		if (at == SIZE_MAX) {
			buf_reset(&best);
			break;
		}
	}
	if (run.len > best.len) {
		buf_reset(&best);
		buf_put_str(&best, buf_str(&run));
	}
	copy = arena_str(f->texts, buf_str(&best));
	buf_release(&run);
	buf_release(&best);
	return copy;
}

static enum trigger_kind pattern_trigger(const struct finder *f, const struct item *item,
					 const struct pattern *p, struct trigger_set *out)
{
	struct str literal;

	switch (p->kind) {
	case PATTERN_TEXT:
		return text_trigger(f, item, p, out);
	case PATTERN_REGEX:
		literal = regex_literal(f, p->regex.source);
		if (literal.len < 3)
			return TRIGGER_NONE;
		*out = one(f, item, literal, LITERAL_CONTAINS);
		return TRIGGER_SET;
	case PATTERN_ANY_OF:
		*out = empty_set;
		for (size_t i = 0; i < p->any_of.count; i++) {
			struct trigger_set set;

			if (pattern_trigger(f, item, &p->any_of.list[i], &set) != TRIGGER_SET)
				return TRIGGER_NONE;
			join(f, out, set);
		}
		return p->any_of.count > 0 ? TRIGGER_SET : TRIGGER_FALSE;
	default:
		return TRIGGER_NONE;
	}
}

// ---- expressions --------------------------------------------------------

static enum trigger_kind item_trigger(const struct finder *f, const struct item *item,
				      struct trigger_set *out)
{
	int known = f->known(f->user, item);
	bool any = false;

	if (known >= 0)
		return known > 0 ? TRIGGER_NONE : TRIGGER_FALSE;
	if (item->neq)
		return TRIGGER_NONE;
	*out = empty_set;
	for (size_t i = 0; i < item->count; i++) {
		struct trigger_set set;
		enum trigger_kind kind = pattern_trigger(f, item, &item->patterns[i], &set);

		if (!item->all) {
			if (kind != TRIGGER_SET)
				return TRIGGER_NONE;
			join(f, out, set);
			any = true;
		} else if (kind == TRIGGER_SET && (!any || set.cost < out->cost)) {
			*out = set; // each value is necessary: the rarest will do
			any = true;
		}
	}
	return any ? TRIGGER_SET : TRIGGER_NONE;
}

static enum trigger_kind find(const struct finder *f, const struct expr *expr,
			      struct trigger_set *out);

static enum trigger_kind and_trigger(const struct finder *f, const struct expr *expr,
				     struct trigger_set *out)
{
	bool any = false;

	for (size_t i = 0; i < expr->count; i++) {
		struct trigger_set set;
		enum trigger_kind kind = find(f, expr->kids[i], &set);

		if (kind == TRIGGER_FALSE)
			return TRIGGER_FALSE;
		if (kind == TRIGGER_SET && (!any || set.cost < out->cost)) {
			*out = set;
			any = true;
		}
	}
	return any ? TRIGGER_SET : TRIGGER_NONE;
}

static enum trigger_kind or_trigger(const struct finder *f, const struct expr *expr,
				    struct trigger_set *out)
{
	bool any = false;

	*out = empty_set;
	for (size_t i = 0; i < expr->count; i++) {
		struct trigger_set set;
		enum trigger_kind kind = find(f, expr->kids[i], &set);

		if (kind == TRIGGER_NONE)
			return TRIGGER_NONE;
		if (kind == TRIGGER_SET) {
			join(f, out, set);
			any = true;
		}
	}
	return any ? TRIGGER_SET : TRIGGER_FALSE;
}

// What is known decides a negation too; otherwise it has no trigger.
static enum trigger_kind not_trigger(const struct finder *f, const struct expr *kid)
{
	while (kid->kind == EXPR_SELECTION)
		kid = f->detection->selections[kid->selection].body;
	if (kid->kind == EXPR_ITEM && f->known(f->user, kid->item) == 1)
		return TRIGGER_FALSE;
	return TRIGGER_NONE;
}

static enum trigger_kind find(const struct finder *f, const struct expr *expr,
			      struct trigger_set *out)
{
	switch (expr->kind) {
	case EXPR_ITEM:
		return item_trigger(f, expr->item, out);
	case EXPR_SELECTION:
		return find(f, f->detection->selections[expr->selection].body, out);
	case EXPR_NOT:
		return not_trigger(f, expr->kids[0]);
	case EXPR_AND:
		return and_trigger(f, expr, out);
	default:
		return or_trigger(f, expr, out);
	}
}

enum trigger_kind trigger_find(struct arena *texts, struct arena *scratch,
			       const struct detection *detection, const struct expr *condition,
			       trigger_known_fn *known, void *user, struct trigger_set *out)
{
	struct finder f = {texts, scratch, detection, known, user};

	*out = empty_set;
	return find(&f, condition, out);
}
