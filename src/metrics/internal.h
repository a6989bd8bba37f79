// SPDX-License-Identifier: Apache-2.0
// What the parts of the metrics share. For src/metrics only.
#ifndef METRICS_INTERNAL_H
#define METRICS_INTERNAL_H

#include "metrics/metrics.h"
#include "metrics/rows.h"
#include "metrics/tables.h"

struct tally {
	uint64_t count;
	uint64_t first, last; // earliest and latest time; 0 = none has a time
};

void tally_add(struct tally *tally, uint64_t time);
void tally_merge(struct tally *tally, const struct tally *more);
// More comes first.
int tally_cmp(const struct tally *a, const struct tally *b);

// What an event means beyond being counted.
enum role { ROLE_NONE, ROLE_CLEAR, ROLE_LOGON };

struct kind_key {
	uint32_t channel, provider, event_id;
};

// Events of one channel, provider and id.
struct kind {
	struct kind_key key;
	enum role role;
	struct tally tally;
};

struct place_key {
	uint32_t channel, computer;
};

// A channel of a computer, in whichever files.
struct place {
	struct place_key key;
	struct tally tally;
	uint32_t file; // where it was met last
	uint32_t log;  // its number in the order of that file
};

// In how many files a channel occurs.
struct channel_use {
	uint32_t file; // where it was met last
	uint32_t files;
};

// ---- order.c ------------------------------------------------------------

// Records of a log whose ids follow each other.
struct run {
	uint32_t channel;
	uint32_t log;
	uint64_t first, last; // ids
	uint64_t first_time, last_time;
	uint64_t below; // ids of the channel's runs before this one, when sorted
};

// A place in the file that is being read.
struct log {
	const struct place *place;
	uint64_t records;
	uint64_t holes, missing; // ids
	size_t run;		 // the latest
	const struct run *lowest, *highest;
	const struct run *after, *before; // its first hole, and its last one
};

enum gap_kind {
	GAP_HOLE,      // ids are missing between two records
	GAP_DAMAGE,    // the same, in a file that could not all be read
	GAP_SPARSE,    // holes as an extract has them: one row for all of a log
	GAP_START,     // the first id is not 1
	GAP_SCATTERED, // too many pieces to look at
	GAP_KINDS,
};

struct gap {
	enum gap_kind kind;
	const struct place *place; // NULL: of the whole file
	struct str path;
	uint64_t after, before; // ids with the holes between them; `after` 0 = none
	uint64_t after_time, before_time;
	uint64_t records, holes, missing;
};

// Time went back from one record to the next.
struct step {
	const struct place *place;
	struct str path;
	uint64_t from, to; // ids
	uint64_t from_time, to_time;
};

struct order {
	// of the file
	struct run *runs;
	size_t run_count, run_cap;
	struct log *logs;
	size_t log_count, log_cap;
	bool scattered;
	enum gap_kind hole; // what its holes are
	// of all files
	struct gap *gaps;
	size_t gap_count, gap_cap;
	uint64_t gap_totals[GAP_KINDS], missing[GAP_KINDS];
	struct step *steps;
	size_t step_count, step_cap;
	uint64_t step_total;
};

// A record of a place that was never met before in this file.
void order_begin_log(struct metrics *metrics, struct place *place);
void order_event(struct metrics *metrics, const struct place *place, const struct event *event);
void order_end_file(struct metrics *metrics, bool damaged);
void order_release(struct order *order);

// ---- clears.c -----------------------------------------------------------

struct clear {
	const struct place *place; // where it is recorded
	struct str path;
	uint64_t time, record_id;
	uint32_t event_id;
	uint32_t cleared;      // channel; texts by their numbers
	uint32_t domain, user; // of who did it
};

struct clears {
	struct clear *items;
	size_t count, cap;
	uint64_t total;
};

bool clears_means(struct str provider, uint32_t event_id);
void clears_event(struct metrics *metrics, const struct place *place, const struct event *event);

// ---- logons.c -----------------------------------------------------------

struct logon_key {
	uint32_t domain, user, host, address; // texts
	uint32_t computer;
	uint32_t type; // of the logon, or LOGON_... below
};

// "Types" of what is no logon but says who wanted in.
#define LOGON_EXPLICIT 0x10000u // 4648
#define LOGON_NTLM 0x10001u	// 4776
#define LOGON_KERBEROS 0x10002u // 4768, 4771
#define LOGON_TYPELESS 0x10003u // a logon event without its type

struct reason {
	struct reason *next;
	uint64_t count;
	uint32_t status;
};

struct logon {
	struct logon_key key;
	struct tally tally;
	uint64_t successes, failures, uses;
	struct reason *reasons; // of the failures
};

bool logons_mean(struct str provider, uint32_t event_id);
void logons_event(struct metrics *metrics, const struct place *place, const struct event *event);

// ---- all ----------------------------------------------------------------

struct metrics {
	unsigned sections;
	const struct zone *zone;
	struct names channels, providers, computers;
	struct names texts; // accounts, hosts, addresses, cleared channels
	struct cells kinds, places, logons;
	struct channel_use *uses; // by number of the channel
	size_t use_count, use_cap;
	struct str path; // of the current file
	uint32_t file;	 // its number, from 1
	uint64_t events;
	struct order order;
	struct clears clears;
	uint64_t logon_failures, logon_successes; // 4625, 4624
};

// The names of a place; "" for NULL.
struct str place_channel(const struct metrics *metrics, const struct place *place);
struct str place_computer(const struct metrics *metrics, const struct place *place);
// "domain\user", or what there is of it.
struct str account_text(const struct metrics *metrics, struct arena *arena, uint32_t domain,
			uint32_t user);
// The number of a field's text; of "" when there is none or it is "-".
uint32_t text_number(struct metrics *metrics, const struct event *event, const struct field *field);

#endif
