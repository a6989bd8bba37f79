// SPDX-License-Identifier: Apache-2.0
// Hits as a table: two lines each, cut to the width of the terminal.
//
//	TIME (UTC)           LEVEL  RULE                                   COMPUTER
//	2026-11-03 02:14:09  high   DNS Zone Transfer Given To Client      dns1.corp.example
//	    DNSServer/Analytical 271  ClientAddress: 198.51.100.66 ¦ ZoneName: ...
//
// The first line says what happened, where and when, the second how it shows in
// the record. What is cut, and all else, stands in the other formats.
#include <inttypes.h>
#include <string.h>

#include "output/escape.h"
#include "output/json.h"
#include "output/output_internal.h"
#include "output/term.h"

#define TIME_WIDTH 19  // without the fraction
#define OFFSET_WIDTH 6 // of a zone that is not UTC
#define LEVEL_WIDTH 5
#define GAP 2
#define NARROW 100 // columns; below, the second line begins further left
#define INDENT 4
#define CONTEXT 40 // bytes of a value that are shown before what was found in it
#define COMPUTER_LEAST 17
#define COMPUTER_MOST 28

static void put(struct output_state *state, struct str text, size_t width, enum term_style style)
{
	bool styled = state->options.color && style != TERM_NONE;

	term_style(&state->text, styled, style);
	term_padded(&state->text, text, width);
	term_style(&state->text, styled, TERM_NONE);
}

static size_t time_width(const struct output_state *state)
{
	return zone_is_utc(state->options.zone) ? TIME_WIDTH : TIME_WIDTH + OFFSET_WIDTH;
}

// Where the rule begins, or the event, before which no level stands.
static size_t before_rule(const struct output_state *state)
{
	size_t time = time_width(state) + GAP;

	return state->options.records ? time : time + LEVEL_WIDTH + GAP;
}

// Columns of the computer and of the rule: a quarter and the rest.
static void widths(const struct output_state *state, size_t *rule, size_t *computer)
{
	size_t width = state->options.width;
	size_t before = before_rule(state);
	size_t room = width > before ? width - before : 0;

	*computer = room / 4;
	if (*computer < COMPUTER_LEAST)
		*computer = COMPUTER_LEAST;
	if (*computer > COMPUTER_MOST)
		*computer = COMPUTER_MOST;
	*rule = room > *computer + GAP + 20 ? room - *computer - GAP : 20;
}

static struct str short_time(const struct output_state *state, uint64_t ticks,
			     char text[ZONE_TEXT_SIZE])
{
	if (ticks == 0)
		return STR("-");
	return (struct str){text, zone_format_short(state->options.zone, ticks, text)};
}

// "TIME (UTC)"; the name of a zone stands where it has room, for each time has its offset.
static void put_time_head(struct output_state *state)
{
	struct str name = str_from(zone_name(state->options.zone));
	struct buf head = {0};

	buf_put_text(&head, "TIME");
	if (name.len + sizeof("TIME ()") - 1 <= time_width(state))
		buf_printf(&head, " (%.*s)", STR_ARG(name));
	term_padded(&state->text, buf_str(&head), time_width(state) + GAP);
	buf_release(&head);
}

static void put_head(struct output_state *state)
{
	size_t rule;
	size_t computer;

	widths(state, &rule, &computer);
	term_style(&state->text, state->options.color, TERM_BOLD);
	put_time_head(state);
	if (!state->options.records)
		term_padded(&state->text, STR("LEVEL"), LEVEL_WIDTH + GAP);
	term_padded(&state->text, state->options.records ? STR("EVENT") : STR("RULE"), rule + GAP);
	buf_put_text(&state->text, "COMPUTER");
	term_style(&state->text, state->options.color, TERM_NONE);
	buf_put_char(&state->text, '\n');
}

// "Sysmon/Operational 1": the name that most channels share says nothing.
static void put_event(struct buf *out, const struct hit *hit)
{
	static const struct str common = STR_INIT("Microsoft-Windows-");
	struct str channel = hit->channel;

	if (str_starts_nocase(channel, common))
		channel = str_sub(channel, common.len, channel.len);
	buf_put_str(out, channel);
	if (output_names_record(hit))
		buf_printf(out, " %" PRIu32, hit->event_id);
	if (hit->recovered)
		buf_put_text(out, " (carved)");
}

static void put_title(struct output_state *state, const struct hit *hit, size_t width)
{
	bool suppressed = hit->suppressed_by.len != 0;
	struct buf title = {0};

	if (state->options.records) {
		put_event(&title, hit);
	} else {
		put(state, term_level_word(hit->level), LEVEL_WIDTH,
		    suppressed ? TERM_DIM : term_level_style(hit->level));
		term_blanks(&state->text, GAP);
		buf_put_text(&title, suppressed ? "[suppressed] " : "");
		buf_put_str(&title, hit->rule_title);
	}
	put(state, buf_str(&title), width, suppressed ? TERM_DIM : TERM_BOLD);
	buf_release(&title);
}

static void put_first(struct output_state *state, const struct hit *hit)
{
	char time[ZONE_TEXT_SIZE];
	size_t rule;
	size_t computer;

	widths(state, &rule, &computer);
	put(state, short_time(state, hit->time, time), time_width(state), TERM_NONE);
	term_blanks(&state->text, GAP);
	put_title(state, hit, rule);
	term_blanks(&state->text, GAP);
	escape_terminal_cut(&state->text, hit->computer, computer);
	buf_put_char(&state->text, '\n');
}

