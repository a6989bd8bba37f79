// SPDX-License-Identifier: Apache-2.0
// A condition over the selections a, b, x_1, x_2 and _h.
//
// One that is accepted means, for every set of selections that hold, what a reader
// that evaluates its text at once says; written anew from its tree it is the same tree.
#include "fuzz.h"
#include "sigma/parse.h"

#define SELECTIONS 5u

static const struct str names[SELECTIONS] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("x_1"),
					     STR_INIT("x_2"), STR_INIT("_h")};

// ---- the text, evaluated at once ----------------------------------------

// A selector that fits no selection leaves a hole: it decides nothing.
enum truth { NO, YES, HOLE };

struct plain {
	struct str rest;
	unsigned holds; // bit per selection
};

static struct str next_word(struct str *rest)
{
	size_t len = 0;
	struct str word;

	*rest = str_trim(*rest);
	while (len < rest->len && !ascii_is_space(rest->ptr[len]) &&
	       memchr("()", rest->ptr[len], 2) == NULL)
		len++;
	if (len == 0 && rest->len > 0)
		len = 1;
	word = str_sub(*rest, 0, len);
	*rest = str_sub(*rest, len, SIZE_MAX);
	return word;
}

static bool take_word(struct plain *plain, struct str word)
{
	struct str rest = plain->rest;

	if (!str_eq(next_word(&rest), word))
		return false;
	plain->rest = rest;
	return true;
}

// '*' stands for any text.
static bool fits(struct str pattern, struct str name)
{
	if (pattern.len == 0)
		return name.len == 0;
	if (str_starts(pattern, STR("**"))) // one is as good, and a hundred take years
		return fits(str_sub(pattern, 1, SIZE_MAX), name);
	if (pattern.ptr[0] == '*')
		return fits(str_sub(pattern, 1, SIZE_MAX), name) ||
		       (name.len > 0 && fits(pattern, str_sub(name, 1, SIZE_MAX)));
	return name.len > 0 && name.ptr[0] == pattern.ptr[0] &&
	       fits(str_sub(pattern, 1, SIZE_MAX), str_sub(name, 1, SIZE_MAX));
}

static enum truth selector(struct plain *plain, bool all)
{
	struct str pattern = next_word(&plain->rest);
	bool hidden = str_starts(pattern, STR("_")); // names like that are asked for
	unsigned chosen = 0;

	if (str_eq(pattern, STR("them")))
		pattern = STR("*");
	for (unsigned i = 0; i < SELECTIONS; i++) {
		if (fits(pattern, names[i]) && (hidden || names[i].ptr[0] != '_'))
			chosen |= 1u << i;
	}
	if (chosen == 0)
		return HOLE;
	return (plain->holds & chosen) == chosen || (!all && (plain->holds & chosen) != 0) ? YES
											   : NO;
}

static enum truth disjunction(struct plain *plain);

static enum truth primary(struct plain *plain)
{
	struct str word = next_word(&plain->rest);
	bool all = str_eq(word, STR("all"));
	enum truth value;

	if (str_eq(word, STR("not"))) {
		value = primary(plain);
		return value == HOLE ? HOLE : value == YES ? NO : YES;
	}
	if (str_eq(word, STR("("))) {
		value = disjunction(plain);
		CHECK(take_word(plain, STR(")")));
		return value;
	}
	if ((all || str_eq(word, STR("1")) || str_eq(word, STR("any"))) &&
	    take_word(plain, STR("of")))
		return selector(plain, all);
	for (unsigned i = 0; i < SELECTIONS; i++) {
		if (str_eq(word, names[i]))
			return plain->holds >> i & 1;
	}
	check_same(word, STR("a selection"), "a word that was accepted and a selection");
	return HOLE;
}

static enum truth conjunction(struct plain *plain)
{
	enum truth value = primary(plain);

	while (take_word(plain, STR("and"))) {
		enum truth right = primary(plain);

		if (value == HOLE || right == NO)
			value = right;
	}
	return value;
}

