// SPDX-License-Identifier: Apache-2.0
// What plain scalars mean: the resolvers of PyYAML (YAML 1.1).
//
// Widely used rules lean on them: `010` is 8, `yes` is true, `1e3` is text
// because PyYAML wants a dot in a float (sigma-engine.md 1.1).
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clocale.h"
#include "base/tm.h"
#include "yaml/yaml.h"

static bool is_one_of(struct str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(text, str_from(words[i])))
			return true;
	}
	return false;
}

#define IS_ONE_OF(text, words) is_one_of(text, words, sizeof(words) / sizeof((words)[0]))

static bool resolve_word(struct str text, struct yaml_value *out)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	static const char *const yes[] = {"true", "True", "TRUE", "yes", "Yes",
					  "YES",  "on",	  "On",	  "ON"};
	static const char *const no[] = {"false", "False", "FALSE", "no", "No",
					 "NO",	  "off",   "Off",   "OFF"};

	if (IS_ONE_OF(text, nulls)) {
		out->type = YAML_NULL;
		return true;
	}
	if (IS_ONE_OF(text, yes) || IS_ONE_OF(text, no)) {
		out->type = YAML_BOOL;
		out->boolean = IS_ONE_OF(text, yes);
		return true;
	}
	return false;
}

// Digits of `base`, underscores ignored. What does not fit 64 bits saturates,
// and is no integer any more: `number` has its size.
static bool digits(struct str text, unsigned base, struct yaml_value *out)
{
	bool any = false;

	out->magnitude = 0;
	out->number = 0;
	out->type = YAML_INT;
	for (size_t i = 0; i < text.len; i++) {
		int digit;

		if (text.ptr[i] == '_')
			continue;
		digit = ascii_hex(text.ptr[i]);
		if (digit < 0 || (unsigned)digit >= base)
			return false;
		any = true;
		out->number = out->number * base + digit;
		if (out->magnitude > (UINT64_MAX - (unsigned)digit) / base)
			out->type = YAML_FLOAT;
		else
			out->magnitude = out->magnitude * base + (unsigned)digit;
	}
	return any;
}

// 12:30 and 1:02:03, base 60: [1-9][0-9_]*(:[0-5]?[0-9])+
static bool sexagesimal(struct str text, struct yaml_value *out)
{
	struct str part;
	uint64_t total = 0;
	size_t parts = 0;

	if (text.len == 0 || text.ptr[0] < '1' || text.ptr[0] > '9')
		return false;
	while (str_split(&text, ':', &part)) {
		uint64_t value;

		if (parts == 0 && (!digits(part, 10, out) || out->type != YAML_INT))
			return false;
		if (parts > 0 && (part.len > 2 || !str_to_u64(part, &value) || value > 59))
			return false;
		if (parts++ == 0)
			value = out->magnitude;
		if (total > (UINT64_MAX - value) / 60)
			return false;
		total = total * 60 + value;
	}
	out->magnitude = total;
	out->number = (double)total;
	return parts > 1;
}

static bool magnitude(struct str text, struct yaml_value *out)
{
	char second = text.len > 1 ? text.ptr[1] : '\0';

	if (text.len == 0 || !ascii_is_digit(text.ptr[0]))
		return false;
	if (text.ptr[0] != '0' || text.len == 1) {
		out->sexagesimal = sexagesimal(text, out);
		return out->sexagesimal || digits(text, 10, out);
	}
	if (second == 'x')
		return digits(str_sub(text, 2, SIZE_MAX), 16, out);
	if (second == 'b')
		return digits(str_sub(text, 2, SIZE_MAX), 2, out);
	return digits(text, 8, out);
}

static bool resolve_int(struct str text, struct yaml_value *out)
{
	struct yaml_value value = *out;
	struct str rest = text;

	if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
		value.negative = text.ptr[0] == '-';
		rest = str_sub(text, 1, SIZE_MAX);
	}
	if (!magnitude(rest, &value))
		return false;
	if (value.negative)
		value.number = -value.number;
	*out = value;
	return true;
}

