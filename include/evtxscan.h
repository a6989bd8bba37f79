// SPDX-License-Identifier: Apache-2.0
// libevtxscan: Sigma rules over exported Windows event logs, from a program.
//
//	struct evtxscan_rules *rules = evtxscan_rules_new(on_diagnostic, NULL);
//	struct evtxscan_scan *scan;
//
//	evtxscan_rules_add_builtin(rules);
//	evtxscan_rules_finish(rules);
//	scan = evtxscan_scan_new(rules, NULL);
//	evtxscan_scan_run(scan, paths, count, on_hit, NULL);
//	evtxscan_scan_free(scan);
//	evtxscan_rules_free(rules);
//
// The library prints nothing, ends nothing, and leaves signals, locale,
// environment and standard streams alone. Logs and rules may be hostile: what
// they can make it allocate is bounded, and every text of a hit or diagnostic is
// handed out as it came, unescaped: escape it before it reaches a terminal, a
// page or a table. (evtxscan_hit_json() and evtxscan_scan_account() have done so
// for JSON.)
//
// Ownership: objects from a `_new` function are freed with their `_free`
// function, which accepts NULL. Everything else that comes out of the library
// belongs to it, and each declaration says how long it is good. What goes in is
// copied, unless a declaration says otherwise.
//
// Threads: rules that are finished never change; any number of scans may use
// them, on any threads, at the same time. Any other object is for one thread at
// a time; different objects do not touch each other. A callback runs on the
// thread whose call led to it. It must return to the library (no longjmp(), no
// C++ exception) and must not free or use the object that called it, but for
// what it was handed.
//
// Memory: when it is exhausted, the library calls abort(), or what
// evtxscan_on_out_of_memory() says. There is no way on: a scan that went on
// without a part of its hits would say less than the truth.
//
// Compatibility: functions, enumerators and members may be added at the end.
// Anything else that changes gives the shared library another number.
#ifndef EVTXSCAN_H
#define EVTXSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVTXSCAN_VERSION "0.1.0"

#if defined(__GNUC__)
#define EVTXSCAN_API __attribute__((visibility("default")))
#else
#define EVTXSCAN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// The version of the library that runs, as EVTXSCAN_VERSION is that of this
// header. Static.
EVTXSCAN_API const char *evtxscan_version(void);

// What happens instead of abort() when `size` bytes (0: it is not known how many)
// cannot be had: on the thread that wants them, which must not come back. It may
// write a message and call _exit(). NULL: abort() again. For the whole process, to
// be called while nothing else of the library is. libarchive, which reads archives,
// may call exit(1) by itself.
typedef void evtxscan_out_of_memory_fn(size_t size);
EVTXSCAN_API void evtxscan_on_out_of_memory(evtxscan_out_of_memory_fn *fn);

// A run of bytes, mostly UTF-8. It may hold NUL bytes, and none needs to stand
// behind it. `ptr` may be NULL only when `len` is 0.
struct evtxscan_str {
	const char *ptr;
	size_t len;
};

// What became of a call.
enum evtxscan_result {
	EVTXSCAN_OK = 0,
	// Done, but part of it was refused, could not be read or was lost: the
	// diagnostics, or the account of the scan, name it. The rest counts.
	EVTXSCAN_PARTIAL = 1,
	// Nothing was done; a diagnostic says why.
	EVTXSCAN_FAILED = 2,
	// The callback did not want more hits.
	EVTXSCAN_STOPPED = 3,
	// A call out of order. Nothing was done, and nobody was told.
	EVTXSCAN_MISUSE = 4,
};

// ---- rules ----------------------------------------------------------------

// What is looked for, and what is expected: rules, correlations and filters of
// Sigma 2.1, and an allowlist. New ones are empty; they are filled, finished
// once, and then used by scans, which they must outlive.
struct evtxscan_rules;

enum evtxscan_severity { EVTXSCAN_NOTE = 0, EVTXSCAN_WARNING = 1, EVTXSCAN_ERROR = 2 };

