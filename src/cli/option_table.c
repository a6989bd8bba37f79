// SPDX-License-Identifier: Apache-2.0
// Options, commands and the help made of them; the man page is checked against
// it by tests/docs.sh.
#include "cli/option_table.h"

#include <stdio.h>

#define RULE_COMMANDS                                                                              \
	(FOR(COMMAND_SCAN) | FOR(COMMAND_RULES) | FOR(COMMAND_LINT) | FOR(COMMAND_EXPLAIN))
#define LOAD_COMMANDS (RULE_COMMANDS | FOR(COMMAND_TEST))
#define FILE_COMMANDS                                                                              \
	(FOR(COMMAND_SCAN) | FOR(COMMAND_DUMP) | FOR(COMMAND_VERIFY) | FOR(COMMAND_SYNTH) |        \
	 FOR(COMMAND_RULES) | FOR(COMMAND_ALLOWLIST) | FOR(COMMAND_TEST) | FOR(COMMAND_LINT) |     \
	 FOR(COMMAND_EXPLAIN) | FOR(COMMAND_METRICS) | FOR(COMMAND_SEARCH) |                       \
	 FOR(COMMAND_COMPLETIONS))
#define LOG_COMMANDS                                                                               \
	(FOR(COMMAND_SCAN) | FOR(COMMAND_DUMP) | FOR(COMMAND_VERIFY) | FOR(COMMAND_EXPLAIN) |      \
	 FOR(COMMAND_METRICS) | FOR(COMMAND_SEARCH))
