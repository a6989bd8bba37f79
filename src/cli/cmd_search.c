// SPDX-License-Identifier: Apache-2.0
// evtxscan search: records that hold a text, fit an expression or a detection.
//
// What is asked for becomes one Sigma rule over all records, so that everything
// rules can say can be searched for, at the speed of a scan:
//
//	detection:
//	  text: ['...']            # each escaped: a text means itself
//	  expressions: {'|re': ['...']}
//	  where1: {...}            # as written
//	  condition: 1 of (text, expressions) and all of where*
#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "cli/scan_job.h"
#include "evtxscan.h"

#define RULE_NAME "search"

// Would it stand in single quotes as it is? Line breaks are folded there, and some
// characters refused.
static bool is_plain(uint32_t c)
{
	return c >= ' ' && (c < 0x7F || c >= 0xA0) && c != 0x2028 && c != 0x2029 && c != 0xFEFF &&
	       c != 0xFFFE && c != 0xFFFF;
}

static bool all_plain(struct str text)
{
	for (size_t at = 0; at < text.len;) {
		if (!is_plain(utf8_next(text, &at)))
			return false;
	}
	return true;
}

// A YAML scalar in double quotes.
static void put_escaped(struct buf *out, struct str text)
{
	buf_put_char(out, '"');
	for (size_t at = 0; at < text.len;) {
		size_t start = at;
		uint32_t c = utf8_next(text, &at);

		if (!is_plain(c)) {
			buf_printf(out, "\\u%04x", (unsigned)c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_put_char(out, '\\');
		buf_put_str(out, str_sub(text, start, at - start));
	}
	buf_put_char(out, '"');
}

// A YAML scalar that is that text; in single quotes where it can be, for people.
static void put_quoted(struct buf *out, struct str text)
{
	if (!all_plain(text)) {
		put_escaped(out, text);
		return;
	}
	buf_put_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_put_char(out, '\'');
		buf_put_char(out, text.ptr[i]);
	}
	buf_put_char(out, '\'');
}

// A text that means itself: nothing in it is a wildcard (sigma-engine.md 1.5).
static void put_literal(struct buf *out, struct str text)
{
	struct buf escaped = {0};

	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\\*?", text.ptr[i]) != NULL)
			buf_put_char(&escaped, '\\');
		buf_put_char(&escaped, text.ptr[i]);
	}
	put_quoted(out, buf_str(&escaped));
	buf_release(&escaped);
}

// Lines of YAML, further in.
static void put_indented(struct buf *out, struct str yaml, const char *indent)
{
	struct str line;

	while (str_split(&yaml, '\n', &line))
		buf_printf(out, "%s%.*s\n", indent, STR_ARG(line));
}

static void put_lists(struct buf *out, const struct cli_options *options,
		      const struct cli_list *texts)
{
	if (texts->count > 0)
		buf_put_text(out, "  text:\n");
	for (size_t i = 0; i < texts->count; i++) {
		buf_put_text(out, "    - ");
		put_literal(out, texts->items[i]);
		buf_put_char(out, '\n');
	}
	if (options->regexes.count > 0)
		buf_printf(out, "  expressions:\n    '|re%s':\n", options->ignore_case ? "|i" : "");
	for (size_t i = 0; i < options->regexes.count; i++) {
		buf_put_text(out, "      - ");
		put_quoted(out, options->regexes.items[i]);
		buf_put_char(out, '\n');
	}
}

static void put_condition(struct buf *out, const struct cli_options *options,
			  const struct cli_list *texts)
{
	bool has_lists = texts->count > 0 || options->regexes.count > 0;

	buf_put_text(out, "  condition: ");
	if (texts->count > 0 && options->regexes.count > 0)
		buf_put_text(out, "(text or expressions)");
	else if (has_lists)
		buf_put_text(out, texts->count > 0 ? "text" : "expressions");
	if (options->where.count > 0)
		buf_put_text(out, has_lists ? " and all of where*" : "all of where*");
	buf_put_char(out, '\n');
}

static void put_rule(struct buf *out, const struct cli_options *options,
		     const struct cli_list *texts)
{
	buf_put_text(out, "title: search\nlogsource: {product: windows}\ndetection:\n");
	if (options->detection != NULL) {
		put_indented(out, str_from(options->detection), "  ");
		return;
	}
	put_lists(out, options, texts);
	for (size_t i = 0; i < options->where.count; i++) {
		buf_printf(out, "  where%zu:\n", i + 1);
		put_indented(out, options->where.items[i], "    ");
	}
	put_condition(out, options, texts);
}

