// SPDX-License-Identifier: Apache-2.0
// Hits -> their records' texts: each log is read through once.
#include "testing/records.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dump/dump.h"
#include "dump/source.h"

// A hit whose record is wanted.
struct wanted {
	size_t file;
	uint64_t offset;
	size_t index; // of the hit
};

struct pass {
	struct source *source;
	struct dump *dump;
	struct arena *arena;
	struct buf line;
	struct record_text *out;
};

static int by_place(const void *left, const void *right)
{
	const struct wanted *a = left;
	const struct wanted *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

static struct str keep_line(struct pass *pass)
{
	struct str text = arena_str(pass->arena, buf_str(&pass->line));

	buf_reset(&pass->line);
	return text;
}

static struct record_text texts(struct pass *pass, const struct event *event)
{
	struct record_text out;

	for (size_t i = 0; i < event->count; i++) {
		buf_put_text(&pass->line, i > 0 ? "  " : "");
		buf_put_str(&pass->line, event->fields[i].name);
		buf_put_text(&pass->line, ": ");
		buf_put_str(&pass->line, event_text(event, &event->fields[i]));
	}
	out.plain = keep_line(pass);
	dump_event(pass->dump, event, (struct str){NULL, 0}, &pass->line);
	out.json = str_trim(keep_line(pass));
	return out;
}

// The hits of `wanted`, by offset, that are on this record.
static void take_event(struct pass *pass, const struct event *event, const struct wanted *wanted,
		       size_t count)
{
	struct record_text text;
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (wanted[middle].offset < event->offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == count || wanted[low].offset != event->offset)
		return;
	text = texts(pass, event);
	for (; low < count && wanted[low].offset == event->offset; low++)
		pass->out[wanted[low].index] = text;
}

// What cannot be read stays without text; the scan has accounted for it.
static void read_log(struct pass *pass, const struct wanted *wanted, size_t count)
{
	struct event event;
	struct err err = {""};
	enum rc rc;

	if (source_open(pass->source, wanted[0].file, &err) != RC_OK)
		return;
	while (source_next_chunk(pass->source, &err) == RC_OK) {
		while ((rc = source_next(pass->source, &event, &err)) != RC_END) {
			if (rc == RC_OK)
				take_event(pass, &event, wanted, count);
		}
	}
}

void records_read(const struct tally *tally, struct arena *arena, struct record_text *out)
{
	struct wanted *wanted = mem_alloc((tally->count + 1) * sizeof(*wanted));
	struct pass pass = {source_new(&tally->input, false),
			    dump_new(DUMP_JSONL, false),
			    arena,
			    {NULL, 0, 0},
			    out};
	size_t count = 0;

	for (size_t i = 0; i < tally->count; i++) {
		out[i] = (struct record_text){{NULL, 0}, {NULL, 0}};
		if (!tally->hits[i].alert)
			wanted[count++] =
				(struct wanted){tally->hits[i].file, tally->hits[i].offset, i};
	}
	if (count > 0)
		qsort(wanted, count, sizeof(*wanted), by_place);
	for (size_t first = 0, end = 0; first < count; first = end) {
		while (end < count && wanted[end].file == wanted[first].file)
			end++;
		read_log(&pass, wanted + first, end - first);
	}
	buf_release(&pass.line);
	dump_free(pass.dump);
	source_free(pass.source);
	free(wanted);
}
