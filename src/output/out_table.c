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

#include "base/tm.h"
#include "output/escape.h"
#include "output/json.h"
#include "output/output_internal.h"
#include "output/term.h"

#define TIME_WIDTH 19 // without the fraction
#define LEVEL_WIDTH 5
#define GAP 2
#define BEFORE_RULE (TIME_WIDTH + GAP + LEVEL_WIDTH + GAP)
#define NARROW 100 // columns; below, the second line begins further left
#define INDENT 4
#define COMPUTER_LEAST 17
#define COMPUTER_MOST 28

static void put(struct output_state *state, struct str text, size_t width, enum term_style style)
{
	bool styled = state->options.color && style != TERM_NONE;

	term_style(&state->text, styled, style);
	term_padded(&state->text, text, width);
	term_style(&state->text, styled, TERM_NONE);
}

// Columns of the computer and of the rule: a quarter and the rest.
static void widths(const struct output_state *state, size_t *rule, size_t *computer)
{
	size_t width = state->options.width;
	size_t room = width > BEFORE_RULE ? width - BEFORE_RULE : 0;

	*computer = room / 4;
	if (*computer < COMPUTER_LEAST)
		*computer = COMPUTER_LEAST;
	if (*computer > COMPUTER_MOST)
		*computer = COMPUTER_MOST;
	*rule = room > *computer + GAP + 20 ? room - *computer - GAP : 20;
}

static struct str short_time(uint64_t ticks, char text[TM_TEXT_SIZE])
{
	if (ticks == 0)
		return STR("-");
	tm_format(ticks, text);
	if (text[10] == 'T')
		text[10] = ' ';
	return (struct str){text, TIME_WIDTH};
}

static void put_head(struct output_state *state)
{
	size_t rule;
	size_t computer;

	widths(state, &rule, &computer);
	term_style(&state->text, state->options.color, TERM_BOLD);
	term_padded(&state->text, STR("TIME (UTC)"), TIME_WIDTH + GAP);
	term_padded(&state->text, STR("LEVEL"), LEVEL_WIDTH + GAP);
	term_padded(&state->text, STR("RULE"), rule + GAP);
	buf_put_text(&state->text, "COMPUTER");
	term_style(&state->text, state->options.color, TERM_NONE);
	buf_put_char(&state->text, '\n');
}

static void put_first(struct output_state *state, const struct hit *hit)
{
	bool suppressed = hit->suppressed_by.len != 0;
	char time[TM_TEXT_SIZE];
	struct buf title = {0};
	size_t rule;
	size_t computer;

	widths(state, &rule, &computer);
	buf_put_text(&title, suppressed ? "[suppressed] " : "");
	buf_put_str(&title, hit->rule_title);
	put(state, short_time(hit->time, time), TIME_WIDTH, TERM_NONE);
	term_blanks(&state->text, GAP);
	put(state, term_level_word(hit->level), LEVEL_WIDTH,
	    suppressed ? TERM_DIM : term_level_style(hit->level));
	term_blanks(&state->text, GAP);
	put(state, buf_str(&title), rule, suppressed ? TERM_DIM : TERM_BOLD);
	term_blanks(&state->text, GAP);
	escape_terminal_cut(&state->text, hit->computer, computer);
	buf_put_char(&state->text, '\n');
	buf_release(&title);
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

static void put_correlation(struct buf *out, const struct hit_correlation *correlation)
{
	char number[JSON_DOUBLE_SIZE];
	char first[TM_TEXT_SIZE];
	char last[TM_TEXT_SIZE];

	json_format_double(correlation->value, number);
	buf_put_str(out, correlation->type);
	buf_printf(out, " %s, %" PRIu64 " records, %.*s to %.*s", number, correlation->record_total,
		   STR_ARG(short_time(correlation->first, first)),
		   STR_ARG(short_time(correlation->last, last)));
}

// What has columns of its own is not told twice.
static bool is_told(struct str name)
{
	return str_eq(name, STR("EventID")) || str_eq(name, STR("Channel")) ||
	       str_eq(name, STR("Provider_Name"));
}

static void put_details(struct buf *out, const struct hit *hit)
{
	const char *join = "  ";

	for (size_t i = 0; i < hit->detail_count; i++) {
		if (is_told(hit->details[i].name))
			continue;
		buf_put_text(out, join);
		buf_put_str(out, hit->details[i].name);
		buf_put_text(out, ": ");
		buf_put_str(out, hit->details[i].value);
		join = " ¦ ";
	}
}

// What keeps a hit from being taken as it is.
static void put_doubts(struct output_state *state, const struct hit *hit, struct buf *line)
{
	if (hit->confirmed == CONFIRMED_DIFFERS)
		buf_put_text(line, "the second reader differs; ");
	if (hit->confirmed == CONFIRMED_UNREADABLE)
		buf_put_text(line, "unreadable for the second reader; ");
	if (hit->suppressed_by.len != 0) {
		buf_put_str(line, hit->suppressed_by);
		buf_put_text(line, "; ");
	}
	term_style(&state->text, state->options.color, line->len != 0 ? TERM_YELLOW : TERM_DIM);
}

static void put_second(struct output_state *state, const struct hit *hit)
{
	size_t width = state->options.width;
	size_t indent = width < NARROW ? INDENT : BEFORE_RULE;
	struct buf line = {0};

	term_blanks(&state->text, indent);
	put_doubts(state, hit, &line);
	put_event(&line, hit);
	if (hit->correlation != NULL) {
		buf_put_text(&line, line.len != 0 ? "  " : "");
		put_correlation(&line, hit->correlation);
	}
	put_details(&line, hit);
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
