// SPDX-License-Identifier: Apache-2.0
// The modifier `expand`: %placeholder% -> the values the user supplied (2.9).
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "sigma/pattern.h"

// Text of a pattern between two positions, for the name of a placeholder.
static struct str cps_text(struct arena *arena, const uint32_t *cps, size_t from, size_t to)
{
	struct buf name = {0};
	struct str copy;

	for (size_t i = from; i < to; i++)
		buf_put_cp(&name, cps[i]);
	copy = arena_str(arena, buf_str(&name));
	buf_release(&name);
	return copy;
}

// The next placeholder at or after `at`: [*start, *end) with both percent
// signs. `\%` loses its backslash and is passed over.
static bool next_placeholder(uint32_t *cps, size_t *count, size_t at, size_t *start, size_t *end)
{
	for (size_t i = at; i < *count; i++) {
		if (cps[i] == '\\' && i + 1 < *count && cps[i + 1] == '%') {
			memmove(cps + i, cps + i + 1, (*count - i - 1) * sizeof(*cps));
			--*count;
			continue;
		}
		if (cps[i] != '%')
			continue;
		for (size_t k = i + 1; k < *count && !pat_is_wild(cps[k]); k++) {
			if (cps[k] == '%' && k > i + 1) {
				*start = i;
				*end = k + 1;
				return true;
			}
			if (cps[k] == '%')
				break;
		}
	}
	return false;
}

static const struct placeholder *find_placeholder(const struct modifier_chain *chain,
						  struct str name)
{
	const struct placeholders *all = chain->ctx->placeholders;

	for (size_t i = 0; all != NULL && i < all->count; i++) {
		if (str_eq(all->items[i].name, name))
			return &all->items[i];
	}
	return NULL;
}

// Forms while they are collected.
struct forms {
	struct pattern *list;
	size_t count;
	size_t cap;
	size_t characters; // of all of them
	bool raw;	   // values go into a regular expression as they are
};

static bool add_form(struct modifier_chain *chain, struct forms *forms, const struct pattern *p)
{
	forms->characters += p->text.count;
	if (forms->count == LIMIT_EXPANSION || forms->characters > LIMIT_EXPANSION_TEXT)
		return modifier_error(chain, "E_PLACEHOLDER",
				      "placeholders expand to more than 4,096 values "
				      "or 1,048,576 characters");
	if (forms->count == forms->cap) {
		size_t cap = forms->cap != 0 ? forms->cap * 2 : 8;
		struct pattern *list = arena_array(chain->ctx->arena, cap, sizeof(*list));

		if (forms->count != 0)
			memcpy(list, forms->list, forms->count * sizeof(*list));
		forms->list = list;
		forms->cap = cap;
	}
	forms->list[forms->count++] = *p;
	return true;
}

// `p` with cps[start, end) replaced by `value`; *next is behind it.
static struct pattern splice(struct modifier_chain *chain, const struct pattern *p, size_t start,
			     size_t end, const struct pattern *value, size_t *next)
{
	struct pattern out = *p;
	size_t tail = p->text.count - end;

	out.text.count = start + value->text.count + tail;
	out.text.cps = arena_array(chain->ctx->arena, out.text.count, sizeof(*out.text.cps));
	memcpy(out.text.cps, p->text.cps, start * sizeof(*out.text.cps));
	memcpy(out.text.cps + start, value->text.cps, value->text.count * sizeof(*out.text.cps));
	memcpy(out.text.cps + start + value->text.count, p->text.cps + end,
	       tail * sizeof(*out.text.cps));
	*next = start + value->text.count;
	return out;
}

static void raw_text(struct arena *arena, struct str written, struct pattern *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = PATTERN_TEXT;
	out->written = written;
	out->text.cps = arena_array(arena, written.len, sizeof(*out->text.cps));
	for (size_t at = 0; at < written.len;)
		out->text.cps[out->text.count++] = utf8_next(written, &at);
}

static bool no_values(const struct modifier_chain *chain, struct str name)
{
	struct diag_list *diags = chain->ctx->diags;

	modifier_error(chain, "E_PLACEHOLDER", "no values for placeholder '%%%.*s%%'",
		       STR_ARG(name));
	diag_hint(diags, &diags->items[diags->count - 1],
		  "a placeholders file gives them: '%.*s: [value, ...]'", STR_ARG(name));
	return false;
}

static bool expand_from(struct modifier_chain *chain, struct pattern *p, size_t at,
			struct forms *forms, unsigned depth)
{
	const struct placeholder *placeholder;
	struct str name;
	size_t start;
	size_t end;

	if (!next_placeholder(p->text.cps, &p->text.count, at, &start, &end))
		return add_form(chain, forms, p);
	name = cps_text(chain->ctx->arena, p->text.cps, start + 1, end - 1);
	placeholder = find_placeholder(chain, name);
	if (placeholder == NULL || depth > LIMIT_CONDITION_DEPTH)
		return no_values(chain, name);
	for (size_t i = 0; i < placeholder->count; i++) {
		struct pattern value;
		struct pattern form;
		size_t next;

		// Supplied values are Sigma strings, wildcards active (D-15).
		if (forms->raw)
			raw_text(chain->ctx->arena, placeholder->values[i], &value);
		else
			pattern_parse_text(chain->ctx->arena, placeholder->values[i], &value);
		form = splice(chain, p, start, end, &value, &next);
		if (!expand_from(chain, &form, next, forms, depth + 1))
			return false;
	}
	return true;
}

// A regular expression is expanded as raw text: its code points stand in a
// text pattern meanwhile.
static bool expand_regex(struct modifier_chain *chain, struct pattern *p)
{
	struct forms forms = {.raw = true};
	struct pattern text;

	raw_text(chain->ctx->arena, p->regex.source, &text);
	if (!expand_from(chain, &text, 0, &forms, 0))
		return false;
	for (size_t i = 0; i < forms.count; i++) {
		struct pattern form = *p;

		form.regex.source = cps_text(chain->ctx->arena, forms.list[i].text.cps, 0,
					     forms.list[i].text.count);
		forms.list[i] = form;
	}
	p->kind = PATTERN_ANY_OF;
	p->any_of.list = forms.list;
	p->any_of.count = forms.count;
	return true;
}

bool expand_placeholders(struct modifier_chain *chain, struct pattern *p)
{
	struct forms forms = {0};
	struct pattern copy = *p;

	if (p->kind == PATTERN_REGEX)
		return expand_regex(chain, p);
	if (p->kind != PATTERN_TEXT)
		return modifier_error(chain, "E_MODIFIER_TYPE", "modifier 'expand' needs text");
	if (!expand_from(chain, &copy, 0, &forms, 0))
		return false;
	p->kind = PATTERN_ANY_OF;
	p->any_of.list = forms.list;
	p->any_of.count = forms.count;
	return true;
}
