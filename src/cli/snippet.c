// SPDX-License-Identifier: Apache-2.0
// The line that a diagnostic is about, with a caret.
#include "base/embedded.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "output/escape.h"

#define INDENT "    "
#define WIDTH_MOST 140 // columns of a line that are shown
#define CARET_MOST 100 // a caret behind them makes the line begin later
#define CONTEXT 40     // this many columns before it
#define TAB_STOP 8

#define BUILTIN "builtin:"

void snippets_release(struct snippets *snippets)
{
	buf_release(&snippets->text);
}

static void read_text(struct snippets *s, struct str path)
{
	const struct embedded_file *file;
	struct buf name = {0};

	if (s->path.len > 0 && str_eq(s->path, path))
		return;
	buf_reset(&s->text);
	s->path = path;
	buf_printf(&name, "%.*s", STR_ARG(path)); // ends with a NUL
	file = str_starts(path, STR(BUILTIN)) ? embedded_find(name.ptr + sizeof(BUILTIN) - 1)
					      : NULL;
	if (file != NULL)
		buf_put(&s->text, file->data, file->size);
	s->readable = file != NULL || file_read(name.ptr, LIMIT_YAML_FILE, &s->text, NULL) == RC_OK;
	buf_release(&name);
}

// Behind the line end at `at`, `at` itself when there is none. YAML 1.1 knows
// three more than the usual ones.
static size_t skip_line_end(struct str text, size_t at)
{
	size_t next = at;
	uint32_t cp = utf8_next(text, &next);

	if (cp == '\r')
		return next < text.len && text.ptr[next] == '\n' ? next + 1 : next;
	return cp == '\n' || cp == 0x85 || cp == 0x2028 || cp == 0x2029 ? next : at;
}

static bool find_line(struct str text, unsigned wanted, struct str *out)
{
	size_t start = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
	unsigned line = 1;

	for (size_t at = start; at < text.len;) {
		size_t next = skip_line_end(text, at);

		if (next == at) {
			utf8_next(text, &at);
			continue;
		}
		if (line == wanted) {
			*out = str_sub(text, start, at - start);
			return true;
		}
		line++;
		start = at = next;
	}
	*out = str_sub(text, start, SIZE_MAX);
	return line == wanted;
}

// The character at `*at`, a tab as blanks up to the next stop.
static struct glyph next_glyph(struct str line, size_t *at, size_t column)
{
	struct glyph blanks = {"        ", 0, 0};

	if (line.ptr[*at] != '\t')
		return glyph_next(line, at);
	(*at)++;
	blanks.len = blanks.width = (unsigned char)(TAB_STOP - column % TAB_STOP);
	return blanks;
}

// Columns before code point `col` (from 1).
static size_t column_of(struct str line, unsigned col)
{
	size_t column = 0;
	size_t at = 0;

	for (unsigned i = 1; i < col && at < line.len; i++) {
		size_t next = at;

		column += next_glyph(line, &at, column).width;
		utf8_next(line, &next); // a glyph is one code point
		at = next;
	}
	return column;
}

// The columns from `from` on, as many as are shown.
static void put_line(struct buf *out, struct str line, size_t from)
{
	size_t column = 0;

	buf_put_text(out, INDENT);
	buf_put_text(out, from > 0 ? "…" : "");
	for (size_t at = 0; at < line.len;) {
		struct glyph glyph = next_glyph(line, &at, column);

		if (column >= from + WIDTH_MOST) {
			buf_put_text(out, "…");
			break;
		}
		if (column >= from)
			buf_put(out, glyph.text, glyph.len);
		column += glyph.width;
	}
	buf_put_char(out, '\n');
}

// The column at or behind `wanted` where a character begins.
static size_t begin_near(struct str line, size_t wanted)
{
	size_t column = 0;

	for (size_t at = 0; at < line.len && column < wanted;)
		column += next_glyph(line, &at, column).width;
	return column;
}

void snippets_put(struct snippets *snippets, const struct diag *diag, struct buf *out)
{
	struct str line;
	size_t caret;
	size_t from;

	if (diag->line == 0)
		return;
	read_text(snippets, diag->path);
	if (!snippets->readable || !find_line(buf_str(&snippets->text), diag->line, &line))
		return;
	caret = column_of(line, diag->col);
	from = caret > CARET_MOST ? begin_near(line, caret - CONTEXT) : 0;
	put_line(out, line, from);
	buf_put_text(out, INDENT);
	for (size_t i = from > 0 ? from - 1 : 0; i < caret; i++)
		buf_put_char(out, ' ');
	buf_put_text(out, "^\n");
}
