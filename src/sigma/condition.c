// SPDX-License-Identifier: Apache-2.0
// The condition grammar (sigma-engine.md 3.1): a recursive descent parser.
//
// A selector that matches no selection leaves a hole (NULL): it vanishes from
// its `and` or `or`, and so does a `not` around it (D-18).
#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/limits.h"
#include "sigma/parse.h"

enum token_kind { TOKEN_END, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_WORD };

struct token {
	enum token_kind kind;
	struct str text;
	size_t at; // offset in the condition
};

struct condition_parser {
	const struct value_context *ctx;
	const struct yaml_node *node;
	const struct detection *detection; // NULL for string conditions of correlations
	bool *used;
	size_t (*resolve)(void *user, struct str name);
	void *user;
	struct token token; // not consumed yet
	size_t next;	    // offset behind it
	unsigned depth;
	size_t leaves; // made so far
	bool failed;
};

// The place of an offset in the condition; exact where it stands on one line.
static struct place place_of(const struct condition_parser *p, size_t at)
{
	struct place place = yaml_place(p->ctx->path, p->node);

	if (str_find_char(p->node->text, '\n', 0) == SIZE_MAX)
		place.col += (unsigned)at + (p->node->quoted ? 1 : 0);
	return place;
}

static struct expr *fail(struct condition_parser *p, const char *code, size_t at, const char *what,
			 struct str word)
{
	if (!p->failed)
		diag_add(p->ctx->diags, DIAG_ERROR, code, place_of(p, at), "%s%s%.*s%s", what,
			 word.len > 0 ? " '" : "", STR_ARG(word), word.len > 0 ? "'" : "");
	p->failed = true;
	return NULL;
}

static void advance(struct condition_parser *p)
{
	struct str text = p->node->text;
	size_t at = p->next;

	while (at < text.len && ascii_is_space(text.ptr[at]))
		at++;
	p->token = (struct token){TOKEN_END, {NULL, 0}, at};
	if (at == text.len) {
		p->next = at;
		return;
	}
	p->next = at + 1;
	if (text.ptr[at] == '(' || text.ptr[at] == ')') {
		p->token.kind = text.ptr[at] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		p->token.text = str_sub(text, at, 1);
		return;
	}
	while (p->next < text.len && !ascii_is_space(text.ptr[p->next]) &&
	       text.ptr[p->next] != '(' && text.ptr[p->next] != ')')
		p->next++;
	p->token.kind = TOKEN_WORD;
	p->token.text = str_sub(text, at, p->next - at);
}

static bool at_word(const struct condition_parser *p, const char *word)
{
	return p->token.kind == TOKEN_WORD && str_eq(p->token.text, str_from(word));
}

static bool is_keyword(struct str word, bool (*same)(struct str, struct str))
{
	static const char *const words[] = {"and", "or", "not", "of", "them", "all", "any"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (same(word, str_from(words[i])))
			return true;
	}
	return false;
}

static bool is_reserved(struct str word)
{
	return is_keyword(word, str_eq);
}

static struct expr *new_expr(struct condition_parser *p, enum expr_kind kind, size_t kids)
{
	struct expr *expr = arena_zalloc(p->ctx->arena, sizeof(*expr));

	expr->kind = kind;
	expr->kids = arena_array(p->ctx->arena, kids, sizeof(*expr->kids));
	return expr;
}

// Selectors multiply: `1 of x* or 1 of x* ...` over many selections.
static struct expr *leaf(struct condition_parser *p, size_t selection)
{
	struct expr *expr;

	if (++p->leaves > LIMIT_CONDITION_LEAVES)
		return fail(p, "E_COND_SYNTAX", p->token.at,
			    "the condition stands for more than 100,000 selections",
			    (struct str){NULL, 0});
	expr = new_expr(p, EXPR_SELECTION, 0);
	expr->selection = selection;
	if (p->used != NULL)
		p->used[selection] = true;
	return expr;
}

// Room for one more kid: the array grows when its count is a power of two.
static void add_kid(struct condition_parser *p, struct expr *expr, struct expr *kid)
{
	struct expr **kids;

	if ((expr->count & (expr->count - 1)) == 0) {
		kids = arena_array(p->ctx->arena, expr->count * 2, sizeof(*kids));
		memcpy(kids, expr->kids, expr->count * sizeof(*kids));
		expr->kids = kids;
	}
	expr->kids[expr->count++] = kid;
}

