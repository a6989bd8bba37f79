// SPDX-License-Identifier: Apache-2.0
// Collecting base hits.
#include "correlate/correlate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "correlate/internal.h"

struct correlator {
	struct correlations *correlations;
	struct runs *runs; // NULL without correlations
	struct item_maker maker;
	struct corr_diagnostic *diagnostics; // by place
};

// What points hold before they go to the temporary file; there may be as many levels of
// them as LIMIT_CORRELATION_DEPTH.
#define POINTS_BUDGET (256u << 10)

struct correlations *correlations_new(const struct ruleset *set, uint64_t memory)
{
	struct correlations *c = mem_zalloc(sizeof(*c));

	c->set = set;
	c->memory = memory;
	plan_make(c);
	if (c->count == 0)
		return c;
	c->spill = spill_new();
	c->details = spill_new();
	c->points = arena_array(&c->arena, c->levels, sizeof(*c->points));
	for (unsigned level = 1; level < c->levels; level++)
		c->points[level] = runs_new(POINTS_BUDGET, item_order, c->spill);
	return c;
}

void correlations_free(struct correlations *c)
{
	if (c == NULL)
		return;
	for (unsigned level = 1; level < c->levels; level++)
		runs_free(c->points[level]);
	spill_free(c->spill);
	spill_free(c->details);
	arena_release(&c->arena);
	free(c);
}

struct correlator *correlator_new(struct correlations *correlations, size_t budget,
				  struct spill *spill)
{
	struct correlator *correlator = mem_zalloc(sizeof(*correlator));
	size_t count = correlations->count;

	correlator->correlations = correlations;
	if (count == 0)
		return correlator;
	correlator->runs = runs_new(budget, item_order, spill);
	correlator->diagnostics = mem_zalloc(count * sizeof(*correlator->diagnostics));
	return correlator;
}

void correlator_free(struct correlator *correlator)
{
	if (correlator == NULL)
		return;
	runs_free(correlator->runs);
	item_maker_release(&correlator->maker);
	free(correlator->diagnostics);
	free(correlator);
}

bool correlator_wants(const struct correlator *correlator, const struct rule *rule)
{
	return correlator->correlations->nodes[rule->index].reference_count > 0;
}

enum rc correlator_feed(struct correlator *correlator, const struct match *match,
			struct match_state *state, const struct corr_record *record,
			struct err *err)
{
	const struct correlations *c = correlator->correlations;
	const struct node *node = &c->nodes[match->rule->index];
	struct arena *arena = &correlator->maker.arena;
	struct str *texts;
	struct facts facts;
	enum rc rc = RC_OK;

	arena_reset(arena);
	texts = arena_array(arena, node->name_count, sizeof(*texts));
	for (size_t i = 0; i < node->name_count; i++) {
		struct instances found = match_field(state, match->view, node->names[i]);

		if (found.count > 0)
			texts[i] = arena_str(arena, match_text(state, &found.items[0]));
	}
	facts = (struct facts){texts, record};
	for (size_t i = 0; rc == RC_OK && i < node->reference_count; i++) {
		const struct reference *reference = &node->references[i];
		uint32_t place = c->nodes[reference->correlation->index].place;

		rc = item_put(&correlator->maker, c, reference, &facts,
			      &correlator->diagnostics[place], correlator->runs, err);
	}
	return rc;
}

static void add_diagnostics(struct correlations *c, const struct correlator *from)
{
	for (size_t i = 0; i < c->count; i++) {
		c->diagnostics[i].without_group += from->diagnostics[i].without_group;
		c->diagnostics[i].without_value += from->diagnostics[i].without_value;
	}
}

enum rc correlations_run(struct correlations *c, struct correlator **fed, size_t count,
			 corr_alerts_fn *take, void *user, struct err *err)
{
	struct runs **runs;
	struct runs_reader *reader;
	enum rc rc;

	if (c->count == 0)
		return RC_OK;
	runs = mem_alloc(count * sizeof(struct runs *));
	for (size_t i = 0; i < count; i++) {
		runs[i] = fed[i]->runs;
		add_diagnostics(c, fed[i]);
	}
	reader = runs_read(runs, count);
	free(runs);
	rc = correlations_evaluate(c, reader, take, user, err);
	runs_reader_free(reader);
	return rc;
}

size_t correlations_diagnostics(const struct correlations *c, const struct corr_diagnostic **out)
{
	*out = c->diagnostics;
	return c->count;
}
