// SPDX-License-Identifier: Apache-2.0
// Counting hits.
#include "output/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "output/escape.h"
#include "output/human.h"
#include "output/term.h"

#define RULES_SHOWN 10
#define COMPUTERS_SHOWN 5
#define BARS_MOST 60
#define DEFAULT_WIDTH 80
#define HOUR (3600 * TM_TICKS_PER_SECOND)

// A rule or computer, or the hits of an hour.
struct tally {
	struct str name, level;
	uint64_t count;
	uint64_t hour; // since 1601, by the clock of the zone
};

struct tallies {
	struct tally **items;
	size_t count, cap;
	struct map index;
	uint64_t others; // hits that found no room
};

struct summary {
	const struct zone *zone;
	struct arena arena;
	struct tallies rules, computers, hours;
};

struct summary *summary_new(const struct zone *zone)
{
	struct summary *summary = mem_zalloc(sizeof(*summary));

	summary->zone = zone;
	return summary;
}

static void tallies_release(struct tallies *tallies)
{
	free(tallies->items);
	map_release(&tallies->index);
}

void summary_free(struct summary *summary)
{
	if (summary == NULL)
		return;
	tallies_release(&summary->rules);
	tallies_release(&summary->computers);
	tallies_release(&summary->hours);
	arena_release(&summary->arena);
	free(summary);
}

// The tally of that key, made when it is new; NULL when there is no room.
static struct tally *tally_of(struct summary *summary, struct tallies *tallies, struct str key)
{
	struct tally *tally = map_get(&tallies->index, key);

	if (tally != NULL)
		return tally;
	if (tallies->count == LIMIT_SUMMARY_NAMES)
		return NULL;
	tally = arena_zalloc(&summary->arena, sizeof(*tally));
	mem_grow(&tallies->items, &tallies->cap, tallies->count + 1, sizeof(struct tally *));
	tallies->items[tallies->count++] = tally;
	map_add(&tallies->index, arena_str(&summary->arena, key), tally);
	return tally;
}

static void count_name(struct summary *summary, struct tallies *tallies, struct str name,
		       struct str level)
{
	struct tally *tally = tally_of(summary, tallies, name);

	if (tally == NULL) {
		tallies->others++;
		return;
	}
	if (tally->count++ == 0) {
		tally->name = arena_str(&summary->arena, name);
		tally->level = arena_str(&summary->arena, level);
	}
}

void summary_hit(struct summary *summary, const struct hit *hit)
{
	uint64_t hour = zone_clock(summary->zone, hit->time) / HOUR;
	struct tally *tally;

	if (hit->suppressed_by.len != 0)
		return;
	count_name(summary, &summary->rules, hit->rule_title, hit->level);
	count_name(summary, &summary->computers, hit->computer, (struct str){NULL, 0});
	if (hit->time == 0)
		return;
	tally = tally_of(summary, &summary->hours, (struct str){(const char *)&hour, sizeof(hour)});
	if (tally == NULL) {
		summary->hours.others++;
		return;
	}
	tally->hour = hour;
	tally->count++;
}

// ---- printing -----------------------------------------------------------

// The most severe first, then the most frequent.
static int by_weight(const void *left, const void *right)
{
	const struct tally *a = *(const struct tally *const *)left;
	const struct tally *b = *(const struct tally *const *)right;
	int order = term_level_rank(b->level) - term_level_rank(a->level);

	if (order != 0)
		return order;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return str_cmp(a->name, b->name);
}

static void put_tally(const struct tally *tally, bool with_level, size_t width, bool color,
		      struct buf *out)
{
	struct buf number = {0};
	size_t column = 12;

	human_number(&number, tally->count);
	term_blanks(out, number.len < 9 ? 9 - number.len : 0);
	buf_put_str(out, buf_str(&number));
	term_blanks(out, 2);
	if (with_level) {
		term_style(out, color, term_level_style(tally->level));
		term_padded(out, term_level_word(tally->level), 4);
		term_style(out, color, TERM_NONE);
		term_blanks(out, 2);
		column += 6;
	}
	escape_terminal_cut(out, tally->name.len > 0 ? tally->name : STR("-"),
			    width > column + 20 ? width - column : 20);
	buf_put_char(out, '\n');
	buf_release(&number);
}