// What is wrong with a rule, another file, or a path. What an error is about has
// been refused: a document, an entry of the allowlist, a file (code E_FILE).
struct evtxscan_diagnostic {
	enum evtxscan_severity severity;
	const char *code;	  // "E_COND_SYNTAX"; static
	struct evtxscan_str path; // as it was given, below folders as found
	unsigned line, column;	  // from 1, in code points; 0 = the file as a whole
	struct evtxscan_str message;
	struct evtxscan_str hint; // may be empty
};

// Gets each diagnostic once, during the call that found it. `diagnostic` is good
// until the callback returns.
typedef void evtxscan_diagnostic_fn(const struct evtxscan_diagnostic *diagnostic, void *data);

// No rules yet. `fn` may be NULL; `data` is handed to it.
EVTXSCAN_API struct evtxscan_rules *evtxscan_rules_new(evtxscan_diagnostic_fn *fn, void *data);
EVTXSCAN_API void evtxscan_rules_free(struct evtxscan_rules *rules);

// Add the built-in pack for T1596.001; its files are called "builtin:...".
EVTXSCAN_API enum evtxscan_result evtxscan_rules_add_builtin(struct evtxscan_rules *rules);

// Add a file, or each *.yml and *.yaml below a folder, in byte order of the
// paths: rules, correlations and filters in any mixture. EVTXSCAN_FAILED when
// nothing was found.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_add_path(struct evtxscan_rules *rules,
							  const char *path);

// The same for the text of one file, of at most 16 MiB. `name` stands for the
// path in diagnostics and hits.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_add_text(struct evtxscan_rules *rules,
							  const char *name, const char *text,
							  size_t len);

// Add values for %placeholders%: a YAML file that maps names to values. Only
// rules added afterwards can use them.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_add_placeholders(struct evtxscan_rules *rules,
								  const char *path);

// Use another log-source mapping than the built-in one. It is read by
// evtxscan_rules_finish(). EVTXSCAN_MISUSE when there is one already.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_set_logsources(struct evtxscan_rules *rules,
								const char *path);

enum evtxscan_level {
	EVTXSCAN_LEVEL_UNSET = 0,
	EVTXSCAN_LEVEL_INFORMATIONAL = 1,
	EVTXSCAN_LEVEL_LOW = 2,
	EVTXSCAN_LEVEL_MEDIUM = 3,
	EVTXSCAN_LEVEL_HIGH = 4,
	EVTXSCAN_LEVEL_CRITICAL = 5,
};

// Report only rules of this level and above; correlations count the others all
// the same. EVTXSCAN_MISUSE for what is no level.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_set_min_level(struct evtxscan_rules *rules,
							       enum evtxscan_level level);

// Switch on a view of the mapping that is off by default; "all" = every one. An
// id that does not exist makes evtxscan_rules_finish() fail.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_enable_source(struct evtxscan_rules *rules,
							       const char *id);

// Set the allowlist, from a file or from the text of one. Entries that would
// blind a rule are refused. EVTXSCAN_MISUSE when there is one already.
EVTXSCAN_API enum evtxscan_result evtxscan_rules_set_allowlist(struct evtxscan_rules *rules,
							       const char *path);
EVTXSCAN_API enum evtxscan_result evtxscan_rules_set_allowlist_text(struct evtxscan_rules *rules,
								    const char *name,
								    const char *text, size_t len);

// Resolve references, place rules on log sources, attach filters. Afterwards
// nothing can be added (EVTXSCAN_MISUSE). EVTXSCAN_FAILED when the mapping cannot
// be used; the rules are then good for nothing but evtxscan_rules_free().
EVTXSCAN_API enum evtxscan_result evtxscan_rules_finish(struct evtxscan_rules *rules);

// ---- scans ----------------------------------------------------------------

// One run of rules over logs.
struct evtxscan_scan;
struct evtxscan_hit;

