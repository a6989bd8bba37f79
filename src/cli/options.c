// SPDX-License-Identifier: Apache-2.0
// Parsing the command line by the option table.
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/tm.h"
#include "cli/option_table.h"
#include "metrics/metrics.h"

#define THREADS_MOST 256
#define COUNT_MOST 1000000
#define EVENTS_SHOWN 20
#define MEMORY_DEFAULT (UINT64_C(256) << 20)
#define MEMORY_LEAST (UINT64_C(1) << 20)

// ---- values -------------------------------------------------------------

static bool take_level(const char *name, const char *text, enum rule_level *out)
{
	if (rule_level_parse(str_from(text), out))
		return true;
	usage_error("--%s: '%s' is no level (informational, low, medium, high, critical)", name,
		    text);
	return false;
}

// One of the words, whatever the case of its letters; `what` is the name of the option.
static bool take_word(const char *what, const char *text, const char *words, struct str *out)
{
	struct str rest = str_from(words);
	struct buf list = {0};
	struct str word;

	while (str_split(&rest, ' ', &word)) {
		if (str_eq_nocase(word, str_from(text))) {
			buf_release(&list);
			*out = word;
			return true;
		}
		buf_put_text(&list, list.len > 0 ? ", " : "");
		buf_put_str(&list, word);
	}
	usage_error("--%s: '%s' is none of %s", what, text, list.ptr);
	buf_release(&list);
	return false;
}

static bool take_format(const char *text, struct cli_options *out)
{
	struct str name;

	if (!take_word("format", text, option_formats(out->command), &name))
		return false;
	out->has_format = true;
	if (out->command == COMMAND_DUMP)
		return dump_parse_format(name, &out->dump_format);
	if (out->command == COMMAND_TEST)
		return report_parse_format(name, &out->report_format);
	if (out->command == COMMAND_VERIFY)
		out->format = str_eq(name, STR("jsonl")) ? OUTPUT_JSONL : OUTPUT_TABLE;
	else
		output_parse_format(name, &out->format);
	return true;
}

static bool take_threads(const char *text, struct cli_options *out)
{
	uint64_t count;

	if (str_to_u64(str_from(text), &count) && count >= 1 && count <= THREADS_MOST) {
		out->threads = (unsigned)count;
		return true;
	}
	usage_error("--threads: '%s' is not a number from 1 to %d", text, THREADS_MOST);
	return false;
}

// Bytes, or with K, M, G.
static bool take_memory(const char *text, struct cli_options *out)
{
	static const char units[] = "KMG";
	struct str s = str_from(text);
	const char *unit = s.len > 0 ? strchr(units, s.ptr[s.len - 1] & ~0x20) : NULL;
	unsigned shift = unit != NULL && *unit != '\0' ? 10 * (unsigned)(unit - units + 1) : 0;

	if (shift > 0)
		s.len--;
	if (str_to_u64(s, &out->memory) && out->memory <= UINT64_MAX >> 40 &&
	    out->memory << shift >= MEMORY_LEAST) {
		out->memory <<= shift;
		return true;
	}
	usage_error("--memory: '%s' is no size of at least 1M", text);
	return false;
}

static bool take_count(const char *name, const char *text, uint64_t *out)
{
	if (str_to_u64(str_from(text), out) && *out >= 1 && *out <= COUNT_MOST)
		return true;
	usage_error("--%s: '%s' is not a number from 1 to %d", name, text, COUNT_MOST);
	return false;
}

static bool take_columns(const char *text, bool profile, struct cli_options *out)
{
	struct err err = {""};

	if (out->has_columns && out->has_profile != profile) {
		usage_error("--columns and --profile both choose the columns");
		return false;
	}
	out->has_profile = profile;
	out->has_columns = (profile ? columns_of_profile : columns_parse)(
				   str_from(text), &out->arena, &out->columns, &err) == RC_OK;
	if (!out->has_columns)
		usage_error("--%s: %s", profile ? "profile" : "columns", err.text);
	return out->has_columns;
}

static bool take_sections(const char *text, struct cli_options *out)
{
	struct str rest = str_from(text);
	struct str name;

	while (str_split(&rest, ',', &name)) {
		enum metrics_section section;

		if (!metrics_parse_section(str_trim(name), &section)) {
			usage_error("--only: '%.*s' is none of channels, events, computers, "
				    "providers, gaps, steps, clears, logons",
				    STR_ARG(name));
			return false;
		}
		out->sections |= METRICS_BIT(section);
	}
	return true;
}

