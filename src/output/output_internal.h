// SPDX-License-Identifier: Apache-2.0
// What a format brings, and what the formats share. For src/output only.
#ifndef OUTPUT_OUTPUT_INTERNAL_H
#define OUTPUT_OUTPUT_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "output/json.h"
#include "output/output.h"

// What a format works with: it appends to `text`, which goes to the stream
// after each call.
struct output_state {
	struct output_options options; // width and columns are set
	struct buf text;
	struct arena arena; // reset before each hit
	uint64_t hits;	    // printed before this one
	void *own; // what the format keeps from hit to hit: made by begin, freed by release
	FILE *stream;
	int error; // errno of the first failure, 0 while all is well
};

struct output_driver {
	struct str name;
	bool has_columns; // that can be chosen
	unsigned needs;	  // bits of enum output_need, unless columns say what is needed
	void (*begin)(struct output_state *state); // may be NULL
	void (*hit)(struct output_state *state, const struct hit *hit);
	void (*end)(struct output_state *state); // may be NULL
	// Hits that it did not take because it has a limit; may be NULL.
	uint64_t (*left_out)(const struct output_state *state);
	void (*release)(struct output_state *state); // may be NULL; after end, or without it
};

extern const struct output_driver output_table;
extern const struct output_driver output_list;
extern const struct output_driver output_csv;
extern const struct output_driver output_json;
extern const struct output_driver output_jsonl;
extern const struct output_driver output_navigator;
extern const struct output_driver output_sarif;
extern const struct output_driver output_timesketch;
extern const struct output_driver output_ecs;
extern const struct output_driver output_html;

// Write what stands in `text`: for what is long and no hit.
void output_flush(struct output_state *state);

// A hit as the object that JSONL has without columns.
void output_put_hit(struct json *json, struct arena *arena, const struct hit *hit);
// Pairs as members of the open object, a repeated name with an array of its values;
// as an object of their own; texts as an array.
void output_put_members(struct json *json, struct arena *arena, const struct hit_pair *pairs,
			size_t count);
void output_put_pairs(struct json *json, struct arena *arena, const struct hit_pair *pairs,
		      size_t count);
void output_put_strings(struct json *json, const struct str *values, size_t count);

// A correlation stands for many records and may name none.
bool output_names_record(const struct hit *hit);

#endif
