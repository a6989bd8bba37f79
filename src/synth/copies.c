// SPDX-License-Identifier: Apache-2.0
// Counting the copies of an event.
#include "synth/copies.h"

#include "base/tm.h"
#include "synth/event.h"

// "45s", "200ms": a number and a unit, as ticks.
static bool parse_step(struct str text, uint64_t *ticks)
{
	static const struct {
		struct str unit;
		uint64_t ticks;
	} units[] = {{STR_INIT("ms"), TM_TICKS_PER_SECOND / 1000},
		     {STR_INIT("s"), TM_TICKS_PER_SECOND},
		     {STR_INIT("m"), TM_TICKS_PER_SECOND * 60},
		     {STR_INIT("h"), TM_TICKS_PER_SECOND * 3600},
		     {STR_INIT("d"), TM_TICKS_PER_SECOND * 86400}};
	size_t digits = 0;
	uint64_t number;

	while (digits < text.len && ascii_is_digit(text.ptr[digits]))
		digits++;
	if (!str_to_u64(str_sub(text, 0, digits), &number))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!str_eq(str_sub(text, digits, SIZE_MAX), units[i].unit))
			continue;
		*ticks = number * units[i].ticks;
		return number <= UINT64_MAX / units[i].ticks;
	}
	return false;
}

static bool check_items(struct source *source, const struct yaml_node *items)
{
	if (items->kind != YAML_SEQUENCE || items->count == 0)
		return source_error(source, items, "for_each must be a list of texts");
	for (size_t i = 0; i < items->count; i++) {
		if (items->items[i]->kind != YAML_SCALAR)
			return source_error(source, items->items[i], "for_each takes texts only");
	}
	return true;
}

bool copies_parse(struct source *source, const struct yaml_node *event, struct copies *copies)
{
	const struct yaml_node *every = yaml_get(event, "every");

	*copies = (struct copies){.items = yaml_get(event, "for_each")};
	source->repeated = false;
	if (copies->items != NULL && !check_items(source, copies->items))
		return false;
	if (!event_uint(source, event, "repeat", UINT32_MAX, 1, &copies->count))
		return false;
	source->repeated = copies->items != NULL || yaml_get(event, "repeat") != NULL;
	if (copies->items != NULL)
		copies->count *= copies->items->count;
	if (every == NULL)
		return true;
	if (every->kind != YAML_SCALAR || !parse_step(every->text, &copies->step) ||
	    (copies->count != 0 && copies->step > UINT64_MAX / copies->count))
		return source_error(source, every, "'%.*s' is not a time step such as 45s or 200ms",
				    STR_ARG(every->text));
	return true;
}

void copies_select(struct source *source, const struct copies *copies, uint64_t index)
{
	source->copy = index;
	if (copies->items != NULL)
		source->item = copies->items->items[index % copies->items->count]->text;
}
