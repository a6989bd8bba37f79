// SPDX-License-Identifier: Apache-2.0
// What records would cost libevtx: estimates that are not too small.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "evtx/chunk_writer.h"
#include "refreader/cost.h"

#define FIRST 512u
#define ITEM 1500u // of cost.c
#define BYTE 128u
#define LETTER 8u

// A chunk of one record that is written part by part.
struct draft {
	unsigned char chunk[CHUNK_SIZE];
	uint32_t at;
};

static void put(struct draft *d, const char *bytes, uint32_t len)
{
	memcpy(d->chunk + d->at, bytes, len);
	d->at += len;
}

static void put_uint(struct draft *d, unsigned bytes, uint64_t value)
{
	chunk_set_uint(d->chunk + d->at, bytes, value);
	d->at += bytes;
}

static void begin(struct draft *d)
{
	memset(d, 0, sizeof(*d));
	d->at = FIRST;
	put(d, "**\0", 4);
	put_uint(d, 4, CHUNK_SIZE - FIRST);
	d->at += 16;
}

// A fragment with an instance of `tokens`, which stand here.
static void put_instance(struct draft *d, const char *tokens, uint32_t len, unsigned times)
{
	put(d, "\x0F\1\1\0\x0C\1", 6);
	d->at += 4;
	put_uint(d, 4, d->at + 4);
	d->at += 20;
	put_uint(d, 4, len * times + 1);
	for (unsigned i = 0; i < times; i++)
		put(d, tokens, len);
	put(d, "", 1);
}

static void put_values(struct draft *d, unsigned size, unsigned type)
{
	put_uint(d, 4, 1);
	put_uint(d, 2, size);
	put_uint(d, 2, type);
}

static uint64_t cost(const struct draft *d)
{
	return cost_of_records(d->chunk, CHUNK_SIZE, FIRST, CHUNK_SIZE);
}

static void a_value_costs_as_often_as_it_is_named(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x0D\0\0\1", 4, 10);
	put_values(&d, 100, 1);
	assert_int_equal(cost(&d), 44 * BYTE + 10 * (ITEM + 400));
	begin(&d);
	put_instance(&d, "\x0D\1\0\1", 4, 10); // another value, which is not there
	put_values(&d, 100, 1);
	assert_int_equal(cost(&d), 44 * BYTE);
}

// <x>, whose name of no letters stands elsewhere, with an array; and with a text in front of it.
static void each_item_makes_its_element_anew(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x01\xFF\xFF\0\0\0\0\0\2\0\0\2\x0E\0\0\x81\4", 17, 10);
	put_values(&d, 100, 0x81);
	assert_int_equal(cost(&d), 174 * BYTE + 10 * (51 * 16 * BYTE + 400));
	begin(&d);
	put_instance(&d, "\x01\xFF\xFF\0\0\0\0\0\2\0\0\2\5\1\2\0ABCD\x0E\0\0\x81\4", 25, 10);
	put_values(&d, 100, 0x81);
	assert_int_equal(cost(&d), 254 * BYTE + 10 * (51 * 24 * BYTE + 400));
}

// A value that is BinXML is an instance again, of a definition that it brings.
static void values_in_values_multiply(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x0D\0\0\x21", 4, 10);
	put_values(&d, 400, 0x21);
	put_instance(&d, "\x0D\0\0\x21", 4, 10);
	put_values(&d, 300, 0x21);
	put_instance(&d, "\x0D\0\0\1", 4, 10);
	put_values(&d, 0, 1);
	assert_int_equal(cost(&d), 44 * BYTE + 10 * (44 * BYTE + 10 * (44 * BYTE + 10 * ITEM)));
}

