// SPDX-License-Identifier: Apache-2.0
// A small writer of JSON: commas and quotes, nothing else.
//
// Values are put in order; in an object each one after its key. Texts may be
// hostile (escape.h). A zeroed struct with `out` set is ready for one value.
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "base/buf.h"
#include "base/zone.h"

struct json {
	struct buf *out;
	bool needs_comma;	 // something stands before the next value or key
	const struct zone *zone; // of json_time(); NULL = UTC
};

// '{' '}' '[' ']'
void json_open(struct json *json, char bracket);
// The same at the start of a line.
void json_open_line(struct json *json, char bracket);
void json_close(struct json *json, char bracket);

void json_key(struct json *json, struct str key);
void json_str(struct json *json, struct str value);
void json_u64(struct json *json, uint64_t value);
void json_i64(struct json *json, int64_t value);
// The shortest digits that read back as the same double, without a point for
// whole numbers; null for NaN and infinities.
void json_double(struct json *json, double value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
// A value that is JSON already.
void json_raw(struct json *json, struct str value);
// zone_format(), null for 0.
void json_time(struct json *json, uint64_t ticks);

// Key and value at once; keys are literals.
void json_put_str(struct json *json, const char *key, struct str value);
void json_put_u64(struct json *json, const char *key, uint64_t value);
void json_put_time(struct json *json, const char *key, uint64_t ticks);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_null(struct json *json, const char *key);
// Key and opening bracket.
void json_put_open(struct json *json, const char *key, char bracket);

// The digits of json_double() for a finite number.
#define JSON_DOUBLE_SIZE 32
void json_format_double(double value, char out[JSON_DOUBLE_SIZE]);

#endif
