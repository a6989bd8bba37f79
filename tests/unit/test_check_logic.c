// SPDX-License-Identifier: Apache-2.0
// "Never" and "always" against every event of a small world.
#include "rule_fixture.h"

#include "base/limits.h"
#include "check/internal.h"
#include "sigma/pattern.h"

#define VALUES 7 // of a field; the first is "absent"
#define RULES 20000

static const char *const values[VALUES] = {NULL, "", "a", "b", "ab", "aB", "ba"};
static const char *const keys[] = {"",	     "|contains", "|startswith",  "|endswith",
				   "|cased", "|neq",	  "|contains|all"};
static const char *const written[] = {"''", "a", "b", "ab", "B", "'a*'", "'?b'", "null"};

// What the events of one assignment hold.
struct world {
	const struct detection *detection;
	const char *fields[2]; // of F and G
};

static unsigned next_random(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 16) % below;
}

// A cased comparison of a text without wildcards, else what includes() says is
// checked in test_check_patterns.c.
static bool holds_text(const struct pattern *p, const char *value)
{
	if (p->text.cased) {
		for (size_t i = 0; i < p->text.count; i++) {
			if (p->text.cps[i] >= PAT_ANY_RUN)
				return pattern_matches(p, str_from(value)) == 1;
			if (value[i] == '\0' || (unsigned char)value[i] != p->text.cps[i])
				return false;
		}
		return value[p->text.count] == '\0';
	}
	return pattern_matches(p, str_from(value)) == 1;
}

static bool holds_item(const struct world *w, const struct item *item)
{
	const char *value = w->fields[item->field.ptr[0] == 'G'];
	size_t yes = 0;

	for (size_t i = 0; i < item->count; i++) {
		const struct pattern *p = &item->patterns[i];

		yes += p->kind == PATTERN_NULL ? value == NULL
					       : value != NULL && holds_text(p, value);
	}
	return (item->all ? yes == item->count : yes > 0) != item->neq;
}

static bool holds(const struct world *w, const struct expr *expr)
{
	bool all = true;
	bool any = false;

	if (expr->kind == EXPR_ITEM)
		return holds_item(w, expr->item);
	if (expr->kind == EXPR_SELECTION)
		return holds(w, w->detection->selections[expr->selection].body);
	for (size_t i = 0; i < expr->count; i++) {
		bool kid = holds(w, expr->kids[i]);

		all &= kid;
		any |= kid;
	}
	return expr->kind == EXPR_NOT ? !any : expr->kind == EXPR_AND ? all : any;
}

static void put_selection(struct buf *out, unsigned *seed, char name)
{
	unsigned first = next_random(seed, 2);

	buf_printf(out, "  %c:\n", name);
	for (unsigned f = 0; f < 2; f++) {
		unsigned key = next_random(seed, sizeof(keys) / sizeof(keys[0]));
		unsigned most = key == 0 || key == 5 ? 8 : 7; // null takes no modifier

		if (f == 1 && next_random(seed, 3) > 0)
			continue;
		buf_printf(out, "    %c%s: [%s, %s]\n", "FG"[first ^ f], keys[key],
			   written[next_random(seed, most)], written[next_random(seed, most)]);
	}
}

static void put_condition(struct buf *out, unsigned *seed, unsigned depth)
{
	unsigned what = next_random(seed, depth > 3 ? 2 : 4);

	if (what < 2) {
		buf_printf(out, "%s%c", what == 0 ? "not " : "", "abc"[next_random(seed, 3)]);
		return;
	}
	buf_put_text(out, next_random(seed, 3) == 0 ? "not (" : "(");
	put_condition(out, seed, depth + 1);
	buf_put_text(out, what == 2 ? " and " : " or ");
	put_condition(out, seed, depth + 1);
	buf_put_char(out, ')');
}

// How many of the worlds make the condition true.
static size_t count_true(const struct detection *detection)
{
	size_t count = 0;

	for (size_t i = 0; i < VALUES * VALUES; i++) {
		struct world w = {detection, {values[i / VALUES], values[i % VALUES]}};

		count += holds(&w, detection->conditions[0]);
	}
	return count;
}

static void what_is_called_never_or_always_is_so_in_every_world(void **state)
{
	struct logsources sources = {0};
	unsigned seed = 7;
	size_t found = 0;
	size_t missed = 0;

	(void)state;
	for (int i = 0; i < RULES; i++) {
		struct buf rule = {0};
		struct ruleset *set = ruleset_new();
		long budget = LIMIT_CHECK_STEPS;
		struct logic logic = {.sources = &sources, .budget = &budget};
		bool never;
		bool always;
		size_t count;

		buf_put_text(&rule, "title: t\nlogsource: {product: windows}\ndetection:\n");
		for (const char *name = "abc"; *name != '\0'; name++)
			put_selection(&rule, &seed, *name);
		buf_put_text(&rule, "  condition: ");
		put_condition(&rule, &seed, 0);
		ruleset_add(set, STR("test.yml"), buf_str(&rule));
		assert_int_equal(set->count, 1);
		logic.detection = &set->rules[0]->detection;
		never = logic_possible(&logic, logic.detection->conditions[0], true, NULL) ==
			LOGIC_NEVER;
		always = logic_possible(&logic, logic.detection->conditions[0], false, NULL) ==
			 LOGIC_NEVER;
		count = count_true(logic.detection);
		if ((never && count > 0) || (always && count < VALUES * VALUES))
			fail_msg("%zu true: %.*s", count, STR_ARG(buf_str(&rule)));
		found += never || always;
		missed += !never && !always && (count == 0 || count == VALUES * VALUES);
		buf_release(&rule);
		ruleset_free(set);
	}
	// The small world has few values, so that some are "never" in it alone.
	assert_true(found > 1000);
	assert_true(found > missed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_called_never_or_always_is_so_in_every_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
