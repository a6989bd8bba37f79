// SPDX-License-Identifier: Apache-2.0
// Writing JSON.
#include "output/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/escape.h"

static void separate(struct json *json)
{
	if (json->needs_comma)
		buf_put_char(json->out, ',');
	json->needs_comma = true;
}

void json_open(struct json *json, char bracket)
{
	separate(json);
	buf_put_char(json->out, bracket);
	json->needs_comma = false;
}

void json_open_line(struct json *json, char bracket)
{
	separate(json);
	buf_put_char(json->out, '\n');
	buf_put_char(json->out, bracket);
	json->needs_comma = false;
}

void json_close(struct json *json, char bracket)
{
	buf_put_char(json->out, bracket);
	json->needs_comma = true;
}

void json_key(struct json *json, struct str key)
{
	separate(json);
	escape_json(json->out, key);
	buf_put_char(json->out, ':');
	json->needs_comma = false;
}

void json_str(struct json *json, struct str value)
{
	separate(json);
	escape_json(json->out, value);
}

void json_u64(struct json *json, uint64_t value)
{
	separate(json);
	buf_printf(json->out, "%" PRIu64, value);
}

void json_i64(struct json *json, int64_t value)
{
	separate(json);
	buf_printf(json->out, "%" PRId64, value);
}

void json_format_double(double value, char out[JSON_DOUBLE_SIZE])
{
	// 2^53: below it "%.0f" prints exactly the digits of a whole number.
	if (fabs(value) < 9007199254740992.0 && trunc(value) >= value && trunc(value) <= value) {
		snprintf(out, JSON_DOUBLE_SIZE, "%.0f", value + 0.0); // -0 becomes 0
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		double back;

		snprintf(out, JSON_DOUBLE_SIZE, "%.*g", digits, value);
		back = strtod(out, NULL);
		if (back >= value && back <= value)
			return;
	}
}

void json_double(struct json *json, double value)
{
	char text[JSON_DOUBLE_SIZE];

	if (!isfinite(value)) {
		json_null(json);
		return;
	}
	json_format_double(value, text);
	separate(json);
	buf_put_text(json->out, text);
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	buf_put_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
	separate(json);
	buf_put_text(json->out, "null");
}

void json_raw(struct json *json, struct str value)
{
	separate(json);
	buf_put_str(json->out, value);
}

void json_time(struct json *json, uint64_t ticks)
{
	char text[ZONE_TEXT_SIZE];

	if (ticks == 0) {
		json_null(json);
		return;
	}
	json_str(json, (struct str){text, zone_format(json->zone, ticks, text)});
}

void json_put_str(struct json *json, const char *key, struct str value)
{
	json_key(json, str_from(key));
	json_str(json, value);
}

void json_put_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, str_from(key));
	json_u64(json, value);
}

void json_put_time(struct json *json, const char *key, uint64_t ticks)
{
	json_key(json, str_from(key));
	json_time(json, ticks);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
	json_key(json, str_from(key));
	json_bool(json, value);
}

void json_put_null(struct json *json, const char *key)
{
	json_key(json, str_from(key));
	json_null(json);
}

void json_put_open(struct json *json, const char *key, char bracket)
{
	json_key(json, str_from(key));
	json_open(json, bracket);
}