static void put_correlation(const struct output_state *state, struct buf *out,
			    const struct hit_correlation *correlation)
{
	char number[JSON_DOUBLE_SIZE];
	char first[ZONE_TEXT_SIZE];
	char last[ZONE_TEXT_SIZE];

	json_format_double(correlation->value, number);
	buf_put_str(out, correlation->type);
	buf_printf(out, " %s, %" PRIu64 " records, %.*s to %.*s", number, correlation->record_total,
		   STR_ARG(short_time(state, correlation->first, first)),
		   STR_ARG(short_time(state, correlation->last, last)));
}

// What has columns of its own is not told twice.
static bool is_told(struct str name)
{
	return str_eq(name, STR("EventID")) || str_eq(name, STR("Channel")) ||
	       str_eq(name, STR("Provider_Name"));
}

static void put_details(struct buf *out, const struct hit *hit, const char **join)
{
	for (size_t i = 0; i < hit->detail_count; i++) {
		if (is_told(hit->details[i].name))
			continue;
		buf_put_text(out, *join);
		buf_put_str(out, hit->details[i].name);
		buf_put_text(out, ": ");
		buf_put_str(out, hit->details[i].value);
		*join = " ¦ ";
	}
}

// Who it was, and then how often: a narrow line shows no more.
static void put_alert(const struct output_state *state, struct buf *out, const struct hit *hit)
{
	const char *join;

	put_event(out, hit);
	join = out->len > 0 ? "  " : "";
	put_details(out, hit, &join);
	if (hit->correlation == NULL)
		return;
	buf_put_text(out, join);
	put_correlation(state, out, hit->correlation);
}

// The pattern of a keyword without its escapes.
static struct str plain_pattern(struct arena *arena, struct str pattern)
{
	char *out = arena_alloc(arena, pattern.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] == '\\' && i + 1 < pattern.len &&
		    memchr("\\*?", pattern.ptr[i + 1], 3) != NULL)
			i++;
		out[len++] = pattern.ptr[i];
	}
	return (struct str){out, len};
}

// From some characters before what was found: it may stand far inside a script.
static struct str around(struct arena *arena, struct str value, struct str pattern)
{
	struct str plain = plain_pattern(arena, pattern);

	for (size_t i = CONTEXT; plain.len > 0 && i + plain.len <= value.len; i++) {
		if (str_eq_nocase(str_sub(value, i, plain.len), plain))
			return str_sub(value, i - CONTEXT / 2, value.len);
	}
	return value;
}

// What several patterns matched is shown once.
static bool was_shown(const struct hit *hit, size_t match)
{
	for (size_t i = 0; i < match; i++) {
		if (str_eq(hit->matches[i].field, hit->matches[match].field) &&
		    str_eq(hit->matches[i].value, hit->matches[match].value))
			return true;
	}
	return false;
}

static void put_matches(struct output_state *state, struct buf *out, const struct hit *hit)
{
	for (size_t i = 0; i < hit->match_count; i++) {
		struct hit_pair pair = columns_match(hit, i);
		struct str shown = around(&state->arena, pair.value, hit->matches[i].pattern);

		if (was_shown(hit, i))
			continue;
		buf_put_text(out, out->len > 0 ? " ¦ " : "");
		buf_put_str(out, pair.name);
		buf_put_text(out, shown.len < pair.value.len ? ": …" : ": ");
		buf_put_str(out, shown);
	}
}

// What keeps a hit from being taken as it is.
static void put_doubts(struct output_state *state, const struct hit *hit, struct buf *line)
{
	if (hit->confirmed == CONFIRMED_DIFFERS)
		buf_put_text(line, "the second reader differs; ");
	if (hit->confirmed == CONFIRMED_UNREADABLE)
		buf_put_text(line, "unreadable for the second reader; ");
	if (hit->confirmed == CONFIRMED_RECOVERED)
		buf_put_text(line, "recovered; ");
	if (hit->suppressed_by.len != 0) {
		buf_put_str(line, hit->suppressed_by);
		buf_put_text(line, "; ");
	}
	term_style(&state->text, state->options.color, line->len != 0 ? TERM_YELLOW : TERM_DIM);
}

static void put_second(struct output_state *state, const struct hit *hit)
{
	size_t width = state->options.width;
	size_t indent = width < NARROW ? INDENT : before_rule(state);
	struct buf line = {0};

	term_blanks(&state->text, indent);
	put_doubts(state, hit, &line);
	if (state->options.records) {
		put_matches(state, &line, hit);
	} else {
		put_alert(state, &line, hit);
	}
	escape_terminal_cut(&state->text, buf_str(&line),
			    width > indent + 20 ? width - indent : 20);
	term_style(&state->text, state->options.color, TERM_NONE);
	buf_put_char(&state->text, '\n');
	buf_release(&line);
}

static void table_hit(struct output_state *state, const struct hit *hit)
{
	if (state->hits == 0)
		put_head(state);
	put_first(state, hit);
	put_second(state, hit);
}

const struct output_driver output_table = {
	.name = STR_INIT("table"),
	.hit = table_hit,
};
