// SPDX-License-Identifier: Apache-2.0
// evtxscan explain: rules, rules against logs, rule sets against logs.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "evtxscan.h"
#include "explain/explain.h"
#include "scan/scan.h"

struct job {
	const struct cli_options *options;
	struct ruleset *set;
	struct explain *explain;
	struct arena arena;
	const struct allowlist *list;
	const struct rule **rules; // that are explained
	size_t rule_count, rule_cap;
	struct trace **traces; // of the detection rules among them
	size_t trace_count;
	struct buf text;
	bool incomplete; // part of the input could not be read, or a rule not be decided
};

// ---- which rules --------------------------------------------------------

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

// A rule that was not chosen is none of those that run.
static void add_rule(struct job *job, const struct rule *rule)
{
	if (rule->unused)
		return;
	for (size_t i = 0; i < job->rule_count; i++) {
		if (job->rules[i] == rule)
			return;
	}
	mem_grow(&job->rules, &job->rule_cap, job->rule_count + 1, sizeof(*job->rules));
	job->rules[job->rule_count++] = rule;
}

static void add_file(struct job *job, const char *path)
{
	for (size_t i = 0; i < job->set->count; i++) {
		if (is_same_file(path, job->set->rules[i]->path.ptr))
			add_rule(job, job->set->rules[i]);
	}
}

// By title, as --rule takes it.
static void add_titles(struct job *job, const char *title)
{
	struct arena scratch = {0};
	struct str pattern = text_fold(&scratch, str_from(title));

	for (size_t i = 0; i < job->set->count; i++) {
		if (glob_fits(pattern, text_fold(&scratch, job->set->rules[i]->title)))
			add_rule(job, job->set->rules[i]);
	}
	arena_release(&scratch);
}

// What logs are looked at for: the rules that a correlation counts, too.
static void add_base_rules(struct job *job)
{
	for (size_t i = 0; i < job->rule_count; i++) {
		const struct correlation *correlation = job->rules[i]->correlation;

		for (size_t k = 0; correlation != NULL && k < correlation->rule_count; k++) {
			if (correlation->rules[k].target != NULL)
				add_rule(job, correlation->rules[k].target);
		}
	}
}

static bool find_rules(struct job *job, const char *name)
{
	const struct rule *rule = ruleset_find(job->set, str_from(name));

	if (rule != NULL)
		add_rule(job, rule);
	else
		add_file(job, name);
	if (job->rule_count == 0)
		add_titles(job, name);
	if (job->rule_count > 0)
		return true;
	message("'%s' is no id, name, title or file of the rules that are loaded%s", name,
		job->set->unused > 0 ? " and chosen" : "");
	return false;
}

// A rule file without --rules is the whole set.
static bool load(struct job *job)
{
	struct cli_options options = *job->options;
	struct str path;

	if (!options.coverage && options.rules.count == 0 && is_file(options.args[0])) {
		path = str_from(options.args[0]);
		options.rules = (struct cli_list){&path, 1, 1};
	}
	job->set = load_rules(&options);
	if (job->set == NULL)
		return false;
	message_diags(&job->set->diags, options.verbose > 0);
	if (!options.strict || job->set->diags.errors == 0)
		return (!options.coverage && options.arg_count == 1) ||
		       rules_are_left(job->set, &options);
	message("--strict: %zu error(s) in rules; nothing was explained", job->set->diags.errors);
	return false;
}

static bool take_allowlist(struct job *job)
{
	struct diag_list diags;
	bool ok;

	diag_init(&diags, &job->arena);
	ok = read_allowlist(&job->arena, job->options->allowlist, &diags, &job->list);
	message_diags(&diags, job->options->verbose > 0);
	if (ok && job->options->strict && diags.errors > 0) {
		message("--strict: %zu error(s) in the allowlist; nothing was explained",
			diags.errors);
		ok = false;
	}
	diag_release(&diags);
	return ok;
}

// ---- logs ---------------------------------------------------------------

static bool take_event(void *user, const struct event *event, const struct input_file *file)
{
	struct job *job = user;

	for (size_t i = 0; i < job->trace_count; i++)
		trace_event(job->traces[i], event, file->path);
	return true;
}

static bool look_at_logs(struct job *job, size_t first)
{
	const struct log_taker taker = {.event = take_event, .user = job};
	struct cli_options options = *job->options;
	struct input_list logs;
	bool ok;

	options.args += first;
	options.arg_count -= first;
	input_init(&logs);
	ok = find_logs(&options, &logs);
	if (ok)
		job->incomplete = !read_logs(&options, &logs, &taker);
	for (size_t i = 0; i < job->trace_count; i++)
		job->incomplete |= trace_undecided(job->traces[i]) > 0;
	input_release(&logs);
	return ok;
}

