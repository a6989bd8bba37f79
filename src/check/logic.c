// SPDX-License-Identifier: Apache-2.0
// Can an expression be true? A tableau with a budget.
//
// What must hold is a list of goals. A goal that is a conjunction is replaced
// by its parts, a disjunction is put off, a leaf (field, pattern, sign) is held
// against the leaves that were taken before: two that exclude each other close
// the branch. When only disjunctions are left, one is taken and each of its
// parts is tried. Is every branch closed, no event can do it. A branch that
// stays open proves nothing, since the relations of patterns.c are incomplete:
// the answer is then "sometimes", and there is no warning.
//
// Example: `sel and not sel` with sel `F: [a, b]` has the goals sel and not sel.
// The second gives the leaves not F=a, not F=b at once; the first is put off,
// then tried: F=a is closed by not F=a, F=b by not F=b.
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "check/internal.h"

struct goal {
	const struct expr *expr; // an expression,
	const struct item *item; // or a pattern of this item,
	const struct pattern *pattern;
	bool wanted;
	const struct goal *next;
};

struct leaf {
	const struct item *item;
	const struct pattern *pattern;
	bool wanted;
	const struct leaf *next;
};

struct solver {
	const struct logic *logic;
	struct arena arena;
	long *budget;
	bool gave_up;
	struct clash *clash;
};

struct branch {
	const struct goal *now;	  // to be taken apart
	const struct goal *later; // disjunctions
	const struct leaf *yes;	  // leaves that hold,
	const struct leaf *no;	  // and that do not
};

static const struct goal *push(struct solver *s, struct goal goal, const struct goal *next)
{
	struct goal *copy = arena_alloc(&s->arena, sizeof(*copy));

	*copy = goal;
	copy->next = next;
	return copy;
}

// The parts of a goal, for both signs of expressions, items and patterns.
static size_t part_count(const struct goal *goal)
{
	if (goal->pattern != NULL)
		return goal->pattern->kind == PATTERN_ANY_OF ? goal->pattern->any_of.count : 0;
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a goal has one or the other
	return goal->expr->kind == EXPR_ITEM ? goal->expr->item->count : goal->expr->count;
}

static struct goal part(const struct goal *goal, size_t i)
{
	if (goal->pattern != NULL)
		return (struct goal){.item = goal->item,
				     .pattern = &goal->pattern->any_of.list[i],
				     .wanted = goal->wanted};
	if (goal->expr->kind == EXPR_ITEM)
		return (struct goal){.item = goal->expr->item,
				     .pattern = &goal->expr->item->patterns[i],
				     .wanted = goal->wanted != goal->expr->item->neq};
	return (struct goal){.expr = goal->expr->kids[i],
			     .wanted = goal->wanted != (goal->expr->kind == EXPR_NOT)};
}

// Must all parts hold?
static bool is_conjunction(const struct goal *goal)
{
	if (goal->pattern != NULL)
		return !goal->wanted;
	switch (goal->expr->kind) {
	case EXPR_ITEM:
		return goal->expr->item->all == (goal->wanted != goal->expr->item->neq);
	case EXPR_OR:
		return !goal->wanted;
	case EXPR_NOT:
		return true;
	default:
		return goal->wanted;
	}
}

// ---- leaves -------------------------------------------------------------

// `not exists: true` is `exists: false`.
static struct leaf normal_leaf(const struct goal *goal, struct pattern *turned)
{
	struct leaf leaf = {goal->item, goal->pattern, goal->wanted, NULL};

	if (!goal->wanted && goal->pattern->kind == PATTERN_EXISTS) {
		*turned = *goal->pattern;
		turned->boolean = !turned->boolean;
		leaf.pattern = turned;
		leaf.wanted = true;
	}
	return leaf;
}

// What the view says about the leaf alone: 1 holds, 0 cannot, -1 open.
static int known_of_view(const struct logic *logic, const struct leaf *leaf)
{
	const struct view *view = logic->view;
	size_t yes = 0;
	size_t no = 0;

	if (!logic->facts || view == NULL || leaf->item->field.len == 0)
		return -1;
	if (source_lacks(logic->sources, view, leaf->item->field))
		return pattern_takes_absence(leaf->pattern) == leaf->wanted;
	if (!str_eq(leaf->item->field, STR("EventID")) || view->event_id_count == 0)
		return -1;
	for (size_t i = 0; i < view->event_id_count; i++) {
		char text[16];
		int holds;

		snprintf(text, sizeof(text), "%u", view->event_ids[i]);
		holds = pattern_matches(leaf->pattern, str_from(text));
		if (holds < 0)
			return -1;
		*(holds == leaf->wanted ? &yes : &no) += 1;
	}
	return yes == 0 ? 0 : no == 0 ? 1 : -1;
}

