// SPDX-License-Identifier: Apache-2.0
// The hash map.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"

static void an_empty_map_has_nothing(void **state)
{
	struct map map = {0};

	(void)state;
	assert_null(map_get(&map, STR("a")));
	assert_null(map_get(&map, STR("")));
	map_release(&map);
}

static void the_first_value_of_a_key_stays(void **state)
{
	struct map map = {0};
	int one;
	int two;

	(void)state;
	assert_true(map_add(&map, STR("key"), &one));
	assert_false(map_add(&map, STR("key"), &two));
	assert_ptr_equal(map_get(&map, STR("key")), &one);
	assert_int_equal(map.count, 1);
	map_release(&map);
	assert_int_equal(map.count, 0);
	assert_null(map_get(&map, STR("key")));
}

static void keys_are_bytes(void **state)
{
	struct str keys[] = {{NULL, 0},
			     STR_INIT("a"),
			     STR_INIT("A"),
			     STR_INIT("a\0"),
			     STR_INIT("\0"),
			     STR_INIT("\0\0"),
			     STR_INIT("a\0b"),
			     STR_INIT("\xFF"),
			     STR_INIT("12345678"),
			     STR_INIT("12345678\0")};
	const size_t count = sizeof(keys) / sizeof(keys[0]);
	struct map map = {0};

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_true(map_add(&map, keys[i], &keys[i]));
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(map_get(&map, keys[i]), &keys[i]);
	assert_ptr_equal(map_get(&map, STR("")), &keys[0]);
	map_release(&map);
}

static void an_entry_is_made_once_and_can_be_filled_later(void **state)
{
	struct map map = {0};
	int value;

	(void)state;
	assert_null(map_entry(&map, STR("a"))->value);
	map_entry(&map, STR("a"))->value = &value;
	assert_ptr_equal(map_get(&map, STR("a")), &value);
	assert_int_equal(map.count, 1);
	map_release(&map);
}

static void many_keys_keep_their_order_of_insertion(void **state)
{
	static char names[50000][8];
	struct map map = {0};

	(void)state;
	for (size_t i = 0; i < 50000; i++) {
		snprintf(names[i], sizeof(names[i]), "k%05u", (unsigned)(i * 7919 % 50000));
		assert_true(map_add(&map, str_from(names[i]), names[i]));
	}
	assert_int_equal(map.count, 50000);
	for (size_t i = 0; i < 50000; i++) {
		assert_ptr_equal(map.entries[i].value, names[i]);
		assert_ptr_equal(map_get(&map, str_from(names[i])), names[i]);
	}
	assert_null(map_get(&map, STR("k50000")));
	map_release(&map);
}

static void the_hash_depends_on_every_byte_and_the_length(void **state)
{
	unsigned char bytes[24] = {0};

	(void)state;
	for (size_t len = 0; len < sizeof(bytes); len++) {
		uint64_t plain = hash_bytes(bytes, len);

		assert_true(plain == hash_bytes(bytes, len));
		assert_false(plain == hash_bytes(bytes, len + 1));
		for (size_t i = 0; i < len; i++) {
			bytes[i] = 1;
			assert_false(plain == hash_bytes(bytes, len));
			bytes[i] = 0;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(the_first_value_of_a_key_stays),
		cmocka_unit_test(keys_are_bytes),
		cmocka_unit_test(an_entry_is_made_once_and_can_be_filled_later),
		cmocka_unit_test(many_keys_keep_their_order_of_insertion),
		cmocka_unit_test(the_hash_depends_on_every_byte_and_the_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
