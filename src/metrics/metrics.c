// SPDX-License-Identifier: Apache-2.0
// An event on its way to all that counts it.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "metrics/internal.h"

struct metrics *metrics_new(unsigned sections)
{
	struct metrics *metrics = mem_zalloc(sizeof(*metrics));

	metrics->sections = sections;
	names_init(&metrics->channels);
	names_init(&metrics->providers);
	names_init(&metrics->computers);
	names_init(&metrics->texts);
	metrics->kinds.limit = LIMIT_METRICS_CELLS;
	metrics->places.limit = LIMIT_METRICS_CELLS;
	metrics->logons.limit = LIMIT_METRICS_CELLS;
	return metrics;
}

void metrics_set_zone(struct metrics *metrics, const struct zone *zone)
{
	metrics->zone = zone;
}

void metrics_free(struct metrics *metrics)
{
	if (metrics == NULL)
		return;
	names_release(&metrics->channels);
	names_release(&metrics->providers);
	names_release(&metrics->computers);
	names_release(&metrics->texts);
	cells_release(&metrics->kinds);
	cells_release(&metrics->places);
	cells_release(&metrics->logons);
	order_release(&metrics->order);
	free(metrics->clears.items);
	free(metrics->uses);
	free(metrics);
}

void metrics_begin_file(struct metrics *metrics, struct str path)
{
	metrics->path = path;
	metrics->file++;
}

void metrics_end_file(struct metrics *metrics, bool damaged)
{
	order_end_file(metrics, damaged);
}

// ---- events -------------------------------------------------------------

static bool wants(const struct metrics *metrics, enum metrics_section section)
{
	return (metrics->sections & METRICS_BIT(section)) != 0;
}

static enum role role_of(const struct metrics *metrics, const struct event *event)
{
	if (wants(metrics, METRICS_CLEARS) && clears_means(event->provider, event->event_id))
		return ROLE_CLEAR;
	if (wants(metrics, METRICS_LOGONS) && logons_mean(event->provider, event->event_id))
		return ROLE_LOGON;
	return ROLE_NONE;
}

static void count_use(struct metrics *metrics, uint32_t channel)
{
	struct channel_use *use;

	mem_grow(&metrics->uses, &metrics->use_cap, (size_t)channel + 1, sizeof(*metrics->uses));
	while (metrics->use_count <= channel)
		metrics->uses[metrics->use_count++] = (struct channel_use){0, 0};
	use = &metrics->uses[channel];
	use->files += use->file != metrics->file;
	use->file = metrics->file;
}

static struct place *find_place(struct metrics *metrics, uint32_t channel,
				const struct event *event)
{
	struct place_key key = {channel, names_number(&metrics->computers, event->computer)};
	struct place *place = cells_get(
		&metrics->places, (struct str){(const char *)&key, sizeof(key)}, sizeof(*place));

	if (place->file != metrics->file) {
		place->file = metrics->file;
		count_use(metrics, channel);
		order_begin_log(metrics, place);
	}
	return place;
}

// What is behind the bound may mean anything.
static enum role kind_role(const struct metrics *metrics, struct kind *kind,
			   const struct event *event)
{
	if (kind->tally.count == 0 || kind->key.provider == NAME_OTHERS)
		kind->role = role_of(metrics, event);
	return kind->role;
}

void metrics_event(struct metrics *metrics, const struct event *event)
{
	struct kind_key key = {
		.channel = names_number(&metrics->channels, event->channel),
		.provider = names_number(&metrics->providers, event->provider),
		.event_id = event->event_id,
	};
	struct kind *kind = cells_get(&metrics->kinds,
				      (struct str){(const char *)&key, sizeof(key)}, sizeof(*kind));
	struct place *place = find_place(metrics, key.channel, event);
	enum role role = kind_role(metrics, kind, event);

	metrics->events++;
	tally_add(&kind->tally, event->time);
	tally_add(&place->tally, event->time);
	order_event(metrics, place, event);
	if (role == ROLE_CLEAR)
		clears_event(metrics, place, event);
	else if (role == ROLE_LOGON)
		logons_event(metrics, place, event);
}

// ---- shared -------------------------------------------------------------

void tally_add(struct tally *tally, uint64_t time)
{
	tally->count++;
	if (time == 0)
		return;
	if (time < tally->first || tally->first == 0)
		tally->first = time;
	if (time > tally->last)
		tally->last = time;
}

void tally_merge(struct tally *tally, const struct tally *more)
{
	tally->count += more->count;
	if (more->first != 0 && (more->first < tally->first || tally->first == 0))
		tally->first = more->first;
	if (more->last > tally->last)
		tally->last = more->last;
}

int tally_cmp(const struct tally *a, const struct tally *b)
{
	return (a->count < b->count) - (a->count > b->count);
}

struct str place_channel(const struct metrics *metrics, const struct place *place)
{
	return place != NULL ? names_text(&metrics->channels, place->key.channel) : STR("");
}

struct str place_computer(const struct metrics *metrics, const struct place *place)
{
	return place != NULL ? names_text(&metrics->computers, place->key.computer) : STR("");
}

struct str account_text(const struct metrics *metrics, struct arena *arena, uint32_t domain,
			uint32_t user)
{
	struct str left = names_text(&metrics->texts, domain);
	struct str right = names_text(&metrics->texts, user);

	char *text;

	if (left.len == 0)
		return right;
	text = arena_alloc(arena, left.len + 1 + right.len);
	memcpy(text, left.ptr, left.len);
	text[left.len] = '\\';
	memcpy(text + left.len + 1, right.ptr, right.len);
	return (struct str){text, left.len + 1 + right.len};
}

uint32_t text_number(struct metrics *metrics, const struct event *event, const struct field *field)
{
	struct str text = field != NULL ? event_text(event, field) : STR("");

	return names_number(&metrics->texts, str_eq(text, STR("-")) ? STR("") : text);
}

// ---- notes --------------------------------------------------------------

static void note_others(bool lost, const char *what, struct buf *out)
{
	if (lost)
		buf_printf(out, "too many %s to keep apart: some are counted as (others)\n", what);
}

static void note_omitted(uint64_t total, size_t kept, const char *what, struct buf *out)
{
	if (total > kept)
		buf_printf(out, "too many %s to list: %zu of %" PRIu64 " are kept\n", what, kept,
			   total);
}

void metrics_put_notes(const struct metrics *metrics, struct buf *out)
{
	const struct order *order = &metrics->order;
	uint64_t gaps = 0;

	for (size_t i = 0; i < GAP_KINDS; i++)
		gaps += order->gap_totals[i];
	note_others(metrics->channels.lost, "channels", out);
	note_others(metrics->providers.lost, "providers", out);
	note_others(metrics->computers.lost, "computers", out);
	note_others(metrics->kinds.lost, "kinds of events", out);
	note_others(metrics->places.lost, "channels of computers", out);
	note_others(metrics->texts.lost, "names of accounts and hosts", out);
	note_others(metrics->logons.lost, "rows of logons", out);
	note_omitted(gaps, order->gap_count, "gaps", out);
	note_omitted(order->step_total, order->step_count, "steps", out);
	note_omitted(metrics->clears.total, metrics->clears.count, "clears", out);
}
