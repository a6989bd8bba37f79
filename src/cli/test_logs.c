// SPDX-License-Identifier: Apache-2.0
// Runs over whole logs: benign ones with a table of known false positives, and
// as evtx-sigma-checker does them.
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/testing.h"
#include "output/json.h"
#include "testing/known.h"

// A scan, and the records of its hits as text.
struct log_run {
	struct cli_options options; // as for a scan: lists are borrowed
	struct arena arena;
	struct ruleset *rules;
	struct tally tally;
	struct record_text *records; // by hit
};

static bool log_run(struct log_run *run, const struct str *paths, size_t count)
{
	struct tally_options how = test_tally_options(&run->options);
	struct err err = {""};

	run->rules = load_rules(&run->options);
	if (run->rules == NULL)
		return false;
	message_diags(&run->rules->diags, run->options.verbose > 0);
	if (!rules_are_left(run->rules, &run->options))
		return false;
	how.rules = run->rules;
	if (tally_scan(&run->tally, &how, paths, count, &err) != RC_OK) {
		message("%s", err.text);
		return false;
	}
	if (!spares_logs(&run->tally.input, run->options.output))
		return false;
	run->records = mem_alloc((run->tally.count + 1) * sizeof(*run->records));
	records_read(&run->tally, &run->arena, run->records);
	return true;
}

static void log_run_release(struct log_run *run)
{
	free(run->records);
	tally_release(&run->tally);
	ruleset_free(run->rules);
	arena_release(&run->arena);
}

// ---- benign logs --------------------------------------------------------

static bool load_table(const char *path, struct arena *arena, struct known_table *table)
{
	struct buf text = {0};
	struct diag_list diags;
	struct err err = {""};
	bool ok = false;

	diag_init(&diags, arena);
	if (file_read(path, LIMIT_YAML_FILE, &text, &err) == RC_OK)
		ok = known_parse(arena, str_from(path), buf_str(&text), table, &diags);
	else
		message("%s: %s", path, err.text);
	message_diags(&diags, true);
	diag_release(&diags);
	buf_release(&text);
	return ok;
}

// Each rule that may have missed a hit fails.
static void judge_missed(const struct ledger_counts *counts, const char *what,
			 struct test_report *report)
{
	for (size_t i = 0; i < counts->count; i++)
		report_say(report, report_add(report, counts->items[i].name, STR("decided")),
			   TEST_FAILED, "%s: %llu", what,
			   (unsigned long long)counts->items[i].count);
}

// One test for each log, that it could be read, and one for each hit.
static void judge_hits(const struct log_run *run, const struct known_table *table,
		       struct test_report *report)
{
	const struct tally *tally = &run->tally;

	for (size_t i = 0; i < tally->input.count; i++) {
		struct str path = tally->input.files[i].path;
		struct str trouble = tally_trouble(tally, path);
		struct test_result *result = report_add(report, path, STR("read completely"));

		if (trouble.len > 0)
			report_say(report, result, TEST_FAILED, "%.*s", STR_ARG(trouble));
	}
	for (size_t i = 0; i < tally->count; i++) {
		const struct tally_hit *hit = &tally->hits[i];
		struct test_result *result;

		if (hit->suppressed)
			continue;
		result = report_add(report, hit->evtx, hit->rule_title);
		if (!known_covers(table, hit, &run->records[i]))
			report_say(report, result, TEST_FAILED,
				   "record %llu: a %.*s hit that is not known, %.*s",
				   (unsigned long long)hit->record_id, STR_ARG(hit->level),
				   STR_ARG(hit->rule_id));
	}
	judge_missed(&tally->ledger.regex_limits, "values on which a regular expression gave up",
		     report);
	judge_missed(&tally->ledger.too_many, "hits not correlated, too many in one timespan",
		     report);
}

