// SPDX-License-Identifier: Apache-2.0
// Literal engines against a plain search, on random literals and values.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "match/engine.h"

#define LITERALS 60
#define VALUES 400

// A small generator of our own: the same sequence on every machine.
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

// Few letters, so that literals occur often and overlap.
static struct str random_text(uint32_t *seed, char *out, size_t least, size_t most)
{
	size_t len = least + next_random(seed) % (most - least + 1);

	for (size_t i = 0; i < len; i++)
		out[i] = "ab\\e."[next_random(seed) % 5];
	return (struct str){out, len};
}

static bool found_plainly(struct str value, struct str text, enum literal_anchor anchor)
{
	switch (anchor) {
	case LITERAL_EQUAL:
		return str_eq(value, text);
	case LITERAL_PREFIX:
		return str_starts(value, text);
	case LITERAL_SUFFIX:
		return str_ends(value, text);
	default:
		return str_find(value, text, 0) != SIZE_MAX;
	}
}

static void mark(void *user, uint32_t id)
{
	((bool *)user)[id] = true;
}

// `shortest` decides whether short literals are mixed in, and so the stride.
static void compare(uint32_t seed, size_t shortest)
{
	struct engine *engine = engine_new();
	char bytes[LITERALS][16];
	struct str texts[LITERALS];
	enum literal_anchor anchors[LITERALS];

	for (uint32_t i = 0; i < LITERALS; i++) {
		anchors[i] = (enum literal_anchor)(next_random(&seed) % 4);
		texts[i] = random_text(&seed, bytes[i],
				       anchors[i] == LITERAL_CONTAINS ? shortest : 0, 12);
		if (texts[i].len == 0)
			anchors[i] = LITERAL_EQUAL;
		engine_add(engine, texts[i], anchors[i], i);
	}
	engine_build(engine);
	for (size_t n = 0; n < VALUES; n++) {
		char value_bytes[48];
		struct str value = random_text(&seed, value_bytes, 0, 40);
		bool found[LITERALS] = {false};

		engine_run(engine, value, mark, found);
		for (size_t i = 0; i < LITERALS; i++)
			assert_int_equal(found[i], found_plainly(value, texts[i], anchors[i]));
	}
	engine_free(engine);
}

static void engines_find_what_a_plain_search_finds(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 20; seed++) {
		compare(seed, 1); // substrings below four bytes too
		compare(seed, 4); // every position is looked at
		compare(seed, 5);
		compare(seed, 7); // every fourth
	}
}

static void an_engine_of_the_empty_literal_finds_only_empty_values(void **state)
{
	struct engine *engine = engine_new();
	bool found = false;

	(void)state;
	engine_add(engine, (struct str){"", 0}, LITERAL_EQUAL, 0);
	engine_build(engine);
	engine_run(engine, STR("x"), mark, &found);
	assert_false(found);
	engine_run(engine, (struct str){NULL, 0}, mark, &found);
	assert_true(found);
	engine_free(engine);
}

static void only_words_with_other_letters_are_textual(void **state)
{
	struct engine *words = engine_new();
	struct engine *digits = engine_new();

	(void)state;
	engine_add(words, STR("mimikatz"), LITERAL_CONTAINS, 0);
	engine_build(words);
	assert_true(engine_is_textual(words));
	engine_add(digits, STR("mimikatz"), LITERAL_CONTAINS, 0);
	engine_add(digits, STR("0x1fffff"), LITERAL_EQUAL, 1);
	engine_build(digits);
	assert_false(engine_is_textual(digits));
	engine_free(words);
	engine_free(digits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_find_what_a_plain_search_finds),
		cmocka_unit_test(an_engine_of_the_empty_literal_finds_only_empty_values),
		cmocka_unit_test(only_words_with_other_letters_are_textual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