static bool take_last(const char *text, struct cli_options *out)
{
	if (tm_parse_span(str_from(text), &out->last))
		return true;
	usage_error("--last: '%s' is no span of time (90s, 15m, 12h, 30d, 2w, 1M, 1y)", text);
	return false;
}

static bool take_ids(const char *name, const char *text, struct cli_options *out,
		     struct id_ranges *ids)
{
	if (id_ranges_add(ids, &out->arena, str_from(text)))
		return true;
	usage_error("--%s: '%s' is no list of event ids (4624,4625 or 4720-4767)", name, text);
	return false;
}

static bool take_globs(const char *text, struct cli_options *out, struct globs *globs)
{
	if (globs_add(globs, &out->arena, str_from(text)))
		return true;
	usage_error("'%s' names nothing to choose by", text);
	return false;
}

static bool is_status(struct str word)
{
	static const char *const statuses[] = {"stable", "test", "experimental", "deprecated",
					       "unsupported"};

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (glob_fits(word, str_from(statuses[i])))
			return true;
	}
	return false;
}

// A rule has no other status (load.c of sigma), so another word chooses nothing.
static bool take_statuses(const char *name, const char *text, struct cli_options *out,
			  struct globs *globs)
{
	if (!take_globs(text, out, globs))
		return false;
	for (size_t i = 0; i < globs->count; i++) {
		if (is_status(globs->items[i]))
			continue;
		usage_error("--%s: '%.*s' is none of stable, test, experimental, deprecated, "
			    "unsupported",
			    name, STR_ARG(globs->items[i]));
		return false;
	}
	return true;
}

static bool take_reader(const char *text, struct cli_options *out)
{
	out->libevtx = strcmp(text, "libevtx") == 0;
	if (out->libevtx || strcmp(text, "native") == 0)
		return true;
	usage_error("--reader: '%s' is neither native nor libevtx", text);
	return false;
}

// Where options go that are repeatable, NULL for others.
static struct cli_list *list_of(struct cli_options *out, int code)
{
	switch (code) {
	case OPT_RULES:
		return &out->rules;
	case OPT_FILTERS:
		return &out->filters;
	case OPT_SOURCE:
		return &out->sources;
	case OPT_PLACEHOLDERS:
		return &out->placeholders;
	case OPT_CARVE:
		return &out->images;
	case OPT_EVTX_PATH:
		return &out->evtx_paths;
	case OPT_RULE_PATH:
		return &out->rule_paths;
	case OPT_KEYWORD:
		return &out->keywords;
	case OPT_REGEX:
		return &out->regexes;
	case OPT_WHERE:
		return &out->where;
	default:
		return NULL;
	}
}

// Where options go that are lists of words with wildcards, NULL for others.
static struct globs *globs_of(struct cli_options *out, int code)
{
	switch (code) {
	case OPT_CHANNEL:
		return &out->records.channel.only;
	case OPT_EXCLUDE_CHANNEL:
		return &out->records.channel.except;
	case OPT_PROVIDER:
		return &out->records.provider.only;
	case OPT_EXCLUDE_PROVIDER:
		return &out->records.provider.except;
	case OPT_COMPUTER:
		return &out->records.computer.only;
	case OPT_EXCLUDE_COMPUTER:
		return &out->records.computer.except;
	case OPT_TAG:
		return &out->rule_choice.tag.only;
	case OPT_EXCLUDE_TAG:
		return &out->rule_choice.tag.except;
	case OPT_RULE:
		return &out->rule_choice.rule.only;
	case OPT_EXCLUDE_RULE:
		return &out->rule_choice.rule.except;
	default:
		return NULL;
	}
}

