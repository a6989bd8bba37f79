// SPDX-License-Identifier: Apache-2.0
// Sections as tables, CSV and JSON lines.
//
// In a table the columns of a group stay on one line of the row, and a line
// takes as many groups as fit; heading and rows are laid out alike:
//
//	steps: 1 step back
//	    BackSeconds  FromID  ToID
//	        Channel   Computer
//	        FromTime                      ToTime
//	  36000.0000000      41    42
//	        Security  ws17.corp.example
//	        2026-11-03T12:14:09.7340981Z  2026-11-03T02:14:09.7340981Z
#include <inttypes.h>
#include <string.h>

#include "metrics/internal.h"
#include "output/escape.h"
#include "output/human.h"
#include "output/json.h"

#define DEFAULT_WIDTH 80
#define INDENT 2      // of a row
#define CONTINUED 8   // of its further lines
#define GAP 2	      // between columns
#define TEXT_LEAST 12 // columns that a text keeps when room is short

static const struct section *const sections[METRICS_SECTIONS] = {
	[METRICS_CHANNELS] = &section_channels,	  [METRICS_EVENTS] = &section_events,
	[METRICS_COMPUTERS] = &section_computers, [METRICS_PROVIDERS] = &section_providers,
	[METRICS_GAPS] = &section_gaps,		  [METRICS_STEPS] = &section_steps,
	[METRICS_CLEARS] = &section_clears,	  [METRICS_LOGONS] = &section_logons,
};

bool metrics_parse_section(struct str name, enum metrics_section *out)
{
	for (int i = 0; i < METRICS_SECTIONS; i++) {
		if (str_eq_nocase(name, sections[i]->name)) {
			*out = (enum metrics_section)i;
			return true;
		}
	}
	return false;
}

struct cell cell_text(struct str text)
{
	return (struct cell){.text = text};
}

struct cell cell_number(uint64_t number)
{
	return (struct cell){.number = number, .is_known = true};
}

struct cell cell_time(uint64_t ticks)
{
	return (struct cell){.number = ticks, .is_known = ticks != 0};
}

int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

void put_count(struct buf *out, uint64_t count, const char *one, const char *many)
{
	human_number(out, count);
	buf_printf(out, " %s", count == 1 ? one : many);
}

// The cells of row `index`.
static void fill(const struct metrics *metrics, const struct section *section,
		 const struct rows *rows, size_t index, struct arena *arena,
		 struct cell cells[ROWS_COLUMNS])
{
	memset(cells, 0, ROWS_COLUMNS * sizeof(*cells));
	section->fill(metrics, (const char *)rows->items + index * rows->size, arena, cells);
}

static void put_decimal(struct buf *out, uint64_t number, uint64_t unit, int digits)
{
	buf_printf(out, "%" PRIu64 ".%0*" PRIu64, number / unit, digits, number % unit);
}

// Of a known cell that is no text; never anything to escape.
static void put_plain(struct buf *out, const struct metrics *metrics, enum column_type type,
		      uint64_t number)
{
	char text[ZONE_TEXT_SIZE];

	if (type == COLUMN_TIME)
		buf_put(out, text, zone_format(metrics->zone, number, text));
	else if (type == COLUMN_PERCENT)
		put_decimal(out, number, 100, 2);
	else if (type == COLUMN_SECONDS)
		put_decimal(out, number, TM_TICKS_PER_SECOND, 7);
	else
		buf_printf(out, "%" PRIu64, number);
}

static bool is_text(const struct column *column)
{
	return column->type == COLUMN_TEXT || column->type == COLUMN_PATH;
}

// ---- CSV and JSON -------------------------------------------------------

static void put_csv_row(const struct metrics *metrics, const struct section *section,
			const struct cell *cells, struct buf *out)
{
	for (size_t i = 0; i < section->column_count; i++) {
		if (i > 0)
			buf_put_char(out, ',');
		if (is_text(&section->columns[i]))
			escape_csv(out, cells[i].text);
		else if (cells[i].is_known)
			put_plain(out, metrics, section->columns[i].type, cells[i].number);
	}
	buf_put_text(out, "\r\n");
}

