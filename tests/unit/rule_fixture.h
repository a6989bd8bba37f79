// SPDX-License-Identifier: Apache-2.0
// Rule sets from text and events from names and values, for tests.
#ifndef TESTS_UNIT_RULE_FIXTURE_H
#define TESTS_UNIT_RULE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/embedded.h"
#include "event/event.h"
#include "sigma/ruleset.h"

// A rule that needs nothing but its detection: lines for "detection:", each
// indented by two blanks.
#define RULE(detection) "title: t\nlogsource: {product: windows}\ndetection:\n" detection

// The rules of `text`, linked, over the log sources of the program.
static inline struct ruleset *rules_from(struct str text)
{
	const struct embedded_file *file = embedded_find("logsources.yml");
	struct ruleset *set = ruleset_new();

	assert_non_null(file);
	assert_true(ruleset_set_sources(set, STR("logsources.yml"),
					(struct str){(const char *)file->data, file->size}, NULL,
					0));
	ruleset_add(set, STR("test.yml"), text);
	ruleset_link(set, NULL);
	return set;
}

static inline bool has_code(const struct ruleset *set, const char *code)
{
	for (size_t i = 0; i < set->diags.count; i++) {
		if (strcmp(set->diags.items[i].code, code) == 0)
			return true;
	}
	return false;
}

static inline void print_diags(const struct ruleset *set)
{
	for (size_t i = 0; i < set->diags.count; i++)
		print_message("%u:%u %s %.*s\n", set->diags.items[i].line, set->diags.items[i].col,
			      set->diags.items[i].code, STR_ARG(set->diags.items[i].message));
}

// The rules of `text`, which must have no error.
static inline struct ruleset *good_rules(struct str text)
{
	struct ruleset *set = rules_from(text);

	if (set->diags.errors != 0)
		print_diags(set);
	assert_int_equal(set->diags.errors, 0);
	return set;
}

// `text` must be refused with `code`.
static inline void expect_code(struct str text, const char *code)
{
	struct ruleset *set = rules_from(text);
	bool found = has_code(set, code);

	if (!found)
		print_diags(set);
	ruleset_free(set);
	if (!found)
		fail_msg("no %s for: %.*s", code, STR_ARG(text));
}

// An event that holds `count` pairs of name and value as EventData.
static inline struct event event_from(struct arena *arena, const char *const *pairs, size_t count)
{
	struct event event;

	event_init(&event, arena);
	event.fields = arena_array(arena, count, sizeof(*event.fields));
	event.count = count;
	for (size_t i = 0; i < count; i++)
		event.fields[i] = (struct field){
			.name = str_from(pairs[2 * i]),
			.path = arena_printf(arena, "EventData/%s", pairs[2 * i]),
			.section = FIELD_EVENT_DATA,
			.value = value_of_text(str_from(pairs[2 * i + 1]), VALUE_STRING),
		};
	event.channel = STR("Application");
	event.provider = STR("Test");
	event.event_id = 1;
	return event;
}

#define EVENT(arena, ...)                                                                          \
	event_from(arena, (const char *const[]){__VA_ARGS__},                                      \
		   sizeof((const char *const[]){__VA_ARGS__}) / (2 * sizeof(const char *)))

static inline void expect_str(struct str got, struct str expected)
{
	if (!str_eq(got, expected))
		fail_msg("'%.*s' is not '%.*s'", STR_ARG(got), STR_ARG(expected));
}

#endif