// Level low and below do not fail SigmaHQ's own check either.
int test_benign(const struct cli_options *options)
{
	struct log_run run = {.options = *options};
	struct known_table table = {0};
	struct test_report report = {0};
	struct cli_list paths = {0};
	int status = STATUS_USAGE;

	if (options->rule_choice.min_level == LEVEL_UNSET)
		run.options.rule_choice.min_level = LEVEL_MEDIUM;
	for (size_t i = 0; i < options->arg_count; i++)
		cli_list_add(&paths, str_from(options->args[i]));
	if (load_table(options->known_fps, &run.arena, &table) &&
	    log_run(&run, paths.items, paths.count)) {
		judge_hits(&run, &table, &report);
		status = test_print(options, &report);
	}
	cli_list_release(&paths);
	report_release(&report);
	known_release(&table);
	log_run_release(&run);
	return status;
}

// ---- evtx-sigma-checker -------------------------------------------------

// SigmaHQ's script looks for the match strings of its table behind the id.
static void put_finding(const struct tally_hit *hit, const struct record_text *record,
			struct buf *out)
{
	struct json json = {.out = out};

	json_open(&json, '{');
	json_put_str(&json, "RuleId", hit->rule_id);
	json_put_str(&json, "RuleTitle", hit->rule_title);
	json_put_str(&json, "RuleLevel", hit->level);
	json_put_str(&json, "RuleFile", hit->rule_file);
	json_put_str(&json, "EvtxFile", hit->evtx);
	json_put_time(&json, "Timestamp", hit->time);
	json_put_str(&json, "Match", record->plain);
	json_key(&json, STR("Event"));
	buf_put_str(out, record->json.len > 0 ? record->json : STR("null"));
	json_close(&json, '}');
	buf_put_char(out, '\n');
}

static int print_findings(const struct log_run *run)
{
	struct buf line = {0};
	struct outfile out;
	bool complete = run->tally.ledger.complete;

	if (!outfile_open(run->options.output, run->options.clobber, &out))
		return STATUS_USAGE;
	for (size_t i = 0; i < run->tally.count; i++) {
		if (run->tally.hits[i].suppressed)
			continue;
		buf_reset(&line);
		put_finding(&run->tally.hits[i], &run->records[i], &line);
		fwrite(line.ptr, 1, line.len, out.stream);
	}
	message_missing(&run->tally.ledger);
	buf_release(&line);
	return outfile_close(&out) && complete ? STATUS_DONE : STATUS_INCOMPLETE;
}

// SigmaHQ's own configuration (tests/thor.yml) says less than the built-in
// mapping, in another form.
static bool choose_mapping(struct log_run *run)
{
	const char *path = run->options.log_source;
	struct arena scratch = {0};
	struct diag_list diags;
	struct yaml_file file = {0};
	struct buf text = {0};
	struct err err = {""};
	bool ok;

	if (path == NULL)
		return true;
	diag_init(&diags, &scratch);
	ok = file_read(path, LIMIT_YAML_FILE, &text, &err) == RC_OK;
	if (!ok)
		message("%s: %s", path, err.text);
	else if (yaml_parse(&scratch, str_from(path), buf_str(&text), &file, &diags) &&
		 file.count == 1 && yaml_get(file.documents[0], "services") != NULL)
		run->options.logsources = path;
	else
		message("%s is no mapping of evtxscan; the built-in one is used", path);
	buf_release(&text);
	diag_release(&diags);
	arena_release(&scratch);
	return ok;
}

int test_checker(const struct cli_options *options)
{
	struct log_run run = {.options = *options};
	struct cli_list rules = {0};
	int status = STATUS_USAGE;

	for (size_t i = 0; i < options->rules.count; i++)
		cli_list_add(&rules, options->rules.items[i]);
	for (size_t i = 0; i < options->rule_paths.count; i++)
		cli_list_add(&rules, options->rule_paths.items[i]);
	run.options.rules = rules;
	if (options->rule_choice.min_level == LEVEL_UNSET)
		run.options.rule_choice.min_level = LEVEL_LOW;
	if (choose_mapping(&run) &&
	    log_run(&run, options->evtx_paths.items, options->evtx_paths.count))
		status = print_findings(&run);
	cli_list_release(&rules);
	log_run_release(&run);
	return status;
}