// What the places of the errors mean.
static void show_rule(struct str rule)
{
	struct str line;

	for (unsigned i = 1; str_split(&rule, '\n', &line) && rule.ptr != NULL; i++)
		message("%4u | %.*s", i, STR_ARG(line));
}

static bool has_keyword(const struct expr *expr)
{
	bool found = expr->kind == EXPR_ITEM && expr->item->field.len == 0;

	for (size_t i = 0; i < expr->count; i++)
		found |= has_keyword(expr->kids[i]);
	return found;
}

// A condition without a field would be a text, which is not what was meant.
static bool conditions_have_fields(const struct ruleset *set, const struct cli_options *options)
{
	const struct detection *detection = &set->rules[0]->detection;

	for (size_t i = 0; i < detection->selection_count; i++) {
		if (!str_starts(detection->selections[i].name, STR("where")) ||
		    options->where.count == 0 || !has_keyword(detection->selections[i].body))
			continue;
		usage_error("--where wants a field and a value: 'CommandLine|contains: axfr'");
		return false;
	}
	return true;
}

// NULL after messages when what is asked for is no detection.
static struct ruleset *make_rule(const struct cli_options *options, const struct cli_list *texts)
{
	const struct embedded_file *mapping = embedded_find("logsources.yml");
	struct ruleset *set = ruleset_new();
	struct buf rule = {0};

	put_rule(&rule, options, texts);
	ruleset_set_sources(set, STR("logsources.yml"),
			    (struct str){(const char *)mapping->data, mapping->size}, NULL, 0);
	ruleset_add(set, STR(RULE_NAME), buf_str(&rule));
	ruleset_link(set, NULL);
	message_diags(&set->diags, options->verbose > 0);
	if (set->diags.errors > 0 || set->count == 0) {
		show_rule(buf_str(&rule));
		ruleset_free(set);
		set = NULL;
	} else if (!conditions_have_fields(set, options)) {
		ruleset_free(set);
		set = NULL;
	}
	buf_release(&rule);
	return set;
}

static bool all_valid(const struct cli_list *texts, const char *what)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (utf8_is_valid(texts->items[i]))
			continue;
		usage_error("%s: '%.*s' is not valid UTF-8", what, STR_ARG(texts->items[i]));
		return false;
	}
	return true;
}

// What is asked for is text, as values of records are.
static bool is_text(const struct cli_options *options, const struct cli_list *texts)
{
	struct str detection = str_from(options->detection != NULL ? options->detection : "");
	const struct cli_list detections = {.items = &detection, .count = 1};

	return all_valid(texts, "search") && all_valid(&options->regexes, "--regex") &&
	       all_valid(&options->where, "--where") && all_valid(&detections, "--detection");
}

// Where nothing else says what to look for, the first argument does.
static bool take_text(struct cli_options *options, struct cli_list *texts)
{
	bool asked = options->keywords.count + options->regexes.count + options->where.count > 0 ||
		     options->detection != NULL;

	if (!asked && options->arg_count + (options->images.count > 0) > 1) {
		cli_list_add(texts, str_from(options->args[0]));
		options->args++;
		options->arg_count--;
		asked = true;
	}
	for (size_t i = 0; i < options->keywords.count; i++)
		cli_list_add(texts, options->keywords.items[i]);
	if (!asked || options->arg_count + options->images.count == 0)
		usage_error("search wants a text and logs: evtxscan search TEXT PATH...");
	else if (options->detection != NULL &&
		 options->keywords.count + options->regexes.count + options->where.count > 0)
		usage_error("--detection says all that is searched for");
	else
		return true;
	return false;
}

int cmd_search(const struct cli_options *given)
{
	struct cli_options options = *given; // its lists stay the caller's
	struct scan_job job = {.options = &options, .search = true};
	struct cli_list texts = {0};
	int status = STATUS_USAGE;

	if (take_text(&options, &texts) && is_text(&options, &texts))
		job.rules = make_rule(&options, &texts);
	if (job.rules != NULL) {
		ledger_init(&job.ledger, str_from(EVTXSCAN_VERSION));
		status = scan_job_run(&job);
		ledger_release(&job.ledger);
		ruleset_free(job.rules);
	}
	cli_list_release(&texts);
	return status;
}
