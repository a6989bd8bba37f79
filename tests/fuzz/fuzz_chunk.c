// SPDX-License-Identifier: Apache-2.0
// A chunk: a byte of flags, then its bytes, zeros behind them.
//
// Every record that stands where one is due is either read or lost with a reason, in
// order. What is read is sound (evtx_check.h). A reader that knows the templates
// already says the same, byte for byte.
#include "custom_mutator.h"
#include "evtx_check.h"

struct walk {
	struct evtx_reader *reader;
	struct arena arena;
	struct shapes shapes;
	struct buf told; // all that the reader said
};

// The next record after `at` by sizes alone; CHUNK_SIZE: the end, or damage.
static uint32_t next_due(const unsigned char *chunk, uint32_t at, uint32_t end)
{
	uint32_t size;

	if (at + 28 > end || load_u32(chunk + at) != 0x2A2A)
		return CHUNK_SIZE;
	size = load_u32(chunk + at + 4);
	if (size < 28 || size > end - at || load_u32(chunk + at + size - 4) != size)
		return CHUNK_SIZE;
	return at;
}

static void tell(struct walk *w, const struct evtx_record *record, enum rc rc, struct str text)
{
	buf_printf(&w->told, "%u+%u id %llu rc %d %u%u%u%u: %.*s\n", record->offset, record->size,
		   (unsigned long long)record->header_id, (int)rc, record->suspect,
		   record->beyond_free_space, record->behind_damage, record->recovered,
		   STR_ARG(text));
}

static void read_event(struct walk *w, const struct evtx_record *record)
{
	struct err err = {""};
	struct event event;
	enum rc rc = evtx_record_event(w->reader, record, &w->arena, &event, &err);

	tell(w, record, rc, str_from(err.text));
	if (rc != RC_OK) {
		CHECK(err.text[0] != '\0');
		return;
	}
	CHECK(event.offset == record->offset && event.header_id == record->header_id);
	check_event(&w->shapes, record, &event);
	for (size_t i = 0; i < event.count; i++) {
		buf_put_str(&w->told, event.fields[i].path);
		buf_put_char(&w->told, '=');
		buf_put_str(&w->told, event_text(&event, &event.fields[i]));
		buf_put_char(&w->told, '\n');
	}
}

static void read_chunk(struct walk *w, const unsigned char *chunk, unsigned flags)
{
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct err err = {""};
	uint32_t due = CHUNK_HEADER_SIZE;
	enum rc rc;

	buf_reset(&w->told);
	memset(&w->shapes, 0, sizeof(w->shapes));
	if (evtx_chunk_open(w->reader, chunk, CHUNK_SIZE, flags, &info) != RC_OK)
		return;
	CHECK(info.free_space >= CHUNK_HEADER_SIZE || (info.warnings & EVTX_CHUNK_NO_HEADER) != 0);
	if ((info.warnings & EVTX_CHUNK_NO_HEADER) != 0)
		due = CHUNK_SIZE;
	while ((rc = evtx_chunk_next(w->reader, &record, &err)) != RC_END) {
		CHECK(record.offset >= CHUNK_HEADER_SIZE &&
		      record.size <= CHUNK_SIZE - record.offset);
		due = due == CHUNK_SIZE ? due : next_due(chunk, due, info.free_space);
		if (due != CHUNK_SIZE) {
			CHECK(record.offset == due && !record.recovered);
			due += record.size;
		}
		CHECK(rc == RC_OK || err.text[0] != '\0');
		if (rc == RC_OK)
			read_event(w, &record);
		else
			tell(w, &record, rc, str_from(err.text));
	}
	CHECK(due == CHUNK_SIZE || next_due(chunk, due, info.free_space) == CHUNK_SIZE);
	buf_printf(&w->told, "warnings %x", info.warnings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char chunk[CHUNK_SIZE];
	static struct walk w;
	struct str input = input_of(data, size);
	unsigned flags = take_byte(&input);
	struct buf first;

	if (input.len == 0 || input.len > CHUNK_SIZE)
		return 0;
	memset(chunk, 0, sizeof(chunk));
	memcpy(chunk, input.ptr, input.len);
	memset(&w, 0, sizeof(w));
	w.reader = evtx_reader_new();
	read_chunk(&w, chunk, flags);
	first = w.told;
	w.told = (struct buf){0};
	read_chunk(&w, chunk, flags);
	check_same(buf_str(&first), buf_str(&w.told), "a new reader and one that knows the chunk");
	evtx_reader_free(w.reader);
	arena_release(&w.arena);
	buf_release(&w.told);
	buf_release(&first);
	return 0;
}
