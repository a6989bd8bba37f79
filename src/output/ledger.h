// SPDX-License-Identifier: Apache-2.0
// The closing account: every file, record, rule and suppression of a scan.
//
// Plain data that the scan fills, at the end or as it goes, from one thread.
// The ledger_add_ calls give a zeroed entry, good until the next one of its
// list; texts are not copied unless a call says so: whoever fills them in takes
// care that they live as long as the ledger, for instance through
// ledger_text(). After the last change ledger_close() sums up; then it can be
// printed, as text for people and as JSON with everything.
#ifndef OUTPUT_LEDGER_H
#define OUTPUT_LEDGER_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "output/file_facts.h"

// How many reasons for lost records are kept for a file; the first ones.
#define LEDGER_REASONS 5

enum ledger_state {
	LEDGER_COMPLETE,
	LEDGER_PARTIAL,
	LEDGER_UNREADABLE,
	LEDGER_DUPLICATE, // not read: `status` names the file of equal bytes
};

// Why records were lost, and how many for this reason.
struct ledger_reason {
	struct str text;
	uint64_t count;
};

struct ledger_file {
	struct str path;
	struct str sha256; // lower-case hex; "" when it was not computed
	uint64_t size;	   // bytes
	uint64_t unread;   // of them, which an interrupted scan did not reach
	uint64_t chunks, chunks_failed;
	uint64_t records;   // read, recovered and fallback ones included
	uint64_t recovered; // of them carved
	uint64_t fallback;  // of them read with libevtx, where the native reader failed
	uint64_t failed;    // lost
	struct ledger_reason reasons[LEDGER_REASONS];
	size_t reason_count;
	enum ledger_state state;
	struct str status;		// one sentence, "" when there is nothing to say
	const struct file_facts *facts; // NULL: it was not held against itself, or is no log
};

// An archive in which files were found.
struct ledger_archive {
	struct str path;
	struct str sha256; // as of files
	uint64_t size;
};

// A name and how often.
struct ledger_count {
	struct str name;
	uint64_t count;
};

// Counts in order of appearance.
struct ledger_counts {
	struct ledger_count *items;
	size_t count, cap;
	struct map index;
};

// A name and a sentence about it.
struct ledger_note {
	struct str name, text;
};

struct ledger_notes {
	struct ledger_note *items;
	size_t count, cap;
};

// An entry of the allowlist.
struct ledger_allow {
	struct str name, section, owner;
	uint64_t silenced;
	uint64_t after_expiry; // would have been silenced, had it not expired
};

struct ledger_rule_hits {
	struct str id, title, level;
	uint64_t hits, suppressed;
};

// Coverage: records of one kind, and how many rules look at such.
struct ledger_kind {
	struct str channel, provider;
	uint32_t event_id;
	uint64_t records, rules;
};

// Coverage: what became of a rule.
struct ledger_cover {
	struct str id, title, level, file;
	struct str status;  // "fired", "could have fired", "no such channel", ...
	struct str missing; // what it lacked: channels, event ids, fields; or ""
	uint64_t hits;	    // suppressed ones not among them
	bool could_fire;    // it did, or nothing that it needs was missing
};

// What -x and --carve found.
struct ledger_recovery {
	bool was_asked;		     // for; else there is nothing to say
	uint64_t beginnings;	     // places that begin like a record and are no live one
	uint64_t trusted;	     // of them records that passed all checks
	uint64_t live, again;	     // of these: live too, found before
	uint64_t lent;		     // of those that were told: with a template from elsewhere
	uint64_t foreign;	     // or from another log
	uint64_t chunks;	     // in images
	uint64_t hits;		     // on recovered records
	struct ledger_counts doubts; // why the others are not trusted
};

struct ledger_totals {
	uint64_t files; // without duplicates
	uint64_t partial, unreadable, duplicates;
	uint64_t bytes; // of these files, but for what an interrupted scan did not reach
	uint64_t chunks, chunks_failed;
	uint64_t records, recovered, fallback, failed;
};

struct ledger {
	struct arena arena;
	struct str version; // of the program

