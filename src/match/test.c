// SPDX-License-Identifier: Apache-2.0
// Compiling and running the tests of one item.
#include "match/test.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/tm.h"
#include "match/number.h"

// ---- compiling ----------------------------------------------------------

static struct str literal_text(struct arena *arena, const uint32_t *cps, size_t count, bool cased)
{
	struct buf text = {0};
	struct str copy;

	for (size_t i = 0; i < count; i++)
		buf_put_cp(&text, cased ? cps[i] : fold_cp(cps[i]));
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}

// Runs of `*` are one; edges decide the shape when no wildcard is inside.
static void compile_text(struct arena *arena, const struct pattern *p, bool keyword,
			 struct compiled_pattern *out)
{
	uint32_t *cps = arena_array(arena, p->text.count + 2, sizeof(*cps));
	size_t n = 0;
	size_t wild = 0;
	bool front;
	bool back;

	if (keyword)
		cps[n++] = PAT_ANY_RUN;
	for (size_t i = 0; i < p->text.count; i++) {
		uint32_t cp = p->text.cps[i];

		if (cp == PAT_ANY_RUN && n > 0 && cps[n - 1] == PAT_ANY_RUN)
			continue;
		cps[n++] = pat_is_wild(cp) || p->text.cased ? cp : fold_cp(cp);
	}
	if (keyword && cps[n - 1] != PAT_ANY_RUN)
		cps[n++] = PAT_ANY_RUN;
	front = n > 0 && cps[0] == PAT_ANY_RUN;
	back = n > 1 && cps[n - 1] == PAT_ANY_RUN;
	for (size_t i = front; i + back < n; i++)
		wild += pat_is_wild(cps[i]);
	out->glob = cps;
	out->glob_count = n;
	if (wild > 0) {
		out->shape = SHAPE_GLOB;
		return;
	}
	out->literal = literal_text(arena, cps + front, n - front - back, p->text.cased);
	out->shape = front && (back || n == 1) ? SHAPE_CONTAINS
		     : front		       ? SHAPE_SUFFIX
		     : back		       ? SHAPE_PREFIX
					       : SHAPE_EQUAL;
	if (out->shape == SHAPE_CONTAINS && out->literal.len == 0)
		out->shape = SHAPE_ANY;
}

static void compile_pattern(struct arena *arena, const struct pattern *p, bool keyword,
			    test_field_number *number, void *user, struct compiled_pattern *out)
{
	out->pattern = p;
	if (p->kind == PATTERN_TEXT) {
		compile_text(arena, p, keyword, out);
	} else if (p->kind == PATTERN_FIELD) {
		out->field = number(user, p->field.name);
	} else if (keyword && (p->kind == PATTERN_BOOL ||
			       (p->kind == PATTERN_NUMBER && !p->number.compared))) {
		// A number in a keyword list is searched as its decimal text; `|gt` and
		// its like compare each value, as `|cidr` does.
		out->shape = SHAPE_CONTAINS;
		out->literal = text_fold(arena, p->written);
		if (p->kind == PATTERN_NUMBER && p->number.value.is_integer)
			out->literal =
				arena_printf(arena, "%s%llu", p->number.value.negative ? "-" : "",
					     (unsigned long long)p->number.value.magnitude);
	} else if (p->kind == PATTERN_ANY_OF) {
		out->form_count = p->any_of.count;
		out->forms = arena_array(arena, p->any_of.count, sizeof(*out->forms));
		for (size_t i = 0; i < p->any_of.count; i++)
			compile_pattern(arena, &p->any_of.list[i], keyword, number, user,
					&out->forms[i]);
	}
}

struct compiled_pattern *test_compile(struct arena *arena, const struct item *item,
				      test_field_number *number, void *user)
{
	struct compiled_pattern *out = arena_array(arena, item->count, sizeof(*out));

	for (size_t i = 0; i < item->count; i++)
		compile_pattern(arena, &item->patterns[i], item->field.len == 0, number, user,
				&out[i]);
	return out;
}

// ---- text ---------------------------------------------------------------

static bool glob_one(uint32_t pattern, uint32_t cp)
{
	if (pattern == PAT_ANY_ONE)
		return true;
	if (pattern == PAT_DASH)
		return pat_is_dash(cp);
	return pattern == cp;
}

// Full match. On a mismatch only the last `*` is tried again, one code point
// further: earlier ones need no retry. At most length x pattern steps.
static bool glob_match(const uint32_t *pattern, size_t count, struct str text)
{
	size_t i = 0;
	size_t at = 0;
	size_t star = SIZE_MAX;
	size_t mark = 0;

	while (at < text.len) {
		size_t next = at;
		uint32_t cp;

		if (i < count && pattern[i] == PAT_ANY_RUN) {
			star = i++;
			mark = at;
			continue;
		}
		cp = utf8_next(text, &next);
		if (i < count && glob_one(pattern[i], cp)) {
			i++;
			at = next;
		} else if (star != SIZE_MAX) {
			utf8_next(text, &mark);
			at = mark;
			i = star + 1;
		} else {
			return false;
		}
	}
	while (i < count && pattern[i] == PAT_ANY_RUN)
		i++;
	return i == count;
}

