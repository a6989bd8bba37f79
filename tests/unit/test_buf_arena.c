// SPDX-License-Identifier: Apache-2.0
// Buffers, arenas and the growth of arrays.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

static void an_untouched_buffer_is_empty(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_int_equal(buf_str(&buf).len, 0);
	buf_reset(&buf);
	buf_release(&buf);
	assert_null(buf.ptr);
}

static void a_buffer_keeps_what_is_put_and_ends_in_nul(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_put_text(&buf, "ab");
	buf_put_char(&buf, '\0');
	buf_put_str(&buf, STR("cd"));
	buf_put_str(&buf, (struct str){NULL, 0});
	buf_printf(&buf, "%d%s", 7, "x");
	buf_printf(&buf, "%s", "");
	assert_true(str_eq(buf_str(&buf), STR("ab\0cd7x")));
	assert_int_equal(buf.ptr[buf.len], '\0');
	buf_reset(&buf);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.ptr, "");
	buf_release(&buf);
}

static void a_buffer_grows_by_single_bytes(void **state)
{
	struct buf buf = {0};

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buf_put_char(&buf, (char)(i % 251));
	assert_int_equal(buf.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(buf.ptr[i], (char)(i % 251));
	buf_release(&buf);
}

static void long_formats_fit(void **state)
{
	struct arena arena = {0};
	struct buf buf = {0};
	char text[10001];
	struct str made;

	(void)state;
	memset(text, 'x', 10000);
	text[10000] = '\0';
	buf_printf(&buf, "<%s>", text);
	assert_int_equal(buf.len, 10002);
	assert_int_equal(buf.ptr[10001], '>');
	made = arena_printf(&arena, "<%s>", text);
	assert_true(str_eq(made, buf_str(&buf)));
	assert_int_equal(made.ptr[made.len], '\0');
	buf_release(&buf);
	arena_release(&arena);
}

static void reserved_room_is_behind_the_content(void **state)
{
	struct buf buf = {0};
	char *room;

	(void)state;
	buf_put_text(&buf, "a");
	room = buf_reserve(&buf, 5000);
	memset(room, 'b', 5000);
	assert_ptr_equal(room, buf.ptr + 1);
	assert_int_equal(buf.len, 1);
	assert_true(buf.cap >= 5002);
	buf_release(&buf);
}

static void arena_memory_is_aligned_and_does_not_overlap(void **state)
{
	struct arena arena = {0};
	unsigned char *parts[2000];

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		parts[i] = arena_alloc(&arena, i % 97 + 1);
		assert_int_equal((uintptr_t)parts[i] % _Alignof(max_align_t), 0);
		memset(parts[i], (int)(i % 256), i % 97 + 1);
	}
	for (size_t i = 0; i < 2000; i++) {
		for (size_t k = 0; k < i % 97 + 1; k++)
			assert_int_equal(parts[i][k], i % 256);
	}
	assert_true(arena.used >= 2000);
	arena_release(&arena);
	assert_int_equal(arena.used, 0);
}

static void a_reset_arena_gives_zeroed_memory_again(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		unsigned char *bytes = arena_zalloc(&arena, 3000);
		uint32_t *words = arena_array(&arena, 1000, sizeof(*words));

		for (size_t i = 0; i < 3000; i++)
			assert_int_equal(bytes[i], 0);
		for (size_t i = 0; i < 1000; i++)
			assert_int_equal(words[i], 0);
		memset(bytes, 0xFF, 3000);
		memset(words, 0xFF, 4000);
		assert_true(arena.used >= 7000);
		arena_reset(&arena);
		assert_int_equal(arena.used, 0);
	}
	arena_release(&arena);
}

static void large_and_empty_requests_are_served(void **state)
{
	struct arena arena = {0};
	char *large;

	(void)state;
	assert_non_null(arena_alloc(&arena, 0));
	assert_non_null(arena_array(&arena, 0, 8));
	large = arena_zalloc(&arena, 5u << 20);
	large[(5u << 20) - 1] = 'x';
	assert_non_null(arena_alloc(&arena, 16));
	arena_release(&arena);
	arena_release(&arena);
}

static void arena_copies_end_in_nul(void **state)
{
	struct arena arena = {0};
	char text[] = "abc";
	struct str copy = arena_str(&arena, str_from(text));
	struct str empty = arena_str(&arena, (struct str){NULL, 0});
	struct str lower = arena_str_lower(&arena, STR("AbZ\xC3\x84_9"));

	(void)state;
	text[0] = 'x';
	assert_string_equal(lower.ptr, "abz\xC3\x84_9");
	assert_int_equal(lower.len, 7);
	assert_int_equal(arena_str_lower(&arena, (struct str){NULL, 0}).len, 0);
	assert_string_equal(copy.ptr, "abc");
	assert_int_equal(copy.len, 3);
	assert_string_equal(empty.ptr, "");
	assert_int_equal(empty.len, 0);
	arena_release(&arena);
}

static void arrays_grow_and_keep_their_items(void **state)
{
	uint32_t *items = NULL;
	size_t cap = 0;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		mem_grow(&items, &cap, i + 1, sizeof(*items));
		assert_true(cap > i);
		items[i] = i;
	}
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(items[i], i);
	free(items);
}

// AddressSanitizer asks for this; without it, it ends the program itself when a
// size is impossible.
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static jmp_buf exhausted;

static void note_exhaustion(size_t size)
{
	(void)size;
	longjmp(exhausted, 1);
}

static void impossible_sizes_run_the_handler(void **state)
{
	static struct arena arena;
	static struct buf buf;
	static volatile unsigned times;

	(void)state;
	mem_set_oom_handler(note_exhaustion);
	times = 0;
	if (setjmp(exhausted) == 0)
		arena_array(&arena, SIZE_MAX / 2, 4);
	else
		times++;
	if (setjmp(exhausted) == 0)
		arena_alloc(&arena, SIZE_MAX - 8);
	else
		times++;
	if (setjmp(exhausted) == 0) {
		void *items = NULL;
		size_t cap = 0;

		mem_grow(&items, &cap, SIZE_MAX / 4, 8);
	} else {
		times++;
	}
	if (setjmp(exhausted) == 0) {
		buf_put_char(&buf, 'x');
		buf_reserve(&buf, SIZE_MAX - 1);
	} else {
		times++;
	}
	mem_set_oom_handler(NULL);
	arena_release(&arena);
	buf_release(&buf);
	assert_int_equal(times, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_buffer_is_empty),
		cmocka_unit_test(a_buffer_keeps_what_is_put_and_ends_in_nul),
		cmocka_unit_test(a_buffer_grows_by_single_bytes),
		cmocka_unit_test(long_formats_fit),
		cmocka_unit_test(reserved_room_is_behind_the_content),
		cmocka_unit_test(arena_memory_is_aligned_and_does_not_overlap),
		cmocka_unit_test(a_reset_arena_gives_zeroed_memory_again),
		cmocka_unit_test(large_and_empty_requests_are_served),
		cmocka_unit_test(arena_copies_end_in_nul),
		cmocka_unit_test(arrays_grow_and_keep_their_items),
		cmocka_unit_test(impossible_sizes_run_the_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
