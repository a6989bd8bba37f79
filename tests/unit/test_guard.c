// SPDX-License-Identifier: Apache-2.0
// What libevtx must not be given: estimates that are not too small, and forms that Windows does not
// write.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "evtx/chunk_writer.h"
#include "refreader/guard.h"

#define FIRST 512u
#define ITEM 1500u // of guard.c
#define BYTE 128u

// A chunk of records that are written part by part.
struct draft {
	unsigned char chunk[CHUNK_SIZE];
	uint32_t at;
	uint32_t name; // of <E>
};

struct bytes {
	const char *ptr;
	uint32_t len;
};
#define BYTES(literal)                                                                             \
	(struct bytes)                                                                             \
	{                                                                                          \
		literal, sizeof(literal) - 1                                                       \
	}

static void put(struct draft *d, struct bytes bytes)
{
	if (bytes.len > 0)
		memcpy(d->chunk + d->at, bytes.ptr, bytes.len);
	d->at += bytes.len;
}

static void put_uint(struct draft *d, unsigned bytes, uint64_t value)
{
	chunk_set_uint(d->chunk + d->at, bytes, value);
	d->at += bytes;
}

static void set_size(struct draft *d, uint32_t place)
{
	chunk_set_uint(d->chunk + place, 4, d->at - place - 4);
}

// <E>, with its name where it stands first; gives the place of its size.
static uint32_t open_element(struct draft *d, bool is_plain)
{
	uint32_t place;

	put(d, is_plain ? BYTES("\x01") : BYTES("\x01\xFF\xFF"));
	place = d->at;
	put_uint(d, 4, 0);
	if (d->name == 0) {
		d->name = d->at + 4;
		put_uint(d, 4, d->name);
		put(d, BYTES("\0\0\0\0\0\0\1\0E\0\0\0"));
	} else {
		put_uint(d, 4, d->name);
	}
	put(d, BYTES("\2"));
	return place;
}

static void close_element(struct draft *d, uint32_t place)
{
	put(d, BYTES("\4"));
	set_size(d, place);
}

// The head of an instance with its definition, up to the definition's element; gives the place of
// the definition's size.
static uint32_t open_template(struct draft *d)
{
	uint32_t size;

	put(d, BYTES("\x0C\1\1\0\0\0"));
	put_uint(d, 4, d->at + 4);
	d->at += 20;
	size = d->at;
	d->at += 4;
	put(d, BYTES("\x0F\1\1\0"));
	return size;
}

// The head of an instance with its definition, of <E> with this content; values follow.
static void put_template(struct draft *d, struct bytes content, uint32_t slack)
{
	uint32_t size, element;

	size = open_template(d);
	element = open_element(d, false);
	put(d, content);
	close_element(d, element);
	d->at += 1 + slack; // its end, and what is behind
	set_size(d, size);
}

static uint32_t begin(struct draft *d)
{
	uint32_t start = d->at;

	put(d, BYTES("**\0\0"));
	d->at += 20;
	put(d, BYTES("\x0F\1\1\0"));
	return start;
}

static void end(struct draft *d, uint32_t start)
{
	put(d, BYTES("\0"));
	put_uint(d, 4, 0);
	chunk_set_uint(d->chunk + start + 4, 4, d->at - start);
}

static void reset(struct draft *d)
{
	memset(d, 0, sizeof(*d));
	d->at = FIRST;
}

struct row {
	struct bytes content, value;
	unsigned type;
	uint32_t slack;
};

// A record of a template with this content, and one value.
static void put_record(struct draft *d, struct row row)
{
	uint32_t start = begin(d);

	put_template(d, row.content, row.slack);
	put_uint(d, 4, 1);
	put_uint(d, 2, row.value.len);
	put_uint(d, 2, row.type);
	put(d, row.value);
	end(d, start);
}

static uint64_t cost(const struct draft *d)
{
	return guard_cost(d->chunk, CHUNK_SIZE, FIRST, CHUNK_SIZE);
}

static uint64_t cost_of(struct row row)
{
	struct draft d;

	reset(&d);
	put_record(&d, row);
	return cost(&d);
}

// ---- costs --------------------------------------------------------------

#define NAMED "\x0D\0\0\1"