// Join two operands, either of which may be a hole.
static struct expr *join(struct condition_parser *p, enum expr_kind kind, struct expr *left,
			 struct expr *right)
{
	struct expr *expr;

	if (left == NULL || right == NULL)
		return left != NULL ? left : right;
	if (left->kind == kind) { // a flat list: `a and b and c` has three kids
		add_kid(p, left, right);
		return left;
	}
	expr = new_expr(p, kind, 2);
	expr->kids[0] = left;
	expr->kids[1] = right;
	expr->count = 2;
	return expr;
}

static struct expr *parse_or(struct condition_parser *p);

static bool valid_selector(struct str pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.ptr[i];

		if (!ascii_is_alnum(c) && c != '_' && c != '*')
			return false;
	}
	return pattern.len > 0;
}

// `1 of x*`, `any of them`, `all of x*`; the quantifier is the current token.
static struct expr *parse_selector(struct condition_parser *p)
{
	enum expr_kind kind = at_word(p, "all") ? EXPR_AND : EXPR_OR;
	struct expr *expr = NULL;
	struct token pattern;
	bool them;

	advance(p);
	if (!at_word(p, "of"))
		return fail(p, "E_COND_SYNTAX", p->token.at, "expected 'of' before", p->token.text);
	advance(p);
	pattern = p->token;
	them = at_word(p, "them");
	if (pattern.kind != TOKEN_WORD || !valid_selector(pattern.text) ||
	    (!them && is_reserved(pattern.text)))
		return fail(p, "E_COND_SYNTAX", pattern.at,
			    "expected 'them' or a selection pattern such as sel_*", pattern.text);
	advance(p);
	for (size_t i = 0; i < p->detection->selection_count && !p->failed; i++) {
		struct str name = p->detection->selections[i].name;

		// Names with an underscore in front are skipped unless asked for.
		if (str_starts(name, STR("_")) && (them || !str_starts(pattern.text, STR("_"))))
			continue;
		if (them || glob_fits(pattern.text, name))
			expr = join(p, kind, expr, leaf(p, i));
	}
	if (expr == NULL && is_keyword(pattern.text, str_eq_nocase))
		return fail(p, "E_COND_SYNTAX", pattern.at, "keywords are lower case, not",
			    pattern.text);
	if (expr == NULL && !p->failed)
		diag_add(p->ctx->diags, DIAG_WARNING, "W_SELECTOR_EMPTY", place_of(p, pattern.at),
			 "'%.*s' matches no selection and is left out", STR_ARG(pattern.text));
	// A group of its own: a later `and` must not be merged into it, which
	// join() would do only for the same kind, where it means the same.
	return expr;
}

static bool valid_identifier(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!ascii_is_alnum(c) && c != '_' && c != '-')
			return false;
	}
	return word.len > 0;
}

static struct expr *undefined_selection(struct condition_parser *p, const struct token *token)
{
	struct diag_list *diags = p->ctx->diags;
	struct buf names = {0};

	if (p->failed)
		return NULL;
	fail(p, "E_COND_UNDEFINED", token->at, "the condition names an undefined selection",
	     token->text);
	for (size_t i = 0; i < p->detection->selection_count; i++) {
		struct str name = p->detection->selections[i].name;

		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "", STR_ARG(name));
	}
	if (names.len > 0)
		diag_hint(diags, &diags->items[diags->count - 1], "defined here: %.*s",
			  STR_ARG(buf_str(&names)));
	buf_release(&names);
	return NULL;
}

static struct expr *parse_identifier(struct condition_parser *p)
{
	struct token token = p->token;

	if (!valid_identifier(token.text))
		return fail(p, "E_COND_SYNTAX", token.at, "unexpected", token.text);
	advance(p);
	if (p->detection == NULL) {
		size_t index = p->resolve(p->user, token.text);

		return index != SIZE_MAX ? leaf(p, index)
					 : fail(p, "E_CORR_EXTREF", token.at,
						"the condition names a rule that 'rules' does not:",
						token.text);
	}
	for (size_t i = 0; i < p->detection->selection_count; i++) {
		if (str_eq(p->detection->selections[i].name, token.text))
			return leaf(p, i);
	}
	if (!is_keyword(token.text, str_eq_nocase) && is_keyword(p->token.text, str_eq_nocase) &&
	    !is_reserved(p->token.text))
		token = p->token; // `1 Of x`
	if (is_keyword(token.text, str_eq_nocase))
		return fail(p, "E_COND_SYNTAX", token.at, "keywords are lower case, not",
			    token.text);
	return undefined_selection(p, &token);
}

