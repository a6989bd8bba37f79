// SPDX-License-Identifier: Apache-2.0
// Event ids that views take and detections ask for.
#include <string.h>

#include "explain/internal.h"

// ---- views --------------------------------------------------------------

static bool id_in(const struct view *view, uint32_t id)
{
	for (size_t i = 0; i < view->event_id_count; i++) {
		if (view->event_ids[i] == id)
			return true;
	}
	return view->event_id_count == 0;
}

size_t explain_view_ids(const struct view *view, struct arena *arena, const uint32_t **out)
{
	const struct view *from =
		view->event_id_count == 0 && view->also != NULL ? view->also : view;
	uint32_t *ids = arena_array(arena, from->event_id_count, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; i < from->event_id_count; i++) {
		if (view->also == NULL || id_in(view->also, from->event_ids[i]))
			ids[count++] = from->event_ids[i];
	}
	*out = ids;
	return count;
}

// ---- detections ---------------------------------------------------------

static bool asks_for(const struct asked_ids *asked, uint32_t id)
{
	for (size_t i = 0; i < asked->count; i++) {
		if (asked->ids[i] == id)
			return true;
	}
	return false;
}

static void add_id(struct asked_ids *asked, struct arena *arena, uint32_t id)
{
	uint32_t *more;

	if (asks_for(asked, id))
		return;
	more = arena_array(arena, asked->count + 1, sizeof(*more));
	if (asked->count > 0)
		memcpy(more, asked->ids, asked->count * sizeof(*more));
	more[asked->count++] = id;
	asked->ids = more;
}

// No event has an id that is no whole number of 16 bits.
static void add_number(struct asked_ids *asked, struct arena *arena, double number)
{
	if (number >= 0 && number <= UINT16_MAX && (double)(uint32_t)number == number)
		add_id(asked, arena, (uint32_t)number);
}

// Text without wildcards is an id, or of no event.
static void add_text(struct asked_ids *asked, struct arena *arena, const struct pattern *pattern)
{
	bool is_decimal = pattern->text.count > 0;
	double number = 0;

	for (size_t i = 0; i < pattern->text.count; i++) {
		uint32_t digit = pattern->text.cps[i] - '0';

		asked->others_differ |= pattern->text.cps[i] >= PAT_ANY_RUN;
		is_decimal &= digit <= 9;
		number = number * 10 + digit;
	}
	if (is_decimal)
		add_number(asked, arena, number);
}

static void add_pattern(struct asked_ids *asked, struct arena *arena, const struct pattern *pattern)
{
	switch (pattern->kind) {
	case PATTERN_TEXT:
		add_text(asked, arena, pattern);
		return;
	case PATTERN_NUMBER:
		if (pattern->number.compared)
			asked->others_differ = true;
		else
			add_number(asked, arena, pattern->number.value.real);
		return;
	case PATTERN_FIELD: // the plan does not know the other field
	case PATTERN_NULL:  // each event has an id, which is neither true nor false
	case PATTERN_EXISTS:
	case PATTERN_BOOL:
		return;
	default:
		asked->others_differ = true;
	}
}

static void collect(const struct expr *expr, struct arena *arena, struct asked_ids *asked)
{
	for (size_t i = 0; i < expr->count; i++)
		collect(expr->kids[i], arena, asked);
	if (expr->kind != EXPR_ITEM || !str_eq(expr->item->field, STR("EventID")))
		return;
	for (size_t i = 0; i < expr->item->count; i++)
		add_pattern(asked, arena, &expr->item->patterns[i]);
}

struct asked_ids explain_asked_ids(const struct detection *detection, struct arena *arena)
{
	struct asked_ids asked = {.other = UINT16_MAX};

	for (size_t i = 0; i < detection->selection_count; i++)
		collect(detection->selections[i].body, arena, &asked);
	while (asks_for(&asked, asked.other))
		asked.other--;
	return asked;
}