static void a_value_costs_as_often_as_it_is_named(void **state)
{
	static const char letters[100];
	struct bytes value = {letters, 100};
	uint64_t once = cost_of((struct row){BYTES(NAMED), value, 1, 0});

	(void)state;
	assert_int_equal(cost_of((struct row){BYTES(NAMED NAMED NAMED), value, 1, 0}),
			 once + 2 * (ITEM + 400 + 4 * BYTE) + 20);
	// A value that is not there: libevtx gives up.
	assert_true(cost_of((struct row){BYTES("\x0D\1\0\1"), value, 1, 0}) <= once);
}

// With what stands before the array, and behind.
static void each_item_makes_its_element_anew(void **state)
{
	static const char items[100];
	struct bytes value = {items, 100};
	struct bytes contents[] = {BYTES("\x0E\0\0\x81"), BYTES("\5\1\2\0ABCD\x0E\0\0\x81"),
				   BYTES("\x0E\0\0\x81\5\1\2\0ABCD")};
	uint64_t costs[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		costs[i] = cost_of((struct row){contents[i], value, 0x81, 0});
	assert_true(costs[0] > 50 * ITEM);
	assert_int_equal(costs[1], costs[0] + 51 * (8 * BYTE + 8)); // and for the piece before
	assert_int_equal(costs[2], costs[1]);
	// Bytes: an item each, whatever they are.
	assert_true(cost_of((struct row){contents[0], value, 0x84, 0}) > 100 * ITEM);
	// Texts by their ends.
	assert_true(cost_of((struct row){contents[0], BYTES("A\0B\0C\0"), 0x81, 0}) < 4 * ITEM);
	assert_true(cost_of((struct row){contents[0], BYTES("A\0\0\0B\0"), 0x81, 0}) > 4 * ITEM);
}

// Arrays in elements in each other multiply: 3,000 times 3,000 items.
static void arrays_multiply(void **state)
{
	static const char items[6000];
	struct draft d;
	uint32_t start, size, outer, inner;

	(void)state;
	reset(&d);
	start = begin(&d);
	size = open_template(&d);
	outer = open_element(&d, false);
	put(&d, BYTES("\x0D\0\0\x81"));
	inner = open_element(&d, false);
	put(&d, BYTES("\x0D\1\0\x81"));
	close_element(&d, inner);
	close_element(&d, outer);
	d.at++;
	set_size(&d, size);
	put(&d, BYTES("\2\0\0\0\x70\x17\x81\0\x70\x17\x81\0"));
	put(&d, (struct bytes){items, 6000});
	put(&d, (struct bytes){items, 6000});
	end(&d, start);
	assert_true(cost(&d) == COST_TOO_MUCH);
}

// A value that is an instance, whose value is an instance, each named ten times.
static void values_in_values_multiply(void **state)
{
	static const char ten[] = "\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21"
				  "\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21\x0D\0\0\x21";
	struct draft d;
	uint32_t start, sizes[2], places[2];
	uint64_t whole;

	(void)state;
	reset(&d);
	start = begin(&d);
	for (size_t i = 0; i < 2; i++) {
		put_template(&d, (struct bytes){ten, 40}, 0);
		put_uint(&d, 4, 1);
		sizes[i] = d.at;
		put(&d, BYTES("\0\0\x21\0"));
		places[i] = d.at;
	}
	put_template(&d, BYTES(NAMED), 0);
	put(&d, BYTES("\1\0\0\0\0\0\1\0"));
	for (size_t i = 0; i < 2; i++)
		chunk_set_uint(d.chunk + sizes[i], 2, d.at - places[i]);
	end(&d, start);
	whole = cost(&d);
	assert_true(whole > 100 * ITEM && whole < 1000 * ITEM);
	// A value that ends before what stands in it.
	chunk_set_uint(d.chunk + sizes[1], 2, d.at - 5 - places[1] - 1);
	assert_true(cost(&d) == COST_UNKNOWN);
}

// An instance among the values of its own definition.
static void what_names_itself_has_no_end(void **state)
{
	struct draft d;
	uint32_t start, size, place;

	(void)state;
	reset(&d);
	start = begin(&d);
	put_template(&d, BYTES("\x0D\0\0\x21"), 0);
	for (unsigned i = 0; i < 40; i++) {
		put_uint(&d, 4, 1);
		size = d.at;
		put_uint(&d, 2, 60000);
		put_uint(&d, 2, 0x21);
		place = d.at;
		put(&d, BYTES("\x0C\1\1\0\0\0"));
		put_uint(&d, 4, FIRST + 24 + 4 + 10);
		chunk_set_uint(d.chunk + size, 2, 20000 - 14 * i - (place - size));
	}
	d.at = FIRST + 30000;
	end(&d, start);
	assert_true(cost(&d) >= COST_TOO_MUCH);
}

// ---- forms --------------------------------------------------------------

static void what_windows_writes_is_known(void **state)
{
	static const struct bytes contents[] = {
		{"", 0},	   {NAMED, 4},	      {"\x0E\0\0\1", 4}, {"\5\1\2\0ABCD", 8},
		{"\x45\1\0\0", 4}, {"\x08\x20\0", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		assert_true(cost_of((struct row){contents[i], BYTES("A\0"), 1, 0}) < 20 * ITEM);
}

// libevtx goes on in ways of its own, or reads what Windows never writes.
static void what_windows_does_not_write_is_unknown(void **state)
{
	static const struct row rows[] = {
		{{NAMED, 4}, {"A\0", 2}, 1, 1},				// behind the end
		{{"\4", 1}, {"A\0", 2}, 1, 0},				// two ends
		{{"\7\1\0AB", 5}, {"A\0", 2}, 1, 0},			// CDATA
		{{"\x0A\0\2\0\0", 5}, {"A\0", 2}, 1, 0},		// an instruction
		{{"\x0B\0\0", 3}, {"A\0", 2}, 1, 0},			// and its data
		{{"\x0C\1\0\0\0\0\0\0\0\0", 10}, {"A\0", 2}, 1, 0},	// an instance
		{{"\5\2\0\0", 4}, {"A\0", 2}, 1, 0},			// text of another type
		{{"\5\1\xFF\xFF", 4}, {"A\0", 2}, 1, 0},		// beyond the chunk
		{{"\x09\xFF\xF0\0\0", 5}, {"A\0", 2}, 1, 0},		// a name further on
		{{"\x10", 1}, {"A\0", 2}, 1, 0},			// no token
		{{"\x0D\0\0\x21", 4}, {"", 0}, 0x21, 0},		// BinXML of no bytes
		{{"\x0D\0\0\x21", 4}, {"\x0F\1\1\0\0", 5}, 0x21, 0},	// without content
		{{"\x0D\0\0\x81", 4}, {"A\0B", 3}, 0x81, 0},		// half a letter
		{{"\x0D\0\0\x81\x0D\0\0\x81", 8}, {"A\0", 2}, 0x81, 0}, // two arrays
		// What would replace the bytes of pieces, but not their places.
		{{"\5\1\1\0A\0\5\1\1\0B\0" NAMED, 16}, {"A\0", 2}, 1, 0},
		{{NAMED "\5\1\1\0A\0" NAMED, 14}, {"A\0", 2}, 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (cost_of(rows[i]) != COST_UNKNOWN)
			fail_msg("row %zu", i);
	}
}

// A byte of a sound record is changed.
static void sizes_and_places_must_be_right(void **state)
{
	static const struct {
		uint32_t at;
		unsigned char value;
		bool is_known;
	} rows[] = {
		{FIRST + 4, 30, false},			     // the record is too small
		{FIRST + 24, 0x0E, false},		     // no fragment
		{FIRST + 28, 0x0D, false},		     // no instance
		{FIRST + 34, 0xFF, false},		     // the definition stands elsewhere
		{FIRST + 58, 200, false},		     // it is larger
		{FIRST + 66, 0x02, false},		     // no element
		{FIRST + 67, 0x00, true},		     // another dependency
		{FIRST + 69, 200, false},		     // the element is larger
		{FIRST + 74, 0xFF, false},		     // its name is further on
		{FIRST + 24 + 4 + 10 + 24 + 4, 0x41, false}, // it has attributes
	};
	struct draft d;
	struct row row = {BYTES(NAMED), BYTES("A\0"), 1, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reset(&d);
		put_record(&d, row);
		d.chunk[rows[i].at] = rows[i].value;
		if ((cost(&d) < COST_ENDLESS) != rows[i].is_known)
			fail_msg("row %zu", i);
	}
}

// Any byte of a record at the end of a chunk is changed: nothing behind the chunk is read, which
// stands in memory of its own size, and the answer does not depend on what is there.
static void any_byte_may_be_wrong(void **state)
{
	static const unsigned char wrong[] = {0x00, 0x01, 0x0D, 0x21, 0x41, 0x81, 0xF0, 0xFF};
	struct row row = {BYTES("\x0D\0\0\x81\5\1\1\0A\0\x09\0\2\0\0\x08\x20\0"), BYTES("A\0"),
			  0x81, 0};
	unsigned char *chunk = malloc(CHUNK_SIZE);
	struct draft d;
	uint32_t size;

	(void)state;
	assert_non_null(chunk);
	reset(&d);
	put_record(&d, row);
	size = d.at - FIRST;
	memset(&d, 0, sizeof(d));
	d.at = CHUNK_SIZE - size;
	put_record(&d, row);
	for (uint32_t at = CHUNK_SIZE - size; at < CHUNK_SIZE; at++) {
		for (size_t i = 0; i < sizeof(wrong); i++) {
			uint64_t found;

			memcpy(chunk, d.chunk, CHUNK_SIZE);
			chunk[at] = wrong[i];
			found = guard_cost(chunk, CHUNK_SIZE, CHUNK_SIZE - size, CHUNK_SIZE);
			assert_true(found < 1000 * ITEM || found >= COST_ENDLESS);
		}
	}
	free(chunk);
}

// An element in a value has no dependency, and no values to name.
static void elements_in_values_are_plain(void **state)
{
	struct draft d;
	uint32_t start, size, place, element;

	(void)state;
	for (unsigned names = 0; names < 2; names++) {
		reset(&d);
		start = begin(&d);
		put_template(&d, BYTES("\x0D\0\0\x21"), 0);
		put_uint(&d, 4, 1);
		size = d.at;
		put(&d, BYTES("\0\0\x21\0"));
		place = d.at;
		element = open_element(&d, true);
		put(&d, names ? BYTES(NAMED) : BYTES("\5\1\1\0A\0"));
		close_element(&d, element);
		chunk_set_uint(d.chunk + size, 2, d.at - place);
		end(&d, start);
		assert_int_equal(cost(&d) == COST_UNKNOWN, names == 1);
	}
}

// One element in the other, as deep as 70.
static void depth_is_bounded(void **state)
{
	struct draft d;
	uint32_t start, size, places[70];

	(void)state;
	for (unsigned depth = 60; depth <= 70; depth += 10) {
		reset(&d);
		start = begin(&d);
		size = open_template(&d);
		for (unsigned i = 0; i < depth; i++)
			places[i] = open_element(&d, false);
		for (unsigned i = depth; i > 0; i--)
			close_element(&d, places[i - 1]);
		d.at++;
		set_size(&d, size);
		put_uint(&d, 4, 0);
		end(&d, start);
		assert_int_equal(cost(&d) == COST_UNKNOWN, depth == 70);
	}
}

// A text of nothing but a mark, in whatever holds one; FF FE in a number is none.
static void a_lone_byte_order_mark_has_no_end(void **state)
{
	static const struct {
		struct row row;
		bool ends;
	} rows[] = {
		{{{NAMED, 4}, {"\xFF\xFE", 2}, 0x01, 0}, false},
		{{{NAMED, 4}, {"\xFE\xFF", 2}, 0x01, 0}, false},
		{{{"\x0E\0\0\6", 4}, {"\xFF\xFE", 2}, 0x01, 0}, false}, // the value's type counts
		{{{NAMED, 4}, {"\xFF\xFE", 2}, 0x06, 0}, true},
		{{{NAMED, 4}, {"\xFF\xFE\x41\0", 4}, 0x01, 0}, true},
		{{{NAMED, 4}, {"A\0\xFF\xFE", 4}, 0x01, 0}, true},
		{{{"\x0D\1\0\1", 4}, {"\xFF\xFE", 2}, 0x01, 0}, true}, // not named
		{{{"\x0D\0\0\x81", 4}, {"\xFF\xFE", 2}, 0x81, 0}, false},
		{{{"\x0D\0\0\x81", 4}, {"A\0\0\0\xFF\xFE", 6}, 0x81, 0}, false},
		{{{"\x0D\0\0\x81", 4}, {"A\0\0\0\xFF\xFE\0\0", 8}, 0x81, 0}, true},
		{{{"\x0D\0\0\x81", 4}, {"A\0\xFF\xFE", 4}, 0x81, 0}, true},
		{{{"\5\1\1\0\xFF\xFE", 6}, {"", 0}, 0x01, 0}, false},
		{{{"\5\1\2\0\xFF\xFE\x41\0", 8}, {"", 0}, 0x01, 0}, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((cost_of(rows[i].row) != COST_ENDLESS) != rows[i].ends)
			fail_msg("row %zu", i);
	}
}

// ---- records ------------------------------------------------------------

static void the_costliest_record_counts(void **state)
{
	struct row small = {BYTES(NAMED), BYTES("A\0"), 1, 0};
	struct row large = {BYTES(NAMED NAMED), BYTES("A\0"), 1, 0};
	struct row wrong = {BYTES("\x10"), BYTES("A\0"), 1, 0};
	uint64_t costs[2] = {cost_of(small), cost_of(large)};
	struct draft d;
	uint32_t ends[3];
	struct err err;

	(void)state;
	reset(&d);
	put_record(&d, large);
	ends[0] = d.at;
	d.name = 0;
	put_record(&d, small);
	ends[1] = d.at;
	d.name = 0;
	put_record(&d, wrong);
	ends[2] = d.at;
	assert_int_equal(guard_cost(d.chunk, CHUNK_SIZE, FIRST, ends[0]), costs[1]);
	assert_int_equal(guard_cost(d.chunk, CHUNK_SIZE, FIRST, ends[1]), costs[1]);
	assert_int_equal(guard_cost(d.chunk, CHUNK_SIZE, ends[0], ends[1]), costs[0]);
	assert_true(guard_cost(d.chunk, CHUNK_SIZE, FIRST, ends[2]) == COST_UNKNOWN);
	assert_int_equal(guard_records(d.chunk, CHUNK_SIZE, FIRST, ends[1], &err), RC_OK);
	assert_int_equal(guard_records(d.chunk, CHUNK_SIZE, FIRST, ends[2], &err), RC_FAILED);
	assert_string_equal(err.text, GUARD_FORM_REASON);
	// Cut anywhere, it is unknown or as before; nothing behind `len` is read.
	for (size_t len = FIRST; len < ends[0]; len++)
		assert_true(guard_cost(d.chunk, len, FIRST, len) == COST_UNKNOWN ||
			    len < FIRST + 24);
}

// Of a chunk libevtx keeps 64 records: what none costs alone they can cost together.
static void records_of_a_chunk_add_up(void **state)
{
	static char thousand[4000];
	struct row row = {{thousand, 4000}, BYTES("A\0"), 1, 0};
	struct draft d;
	struct err err;
	uint32_t first, start;

	(void)state;
	for (size_t i = 0; i < 4000; i += 4)
		memcpy(thousand + i, NAMED, 4);
	reset(&d);
	put_record(&d, row);
	first = d.at;
	for (unsigned i = 0; i < 150; i++) {
		start = begin(&d);
		put(&d, BYTES("\x0C\1\1\0\0\0"));
		put_uint(&d, 4, FIRST + 24 + 4 + 10);
		put(&d, BYTES("\1\0\0\0\2\0\1\0A\0"));
		end(&d, start);
	}
	assert_true(cost(&d) == COST_TOO_MUCH);
	assert_int_equal(guard_records(d.chunk, CHUNK_SIZE, FIRST, first, &err), RC_OK);
	assert_int_equal(guard_records(d.chunk, CHUNK_SIZE, FIRST, CHUNK_SIZE, &err), RC_FAILED);
	assert_string_equal(err.text, GUARD_COST_REASON);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_costs_as_often_as_it_is_named),
		cmocka_unit_test(each_item_makes_its_element_anew),
		cmocka_unit_test(arrays_multiply),
		cmocka_unit_test(values_in_values_multiply),
		cmocka_unit_test(what_names_itself_has_no_end),
		cmocka_unit_test(what_windows_writes_is_known),
		cmocka_unit_test(what_windows_does_not_write_is_unknown),
		cmocka_unit_test(sizes_and_places_must_be_right),
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(elements_in_values_are_plain),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_lone_byte_order_mark_has_no_end),
		cmocka_unit_test(the_costliest_record_counts),
		cmocka_unit_test(records_of_a_chunk_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
