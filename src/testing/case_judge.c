// SPDX-License-Identifier: Apache-2.0
// Expectations against hits.
#include <stdlib.h>

#include "base/mem.h"
#include "testing/case.h"

// Unexpected hits that are named; more are only counted.
#define OTHERS_MOST 5

struct judge {
	const struct ruleset *rules;
	const struct tally *tally;
	struct test_report *report;
	struct test_result *result;
	bool *expected; // by hit: its rule is one of those expected
};

// ---- which rule ---------------------------------------------------------

static const struct rule *find_title(const struct judge *j, struct str title, bool *several)
{
	const struct rule *found = NULL;

	for (size_t i = 0; i < j->rules->count; i++) {
		const struct rule *rule = j->rules->rules[i];

		if (!str_eq(rule->title, title))
			continue;
		*several |= found != NULL;
		found = rule;
	}
	return found;
}

// A rule that can hit; NULL after words.
static const struct rule *find_rule(struct judge *j, struct str name)
{
	const struct rule *rule = ruleset_find(j->rules, name);
	const char *why = NULL;
	bool several = false;

	if (rule == NULL)
		rule = find_title(j, name, &several);
	if (rule == NULL)
		why = "there is no such rule";
	else if (several)
		why = "several rules have that title";
	else if (rule->kind == RULE_FILTER)
		why = "it is a filter";
	else if (rule->hidden)
		why = "it is only counted by a correlation and never reported";
	if (why == NULL)
		return rule;
	report_say(j->report, j->result, TEST_FAILED, "rule '%.*s': %s", STR_ARG(name), why);
	return NULL;
}

// ---- records ------------------------------------------------------------

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static struct str numbers_text(struct arena *arena, const uint64_t *numbers, size_t count)
{
	struct buf text = {0};
	struct str copy;

	for (size_t i = 0; i < count && i < 20; i++)
		buf_printf(&text, "%s%llu", i > 0 ? " " : "", (unsigned long long)numbers[i]);
	if (count > 20)
		buf_printf(&text, " ... (%zu)", count);
	copy = arena_str(arena, count > 0 ? buf_str(&text) : STR("none"));
	buf_release(&text);
	return copy;
}

static void judge_records(struct judge *j, const struct case_expect *expect, uint64_t *got,
			  size_t count)
{
	bool same = count == expect->record_count;

	if (count > 0)
		qsort(got, count, sizeof(*got), by_number);
	for (size_t i = 0; same && i < count; i++)
		same = got[i] == expect->records[i];
	if (same)
		return;
	report_say(j->report, j->result, TEST_FAILED,
		   "rule '%.*s' hits records %.*s, expected %.*s", STR_ARG(expect->rule),
		   STR_ARG(numbers_text(&j->report->arena, got, count)),
		   STR_ARG(numbers_text(&j->report->arena, expect->records, expect->record_count)));
}

// ---- expectations -------------------------------------------------------

static void judge_count(struct judge *j, struct str rule, const char *what, uint64_t got,
			uint64_t want)
{
	if (got != want)
		report_say(j->report, j->result, TEST_FAILED,
			   "rule '%.*s': %llu %s%s, expected %llu", STR_ARG(rule),
			   (unsigned long long)got, what, got == 1 ? "" : "s",
			   (unsigned long long)want);
}

static void judge_expect(struct judge *j, const struct case_expect *expect)
{
	const struct rule *rule = find_rule(j, expect->rule);
	uint64_t *records;
	uint64_t suppressed = 0;
	size_t hits = 0;

	if (rule == NULL)
		return;
	records = mem_alloc((j->tally->count + 1) * sizeof(*records));
	for (size_t i = 0; i < j->tally->count; i++) {
		const struct tally_hit *hit = &j->tally->hits[i];

		if (!tally_is(hit, rule))
			continue;
		j->expected[i] = true;
		if (hit->suppressed)
			suppressed += !hit->filtered;
		else
			records[hits++] = hit->record_id;
	}
	if (expect->has_records)
		judge_records(j, expect, records, hits);
	if (expect->has_count)
		judge_count(j, expect->rule, "hit", hits, expect->count);
	if (expect->has_suppressed)
		judge_count(j, expect->rule, "suppressed hit", suppressed, expect->suppressed);
	if (!expect->has_records && !expect->has_count && !expect->has_suppressed && hits == 0)
		report_say(j->report, j->result, TEST_FAILED, "rule '%.*s' does not hit",
			   STR_ARG(expect->rule));
	free(records);
}

static void judge_rest(struct judge *j)
{
	size_t others = 0;

	for (size_t i = 0; i < j->tally->count; i++) {
		const struct tally_hit *hit = &j->tally->hits[i];

		if (j->expected[i] || hit->suppressed)
			continue;
		if (++others <= OTHERS_MOST)
			report_say(j->report, j->result, TEST_FAILED,
				   "rule '%.*s' hits record %llu and is not expected",
				   STR_ARG(hit->rule_title), (unsigned long long)hit->record_id);
	}
	if (others > OTHERS_MOST)
		report_say(j->report, j->result, TEST_FAILED, "%zu more such hits",
			   others - OTHERS_MOST);
}

void case_judge(const struct test_case *test, const struct ruleset *rules,
		const struct tally *tally, struct test_report *report, struct test_result *result)
{
	struct judge j = {rules, tally, report, result, NULL};

	j.expected = mem_zalloc((tally->count + 1) * sizeof(*j.expected));
	for (size_t i = 0; i < tally->ledger.file_count; i++) {
		const struct ledger_file *file = &tally->ledger.files[i];

		if (file->state != LEDGER_COMPLETE)
			report_say(report, result, TEST_FAILED, "the log %.*s: %.*s",
				   STR_ARG(file->path), STR_ARG(tally_trouble(tally, file->path)));
	}
	for (size_t i = 0; i < tally->ledger.regex_limits.count; i++)
		report_say(report, result, TEST_FAILED, "a regular expression gave up: %.*s",
			   STR_ARG(tally->ledger.regex_limits.items[i].name));
	for (size_t i = 0; i < test->expect_count; i++)
		judge_expect(&j, &test->expects[i]);
	if (test->exact)
		judge_rest(&j);
	free(j.expected);
}