static struct expr *parse_primary(struct condition_parser *p)
{
	struct expr *expr;

	if (p->token.kind == TOKEN_OPEN) {
		size_t open = p->token.at;

		advance(p);
		expr = parse_or(p);
		if (p->failed)
			return NULL;
		if (p->token.kind != TOKEN_CLOSE)
			return fail(p, "E_COND_SYNTAX", open, "no ')' for this '('",
				    (struct str){NULL, 0});
		advance(p);
		return expr;
	}
	if (p->token.kind != TOKEN_WORD)
		return fail(p, "E_COND_SYNTAX", p->token.at,
			    p->token.kind == TOKEN_END ? "the condition ends too early"
						       : "unexpected",
			    p->token.text);
	if (p->detection != NULL) {
		struct token quantifier = p->token;
		struct condition_parser ahead = *p;

		advance(&ahead);
		if (at_word(p, "all") || at_word(p, "any") ||
		    (at_word(p, "1") && at_word(&ahead, "of")))
			return parse_selector(p);
		if (at_word(&ahead, "of"))
			return fail(p, "E_COND_SYNTAX", quantifier.at,
				    "only '1', 'any' and 'all' can stand before 'of', not",
				    quantifier.text);
	}
	if (is_reserved(p->token.text))
		return fail(p, "E_COND_SYNTAX", p->token.at, "a selection is missing before",
			    p->token.text);
	return parse_identifier(p);
}

static struct expr *parse_not(struct condition_parser *p)
{
	struct expr *expr;
	struct expr *kid;

	if (!at_word(p, "not"))
		return parse_primary(p);
	if (++p->depth > LIMIT_CONDITION_DEPTH)
		return fail(p, "E_COND_SYNTAX", p->token.at, "nested too deeply",
			    (struct str){NULL, 0});
	advance(p);
	kid = parse_not(p);
	p->depth--;
	if (kid == NULL)
		return NULL;
	expr = new_expr(p, EXPR_NOT, 1);
	expr->kids[0] = kid;
	expr->count = 1;
	return expr;
}

static struct expr *parse_and(struct condition_parser *p)
{
	struct expr *left = parse_not(p);

	while (!p->failed && at_word(p, "and")) {
		advance(p);
		left = join(p, EXPR_AND, left, parse_not(p));
	}
	return p->failed ? NULL : left;
}

static struct expr *parse_or(struct condition_parser *p)
{
	struct expr *left;

	if (++p->depth > LIMIT_CONDITION_DEPTH)
		return fail(p, "E_COND_SYNTAX", p->token.at, "nested too deeply",
			    (struct str){NULL, 0});
	left = parse_and(p);
	while (!p->failed && at_word(p, "or")) {
		advance(p);
		left = join(p, EXPR_OR, left, parse_and(p));
	}
	p->depth--;
	return p->failed ? NULL : left;
}

static struct expr *parse_whole(struct condition_parser *p)
{
	struct expr *expr;

	advance(p);
	expr = parse_or(p);
	if (!p->failed && p->token.kind != TOKEN_END)
		return fail(p, "E_COND_SYNTAX", p->token.at, "expected 'and' or 'or' before",
			    p->token.text);
	if (!p->failed && expr == NULL)
		return fail(p, "E_COND_EMPTY", 0, "nothing is left of the condition",
			    (struct str){NULL, 0});
	return expr;
}

struct expr *condition_parse(const struct value_context *ctx, const struct yaml_node *node,
			     const struct detection *detection, bool *used)
{
	struct condition_parser p = {
		.ctx = ctx, .node = node, .detection = detection, .used = used};
	size_t bar = str_find_char(node->text, '|', 0);

	if (bar != SIZE_MAX) {
		fail(&p, "E_COND_AGGREGATION", bar,
		     "aggregation in a condition is no longer part of Sigma",
		     (struct str){NULL, 0});
		diag_hint(ctx->diags, &ctx->diags->items[ctx->diags->count - 1],
			  "write a correlation rule (event_count, value_count, temporal) instead");
		return NULL;
	}
	return parse_whole(&p);
}

struct expr *condition_parse_names(const struct value_context *ctx, const struct yaml_node *node,
				   size_t (*resolve)(void *user, struct str name), void *user)
{
	struct condition_parser p = {.ctx = ctx, .node = node, .resolve = resolve, .user = user};

	return parse_whole(&p);
}
