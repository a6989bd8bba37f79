// SPDX-License-Identifier: Apache-2.0
// The native reader on truncated and lying chunks.
#include "evtx_fixture.h"

static void zeros_before_the_free_space_are_a_clean_end(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	f->craft.at = CHUNK_SIZE;
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	assert_end(f);
	assert_int_equal(f->info.warnings, 0);
}

// Records 2, 3 and, with a gap, 9 lie behind the free-space offset.
static void put_beyond(struct fixture *f)
{
	uint32_t end;

	add_record(&f->craft);
	craft_seal(&f->craft);
	end = f->craft.at;
	add_record(&f->craft);
	add_record(&f->craft);
	f->craft.id = 9;
	add_record(&f->craft);
	f->craft.at = end;
}

static void a_clean_file_ends_at_the_free_space(void **state)
{
	struct fixture *f = *state;

	put_beyond(f);
	open_chunk(f);
	assert_record(f, 1);
	assert_end(f);
}

static void a_dirty_file_goes_on_in_sequence(void **state)
{
	struct fixture *f = *state;

	put_beyond(f);
	open_flags(f, CHUNK_SIZE, EVTX_DIRTY);
	assert_record(f, 1);
	assert_false(f->record.beyond_free_space);
	assert_record(f, 2);
	assert_true(f->record.beyond_free_space);
	assert_record(f, 3);
	assert_end(f);
}

static void a_short_slot_is_read_as_far_as_it_goes(void **state)
{
	struct fixture *f = *state;
	uint32_t second;

	add_record(&f->craft);
	second = add_record(&f->craft);
	craft_seal(&f->craft);
	open_flags(f, second + 40, 0);
	assert_record(f, 1);
	assert_lost(f, "larger than what holds it");
	assert_end(f);
	assert_int_equal(f->info.warnings,
			 EVTX_CHUNK_SHORT | EVTX_CHUNK_DATA_CRC | EVTX_CHUNK_DAMAGED);
}

static void slots_of_zeros_are_unused(void **state)
{
	struct fixture *f = *state;

	memset(f->craft.bytes, 0, CHUNK_SIZE);
	assert_int_equal(evtx_chunk_open(f->reader, f->craft.bytes, CHUNK_SIZE, 0, &f->info),
			 RC_END);
	assert_end(f);
	assert_int_equal(evtx_chunk_open(f->reader, f->craft.bytes, 0, 0, &f->info), RC_END);
}

static void without_a_header_records_are_recovered(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	craft_seal(&f->craft);
	memset(f->craft.bytes, 0, CHUNK_HEADER_SIZE);
	open_flags(f, CHUNK_SIZE, EVTX_DIRTY);
	assert_true(f->info.warnings & EVTX_CHUNK_NO_HEADER);
	assert_record(f, 1);
	assert_true(f->record.recovered);
	assert_end(f);
}

static void checksums_are_compared_unless_switched_off(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	craft_seal(&f->craft);
	f->craft.bytes[f->craft.at - 6] ^= 1;
	f->craft.bytes[200] ^= 1;
	open_chunk(f);
	assert_int_equal(f->info.warnings, EVTX_CHUNK_HEADER_CRC | EVTX_CHUNK_DATA_CRC);
	open_flags(f, CHUNK_SIZE, EVTX_NO_CRC);
	assert_int_equal(f->info.warnings, 0);
	f->craft.bytes[120] |= EVTX_NO_CRC;
	open_chunk(f);
	assert_int_equal(f->info.warnings, 0);
	assert_record(f, 1);
}

static void the_free_space_offset_is_clamped(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	craft_seal(&f->craft);
	chunk_set_uint(f->craft.bytes + 48, 4, 0xFFFFFFFF);
	open_chunk(f);
	assert_int_equal(f->info.free_space, CHUNK_SIZE);
	assert_true(f->info.warnings & EVTX_CHUNK_FREE_SPACE);
	assert_record(f, 1);
	assert_end(f);
	chunk_set_uint(f->craft.bytes + 48, 4, 3);
	open_chunk(f);
	assert_int_equal(f->info.free_space, CHUNK_HEADER_SIZE);
}

// Inside a record it ends nothing, and no record is given twice: as lost, and as one behind it.
static void a_free_space_offset_inside_a_record_is_wrong(void **state)
{
	struct fixture *f = *state;
	uint32_t places[3];

	for (size_t i = 0; i < 3; i++)
		places[i] = add_record(&f->craft);
	craft_seal(&f->craft);
	for (size_t i = 0; i < 3; i++) {
		chunk_set_uint(f->craft.bytes + 48, 4, places[i] + 40);
		open_chunk(f);
		for (unsigned id = 1; id <= 3; id++) {
			assert_record(f, id);
			assert_int_equal(f->record.beyond_free_space, id > i);
		}
		assert_end(f);
		assert_true(f->info.warnings & EVTX_CHUNK_DAMAGED);
	}
}

