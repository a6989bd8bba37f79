// SPDX-License-Identifier: Apache-2.0
// Time zones by the C library.
//
// The library takes an unknown zone for UTC without a word, so a zone is proved to be
// there before: a file that begins as time zone files do. Its whole path goes into TZ,
// so that the library reads what was looked at. This changes the process, and stands alone so
// that it is linked into the program only.
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATABASE "/usr/share/zoneinfo"
#define MACHINE_ZONE "/etc/localtime"
#define PATH_SIZE 1024

static bool is_zone_file(const char *path)
{
	char magic[4];
	FILE *file = fopen(path, "rb");
	bool is = file != NULL && fread(magic, 1, sizeof(magic), file) == sizeof(magic) &&
		  memcmp(magic, "TZif", sizeof(magic)) == 0;

	if (file != NULL)
		(void)fclose(file);
	return is;
}

// Parts of letters, digits, '+', '-' and '_', none empty: nothing leads out of the
// database, or to a terminal.
static bool is_name(struct str text)
{
	char before = '/';

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!ascii_is_alnum(c) && strchr("+-_/", c) == NULL)
			return false;
		if (c == '/' && before == '/')
			return false;
		before = c;
	}
	return before != '/' && text.len < ZONE_NAME_SIZE;
}

// The file of a name, if there is one.
static bool find_file(struct str name, char path[PATH_SIZE])
{
	const char *folder = getenv("TZDIR");
	int len;

	if (!is_name(name))
		return false;
	if (folder == NULL || folder[0] != '/')
		folder = DATABASE;
	len = snprintf(path, PATH_SIZE, "%s/%.*s", folder, STR_ARG(name));
	return len > 0 && len < PATH_SIZE && is_zone_file(path);
}

static void use_rules(const char *variable, struct zone *out)
{
	(void)setenv("TZ", variable, 1);
	tzset();
	out->kind = ZONE_RULES;
}

// As the zones below "right/" do: there the first second of 2020 is none of a minute.
static bool counts_leap_seconds(void)
{
	time_t at = 1577836800;
	struct tm parts;

	return localtime_r(&at, &parts) == NULL || parts.tm_sec != 0;
}

// "CEST", "<+0330>".
static bool take_name(struct str *text)
{
	size_t len = 0;

	if (text->len > 0 && text->ptr[0] == '<') {
		len = str_find_char(*text, '>', 0);
		if (len == SIZE_MAX || len < 4)
			return false;
		*text = str_sub(*text, len + 1, SIZE_MAX);
		return true;
	}
	while (len < text->len && ascii_is_alpha(text->ptr[len]))
		len++;
	*text = str_sub(*text, len, SIZE_MAX);
	return len >= 3;
}

// "-1", "+05:30".
static bool take_hours(struct str *text)
{
	struct str hours;
	uint64_t number;
	size_t len = 0;

	if (text->len > 0 && (text->ptr[0] == '+' || text->ptr[0] == '-'))
		*text = str_sub(*text, 1, SIZE_MAX);
	while (len < text->len && ascii_is_digit(text->ptr[len]))
		len++;
	hours = str_sub(*text, 0, len);
	while (len < text->len && (ascii_is_digit(text->ptr[len]) || text->ptr[len] == ':'))
		len++;
	*text = str_sub(*text, len, SIZE_MAX);
	return str_to_u64(hours, &number) && number <= 24;
}

// "CET-1CEST,M3.5.0,M10.5.0/3": a name and an offset, and the same for summer.
static bool is_rule(struct str text)
{
	if (!take_name(&text) || !take_hours(&text))
		return false;
	if (text.len == 0)
		return true;
	if (!take_name(&text) || (text.len > 0 && text.ptr[0] != ',' && !take_hours(&text)))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\0' || strchr(",MJ0123456789./:+-", text.ptr[i]) == NULL)
			return false;
	}
	return text.len == 0 || text.ptr[0] == ',';
}

// What TZ says; false when it says nothing that is there.
static bool load_variable(struct str text, struct zone *out)
{
	char path[PATH_SIZE];

	if (text.len > 0 && text.ptr[0] == ':')
		text = str_sub(text, 1, text.len);
	if (str_eq_nocase(text, STR("UTC")))
		return true; // without a database, too
	if (text.len > 0 && text.ptr[0] == '/') {
		if (!is_zone_file(text.ptr))
			return false;
		use_rules(text.ptr, out);
		return true;
	}
	if (find_file(text, path))
		use_rules(path, out);
	else if (is_rule(text))
		use_rules(text.ptr, out);
	return out->kind == ZONE_RULES;
}

// A machine without the file, or with an empty TZ, keeps UTC.
static enum rc load_local(struct zone *out, struct err *err)
{
	const char *variable = getenv("TZ");
	char path[PATH_SIZE];

	if (variable != NULL && variable[0] != '\0') {
		// setenv() of a variable's own text would be undefined.
		if (snprintf(path, sizeof(path), "%s", variable) < PATH_SIZE &&
		    load_variable(str_from(path), out))
			return RC_OK;
		err_set(err, "the variable TZ is '%.64s', and there is no such time zone",
			variable);
		return RC_FAILED;
	}
	if (variable == NULL && is_zone_file(MACHINE_ZONE))
		use_rules(MACHINE_ZONE, out);
	return RC_OK;
}

// "+01:00", "-0530": ISO 8601, kept with the colon.
static bool parse_offset(struct str text, struct zone *out)
{
	char stamp[32] = "2000-01-01";
	struct tm_stamp parsed;

	if (text.len < 5 || text.len > 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') ||
	    !ascii_is_digit(text.ptr[text.len - 1]))
		return false;
	memcpy(stamp + 10, text.ptr, text.len);
	if (!tm_parse_stamp((struct str){stamp, 10 + text.len}, &parsed))
		return false;
	out->kind = ZONE_OFFSET;
	out->minutes = parsed.minutes;
	zone_put_offset(out->name, parsed.minutes);
	return true;
}

static enum rc load_name(struct str name, struct zone *out, struct err *err)
{
	char path[PATH_SIZE];

	if (find_file(name, path)) {
		use_rules(path, out);
		return RC_OK;
	}
	err_set(err,
		"'%.*s' is no time zone of this machine (UTC, local, an offset such as +01:00, or "
		"a name such as Europe/Berlin)",
		STR_ARG(str_sub(name, 0, ZONE_NAME_SIZE)));
	return RC_FAILED;
}

enum rc zone_load(struct str text, struct zone *out, struct err *err)
{
	bool is_local = str_eq_nocase(text, STR("local"));
	enum rc rc;

	memset(out, 0, sizeof(*out));
	if (str_eq_nocase(text, STR("UTC")) || parse_offset(text, out))
		return RC_OK;
	rc = is_local ? load_local(out, err) : load_name(text, out, err);
	if (rc != RC_OK || out->kind == ZONE_UTC)
		return rc;
	if (counts_leap_seconds()) {
		err_set(err, "'%.*s' counts leap seconds, which event logs do not", STR_ARG(text));
		return RC_FAILED;
	}
	memcpy(out->name, is_local ? "local" : text.ptr, text.len);
	out->name[text.len] = '\0';
	return RC_OK;
}