// Where options go that are kept as they are, NULL for others.
static const char **text_of(struct cli_options *out, int code)
{
	switch (code) {
	case OPT_ALLOWLIST:
		return &out->allowlist;
	case OPT_LOGSOURCES:
		return &out->logsources;
	case OPT_OUTPUT:
		return &out->output;
	case OPT_PASSWORD_FILE:
		return &out->password_file;
	case OPT_LEDGER:
		return &out->ledger;
	case OPT_KNOWN_FPS:
		return &out->known_fps;
	case OPT_LOG_SOURCE:
		return &out->log_source;
	case OPT_DETECTION:
		return &out->detection;
	case OPT_CLASS:
		return &out->class;
	case OPT_OWNER:
		return &out->owner;
	case OPT_EXPIRES:
		return &out->expires;
	case OPT_FROM:
		return out->command == COMMAND_ALLOWLIST ? &out->hits : &out->from;
	case OPT_TO:
		return &out->to;
	case OPT_TIMEZONE:
		return &out->timezone;
	default:
		return NULL;
	}
}

// Options with an argument that is checked.
static bool take_checked(struct cli_options *out, int code, const char *text)
{
	switch (code) {
	case OPT_RULE_LEVEL:
		return take_level("rule-level", text, &out->rule_choice.min_level);
	case OPT_FORMAT:
		return take_format(text, out);
	case OPT_MIN_LEVEL:
		return take_level("min-level", text, &out->rule_choice.min_level);
	case OPT_FAIL_ON:
		return take_level("fail-on", text, &out->fail_on);
	case OPT_THREADS:
		return take_threads(text, out);
	case OPT_MEMORY:
		return take_memory(text, out);
	case OPT_READER:
		return take_reader(text, out);
	case OPT_ONLY:
		return take_sections(text, out);
	case OPT_COLUMNS:
	case OPT_PROFILE:
		return take_columns(text, code == OPT_PROFILE, out);
	case OPT_LAST:
		return take_last(text, out);
	case OPT_STATUS:
		return take_statuses("status", text, out, &out->rule_choice.status.only);
	case OPT_EXCLUDE_STATUS:
		return take_statuses("exclude-status", text, out, &out->rule_choice.status.except);
	case OPT_EVENT_ID:
		return take_ids("event-id", text, out, &out->records.ids);
	case OPT_EXCLUDE_EVENT_ID:
		return take_ids("exclude-event-id", text, out, &out->records.other_ids);
	case OPT_MOST:
		return take_count("most", text, &out->most);
	default:
		return take_count("hit", text, &out->hit);
	}
}

static void take_flag(struct cli_options *out, int code)
{
	out->coverage |= code == OPT_COVERAGE;
	out->clobber |= code == OPT_CLOBBER;
	out->keep_duplicates |= code == OPT_KEEP_DUPLICATES;
	out->recover |= code == OPT_RECOVER;
	out->strict |= code == OPT_STRICT;
	out->show_suppressed |= code == OPT_SHOW_SUPPRESSED;
	out->quiet |= code == OPT_QUIET;
	out->ignore_case |= code == OPT_IGNORE_CASE;
	out->no_sandbox |= code == OPT_NO_SANDBOX;
	out->no_progress |= code == OPT_NO_PROGRESS;
	out->no_color |= code == OPT_NO_COLOR;
	out->no_index |= code == OPT_NO_INDEX;
	out->no_confirm |= code == OPT_NO_CONFIRM;
	out->help |= code == OPT_HELP;
	out->version |= code == OPT_VERSION;
	out->verbose += code == OPT_VERBOSE;
}

static const struct option_row *find_row(int code)
{
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].code == code)
			return &option_rows[i];
	}
	return NULL;
}

// Before anything is read: an empty name is that of a variable that was not set.
static bool refuse_empty(int code)
{
	const struct option_row *row = find_row(code);

	usage_error("--%s wants an argument: --%s %s", row->name, row->name, row->argument);
	return false;
}

// `text` is NULL for options without argument.
static bool take(struct cli_options *out, int code, const char *text)
{
	struct cli_list *list = list_of(out, code);
	struct globs *globs = globs_of(out, code);
	const char **kept = text_of(out, code);

	if (text != NULL && *text == '\0' && option_takes_path(find_row(code)))
		return refuse_empty(code);
	if (text == NULL)
		take_flag(out, code);
	else if (list != NULL)
		cli_list_add(list, str_from(text));
	else if (globs != NULL)
		return take_globs(text, out, globs);
	else if (kept != NULL)
		*kept = text;
	else
		return take_checked(out, code, text);
	return true;
}

// ---- parsing ------------------------------------------------------------

