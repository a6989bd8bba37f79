// SPDX-License-Identifier: Apache-2.0
// Lost records: torn, deleted and overwritten logs. Every test compares all that was
// found with what was written (lost_fixture.h), and says how much has to be found.
#include <stdio.h>

#include "lost_fixture.h"

#include "recover/finds.h"

// ---- logs ---------------------------------------------------------------

static void a_whole_log_has_lost_nothing(void **state)
{
	struct lost_fixture *f = *state;

	lost_write(f, &f->log, 1, 200, 100);
	assert_int_equal(lost_find(f, buf_str(&f->log), true), 0);
	assert_int_equal(f->counts.beginnings, 0);
}

static void deleted_records_are_in_the_slack(void **state)
{
	struct lost_fixture *f = *state;

	size_t total = 0;

	lost_write(f, &f->log, 1, 50, 100);
	// Behind the second record there is a template whose names stand before it.
	for (size_t left = 7; left > 0; left--) {
		lost_cut(lost_chunk(&f->log, 0), left);
		map_release(&f->found);
		memset(&f->found, 0, sizeof(f->found));
		assert_int_equal(lost_find(f, buf_str(&f->log), true), 50 - left);
		assert_int_equal(f->lent, 0);
		total += 50 - left;
	}
	assert_int_equal(f->places[EVENT_SLACK], total);
}

static void without_file_header_everything_is_found(void **state)
{
	struct lost_fixture *f = *state;

	lost_write(f, &f->log, 1, 200, 1000);
	memset(f->log.ptr, 0, EVTX_FILE_HEADER_SIZE);
	assert_int_equal(lost_find(f, buf_str(&f->log), false), 200);
	assert_int_equal(f->places[EVENT_CHUNK], 200);
	assert_int_equal(f->counts.chunks, (f->log.len - EVTX_FILE_HEADER_SIZE) / CHUNK_SIZE);
}

static void without_chunk_header_records_know_their_place(void **state)
{
	struct lost_fixture *f = *state;

	lost_write(f, &f->log, 1, 30, 100);
	memset(lost_chunk(&f->log, 0), 0, CHUNK_HEADER_SIZE);
	assert_int_equal(lost_find(f, buf_str(&f->log), true), 30);
	assert_int_equal(f->places[EVENT_RECORD], 30);
}

// Pages of zeros: what begins or ends in one is gone. The templates of the second
// chunk are those of the first.
static void what_zeros_left_is_found(void **state)
{
	struct lost_fixture *f = *state;
	unsigned char *chunk;
	size_t lost = 0;
	size_t count = 0;

	lost_write(f, &f->log, 1, 200, 500);
	chunk = lost_chunk(&f->log, 1);
	for (uint32_t at = 512; at < load_u32(chunk + 48); at += load_u32(chunk + at + 4)) {
		count++;
		lost += at < 12288 && at + load_u32(chunk + at + 4) > 4096;
	}
	assert_true(lost > 5 && count > lost);
	memset(chunk + 4096, 0, 8192);
	memset(f->log.ptr, 0, EVTX_FILE_HEADER_SIZE);
	assert_int_equal(lost_find(f, buf_str(&f->log), false), 200 - lost);
}

// The first records of a chunk hold its templates.
static void templates_come_from_elsewhere(void **state)
{
	struct lost_fixture *f = *state;
	unsigned char *chunk;
	uint32_t third;

	lost_write(f, &f->log, 1, 200, 500);
	chunk = lost_chunk(&f->log, 1);
	third = lost_record(chunk, 3);
	memset(chunk, 0, third);
	memset(f->log.ptr, 0, EVTX_FILE_HEADER_SIZE);
	assert_int_equal(lost_find(f, buf_str(&f->log), false), 197);
	assert_true(f->lent > 30 && f->lent == f->places[EVENT_RECORD]);
}

static void without_templates_nothing_is_found(void **state)
{
	struct lost_fixture *f = *state;
	unsigned char *chunk;

	lost_write(f, &f->log, 1, 20, 100);
	chunk = lost_chunk(&f->log, 0);
	memset(chunk, 0, lost_record(chunk, 3));
	assert_int_equal(lost_find(f, buf_str(&f->log), true), 0);
	assert_int_equal(f->counts.doubts[EVTX_DOUBT_TEMPLATE], 17);
}