// Zero everywhere is the default. Members may be added at the end: `size` says
// which the caller knows; the others are zero.
//
//	struct evtxscan_options options = {.size = sizeof(options)};
struct evtxscan_options {
	size_t size; // of this struct, in bytes
	// Times of events, both included, as FILETIME: units of 100 ns since
	// 1601-01-01T00:00:00Z; `to` 0 = no end.
	uint64_t from, to;
	// Bytes of hits kept before they go to a temporary file without a name, as
	// tmpfile() makes them; at least 1 MiB, 0 = 256 MiB. What correlations count
	// is kept besides: up to 1 GiB, or to this if it is more. A rule with more
	// hits than half of that holds costs its correlations; the scan is then not
	// complete.
	uint64_t memory;
	unsigned threads;     // at most 256; 0 = one for each processor
	bool show_suppressed; // hand out silenced hits, too
	bool no_confirm;      // do not read the records of hits again with libevtx
	bool no_index;	      // evaluate every candidate rule on every event: slow, same hits
	bool no_hash;	      // do not hash logs with hits; their SHA-256 is then empty
	bool keep_duplicates; // read logs that are there twice, byte for byte, twice
};

// Gets each hit in order of time, computer, channel, record id, file and rule.
// `hit`, and all that its getters give, is good until the callback returns.
// Anything but 0 stops the run.
typedef int evtxscan_hit_fn(struct evtxscan_hit *hit, void *data);

// A scan with these rules, which must be finished and outlive it. `options` may
// be NULL. NULL when the rules are not finished, or an option has a value that it
// cannot have.
EVTXSCAN_API struct evtxscan_scan *evtxscan_scan_new(const struct evtxscan_rules *rules,
						     const struct evtxscan_options *options);
EVTXSCAN_API void evtxscan_scan_free(struct evtxscan_scan *scan);

// Try a password (of at most 1,024 bytes) on encrypted zip archives, with those
// that were added before. EVTXSCAN_MISUSE for more than 100, and once the scan ran.
EVTXSCAN_API enum evtxscan_result evtxscan_scan_add_password(struct evtxscan_scan *scan,
							     const char *password);

// Read all logs, then hand out the hits. Each path is a log, an archive (zip, tar,
// 7z, or a single compressed log), or a folder, which is searched for both to the
// bottom; the same hits come for any order of them. `fn`
// may be NULL: the account is made all the same. Once for a scan, else
// EVTXSCAN_MISUSE. EVTXSCAN_PARTIAL when a log could not be read, or not all of
// it, or hits were lost. EVTXSCAN_STOPPED wins over that.
EVTXSCAN_API enum evtxscan_result evtxscan_scan_run(struct evtxscan_scan *scan,
						    const char *const *paths, size_t count,
						    evtxscan_hit_fn *fn, void *data);

// Ask the run to end soon, with the hits that were found so far; what was not read is
// in the account, and the run EVTXSCAN_PARTIAL. From any thread or signal handler, as
// long as the scan is not freed; before the run, too.
EVTXSCAN_API void evtxscan_scan_stop(struct evtxscan_scan *scan);

struct evtxscan_totals {
	bool complete; // all was read, no regular expression gave up, and no hit was lost
	uint64_t files, files_partial, files_unreadable;
	uint64_t bytes;			  // of the files, as far as they were reached
	uint64_t records, records_failed; // read, and lost
	uint64_t rules, rules_refused;	  // correlations and filters included
	uint64_t hits, suppressed;	  // suppressed ones are not among the hits
	uint64_t files_duplicate;	  // not read again; not among the files
};

// NULL before evtxscan_scan_run(); good until the scan is freed. They count the
// whole scan, also when the callback stopped the hand-out.
EVTXSCAN_API const struct evtxscan_totals *evtxscan_scan_totals(const struct evtxscan_scan *scan);

// The account of every file, rule and suppression, one JSON object and a line
// end, as `evtxscan --ledger` writes it. Empty before evtxscan_scan_run(); good
// until the scan is freed.
EVTXSCAN_API struct evtxscan_str evtxscan_scan_account(struct evtxscan_scan *scan);

// ---- hits -----------------------------------------------------------------

