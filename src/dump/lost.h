// SPDX-License-Identifier: Apache-2.0
// The lost records of one file after the other, for src/dump/source.c.
#ifndef DUMP_LOST_H
#define DUMP_LOST_H

#include "input/reader.h"
#include "recover/finds.h"
#include "recover/recover.h"

// What became of all files so far.
struct lost_account {
	struct recover_counts counts;
	uint64_t told; // records handed out
	uint64_t also_live, again, contradicted;
	bool no_templates;  // too many of them
	bool too_many_live; // to leave out those that are live too
	bool too_many;	    // not all were handed out
};

struct lost;

struct lost *lost_new(struct input_reader *input);
void lost_free(struct lost *lost);

// A live record of the file at work.
void lost_see(struct lost *lost, const struct evtx_record *record, const struct event *event,
	      size_t file);
// Behind the last live record: hand out the lost ones in order of their offset, until
// `take` returns false. `learn`: look for templates among lost records too. Then the
// next file may begin. RC_FAILED when the file cannot be read on.
typedef bool lost_take(void *user, const struct event *event);
MUST_USE enum rc lost_find(struct lost *lost, size_t file, bool is_image, bool learn,
			   lost_take *take, void *user, struct err *err);

const struct lost_account *lost_account(const struct lost *lost);

#endif
