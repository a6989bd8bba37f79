// SPDX-License-Identifier: Apache-2.0
// evtxscan rules: list them, or export the built-in ones.
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "cli/cli.h"
#include "load/load.h"
#include "output/escape.h"
#include "output/json.h"

// ---- list ---------------------------------------------------------------

static const char *kind_name(const struct rule *rule)
{
	static const char *const names[] = {"rule", "correlation", "filter"};

	return names[rule->kind];
}

// How a rule takes part: reported, only counted by correlations, or not at all.
static const char *role(const struct rule *rule)
{
	if (rule->broken)
		return "broken";
	if (rule->kind == RULE_DETECTION && rule->view_count == 0)
		return "not placed";
	return rule->hidden ? "counted" : "reported";
}

static void list_table(FILE *out, const struct rule *rule)
{
	struct buf line = {0};
	struct str level = str_from(rule_level_name(rule->level));
	struct str branch = rule->branch.len > 0 ? rule->branch : STR("-");

	if (level.len == 0)
		level = STR("-");
	buf_printf(&line, "%-13.*s %-10s %-11s %-15.*s ", STR_ARG(level), role(rule),
		   kind_name(rule), STR_ARG(branch));
	escape_terminal(&line, rule->title);
	fprintf(out, "%.*s\n", STR_ARG(buf_str(&line)));
	buf_release(&line);
}

static void json_texts(struct json *json, const char *key, const struct str *items, size_t count)
{
	json_put_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		json_str(json, items[i]);
	json_close(json, ']');
}

static void list_json(FILE *out, const struct rule *rule)
{
	struct buf line = {0};
	struct json json = {.out = &line};

	json_open(&json, '{');
	json_put_str(&json, "ID", rule->id);
	json_put_str(&json, "Name", rule->name);
	json_put_str(&json, "Title", rule->title);
	json_put_str(&json, "Kind", str_from(kind_name(rule)));
	json_put_str(&json, "Role", str_from(role(rule)));
	json_put_str(&json, "Level", str_from(rule_level_name(rule->level)));
	if (rule->risk_score >= 0)
		json_put_u64(&json, "RiskScore", (uint64_t)rule->risk_score);
	json_put_str(&json, "Branch", rule->branch);
	json_put_str(&json, "Status", rule->status);
	json_put_str(&json, "Description", rule->description);
	json_texts(&json, "Tags", rule->tags, rule->tag_count);
	json_texts(&json, "References", rule->references, rule->reference_count);
	json_texts(&json, "FalsePositives", rule->falsepositives, rule->falsepositive_count);
	json_texts(&json, "Allowlist", rule->allowlist, rule->allowlist_count);
	json_put_str(&json, "File", rule->path);
	json_put_u64(&json, "Line", rule->place.line);
	json_close(&json, '}');
	fprintf(out, "%.*s\n", STR_ARG(buf_str(&line)));
	buf_release(&line);
}

static int list(const struct cli_options *options)
{
	struct ruleset *set = load_rules(options);
	bool as_json = options->format == OUTPUT_JSONL;
	struct outfile out;
	int status = STATUS_DONE;

	if (set == NULL)
		return STATUS_USAGE;
	message_diags(&set->diags, options->verbose > 0);
	if ((options->strict && set->diags.errors > 0) ||
	    !outfile_open(options->output, options->clobber, &out)) {
		ruleset_free(set);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < set->count; i++) {
		if (!set->rules[i]->unused)
			(as_json ? list_json : list_table)(out.stream, set->rules[i]);
	}
	if (!outfile_close(&out))
		status = STATUS_INCOMPLETE;
	ruleset_free(set);
	return status;
}

// ---- export -------------------------------------------------------------

static bool make_folders(const char *path)
{
	char copy[4096];
	size_t len = strlen(path);

	if (len >= sizeof(copy)) {
		message("%s: the name is too long", path);
		return false;
	}
	memcpy(copy, path, len + 1);
	for (char *at = copy + 1;; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
			message("%s: %s", copy, strerror(errno));
			return false;
		}
		*at = c;
		if (c == '\0')
			return true;
	}
}

static bool export_file(const struct cli_options *options, const char *folder,
			const struct embedded_file *file)
{
	struct buf path = {0};
	struct outfile out;
	bool ok;

	buf_printf(&path, "%s/%s", folder, file->name);
	*strrchr(path.ptr, '/') = '\0';
	ok = make_folders(path.ptr);
	buf_reset(&path);
	buf_printf(&path, "%s/%s", folder, file->name);
	ok = ok && outfile_open(path.ptr, options->clobber, &out);
	buf_release(&path);
	if (!ok)
		return false;
	fwrite(file->data, 1, file->size, out.stream);
	return outfile_close(&out);
}

// Only the rules, so that the folder is good for --rules.
static int export(const struct cli_options *options, const char *folder)
{
	size_t written = 0;

	for (size_t i = 0; i < embedded_count; i++) {
		if (strncmp(embedded_files[i].name, LOAD_PACK_FOLDER, strlen(LOAD_PACK_FOLDER)) !=
		    0)
			continue;
		if (!export_file(options, folder, &embedded_files[i]))
			return written > 0 ? STATUS_INCOMPLETE : STATUS_USAGE;
		written++;
	}
	message("wrote %zu files to %s", written, folder);
	return STATUS_DONE;
}

int cmd_rules(const struct cli_options *options)
{
	const char *verb = options->arg_count > 0 ? options->args[0] : "list";

	if (strcmp(verb, "list") == 0 && options->arg_count <= 1)
		return list(options);
	if (strcmp(verb, "export") == 0 && options->arg_count == 2)
		return export(options, options->args[1]);
	return usage_error("rules wants 'list' or 'export FOLDER'");
}