	struct ledger_file *files;
	size_t file_count, file_cap;
	struct ledger_totals totals; // made by ledger_close()
	struct ledger_archive *archives;
	size_t archive_count, archive_cap;

	uint64_t rules, correlations, filters; // loaded and in use
	uint64_t unused;		       // loaded, but not chosen
	struct str choice;		       // of records, in words; "" = all
	struct str shown_choice;	       // for people: its times are of their zone
	uint64_t timeless;		       // not chosen because their time cannot be read
	struct ledger_notes refused;	       // rule and reason
	struct ledger_notes unplaced;	       // rule and its log source, which no view covers

	uint64_t hits, suppressed;		  // suppressed ones are not among the hits
	uint64_t confirmed, differs, unconfirmed; // unconfirmed: libevtx could not read it
	struct ledger_counts levels;
	struct ledger_rule_hits *rule_hits;
	size_t rule_hit_count, rule_hit_cap;

	struct ledger_allow *allow;
	size_t allow_count, allow_cap;
	struct ledger_notes allow_refused; // entry and reason
	struct ledger_counts filter_hits;  // hits that each Sigma filter silenced

	struct ledger_counts regex_limits; // rule: values on which an expression gave up
	struct ledger_counts no_group;	   // correlation: base hits without its group field
	struct ledger_counts too_many;	   // correlation: hits it did not look at

	struct ledger_recovery recovery;

	bool has_coverage;
	struct ledger_kind *kinds; // by channel, provider, event id
	size_t kind_count, kind_cap;
	uint64_t other_kinds;	    // records of kinds that are not listed any more
	struct ledger_cover *cover; // in order of the rules
	size_t cover_count, cover_cap;

	struct ledger_notes warnings; // anything else; the name may be empty
	bool interrupted;	      // by the user; the account is of what was read
	bool complete;		      // made by ledger_close(); it may be cleared afterwards
};

void ledger_init(struct ledger *ledger, struct str version);
void ledger_release(struct ledger *ledger);
// A copy that lives as long as the ledger.
struct str ledger_text(struct ledger *ledger, struct str text);

struct ledger_file *ledger_add_file(struct ledger *ledger);
struct ledger_archive *ledger_add_archive(struct ledger *ledger);
struct ledger_allow *ledger_add_allow(struct ledger *ledger);
struct ledger_rule_hits *ledger_add_rule_hits(struct ledger *ledger);
struct ledger_kind *ledger_add_kind(struct ledger *ledger);
struct ledger_cover *ledger_add_cover(struct ledger *ledger);
// Count `count` lost records of a file; `reason` is copied when it is new and
// one of the first, and counted when it is known.
void ledger_lose(struct ledger *ledger, struct ledger_file *file, uint64_t count,
		 struct str reason);
// Append a note; both texts are copied.
void ledger_note(struct ledger *ledger, struct ledger_notes *notes, struct str name,
		 struct str text);
// Add to the count of `name`, which is copied when it is new. Adding 0 lists it.
void ledger_count(struct ledger *ledger, struct ledger_counts *counts, struct str name,
		  uint64_t more);

// Sum up the files. The scan is complete when every file was read completely, no chunk
// or record was lost, and every rule and correlation was decided.
void ledger_close(struct ledger *ledger);

// For people, on standard error: a few lines when all is well, otherwise every
// list up to 20 entries. No control sequence of a log or path survives.
void ledger_put_text(const struct ledger *ledger, struct buf *out);
// The same of a search: what was read, and how many records were found.
void ledger_put_search(const struct ledger *ledger, struct buf *out);
// Parts of it: what was read, in one line; what there is to say of a file, in lines.
void ledger_put_input(const struct ledger *ledger, struct buf *out);
void ledger_put_recovery(const struct ledger *ledger, struct buf *out);
void ledger_put_file(const struct ledger_file *file, struct buf *out);
// Is there something to say?
bool ledger_file_is_notable(const struct ledger_file *file);
// All of it as one JSON object and a line end. RC_FATAL when writing or
// flushing failed.
enum rc ledger_write_json(const struct ledger *ledger, FILE *stream, struct err *err) MUST_USE;

#endif