static void templates_of_another_shape_are_not_taken(void **state)
{
	struct lost_fixture *f = *state;
	struct buf other = {0};
	unsigned char *chunk;

	lost_write(f, &f->log, 1, 20, 100);
	lost_learn_live(f, buf_str(&f->log), 1);
	chunk = lost_chunk(&f->log, 0);
	memset(chunk, 0, lost_record(chunk, 3));
	lost_pass(f, buf_str(&f->log), true);
	assert_int_equal(f->counts.records, 0);
	assert_int_equal(f->counts.doubts[EVTX_DOUBT_VALUES], 17);
	// Now two of each id, of which one would fit.
	lost_write(f, &other, 101, 120, 100);
	lost_learn_live(f, buf_str(&other), 0);
	buf_release(&other);
	lost_pass(f, buf_str(&f->log), true);
	assert_int_equal(f->counts.records, 0);
	assert_int_equal(f->counts.doubts[EVTX_DOUBT_AMBIGUOUS], 17);
}

// ---- images -------------------------------------------------------------

static void put_noise(struct buf *out, size_t len)
{
	uint32_t x = 12345;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		buf_put_char(out, (char)(x >> 24));
	}
}

static void images_are_searched_at_every_byte(void **state)
{
	struct lost_fixture *f = *state;
	struct buf image = {0};
	size_t found;

	lost_write(f, &f->log, 1, 900, 800);
	// So that a chunk lies across the edge between two cells.
	put_noise(&image, RECOVER_CELL - 2 * CHUNK_SIZE - 12345);
	buf_put(&image, f->log.ptr, f->log.len);
	put_noise(&image, 4321);
	found = lost_find(f, buf_str(&image), false);
	buf_release(&image);
	assert_int_equal(found, 900);
	assert_int_equal(f->places[EVENT_CHUNK], 900);
}

static void single_records_are_found_at_any_offset(void **state)
{
	struct lost_fixture *f = *state;
	unsigned char *chunk;
	struct buf image = {0};
	uint32_t at = CHUNK_HEADER_SIZE;
	size_t found;

	lost_write(f, &f->log, 1, 20, 100);
	chunk = lost_chunk(&f->log, 0);
	// The first three stay together, for they hold the templates.
	put_noise(&image, 777);
	buf_put(&image, chunk + at, lost_record(chunk, 3) - at);
	for (size_t i = 3; i < 20; i++) {
		put_noise(&image, 13 * i);
		at = lost_record(chunk, i);
		buf_put(&image, chunk + at, load_u32(chunk + at + 4));
	}
	found = lost_find(f, buf_str(&image), false);
	buf_release(&image);
	assert_int_equal(found, 20);
	assert_int_equal(f->lent, 17);
}

// ---- precision ----------------------------------------------------------

// A chunk used again: the beginning of another one over it, up to each of its records.
// What is left of the old one refers to names and templates that are not its own.
static void overwritten_chunks_tell_nothing_wrong(void **state)
{
	struct lost_fixture *f = *state;
	struct buf other = {0};
	struct buf mixed = {0};
	size_t found = 0;

	lost_write(f, &f->log, 1, 60, 300);
	lost_write(f, &other, 1002, 1060, 90); // begins with another kind
	for (size_t n = 1; n < 50; n++) {
		unsigned char *chunk;
		uint32_t end;

		buf_reset(&mixed);
		buf_put_str(&mixed, buf_str(&f->log));
		chunk = lost_chunk(&mixed, 0);
		lost_cut(lost_chunk(&other, 0), 59);
		end = lost_record(lost_chunk(&other, 0), n);
		memcpy(chunk, lost_chunk(&other, 0), end);
		lost_cut(chunk, n);
		map_release(&f->found);
		memset(&f->found, 0, sizeof(f->found));
		found += lost_find(f, buf_str(&mixed), true);
	}
	buf_release(&other);
	buf_release(&mixed);
	assert_true(found > 500);
}

