// SPDX-License-Identifier: Apache-2.0
// The lost records of files, for src/dump/source.c: live records of all files first,
// then, where they are asked for, templates of lost ones, then lost records by file.
#ifndef DUMP_LOST_H
#define DUMP_LOST_H

#include "input/reader.h"
#include "recover/finds.h"
#include "recover/recover.h"

// What became of all files so far.
struct lost_account {
	struct recover_counts counts;
	struct recover_told told; // records handed out
	uint64_t also_live, again, contradicted;
	bool no_templates;  // too many of them
	bool too_many_live; // to leave out all that are live, or were handed out
	bool too_many;	    // not all were handed out
};

struct lost;

struct lost *lost_new(struct input_reader *input);
void lost_free(struct lost *lost);

// A live record.
void lost_see(struct lost *lost, const struct evtx_record *record, const struct event *event,
	      size_t file);
// Look for templates among the lost records of a file: an image, or a log that is damaged.
void lost_learn(struct lost *lost, size_t file, bool is_image);
// Hand out the lost records of a file, in order of their offset, until `take` returns
// false. RC_FAILED when the file cannot be read on.
typedef bool lost_take(void *user, const struct event *event);
MUST_USE enum rc lost_find(struct lost *lost, size_t file, bool is_image, lost_take *take,
			   void *user, struct err *err);

const struct lost_account *lost_account(const struct lost *lost);

#endif
