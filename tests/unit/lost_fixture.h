// SPDX-License-Identifier: Apache-2.0
// Logs to be damaged, and what has to come out of them: every record that is recovered
// is compared with the one that was written.
#ifndef UNIT_LOST_FIXTURE_H
#define UNIT_LOST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/map.h"
#include "base/text.h"
#include "evtx/chunk_writer.h"
#include "evtx/crc32.h"
#include "evtx/writer.h"
#include "recover/recover.h"

#define FIRST_TIME 0x01DC4BD3A1B2C3D4u

struct lost_fixture {
	struct arena arena;
	struct buf log;
	struct writer writer;
	struct map written; // record id, u64 -> its fields as text
	struct map found;   // record id -> found
	struct recoverer *recoverer;
	struct evtx_book *book;
	struct evtx_book *learn; // or NULL
	struct recover_counts counts;
	size_t places[3]; // finds by enum event_place
	size_t lent;	  // of them with a template from elsewhere
	uint64_t last;	  // offset
};

static inline int lost_setup(void **state)
{
	struct lost_fixture *f = calloc(1, sizeof(*f));

	f->recoverer = recoverer_new();
	f->book = evtx_book_new();
	*state = f;
	return 0;
}

static inline int lost_teardown(void **state)
{
	struct lost_fixture *f = *state;

	recoverer_free(f->recoverer);
	evtx_book_free(f->book);
	map_release(&f->written);
	map_release(&f->found);
	buf_release(&f->log);
	arena_release(&f->arena);
	free(f);
	return 0;
}

// ---- writing ------------------------------------------------------------

static inline struct value lost_text(struct lost_fixture *f, const char *text)
{
	struct buf units = {0};
	struct str copy;

	utf8_to_utf16(&units, str_from(text));
	copy = arena_str(&f->arena, buf_str(&units));
	buf_release(&units);
	return (struct value){copy.ptr, (uint32_t)copy.len, VALUE_STRING, 0};
}

static inline void lost_data(struct lost_fixture *f, struct xml_element *root, const char *name,
			     struct value value)
{
	struct xml_element *data = xml_child(&f->arena, root, STR("Data"));

	xml_attr(&f->arena, data, STR("Name"), slot_literal(arena_str(&f->arena, str_from(name))));
	data->slot = slot_value(value);
}

// An event of one of three kinds, its texts of `len` characters more.
static inline void lost_add(struct lost_fixture *f, uint64_t id, unsigned kind, size_t len)
{
	static const char *const names[3] = {"CommandLine", "QueryName", "TargetUserName"};
	struct xml_element *root = xml_root(&f->arena, STR("EventData"));
	char *text = arena_zalloc(&f->arena, len + 32);
	struct evtx_event event = {
		.provider = STR("Provider-A"),
		.channel = STR("Channel-B"),
		.computer = STR("host.example"),
		.time = FIRST_TIME + id * 1000,
		.event_id = (uint16_t)(100 + kind),
		.record_id = id,
		.payload = root,
	};

	snprintf(text, 32, "%08u ", (unsigned)id);
	memset(text + 9, 'a' + (int)(id % 26), len);
	lost_data(f, root, names[kind], lost_text(f, text));
	if (kind == 1)
		lost_data(f, root, "Count", value_of_uint(&f->arena, VALUE_UINT32, 4, id * 3));
	assert_int_equal(writer_add(&f->writer, &event, NULL), RC_OK);
}

static inline struct str lost_fields(struct lost_fixture *f, const struct event *event)
{
	struct buf out = {0};
	struct str copy;

	for (size_t i = 0; i < event->count; i++) {
		buf_put_str(&out, event->fields[i].path);
		buf_put_char(&out, '=');
		buf_put_str(&out, event_text(event, &event->fields[i]));
		buf_put_char(&out, '\n');
	}
	copy = arena_str(&f->arena, buf_str(&out));
	buf_release(&out);
	return copy;
}

static inline struct str lost_key(struct lost_fixture *f, uint64_t id)
{
	return arena_str(&f->arena, (struct str){(const char *)&id, sizeof(id)});
}

// Remember what the records of the log say.
static inline void lost_remember(struct lost_fixture *f, struct str log)
{
	struct evtx_reader *reader = evtx_reader_new();
	struct arena arena = {0};
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct event event;
	struct err err;
	struct str slot;

	for (uint64_t i = 0; evtx_file_slot(log, i, &slot); i++) {
		if (evtx_chunk_open(reader, slot.ptr, slot.len, 0, &info) != RC_OK)
			continue;
		while (evtx_chunk_next(reader, &record, &err) == RC_OK) {
			struct str *text = arena_alloc(&f->arena, sizeof(*text));

			assert_int_equal(evtx_record_event(reader, &record, &arena, &event, &err),
					 RC_OK);
			*text = lost_fields(f, &event);
			assert_true(map_add(&f->written, lost_key(f, event.record_id), text));
		}
	}
	arena_release(&arena);
	evtx_reader_free(reader);
}