void metrics_put_csv(const struct metrics *metrics, enum metrics_section id, struct buf *out)
{
	const struct section *section = sections[id];
	struct cell cells[ROWS_COLUMNS];
	struct arena arena = {0};
	struct arena texts = {0};
	struct rows rows = section->rows(metrics, &arena);

	for (size_t i = 0; i < section->column_count; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", section->columns[i].name);
	buf_put_text(out, "\r\n");
	for (size_t i = 0; i < rows.count; i++) {
		arena_reset(&texts);
		fill(metrics, section, &rows, i, &texts, cells);
		put_csv_row(metrics, section, cells, out);
	}
	arena_release(&arena);
	arena_release(&texts);
}

static void put_json_cell(struct json *json, const struct column *column, const struct cell *cell)
{
	json_key(json, str_from(column->name));
	if (is_text(column))
		json_str(json, cell->text);
	else if (!cell->is_known)
		json_null(json);
	else if (column->type == COLUMN_TIME)
		json_time(json, cell->number);
	else if (column->type == COLUMN_PERCENT)
		json_double(json, (double)cell->number / 100);
	else if (column->type == COLUMN_SECONDS)
		json_double(json, (double)cell->number / (double)TM_TICKS_PER_SECOND);
	else
		json_u64(json, cell->number);
}

void metrics_put_jsonl(const struct metrics *metrics, enum metrics_section id, struct buf *out)
{
	const struct section *section = sections[id];
	struct cell cells[ROWS_COLUMNS];
	struct arena arena = {0};
	struct arena texts = {0};
	struct rows rows = section->rows(metrics, &arena);

	for (size_t i = 0; i < rows.count; i++) {
		struct json json = {.out = out, .zone = metrics->zone};

		arena_reset(&texts);
		fill(metrics, section, &rows, i, &texts, cells);
		json_open(&json, '{');
		json_put_str(&json, "Section", section->name);
		for (size_t k = 0; k < section->column_count; k++)
			put_json_cell(&json, &section->columns[k], &cells[k]);
		json_close(&json, '}');
		buf_put_char(out, '\n');
	}
	arena_release(&arena);
	arena_release(&texts);
}

// ---- tables -------------------------------------------------------------

// What is shown of a section, and where.
struct table {
	const struct section *section;
	struct str *texts; // of `count` rows, row by row
	size_t count;
	size_t width; // of the terminal
	size_t widths[ROWS_COLUMNS];
	bool begins_line[ROWS_COLUMNS];
};

static struct str plain_text(const struct metrics *metrics, const struct column *column,
			     const struct cell *cell, struct arena *arena, struct buf *scratch)
{
	if (is_text(column))
		return cell->text.len > 0 ? cell->text : STR("-");
	if (!cell->is_known)
		return STR("-");
	buf_reset(scratch);
	put_plain(scratch, metrics, column->type, cell->number);
	return arena_str(arena, buf_str(scratch));
}

static void make_texts(const struct metrics *metrics, struct table *table, const struct rows *rows,
		       struct arena *arena)
{
	const struct section *section = table->section;
	struct cell cells[ROWS_COLUMNS];
	struct buf scratch = {0};
	struct str *text;

	table->texts = arena_array(arena, table->count * section->column_count, sizeof(*text));
	text = table->texts;
	for (size_t i = 0; i < table->count; i++) {
		fill(metrics, section, rows, i, arena, cells);
		for (size_t k = 0; k < section->column_count; k++)
			*text++ = plain_text(metrics, &section->columns[k], &cells[k], arena,
					     &scratch);
	}
	buf_release(&scratch);
}

static void measure(struct table *table)
{
	size_t columns = table->section->column_count;

	for (size_t k = 0; k < columns; k++)
		table->widths[k] = strlen(table->section->columns[k].name);
	for (size_t i = 0; i < table->count * columns; i++) {
		size_t width = escape_terminal_width(table->texts[i]);

		if (width > table->widths[i % columns])
			table->widths[i % columns] = width;
	}
}

// Behind the last column of the group that begins at `from`.
static size_t group_end(const struct table *table, size_t from)
{
	size_t to = from + 1;

	while (to < table->section->column_count && !table->section->columns[to].begins_group)
		to++;
	return to;
}

static size_t sum_widths(const struct table *table, size_t from, size_t to)
{
	size_t sum = (to - from - 1) * GAP;

	for (size_t k = from; k < to; k++)
		sum += table->widths[k];
	return sum;
}

// The widest text of the group; SIZE_MAX when none can be cut further.
static size_t find_widest(const struct table *table, size_t from, size_t to)
{
	size_t widest = SIZE_MAX;

	for (size_t k = from; k < to; k++) {
		if (is_text(&table->section->columns[k]) && table->widths[k] > TEXT_LEAST &&
		    (widest == SIZE_MAX || table->widths[k] > table->widths[widest]))
			widest = k;
	}
	return widest;
}

// Texts may be as wide as a record: what no line can hold is cut at once, the
// rest column by column.
static void shrink(struct table *table, size_t from, size_t to, size_t room)
{
	size_t widest;

	for (size_t k = from; k < to; k++) {
		if (is_text(&table->section->columns[k]) && table->widths[k] > room)
			table->widths[k] = room > TEXT_LEAST ? room : TEXT_LEAST;
	}
	while (sum_widths(table, from, to) > room &&
	       (widest = find_widest(table, from, to)) != SIZE_MAX)
		table->widths[widest]--;
}

static void lay_out(struct table *table)
{
	size_t at = 0; // the column of the terminal

	for (size_t from = 0; from < table->section->column_count;) {
		size_t to = group_end(table, from);
		size_t indent = from == 0 ? INDENT : CONTINUED;
		size_t room = table->width > indent ? table->width - indent : 0;

		table->begins_line[from] =
			from == 0 || at + GAP + sum_widths(table, from, to) > table->width;
		if (table->begins_line[from]) {
			shrink(table, from, to, room);
			at = indent;
		} else {
			at += GAP;
		}
		at += sum_widths(table, from, to);
		from = to;
	}
}

static void put_blanks(struct buf *out, size_t count)
{
	while (count-- > 0)
		buf_put_char(out, ' ');
}

static bool ends_line(const struct table *table, size_t column)
{
	return column + 1 == table->section->column_count || table->begins_line[column + 1];
}

// Numbers are flush right, texts flush left.
static void put_cell(const struct table *table, size_t column, struct str text, struct buf *out)
{
	const struct column *shape = &table->section->columns[column];
	size_t width = table->widths[column];
	size_t used;

	if (!is_text(shape) && shape->type != COLUMN_TIME) {
		put_blanks(out, width - escape_terminal_width(text));
		escape_terminal(out, text);
		return;
	}
	if (shape->type == COLUMN_PATH)
		used = escape_terminal_tail(out, text, width);
	else
		used = escape_terminal_cut(out, text, width);
	if (!ends_line(table, column))
		put_blanks(out, width - used);
}

static void put_row(const struct table *table, const struct str *texts, struct buf *out)
{
	for (size_t k = 0; k < table->section->column_count; k++) {
		if (k > 0 && table->begins_line[k])
			buf_put_char(out, '\n');
		put_blanks(out, k == 0 ? INDENT : table->begins_line[k] ? CONTINUED : GAP);
		put_cell(table, k, texts[k], out);
	}
	buf_put_char(out, '\n');
}

static void put_names(const struct table *table, struct buf *out)
{
	struct str names[ROWS_COLUMNS];

	for (size_t k = 0; k < table->section->column_count; k++)
		names[k] = str_from(table->section->columns[k].name);
	put_row(table, names, out);
}

static void put_section(const struct metrics *metrics, const struct section *section,
			const struct metrics_look *look, struct buf *out)
{
	struct arena arena = {0};
	struct rows rows = section->rows(metrics, &arena);
	struct table table = {
		.section = section,
		.count = rows.count < look->most ? rows.count : (size_t)look->most,
		.width = look->width != 0 ? look->width : DEFAULT_WIDTH,
	};

	buf_printf(out, "%.*s: ", STR_ARG(section->name));
	section->sum(metrics, rows.count, out);
	buf_put_char(out, '\n');
	if (table.count > 0) {
		make_texts(metrics, &table, &rows, &arena);
		measure(&table);
		lay_out(&table);
		put_names(&table, out);
	}
	for (size_t i = 0; i < table.count; i++)
		put_row(&table, &table.texts[i * section->column_count], out);
	if (table.count < rows.count) {
		buf_put_text(out, "  and ");
		human_number(out, rows.count - table.count);
		buf_put_text(out, " more\n");
	}
	arena_release(&arena);
}

void metrics_put_table(const struct metrics *metrics, const struct metrics_look *look,
		       struct buf *out)
{
	bool is_first = true;

	for (int i = 0; i < METRICS_SECTIONS; i++) {
		if ((look->sections & METRICS_BIT(i)) == 0)
			continue;
		if (!is_first)
			buf_put_char(out, '\n');
		is_first = false;
		put_section(metrics, sections[i], look, out);
	}
}
