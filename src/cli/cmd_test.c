// SPDX-License-Identifier: Apache-2.0
// evtxscan test: rules against the logs they are meant for.
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/testing.h"
#include "testing/regress.h"

// What stands below the paths.
struct test_job {
	const struct cli_options *options;
	struct arena arena;
	struct cli_list rules; // rule files
	struct map named;      // those of them that name a regression test
	struct cli_list cases; // test files
	struct map seen;       // files by their real path: each counts once
	struct test_report report;
};

// ---- what a file is -----------------------------------------------------

static bool has_key(const struct yaml_file *file, const char *key)
{
	for (size_t i = 0; i < file->count; i++) {
		if (yaml_get(file->documents[i], key) != NULL)
			return true;
	}
	return false;
}

// For files that are no YAML: what they were meant to be.
static bool has_line(struct str text, struct str start)
{
	struct str line;

	while (str_split(&text, '\n', &line)) {
		if (str_starts(line, start))
			return true;
	}
	return false;
}

// What is no YAML goes where it is refused aloud.
static void sort_file(struct test_job *job, struct str path, struct str text)
{
	static const char *const rule_keys[] = {"detection", "correlation", "filter", "action"};
	struct arena scratch = {0};
	struct diag_list diags;
	struct yaml_file file = {0};
	bool is_case;
	bool is_rule;

	diag_init(&diags, &scratch);
	is_rule = !yaml_parse(&scratch, path, text, &file, &diags);
	is_case = has_key(&file, "expect") || (is_rule && has_line(text, STR("expect:")));
	for (size_t i = 0; i < sizeof(rule_keys) / sizeof(rule_keys[0]); i++)
		is_rule |= has_key(&file, rule_keys[i]);
	if (is_case)
		cli_list_add(&job->cases, path);
	else if (is_rule)
		cli_list_add(&job->rules, path);
	if (is_rule && has_key(&file, REGRESS_ATTRIBUTE))
		map_add(&job->named, path, job);
	diag_release(&diags);
	arena_release(&scratch);
}

// The files below `path` that have not been met yet, whatever they are called.
static bool find_new(struct test_job *job, struct str path, struct cli_list *out)
{
	struct cli_list files = {0};
	bool ok = load_find_rules(&job->arena, path.ptr, &files);

	for (size_t i = 0; i < files.count; i++) {
		char *real = realpath(files.items[i].ptr, NULL);
		struct str key = real != NULL ? str_from(real) : files.items[i];

		if (map_add(&job->seen, arena_str(&job->arena, key), job))
			cli_list_add(out, files.items[i]);
		free(real);
	}
	cli_list_release(&files);
	return ok;
}

static bool find_tests(struct test_job *job)
{
	struct cli_list files = {0};
	struct buf text = {0};
	bool ok = true;

	for (size_t i = 0; i < job->options->arg_count; i++)
		ok &= find_new(job, str_from(job->options->args[i]), &files);
	for (size_t i = 0; i < files.count; i++) {
		struct err err = {""};

		buf_reset(&text);
		if (file_read(files.items[i].ptr, LIMIT_YAML_FILE, &text, &err) == RC_OK) {
			sort_file(job, files.items[i], buf_str(&text));
			continue;
		}
		message("%s: %s", files.items[i].ptr, err.text);
		ok = false;
	}
	if (ok && job->named.count + job->cases.count == 0) {
		message("no tests there: no rule has %s, no file has 'expect'", REGRESS_ATTRIBUTE);
		ok = false;
	}
	buf_release(&text);
	cli_list_release(&files);
	return ok;
}

// ---- regression tests ---------------------------------------------------

static bool is_loaded(const struct ruleset *set, struct str path)
{
	for (size_t i = 0; i < set->count; i++) {
		if (str_eq(set->rules[i]->path, path))
			return true;
	}
	return false;
}