// Records first..last, each with `len` characters and up to 40 more.
static inline void lost_write(struct lost_fixture *f, struct buf *log, uint64_t first,
			      uint64_t last, size_t len)
{
	writer_init(&f->writer, log, first);
	for (uint64_t id = first; id <= last; id++)
		lost_add(f, id, (unsigned)(id % 3), len + id * 7 % 40);
	writer_finish(&f->writer);
	writer_release(&f->writer);
	lost_remember(f, buf_str(log));
}

static inline unsigned char *lost_chunk(struct buf *log, size_t index)
{
	return (unsigned char *)log->ptr + EVTX_FILE_HEADER_SIZE + index * CHUNK_SIZE;
}

static inline void lost_seal(unsigned char *chunk)
{
	uint32_t used = load_u32(chunk + 48);

	chunk_set_uint(chunk + 52, 4, crc32_update(0, chunk + 512, used - 512));
	chunk_set_uint(chunk + 124, 4, crc32_update(crc32_update(0, chunk, 120), chunk + 128, 384));
}

// The chunk's offset of its n-th record, from 0.
static inline uint32_t lost_record(const unsigned char *chunk, size_t n)
{
	uint32_t at = CHUNK_HEADER_SIZE;

	for (; n > 0; n--)
		at += load_u32(chunk + at + 4);
	return at;
}

// As one does who wants records gone: the first `n` are left.
static inline void lost_cut(unsigned char *chunk, size_t n)
{
	uint32_t at = lost_record(chunk, n);

	chunk_set_uint(chunk + 48, 4, at);
	chunk_set_uint(chunk + 44, 4, n > 0 ? lost_record(chunk, n - 1) : 0);
	chunk_set_uint(chunk + 16, 8, load_u64(chunk + 8) + n - 1);
	chunk_set_uint(chunk + 32, 8, load_u64(chunk + 24) + n - 1);
	lost_seal(chunk);
}

// ---- finding ------------------------------------------------------------

static inline void lost_take(void *user, const struct event *event,
			     const struct evtx_record *record)
{
	struct lost_fixture *f = user;
	struct str key = lost_key(f, event->record_id);
	const struct str *text = map_get(&f->written, key);
	struct str fields = lost_fields(f, event);

	if (f->learn != NULL) {
		evtx_carve_learn(f->learn, 0, record);
		return;
	}
	assert_true(event->recovered);
	if (text == NULL || !str_eq(*text, fields))
		fail_msg("at %llu: this was never written:\n%s", (unsigned long long)event->offset,
			 fields.ptr);
	assert_true(event->offset > f->last || f->last == 0);
	f->last = event->offset;
	if (!map_add(&f->found, key, f))
		fail_msg("record %llu was found twice", (unsigned long long)event->record_id);
	f->places[event->place]++;
	f->lent += event->lent == EVENT_TEMPLATE_LENT;
}

// Templates of what is live in a log; with `more` values than they have.
static inline void lost_learn_live(struct lost_fixture *f, struct str log, uint32_t more)
{
	struct evtx_reader *reader = evtx_reader_new();
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct err err;
	struct str slot;

	for (uint64_t i = 0; evtx_file_slot(log, i, &slot); i++) {
		if (evtx_chunk_open(reader, slot.ptr, slot.len, 0, &info) != RC_OK)
			continue;
		while (evtx_chunk_next(reader, &record, &err) == RC_OK) {
			record.outer_values.count += more;
			evtx_carve_learn(f->book, 0, &record);
		}
	}
	evtx_reader_free(reader);
}

static inline void lost_pass(struct lost_fixture *f, struct str bytes, bool is_log)
{
	uint64_t first = recover_first(is_log);

	memset(&f->counts, 0, sizeof(f->counts));
	f->lent = 0;
	f->last = 0;
	for (uint64_t at = first; at < bytes.len; at += RECOVER_CELL) {
		uint64_t from = at == first ? first : at - RECOVER_MARGIN;
		uint64_t end = at + RECOVER_CELL + RECOVER_MARGIN;
		struct recover_cell cell = {
			.bytes = (const unsigned char *)bytes.ptr + from,
			.len = (size_t)((end < bytes.len ? end : bytes.len) - from),
			.offset = from,
			.start = at,
			.is_log = is_log,
			.book = f->book,
		};

		recover_search(f->recoverer, &cell, lost_take, f, &f->counts);
	}
}

// Find what is lost, with the templates that live and lost records teach. What is found must be
// what was written; returns how much it is.
static inline size_t lost_find(struct lost_fixture *f, struct str bytes, bool is_log)
{
	struct evtx_book *learned = evtx_book_new();
	uint64_t sum;

	evtx_book_free(f->book);
	f->book = evtx_book_new();
	if (is_log)
		lost_learn_live(f, bytes, 0);
	f->learn = learned;
	lost_pass(f, bytes, is_log);
	f->learn = NULL;
	evtx_book_absorb(f->book, learned);
	evtx_book_free(learned);
	lost_pass(f, bytes, is_log);
	sum = f->counts.records;
	for (size_t i = 0; i < EVTX_DOUBTS; i++)
		sum += f->counts.doubts[i];
	assert_int_equal(sum, f->counts.beginnings);
	assert_int_equal(f->counts.records, f->found.count);
	return f->found.count;
}

#endif
