// SPDX-License-Identifier: Apache-2.0
// Numbers of values that overflow in libevtx.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "evtx/chunk_writer.h"
#include "refreader/guard.h"

#define AT 600

// An instance at AT: the definition that it names, that definition's size, and a
// number of values somewhere.
static unsigned char *instance(uint32_t definition, uint32_t size, uint32_t values, uint32_t count)
{
	static unsigned char chunk[CHUNK_SIZE];

	memset(chunk, 0, sizeof(chunk));
	chunk[AT] = 0x0C;
	chunk_set_uint(chunk + AT + 6, 4, definition);
	if (definition <= CHUNK_SIZE - 24)
		chunk_set_uint(chunk + definition + 20, 4, size);
	chunk_set_uint(chunk + values, 4, count);
	return chunk;
}

static bool is_safe(uint32_t definition, uint32_t size, uint32_t values, uint32_t count)
{
	return guard_is_safe(instance(definition, size, values, count), CHUNK_SIZE);
}

static void numbers_whose_fourfold_fits_a_chunk_again_are_unsafe(void **state)
{
	(void)state;
	assert_true(is_safe(512, 0, AT + 10, 18));
	assert_true(is_safe(512, 0, AT + 10, 0x3FFFFFFF));
	assert_false(is_safe(512, 0, AT + 10, 0x40000000));
	assert_false(is_safe(512, 0, AT + 10, 0x40003FFF));
	assert_true(is_safe(512, 0, AT + 10, 0x40010000));
	assert_true(is_safe(512, 0, AT + 10, 0x80000001)); // negative to libevtx
}

static void the_number_follows_a_definition_that_is_inline(void **state)
{
	(void)state;
	assert_false(is_safe(AT + 10, 50, AT + 10 + 24 + 50, 0x40000001));
	assert_true(is_safe(AT + 10, 50, AT + 10 + 24 + 54, 0x40000001));
	// The sum of offset, head and size wraps.
	assert_false(is_safe(AT + 10, UINT32_MAX - 7, AT + 10 + 24 - 8, 0x40000001));
}

static void the_end_of_the_chunk_is_not_passed(void **state)
{
	unsigned char *chunk = instance(512, 0, AT + 10, 0x40000001);

	(void)state;
	assert_false(guard_is_safe(chunk, AT + 14));
	assert_true(
		is_safe(CHUNK_SIZE - 23, 0, AT + 10, 0x40000001)); // no definition: libevtx stops
	for (size_t len = 0; len < AT + 14; len++)
		assert_true(guard_is_safe(chunk, len));
	assert_true(is_safe(UINT32_MAX, 0, AT + 10, 1));
	assert_true(is_safe(CHUNK_SIZE - 24, UINT32_MAX, AT + 10, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_whose_fourfold_fits_a_chunk_again_are_unsafe),
		cmocka_unit_test(the_number_follows_a_definition_that_is_inline),
		cmocka_unit_test(the_end_of_the_chunk_is_not_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