static void put_tallies(const struct tallies *tallies, const char *label, size_t shown,
			bool with_level, size_t width, bool color, struct buf *out)
{
	struct tally **sorted = mem_alloc((tallies->count + 1) * sizeof(struct tally *));

	memcpy(sorted, tallies->items, tallies->count * sizeof(struct tally *));
	qsort(sorted, tallies->count, sizeof(struct tally *), by_weight);
	buf_printf(out, "%s\n", label);
	for (size_t i = 0; i < tallies->count && i < shown; i++)
		put_tally(sorted[i], with_level, width, color, out);
	if (tallies->count > shown) {
		buf_put_text(out, "           and ");
		human_number(out, tallies->count - shown);
		buf_put_text(out, tallies->others > 0 ? " more, at least\n" : " more\n");
	}
	free(sorted);
}

// ---- timeline -----------------------------------------------------------

// The hits of a bar: `span` hours from `first` on.
struct bars {
	uint64_t first, span;
	uint64_t last; // hour of the last hit
	size_t count;
	uint64_t hits[BARS_MOST];
	uint64_t most;
};

// Hours, days, or as many days as are needed for the bars to fit.
static uint64_t span_of(uint64_t hours, size_t room)
{
	uint64_t days = hours / 24 + 2;

	if (hours < room && hours < 48)
		return 1;
	return 24 * ((days + room - 1) / room);
}

static void fill_bars(const struct tallies *hours, size_t room, struct bars *bars)
{
	uint64_t first = UINT64_MAX;
	uint64_t last = 0;

	memset(bars, 0, sizeof(*bars));
	for (size_t i = 0; i < hours->count; i++) {
		first = hours->items[i]->hour < first ? hours->items[i]->hour : first;
		last = hours->items[i]->hour > last ? hours->items[i]->hour : last;
	}
	bars->span = span_of(last - first, room);
	bars->most = 1; // no hour is without hits
	bars->last = last;
	bars->first = first - first % (bars->span == 1 ? 1 : 24);
	bars->count = (size_t)((last - bars->first) / bars->span + 1);
	for (size_t i = 0; i < hours->count; i++) {
		uint64_t *hits = &bars->hits[(hours->items[i]->hour - bars->first) / bars->span];

		*hits += hours->items[i]->count;
		bars->most = *hits > bars->most ? *hits : bars->most;
	}
}

// "2026-11-03", or with the hour.
static void put_start(struct buf *out, uint64_t hour, bool with_hour)
{
	char text[TM_TEXT_SIZE];

	tm_format(hour * HOUR, text);
	buf_put(out, text, 10);
	if (with_hour)
		buf_printf(out, " %.2s:00", text + 11);
}

static void put_bars(struct buf *out, const struct bars *bars)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

	term_blanks(out, 4);
	for (size_t i = 0; i < bars->count; i++)
		buf_put_text(out, bars->hits[i] == 0
					  ? " "
					  : blocks[(bars->hits[i] * 8 - 1) / bars->most]);
	buf_put_char(out, '\n');
}

// "Hits by day, 2026-11-03 to 2026-11-18 (UTC); most from 2026-11-12: 111"
static void put_timeline(const struct tallies *hours, const char *zone, size_t width,
			 struct buf *out)
{
	size_t room = width > 20 + 4 ? width - 4 : 20;
	size_t busiest = 0;
	struct bars bars;
	bool by_hour;

	if (hours->count == 0)
		return;
	fill_bars(hours, room < BARS_MOST ? room : BARS_MOST, &bars);
	by_hour = bars.span == 1;
	if (by_hour)
		buf_put_text(out, "Hits by hour, ");
	else if (bars.span == 24)
		buf_put_text(out, "Hits by day, ");
	else {
		buf_put_text(out, "Hits by ");
		human_number(out, bars.span / 24);
		buf_put_text(out, " days, ");
	}
	put_start(out, bars.first, by_hour);
	if (bars.count > 1) {
		buf_put_text(out, " to ");
		put_start(out, bars.last, by_hour);
	}
	for (size_t i = 1; i < bars.count; i++)
		busiest = bars.hits[i] > bars.hits[busiest] ? i : busiest;
	buf_printf(out, " (%s); most from ", zone);
	put_start(out, bars.first + busiest * bars.span, by_hour);
	buf_put_text(out, ": ");
	human_number(out, bars.most);
	buf_put_char(out, '\n');
	put_bars(out, &bars);
}

void summary_put(const struct summary *summary, size_t width, bool color, struct buf *out)
{
	if (width == 0)
		width = DEFAULT_WIDTH;
	if (summary->rules.count == 0)
		return;
	put_tallies(&summary->rules, "Hits by rule, the most severe first", RULES_SHOWN, true,
		    width, color, out);
	put_tallies(&summary->computers, "Hits by computer", COMPUTERS_SHOWN, false, width, color,
		    out);
	put_timeline(&summary->hours, zone_name(summary->zone), width, out);
	buf_put_char(out, '\n');
}