static enum cli_command find_command(const char *word)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(word, command_rows[i].name) == 0)
			return (enum cli_command)i;
	}
	return COMMAND_COUNT;
}

bool options_is_command(const char *word)
{
	return find_command(word) != COMMAND_COUNT;
}

static void build_getopt(struct option *longs, char *shorts)
{
	size_t n = 0;

	shorts[n++] = ':'; // messages are ours
	for (size_t i = 0; i < option_row_count; i++) {
		longs[i] = (struct option){option_rows[i].name,
					   option_rows[i].argument != NULL ? required_argument
									   : no_argument,
					   NULL, option_rows[i].code};
		if (option_rows[i].code >= 256)
			continue;
		shorts[n++] = (char)option_rows[i].code;
		if (option_rows[i].argument != NULL)
			shorts[n++] = ':';
	}
	shorts[n] = '\0';
}

// An option may have a row for each of several commands.
static bool allowed(enum cli_command command, int code)
{
	const char *name = "";

	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].code != code)
			continue;
		if ((option_rows[i].commands & FOR(command)) != 0)
			return true;
		name = option_rows[i].name;
	}
	usage_error("--%s does not go with '%s'", name, command_rows[command].name);
	return false;
}

static size_t count_long(const char *prefix)
{
	size_t len = strcspn(prefix, "=");
	size_t count = 0;

	for (size_t i = 0; i < option_row_count; i++)
		count += strncmp(option_rows[i].name, prefix, len) == 0;
	return count;
}

// What getopt_long() stumbled over: `code` is what it returned, `word` what it
// read last. It sets optopt unless it does not know the long option.
static bool refuse(int code, const char *word)
{
	const struct option_row *row = find_row(optopt);

	if (row != NULL && code == ':')
		usage_error("--%s wants an argument: --%s %s", row->name, row->name, row->argument);
	else if (row != NULL)
		usage_error("--%s takes no argument", row->name);
	else if (optopt != 0)
		usage_error("unknown option -%c", optopt);
	else if (count_long(word + 2) > 1)
		usage_error("option %s is short for several", word);
	else
		usage_error("unknown option %s", word);
	return false;
}

static bool parse_all(int argc, char **argv, struct cli_options *out)
{
	struct option *longs = arena_array(&out->arena, option_row_count + 1, sizeof(*longs));
	char *shorts = arena_array(&out->arena, 2 * option_row_count + 2, 1);
	int code;

	build_getopt(longs, shorts);
	while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (code == ':' || code == '?')
			return refuse(code, argv[optind - 1]);
		if (!allowed(out->command, code) || !take(out, code, optarg))
			return false;
	}
	return true;
}

// `evtxscan -q dump LOG` is no scan of a file "dump".
static bool is_late_command(const char *word)
{
	if (find_command(word) == COMMAND_COUNT || access(word, F_OK) == 0)
		return false;
	usage_error("'%s' is a command, and comes before its options", word);
	return true;
}

bool options_parse(int argc, char **argv, struct cli_options *out)
{
	int shift = 0;

	memset(out, 0, sizeof(*out));
	argc = aliases_replace(argc, argv, &out->arena, &argv);
	out->command = COMMAND_SCAN;
	out->memory = MEMORY_DEFAULT;
	out->most = EVENTS_SHOWN;
	if (argc > 1 && find_command(argv[1]) != COMMAND_COUNT) {
		out->command = find_command(argv[1]);
		shift = 1;
	}
	if (!parse_all(argc - shift, argv + shift, out) || !option_times_set(out))
		return false;
	out->args = argv + shift + optind;
	out->arg_count = (size_t)(argc - shift - optind);
	if (out->arg_count == 0 || shift != 0)
		return true;
	out->help |= strcmp(out->args[0], "help") == 0;
	return !is_late_command(out->args[0]);
}

void options_release(struct cli_options *options)
{
	arena_release(&options->arena);
	cli_list_release(&options->rules);
	cli_list_release(&options->filters);
	cli_list_release(&options->sources);
	cli_list_release(&options->placeholders);
	cli_list_release(&options->evtx_paths);
	cli_list_release(&options->images);
	cli_list_release(&options->rule_paths);
	cli_list_release(&options->keywords);
	cli_list_release(&options->regexes);
	cli_list_release(&options->where);
}
