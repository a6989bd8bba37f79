// SPDX-License-Identifier: Apache-2.0
// Test files: each test is a scan of its own.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allow/allow.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/testing.h"
#include "load/load.h"
#include "synth/synth.h"
#include "testing/case.h"

// Rule sets by the paths that they were made of: most tests share one.
struct case_run {
	const struct cli_options *options;
	struct test_report *report;
	struct arena arena; // keys of the rule sets
	struct map rules;
};

// What one test needs while it runs.
struct one_test {
	struct arena arena;
	struct diag_list diags;
	struct test_case test;
	struct buf log;
	int log_file; // descriptor, -1 = none
	struct test_result *result;
};

// ---- what is refused -----------------------------------------------------

static void fail_diag(struct case_run *run, struct one_test *one, const struct diag *diag)
{
	report_say(run->report, one->result, TEST_FAILED, "%.*s:%u:%u: %.*s", STR_ARG(diag->path),
		   diag->line, diag->col, STR_ARG(diag->message));
}

static void fail_diags(struct case_run *run, struct one_test *one)
{
	for (size_t i = 0; i < one->diags.count; i++) {
		if (one->diags.items[i].severity == DIAG_ERROR)
			fail_diag(run, one, &one->diags.items[i]);
	}
}

// A rule that is not there hits nothing: that it does not would be no finding. The first
// reason stands here, all are on standard error.
static void fail_refused(struct case_run *run, struct one_test *one, const struct ruleset *set)
{
	const struct diag_list *diags = &set->diags;
	size_t first = 0;

	if (set->refused == 0)
		return;
	report_say(run->report, one->result, TEST_FAILED, "%zu of its rules and filters refused",
		   set->refused);
	while (first < diags->count && diags->items[first].severity != DIAG_ERROR)
		first++;
	if (first < diags->count)
		fail_diag(run, one, &diags->items[first]);
}

// ---- rules --------------------------------------------------------------

static struct str rules_key(struct arena *arena, const struct test_case *test)
{
	struct buf key = {0};
	struct str copy;

	for (size_t i = 0; i < test->rules.count; i++)
		buf_printf(&key, "r%.*s\n", STR_ARG(test->rules.items[i]));
	for (size_t i = 0; i < test->filters.count; i++)
		buf_printf(&key, "f%.*s\n", STR_ARG(test->filters.items[i]));
	copy = arena_str(arena, buf_str(&key));
	buf_release(&key);
	return copy;
}

static void add_paths(struct cli_list *list, const struct case_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		cli_list_add(list, paths->items[i]);
}

static struct ruleset *load_for(const struct cli_options *options, const struct test_case *test)
{
	struct cli_options own = *options;
	struct cli_list rules = {0};
	struct cli_list filters = {0};
	struct ruleset *set;

	add_paths(&rules, &test->rules);
	for (size_t i = 0; i < options->filters.count; i++)
		cli_list_add(&filters, options->filters.items[i]);
	add_paths(&filters, &test->filters);
	if (rules.count > 0)
		own.rules = rules;
	own.filters = filters;
	set = load_rules(&own);
	if (set != NULL)
		message_diags(&set->diags, options->verbose > 0);
	cli_list_release(&rules);
	cli_list_release(&filters);
	return set;
}

// NULL after a message when they cannot be loaded.
static const struct ruleset *rules_of(struct case_run *run, const struct test_case *test)
{
	struct str key = rules_key(&run->arena, test);
	struct ruleset *set = map_get(&run->rules, key);

	if (set == NULL) {
		set = load_for(run->options, test);
		if (set != NULL)
			map_add(&run->rules, key, set);
	}
	return set;
}

// ---- allowlist and logs -------------------------------------------------

static const struct allowlist *allowlist_of(struct case_run *run, struct one_test *one)
{
	struct str path = one->test.allowlist;
	const struct allowlist *list = NULL;
	struct err err = {""};

	if (path.len == 0)
		return NULL;
	list = load_allowlist(&one->arena, path.ptr, &one->diags, &err);
	if (list == NULL)
		report_say(run->report, one->result, TEST_FAILED, "allowlist %.*s: %s",
			   STR_ARG(path), err.text);
	return list;
}

