// SPDX-License-Identifier: Apache-2.0
// Why a rule matched.
#include <string.h>

#include "match/internal.h"

struct explainer {
	struct match_state *state;
	const struct detection *detection;
	struct match_reason *out;
	size_t count;
	size_t cap;
};

static void add_reason(struct explainer *e, struct str selection, const struct item *item,
		       const struct compiled_pattern *pattern, struct instances field)
{
	struct test_context ctx = match_context(e->state);
	struct match_reason reason = {selection, item, {NULL, 0}, pattern->pattern->written};

	if (!test_field(pattern, field, &ctx) || e->count == e->cap)
		return;
	for (size_t i = 0; i < field.count; i++) {
		if (test_instance(pattern, &field.items[i], &ctx)) {
			reason.value = instance_text(&field.items[i], e->state->event);
			break;
		}
	}
	e->out[e->count++] = reason;
}

static void explain_item(struct explainer *e, struct str selection, const struct item *item)
{
	const struct compiled_pattern *patterns = e->state->matcher->tests[item->index];
	struct instances field = match_item_instances(e->state, item);
	size_t before = e->count;

	for (size_t i = 0; i < item->count; i++) {
		add_reason(e, selection, item, &patterns[i], field);
		if (!item->all && e->count > before)
			return;
	}
}

// Walks the true branches only; what stands under `not` held by being absent.
static void explain(struct explainer *e, struct str selection, const struct expr *expr)
{
	if (!match_eval(e->state, e->detection, expr))
		return;
	switch (expr->kind) {
	case EXPR_ITEM:
		if (!expr->item->neq)
			explain_item(e, selection, expr->item);
		return;
	case EXPR_SELECTION:
		explain(e, e->detection->selections[expr->selection].name,
			e->detection->selections[expr->selection].body);
		return;
	case EXPR_NOT:
		return;
	default:
		for (size_t i = 0; i < expr->count; i++)
			explain(e, selection, expr->kids[i]);
	}
}

size_t match_explain(struct match_state *state, const struct match *match, struct match_reason *out,
		     size_t cap)
{
	const struct detection *detection = &match->rule->detection;
	struct explainer e = {state, detection, out, 0, cap};

	state->view = match->view;
	memset(state->selections, -1, detection->selection_count);
	explain(&e, (struct str){NULL, 0}, detection->conditions[match->condition]);
	return e.count;
}
