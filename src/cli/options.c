// SPDX-License-Identifier: Apache-2.0
// One table of options drives parsing and help; the man page is checked
// against it by tests/docs.sh.
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tm.h"
#include "cli/options.h"

#define THREADS_MOST 256
#define COUNT_MOST 1000000
#define EVENTS_SHOWN 20
#define MEMORY_DEFAULT (UINT64_C(256) << 20)
#define MEMORY_LEAST (UINT64_C(1) << 20)

#define FOR(command) (1u << (command))
#define RULE_COMMANDS                                                                              \
	(FOR(COMMAND_SCAN) | FOR(COMMAND_RULES) | FOR(COMMAND_LINT) | FOR(COMMAND_EXPLAIN))
#define LOAD_COMMANDS (RULE_COMMANDS | FOR(COMMAND_TEST))
#define FILE_COMMANDS                                                                              \
	(FOR(COMMAND_SCAN) | FOR(COMMAND_DUMP) | FOR(COMMAND_VERIFY) | FOR(COMMAND_SYNTH) |        \
	 FOR(COMMAND_RULES) | FOR(COMMAND_ALLOWLIST) | FOR(COMMAND_TEST) | FOR(COMMAND_LINT) |     \
	 FOR(COMMAND_EXPLAIN) | FOR(COMMAND_COMPLETIONS))
#define ALL_COMMANDS (FOR(COMMAND_COUNT) - 1)

enum option_code {
	OPT_RULES = 'r',
	OPT_FORMAT = 't',
	OPT_OUTPUT = 'o',
	OPT_CLOBBER = 'C',
	OPT_MIN_LEVEL = 'm',
	OPT_QUIET = 'q',
	OPT_VERBOSE = 'v',
	OPT_HELP = 'h',
	OPT_VERSION = 'V',
	OPT_FILTERS = 256,
	OPT_ALLOWLIST,
	OPT_SHOW_SUPPRESSED,
	OPT_LOGSOURCES,
	OPT_SOURCE,
	OPT_PLACEHOLDERS,
	OPT_FROM,
	OPT_TO,
	OPT_LEDGER,
	OPT_STRICT,
	OPT_FAIL_ON,
	OPT_NO_COLOR,
	OPT_NO_INDEX,
	OPT_NO_CONFIRM,
	OPT_READER,
	OPT_THREADS,
	OPT_MEMORY,
	OPT_KNOWN_FPS,
	OPT_EVTX_PATH,
	OPT_RULE_PATH,
	OPT_LOG_SOURCE,
	OPT_RULE_LEVEL,
	OPT_COVERAGE,
	OPT_MOST,
	OPT_HIT,
	OPT_CLASS,
	OPT_OWNER,
	OPT_EXPIRES,
};