// The digits of a float's part, underscores dropped; returns how many.
static size_t copy_digits(struct str text, size_t *at, struct buf *copy)
{
	size_t n = 0;

	for (; *at < text.len && (ascii_is_digit(text.ptr[*at]) || text.ptr[*at] == '_'); ++*at) {
		if (text.ptr[*at] == '_')
			continue;
		buf_put_char(copy, text.ptr[*at]);
		n++;
	}
	return n;
}

static bool is_sign(struct str text, size_t at)
{
	return at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+');
}

// [-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)? or \.[0-9][0-9_]*([eE][-+][0-9]+)?
static bool float_shape(struct str text, struct buf *copy)
{
	size_t at = 0;
	bool leading;

	if (is_sign(text, at))
		buf_put_char(copy, text.ptr[at++]);
	leading = at < text.len && ascii_is_digit(text.ptr[at]);
	if (leading)
		copy_digits(text, &at, copy);
	if (at >= text.len || text.ptr[at] != '.' || (!leading && at > 0))
		return false;
	buf_put_char(copy, text.ptr[at++]);
	if (!leading && (at >= text.len || !ascii_is_digit(text.ptr[at])))
		return false;
	copy_digits(text, &at, copy);
	if (at == text.len)
		return true;
	if (ascii_lower(text.ptr[at]) != 'e' || !is_sign(text, at + 1))
		return false;
	buf_put(copy, text.ptr + at, 2);
	at += 2;
	if (at == text.len)
		return false;
	for (; at < text.len && ascii_is_digit(text.ptr[at]); at++)
		buf_put_char(copy, text.ptr[at]);
	return at == text.len;
}

static bool decimal(struct str text, double *out)
{
	locale_t before = clocale_enter();
	struct buf copy = {0};
	bool ok = float_shape(text, &copy);

	if (ok)
		*out = strtod(copy.ptr, NULL);
	clocale_leave(before);
	buf_release(&copy);
	return ok;
}

static bool resolve_float(struct str text, struct yaml_value *out)
{
	static const char *const infinite[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"};
	static const char *const minus[] = {"-.inf", "-.Inf", "-.INF"};
	static const char *const nan_words[] = {".nan", ".NaN", ".NAN"};

	if (IS_ONE_OF(text, infinite))
		out->number = INFINITY;
	else if (IS_ONE_OF(text, minus))
		out->number = -INFINITY;
	else if (IS_ONE_OF(text, nan_words))
		out->number = NAN;
	else if (!decimal(text, &out->number))
		return false;
	out->type = YAML_FLOAT;
	return true;
}

// YYYY-MM-DD, or a full timestamp that begins like one.
static bool resolve_date(struct str text, struct yaml_value *out)
{
	uint64_t ticks;
	struct tm_parts parts;

	if (text.len < 10 || text.ptr[4] != '-' || text.ptr[7] != '-')
		return false;
	// PyYAML's pattern takes any digits; dates before 1601 do not occur.
	if (!tm_parse(text, false, &ticks) || !tm_split(ticks, &parts))
		return false;
	out->type = YAML_DATE;
	return true;
}

// Everything that is no string begins with one of these; most texts do not, and
// loading 2,900 rules asks 250,000 times.
static bool may_resolve(struct str text)
{
	static const char first[] = "0123456789+-.~nNtTfFyYoO";

	return text.len == 0 || memchr(first, text.ptr[0], sizeof(first) - 1) != NULL;
}

struct yaml_value yaml_resolve(const struct yaml_node *scalar)
{
	struct yaml_value out = {.type = YAML_STRING};

	if (scalar->kind != YAML_SCALAR || scalar->quoted || !may_resolve(scalar->text))
		return out;
	if (resolve_word(scalar->text, &out) || resolve_int(scalar->text, &out) ||
	    resolve_float(scalar->text, &out) || resolve_date(scalar->text, &out))
		return out;
	return out;
}
