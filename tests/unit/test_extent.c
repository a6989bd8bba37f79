// SPDX-License-Identifier: Apache-2.0
// Logs that are whole, and logs that are cut.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "evtx/extent.h"

static uint64_t size_of(uint64_t chunks)
{
	return EVTX_FILE_HEADER_SIZE + chunks * CHUNK_SIZE;
}

// A log of `slots`, of which `used` are no zeros, whose header counts `counted`.
static struct evtx_extent extent(uint64_t slots, uint64_t used, uint64_t counted)
{
	return (struct evtx_extent){.size = size_of(slots), .counted = counted, .used = used};
}

static void expect_cut(struct evtx_extent extent, const char *why)
{
	struct err err = {""};

	assert_int_equal(evtx_is_cut(&extent, &err), why[0] != '\0');
	assert_string_equal(err.text, why);
}

static void a_log_with_the_chunks_that_are_counted_is_whole(void **state)
{
	(void)state;
	expect_cut(extent(1, 1, 1), "");
	expect_cut(extent(16, 3, 3), "");
	expect_cut(extent(17, 15, 3), "");
	expect_cut(extent(70000, 70000, 70000), "");
	expect_cut(extent(70000, 70000, 70000 - 65536), ""); // 16 bits of it
	expect_cut(extent(0, 0, 0), "");
}

static void a_log_with_fewer_is_cut(void **state)
{
	(void)state;
	expect_cut(extent(1, 1, 3), "cut short: the file header counts 3 chunks, there is 1");
	expect_cut(extent(0, 0, 1), "cut short: the file header counts 1 chunk, there are 0");
	// Zeros where a chunk was.
	expect_cut(extent(3, 2, 3), "cut short: the file header counts 3 chunks, there are 2");
}

static void of_a_log_in_use_slots_count(void **state)
{
	struct evtx_extent log = extent(16, 4, 16);

	(void)state;
	log.dirty = true;
	expect_cut(log, "");
	log.counted = 17;
	expect_cut(log, "cut short: the file header counts 17 chunks, there are 16");
}

static void a_piece_of_a_chunk_is_told_by_its_place(void **state)
{
	struct evtx_extent log = extent(2, 2, 3);

	(void)state;
	log.size -= 1;
	expect_cut(log, "cut short: the last chunk, at offset 69632, has 65535 of 65536 bytes");
	log.size = EVTX_FILE_HEADER_SIZE + 1;
	expect_cut(log, "cut short: the last chunk, at offset 4096, has 1 of 65536 bytes");
}

static void a_header_that_is_damaged_counts_nothing(void **state)
{
	unsigned char *bytes = mem_zalloc(EVTX_FILE_HEADER_SIZE);
	struct evtx_file_header header;
	struct evtx_extent log;

	(void)state;
	memcpy(bytes, "ElfFile", 8);
	bytes[42] = 3;
	assert_int_equal(evtx_file_parse(bytes, EVTX_FILE_HEADER_SIZE, &header, NULL), RC_OK);
	log = evtx_extent_of(&header, size_of(1));
	assert_int_equal(log.counted, 0);
	assert_int_equal(log.used, 1);
	bytes[120] = EVTX_NO_CRC | EVTX_DIRTY;
	assert_int_equal(evtx_file_parse(bytes, EVTX_FILE_HEADER_SIZE, &header, NULL), RC_OK);
	log = evtx_extent_of(&header, size_of(1));
	assert_int_equal(log.counted, 3);
	assert_true(log.dirty);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_with_the_chunks_that_are_counted_is_whole),
		cmocka_unit_test(a_log_with_fewer_is_cut),
		cmocka_unit_test(of_a_log_in_use_slots_count),
		cmocka_unit_test(a_piece_of_a_chunk_is_told_by_its_place),
		cmocka_unit_test(a_header_that_is_damaged_counts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
