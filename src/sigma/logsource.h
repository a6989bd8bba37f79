// SPDX-License-Identifier: Apache-2.0
// Log sources: how Sigma's categories and services map onto EVTX records.
//
// The mapping is data (rules/logsources.yml, whose head explains the format;
// sigma-engine.md 6). It is read once, then read-only, and lives in the arena
// given at loading.
#ifndef SIGMA_LOGSOURCE_H
#define SIGMA_LOGSOURCE_H

#include "base/map.h"
#include "sigma/rule.h"

enum transform_kind {
	TRANSFORM_NONE,
	TRANSFORM_VALUES, // a table in the file: value -> value
	TRANSFORM_HEX_TO_DEC,
	TRANSFORM_REG_PATH,
	TRANSFORM_LOGON_PICK, // acts on the list of names, see field_source
	TRANSFORM_HASH_PART,
	TRANSFORM_REGISTERED_DOMAIN,
	TRANSFORM_SUBDOMAIN,
	TRANSFORM_DNS_NAME,
	TRANSFORM_IP_ADDRESS,
	TRANSFORM_DNS_TYPE,
	TRANSFORM_NAME_ERROR,
	TRANSFORM_SID,
	TRANSFORM_ACCOUNT,
};

struct transform_value {
	struct str from, to;
};

struct transform {
	enum transform_kind kind;
	struct str part; // TRANSFORM_HASH_PART: "SHA256"
	const struct transform_value *values;
	size_t value_count;
};

enum field_source_kind {
	SOURCE_FROM,	  // the first of `names` that has a (non-empty) result
	SOURCE_JOIN,	  // the first values of all names, joined; missing ones skipped
	SOURCE_JOIN_PICK, // the first pair whose second member is present and not "-"
};

// How a field is obtained from the record's own fields.
struct field_source {
	enum field_source_kind kind;
	struct str *names;	      // SOURCE_JOIN_PICK: pairs, flattened
	struct transform *transforms; // SOURCE_JOIN: one per name
	size_t count;
	struct transform transform; // of the result
	struct str separator;
	bool keep_raw; // the untransformed value is visible as well
};

struct named_source {
	struct str name;
	struct field_source source;
	// Restriction to records; only derived fields have one.
	struct str *channels;
	size_t channel_count;
	uint32_t *event_ids;
	size_t event_id_count;
};

struct view_condition {
	struct str field;
	struct str *values;
	size_t count;
};

// One way in which records serve a log source.
struct view {
	struct str id;	      // "sysmon-1", "security"
	size_t field_map;     // equal number = equal field names; 0 = no renames
	bool any_record;      // every record (product: windows alone)
	bool opt_in;	      // off unless asked for
	bool trace_only;      // in ETW traces, never in an event log
	struct str *channels; // ASCII case-insensitive; trailing '*' = prefix
	size_t channel_count;
	uint32_t *event_ids; // none = all
	size_t event_id_count;
	struct str *providers; // required ones; none = any
	size_t provider_count;
	struct view_condition *when;
	size_t when_count;
	struct named_source *fields;
	size_t field_count;
	struct str *hidden; // own fields that must not be visible
	size_t hidden_count;
	struct str *absent; // rule fields that such records never have
	size_t absent_count;
	const struct view *also; // must accept the record too (category + service)
};

struct positional_fields {
	struct str provider;
	uint32_t *event_ids;
	size_t event_id_count;
	struct str *names;
	size_t name_count;
};

// All fields that events of these kinds can have, over all their versions.
struct event_fields {
	struct str *channels;
	size_t channel_count;
	uint32_t *event_ids;
	size_t event_id_count;
	struct str *names;
	size_t name_count;
};

struct field_alias {
	struct str name, target;
};

struct logsources {
	struct arena *arena;
	struct map categories; // lower-case name -> struct source_entry
	struct map services;
	struct map others; // "product/service" of products that write EVTX
	struct named_source *derived;
	size_t derived_count;
	struct positional_fields *positional;
	size_t positional_count;
	struct event_fields *known; // for checks only; nothing is resolved by it
	size_t known_count;
	struct field_alias *aliases;
	size_t alias_count;
	size_t field_maps; // numbers in use, 0 included
	const struct view *any_view;
};

// Parse the file's text. `opt_in` names views that are off by default and
// shall be on ("all" = every one). False when errors were added to `diags`.
bool logsources_parse(struct arena *arena, struct str path, struct str text,
		      const struct str *opt_in, size_t opt_in_count, struct logsources *out,
		      struct diag_list *diags);
void logsources_release(struct logsources *sources);

// The views of a rule's log source. An empty result with *reason set (static
// or arena text): the source is not of Windows, or not in the mapping.
const struct view **logsources_place(struct logsources *sources, const struct logsource *wanted,
				     size_t *count, struct str *reason);

// The views of the log source that are off unless asked for, in the arena of
// `sources`.
const struct view **logsources_optional(const struct logsources *sources,
					const struct logsource *wanted, size_t *count);

// Does a record of this channel, event id and provider belong to the view?
// `when` conditions are not looked at.
bool view_accepts(const struct view *view, struct str channel, uint32_t event_id,
		  struct str provider);
// Does `channel` equal a name of the list (trailing '*' = prefix)?
bool channel_listed(const struct str *channels, size_t count, struct str channel);

#endif
