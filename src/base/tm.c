// SPDX-License-Identifier: Apache-2.0
// FILETIME arithmetic in the proleptic Gregorian calendar.
#include "base/tm.h"

#include "base/digits.h"

#define SECONDS_PER_DAY 86400u
#define DAYS_1601_TO_1970 134774

// Days since 1970-01-01 of a civil date, and back (H. Hinnant's algorithm:
// years are counted from March, so that the leap day comes last).
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, struct tm_parts *parts)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	parts->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	parts->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	parts->year = (int)(yoe + era * 400 + (parts->month <= 2));
}

// ISO 8601: the week of a day is the week of its Thursday.
static int iso_week(int64_t days)
{
	int64_t weekday = (days % 7 + 10) % 7; // Monday = 0; 1970-01-01 was a Thursday
	int64_t thursday = days - weekday + 3;
	struct tm_parts parts;

	civil_from_days(thursday, &parts);
	return (int)((thursday - days_from_civil(parts.year, 1, 1)) / 7 + 1);
}

bool tm_split(uint64_t ticks, struct tm_parts *parts)
{
	uint64_t seconds = ticks / TM_TICKS_PER_SECOND;
	uint64_t of_day = seconds % SECONDS_PER_DAY;
	int64_t days = (int64_t)(seconds / SECONDS_PER_DAY) - DAYS_1601_TO_1970;

	if (ticks >= TM_YEAR_10000)
		return false;
	civil_from_days(days, parts);
	parts->hour = (int)(of_day / 3600);
	parts->minute = (int)(of_day / 60 % 60);
	parts->second = (int)(of_day % 60);
	parts->fraction = (uint32_t)(ticks % TM_TICKS_PER_SECOND);
	parts->week = iso_week(days);
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool tm_join(const struct tm_parts *parts, uint64_t *ticks)
{
	int64_t days;

	if (parts->year < 1601 || parts->year > 9999 || parts->month < 1 || parts->month > 12 ||
	    parts->day < 1 || parts->day > days_in_month(parts->year, parts->month) ||
	    parts->hour < 0 || parts->hour > 23 || parts->minute < 0 || parts->minute > 59 ||
	    parts->second < 0 || parts->second > 59 || parts->fraction >= TM_TICKS_PER_SECOND)
		return false;
	days = days_from_civil(parts->year, parts->month, parts->day) + DAYS_1601_TO_1970;
	*ticks = ((uint64_t)days * SECONDS_PER_DAY + (uint64_t)parts->hour * 3600 +
		  (uint64_t)parts->minute * 60 + (uint64_t)parts->second) *
			 TM_TICKS_PER_SECOND +
		 parts->fraction;
	return true;
}

int64_t tm_unix_micros(uint64_t ticks)
{
	return (int64_t)(ticks / 10) - (int64_t)(TM_UNIX_EPOCH / 10);
}

// `width` digits of `value`, zeros in front.
static char *put_padded(char *out, uint32_t value, size_t width)
{
	for (size_t i = width; i > 0; i--, value /= 10)
		out[i - 1] = (char)('0' + value % 10);
	return out + width;
}

size_t tm_format(uint64_t ticks, char out[TM_TEXT_SIZE])
{
	struct tm_parts p;
	char *at = out;

	if (!tm_split(ticks, &p)) {
		at += digits_u64(ticks, at);
		*at = '\0';
		return (size_t)(at - out);
	}
	at = put_padded(at, (uint32_t)p.year, 4);
	*at++ = '-';
	at = put_padded(at, (uint32_t)p.month, 2);
	*at++ = '-';
	at = put_padded(at, (uint32_t)p.day, 2);
	*at++ = 'T';
	at = put_padded(at, (uint32_t)p.hour, 2);
	*at++ = ':';
	at = put_padded(at, (uint32_t)p.minute, 2);
	*at++ = ':';
	at = put_padded(at, (uint32_t)p.second, 2);
	*at++ = '.';
	at = put_padded(at, p.fraction, 7);
	*at++ = 'Z';
	*at = '\0';
	return (size_t)(at - out);
}

// Read exactly `digits` decimal digits at `*at`.
static bool take_number(struct str s, size_t *at, size_t digits, int *out)
{
	int value = 0;

	if (s.len - *at < digits)
		return false;
	for (size_t i = 0; i < digits; i++, ++*at) {
		if (!ascii_is_digit(s.ptr[*at]))
			return false;
		value = value * 10 + (s.ptr[*at] - '0');
	}
	*out = value;
	return true;
}

static bool take_char(struct str s, size_t *at, char c)
{
	if (*at >= s.len || s.ptr[*at] != c)
		return false;
	++*at;
	return true;
}

// The digits behind the point, as 100 ns units; more than seven are cut off.
static bool take_fraction(struct str s, size_t *at, uint32_t *out)
{
	uint32_t value = 0;
	size_t digits = 0;

	for (; *at < s.len && ascii_is_digit(s.ptr[*at]); ++*at, digits++) {
		if (digits < 7)
			value = value * 10 + (uint32_t)(s.ptr[*at] - '0');
	}
	if (digits == 0 || digits > 9)
		return false;
	for (; digits < 7; digits++)
		value *= 10;
	*out = value;
	return true;
}

// hh:mm[:ss[.fraction]]
static bool take_time(struct str s, size_t *at, struct tm_parts *p)
{
	if (!take_number(s, at, 2, &p->hour) || !take_char(s, at, ':') ||
	    !take_number(s, at, 2, &p->minute))
		return false;
	if (!take_char(s, at, ':'))
		return true;
	if (!take_number(s, at, 2, &p->second))
		return false;
	return !take_char(s, at, '.') || take_fraction(s, at, &p->fraction);
}

// Nothing, 'Z', or an offset in minutes.
static bool take_offset(struct str s, size_t *at, int *minutes)
{
	int hour = 0;
	int minute = 0;
	int sign;

	*minutes = 0;
	if (*at == s.len || take_char(s, at, 'Z') || take_char(s, at, 'z'))
		return true;
	sign = s.ptr[*at] == '+' ? 1 : s.ptr[*at] == '-' ? -1 : 0;
	++*at;
	if (sign == 0 || !take_number(s, at, 2, &hour) ||
	    (take_char(s, at, ':'), !take_number(s, at, 2, &minute)) || hour > 23 || minute > 59)
		return false;
	*minutes = sign * (hour * 60 + minute);
	return true;
}

bool tm_parse_stamp(struct str s, struct tm_stamp *out)
{
	struct tm_parts p = {0};
	size_t at = 0;

	s = str_trim(s);
	if (!take_number(s, &at, 4, &p.year) || !take_char(s, &at, '-') ||
	    !take_number(s, &at, 2, &p.month) || !take_char(s, &at, '-') ||
	    !take_number(s, &at, 2, &p.day))
		return false;
	out->is_date = !take_char(s, &at, 'T') && !take_char(s, &at, ' ');
	if (!out->is_date && !take_time(s, &at, &p))
		return false;
	out->has_offset = at < s.len;
	return take_offset(s, &at, &out->minutes) && at == s.len && tm_join(&p, &out->clock);
}

bool tm_parse(struct str s, bool use_offset, uint64_t *ticks)
{
	struct tm_stamp stamp;
	int64_t shift;

	if (!tm_parse_stamp(s, &stamp))
		return false;
	shift = use_offset ? (int64_t)stamp.minutes * 60 * (int64_t)TM_TICKS_PER_SECOND : 0;
	if (shift > 0 && (uint64_t)shift > stamp.clock)
		return false;
	*ticks = (uint64_t)((int64_t)stamp.clock - shift);
	return *ticks < TM_YEAR_10000;
}

bool tm_parse_span(struct str s, uint64_t *ticks)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = {{'s', 1},	    {'m', 60},	    {'h', 3600},    {'d', 86400},
		     {'w', 604800}, {'M', 2629746}, {'y', 31556952}};
	uint64_t count;

	if (s.len < 2 || !str_to_u64(str_sub(s, 0, s.len - 1), &count) || count == 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit != s.ptr[s.len - 1])
			continue;
		if (count > INT64_MAX / (units[i].seconds * TM_TICKS_PER_SECOND))
			return false;
		*ticks = count * units[i].seconds * TM_TICKS_PER_SECOND;
		return true;
	}
	return false;
}