// libevtx reads on behind a value of BinXML, and behind an instance, until a token ends it.
static void sizes_of_values_end_nothing(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x0D\0\0\x21", 4, 10);
	put_values(&d, 4, 0x21);
	put_instance(&d, "\x0D\0\0\1", 4, 10);
	put_values(&d, 0, 1);
	// Once for each time that the value is named, and once behind the record's own instance.
	assert_int_equal(cost(&d),
			 44 * BYTE + 10 * (44 * BYTE + 10 * ITEM) + 40 * BYTE + 10 * ITEM);
	begin(&d);
	for (int i = 0; i < 3; i++) {
		put_instance(&d, "\x0D\0\0\1", 4, 10);
		put_values(&d, 0, 1);
	}
	assert_int_equal(cost(&d), 3 * (44 * BYTE + 10 * ITEM));
}

// An instance among the values of its own definition: nothing ends it but the data.
static void what_names_itself_is_unknown(void **state)
{
	struct draft d;
	uint32_t definition;

	(void)state;
	begin(&d);
	definition = d.at + 14;
	put_instance(&d, "\x0D\0\0\x21", 4, 10);
	put_values(&d, 20000, 0x21);
	for (unsigned i = 0; i < 40; i++) {
		put(&d, "\x0F\1\1\0\x0C\1", 6);
		d.at += 4;
		put_uint(&d, 4, definition);
		put_values(&d, 15000 - 30 * i, 0x21);
	}
	assert_true(cost(&d) == COST_UNKNOWN);
}

static void each_token_is_passed(void **state)
{
	static const char *const tokens[] = {
		"\x01\xFF\xFF\0\0\0\0\0\2\0\0",		// element, whose name stands elsewhere
		"\x41\xFF\xFF\0\0\0\0\0\2\0\0\0\0\0\0", // with attributes
		"\2",
		"\3",
		"\4",
		"\5\1\2\0ABCD", // text
		"\x45\1\0\0",
		"\6\0\2\0\0", // attribute
		"\7\1\0AB",
		"\x08\x20\0",
		"\x09\0\2\0\0",
		"\x0A\0\2\0\0",
		"\x0B\0\0",
	};
	static const uint32_t sizes[] = {11, 15, 1, 1, 1, 8, 4, 5, 5, 3, 5, 5, 3};
	struct draft d;

	(void)state;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		char both[32];

		memcpy(both, tokens[i], sizes[i]);
		memcpy(both + sizes[i], "\x0D\0\0\1", 4);
		begin(&d);
		put_instance(&d, both, sizes[i] + 4, 2);
		put_values(&d, 0, 1);
		assert_int_equal(cost(&d), (2 * sizes[i] + 12) * BYTE + 2 * ITEM);
	}
}

static void a_name_is_passed_where_it_stands(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x0D\0\0\1\x0D\0\0\1\x0D\0\0\1\x0D\0\0\1\x0D\0\0\1", 20, 2);
	put_values(&d, 0, 1);
	// An entity reference over the first: its name, of three letters, covers 16 bytes more.
	d.chunk[FIRST + 62] = 0x09;
	chunk_set_uint(d.chunk + FIRST + 63, 4, FIRST + 67);
	chunk_set_uint(d.chunk + FIRST + 67 + 6, 2, 3);
	memcpy(d.chunk + FIRST + 83, "\2\x0D\0\0\1", 5);
	assert_int_equal(cost(&d), 30 * BYTE + 3 * LETTER + ITEM);
}

// What libevtx may read otherwise, or not.
static void doubt_counts_as_much(void **state)
{
	static const struct {
		const char *token;
		uint32_t size;
		bool is_known;
	} rows[] = {
		{"\x09\x00\x80\0\0", 5, false},	       // a name further on
		{"\x09\x00\x80\1\0", 5, true},	       // outside the chunk
		{"\x0C\1\0\0\0\0\0\0\0\0", 10, false}, // an instance in a definition
		{"\x10", 1, true},		       // no token
	};
	struct draft d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&d);
		put_instance(&d, rows[i].token, rows[i].size, 1);
		put_values(&d, 0, 1);
		assert_int_equal(cost(&d) != COST_UNKNOWN, rows[i].is_known);
	}
}