// Wherever it leaves no room for the records that the header names.
static void a_free_space_offset_hides_no_records(void **state)
{
	struct fixture *f = *state;
	static const uint32_t offsets[] = {0, 511, 512, 520};

	put_beyond(f);
	f->craft.bytes[120] |= EVTX_NO_CRC;
	for (size_t i = 0; i < 4; i++) {
		chunk_set_uint(f->craft.bytes + 48, 4, offsets[i]);
		open_chunk(f);
		for (uint64_t id = 1; id <= 3; id++) {
			assert_record(f, id);
			assert_true(f->record.beyond_free_space);
		}
		assert_end(f);
		assert_true(f->info.warnings & EVTX_CHUNK_DAMAGED);
	}
	// No records are named: none are looked for.
	chunk_set_uint(f->craft.bytes + 48, 4, 512);
	memset(f->craft.bytes + 32, 0xFF, 8);
	open_chunk(f);
	assert_end(f);
	assert_int_equal(f->info.warnings, 0);
}

// Ids lie: that of the last record may be the one before the first.
static void records_are_not_read_twice(void **state)
{
	struct fixture *f = *state;

	f->craft.first_id = f->craft.id = 5;
	add_record(&f->craft);
	add_record(&f->craft);
	f->craft.id = 4;
	add_record(&f->craft);
	f->craft.id = 7;
	seal_and_open(f);
	assert_record(f, 5);
	assert_record(f, 6);
	assert_record(f, 4);
	assert_end(f);
	assert_int_equal(f->info.warnings, 0);
}

static void a_header_size_but_128_is_odd(void **state)
{
	struct fixture *f = *state;

	for (uint32_t size = 127; size <= 129; size++) {
		craft_init(&f->craft, 1);
		add_record(&f->craft);
		craft_seal(&f->craft);
		chunk_set_uint(f->craft.bytes + 40, 4, size);
		open_flags(f, CHUNK_SIZE, EVTX_NO_CRC);
		assert_int_equal(f->info.warnings, size == 128 ? 0 : EVTX_CHUNK_ODD_SIZE);
		assert_record(f, 1);
	}
}

// The record with 4 bytes at `at`, from its start, changed to `value`.
static void assert_change_loses(struct fixture *f, uint32_t at, uint32_t value, const char *why)
{
	craft_init(&f->craft, 1);
	add_record(&f->craft);
	chunk_set_uint(f->craft.bytes + 512 + at, 4, value);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_lost(f, why);
	assert_end(f);
}

static void sizes_must_be_exact(void **state)
{
	struct fixture *f = *state;

	assert_change_loses(f, 29, 20, "a name is cut off");
	assert_change_loses(f, 29, 0x7FFFFFFF, "larger than what holds it");
	add_record(&f->craft);
	assert_change_loses(f, 29, (uint32_t)f->craft.bytes[f->craft.record + 29] + 1, "size");
}

static void names_must_lie_in_the_chunk(void **state)
{
	struct fixture *f = *state;

	assert_change_loses(f, 33, 0xFFFFFFFF, "outside the chunk");
	assert_change_loses(f, 33, 100, "outside the chunk");
	assert_change_loses(f, 33, CHUNK_SIZE - 9, "outside the chunk");
}

// A name whose chain leads to itself is read all the same.
static void chains_of_names_are_not_followed(void **state)
{
	struct fixture *f = *state;

	add_record(&f->craft);
	chunk_set_uint(f->craft.bytes + 512 + 37, 4, 512 + 37);
	chunk_set_uint(f->craft.bytes + 128, 4, 512 + 37);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
}

// A record of one template whose Event holds %0 of the given type and size.
static uint32_t add_instance(struct craft *c, unsigned type, unsigned size)
{
	uint32_t template;

	craft_record(c);
	template = craft_template(c, 77);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "EventData", NULL, NULL);
	craft_value_leaf(c, "Data", 0x0D, 0, type);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 1);
	craft_descriptor(c, type, size);
	craft_put(c, 2, 'v');
	craft_record_end(c);
	return template;
}

static void templates_are_checked(void **state)
{
	struct fixture *f = *state;
	uint32_t template = add_instance(&f->craft, VALUE_STRING, 2);

	craft_seal(&f->craft);
	open_chunk(f);
	assert_record(f, 1);
	for (int id = 76; id <= 78; id += 2) {
		f->craft.bytes[template + 4] = (unsigned char)id;
		open_chunk(f);
		assert_lost(f, "overwritten");
	}
	f->craft.bytes[template + 4] = 77;
	f->craft.bytes[template + 20]--;
	open_chunk(f);
	assert_lost(f, "");
	chunk_set_uint(f->craft.bytes + template + 20, 4, 0xFFFFFFF0);
	open_chunk(f);
	assert_lost(f, "cut off");
	assert_end(f);
}