// The hit as one line of JSON, with its line end: the bytes of `evtxscan -t
// jsonl`. It holds more than the getters below: values that the allowlist looks
// at, attributes of the rule, and for an alert what it counted.
EVTXSCAN_API struct evtxscan_str evtxscan_hit_json(struct evtxscan_hit *hit);

// Of the rule: texts are empty where it has none.
EVTXSCAN_API struct evtxscan_str evtxscan_hit_rule_title(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_rule_id(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_rule_file(const struct evtxscan_hit *hit);
EVTXSCAN_API enum evtxscan_level evtxscan_hit_level(const struct evtxscan_hit *hit);
EVTXSCAN_API int evtxscan_hit_risk_score(const struct evtxscan_hit *hit); // 0 to 100; -1 = none
EVTXSCAN_API size_t evtxscan_hit_tag_count(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_tag(const struct evtxscan_hit *hit, size_t index);

// True for an alert of a correlation. It stands for several records: what is
// said of "the event" below is the one that triggered it, or empty and 0.
EVTXSCAN_API bool evtxscan_hit_is_alert(const struct evtxscan_hit *hit);

// Of the event. Its time as FILETIME (0 = none), and as ISO 8601 in UTC with seven
// digits, "2026-11-23T14:18:52.1234567Z" (empty = none).
EVTXSCAN_API uint64_t evtxscan_hit_time(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_time_text(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_computer(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_channel(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_provider(const struct evtxscan_hit *hit);
EVTXSCAN_API uint32_t evtxscan_hit_event_id(const struct evtxscan_hit *hit);
EVTXSCAN_API uint64_t evtxscan_hit_record_id(const struct evtxscan_hit *hit); // EventRecordID

// What the rule matched on and its `fields:`; of an alert its group. A name may
// occur more than once. Empty behind the last one.
struct evtxscan_pair {
	struct evtxscan_str name, value;
};
EVTXSCAN_API size_t evtxscan_hit_detail_count(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_pair evtxscan_hit_detail(const struct evtxscan_hit *hit, size_t index);

// The conditions of the rule that held. Empty behind the last one.
struct evtxscan_match {
	struct evtxscan_str selection; // its name in the rule; empty for keywords outside one
	struct evtxscan_str field;     // as the rule names it; empty for keywords
	struct evtxscan_str value;     // what the event holds
	struct evtxscan_str pattern;   // what the rule asks for
};
EVTXSCAN_API size_t evtxscan_hit_match_count(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_match evtxscan_hit_match(const struct evtxscan_hit *hit, size_t index);

// Evidence: the log, its SHA-256 in lower-case hexadecimal (empty when it was not
// hashed), and where in it the record is. evtxscan_hit_position() is false when
// the place is not known: of an alert without a record, or after libevtx had to
// step in. `chunk` is its number, `offset` the byte in the log.
EVTXSCAN_API struct evtxscan_str evtxscan_hit_evtx_file(const struct evtxscan_hit *hit);
EVTXSCAN_API struct evtxscan_str evtxscan_hit_sha256(const struct evtxscan_hit *hit);
EVTXSCAN_API bool evtxscan_hit_position(const struct evtxscan_hit *hit, uint64_t *chunk,
					uint64_t *offset);

// Whether the rule hits again when libevtx reads the record, or the records of an
// alert.
enum evtxscan_confirmed {
	EVTXSCAN_CONFIRMED_OFF = 0, // not asked for
	EVTXSCAN_CONFIRMED_YES = 1,
	EVTXSCAN_CONFIRMED_DIFFERS = 2,
	EVTXSCAN_CONFIRMED_UNREADABLE = 3, // libevtx could not read the record
	EVTXSCAN_CONFIRMED_RECOVERED = 4,  // no live record; scans by this library read none
};
EVTXSCAN_API enum evtxscan_confirmed evtxscan_hit_confirmed(const struct evtxscan_hit *hit);

// Who silenced it: "secondary_nameservers: ns2"; empty = nobody. Only with
// `show_suppressed` can it be anything else.
EVTXSCAN_API struct evtxscan_str evtxscan_hit_suppressed_by(const struct evtxscan_hit *hit);

#ifdef __cplusplus
}
#endif

#endif
