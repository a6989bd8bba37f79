// SPDX-License-Identifier: Apache-2.0
// What plain scalars mean: the resolvers of PyYAML (YAML 1.1).
//
// Widely used rules lean on them: `010` is 8, `yes` is true, `1e3` is text
// because PyYAML wants a dot in a float (sigma-engine.md 1.1).
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

// Digits of `base`, underscores ignored; saturates.
static bool digits(struct str text, unsigned base, struct yaml_value *out)
{
	uint64_t value = 0;
	double real = 0;
	bool overflow = false;
	bool any = false;

	for (size_t i = 0; i < text.len; i++) {
		int digit;

		if (text.ptr[i] == '_')
			continue;
		digit = ascii_hex(text.ptr[i]);
		if (digit < 0 || (unsigned)digit >= base)
			return false;
		any = true;
		real = real * base + digit;
		overflow |= value > (UINT64_MAX - (unsigned)digit) / base;
		value = value * base + (unsigned)digit;
	}
	out->magnitude = overflow ? UINT64_MAX : value;
	out->overflow = overflow;
	out->number = real;
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
		struct yaml_value value;

		if (!digits(part, 10, &value))
			return false;
		if (parts++ > 0 && (part.len > 2 || value.magnitude > 59))
			return false;
		if (total > (UINT64_MAX - value.magnitude) / 60)
			return false;
		total = total * 60 + value.magnitude;
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
	return digits(str_sub(text, 1, SIZE_MAX), 8, out);
}

static bool resolve_int(struct str text, struct yaml_value *out)
{
	struct str rest = text;

	if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
		out->negative = text.ptr[0] == '-';
		rest = str_sub(text, 1, SIZE_MAX);
	}
	if (!magnitude(rest, out)) {
		out->negative = false;
		return false;
	}
	out->type = YAML_INT;
	if (out->negative)
		out->number = -out->number;
	return true;
}

// [-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)? or [-+]?\.[0-9][0-9_]*(...)?
static bool float_shape(struct str text, char *copy, size_t size)
{
	size_t n = 0;
	size_t at = 0;
	size_t before = 0;
	size_t after = 0;

	if (text.len >= size)
		return false;
	if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'))
		copy[n++] = text.ptr[at++];
	for (; at < text.len && (ascii_is_digit(text.ptr[at]) || text.ptr[at] == '_'); at++) {
		if (text.ptr[at] != '_') {
			copy[n++] = text.ptr[at];
			before++;
		}
	}
	if (at >= text.len || text.ptr[at] != '.')
		return false;
	copy[n++] = text.ptr[at++];
	for (; at < text.len && (ascii_is_digit(text.ptr[at]) || text.ptr[at] == '_'); at++) {
		if (text.ptr[at] != '_') {
			copy[n++] = text.ptr[at];
			after++;
		}
	}
	if (before + after == 0)
		return false;
	if (at < text.len && ascii_lower(text.ptr[at]) == 'e') {
		copy[n++] = text.ptr[at++];
		if (at >= text.len || (text.ptr[at] != '-' && text.ptr[at] != '+'))
			return false;
		copy[n++] = text.ptr[at++];
		if (at >= text.len)
			return false;
		for (; at < text.len && ascii_is_digit(text.ptr[at]); at++)
			copy[n++] = text.ptr[at];
	}
	copy[n] = '\0';
	return at == text.len;
}

static bool resolve_float(struct str text, struct yaml_value *out)
{
	static const char *const infinite[] = {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"};
	static const char *const minus[] = {"-.inf", "-.Inf", "-.INF"};
	static const char *const nan_words[] = {".nan", ".NaN", ".NAN"};
	char copy[128];

	if (float_shape(text, copy, sizeof(copy)))
		out->number = strtod(copy, NULL);
	else if (IS_ONE_OF(text, infinite))
		out->number = INFINITY;
	else if (IS_ONE_OF(text, minus))
		out->number = -INFINITY;
	else if (IS_ONE_OF(text, nan_words))
		out->number = NAN;
	else
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

struct yaml_value yaml_resolve(const struct yaml_node *scalar)
{
	struct yaml_value out = {.type = YAML_STRING};

	if (scalar->kind != YAML_SCALAR || scalar->quoted)
		return out;
	if (resolve_word(scalar->text, &out) || resolve_int(scalar->text, &out) ||
	    resolve_float(scalar->text, &out) || resolve_date(scalar->text, &out))
		return out;
	return out;
}
