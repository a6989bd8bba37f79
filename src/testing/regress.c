// SPDX-License-Identifier: Apache-2.0
// Regression data: info files, counts.
#include "testing/regress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "sigma/parse.h"

// One log of an info file.
struct regress_test {
	const struct rule *rule;
	size_t result; // in the report
	struct str log;
	bool has_count;
	uint64_t count;
};

struct regress {
	struct arena arena;
	struct test_report *report;
	struct regress_test *tests;
	size_t count, cap;
};

// ---- finding ------------------------------------------------------------

static bool is_folder(struct str path)
{
	struct stat st;

	return stat(path.ptr, &st) == 0 && S_ISDIR(st.st_mode);
}

// The nearest folder above the rule that holds regression_data; empty: none.
static struct str find_root(struct arena *arena, struct str rule_path)
{
	char *real = realpath(rule_path.ptr, NULL);
	struct str path = arena_str(arena, str_from(real != NULL ? real : ""));

	free(real);
	while (path.len > 0) {
		path.len--;
		if (path.ptr[path.len] != '/')
			continue;
		if (is_folder(arena_printf(arena, "%.*s/regression_data", STR_ARG(path))))
			return arena_str(arena, path.len > 0 ? path : STR("/"));
	}
	return path;
}

static struct str named_path(const struct rule *rule)
{
	for (size_t i = 0; i < rule->attribute_count; i++) {
		if (str_eq(rule->attributes[i].name, STR(REGRESS_ATTRIBUTE)))
			return rule->attributes[i].value;
	}
	return (struct str){NULL, 0};
}

// ---- info files ---------------------------------------------------------

static void fail(struct regress *regress, const struct rule *rule, struct str name, const char *why,
		 struct str what)
{
	report_say(regress->report, report_add(regress->report, rule->path, name), TEST_FAILED,
		   "%s%.*s", why, STR_ARG(what));
}

// Is the id of the rule among those that the file is for?
static bool names_rule(struct arena *arena, const struct yaml_node *info, const struct rule *rule)
{
	const struct yaml_node *list = yaml_get(info, "rule_metadata");

	if (list == NULL || list->kind != YAML_SEQUENCE)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct str id = yaml_get_text(list->items[i], "id");

		uuid_normalise(arena, id, &id);
		if (id.len > 0 && str_eq(id, rule->id))
			return true;
	}
	return false;
}

// The last part of a path, without its ending.
static struct str stem(struct str path)
{
	size_t start = path.len;

	while (start > 0 && path.ptr[start - 1] != '/')
		start--;
	path = str_sub(path, start, SIZE_MAX);
	return str_sub(path, 0, str_find_char(path, '.', 0));
}

static bool log_agrees(struct arena *arena, struct str log, const struct rule *rule)
{
	struct str id = stem(log);

	uuid_normalise(arena, id, &id);
	return str_eq(id, rule->id);
}

static void add_test(struct regress *regress, const struct rule *rule, struct str root,
		     const struct yaml_node *node)
{
	struct regress_test test = {.rule = rule};
	struct str name = yaml_get_text(node, "name");
	struct str log = yaml_get_text(node, "path");
	struct str count = yaml_get_text(node, "match_count");
	struct test_result *result;
	struct stat st;

	result = report_add(regress->report, rule->path, name.len > 0 ? name : STR("regression"));
	test.result = regress->report->count - 1;
	test.log = arena_printf(&regress->arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(log));
	test.has_count = count.len > 0;
	if (!str_eq(yaml_get_text(node, "type"), STR("evtx")))
		report_say(regress->report, result, TEST_SKIPPED, "its type is '%.*s', not evtx",
			   STR_ARG(yaml_get_text(node, "type")));
	else if (!log_agrees(&regress->arena, log, rule))
		report_say(regress->report, result, TEST_FAILED,
			   "the log is not named for the rule: %.*s", STR_ARG(log));
	else if (test.has_count && !str_to_u64(count, &test.count))
		report_say(regress->report, result, TEST_FAILED, "match_count '%.*s' is no number",
			   STR_ARG(count));
	else if (stat(test.log.ptr, &st) != 0)
		report_say(regress->report, result, TEST_FAILED, "there is no log %.*s",
			   STR_ARG(log));
	if (result->outcome != TEST_PASSED)
		return;
	mem_grow(&regress->tests, &regress->cap, regress->count + 1, sizeof(*regress->tests));
	regress->tests[regress->count++] = test;
}

static void read_info(struct regress *regress, const struct rule *rule, struct str root,
		      struct str path, struct str text)
{
	const struct yaml_node *list;
	struct diag_list diags;
	struct yaml_file file;
	bool good;

