// SPDX-License-Identifier: Apache-2.0
// Between the files of explain/.
#ifndef EXPLAIN_INTERNAL_H
#define EXPLAIN_INTERNAL_H

#include "explain/explain.h"
#include "match/inspect.h"

struct explain {
	const struct ruleset *set;
	const struct zone *zone;
	struct matcher *matcher;
	struct match_state *state;
	struct arena arena;
};

// text.c

// A text in quotes, cut to some columns.
void text_quoted(struct buf *out, struct str text);
void text_list(struct buf *out, const struct str *items, size_t count);
// "Image ends with '\x.exe' or 2 more"
void text_item(struct buf *out, const struct item *item);
// The relation and the value of its pattern `i`: "ends with '\x.exe'".
void text_pattern(struct buf *out, const struct item *item, size_t i);
// "builtin:a.yml:3"
void text_place(struct buf *out, const struct rule *rule);
// A line of it: "  Title (builtin:a.yml:3)".
void text_rule_line(struct buf *out, const struct rule *rule);
// Line of blanks, two for each level.
void text_indent(struct buf *out, unsigned level);

// ids.c

// Event ids that the view takes, in `arena`: its own and those of the view that
// must accept too; none = all.
size_t explain_view_ids(const struct view *view, struct arena *arena, const uint32_t **out);

// What a detection asks of the event id.
struct asked_ids {
	uint32_t *ids; // that it names anywhere, in an arena
	size_t count;
	uint32_t other;	    // none of them
	bool others_differ; // it asks more than which id it is (EventID: '46*')
};

struct asked_ids explain_asked_ids(const struct detection *detection, struct arena *arena);

// correlation.c

// Its type, what it compares, and the rules it refers to.
void explain_correlation(const struct rule *rule, struct buf *out);

#endif
