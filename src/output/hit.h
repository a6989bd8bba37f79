// SPDX-License-Identifier: Apache-2.0
// A hit as it is printed: plain data, without knowledge of rules or readers.
//
// All slices are UTF-8 text from rules and logs, unescaped and hostile; they
// belong to whoever made the hit and must stay good while it is printed.
#ifndef OUTPUT_HIT_H
#define OUTPUT_HIT_H

#include "base/str.h"

struct hit_pair {
	struct str name;
	struct str value;
};

// One condition that held: MatchedOn.
struct hit_match {
	struct str selection; // name in the rule, "" for keywords outside one
	struct str field;     // as the rule names it, "" for keywords
	struct str value;     // what the event holds
	struct str pattern;   // what the rule asked for, as written
};

// A field of the record.
struct hit_field {
	struct str name; // as rules write it
	struct str path; // below Event: "System/Provider@Name" (event.h)
	struct str value;
};

// A record that contributed to a correlation.
struct hit_record {
	uint64_t time;
	struct str rule_id;
	struct str computer;
	struct str channel;
	uint64_t record_id;
	struct str file;
	bool recovered;
};

// What a hit brings besides the ordinary, when a column or format needs it.
enum output_need {
	NEED_HASH = 1,	 // hash of the log
	NEED_FACTS = 2,	 // what an allowlist may look at
	NEED_FIELDS = 4, // all fields of the record
	NEED_XML = 8,	 // and what stands between them as XML
};

// A named list: the classes of the allowlist that may silence the hit
// ("Classes"), or the values of a fact that the allowlist may look at.
struct hit_list {
	struct str name;
	const struct str *values;
	size_t count;
};

enum hit_confirmed {
	CONFIRMED_OFF,
	CONFIRMED_YES,
	CONFIRMED_DIFFERS,
	CONFIRMED_UNREADABLE,
	// The record, or one of a correlation, is no live one: nothing vouches for it.
	CONFIRMED_RECOVERED,
};

// Only of correlations.
struct hit_correlation {
	struct str type; // "event_count", ...
	const struct hit_pair *group;
	size_t group_count;
	double value; // aggregate over the window
	uint64_t first, trigger, last;
	const struct str *values; // distinct values of value_count, capped
	size_t value_count;
	uint64_t value_total;
	const struct hit_record *records; // contributing, capped
	size_t record_count;
	uint64_t record_total;
};

struct hit {
	uint64_t time; // ticks; 0 = the record has none
	struct str rule_title, rule_id, rule_file;
	struct str rule_description, rule_author, rule_status, rule_date, rule_modified;
	const struct str *references, *falsepositives; // of the rule
	size_t reference_count, falsepositive_count;
	struct str level; // "high"; "" = the rule sets none
	int risk_score;	  // 0 to 100; -1 = the rule sets none
	const struct str *tags;
	size_t tag_count;
	struct str computer, channel, provider;
	uint32_t event_id;
	uint64_t record_id;
	const struct hit_pair *details;
	size_t detail_count;
	struct str evtx_file;
	size_t file; // index of that file in the scan's input
	enum hit_confirmed confirmed;
	struct str suppressed_by; // "filter: TITLE", "SECTION: NAME" of the allowlist;
				  // "" = not suppressed

	// Evidence
	struct str file_sha256; // lower-case hex
	bool has_position;	// the reader knows chunk and offset
	uint64_t chunk, offset;
	uint64_t header_id;
	bool recovered;
	struct str recovered_from; // in words, "" unless recovered and a hit's own record
	struct str source_view;	   // which view of the log source matched
	const struct hit_match *matches;
	size_t match_count;
	const struct hit_list *allow_facts; // of rules with allowlist classes
	size_t allow_fact_count;
	const struct hit_pair *attributes; // the rule's own custom attributes
	size_t attribute_count;
	const struct hit_correlation *correlation; // NULL for single events

	// All fields of the record, in its order, when they were asked for
	// (NEED_FIELDS); and, for NEED_XML, the field_count + 1
	// texts that stand before, between and behind their escaped values in its
	// XML, else NULL.
	const struct hit_field *fields;
	size_t field_count;
	const struct str *xml;
};

#endif