static enum truth disjunction(struct plain *plain)
{
	enum truth value = conjunction(plain);

	while (take_word(plain, STR("or"))) {
		enum truth right = conjunction(plain);

		if (value == HOLE || right == YES)
			value = right;
	}
	return value;
}

// ---- the tree -----------------------------------------------------------

static bool evaluate(const struct expr *expr, unsigned holds)
{
	bool value = expr->kind == EXPR_AND;

	if (expr->kind == EXPR_SELECTION)
		return (holds >> expr->selection & 1) != 0;
	CHECK(expr->count >= 1);
	if (expr->kind == EXPR_NOT)
		return !evaluate(expr->kids[0], holds);
	CHECK(expr->kind == EXPR_AND || expr->kind == EXPR_OR);
	for (size_t i = 0; i < expr->count; i++) {
		if (expr->kind == EXPR_AND)
			value &= evaluate(expr->kids[i], holds);
		else
			value |= evaluate(expr->kids[i], holds);
	}
	return value;
}

static void print(struct buf *out, const struct expr *expr)
{
	if (expr->kind == EXPR_SELECTION) {
		buf_put_str(out, names[expr->selection]);
		return;
	}
	buf_put_text(out, expr->kind == EXPR_NOT ? "(not " : "(");
	for (size_t i = 0; i < expr->count; i++) {
		if (i > 0)
			buf_put_text(out, expr->kind == EXPR_AND ? " and " : " or ");
		print(out, expr->kids[i]);
	}
	buf_put_char(out, ')');
}

static struct expr *parse(struct arena *arena, struct str text, bool *used)
{
	static struct selection selections[SELECTIONS];
	struct detection detection = {.selections = selections, .selection_count = SELECTIONS};
	struct yaml_node node = {.kind = YAML_SCALAR, .line = 1, .col = 1, .quoted = true};
	struct diag_list diags;
	struct value_context context = {.arena = arena, .path = STR("c"), .diags = &diags};
	struct expr *expr;

	for (size_t i = 0; i < SELECTIONS; i++)
		selections[i].name = names[i];
	diag_init(&diags, arena);
	node.text = text;
	expr = condition_parse(&context, &node, &detection, used);
	CHECK((expr == NULL) == (diags.errors != 0));
	diag_release(&diags);
	return expr;
}

static void check_meaning(const struct expr *expr, struct str text)
{
	for (unsigned holds = 0; holds < 1u << SELECTIONS; holds++) {
		struct plain plain = {text, holds};

		CHECK(disjunction(&plain) == (evaluate(expr, holds) ? YES : NO));
		CHECK(str_trim(plain.rest).len == 0);
	}
}

// What no value of a selection decides is not used.
static void check_used(const struct expr *expr, const bool *used)
{
	for (unsigned holds = 0; holds < 1u << SELECTIONS; holds++) {
		for (unsigned i = 0; i < SELECTIONS; i++)
			CHECK(used[i] || evaluate(expr, holds) == evaluate(expr, holds ^ 1u << i));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str text = utf8_sanitise(&arena, input_of(data, size));
	bool used[SELECTIONS] = {false}, again_used[SELECTIONS] = {false};
	struct expr *expr = parse(&arena, text, used);

	if (expr != NULL) {
		struct buf printed = {0}, reprinted = {0};
		struct expr *again;

		check_meaning(expr, text);
		check_used(expr, used);
		print(&printed, expr);
		again = parse(&arena, buf_str(&printed), again_used);
		if (again != NULL) // nested too deep is an error
			print(&reprinted, again);
		CHECK(again == NULL || memcmp(used, again_used, sizeof(used)) == 0);
		if (again != NULL)
			check_same(buf_str(&printed), buf_str(&reprinted), "trees");
		buf_release(&printed);
		buf_release(&reprinted);
	}
	arena_release(&arena);
	return 0;
}
