// SPDX-License-Identifier: Apache-2.0
// Parsing and comparing numbers of events.
#include "match/number.h"

#include <stdlib.h>
#include <string.h>

#include "base/clocale.h"
#include "base/limits.h"

// [0-9]*[.][0-9]*([eE][+-]?[0-9]+)? with at least one digit.
static bool is_decimal_float(struct str s)
{
	size_t at = 0;
	size_t digits = 0;
	size_t exponent = 0;

	for (; at < s.len && ascii_is_digit(s.ptr[at]); at++)
		digits++;
	if (at < s.len && s.ptr[at] == '.')
		at++;
	for (; at < s.len && ascii_is_digit(s.ptr[at]); at++)
		digits++;
	if (digits == 0)
		return false;
	if (at == s.len)
		return true;
	if (ascii_lower(s.ptr[at++]) != 'e')
		return false;
	if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-'))
		at++;
	for (; at < s.len && ascii_is_digit(s.ptr[at]); at++)
		exponent++;
	return exponent > 0 && at == s.len;
}

bool number_parse(struct str text, struct number *out)
{
	struct str s = str_trim(text);
	char copy[LIMIT_NUMBER_TEXT + 1];
	locale_t before;

	memset(out, 0, sizeof(*out));
	if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+')) {
		out->negative = s.ptr[0] == '-';
		s = str_sub(s, 1, SIZE_MAX);
	}
	if (str_to_u64(s, &out->magnitude) || str_hex_to_u64(s, &out->magnitude)) {
		out->is_integer = true;
		out->real = (double)out->magnitude * (out->negative ? -1.0 : 1.0);
		out->negative &= out->magnitude != 0;
		return true;
	}
	if (s.len > LIMIT_NUMBER_TEXT || !is_decimal_float(s))
		return false;
	memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	before = clocale_enter();
	out->real = strtod(copy, NULL) * (out->negative ? -1.0 : 1.0);
	clocale_leave(before);
	return true;
}

// An integer and a double by value: above 2^53 the integer's own double may
// be another number.
static int compare_mixed(const struct number *integer, double real)
{
	double whole;
	uint64_t magnitude;

	if (integer->negative)
		return -compare_mixed(&(struct number){.magnitude = integer->magnitude}, -real);
	if (!(real >= 0))
		return 1;
	if (real >= 18446744073709551616.0)
		return -1;
	magnitude = (uint64_t)real;
	if (integer->magnitude != magnitude)
		return integer->magnitude < magnitude ? -1 : 1;
	whole = (double)magnitude;
	return real > whole ? -1 : 0;
}

int number_compare(const struct number *a, const struct number *b)
{
	if (a->is_integer != b->is_integer)
		return a->is_integer ? compare_mixed(a, b->real) : -compare_mixed(b, a->real);
	if (!a->is_integer)
		return a->real < b->real ? -1 : a->real > b->real;
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	if (a->magnitude == b->magnitude)
		return 0;
	return (a->magnitude < b->magnitude) == !a->negative ? -1 : 1;
}

bool compare_holds(enum compare_op op, int order)
{
	switch (op) {
	case COMPARE_LT:
		return order < 0;
	case COMPARE_LTE:
		return order <= 0;
	case COMPARE_GT:
		return order > 0;
	case COMPARE_GTE:
		return order >= 0;
	case COMPARE_NEQ:
		return order != 0;
	default:
		return order == 0;
	}
}
