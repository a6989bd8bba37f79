// SPDX-License-Identifier: Apache-2.0
// What a resolver remembers of a shape changes no answer.
#include "rule_fixture.h"

#include "match/resolver.h"

#define EVENTS 12
#define REPEATS 300

// By slot; some are the same leniently, and "User" has no field of its own.
static const char *const slots[] = {"Image", "image", "My Name", "MyName", "Hashes"};
#define SLOTS (sizeof(slots) / sizeof(slots[0]))

static const struct str names[] = {STR_INIT("Image"),	STR_INIT("IMAGE"),  STR_INIT("image"),
				   STR_INIT("My_Name"), STR_INIT("Hashes"), STR_INIT("User")};
#define NAMES (sizeof(names) / sizeof(names[0]))

// A small generator of our own: the same sequence on every machine.
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

// An event of shape 1 with some of its slots, some of these several times.
static struct event some_event(struct arena *arena, uint32_t *seed)
{
	const char *pairs[4 * SLOTS];
	uint32_t of[2 * SLOTS];
	size_t count = 0;
	struct event event;

	for (uint32_t slot = 0; slot < SLOTS; slot++) {
		static const size_t times[] = {0, 0, 0, 1, 1, 1, 1, 2};

		for (size_t left = times[next_random(seed) % 8]; left > 0; left--) {
			pairs[2 * count] = slots[slot];
			pairs[2 * count + 1] = "value";
			of[count++] = slot;
		}
	}
	event = event_from(arena, pairs, count);
	for (size_t i = 0; i < count; i++)
		event.fields[i].slot = of[i];
	event.shape = 1;
	return event;
}

static void expect_same(struct instances got, struct instances expected)
{
	assert_int_equal(got.count, expected.count);
	for (size_t i = 0; i < got.count; i++)
		assert_ptr_equal(got.items[i].field, expected.items[i].field);
}

static void what_is_remembered_changes_no_answer(void **state)
{
	struct ruleset *set = rules_from(STR(RULE("  a: {F: 1}\n  condition: a\n")));

	(void)state;
	for (uint32_t repeat = 0; repeat < REPEATS; repeat++) {
		struct resolver *resolver = resolver_new(&set->sources, names, NAMES);
		uint32_t seed = repeat;

		for (size_t i = 0; i < EVENTS; i++) {
			struct arena arena = {0};
			struct event event = some_event(&arena, &seed);

			resolver_begin(resolver, &event);
			for (size_t name = 0; name < NAMES; name++) {
				if (next_random(&seed) % 2 == 0)
					expect_same(resolver_get(resolver, NULL, name),
						    fields_resolve(&set->sources, NULL, &event,
								   names[name]));
			}
			arena_release(&arena);
		}
		resolver_free(resolver);
	}
	ruleset_free(set);
}

// Slots 0 and 1 are EventID in System, slot 2 is so in EventData, slot 3 says nothing.
static struct event told_event(struct arena *arena, unsigned which, const char *id)
{
	const char *pairs[8];
	uint32_t of[4];
	size_t count = 0;
	struct event event;

	for (uint32_t slot = 0; slot < 4; slot++) {
		if ((which & 1u << slot) == 0)
			continue;
		pairs[2 * count] = slot < 3 ? "EventID" : "Other";
		pairs[2 * count + 1] = id;
		of[count++] = slot;
	}
	event = event_from(arena, pairs, count);
	for (size_t i = 0; i < count; i++) {
		event.fields[i].slot = of[i];
		if (of[i] < 2)
			event.fields[i].section = FIELD_SYSTEM;
	}
	event.shape = 1;
	return event;
}

static bool plain_after(const unsigned *which, size_t count, const char *id)
{
	static const struct str name = STR_INIT("EventID");
	struct ruleset *set = rules_from(STR(RULE("  a: {F: 1}\n  condition: a\n")));
	struct resolver *resolver = resolver_new(&set->sources, &name, 1);
	bool plain = false;

	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct event event = told_event(&arena, which[i], i + 1 < count ? "1" : id);

		resolver_begin(resolver, &event);
		plain = resolver_is_plain(resolver);
		arena_release(&arena);
	}
	resolver_free(resolver);
	ruleset_free(set);
	return plain;
}

#define PLAIN_AFTER(id, ...)                                                                       \
	plain_after((const unsigned[]){__VA_ARGS__},                                               \
		    sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned), id)

static void what_is_remembered_makes_no_event_plain(void **state)
{
	(void)state;
	assert_true(PLAIN_AFTER("1", 1, 9, 1));
	assert_false(PLAIN_AFTER("0x1", 1));
	assert_false(PLAIN_AFTER("01", 1, 9, 1));
	assert_false(PLAIN_AFTER("1", 5, 9, 5)); // slot 2 is not said again to be new
	assert_false(PLAIN_AFTER("1", 1, 2, 3)); // each slot alone was plain
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_remembered_changes_no_answer),
		cmocka_unit_test(what_is_remembered_makes_no_event_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
