// SPDX-License-Identifier: Apache-2.0
// Differences as lines.
#include "dump/verify.h"
#include "output/escape.h"
#include "output/json.h"

// Columns of a value that people are shown; JSON has all of it.
#define VALUE_WIDTH 120

static const char *kind_name(enum verify_kind kind)
{
	static const char *const names[] = {
		[VERIFY_FIELD] = "value",
		[VERIFY_NATIVE_FIELD] = "field only native",
		[VERIFY_REF_FIELD] = "field only libevtx",
		[VERIFY_NATIVE] = "record only native",
		[VERIFY_REF] = "record only libevtx",
		[VERIFY_LOST] = "record that neither can read",
	};

	return names[kind];
}

static void put_value(struct buf *out, const char *reader, struct str value)
{
	buf_printf(out, " %s \"", reader);
	escape_terminal_cut(out, value, VALUE_WIDTH);
	buf_put_char(out, '"');
}

void verify_put_text(struct buf *out, const struct verify_item *item)
{
	buf_printf(out, "record %llu", (unsigned long long)item->header_id);
	if (item->offset != 0)
		buf_printf(out, " at offset %llu", (unsigned long long)item->offset);
	buf_printf(out, ": %s", kind_name(item->kind));
	if (item->reason.len != 0) {
		buf_put_text(out, " (");
		escape_terminal(out, item->reason);
		buf_put_char(out, ')');
	} else {
		buf_put_char(out, ' ');
		escape_terminal(out, item->path);
		buf_put_char(out, ':');
	}
	if (item->kind == VERIFY_FIELD || item->kind == VERIFY_NATIVE_FIELD)
		put_value(out, "native", item->native);
	if (item->kind == VERIFY_FIELD || item->kind == VERIFY_REF_FIELD)
		put_value(out, "libevtx", item->ref);
	if (item->kind != VERIFY_LOST)
		buf_printf(out, " [%s]", item->explained != NULL ? item->explained : "UNEXPLAINED");
	buf_put_char(out, '\n');
}

void verify_put_json(struct buf *out, const struct verify_item *item)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "EvtxFile", item->file);
	json_put_u64(&json, "HeaderRecordID", item->header_id);
	if (item->offset != 0)
		json_put_u64(&json, "Offset", item->offset);
	json_put_str(&json, "Kind", str_from(kind_name(item->kind)));
	if (item->path.len != 0)
		json_put_str(&json, "Field", item->path);
	if (item->kind == VERIFY_FIELD || item->kind == VERIFY_NATIVE_FIELD)
		json_put_str(&json, "Native", item->native);
	if (item->kind == VERIFY_FIELD || item->kind == VERIFY_REF_FIELD)
		json_put_str(&json, "Libevtx", item->ref);
	if (item->reason.len != 0)
		json_put_str(&json, "Reason", item->reason);
	if (item->explained != NULL)
		json_put_str(&json, "ExplainedBy", str_from(item->explained));
	else if (item->kind != VERIFY_LOST)
		json_put_null(&json, "ExplainedBy");
	json_close(&json, '}');
	buf_put_char(out, '\n');
}