// A text of nothing but a mark, in whatever holds one; "\\xFF\\xFE" in a number is none.
static void a_lone_byte_order_mark_has_no_end(void **state)
{
	static const struct {
		const char *token, *value;
		unsigned size, len, type;
		bool ends;
	} rows[] = {
		{"\x0D\0\0\1", "\xFF\xFE", 4, 2, 0x01, false},
		{"\x0D\0\0\1", "\xFE\xFF", 4, 2, 0x01, false},
		{"\x0E\0\0\6", "\xFF\xFE", 4, 2, 0x01, false}, // the value's type counts
		{"\x0D\0\0\1", "\xFF\xFE", 4, 2, 0x06, true},
		{"\x0D\0\0\1",
		 "\xFF\xFE"
		 "A\0",
		 4, 4, 0x01, true},
		{"\x0D\0\0\1", "A\0\xFF\xFE", 4, 4, 0x01, true},
		{"\x0D\1\0\1", "\xFF\xFE", 4, 2, 0x01, true}, // not named
		{"\x0D\0\0\x81", "\xFF\xFE", 4, 2, 0x81, false},
		{"\x0D\0\0\x81", "A\0\0\0\xFF\xFE\0\0", 4, 8, 0x81, false},
		{"\x0D\0\0\x81",
		 "\0\0\xFE\xFF\0\0"
		 "A\0",
		 4, 8, 0x81, false},
		{"\x0D\0\0\x81", "A\0\xFF\xFE\0\0", 4, 6, 0x81, true},
		{"\x0D\0\0\x81",
		 "\xFF\xFE"
		 "A\0\0\0",
		 4, 6, 0x81, true},
		{"\5\1\1\0\xFF\xFE", "", 6, 0, 0x01, false},
		{"\5\1\2\0\xFF\xFE"
		 "A\0",
		 "", 8, 0, 0x01, true},
		{"\7\1\0\xFE\xFF", "", 5, 0, 0x01, false},
		{"\x0B\1\0\xFE\xFF", "", 5, 0, 0x01, false},
	};
	struct draft d;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&d);
		put_instance(&d, rows[i].token, rows[i].size, 1);
		put_values(&d, rows[i].len, rows[i].type);
		put(&d, rows[i].value, rows[i].len);
		if ((cost(&d) != COST_ENDLESS) != rows[i].ends)
			fail_msg("row %zu", i);
	}
}

static void only_records_are_looked_at(void **state)
{
	struct draft d;

	(void)state;
	begin(&d);
	put_instance(&d, "\x0D\0\0\x81", 4, 1000);
	put_values(&d, 30000, 0x81);
	assert_true(cost(&d) > LIMIT_REFERENCE_MEMORY);
	assert_int_equal(cost_of_records(d.chunk, CHUNK_SIZE, FIRST, FIRST), 0);
	assert_int_equal(cost_of_records(d.chunk, CHUNK_SIZE, FIRST + 4, CHUNK_SIZE), 0);
	for (uint32_t len = 0; len < FIRST + 100; len++)
		assert_true(cost_of_records(d.chunk, len, FIRST, len) <= LIMIT_REFERENCE_MEMORY);
	chunk_set_uint(d.chunk + FIRST + 4, 4, 20);
	assert_int_equal(cost(&d), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_costs_as_often_as_it_is_named),
		cmocka_unit_test(each_item_makes_its_element_anew),
		cmocka_unit_test(values_in_values_multiply),
		cmocka_unit_test(sizes_of_values_end_nothing),
		cmocka_unit_test(what_names_itself_is_unknown),
		cmocka_unit_test(each_token_is_passed),
		cmocka_unit_test(a_name_is_passed_where_it_stands),
		cmocka_unit_test(doubt_counts_as_much),
		cmocka_unit_test(a_lone_byte_order_mark_has_no_end),
		cmocka_unit_test(only_records_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
