// SPDX-License-Identifier: Apache-2.0
// Hits with all that is known of them, for reading.
//
//	2026-11-23T14:18:52.1234567Z  high      dc01.corp.example  Zone transfer
//	    event   Microsoft-Windows-DNSServer/Audit 6001, record 4711, dc01/audit.evtx
//	    Source  192.0.2.66
//	    rule    risk 90, 5b0c..., t1596_001/zone_transfer.yml, attack.t1596.001
//
// A title that does not fit goes below. Names in lower case are ours, the
// others those of the event. A value that takes more than VALUE_LINES lines is
// cut and says how many bytes are missing (CSV and JSON have them).
#include <inttypes.h>

#include "output/escape.h"
#include "output/json.h"
#include "output/output_internal.h"
#include "output/term.h"

#define INDENT 4
#define GAP 2
#define NAME_WIDTH 20  // of the names in front of values, at most
#define TIME_WIDTH 28  // what zone_format() gives for UTC
#define OFFSET_WIDTH 5 // in place of the Z
#define LEVEL_WIDTH 4
#define TEXT_WIDTH 24 // a wrapped text gets at least this, even past the width
#define VALUE_LINES 6
#define VALUES_SHOWN 10 // distinct values of a correlation
#define CUT_NOTE 22	// columns of "… [+n bytes]"

// A line below the header: a name and a value.
struct row {
	struct str name, value;
	enum term_style style;
};

// Where a line of at most `room` columns that begins at `at` ends: behind the
// last blank of its second half, or just at the edge. Always moves on.
static size_t line_end(struct str text, size_t at, size_t room)
{
	size_t used;
	size_t end = escape_terminal_fit(text, at, room, &used);

	if (end == text.len)
		return end;
	if (end == at)
		glyph_next(text, &end);
	for (size_t i = end; i > at + (end - at) / 2; i--) {
		if (text.ptr[i - 1] == ' ')
			return i;
	}
	return end;
}

// Blanks at a line's end show nothing.
static struct str trim_blanks(struct str line)
{
	while (line.len != 0 && line.ptr[line.len - 1] == ' ')
		line.len--;
	return line;
}

// `text` on at most `lines` lines that begin at column `column`, where the
// cursor is. Ends the last line.
static void put_wrapped(struct output_state *state, struct str text, size_t column, size_t lines)
{
	size_t width = state->options.width;
	size_t room = width > column + TEXT_WIDTH ? width - column : TEXT_WIDTH;
	size_t at = 0;

	for (size_t line = 0; at < text.len; line++) {
		bool last = line + 1 == lines;
		size_t used;
		size_t end = line_end(text, at, room);

		if (line != 0)
			term_blanks(&state->text, column);
		if (last && end < text.len && room > CUT_NOTE)
			end = escape_terminal_fit(text, at, room - CUT_NOTE, &used);
		escape_terminal(&state->text, trim_blanks(str_sub(text, at, end - at)));
		at = end;
		if (last && at < text.len) {
			buf_printf(&state->text, "… [+%zu bytes]", text.len - at);
			break;
		}
		if (at < text.len)
			buf_put_char(&state->text, '\n');
	}
	buf_put_char(&state->text, '\n');
}

// The title behind what takes `column` columns, or below when it is too long.
static void put_title(struct output_state *state, struct str title, size_t column)
{
	bool below = column + GAP + escape_terminal_width(title) > state->options.width;

	if (below)
		buf_put_char(&state->text, '\n');
	term_blanks(&state->text, below ? INDENT : GAP);
	column = below ? INDENT : column + GAP;
	put_wrapped(state, title, column, VALUE_LINES);
}

// Time, level, computer, title.
static void put_header(struct output_state *state, const struct hit *hit)
{
	struct buf *out = &state->text;
	bool suppressed = hit->suppressed_by.len != 0;
	size_t time_width = TIME_WIDTH + (zone_is_utc(state->options.zone) ? 0 : OFFSET_WIDTH);
	size_t column = time_width + GAP + LEVEL_WIDTH;
	size_t room = TEXT_WIDTH;
	char time[ZONE_TEXT_SIZE] = "-";
	struct buf title = {0};

	if (state->options.width > column + GAP + room)
		room = state->options.width - column - GAP;
	if (hit->time != 0)
		zone_format(state->options.zone, hit->time, time);
	term_padded(out, str_from(time), time_width);
	term_blanks(out, GAP);
	term_style(&state->text, state->options.color,
		   suppressed ? TERM_DIM : term_level_style(hit->level));
	term_padded(out, term_level_word(hit->level), LEVEL_WIDTH);
	term_style(&state->text, state->options.color, TERM_NONE);
	if (hit->computer.len != 0) {
		term_blanks(out, GAP);
		column += GAP + escape_terminal_cut(out, hit->computer, room);
	}
	buf_put_text(&title, suppressed ? "[suppressed] " : "");
	buf_put_str(&title, hit->rule_title);
	term_style(&state->text, state->options.color, suppressed ? TERM_DIM : TERM_BOLD);
	put_title(state, buf_str(&title), column);
	term_style(&state->text, state->options.color, TERM_NONE);
	buf_release(&title);
}

// The rows are built in the arena; `scratch` is emptied into each.
struct rows {
	struct arena *arena;
	struct row *items;
	size_t count;
	struct buf scratch;
};

static void add_row(struct rows *rows, struct str name, struct str value, enum term_style style)
{
	rows->items[rows->count++] = (struct row){name, value, style};
}