const struct option_row option_rows[] = {
	{OPT_RULES, "rules", "PATH", LOAD_COMMANDS,
	 "Sigma rules: a file or folder, repeatable; 'builtin' is the T1596.001 pack (default)"},
	{OPT_FILTERS, "filters", "PATH", LOAD_COMMANDS,
	 "Sigma filters to load besides the rules, repeatable"},
	{OPT_ALLOWLIST, "allowlist", "FILE",
	 FOR(COMMAND_SCAN) | FOR(COMMAND_LINT) | FOR(COMMAND_EXPLAIN),
	 "what the site expects; see 'evtxscan allowlist'"},
	{OPT_SHOW_SUPPRESSED, "show-suppressed", NULL, FOR(COMMAND_SCAN),
	 "print silenced hits too, with who silenced them"},
	{OPT_LOGSOURCES, "logsources", "FILE", LOAD_COMMANDS,
	 "another log-source mapping than the built-in one"},
	{OPT_SOURCE, "source", "ID", LOAD_COMMANDS,
	 "switch on a log-source view that is off by default, repeatable ('all' = every one)"},
	{OPT_PLACEHOLDERS, "placeholders", "FILE", LOAD_COMMANDS,
	 "values for %placeholders% of rules, repeatable"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_SCAN),
	 "table, csv, json or jsonl (default: table on a terminal, else csv)"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_RULES), "rules: table (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_DUMP), "dump: jsonl (default), csv or xml"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_VERIFY), "verify: text (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_TEST),
	 "test: table (default), tap (TAP 13) or junit (XML)"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_LINT), "lint: table (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_EXPLAIN),
	 "explain --coverage: table (default) or jsonl"},
	{OPT_OUTPUT, "output", "FILE", FILE_COMMANDS, "write results to FILE"},
	{OPT_CLOBBER, "clobber", NULL, FILE_COMMANDS, "overwrite an existing FILE"},
	{OPT_MIN_LEVEL, "min-level", "LEVEL", FOR(COMMAND_SCAN) | FOR(COMMAND_TEST),
	 "hits of this level and above: informational, low, medium, high, critical"},
	{OPT_FROM, "from", "TIME", FOR(COMMAND_SCAN),
	 "events at or after TIME (2026-11-23, 2026-11-23T14:00:00Z; UTC)"},
	{OPT_TO, "to", "TIME", FOR(COMMAND_SCAN), "events at or before TIME"},
	{OPT_LEDGER, "ledger", "FILE", FOR(COMMAND_SCAN),
	 "write the closing ledger as JSON to FILE"},
	{OPT_STRICT, "strict", NULL, RULE_COMMANDS & ~FOR(COMMAND_LINT),
	 "do nothing when a rule, filter or allowlist entry is refused"},
	{OPT_STRICT, "strict", NULL, FOR(COMMAND_LINT),
	 "lint: exit with status 2 for warnings too"},
	{OPT_FAIL_ON, "fail-on", "LEVEL", FOR(COMMAND_SCAN),
	 "exit with status 1 when a hit has this level or above"},
	{OPT_QUIET, "quiet", NULL, FOR(COMMAND_SCAN), "no closing ledger on standard error"},
	{OPT_QUIET, "quiet", NULL, FOR(COMMAND_VERIFY), "verify: print the closing line only"},
	{OPT_VERBOSE, "verbose", NULL, LOAD_COMMANDS & ~FOR(COMMAND_LINT),
	 "print warnings about rules too"},
	{OPT_VERBOSE, "verbose", NULL, FOR(COMMAND_LINT), "lint: print notes too"},
	{OPT_NO_COLOR, "no-color", NULL, FOR(COMMAND_SCAN),
	 "no colours (so does the variable NO_COLOR)"},
	{OPT_THREADS, "threads", "N", FOR(COMMAND_SCAN) | FOR(COMMAND_TEST),
	 "worker threads (default: one for each processor)"},
	{OPT_MEMORY, "memory", "SIZE", FOR(COMMAND_SCAN) | FOR(COMMAND_TEST),
	 "memory for hits before they go to a temporary file, e.g. 64M (default 256M)"},
	{OPT_READER, "reader", "READER",
	 FOR(COMMAND_SCAN) | FOR(COMMAND_DUMP) | FOR(COMMAND_EXPLAIN),
	 "native (default) or libevtx, which reads slowly and loses some records"},
	{OPT_NO_CONFIRM, "no-confirm", NULL, FOR(COMMAND_SCAN),
	 "do not read the records of hits again with libevtx"},
	{OPT_NO_INDEX, "no-index", NULL, FOR(COMMAND_SCAN),
	 "evaluate every candidate rule on every event (slow; same hits)"},
	{OPT_KNOWN_FPS, "known-fps", "FILE", FOR(COMMAND_TEST),
	 "scan benign logs: each hit of level medium and above that FILE does not name fails"},
	{OPT_EVTX_PATH, "evtx-path", "PATH", FOR(COMMAND_TEST),
	 "as evtx-sigma-checker: scan PATH, repeatable, and print a line of JSON for each hit"},
	{OPT_RULE_PATH, "rule-path", "PATH", FOR(COMMAND_TEST),
	 "as evtx-sigma-checker: rules for --evtx-path, repeatable"},
	{OPT_LOG_SOURCE, "log-source", "FILE", FOR(COMMAND_TEST),
	 "as evtx-sigma-checker; only a mapping as --logsources takes it has an effect"},
	{OPT_RULE_LEVEL, "rule-level", "LEVEL", FOR(COMMAND_TEST),
	 "as evtx-sigma-checker: hits of this level and above (default low)"},
	{OPT_COVERAGE, "coverage", NULL, FOR(COMMAND_EXPLAIN),
	 "explain: could each rule have hit in the logs: channel, event id and fields"},
	{OPT_MOST, "most", "N", FOR(COMMAND_EXPLAIN),
	 "explain: print the N events that came closest to a hit (default 20)"},
	{OPT_FROM, "from", "FILE", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: hits, as 'scan -t jsonl' prints them"},
	{OPT_HIT, "hit", "N", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: the hit to silence, by its line"},
	{OPT_CLASS, "class", "CLASS", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: the section (default: the first of the rule's that takes the hit)"},
	{OPT_OWNER, "owner", "OWNER", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: who can be asked (default: CHANGE-ME)"},
	{OPT_EXPIRES, "expires", "DATE", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: its last day (default: 90 days behind the hit)"},
	{OPT_HELP, "help", NULL, ALL_COMMANDS, "print this text"},
	{OPT_VERSION, "version", NULL, ALL_COMMANDS, "print the version"},
};

#define ROW_COUNT (sizeof(option_rows) / sizeof(option_rows[0]))
const size_t option_row_count = ROW_COUNT;

const struct command_row command_rows[COMMAND_COUNT] = {
	[COMMAND_SCAN] = {"scan", "[scan] [OPTIONS] PATH...",
			  "evaluate rules over logs and print the hits (default command)"},
	[COMMAND_DUMP] = {"dump", "dump [OPTIONS] PATH...", "print the records of logs"},
	[COMMAND_VERIFY] = {"verify", "verify [OPTIONS] PATH...",
			    "read logs with both parsers and list every field they differ in"},
	[COMMAND_SYNTH] = {"synth", "synth EVENTS.yml -o OUT.evtx",
			   "make a log from a description of events"},
	[COMMAND_RULES] = {"rules", "rules [list | export FOLDER] [OPTIONS]",
			   "list the rules, or write the built-in ones to a folder"},
	[COMMAND_TEST] = {"test", "test [OPTIONS] PATH...",
			  "run the tests of a rule repository, or of test files"},
	[COMMAND_ALLOWLIST] = {"allowlist", "allowlist init | check FILE | add --from FILE --hit N",
			       "print a commented template, check a list, or propose an entry"},
	[COMMAND_LINT] = {"lint", "lint [OPTIONS] [PATH...]",
			  "check rules (PATH), filters, allowlist and mapping"},
	[COMMAND_EXPLAIN] = {"explain", "explain RULE [PATH...] | explain --coverage PATH...",
			     "how a rule is compiled, and why it hit or did not hit"},
	[COMMAND_COMPLETIONS] = {"completions", "completions bash | zsh | fish",
				 "print the completion script of a shell"},
};

// ---- what arguments may be ------------------------------------------------

static const char *const formats[COMMAND_COUNT] = {
	[COMMAND_SCAN] = "table csv json jsonl", [COMMAND_DUMP] = "jsonl csv xml",
	[COMMAND_VERIFY] = "text jsonl",	 [COMMAND_RULES] = "table jsonl",
	[COMMAND_TEST] = "table tap junit",	 [COMMAND_LINT] = "table jsonl",
	[COMMAND_EXPLAIN] = "table jsonl",
};

const char *const command_words[COMMAND_COUNT] = {
	[COMMAND_RULES] = "list export",
	[COMMAND_ALLOWLIST] = "init check add",
	[COMMAND_COMPLETIONS] = "bash zsh fish",
};

const char *option_values(const struct option_row *row, enum cli_command command)
{
	static const struct {
		const char *argument, *values;
	} known[] = {
		{"LEVEL", "informational low medium high critical"},
		{"READER", "native libevtx"},
		{"CLASS", "secondary_nameservers monitoring_tools assessments external_scanners "
			  "authorised_operators"},
	};

	if (strcmp(row->argument, "FORMAT") == 0)
		return formats[command];
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(row->argument, known[i].argument) == 0)
			return known[i].values;
	}
	return NULL;
}

bool option_takes_path(const struct option_row *row)
{
	return strcmp(row->argument, "PATH") == 0 || strcmp(row->argument, "FILE") == 0;
}

// ---- values -------------------------------------------------------------

static bool take_level(const char *name, const char *text, enum rule_level *out)
{
	if (rule_level_parse(str_from(text), out))
		return true;
	usage_error("--%s: '%s' is no level (informational, low, medium, high, critical)", name,
		    text);
	return false;
}

static bool take_time(const char *name, const char *text, bool end, uint64_t *out)
{
	struct str s = str_from(text);

	if (!tm_parse(s, true, out)) {
		usage_error("--%s: '%s' is no time (2026-11-23 or 2026-11-23T14:00:00Z)", name,
			    text);
		return false;
	}
	if (end && s.len == 10) // a day: through its end
		*out += 86400 * TM_TICKS_PER_SECOND - 1;
	return true;
}

static bool take_format(const char *text, struct cli_options *out)
{
	struct str name = str_from(text);

	if (out->command == COMMAND_DUMP) {
		out->has_format = dump_parse_format(name, &out->dump_format);
		if (!out->has_format)
			usage_error("--format: '%s' is none of jsonl, csv, xml", text);
	} else if (out->command == COMMAND_VERIFY) {
		out->has_format = str_eq(name, STR("jsonl"));
		if (!out->has_format && !str_eq(name, STR("text"))) {
			usage_error("--format: '%s' is neither text nor jsonl", text);
			return false;
		}
		return true;
	} else if (out->command == COMMAND_TEST) {
		out->has_format = report_parse_format(name, &out->report_format);
		if (!out->has_format)
			usage_error("--format: '%s' is none of table, tap, junit", text);
	} else {
		out->has_format = output_parse_format(name, &out->format);
		if (!out->has_format)
			usage_error("--format: '%s' is none of table, csv, json, jsonl", text);
	}
	return out->has_format;
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

static bool take_reader(const char *text, struct cli_options *out)
{
	out->libevtx = strcmp(text, "libevtx") == 0;
	if (out->libevtx || strcmp(text, "native") == 0)
		return true;
	usage_error("--reader: '%s' is neither native nor libevtx", text);
	return false;
}

// Of 'explain' and 'allowlist add'.
static bool take_explain(struct cli_options *out, int code, const char *text)
{
	if (code == OPT_MOST)
		return take_count("most", text, &out->most);
	if (code == OPT_HIT)
		return take_count("hit", text, &out->hit);
	*(code == OPT_CLASS ? &out->class : code == OPT_OWNER ? &out->owner : &out->expires) = text;
	return true;
}

static bool take(struct cli_options *out, int code, const char *text)
{
	switch (code) {
	case OPT_RULES:
		cli_list_add(&out->rules, str_from(text));
		return true;
	case OPT_FILTERS:
		cli_list_add(&out->filters, str_from(text));
		return true;
	case OPT_SOURCE:
		cli_list_add(&out->sources, str_from(text));
		return true;
	case OPT_PLACEHOLDERS:
		cli_list_add(&out->placeholders, str_from(text));
		return true;
	case OPT_ALLOWLIST:
		out->allowlist = text;
		return true;
	case OPT_LOGSOURCES:
		out->logsources = text;
		return true;
	case OPT_OUTPUT:
		out->output = text;
		return true;
	case OPT_KNOWN_FPS:
		out->known_fps = text;
		return true;
	case OPT_LOG_SOURCE:
		out->log_source = text;
		return true;
	case OPT_EVTX_PATH:
		cli_list_add(&out->evtx_paths, str_from(text));
		return true;
	case OPT_RULE_PATH:
		cli_list_add(&out->rule_paths, str_from(text));
		return true;
	case OPT_RULE_LEVEL:
		return take_level("rule-level", text, &out->min_level);
	case OPT_LEDGER:
		out->ledger = text;
		return true;
	case OPT_FORMAT:
		return take_format(text, out);
	case OPT_MIN_LEVEL:
		return take_level("min-level", text, &out->min_level);
	case OPT_FAIL_ON:
		return take_level("fail-on", text, &out->fail_on);
	case OPT_THREADS:
		return take_threads(text, out);
	case OPT_MEMORY:
		return take_memory(text, out);
	case OPT_READER:
		return take_reader(text, out);
	case OPT_FROM:
		out->hits = text;
		if (out->command == COMMAND_ALLOWLIST)
			return true;
		return take_time("from", text, false, &out->from);
	case OPT_TO:
		return take_time("to", text, true, &out->to);
	default:
		break;
	}
	if (code >= OPT_MOST && code <= OPT_EXPIRES)
		return take_explain(out, code, text);
	out->coverage |= code == OPT_COVERAGE;
	out->clobber |= code == OPT_CLOBBER;
	out->strict |= code == OPT_STRICT;
	out->show_suppressed |= code == OPT_SHOW_SUPPRESSED;
	out->quiet |= code == OPT_QUIET;
	out->no_color |= code == OPT_NO_COLOR;
	out->no_index |= code == OPT_NO_INDEX;
	out->no_confirm |= code == OPT_NO_CONFIRM;
	out->help |= code == OPT_HELP;
	out->version |= code == OPT_VERSION;
	out->verbose += code == OPT_VERBOSE;
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

static void build_getopt(struct option *longs, char *shorts)
{
	size_t n = 0;

	shorts[n++] = ':'; // messages are ours
	for (size_t i = 0; i < ROW_COUNT; i++) {
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

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (option_rows[i].code != code)
			continue;
		if ((option_rows[i].commands & FOR(command)) != 0)
			return true;
		name = option_rows[i].name;
	}
	usage_error("--%s does not go with '%s'", name, command_rows[command].name);
	return false;
}

static const struct option_row *find_row(int code)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (option_rows[i].code == code)
			return &option_rows[i];
	}
	return NULL;
}

static size_t count_long(const char *prefix)
{
	size_t len = strcspn(prefix, "=");
	size_t count = 0;

	for (size_t i = 0; i < ROW_COUNT; i++)
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
	struct option longs[ROW_COUNT + 1] = {{0}};
	char shorts[2 * ROW_COUNT + 2];
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

bool options_parse(int argc, char **argv, struct cli_options *out)
{
	int shift = 0;

	memset(out, 0, sizeof(*out));
	out->command = COMMAND_SCAN;
	out->memory = MEMORY_DEFAULT;
	out->most = EVENTS_SHOWN;
	if (argc > 1 && find_command(argv[1]) != COMMAND_COUNT) {
		out->command = find_command(argv[1]);
		shift = 1;
	}
	if (!parse_all(argc - shift, argv + shift, out))
		return false;
	out->args = argv + shift + optind;
	out->arg_count = (size_t)(argc - shift - optind);
	if (out->arg_count > 0 && strcmp(out->args[0], "help") == 0 && shift == 0)
		out->help = true;
	return true;
}

void options_release(struct cli_options *options)
{
	cli_list_release(&options->rules);
	cli_list_release(&options->filters);
	cli_list_release(&options->sources);
	cli_list_release(&options->placeholders);
	cli_list_release(&options->evtx_paths);
	cli_list_release(&options->rule_paths);
}