// The rules to test, and those of --rules that they may refer to.
static struct ruleset *load_all(struct test_job *job)
{
	struct cli_options options = *job->options;
	struct cli_list paths = {0};
	struct ruleset *rules = NULL;
	bool ok = true;

	for (size_t i = 0; i < job->rules.count; i++)
		cli_list_add(&paths, job->rules.items[i]);
	for (size_t i = 0; i < options.rules.count; i++) {
		if (str_eq(options.rules.items[i], STR("builtin")))
			cli_list_add(&paths, options.rules.items[i]);
		else
			ok &= find_new(job, options.rules.items[i], &paths);
	}
	options.rules = paths;
	if (ok)
		rules = load_rules(&options);
	if (rules != NULL)
		message_diags(&rules->diags, options.verbose > 0);
	cli_list_release(&paths);
	return rules;
}

static bool run_regression(struct test_job *job)
{
	struct tally_options how = test_tally_options(job->options);
	struct ruleset *rules;
	struct err err = {""};
	bool ok;

	if (job->named.count == 0)
		return true;
	rules = load_all(job);
	if (rules == NULL)
		return false;
	for (size_t i = 0; i < job->named.count; i++) {
		struct str path = job->named.entries[i].key;

		if (!is_loaded(rules, path))
			report_say(&job->report, report_add(&job->report, path, STR("regression")),
				   TEST_FAILED, "the rule was refused");
	}
	how.rules = rules;
	ok = regress_run(&how, &job->named, &job->report, &err) == RC_OK;
	if (!ok)
		message("%s", err.text);
	ruleset_free(rules);
	return ok;
}

// ---- the command --------------------------------------------------------

struct tally_options test_tally_options(const struct cli_options *options)
{
	unsigned threads = options->threads > 0 ? options->threads : cpu_count();

	return (struct tally_options){.threads = threads, .memory = options->memory};
}

static bool spares_inputs(const struct test_report *report, const char *output)
{
	for (size_t i = 0; output != NULL && i < report->inputs.count; i++) {
		if (!is_within(output, report->inputs.entries[i].key.ptr))
			continue;
		message("%s is read by this command and is not overwritten", output);
		return false;
	}
	return true;
}

int test_print(const struct cli_options *options, const struct test_report *report)
{
	struct buf text = {0};
	struct outfile out;
	int status = STATUS_USAGE;

	if (spares_inputs(report, options->output) &&
	    outfile_open(options->output, options->clobber, &out)) {
		report_put(report, options->report_format, &text);
		fwrite(text.ptr, 1, text.len, out.stream);
		status = report_count(report, TEST_FAILED) > 0 ? STATUS_FAIL_ON : STATUS_DONE;
		if (!outfile_close(&out) && status == STATUS_DONE)
			status = STATUS_INCOMPLETE;
	}
	buf_release(&text);
	return status;
}

static int run_tests(const struct cli_options *options)
{
	struct test_job job = {.options = options};
	int status = STATUS_USAGE;

	if (find_tests(&job) && run_regression(&job) &&
	    test_cases_run(options, &job.cases, &job.report))
		status = test_print(options, &job.report);
	report_release(&job.report);
	cli_list_release(&job.rules);
	map_release(&job.named);
	map_release(&job.seen);
	cli_list_release(&job.cases);
	arena_release(&job.arena);
	return status;
}

int cmd_test(const struct cli_options *options)
{
	bool checker = options->evtx_paths.count + options->rule_paths.count > 0 ||
		       options->log_source != NULL;

	if (checker && (options->evtx_paths.count == 0 || options->arg_count > 0 ||
			options->known_fps != NULL))
		return usage_error("--rule-path and --log-source go with --evtx-path, and no PATH");
	if (checker)
		return test_checker(options);
	if (options->arg_count == 0)
		return usage_error("which tests? Give a rule repository, or test files");
	if (options->known_fps != NULL)
		return test_benign(options);
	if (options->rule_choice.min_level != LEVEL_UNSET)
		return usage_error("--min-level goes with --known-fps or --evtx-path");
	return run_tests(options);
}