// The events of the test as a log without a name, in a file that is gone when it
// is closed.
static bool make_log(struct case_run *run, struct one_test *one, struct str path)
{
	bool ok;

	if (!synth_build_node(&one->arena, path, one->test.events, &one->log, &one->diags))
		return false;
	one->log_file = file_temporary();
	ok = one->log_file >= 0 && file_write(one->log_file, buf_str(&one->log));
	if (!ok)
		report_say(run->report, one->result, TEST_FAILED,
			   "cannot write a temporary file: %s", strerror(errno));
	one->test.logs.items = arena_array(&one->arena, 1, sizeof(*one->test.logs.items));
	one->test.logs.items[0] = arena_printf(&one->arena, "/dev/fd/%d", one->log_file);
	one->test.logs.count = 1;
	return ok;
}

// ---- what is read -------------------------------------------------------

static void put_inputs(struct test_report *report, const struct case_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (!str_eq(paths->items[i], STR("builtin")))
			report_input(report, paths->items[i]);
	}
}

// What the test names, whether it comes to be read or not.
static void put_all_inputs(struct test_report *report, const struct test_case *test)
{
	put_inputs(report, &test->rules);
	put_inputs(report, &test->filters);
	put_inputs(report, &test->logs);
	if (test->allowlist.len > 0)
		report_input(report, test->allowlist);
}

// ---- one test -----------------------------------------------------------

static void run_scan(struct case_run *run, struct one_test *one)
{
	struct tally_options how = test_tally_options(run->options);
	struct tally tally = {0};
	struct err err = {""};

	how.rules = rules_of(run, &one->test);
	how.allowlist = allowlist_of(run, one);
	fail_diags(run, one);
	if (how.rules == NULL)
		report_say(run->report, one->result, TEST_FAILED, "its rules cannot be loaded");
	else
		fail_refused(run, one, how.rules);
	if (one->result->outcome != TEST_PASSED)
		return;
	if (tally_scan(&tally, &how, one->test.logs.items, one->test.logs.count, &err) == RC_OK)
		case_judge(&one->test, how.rules, &tally, run->report, one->result);
	else
		report_say(run->report, one->result, TEST_FAILED, "%s", err.text);
	if (one->test.events == NULL)
		tally_put_inputs(&tally, run->report);
	tally_release(&tally);
}

static void run_test(struct case_run *run, struct str path, const struct yaml_node *document)
{
	struct one_test one = {.log_file = -1};
	bool good;

	diag_init(&one.diags, &one.arena);
	good = case_parse(&one.arena, path, document, &one.test, &one.diags);
	one.result = report_add(run->report, path, one.test.name);
	if (good)
		put_all_inputs(run->report, &one.test);
	if (good && (one.test.events == NULL || make_log(run, &one, path)))
		run_scan(run, &one);
	else
		fail_diags(run, &one);
	if (one.log_file >= 0)
		close(one.log_file);
	buf_release(&one.log);
	diag_release(&one.diags);
	arena_release(&one.arena);
}

static bool run_file(struct case_run *run, struct str path)
{
	struct arena arena = {0};
	struct diag_list diags;
	struct yaml_file file = {0};
	struct buf text = {0};
	struct err err = {""};
	bool ok = file_read(path.ptr, LIMIT_YAML_FILE, &text, &err) == RC_OK;

	diag_init(&diags, &arena);
	if (!ok)
		message("%s: %s", path.ptr, err.text);
	else if (!yaml_parse(&arena, path, buf_str(&text), &file, &diags))
		report_say(run->report, report_add(run->report, path, STR("YAML")), TEST_FAILED,
			   "line %u: %.*s", diags.items[0].line, STR_ARG(diags.items[0].message));
	for (size_t i = 0; i < file.count; i++)
		run_test(run, path, file.documents[i]);
	buf_release(&text);
	diag_release(&diags);
	arena_release(&arena);
	return ok;
}

bool test_cases_run(const struct cli_options *options, const struct cli_list *files,
		    struct test_report *report)
{
	struct case_run run = {.options = options, .report = report};
	bool ok = true;

	for (size_t i = 0; i < files->count; i++)
		ok &= run_file(&run, files->items[i]);
	for (size_t i = 0; i < run.rules.count; i++)
		ruleset_free(run.rules.entries[i].value);
	map_release(&run.rules);
	arena_release(&run.arena);
	return ok;
}