static void add_scratch(struct rows *rows, struct str name, enum term_style style)
{
	add_row(rows, name, arena_str(rows->arena, buf_str(&rows->scratch)), style);
	buf_reset(&rows->scratch);
}

static void join(struct buf *out, struct str text)
{
	if (text.len == 0)
		return;
	if (out->len != 0)
		buf_put_text(out, ", ");
	buf_put_str(out, text);
}

// Where the record is and whether both readers agree on it.
static void add_source(struct rows *rows, const struct hit *hit)
{
	struct buf *out = &rows->scratch;

	buf_put_str(out, hit->channel);
	if (output_names_record(hit)) {
		buf_printf(out, "%s%" PRIu32 ", record %" PRIu64, out->len != 0 ? " " : "",
			   hit->event_id, hit->record_id);
		if (hit->recovered)
			buf_put_text(out, " (carved)");
	}
	join(out, hit->evtx_file);
	if (out->len != 0)
		add_scratch(rows, STR("event"), TERM_NONE);
	if (hit->recovered_from.len != 0)
		add_row(rows, STR("recovered"), hit->recovered_from, TERM_YELLOW);
	else if (hit->confirmed >= CONFIRMED_DIFFERS)
		add_row(rows, STR("confirmed"), output_confirmed_name(hit->confirmed), TERM_YELLOW);
}

static void add_rule(struct rows *rows, const struct hit *hit)
{
	struct buf *out = &rows->scratch;

	if (hit->risk_score >= 0)
		buf_printf(out, "risk %d", hit->risk_score);
	join(out, hit->rule_id);
	join(out, hit->rule_file);
	for (size_t i = 0; i < hit->tag_count; i++)
		join(out, hit->tags[i]);
	if (out->len != 0)
		add_scratch(rows, STR("rule"), TERM_DIM);
	if (hit->suppressed_by.len != 0)
		add_row(rows, STR("suppressed by"), hit->suppressed_by, TERM_NONE);
}

static void put_time(struct buf *out, const struct zone *zone, const char *label, uint64_t ticks)
{
	char text[ZONE_TEXT_SIZE] = "-";

	if (ticks != 0)
		zone_format(zone, ticks, text);
	buf_printf(out, "%s%s", label, text);
}

static void add_correlation(struct rows *rows, const struct zone *zone,
			    const struct hit_correlation *correlation)
{
	struct buf *out = &rows->scratch;
	char number[JSON_DOUBLE_SIZE];
	size_t shown =
		correlation->value_count < VALUES_SHOWN ? correlation->value_count : VALUES_SHOWN;

	json_format_double(correlation->value, number);
	buf_put_str(out, correlation->type);
	buf_printf(out, " %s, %" PRIu64 " records", number, correlation->record_total);
	for (size_t i = 0; i < correlation->group_count; i++) {
		join(out, correlation->group[i].name);
		buf_put_char(out, '=');
		buf_put_str(out, correlation->group[i].value);
	}
	add_scratch(rows, STR("correlation"), TERM_NONE);
	put_time(out, zone, "", correlation->first);
	put_time(out, zone, " to ", correlation->last);
	put_time(out, zone, ", reached ", correlation->trigger);
	add_scratch(rows, STR("window"), TERM_NONE);
	if (shown == 0)
		return;
	for (size_t i = 0; i < shown; i++)
		join(out, correlation->values[i]);
	if (correlation->value_total > shown)
		buf_printf(out, " and %" PRIu64 " more", correlation->value_total - shown);
	add_scratch(rows, STR("values"), TERM_NONE);
}

static size_t name_width(const struct rows *rows)
{
	size_t widest = 0;

	for (size_t i = 0; i < rows->count; i++) {
		size_t width = escape_terminal_width(rows->items[i].name);

		widest = width > widest ? width : widest;
	}
	return widest < NAME_WIDTH ? widest : NAME_WIDTH;
}

static void put_rows(struct output_state *state, const struct rows *rows)
{
	size_t width = name_width(rows);

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];

		term_blanks(&state->text, INDENT);
		term_style(&state->text, state->options.color, TERM_DIM);
		term_padded(&state->text, row->name, width);
		term_style(&state->text, state->options.color, TERM_NONE);
		term_blanks(&state->text, GAP);
		term_style(&state->text, state->options.color, row->style);
		put_wrapped(state, row->value, INDENT + width + GAP, VALUE_LINES);
		term_style(&state->text, state->options.color, TERM_NONE);
	}
}

static void list_hit(struct output_state *state, const struct hit *hit)
{
	enum {
		OTHER_ROWS = 7
	}; // source, confirmed or recovered, 3 of correlations, rule, suppressed
	struct rows rows = {.arena = &state->arena};

	rows.items = arena_array(&state->arena, hit->detail_count + OTHER_ROWS, sizeof(struct row));
	if (state->hits != 0)
		buf_put_char(&state->text, '\n');
	put_header(state, hit);
	add_source(&rows, hit);
	for (size_t i = 0; i < hit->detail_count; i++)
		add_row(&rows, hit->details[i].name, hit->details[i].value, TERM_NONE);
	if (hit->correlation != NULL)
		add_correlation(&rows, state->options.zone, hit->correlation);
	add_rule(&rows, hit);
	put_rows(state, &rows);
	buf_release(&rows.scratch);
}

const struct output_driver output_list = {
	.name = STR_INIT("list"),
	.hit = list_hit,
};