// Commands that look at records one by one.
#define RECORD_COMMANDS (LOG_COMMANDS & ~FOR(COMMAND_VERIFY))
// Commands that find lost records.
#define CARVE_COMMANDS (FOR(COMMAND_SCAN) | FOR(COMMAND_DUMP) | FOR(COMMAND_SEARCH))
// Commands that run or list the rules of a set.
#define CHOICE_COMMANDS (RULE_COMMANDS & ~FOR(COMMAND_LINT))
#define ALL_COMMANDS (FOR(COMMAND_COUNT) - 1)

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
	 "table, list (all of a hit), csv, json, jsonl, html, navigator, sarif, "
	 "timesketch or ecs "
	 "(default: table on a terminal, else csv)"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_SEARCH),
	 "search: table, list, csv, json or jsonl (default: table on a terminal, else csv)"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_RULES), "rules: table (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_DUMP), "dump: jsonl (default), csv or xml"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_VERIFY), "verify: text (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_TEST),
	 "test: table (default), tap (TAP 13) or junit (XML)"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_LINT), "lint: table (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_EXPLAIN),
	 "explain --coverage: table (default) or jsonl"},
	{OPT_FORMAT, "format", "FORMAT", FOR(COMMAND_METRICS),
	 "metrics: table (default), csv (of one section) or jsonl"},
	{OPT_PROFILE, "profile", "NAME", FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
	 "columns of csv, json, jsonl: minimal, standard, verbose, all-field-info, "
	 "all-field-info-verbose, super-verbose, timesketch-minimal, timesketch-verbose"},
	{OPT_COLUMNS, "columns", "LIST", FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
	 "columns of csv, json, jsonl by name (Timestamp,Computer,AllFieldInfo)"},
	{OPT_OUTPUT, "output", "FILE", FILE_COMMANDS, "write results to FILE"},
	{OPT_CLOBBER, "clobber", NULL, FILE_COMMANDS, "overwrite an existing FILE"},
	{OPT_MIN_LEVEL, "min-level", "LEVEL", CHOICE_COMMANDS | FOR(COMMAND_TEST),
	 "rules of this level and above: informational, low, medium, high, critical"},
	{OPT_PASSWORD_FILE, "password-file", "FILE", LOG_COMMANDS,
	 "passwords of encrypted zip archives, one a line; each is tried"},
	{OPT_KEEP_DUPLICATES, "keep-duplicates", NULL, LOG_COMMANDS,
	 "read a log again that is there twice, byte for byte"},
	{OPT_RECOVER, "recover", NULL, CARVE_COMMANDS,
	 "also find records that are deleted, or in damaged or headerless logs"},
	{OPT_CARVE, "carve", "IMAGE", CARVE_COMMANDS,
	 "find records anywhere in a disk or memory image, or in any file; repeatable"},
	{OPT_STATUS, "status", "LIST", CHOICE_COMMANDS,
	 "rules of these statuses: stable, test, experimental, deprecated, unsupported"},
	{OPT_EXCLUDE_STATUS, "exclude-status", "LIST", CHOICE_COMMANDS,
	 "no rules of these statuses"},
	{OPT_TAG, "tag", "LIST", CHOICE_COMMANDS,
	 "rules with one of these tags (attack.t1059*; * and ? in all such lists)"},
	{OPT_EXCLUDE_TAG, "exclude-tag", "LIST", CHOICE_COMMANDS, "no rules with these tags"},
	{OPT_RULE, "rule", "LIST", CHOICE_COMMANDS, "rules of these ids, names or titles"},
	{OPT_EXCLUDE_RULE, "exclude-rule", "LIST", CHOICE_COMMANDS,
	 "no rules of these ids, names or titles"},
	{OPT_FROM, "from", "TIME", RECORD_COMMANDS,
	 "events at or after TIME (2026-11-23, 2026-11-23T14:00:00Z, 2026-11-23T15:00+01:00)"},
	{OPT_TO, "to", "TIME", RECORD_COMMANDS, "events at or before TIME"},
	{OPT_LAST, "last", "SPAN", RECORD_COMMANDS,
	 "in place of --from: events of the last 90s, 15m, 12h, 30d, 2w, 1M or 1y before --to, or "
	 "before now"},
	{OPT_TIMEZONE, "timezone", "ZONE", RECORD_COMMANDS & ~FOR(COMMAND_DUMP),
	 "zone of times that are shown, and of a TIME that names none: UTC (default), local (this "
	 "machine's), +01:00, Europe/Berlin"},
	{OPT_TIMEZONE, "timezone", "ZONE", FOR(COMMAND_DUMP),
	 "dump: zone of a TIME that names none: UTC (default), local, +01:00, Europe/Berlin; times "
	 "of records stay UTC"},
	{OPT_CHANNEL, "channel", "LIST", RECORD_COMMANDS,
	 "events of these channels, separated by commas (Security, *Sysmon*); repeatable"},
	{OPT_EXCLUDE_CHANNEL, "exclude-channel", "LIST", RECORD_COMMANDS,
	 "no events of these channels"},
	{OPT_EVENT_ID, "event-id", "LIST", RECORD_COMMANDS,
	 "events of these ids (4624,4625 or 4720-4767); repeatable"},
	{OPT_EXCLUDE_EVENT_ID, "exclude-event-id", "LIST", RECORD_COMMANDS,
	 "no events of these ids"},
	{OPT_PROVIDER, "provider", "LIST", RECORD_COMMANDS, "events of these providers"},
	{OPT_EXCLUDE_PROVIDER, "exclude-provider", "LIST", RECORD_COMMANDS,
	 "no events of these providers"},
	{OPT_COMPUTER, "computer", "LIST", RECORD_COMMANDS, "events of these computers"},
	{OPT_EXCLUDE_COMPUTER, "exclude-computer", "LIST", RECORD_COMMANDS,
	 "no events of these computers"},
	{OPT_LEDGER, "ledger", "FILE", FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
	 "write the closing ledger as JSON to FILE"},
	{OPT_STRICT, "strict", NULL, RULE_COMMANDS & ~FOR(COMMAND_LINT),
	 "do nothing when a rule, filter or allowlist entry is refused"},
	{OPT_STRICT, "strict", NULL, FOR(COMMAND_LINT),
	 "lint: exit with status 2 for warnings too"},
	{OPT_FAIL_ON, "fail-on", "LEVEL", FOR(COMMAND_SCAN),
	 "exit with status 1 when a hit has this level or above"},
	{OPT_QUIET, "quiet", NULL, FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
	 "no closing ledger on standard error, only what could not be read"},
	{OPT_QUIET, "quiet", NULL, FOR(COMMAND_VERIFY), "verify: print the closing line only"},
	{OPT_QUIET, "quiet", NULL, FOR(COMMAND_METRICS), "metrics: no closing line"},
	{OPT_VERBOSE, "verbose", NULL, LOAD_COMMANDS & ~FOR(COMMAND_LINT),
	 "print warnings about rules too"},
	{OPT_VERBOSE, "verbose", NULL, FOR(COMMAND_LINT), "lint: print notes too"},
	{OPT_NO_COLOR, "no-color", NULL, FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
	 "no colours (so do the variables NO_COLOR and TERM=dumb)"},
	{OPT_NO_PROGRESS, "no-progress", NULL, RECORD_COMMANDS, "no progress bar on the terminal"},
	{OPT_NO_SANDBOX, "no-sandbox", NULL, LOG_COMMANDS,
	 "keep the right to open files and make sockets while logs are read"},
	{OPT_THREADS, "threads", "N", FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH) | FOR(COMMAND_TEST),
	 "worker threads (default: one for each processor)"},
	{OPT_MEMORY, "memory", "SIZE", FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH) | FOR(COMMAND_TEST),
	 "memory for hits before they go to a temporary file, e.g. 64M (default 256M)"},
	{OPT_READER, "reader", "READER", RECORD_COMMANDS,
	 "native (default) or libevtx, which reads slowly and not all records"},
	{OPT_NO_CONFIRM, "no-confirm", NULL, FOR(COMMAND_SCAN),
	 "do not read the records of hits again with libevtx"},
	{OPT_NO_INDEX, "no-index", NULL, FOR(COMMAND_SCAN) | FOR(COMMAND_SEARCH),
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
	{OPT_KEYWORD, "keyword", "TEXT", FOR(COMMAND_SEARCH),
	 "search: records in which TEXT occurs in any value; repeatable, any of them"},
	{OPT_REGEX, "regex", "RE", FOR(COMMAND_SEARCH),
	 "search: records of which a value fits the regular expression; repeatable"},
	{OPT_IGNORE_CASE, "ignore-case", NULL, FOR(COMMAND_SEARCH),
	 "search: letters of --regex in either case"},
	{OPT_WHERE, "where", "CONDITION", FOR(COMMAND_SEARCH),
	 "search: and a field fits, as in Sigma: 'CommandLine|contains: axfr'; repeatable, all of "
	 "them"},
	{OPT_DETECTION, "detection", "YAML", FOR(COMMAND_SEARCH),
	 "search: records that fit a Sigma detection: '{a: {EventID: 1}, condition: a}'"},
	{OPT_COVERAGE, "coverage", NULL, FOR(COMMAND_SCAN),
	 "say which records were there, and which rules could not have hit, and why"},
	{OPT_COVERAGE, "coverage", NULL, FOR(COMMAND_EXPLAIN),
	 "explain: could each rule have hit in the logs: channel, event id and fields"},
	{OPT_MOST, "most", "N", FOR(COMMAND_EXPLAIN),
	 "explain: print the N events that came closest to a hit (default 20)"},
	{OPT_ONLY, "only", "SECTIONS", FOR(COMMAND_METRICS),
	 "metrics: these sections, separated by commas (channels, events, computers, providers, "
	 "gaps, steps, clears, logons)"},
	{OPT_MOST, "most", "N", FOR(COMMAND_METRICS),
	 "metrics: rows of each section in the table (default 20)"},
	{OPT_FROM, "from", "FILE", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: hits, as 'scan -t jsonl' prints them; - is standard input"},
	{OPT_HIT, "hit", "N", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: the hit to silence, by its line"},
	{OPT_CLASS, "class", "CLASS", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: the section (default: the first of the rule's that takes the hit)"},
	{OPT_OWNER, "owner", "OWNER", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: who can be asked (default: CHANGE-ME)"},
	{OPT_EXPIRES, "expires", "DATE", FOR(COMMAND_ALLOWLIST),
	 "allowlist add: its last day (default: 90 days after the hit)"},
	{OPT_HELP, "help", NULL, ALL_COMMANDS, "print this text"},
	{OPT_VERSION, "version", NULL, ALL_COMMANDS, "print the version"},
};

const size_t option_row_count = sizeof(option_rows) / sizeof(option_rows[0]);

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
	[COMMAND_METRICS] = {"metrics", "metrics [OPTIONS] PATH...",
			     "count events; gaps, time steps, cleared logs, logons"},
	[COMMAND_SEARCH] = {"search", "search [OPTIONS] [TEXT] PATH...",
			    "find records by text, regular expression or fields"},
	[COMMAND_EXPLAIN] = {"explain", "explain RULE [PATH...] | explain --coverage PATH...",
			     "how a rule is compiled, and why it hit or did not hit"},
	[COMMAND_COMPLETIONS] = {"completions", "completions bash | zsh | fish",
				 "print the completion script of a shell"},
};

// ---- help ---------------------------------------------------------------

static void print_option(FILE *stream, const struct option_row *row)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->code < 256 ? '-' : ' ',
		 row->code < 256 ? row->code : ' ', row->code < 256 ? ", " : "  ", row->name,
		 row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
	fprintf(stream, "  %-26s %s\n", left, row->help);
}

// What a PATH of the command is, where it has one.
static void print_path(FILE *stream, enum cli_command command)
{
	static const char logs[] =
		"an exported Windows event log (.evtx), a folder or archive (zip, tar, 7z)\n"
		"with logs, or - for one of these on standard input";
	static const char *const paths[COMMAND_COUNT + 1] = {
		[COMMAND_SCAN] = logs,
		[COMMAND_DUMP] = logs,
		[COMMAND_VERIFY] = logs,
		[COMMAND_METRICS] = logs,
		[COMMAND_EXPLAIN] = logs,
		[COMMAND_SEARCH] = logs,
		[COMMAND_COUNT] = logs,
		[COMMAND_LINT] = "a file of Sigma rules, or a folder with such files",
		[COMMAND_TEST] =
			("a file of tests, or a folder with them or with rules that have\n"
			 "regression_tests_path; with --known-fps a log or folder of logs"),
	};

	if (paths[command] != NULL)
		fprintf(stream, "\nA PATH is %s.\n", paths[command]);
}

void options_help(FILE *stream, enum cli_command command)
{
	fprintf(stream, "Usage:\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (command == COMMAND_COUNT || (int)command == i)
			fprintf(stream, "  evtxscan %-53s %s\n", command_rows[i].usage,
				command_rows[i].help);
	}
	print_path(stream, command);
	fprintf(stream, "\nResults go to standard output, everything else to standard error.\n\n"
			"Options:\n");
	for (size_t i = 0; i < option_row_count; i++) {
		if (command == COMMAND_COUNT || (option_rows[i].commands & FOR(command)) != 0)
			print_option(stream, &option_rows[i]);
	}
	fprintf(stream,
		"\nExit status: 0 done; 1 --fail-on reached, or a test failed; 2 usage, an output\n"
		"that exists, no rule to run, one refused under --strict, or faults that 'lint'\n"
		"found; 3 input not all read, a rule not decided, results not all written, or a\n"
		"difference that 'verify' cannot explain. 1 wins over 3.\n");
}
