// SPDX-License-Identifier: Apache-2.0
// The memo of finds: it knows a value by its engine, type and every byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "match/memo.h"

static bool knows(struct memo *memo, const struct engine *engine, struct value value)
{
	bool known;

	memo_find(memo, engine, &value, &known);
	return known;
}

static void remember(struct memo *memo, const struct engine *engine, struct value value)
{
	bool known;
	struct memo_entry *entry = memo_find(memo, engine, &value, &known);

	assert_non_null(entry);
	memo_set(entry, engine, &value);
}

static struct value of_type(enum value_type type, const char *text)
{
	return (struct value){.ptr = text, .len = (uint32_t)strlen(text), .type = (uint16_t)type};
}

static void a_value_is_known_by_engine_type_and_bytes(void **state)
{
	struct memo *memo = memo_new();
	struct engine *one = engine_new();
	struct engine *two = engine_new();

	(void)state;
	assert_false(knows(memo, one, of_type(VALUE_ANSI, "abcdefghij")));
	remember(memo, one, of_type(VALUE_ANSI, "abcdefghij"));
	assert_true(knows(memo, one, of_type(VALUE_ANSI, "abcdefghij")));
	assert_false(knows(memo, two, of_type(VALUE_ANSI, "abcdefghij")));
	assert_false(knows(memo, one, of_type(VALUE_STRING, "abcdefghij")));
	assert_false(knows(memo, one, of_type(VALUE_ANSI, "abcdefghiJ")));
	assert_false(knows(memo, one, of_type(VALUE_ANSI, "abcdefghi")));
	memo_clear(memo);
	assert_false(knows(memo, one, of_type(VALUE_ANSI, "abcdefghij")));
	engine_free(one);
	engine_free(two);
	memo_free(memo);
}

static void long_values_are_not_kept(void **state)
{
	char text[MEMO_VALUE_MOST + 1] = {0};
	struct value value = {.ptr = text, .type = VALUE_ANSI};
	struct memo *memo = memo_new();
	struct engine *engine = engine_new();
	bool known;

	(void)state;
	value.len = MEMO_VALUE_MOST;
	assert_non_null(memo_find(memo, engine, &value, &known));
	value.len = MEMO_VALUE_MOST + 1;
	assert_null(memo_find(memo, engine, &value, &known));
	assert_false(known);
	engine_free(engine);
	memo_free(memo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_known_by_engine_type_and_bytes),
		cmocka_unit_test(long_values_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