// ---- explaining ---------------------------------------------------------

static void make_traces(struct job *job)
{
	job->traces = mem_zalloc(job->rule_count * sizeof(struct trace *));
	for (size_t i = 0; i < job->rule_count; i++) {
		if (job->rules[i]->kind == RULE_DETECTION)
			job->traces[job->trace_count++] = trace_new(
				job->explain, job->rules[i], job->list, (size_t)job->options->most);
	}
}

// With logs the rules come one after the other, each with its events.
static bool explain_rules(struct job *job)
{
	bool with_logs = job->options->arg_count > 1;
	size_t next = 0;

	if (!find_rules(job, job->options->args[0]))
		return false;
	if (with_logs) {
		add_base_rules(job);
		make_traces(job);
		if (!look_at_logs(job, 1))
			return false;
	}
	for (size_t i = 0; i < job->rule_count; i++) {
		if (i > 0)
			buf_put_char(&job->text, '\n');
		explain_rule(job->explain, job->rules[i], &job->text);
		if (with_logs && job->rules[i]->kind == RULE_CORRELATION)
			buf_put_text(&job->text,
				     "Its rules and their events follow; whether their hits "
				     "make an alert, 'scan' and '--coverage' tell.\n");
		if (!with_logs || job->rules[i]->kind != RULE_DETECTION)
			continue;
		buf_put_char(&job->text, '\n');
		trace_put(job->traces[next++], &job->text);
	}
	return true;
}

// A scan that looks at every record; its hits are not printed.
static bool explain_coverage(struct job *job)
{
	const struct cli_options *options = job->options;
	struct scan_options how = {
		.rules = job->set,
		.allowlist = job->list,
		.records = options->records,
		.use_index = true,
		.native = !options->libevtx,
		.coverage = true,
		.threads = thread_count(options),
		.memory = options->memory,
	};
	struct progress progress = {false};
	struct input_list logs;
	struct ledger ledger;
	struct scan *scan;
	struct err err = {""};
	bool found;

	input_init(&logs);
	logs.progress = how.progress = &progress;
	ledger_init(&ledger, str_from(EVTXSCAN_VERSION));
	interrupt_watch(&progress);
	progress_show(options, &progress);
	found = find_logs(options, &logs);
	if (found) {
		scan = scan_new(&how, &ledger);
		scan_open(scan, &logs);
		progress_hide();
		sandbox_enter(options, &logs);
		progress_show(options, &progress);
		if (scan_run(scan, &err) != RC_OK)
			message("%s", err.text);
		progress_hide();
		coverage_put(&ledger, options->format == OUTPUT_JSONL, &job->text);
		job->incomplete = !ledger.complete;
		message_files(&ledger);
		scan_free(scan);
	}
	progress_hide();
	ledger_release(&ledger);
	input_release(&logs);
	return found;
}

static int run(struct job *job)
{
	struct outfile out;

	if (!load(job) || !take_allowlist(job))
		return STATUS_USAGE;
	// The output comes first: once logs are read nothing can be opened.
	if (!outfile_open(job->options->output, job->options->clobber, &out))
		return STATUS_USAGE;
	job->explain = explain_new(job->set);
	explain_set_zone(job->explain, &job->options->zone);
	if (!(job->options->coverage ? explain_coverage : explain_rules)(job)) {
		outfile_abandon(&out);
		return STATUS_USAGE;
	}
	fwrite(job->text.ptr != NULL ? job->text.ptr : "", 1, job->text.len, out.stream);
	if (!outfile_close(&out))
		return STATUS_INCOMPLETE;
	return job->incomplete ? STATUS_INCOMPLETE : STATUS_DONE;
}

int cmd_explain(const struct cli_options *options)
{
	struct job job = {.options = options};
	int status;

	if (options->arg_count == 0)
		return usage_error(
			options->coverage
				? "which logs? Give files, folders, or - for standard input"
				: "which rule? Give its id, name, title or file");
	if (options->format == OUTPUT_JSONL && !options->coverage)
		return usage_error("explain prints -t table, with --coverage also -t jsonl");
	status = run(&job);
	for (size_t i = 0; i < job.trace_count; i++)
		trace_free(job.traces[i]);
	free(job.traces);
	free(job.rules);
	explain_free(job.explain);
	ruleset_free(job.set);
	buf_release(&job.text);
	arena_release(&job.arena);
	return status;
}
