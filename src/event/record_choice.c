// SPDX-License-Identifier: Apache-2.0
// Choosing records.
#include "event/record_choice.h"

#include <string.h>

// ---- event ids ----------------------------------------------------------

static bool parse_id(struct str text, uint32_t *id)
{
	uint64_t value;

	if (!str_to_u64(str_trim(text), &value) || value > UINT32_MAX)
		return false;
	*id = (uint32_t)value;
	return true;
}

static bool parse_range(struct str text, struct id_range *range)
{
	struct str first;

	if (!str_split(&text, '-', &first) || !parse_id(first, &range->first))
		return false;
	range->last = range->first;
	if (text.ptr == NULL)
		return true;
	return parse_id(text, &range->last) && range->last >= range->first;
}

bool id_ranges_add(struct id_ranges *ranges, struct arena *arena, struct str text)
{
	struct str word;

	while (str_split(&text, ',', &word)) {
		if (ranges->count == ranges->cap) {
			size_t cap = ranges->cap != 0 ? 2 * ranges->cap : 8;
			struct id_range *grown = arena_array(arena, cap, sizeof(*grown));

			if (ranges->count != 0)
				memcpy(grown, ranges->items, ranges->count * sizeof(*grown));
			ranges->items = grown;
			ranges->cap = cap;
		}
		if (!parse_range(word, &ranges->items[ranges->count]))
			return false;
		ranges->count++;
	}
	return ranges->count > 0;
}

static bool has_id(const struct id_ranges *ranges, uint32_t id)
{
	for (size_t i = 0; i < ranges->count; i++) {
		if (id >= ranges->items[i].first && id <= ranges->items[i].last)
			return true;
	}
	return false;
}

// ---- records ------------------------------------------------------------

bool record_choice_is_all(const struct record_choice *choice)
{
	return choice->from == 0 && choice->to == 0 && choice->ids.count == 0 &&
	       choice->other_ids.count == 0 && choice_is_all(&choice->channel) &&
	       choice_is_all(&choice->provider) && choice_is_all(&choice->computer);
}

static bool takes_id(const struct record_choice *choice, uint32_t id)
{
	return (choice->ids.count == 0 || has_id(&choice->ids, id)) &&
	       !has_id(&choice->other_ids, id);
}

static bool takes_value(const struct choice *words, const struct value *value,
			struct arena *scratch)
{
	return choice_is_all(words) || choice_takes(words, scratch, value_text(value, scratch));
}

bool record_choice_takes_kind(const struct record_choice *choice, const struct value *channel,
			      const struct value *provider, uint32_t event_id,
			      struct arena *scratch)
{
	return takes_id(choice, event_id) && takes_value(&choice->channel, channel, scratch) &&
	       takes_value(&choice->provider, provider, scratch);
}

bool record_choice_takes(const struct record_choice *choice, const struct event *event)
{
	return event->time >= choice->from && (choice->to == 0 || event->time <= choice->to) &&
	       takes_id(choice, event->event_id) &&
	       choice_takes(&choice->channel, event->arena, event->channel) &&
	       choice_takes(&choice->provider, event->arena, event->provider) &&
	       choice_takes(&choice->computer, event->arena, event->computer);
}

// ---- words --------------------------------------------------------------

static void put_start(struct buf *out, const char *label)
{
	buf_put_text(out, out->len > 0 ? "; " : "");
	buf_put_text(out, label);
}

static void put_time(struct buf *out, const struct zone *zone, const char *label, uint64_t ticks)
{
	char text[ZONE_TEXT_SIZE];

	if (ticks == 0)
		return;
	put_start(out, label);
	buf_put(out, text, zone_format(zone, ticks, text));
}

static void put_globs(struct buf *out, const char *label, const struct globs *globs)
{
	for (size_t i = 0; i < globs->count; i++) {
		if (i == 0)
			put_start(out, label);
		buf_put_text(out, i > 0 ? ", " : "");
		buf_put_str(out, globs->items[i]);
	}
}

static void put_ids(struct buf *out, const char *label, const struct id_ranges *ids)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (i == 0)
			put_start(out, label);
		buf_printf(out, "%s%u", i > 0 ? ", " : "", ids->items[i].first);
		if (ids->items[i].last != ids->items[i].first)
			buf_printf(out, "-%u", ids->items[i].last);
	}
}

void record_choice_put(const struct record_choice *choice, const struct zone *zone, struct buf *out)
{
	put_time(out, zone, "from ", choice->from);
	put_time(out, zone, "to ", choice->to);
	put_globs(out, "channel ", &choice->channel.only);
	put_globs(out, "not channel ", &choice->channel.except);
	put_ids(out, "event id ", &choice->ids);
	put_ids(out, "not event id ", &choice->other_ids);
	put_globs(out, "provider ", &choice->provider.only);
	put_globs(out, "not provider ", &choice->provider.except);
	put_globs(out, "computer ", &choice->computer.only);
	put_globs(out, "not computer ", &choice->computer.except);
}
