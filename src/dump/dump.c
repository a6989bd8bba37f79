// SPDX-License-Identifier: Apache-2.0
// Events -> lines.
#include "dump/dump.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tm.h"
#include "dump/json_value.h"
#include "dump/layout.h"
#include "output/escape.h"

struct dump {
	enum dump_format format;
	bool recovered;		 // there may be such records
	struct layouts *layouts; // NULL for CSV
	struct json_day day;
};

bool dump_parse_format(struct str name, enum dump_format *out)
{
	static const struct str names[] = {
		[DUMP_JSONL] = STR_INIT("jsonl"),
		[DUMP_CSV] = STR_INIT("csv"),
		[DUMP_XML] = STR_INIT("xml"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eq(name, names[i])) {
			*out = (enum dump_format)i;
			return true;
		}
	}
	return false;
}

struct dump *dump_new(enum dump_format format, bool recovered)
{
	struct dump *dump = mem_zalloc(sizeof(*dump));

	dump->format = format;
	dump->recovered = recovered;
	if (format != DUMP_CSV)
		dump->layouts = layouts_new(format == DUMP_XML ? LAYOUT_XML : LAYOUT_JSON);
	return dump;
}

void dump_free(struct dump *dump)
{
	if (dump == NULL)
		return;
	layouts_free(dump->layouts);
	free(dump);
}

// Most texts of a layout are short: one copy of a fixed size.
static char *put_padded(char *at, struct str text)
{
	memcpy(at, text.ptr, LAYOUT_PAD);
	if (text.len > LAYOUT_PAD)
		memcpy(at + LAYOUT_PAD, text.ptr + LAYOUT_PAD, text.len - LAYOUT_PAD);
	return at + text.len;
}

static void put_json(struct dump *dump, const struct event *event, struct buf *out)
{
	const struct layout *layout = layouts_get(dump->layouts, event);

	for (size_t i = 0; i < event->count; i++) {
		const struct value *value = &event->fields[i].value;
		struct str before = layout->before[i];
		size_t room = before.len + LAYOUT_PAD + json_value_room(value);
		char *start =
			out->cap - out->len < room ? buf_reserve(out, room) : out->ptr + out->len;
		char *at = put_padded(start, before);
		char *end = json_value_at(at, value, &dump->day);

		out->len += (size_t)((end != NULL ? end : at) - start);
		if (end == NULL)
			json_value(out, value, &dump->day, event->arena);
	}
	buf_put_str(out, layout->before[event->count]);
}

static void put_xml(struct dump *dump, const struct event *event, struct buf *out)
{
	const struct layout *layout = layouts_get(dump->layouts, event);

	for (size_t i = 0; i < event->count; i++) {
		buf_put_str(out, layout->before[i]);
		escape_xml(out, event_text(event, &event->fields[i]));
	}
	buf_put_str(out, layout->before[event->count]);
}

// ---- CSV ----------------------------------------------------------------

static void put_time(const struct event *event, struct buf *out)
{
	char text[TM_TEXT_SIZE];

	if (event->time != 0)
		buf_put(out, text, tm_format(event->time, text));
}

static void put_level(const struct event *event, struct buf *out)
{
	const struct field *level = event_find_path(event, STR("System/Level"));

	if (level != NULL)
		escape_csv(out, event_text(event, level));
}

// "Name: value ¦ Name: value" of everything but System.
static void put_fields(const struct event *event, struct buf *out)
{
	bool open = false;

	for (size_t i = 0; i < event->count; i++) {
		const struct field *field = &event->fields[i];

		if (field->section == FIELD_SYSTEM)
			continue;
		if (open)
			buf_put_text(out, " ¦ ");
		else
			escape_csv_open(out, field->name);
		open = true;
		escape_csv_put(out, field->name);
		buf_put_text(out, ": ");
		escape_csv_put(out, event_text(event, field));
	}
	if (open)
		escape_csv_close(out);
}

static struct str place_of(const struct event *event)
{
	return event_place_text(event->place, event->lent);
}

static void put_csv(const struct dump *dump, const struct event *event, struct str path,
		    struct buf *out)
{
	put_time(event, out);
	buf_put_char(out, ',');
	escape_csv(out, event->computer);
	buf_put_char(out, ',');
	escape_csv(out, event->channel);
	buf_put_char(out, ',');
	escape_csv(out, event->provider);
	buf_printf(out, ",%u,", (unsigned)event->event_id);
	put_level(event, out);
	buf_printf(out, ",%llu,", (unsigned long long)event->record_id);
	put_fields(event, out);
	buf_put_char(out, ',');
	escape_csv(out, path);
	if (event->recovered) {
		buf_put_char(out, ',');
		escape_csv(out, place_of(event));
		buf_printf(out, ",%llu", (unsigned long long)event->offset);
	} else if (dump->recovered) {
		buf_put_text(out, ",,");
	}
	buf_put_text(out, "\r\n");
}

void dump_head(struct dump *dump, struct buf *out)
{
	if (dump->format == DUMP_CSV)
		buf_printf(out,
			   "TimeCreated,Computer,Channel,Provider,EventID,Level,RecordID,"
			   "Fields,EvtxFile%s\r\n",
			   dump->recovered ? ",Recovered,Offset" : "");
	else if (dump->format == DUMP_XML)
		buf_put_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n"
				  "<Events>\n");
}

void dump_event(struct dump *dump, const struct event *event, struct str path, struct buf *out)
{
	size_t start;

	if (event->recovered && dump->format == DUMP_XML)
		buf_printf(out, "<!-- recovered: %.*s, offset %llu -->", STR_ARG(place_of(event)),
			   (unsigned long long)event->offset);
	if (event->recovered && dump->format == DUMP_JSONL)
		buf_printf(out, "{\"Recovered\":{\"From\":\"%.*s\",\"Offset\":%llu},",
			   STR_ARG(place_of(event)), (unsigned long long)event->offset);
	start = out->len;
	if (dump->format == DUMP_JSONL)
		put_json(dump, event, out);
	else if (dump->format == DUMP_XML)
		put_xml(dump, event, out);
	else
		put_csv(dump, event, path, out);
	// The object has begun already.
	if (event->recovered && dump->format == DUMP_JSONL)
		memmove(out->ptr + start, out->ptr + start + 1, out->len-- - start);
}

void dump_tail(struct dump *dump, struct buf *out)
{
	if (dump->format == DUMP_XML)
		buf_put_text(out, "</Events>\n");
}