	diag_init(&diags, &regress->arena);
	good = yaml_parse(&regress->arena, path, text, &file, &diags) && file.count > 0;
	list = good ? yaml_get(file.documents[0], "regression_tests_info") : NULL;
	if (!good)
		fail(regress, rule, STR("regression"), "the info file is no YAML: ",
		     diags.count > 0 ? diags.items[0].message : STR("it is empty"));
	else if (!names_rule(&regress->arena, file.documents[0], rule))
		fail(regress, rule, STR("regression"),
		     "the info file is not for this rule: ", path);
	else if (list == NULL || list->kind != YAML_SEQUENCE || list->count == 0)
		fail(regress, rule, STR("regression"), "the info file has no tests: ", path);
	else
		for (size_t i = 0; i < list->count; i++)
			add_test(regress, rule, root, list->items[i]);
	diag_release(&diags);
}

static void collect(struct regress *regress, const struct rule *rule)
{
	struct str named = named_path(rule);
	struct str root;
	struct str path;
	struct buf text = {0};
	struct err err = {""};
	struct stat st;

	if (named.len == 0)
		return;
	root = find_root(&regress->arena, rule->path);
	path = arena_printf(&regress->arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(named));
	report_input(regress->report, path);
	if (root.len == 0 || stat(path.ptr, &st) != 0)
		report_say(regress->report,
			   report_add(regress->report, rule->path, STR("regression")), TEST_SKIPPED,
			   "there is no %.*s", STR_ARG(named));
	else if (file_read(path.ptr, LIMIT_YAML_FILE, &text, &err) != RC_OK)
		fail(regress, rule, STR("regression"),
		     "the info file cannot be read: ", str_from(err.text));
	else
		read_info(regress, rule, root, named, buf_str(&text));
	buf_release(&text);
}

// ---- verdicts -----------------------------------------------------------

static void judge(struct regress *regress, const struct regress_test *test,
		  const struct tally *tally, const struct ruleset *rules)
{
	struct test_result *result = &regress->report->items[test->result];
	struct str trouble = tally_trouble(tally, test->log);
	uint64_t least = test->has_count ? test->count : 1;
	uint64_t hits = 0;

	for (size_t i = 0; i < tally->count; i++)
		hits += !tally->hits[i].suppressed && tally_is(&tally->hits[i], test->rule) &&
			str_eq(tally->hits[i].evtx, test->log);
	if (trouble.len > 0)
		report_say(regress->report, result, TEST_FAILED, "the log: %.*s", STR_ARG(trouble));
	if (hits < least)
		report_say(regress->report, result, TEST_FAILED, "%llu hits, %s %llu",
			   (unsigned long long)hits,
			   test->has_count ? "expected" : "expected at least",
			   (unsigned long long)least);
	else if (test->has_count && hits > least)
		report_say(regress->report, result, TEST_PASSED,
			   "%llu hits, more than the stated %llu", (unsigned long long)hits,
			   (unsigned long long)least);
	if (hits < least && rules->unplaced[test->rule->index].len > 0)
		report_say(regress->report, result, TEST_FAILED, "%.*s",
			   STR_ARG(rules->unplaced[test->rule->index]));
}

// Correlations count over all logs of a scan, so each has one to itself.
static enum rc run_alone(struct regress *regress, const struct tally_options *options,
			 const struct regress_test *test, struct err *err)
{
	struct tally tally = {0};
	enum rc rc = tally_scan(&tally, options, &test->log, 1, err);

	if (rc == RC_OK)
		judge(regress, test, &tally, options->rules);
	tally_put_inputs(&tally, regress->report);
	tally_release(&tally);
	return rc;
}

static enum rc run_together(struct regress *regress, const struct tally_options *options,
			    struct err *err)
{
	struct str *logs = mem_zalloc((regress->count + 1) * sizeof(*logs));
	struct tally tally = {0};
	size_t count = 0;
	enum rc rc;

	for (size_t i = 0; i < regress->count; i++) {
		if (regress->tests[i].rule->kind == RULE_DETECTION)
			logs[count++] = regress->tests[i].log;
	}
	rc = tally_scan(&tally, options, logs, count, err);
	for (size_t i = 0; rc == RC_OK && i < regress->count; i++) {
		if (regress->tests[i].rule->kind == RULE_DETECTION)
			judge(regress, &regress->tests[i], &tally, options->rules);
	}
	tally_put_inputs(&tally, regress->report);
	tally_release(&tally);
	free(logs);
	return rc;
}

enum rc regress_run(const struct tally_options *options, const struct map *files,
		    struct test_report *report, struct err *err)
{
	struct regress regress = {.report = report};
	enum rc rc;

	for (size_t i = 0; i < options->rules->count; i++) {
		if (map_get(files, options->rules->rules[i]->path) != NULL)
			collect(&regress, options->rules->rules[i]);
	}
	rc = run_together(&regress, options, err);
	for (size_t i = 0; rc == RC_OK && i < regress.count; i++) {
		if (regress.tests[i].rule->kind == RULE_CORRELATION)
			rc = run_alone(&regress, options, &regress.tests[i], err);
	}
	free(regress.tests);
	arena_release(&regress.arena);
	return rc;
}