// Pages of two times: records that begin in one and end in the other read well.
static void torn_records_are_not_put_together(void **state)
{
	struct lost_fixture *f = *state;
	struct buf other = {0};
	struct buf mixed = {0};

	// Equal sizes, so that all records lie in equal places.
	lost_write(f, &f->log, 1, 60, 280 * 7);
	lost_write(f, &other, 1 + 280 * 26 * 3, 60 + 280 * 26 * 3, 280 * 7);
	for (size_t page = 1; page < 16; page++) {
		buf_reset(&mixed);
		buf_put_str(&mixed, buf_str(&f->log));
		memcpy(lost_chunk(&mixed, 0) + page * 4096, lost_chunk(&other, 0) + page * 4096,
		       CHUNK_SIZE - page * 4096);
		memset(lost_chunk(&mixed, 0), 0, 512);
		map_release(&f->found);
		memset(&f->found, 0, sizeof(f->found));
		assert_true(lost_find(f, buf_str(&mixed), true) > 10);
	}
	buf_release(&other);
	buf_release(&mixed);
}

// ---- limits -------------------------------------------------------------

// Frames in frames, each around all that follow: without a limit the work would grow
// with the square.
static void work_is_limited(void **state)
{
	struct lost_fixture *f = *state;
	struct buf image = {0};
	struct buf many = {0};

	for (uint32_t i = 0; i < 2000; i++) {
		unsigned char record[16] = {0x2A, 0x2A};

		chunk_set_uint(record + 4, 4, 64000 - 32 * i);
		buf_put(&image, record, 8);
		chunk_set_uint(record, 4, 0x0001010F);
		buf_put(&image, "12345678TIMETIME", 16);
		buf_put(&image, record, 4);
		chunk_set_uint(record, 4, i < 2 ? 0 : 64000 - 32 * (1999 - i));
		buf_put(&image, record, 4);
	}
	for (uint32_t i = 0; i < 16; i++)
		buf_put(&many, image.ptr, 64000);
	assert_int_equal(lost_find(f, buf_str(&many), false), 0);
	assert_true(f->counts.beginnings >= 16 * 2000);
	buf_release(&image);
	buf_release(&many);
}

// ---- what is told -------------------------------------------------------

static struct event event_of(struct arena *arena, struct field *field, uint64_t id,
			     const char *text)
{
	struct event event;

	event_init(&event, arena);
	*field = (struct field){.name = STR("A"),
				.path = STR("EventData/A"),
				.value = value_of_text(str_from(text), VALUE_STRING)};
	event.fields = field;
	event.count = 1;
	event.record_id = id;
	event.channel = STR("C");
	return event;
}

static void add_of(struct recover_finds *finds, uint32_t source, uint64_t id, const char *text,
		   uint64_t offset, enum event_place place)
{
	struct arena arena = {0};
	struct field field;
	struct event event = event_of(&arena, &field, id, text);

	event.offset = offset;
	event.place = place;
	recover_finds_add(finds, &event, source);
	arena_release(&arena);
}

static void add(struct recover_finds *finds, uint64_t id, const char *text, uint64_t offset,
		enum event_place place)
{
	add_of(finds, 3, id, text, offset, place);
}

static void each_record_is_told_once(void **state)
{
	struct recover_finds finds = {0};
	struct recover_finds more = {0};
	struct arena arena = {0};
	struct field field;
	struct event event = event_of(&arena, &field, 1, "live");

	(void)state;
	recover_finds_live(&finds, &event, 3);
	add(&finds, 1, "live", 100, EVENT_SLACK);
	add(&finds, 1, "not what the live one says", 200, EVENT_SLACK);
	add(&finds, 2, "twice", 400, EVENT_SLACK);
	add(&more, 2, "twice", 300, EVENT_CHUNK);
	add(&more, 3, "one of", 500, EVENT_SLACK);
	add(&more, 3, "two", 600, EVENT_SLACK);
	add(&more, 4, "remains", 700, EVENT_SLACK);
	add(&more, 4, "whole", 800, EVENT_CHUNK);
	recover_finds_absorb(&finds, &more);
	recover_finds_settle(&finds);
	assert_int_equal(finds.count, 2);
	assert_true(recover_finds_has(&finds, 3, 300));
	assert_true(recover_finds_has(&finds, 3, 800));
	assert_false(recover_finds_has(&finds, 2, 300));
	assert_int_equal(recover_finds_before(&finds, 3, 800), 1);
	assert_int_equal(finds.also_live, 1);
	assert_int_equal(finds.again, 1);
	assert_int_equal(finds.contradicted, 4);
	recover_finds_release(&finds);
	arena_release(&arena);
}

