// SPDX-License-Identifier: Apache-2.0
// Read-only views of what matching does.
#include "match/inspect.h"

#include <string.h>

#include "match/internal.h"

// ---- triggers -----------------------------------------------------------

static struct str text_of(const struct str *text)
{
	return text != NULL ? *text : (struct str){NULL, 0};
}

enum trigger_kind inspect_trigger(struct match_state *state, const struct detection *detection,
				  const struct expr *expr, const struct inspect_kind *kind,
				  struct arena *arena, struct trigger_set *out)
{
	plans_begin_kind(state, arena, text_of(kind->channel), text_of(kind->provider),
			 kind->event_id != NULL ? *kind->event_id : 0);
	return trigger_find(arena, arena, detection, expr, plans_known, state, out);
}

static int nothing_known(void *user, const struct item *item)
{
	(void)user;
	(void)item;
	return -1;
}

struct str inspect_regex_literal(const struct pattern *pattern, struct arena *arena)
{
	struct pattern copy = *pattern;
	struct item item = {.field = STR("field"), .patterns = &copy, .count = 1};
	struct expr expr = {.kind = EXPR_ITEM, .item = &item};
	struct detection detection = {0};
	struct trigger_set set;

	if (trigger_find(arena, arena, &detection, &expr, nothing_known, NULL, &set) != TRIGGER_SET)
		return (struct str){NULL, 0};
	return set.items[0].text;
}

// ---- the current event --------------------------------------------------

bool inspect_view(struct match_state *state, const struct view *view,
		  const struct detection *detection)
{
	state->view = view;
	memset(state->selections, -1, detection->selection_count);
	return fields_when(&state->matcher->set->sources, view, state->event);
}

bool inspect_expr(struct match_state *state, const struct detection *detection,
		  const struct expr *expr)
{
	return match_eval(state, detection, expr);
}

bool inspect_pattern(struct match_state *state, const struct item *item, size_t index)
{
	struct test_context ctx = match_context(state);

	return test_field(&state->matcher->tests[item->index][index],
			  match_item_instances(state, item), &ctx);
}

bool inspect_gives_up(struct match_state *state, const struct item *item)
{
	state->regex_gave_up = false;
	for (size_t i = 0; i < item->count; i++)
		(void)inspect_pattern(state, item, i);
	return state->regex_gave_up;
}

struct instances inspect_instances(struct match_state *state, const struct item *item)
{
	return match_item_instances(state, item);
}

struct instance *inspect_instance(struct match_state *state, const struct item *item, size_t index)
{
	struct test_context ctx = match_context(state);
	struct instances field = match_item_instances(state, item);

	for (size_t i = 0; i < field.count; i++) {
		if (test_instance(&state->matcher->tests[item->index][index], &field.items[i],
				  &ctx))
			// cppcheck-suppress returnDanglingLifetime ; the items are the state's
			return &field.items[i];
	}
	return NULL;
}