static bool leaves_clash(struct solver *s, const struct leaf *a, const struct leaf *b)
{
	bool single;

	*s->budget -= 1;
	if (!str_eq(a->item->field, b->item->field))
		return false;
	if (a->pattern->kind == PATTERN_TEXT && b->pattern->kind == PATTERN_TEXT)
		*s->budget -= (long)(a->pattern->text.count / 16 * (b->pattern->text.count / 16));
	if (a->wanted && b->wanted) {
		if (a->item->field.len == 0)
			return false;
		single = source_single(s->logic->sources, s->logic->view, a->item->field);
		return pattern_excludes(a->pattern, b->pattern, single);
	}
	return a->wanted ? pattern_implies(a->pattern, b->pattern)
			 : pattern_implies(b->pattern, a->pattern);
}

static void note_clash(struct solver *s, const struct leaf *a, const struct leaf *b)
{
	if (s->clash == NULL || s->clash->a != NULL)
		return;
	s->clash->a = a->item;
	s->clash->a_text = a->pattern->written;
	s->clash->a_wanted = a->wanted;
	s->clash->b = b != NULL ? b->item : NULL;
	s->clash->b_text = b != NULL ? b->pattern->written : s->clash->b_text;
	s->clash->b_wanted = b != NULL && b->wanted;
}

static const struct leaf *find_clash(struct solver *s, const struct leaf *list,
				     const struct leaf *leaf)
{
	for (; list != NULL; list = list->next) {
		if (leaves_clash(s, list, leaf))
			return list;
	}
	return NULL;
}

// Take the leaf; false when the branch is closed by it.
static bool take_leaf(struct solver *s, struct branch *branch, const struct goal *goal)
{
	struct pattern *turned = arena_alloc(&s->arena, sizeof(*turned));
	struct leaf *leaf = arena_alloc(&s->arena, sizeof(*leaf));
	const struct leaf *clash;
	int known;

	*leaf = normal_leaf(goal, turned);
	known = known_of_view(s->logic, leaf);
	if (known == 0)
		note_clash(s, leaf, NULL);
	if (known >= 0)
		return known == 1;
	clash = find_clash(s, branch->yes, leaf);
	if (clash == NULL && leaf->wanted)
		clash = find_clash(s, branch->no, leaf);
	if (clash != NULL) {
		note_clash(s, clash, leaf);
		return false;
	}
	leaf->next = leaf->wanted ? branch->yes : branch->no;
	*(leaf->wanted ? &branch->yes : &branch->no) = leaf;
	return true;
}

// ---- the tableau --------------------------------------------------------

// Take apart all that is no disjunction; false when the branch closes.
static bool flatten(struct solver *s, struct branch *branch)
{
	while (branch->now != NULL) {
		const struct goal *goal = branch->now;
		size_t parts;

		branch->now = goal->next;
		if (--*s->budget < 0)
			return true;
		if (goal->expr != NULL && goal->expr->kind == EXPR_SELECTION) {
			const struct selection *selections = s->logic->detection->selections;

			branch->now =
				push(s,
				     (struct goal){.expr = selections[goal->expr->selection].body,
						   .wanted = goal->wanted},
				     branch->now);
			continue;
		}
		if (goal->pattern != NULL && goal->pattern->kind != PATTERN_ANY_OF) {
			if (!take_leaf(s, branch, goal))
				return false;
			continue;
		}
		parts = part_count(goal);
		if (parts > 1 && !is_conjunction(goal)) {
			branch->later = push(s, *goal, branch->later);
			continue;
		}
		*s->budget -= (long)parts;
		for (size_t i = 0; i < parts; i++)
			branch->now = push(s, part(goal, parts - 1 - i), branch->now);
	}
	return true;
}

// Does a branch stay open?
static bool open_branch(struct solver *s, struct branch branch, unsigned depth)
{
	const struct goal *choice;

	if (!flatten(s, &branch))
		return false;
	if (*s->budget < 0 || depth > LIMIT_CHECK_DEPTH)
		s->gave_up = true;
	if (branch.later == NULL || s->gave_up)
		return true;
	choice = branch.later;
	for (size_t i = 0; i < part_count(choice); i++) {
		struct branch next = {NULL, choice->next, branch.yes, branch.no};

		next.now = push(s, part(choice, i), NULL);
		if (open_branch(s, next, depth + 1))
			return true;
	}
	return false;
}

enum logic_answer logic_possible(const struct logic *logic, const struct expr *expr, bool wanted,
				 struct clash *clash)
{
	struct solver s = {.logic = logic, .budget = logic->budget, .clash = clash};
	struct branch branch = {0};
	bool open;

	if (clash != NULL)
		memset(clash, 0, sizeof(*clash));
	branch.now = push(&s, (struct goal){.expr = expr, .wanted = wanted}, NULL);
	open = open_branch(&s, branch, 0);
	arena_release(&s.arena);
	if (s.gave_up)
		return LOGIC_UNKNOWN;
	return open ? LOGIC_SOMETIMES : LOGIC_NEVER;
}