// Whichever source it is in; but a live record of another log contradicts nothing.
static void each_record_is_told_once_by_all(void **state)
{
	struct recover_finds finds = {0};
	struct arena arena = {0};
	struct field field;
	struct event event = event_of(&arena, &field, 1, "live");

	(void)state;
	recover_finds_live(&finds, &event, 7);
	add_of(&finds, 3, 1, "live", 100, EVENT_CHUNK);
	add_of(&finds, 3, 1, "before it was changed", 200, EVENT_CHUNK);
	add_of(&finds, 3, 2, "in two images", 300, EVENT_CHUNK);
	add_of(&finds, 4, 2, "in two images", 100, EVENT_CHUNK);
	add_of(&finds, 4, 3, "another host's", 200, EVENT_CHUNK);
	add_of(&finds, 3, 3, "here", 400, EVENT_CHUNK);
	recover_finds_settle(&finds);
	assert_int_equal(finds.count, 3 + 1);
	assert_false(recover_finds_has(&finds, 3, 100));
	assert_true(recover_finds_has(&finds, 3, 300));
	assert_false(recover_finds_has(&finds, 4, 100));
	assert_int_equal(finds.also_live, 1);
	assert_int_equal(finds.again, 1);
	assert_int_equal(finds.contradicted, 0);
	// One source at a time gives the same.
	recover_finds_reset(&finds);
	add_of(&finds, 5, 2, "in two images", 100, EVENT_CHUNK);
	add_of(&finds, 5, 4, "new", 200, EVENT_CHUNK);
	recover_finds_settle(&finds);
	assert_int_equal(finds.count, 1);
	assert_true(recover_finds_has(&finds, 5, 200));
	assert_int_equal(finds.again, 2);
	recover_finds_release(&finds);
	arena_release(&arena);
}

static void books_give_only_what_is_certain(void **state)
{
	struct evtx_book *book = evtx_book_new();
	struct evtx_book *other = evtx_book_new();
	struct evtx_template a = {STR("AAAA0123456789ab"), STR("form"), 2};
	struct evtx_template b = {STR("AAAA0123456789ab"), STR("another form"), 2};
	uint32_t id = load_u32((const unsigned char *)"AAAA");
	enum evtx_book_answer answer;

	(void)state;
	evtx_book_add(book, 1, &a);
	assert_true(str_eq(evtx_book_find(book, 1, id, &answer)->form, STR("form")));
	assert_int_equal(answer, EVTX_BOOK_OWN);
	assert_true(str_eq(evtx_book_find(book, 3, id, &answer)->form, STR("form")));
	assert_int_equal(answer, EVTX_BOOK_FOREIGN);
	assert_null(evtx_book_find(book, 1, id + 1, &answer));
	assert_int_equal(answer, EVTX_BOOK_NONE);
	// The same again, and another one elsewhere.
	evtx_book_add(other, 1, &a);
	evtx_book_add(other, 2, &b);
	evtx_book_absorb(book, other);
	assert_true(str_eq(evtx_book_find(book, 1, id, &answer)->form, STR("form")));
	assert_true(str_eq(evtx_book_find(book, 2, id, &answer)->form, STR("another form")));
	assert_int_equal(answer, EVTX_BOOK_OWN);
	assert_null(evtx_book_find(book, 3, id, &answer));
	assert_int_equal(answer, EVTX_BOOK_SEVERAL);
	evtx_book_add(book, 1, &b);
	assert_null(evtx_book_find(book, 1, id, &answer));
	assert_int_equal(answer, EVTX_BOOK_SEVERAL);
	evtx_book_free(book);
	evtx_book_free(other);
}

#define LOST(test) cmocka_unit_test_setup_teardown(test, lost_setup, lost_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOST(a_whole_log_has_lost_nothing),
		LOST(deleted_records_are_in_the_slack),
		LOST(without_file_header_everything_is_found),
		LOST(without_chunk_header_records_know_their_place),
		LOST(what_zeros_left_is_found),
		LOST(templates_come_from_elsewhere),
		LOST(without_templates_nothing_is_found),
		LOST(templates_of_another_shape_are_not_taken),
		LOST(images_are_searched_at_every_byte),
		LOST(single_records_are_found_at_any_offset),
		LOST(overwritten_chunks_tell_nothing_wrong),
		LOST(torn_records_are_not_put_together),
		LOST(work_is_limited),
		cmocka_unit_test(each_record_is_told_once),
		cmocka_unit_test(each_record_is_told_once_by_all),
		cmocka_unit_test(books_give_only_what_is_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
