// SPDX-License-Identifier: Apache-2.0
// After the scan: inputs by correlation and group, which each make a segment or more.
#include <stdlib.h>

#include "correlate/evaluation.h"

// Details of a group's inputs that are held in memory; most groups are small.
#define DETAILS_HELD (1u << 20)

// ---- groups -------------------------------------------------------------

static void begin_group(struct evaluation *e, const struct corr_item *item)
{
	struct group *group = &e->group;

	arena_reset(&group->arena);
	buf_reset(&group->key);
	buf_put_str(&group->key, item->group);
	group->is_open = true;
	group->texts = arena_array(&group->arena, e->corr->group_count, sizeof(*group->texts));
	for (size_t i = 0; i < e->corr->group_count; i++)
		group->texts[i] = arena_str(&group->arena, item->texts[i]);
}

// A record that several references of a count match counts once (D-21).
static bool is_repeat(const struct evaluation *e, const struct corr_item *item)
{
	return !correlation_is_temporal(e->corr->type) &&
	       item->record.sequence == e->segment.sequence;
}

static void take_item(struct evaluation *e, const struct corr_item *item)
{
	struct segment *segment = &e->segment;

	if (!e->group.is_open || !str_eq(buf_str(&e->group.key), item->group)) {
		segment_end(e);
		begin_group(e, item);
	} else if (item->record.time - segment->time > e->corr->timespan) {
		segment_end(e);
	} else if (is_repeat(e, item)) {
		return;
	}
	segment_add(e, item);
}

// ---- sources ------------------------------------------------------------

static void advance(struct evaluation *e, struct source *source)
{
	enum rc rc = RC_END;

	if (source->reader != NULL)
		rc = runs_next(source->reader, &source->bytes, e->err);
	source->has = rc == RC_OK;
	if (rc == RC_FATAL)
		e->rc = rc;
}

// The one whose item comes first; NULL when there is none.
static struct source *first_source(struct evaluation *e)
{
	if (e->rc != RC_OK)
		return NULL;
	if (!e->points.has)
		return e->feed.has ? &e->feed : NULL;
	if (!e->feed.has || item_order(e->points.bytes, e->feed.bytes) < 0)
		return &e->points;
	return &e->feed;
}

static void open_points(struct evaluation *e, unsigned level)
{
	runs_reader_free(e->points.reader);
	e->points.reader = level > 0 ? runs_read(&e->c->points[level], 1) : NULL;
	advance(e, &e->points);
}

// Hits that correlations below could not look at. Without their points nothing can be
// said: fewer of them can make a condition true.
static uint64_t lost_below(const struct evaluation *e)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < e->corr->rule_count; i++) {
		const struct rule *target = e->corr->rules[i].target;

		if (target->kind == RULE_CORRELATION)
			lost += e->c->nodes[target->index].diagnostic->too_many;
	}
	return lost;
}

static void evaluate(struct evaluation *e, const struct rule *rule)
{
	struct source *source;
	uint64_t lost;

	e->rule = rule;
	e->corr = rule->correlation;
	e->node = &e->c->nodes[rule->index];
	lost = lost_below(e);
	while ((source = first_source(e)) != NULL) {
		struct corr_item item;

		arena_reset(&e->scratch);
		item_read(e->c, source->bytes, &e->scratch, &item);
		if (item.place != e->node->place)
			break;
		if (lost == 0)
			take_item(e, &item);
		advance(e, source);
	}
	segment_end(e);
	e->group.is_open = false;
	e->node->diagnostic->too_many += lost;
}

static void release(struct evaluation *e)
{
	runs_reader_free(e->points.reader);
	arena_release(&e->group.arena);
	buf_release(&e->group.key);
	segment_release(&e->segment);
	free(e->counts);
	free(e->seen);
	alerts_release(&e->alerts);
	item_maker_release(&e->maker);
	arena_release(&e->scratch);
	buf_release(&e->bytes);
}

enum rc correlations_evaluate(struct correlations *c, struct runs_reader *feed,
			      corr_alerts_fn *take, void *user, struct err *err)
{
	struct evaluation e = {
		.c = c,
		.feed = {.reader = feed},
		.segment = {.details = {.file = c->details, .most = DETAILS_HELD}},
		.take = take,
		.user = user,
		.rc = RC_OK,
		.err = err,
	};
	unsigned level = 0;

	advance(&e, &e.feed);
	for (size_t i = 0; i < c->count && e.rc == RC_OK; i++) {
		const struct node *node = &c->nodes[c->order[i]->index];

		if (node->level != level)
			open_points(&e, level = node->level);
		evaluate(&e, c->order[i]);
	}
	alerts_hand_over(&e);
	release(&e);
	return e.rc;
}
