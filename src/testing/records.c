// SPDX-License-Identifier: Apache-2.0
// Hits -> their records' texts: each log is read through once.
#include "testing/records.h"

#include <stdlib.h>

#include "base/mem.h"
#include "dump/dump.h"
#include "dump/source.h"

// A hit whose record is wanted.
struct wanted {
	struct str evtx;
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
	int order = str_cmp(a->evtx, b->evtx);

	return order != 0 ? order : (a->offset > b->offset) - (a->offset < b->offset);
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
static void read_log(struct pass *pass, const struct input_file *file, const struct wanted *wanted,
		     size_t count)
{
	struct event event;
	struct err err = {""};
	enum rc rc;

	if (source_open(pass->source, file, &err) != RC_OK)
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
	struct pass pass = {source_new(false), dump_new(DUMP_JSONL), arena, {NULL, 0, 0}, out};
	size_t count = 0;

	for (size_t i = 0; i < tally->count; i++) {
		out[i] = (struct record_text){{NULL, 0}, {NULL, 0}};
		if (!tally->hits[i].alert)
			wanted[count++] =
				(struct wanted){tally->hits[i].evtx, tally->hits[i].offset, i};
	}
	if (count > 0)
		qsort(wanted, count, sizeof(*wanted), by_place);
	// The files of an input are in the order of their paths, too.
	for (size_t i = 0, first = 0; i < tally->input.count && first < count; i++) {
		size_t end = first;

		while (end < count && str_eq(wanted[end].evtx, tally->input.files[i].path))
			end++;
		if (end > first)
			read_log(&pass, &tally->input.files[i], wanted + first, end - first);
		first = end;
	}
	buf_release(&pass.line);
	dump_free(pass.dump);
	source_free(pass.source);
	free(wanted);
}
