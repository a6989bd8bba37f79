// SPDX-License-Identifier: Apache-2.0
// The native reader on chunks whose records are torn: what it finds behind the damage.
#include <time.h>

#include "evtx_fixture.h"

static void a_record_of_size_zero_is_read_to_the_next(void **state)
{
	struct fixture *f = *state;
	uint32_t second;
	uint32_t third;

	add_record(&f->craft);
	second = add_record(&f->craft);
	third = add_record(&f->craft);
	add_record(&f->craft);
	chunk_set_uint(f->craft.bytes + second + 4, 4, 0);
	chunk_set_uint(f->craft.bytes + third - 4, 4, 0);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	assert_false(f->record.suspect);
	assert_record(f, 2);
	assert_true(f->record.suspect);
	assert_record(f, 3);
	assert_true(f->record.behind_damage);
	assert_false(f->record.recovered);
	assert_record(f, 4);
	assert_end(f);
	assert_int_equal(f->info.warnings, EVTX_CHUNK_DAMAGED);
}

static void a_wrong_copy_makes_a_record_suspect(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	chunk_set_uint(f->craft.bytes + f->craft.at - 4, 4, 1);
	add_record(&f->craft);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	assert_true(f->record.suspect);
	assert_record(f, 2);
	assert_end(f);
}

// The copy of every record is wrong, and the third does not decode: none is passed over
// without a word.
static void all_copies_may_be_wrong(void **state)
{
	struct fixture *f = *state;
	uint32_t third = 0;

	for (int i = 0; i < 5; i++) {
		add_record(&f->craft);
		chunk_set_uint(f->craft.bytes + f->craft.at - 4, 4, 1);
		if (i == 2)
			third = f->craft.record;
	}
	f->craft.bytes[third + 28] = 0xFF;
	craft_seal(&f->craft);
	open_chunk(f);
	for (uint64_t id = 1; id <= 5; id++) {
		if (id == 3) {
			assert_lost(f, "record 3 at chunk offset");
			continue;
		}
		assert_record(f, id);
		assert_true(f->record.suspect);
		assert_int_equal(f->record.behind_damage, id > 1);
		assert_false(f->record.recovered);
	}
	assert_end(f);
}

// Nothing but signatures: each is looked at once.
static void a_chunk_of_signatures_takes_no_time(void **state)
{
	struct fixture *f = *state;
	clock_t start = clock();

	add_record(&f->craft);
	for (; f->craft.at + 8 <= CHUNK_SIZE;)
		craft_put(&f->craft, 8, 0x2A2A);
	craft_seal(&f->craft);
	for (int i = 0; i < 20; i++) {
		open_chunk(f);
		assert_record(f, 1);
		assert_lost(f, "");
		assert_end(f);
	}
	assert_true(clock() - start < CLOCKS_PER_SEC);
}

// Behind the end of the stream, 7 bytes fill up to a multiple of 8.
static void more_padding_than_needed_makes_a_record_suspect(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	for (uint32_t padding = 0; padding <= 8; padding++) {
		craft_init(c, 1);
		add_record(c);
		for (c->at -= 4; c->bytes[c->at - 1] == 0xEE;)
			c->at--;
		memset(c->bytes + c->at, 0xEE, padding);
		c->at += padding;
		chunk_set_uint(c->bytes + c->record + 4, 4, c->at + 4 - c->record);
		craft_put(c, 4, c->at + 4 - c->record);
		craft_seal(c);
		open_chunk(f);
		assert_record(f, 1);
		assert_int_equal(f->record.suspect, padding > 7);
	}
}

// What follows a torn page counts as live only when its ids fit.
static void records_behind_a_tear_are_judged_by_their_ids(void **state)
{
	struct fixture *f = *state;
	uint32_t torn;

	add_record(&f->craft);
	torn = add_record(&f->craft);
	add_record(&f->craft);
	f->craft.id = 900;
	add_record(&f->craft);
	memset(f->craft.bytes + torn, 0, 64);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	assert_record(f, 3);
	assert_true(f->record.behind_damage);
	assert_record(f, 900);
	assert_true(f->record.recovered);
	assert_true(f->event.recovered);
	assert_end(f);
	assert_true(f->info.warnings & EVTX_CHUNK_DAMAGED);
}

// A record has 128 bytes at least: where one was torn, ten cannot be missing.
static void ids_that_the_tear_has_no_room_for_are_not_live(void **state)
{
	struct fixture *f = *state;
	uint32_t torn;

	add_record(&f->craft);
	torn = add_record(&f->craft);
	assert_in_range(f->craft.at - torn, 128, 1280);
	f->craft.id += 9;
	add_record(&f->craft);
	memset(f->craft.bytes + torn, 0, 64);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	assert_record(f, 12);
	assert_true(f->record.recovered);
	assert_end(f);
}

static void unsound_records_behind_a_tear_are_passed_over(void **state)
{
	struct fixture *f = *state;
	uint32_t torn;

	torn = add_record(&f->craft);
	add_record(&f->craft);
	f->craft.bytes[f->craft.record + 24 + 4 + 5 + 4 + 4]++; // hash of "Event"
	memset(f->craft.bytes + torn, 0, 64);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_record_of_size_zero_is_read_to_the_next, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_wrong_copy_makes_a_record_suspect, setup,
						teardown),
		cmocka_unit_test_setup_teardown(all_copies_may_be_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(a_chunk_of_signatures_takes_no_time, setup,
						teardown),
		cmocka_unit_test_setup_teardown(more_padding_than_needed_makes_a_record_suspect,
						setup, teardown),
		cmocka_unit_test_setup_teardown(records_behind_a_tear_are_judged_by_their_ids,
						setup, teardown),
		cmocka_unit_test_setup_teardown(ids_that_the_tear_has_no_room_for_are_not_live,
						setup, teardown),
		cmocka_unit_test_setup_teardown(unsound_records_behind_a_tear_are_passed_over,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
