// SPDX-License-Identifier: Apache-2.0
// A native reader over one chunk made by hand, and what tests say of its records.
#ifndef UNIT_EVTX_FIXTURE_H
#define UNIT_EVTX_FIXTURE_H

#include <stdlib.h>

#include "evtx_craft.h"

#include "evtx/reader.h"

struct fixture {
	struct evtx_reader *reader;
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct event event;
	struct err err;
	struct arena arena;
	struct buf log;
	struct craft craft;
};

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->reader = evtx_reader_new();
	craft_init(&f->craft, 1);
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	evtx_reader_free(f->reader);
	arena_release(&f->arena);
	buf_release(&f->log);
	free(f);
	return 0;
}

static inline void assert_end(struct fixture *f)
{
	assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_END);
}

static inline void assert_lost(struct fixture *f, const char *why)
{
	assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_FAILED);
	if (strstr(f->err.text, why) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", f->err.text, why);
}

static inline void seal_and_open(struct fixture *f)
{
	craft_seal(&f->craft);
	assert_int_equal(evtx_chunk_open(f->reader, f->craft.bytes, CHUNK_SIZE, 0, &f->info),
			 RC_OK);
	assert_int_equal(f->info.warnings, 0);
}

static inline void next_event(struct fixture *f)
{
	assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_OK);
	assert_int_equal(evtx_record_event(f->reader, &f->record, &f->arena, &f->event, &f->err),
			 RC_OK);
}

// All fields of the event as "path=text" lines.
static inline void assert_fields(struct fixture *f, const char *expected)
{
	struct buf out = {0};

	for (size_t i = 0; i < f->event.count; i++) {
		buf_put_str(&out, f->event.fields[i].path);
		buf_put_char(&out, '=');
		buf_put_str(&out, event_text(&f->event, &f->event.fields[i]));
		buf_put_char(&out, '\n');
	}
	buf_put_char(&out, '\0');
	assert_string_equal(out.ptr, expected);
	buf_release(&out);
}

// <Event><System><EventID>7</EventID><Channel>C</Channel></System> so far.
static inline void start_plain(struct craft *c)
{
	craft_record(c);
	craft_start(c, "Event", "xmlns", "http://x");
	craft_start(c, "System", NULL, NULL);
	craft_leaf(c, "EventID", "7");
	craft_leaf(c, "Channel", "C");
	craft_end(c);
}

static inline void end_plain(struct craft *c)
{
	craft_end(c);
	craft_record_end(c);
}

// <Event><EventData><Data>v</Data></EventData></Event>; returns its offset.
static inline uint32_t add_record(struct craft *c)
{
	craft_record(c);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "EventData", NULL, NULL);
	craft_leaf(c, "Data", "some text to make it long enough for a record");
	craft_end(c);
	craft_end(c);
	craft_record_end(c);
	return c->record;
}

static inline void open_flags(struct fixture *f, size_t len, unsigned flags)
{
	assert_int_equal(evtx_chunk_open(f->reader, f->craft.bytes, len, flags, &f->info), RC_OK);
}

static inline void open_chunk(struct fixture *f)
{
	open_flags(f, CHUNK_SIZE, 0);
}

static inline void assert_record(struct fixture *f, uint64_t id)
{
	enum rc rc = evtx_chunk_next(f->reader, &f->record, &f->err);

	if (rc != RC_OK)
		fail_msg("record %d: %s", (int)id, rc == RC_END ? "end" : f->err.text);
	assert_int_equal(f->record.header_id, id);
	assert_int_equal(evtx_record_event(f->reader, &f->record, &f->arena, &f->event, &f->err),
			 RC_OK);
	assert_int_equal(f->event.count, 1);
}

#endif