static void values_must_fit_the_record(void **state)
{
	struct fixture *f = *state;

	add_instance(&f->craft, VALUE_STRING, 600);
	craft_seal(&f->craft);
	open_chunk(f);
	assert_lost(f, "larger than the record");
	assert_end(f);
}

static void a_template_cannot_hold_a_template(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template;

	craft_record(c);
	template = craft_template(c, 77);
	craft_start(c, "Event", NULL, NULL);
	craft_instance(c, 77, template);
	craft_put(c, 4, 0);
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 0);
	craft_record_end(c);
	craft_seal(c);
	open_chunk(f);
	assert_lost(f, "a template holds a template");
}

// BinXML whose only content is an element with BinXML in it, and so on.
static void nesting_has_an_end(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template;
	uint32_t size[12];
	size_t n = 0;

	craft_record(c);
	template = craft_template(c, 77);
	craft_start(c, "Event", NULL, NULL);
	craft_put(c, 4, 0x2100000E);
	craft_end(c);
	craft_template_end(c, template);
	for (; n < 12; n++) {
		craft_put(c, 4, 1);
		size[n] = c->at;
		craft_descriptor(c, VALUE_BINXML, 0);
		craft_start(c, "x", NULL, NULL);
		craft_end(c);
		if (n < 11) {
			template = craft_template(c, 100 + (uint32_t)n);
			craft_start(c, "y", NULL, NULL);
			craft_put(c, 4, 0x2100000E);
			craft_end(c);
			craft_template_end(c, template);
		}
	}
	while (n-- > 0) {
		craft_put(c, 1, 0);
		chunk_set_uint(c->bytes + size[n], 2, c->at - size[n] - 4);
	}
	craft_record_end(c);
	craft_seal(c);
	open_chunk(f);
	assert_lost(f, "nested too deep");
}

// A value of 20 KiB that a template refers to 1,000 times.
static void amplification_is_refused(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;
	uint32_t template;

	craft_record(c);
	template = craft_template(c, 9);
	craft_start(c, "Event", NULL, NULL);
	craft_start(c, "EventData", NULL, NULL);
	for (int i = 0; i < 1000; i++)
		craft_value_leaf(c, "x", 0x0D, 0, VALUE_STRING);
	craft_end(c);
	craft_end(c);
	craft_template_end(c, template);
	craft_put(c, 4, 1);
	craft_descriptor(c, VALUE_STRING, 20000);
	for (int i = 0; i < 10000; i++)
		craft_put(c, 2, 'a');
	craft_record_end(c);
	craft_seal(c);
	open_chunk(f);
	assert_int_equal(evtx_chunk_next(f->reader, &f->record, &f->err), RC_OK);
	assert_int_equal(evtx_record_event(f->reader, &f->record, &f->arena, &f->event, &f->err),
			 RC_FAILED);
}

// A token that is none, where a stream begins and in its middle.
static void unknown_tokens_end_a_record(void **state)
{
	struct fixture *f = *state;
	struct craft *c = &f->craft;

	for (unsigned token = 0x10; token < 0x100; token++) {
		if (token == 0x41)
			continue;
		craft_init(c, 1);
		craft_record(c);
		craft_put(c, 1, token);
		craft_record_end(c);
		craft_record(c);
		craft_start(c, "Event", NULL, NULL);
		craft_end(c);
		craft_put(c, 1, token);
		craft_record_end(c);
		craft_seal(c);
		open_chunk(f);
		assert_lost(f, "");
		assert_lost(f, "");
		assert_end(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(zeros_before_the_free_space_are_a_clean_end, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_clean_file_ends_at_the_free_space, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_dirty_file_goes_on_in_sequence, setup, teardown),
		cmocka_unit_test_setup_teardown(a_short_slot_is_read_as_far_as_it_goes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(slots_of_zeros_are_unused, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_header_records_are_recovered, setup,
						teardown),
		cmocka_unit_test_setup_teardown(checksums_are_compared_unless_switched_off, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_free_space_offset_is_clamped, setup, teardown),
		cmocka_unit_test_setup_teardown(a_free_space_offset_inside_a_record_is_wrong, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_free_space_offset_hides_no_records, setup,
						teardown),
		cmocka_unit_test_setup_teardown(records_are_not_read_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(a_header_size_but_128_is_odd, setup, teardown),
		cmocka_unit_test_setup_teardown(sizes_must_be_exact, setup, teardown),
		cmocka_unit_test_setup_teardown(names_must_lie_in_the_chunk, setup, teardown),
		cmocka_unit_test_setup_teardown(chains_of_names_are_not_followed, setup, teardown),
		cmocka_unit_test_setup_teardown(templates_are_checked, setup, teardown),
		cmocka_unit_test_setup_teardown(values_must_fit_the_record, setup, teardown),
		cmocka_unit_test_setup_teardown(a_template_cannot_hold_a_template, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_has_an_end, setup, teardown),
		cmocka_unit_test_setup_teardown(amplification_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_tokens_end_a_record, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
