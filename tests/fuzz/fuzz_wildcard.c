// SPDX-License-Identifier: Apache-2.0
// A byte of flags (1: cased), a pattern, a line "%%", a value.
//
// A Sigma string matches what a slow matcher written here says, over code points that
// are folded one by one; so does a glob of names.
#include "base/glob.h"
#include "fuzz.h"
#include "match/test.h"
#include "sigma/pattern.h"

#define MOST 48u // characters: the slow matcher is slow

struct text {
	uint32_t cps[MOST];
	size_t count;
};

static struct text split(struct str s)
{
	struct text text = {.count = 0};

	for (size_t at = 0; at < s.len && text.count < MOST;)
		text.cps[text.count++] = utf8_next(s, &at);
	return text;
}

struct slow {
	struct text pattern, value;
	bool cased;
	bool escapes; // of Sigma; a glob has none
};

static bool slow_match(const struct slow *slow, size_t p, size_t v)
{
	const uint32_t *pattern = slow->pattern.cps;
	uint32_t c;

	if (p == slow->pattern.count)
		return v == slow->value.count;
	c = pattern[p];
	if (c == '*')
		return slow_match(slow, p + 1, v) ||
		       (v < slow->value.count && slow_match(slow, p, v + 1));
	if (v == slow->value.count)
		return false;
	if (c == '?')
		return slow_match(slow, p + 1, v + 1);
	if (slow->escapes && c == '\\' && p + 1 < slow->pattern.count &&
	    (pattern[p + 1] == '*' || pattern[p + 1] == '?' || pattern[p + 1] == '\\'))
		c = pattern[++p];
	if (slow->cased ? c != slow->value.cps[v] : fold_cp(c) != fold_cp(slow->value.cps[v]))
		return false;
	return slow_match(slow, p + 1, v + 1);
}

static size_t no_field(void *user, struct str name)
{
	(void)user, (void)name;
	return 0;
}

static bool sigma_match(struct arena *arena, struct str pattern, bool cased, struct str value)
{
	struct pattern parsed;
	struct item item = {.field = STR("F"), .patterns = &parsed, .count = 1};
	struct event event;
	struct instance instance = {.value = value_of_text(value, VALUE_STRING)};
	struct test_context context = {.event = &event};
	struct compiled_pattern *compiled;

	pattern_parse_text(arena, pattern, &parsed);
	parsed.text.cased = cased;
	compiled = test_compile(arena, &item, no_field, NULL);
	event_init(&event, arena);
	return test_instance(compiled, &instance, &context);
}

// Stars make the slow matcher slow beyond bounds.
static bool is_small(struct str pattern, struct str value)
{
	size_t stars = 0;

	for (size_t i = 0; i < pattern.len; i++)
		stars += pattern.ptr[i] == '*';
	return stars <= 5 && pattern.len <= MOST && value.len <= MOST;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct str input = input_of(data, size);
	struct slow slow = {.cased = (take_byte(&input) & 1) != 0, .escapes = true};
	struct str pattern = utf8_sanitise(&arena, take_section(&input));
	struct str value = utf8_sanitise(&arena, input);

	while (value.len > 0 && value.ptr[value.len - 1] == '\0') // no part of a value (value.h)
		value.len--;
	if (is_small(pattern, value)) {
		slow.pattern = split(pattern);
		slow.value = split(value);
		CHECK(sigma_match(&arena, pattern, slow.cased, value) == slow_match(&slow, 0, 0));
		slow.cased = slow.escapes = false;
		CHECK(glob_fits(text_fold(&arena, pattern), text_fold(&arena, value)) ==
		      slow_match(&slow, 0, 0));
	}
	arena_release(&arena);
	return 0;
}
