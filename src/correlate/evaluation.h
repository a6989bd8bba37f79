// SPDX-License-Identifier: Apache-2.0
// The state of evaluation, which goes group by group: evaluate.c reads inputs in order, segment.c
// holds those of a group, finding.c tells of the windows found in them.
#ifndef CORRELATE_EVALUATION_H
#define CORRELATE_EVALUATION_H

#include "correlate/internal.h"

// Where inputs come from: what was fed, and points of correlations below.
struct source {
	struct runs_reader *reader; // or NULL
	bool has;
	struct str bytes; // the next item, if it has one
};

// The group at work.
struct group {
	bool is_open;
	struct arena arena;
	struct buf key;
	struct str *texts; // as the earliest record spells them
};

// Inputs of the group without a pause between them; of many, the last.
struct segment {
	struct input *items;
	size_t count, cap;
	size_t anchor, point; // of the series (internal.h)
	struct spool details;
	struct arena arena;	 // keys of `values`
	struct map values;	 // folded values -> number
	uint64_t bytes;		 // what all this is counted with
	uint64_t skipped;	 // not 0: there are too many, which is how many
	uint64_t sequence, time; // of the last
	size_t last_point;	 // record of the last point + 1
};

struct alerts {
	struct arena arena;
	struct corr_alert *items;
	size_t count, cap;
};

struct evaluation {
	struct correlations *c;
	const struct rule *rule; // at work
	const struct correlation *corr;
	const struct node *node;
	struct source feed, points;
	struct group group;
	struct segment segment;
	struct series series;
	uint32_t *counts;    // working memory of window_run
	unsigned char *seen; // by number of a value; left zeroed
	size_t cells;	     // of both
	struct alerts alerts;
	corr_alerts_fn *take;
	void *user;
	struct item_maker maker; // of points; its arena is for what is read while an item waits
	struct arena scratch;	 // of that item
	struct buf bytes;
	enum rc rc;
	struct err *err;
};

// ---- segment.c ----------------------------------------------------------

// Add an input behind the others; the first of a record makes room if there is none.
void segment_add(struct evaluation *e, const struct corr_item *item);
// No window goes on: look at what is left, and begin anew.
void segment_end(struct evaluation *e);
void segment_release(struct segment *segment);
// The rest of an input, in `arena`; false when it cannot be read back (`e->rc`).
bool segment_load(struct evaluation *e, const struct input *input, struct arena *arena,
		  struct corr_item *out);

// ---- finding.c ----------------------------------------------------------

// What to do with a finding: make an alert, unless the rule is hidden; make an input of each
// correlation that refers to this one. Their user is the evaluation.
finding_fn finding_alert, finding_point;
// Hand over the alerts so far, and forget them.
void alerts_hand_over(struct evaluation *e);
void alerts_release(struct alerts *alerts);

#endif