static bool test_text(const struct compiled_pattern *p, struct str text)
{
	switch (p->shape) {
	case SHAPE_ANY:
		return true;
	case SHAPE_EQUAL:
		return str_eq(text, p->literal);
	case SHAPE_PREFIX:
		return str_starts(text, p->literal);
	case SHAPE_SUFFIX:
		return str_ends(text, p->literal);
	case SHAPE_CONTAINS:
		return str_find(text, p->literal, 0) != SIZE_MAX;
	default:
		return glob_match(p->glob, p->glob_count, text);
	}
}

// ---- other kinds --------------------------------------------------------

static bool test_number(const struct pattern *p, struct str text)
{
	struct number value;

	if (!number_parse(text, &value))
		return false;
	// Plain equality with a float never reads hexadecimal (D-7).
	if (!p->number.compared && !p->number.value.is_integer &&
	    (str_find_char(text, 'x', 0) != SIZE_MAX || str_find_char(text, 'X', 0) != SIZE_MAX))
		return false;
	return compare_holds(p->number.op, number_compare(&value, &p->number.value));
}

static bool test_bool(const struct pattern *p, struct str text)
{
	return str_eq_nocase(text, p->boolean ? STR("true") : STR("false"));
}

static bool test_cidr(const struct pattern *p, struct str text)
{
	struct ip_addr addr;

	return ip_parse_peer(text, &addr) && ip_net_contains(&p->cidr, &addr);
}

static bool test_time(const struct pattern *p, struct str text)
{
	struct tm_parts parts;
	uint64_t ticks;
	int64_t value;

	if (!tm_parse(text, false, &ticks) || !tm_split(ticks, &parts))
		return false;
	switch (p->time.part) {
	case TIME_MINUTE:
		value = parts.minute;
		break;
	case TIME_HOUR:
		value = parts.hour;
		break;
	case TIME_DAY:
		value = parts.day;
		break;
	case TIME_WEEK:
		value = parts.week;
		break;
	case TIME_MONTH:
		value = parts.month;
		break;
	default:
		value = parts.year;
		break;
	}
	return compare_holds(p->time.op, value < p->time.value ? -1 : value > p->time.value);
}

static bool test_regex(const struct pattern *p, struct str text, const struct test_context *ctx)
{
	enum regex_result result = regex_search(p->regex.compiled, ctx->regex, text);

	if (result == REGEX_LIMIT)
		*ctx->regex_gave_up = true;
	return result == REGEX_YES;
}

static bool related(enum text_relation relation, struct str text, struct str other)
{
	switch (relation) {
	case RELATION_PREFIX:
		return str_starts(text, other);
	case RELATION_SUFFIX:
		return str_ends(text, other);
	case RELATION_CONTAINS:
		return str_find(text, other, 0) != SIZE_MAX;
	default:
		return str_eq(text, other);
	}
}

static bool test_fieldref(const struct compiled_pattern *p, struct instance *instance,
			  const struct test_context *ctx)
{
	struct instances other = ctx->resolve(ctx->user, p->field);
	struct str text = instance_folded(instance, ctx->event);

	for (size_t i = 0; i < other.count; i++) {
		if (related(p->pattern->field.relation, text,
			    instance_folded(&other.items[i], ctx->event)))
			return true;
	}
	return false;
}

bool test_instance(const struct compiled_pattern *p, struct instance *instance,
		   const struct test_context *ctx)
{
	const struct pattern *pattern = p->pattern;

	switch (pattern->kind) {
	case PATTERN_TEXT:
		return test_text(p, pattern->text.cased ? instance_text(instance, ctx->event)
							: instance_folded(instance, ctx->event));
	case PATTERN_REGEX:
		return test_regex(pattern, instance_text(instance, ctx->event), ctx);
	case PATTERN_CIDR:
		return test_cidr(pattern, instance_text(instance, ctx->event));
	case PATTERN_NUMBER:
		return p->literal.ptr != NULL
			       ? test_text(p, instance_folded(instance, ctx->event))
			       : test_number(pattern, instance_text(instance, ctx->event));
	case PATTERN_BOOL:
		return p->literal.ptr != NULL
			       ? test_text(p, instance_folded(instance, ctx->event))
			       : test_bool(pattern, instance_text(instance, ctx->event));
	case PATTERN_TIME:
		return test_time(pattern, instance_text(instance, ctx->event));
	case PATTERN_FIELD:
		return test_fieldref(p, instance, ctx);
	case PATTERN_NULL:
		return instance->is_null;
	case PATTERN_EXISTS:
		return pattern->boolean;
	case PATTERN_ANY_OF:
		for (size_t i = 0; i < p->form_count; i++) {
			if (test_instance(&p->forms[i], instance, ctx))
				return true;
		}
		return false;
	}
	return false;
}

bool test_field(const struct compiled_pattern *p, struct instances field,
		const struct test_context *ctx)
{
	if (p->pattern->kind == PATTERN_EXISTS)
		return (field.count > 0) == p->pattern->boolean;
	if (p->pattern->kind == PATTERN_NULL) {
		for (size_t i = 0; i < field.count; i++) {
			if (!field.items[i].is_null)
				return false;
		}
		return true;
	}
	for (size_t i = 0; i < field.count; i++) {
		if (test_instance(p, &field.items[i], ctx))
			return true;
	}
	return false;
}

bool test_item(const struct item *item, const struct compiled_pattern *patterns,
	       struct instances field, const struct test_context *ctx)
{
	bool result = item->all;

	for (size_t i = 0; i < item->count && result == item->all; i++)
		result = test_field(&patterns[i], field, ctx);
	return result != item->neq;
}
