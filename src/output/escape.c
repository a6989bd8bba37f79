// SPDX-License-Identifier: Apache-2.0
// Escaping for CSV, JSON, XML, HTML and terminals.
#include "output/escape.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define REPLACEMENT 0xFFFDu
#define BROKEN_BAR 0xA6u
// Combining marks shown on one character; a flood of them would fill the
// screen while it counts as no column at all.
#define MARKS_PER_COLUMN 4

// The next code point; whatever is not Unicode text gives U+FFFD.
static uint32_t next_cp(struct str s, size_t *at)
{
	uint32_t cp = utf8_next(s, at);

	if (cp == TEXT_INVALID || (cp >= 0xD800 && cp <= 0xDFFF))
		return REPLACEMENT;
	return cp;
}

static bool is_printable(char c)
{
	return c >= 0x20 && c < 0x7F;
}

// Printable ASCII that means itself in CSV and JSON: copied in runs.
static bool is_plain(char c)
{
	return is_printable(c) && c != '"' && c != '\\';
}

static size_t plain_run(struct str s, size_t at)
{
	size_t end = at;

	while (end < s.len && is_plain(s.ptr[end]))
		end++;
	return end - at;
}

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

// U+2028 and U+2029 end a line for many readers of CSV and for JavaScript.
static bool is_separator(uint32_t cp)
{
	return cp == 0x2028 || cp == 0x2029;
}

// The visible form of a character that must not appear itself, as
// \n \r \t \xNN \uNNNN \UNNNNNNNN; returns its length (at most 10).
static size_t visible(char out[12], uint32_t cp)
{
	if (cp == '\n' || cp == '\r' || cp == '\t')
		return (size_t)snprintf(out, 12, "\\%c", cp == '\n' ? 'n' : cp == '\r' ? 'r' : 't');
	if (cp < 0x100)
		return (size_t)snprintf(out, 12, "\\x%02x", (unsigned)cp);
	if (cp < 0x10000)
		return (size_t)snprintf(out, 12, "\\u%04x", (unsigned)cp);
	return (size_t)snprintf(out, 12, "\\U%08x", (unsigned)cp);
}

// Spreadsheets in Japanese or Chinese also read the full-width forms.
static bool is_formula(struct str value)
{
	static const uint32_t starts[] = {'=',	'+',	'-',	'@',	'\t',
					  '\r', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
	size_t at = 0;
	uint32_t cp;

	if (value.len == 0)
		return false;
	cp = next_cp(value, &at);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (starts[i] == cp)
			return true;
	}
	return false;
}

// Semicolons and blanks at the ends are quoted for readers that split or trim
// at them.
static bool needs_quotes(struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '"' || c == ',' || c == ';')
			return true;
	}
	return value.len != 0 && (value.ptr[0] == ' ' || value.ptr[value.len - 1] == ' ');
}

static void csv_text(struct buf *out, struct str value, bool is_part)
{
	for (size_t at = 0; at < value.len;) {
		size_t run = plain_run(value, at);
		char text[12];
		uint32_t cp;

		buf_put(out, value.ptr + at, run);
		at += run;
		if (at == value.len)
			break;
		cp = next_cp(value, &at);
		if (cp == '"')
			buf_put_text(out, "\"\"");
		else if (is_control(cp) || is_separator(cp) || (is_part && cp == BROKEN_BAR))
			buf_put(out, text, visible(text, cp));
		else
			buf_put_cp(out, cp);
	}
}

void escape_csv(struct buf *out, struct str value)
{
	if (needs_quotes(value)) {
		escape_csv_open(out, value);
		csv_text(out, value, false);
		escape_csv_close(out);
		return;
	}
	if (is_formula(value))
		buf_put_char(out, '\'');
	csv_text(out, value, false);
}

void escape_csv_open(struct buf *out, struct str first)
{
	buf_put_char(out, '"');
	if (is_formula(first))
		buf_put_char(out, '\'');
}

void escape_csv_put(struct buf *out, struct str value)
{
	csv_text(out, value, true);
}

void escape_csv_close(struct buf *out)
{
	buf_put_char(out, '"');
}

static void json_special(struct buf *out, uint32_t cp)
{
	static const char shorts[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *found = cp != 0 && cp < 0x80 ? strchr(shorts, (int)cp) : NULL;

	if (found != NULL) {
		buf_put_char(out, '\\');
		buf_put_char(out, letters[found - shorts]);
	} else if (is_control(cp) || is_separator(cp)) {
		buf_printf(out, "\\u%04x", (unsigned)cp);
	} else {
		buf_put_cp(out, cp);
	}
}

void escape_json(struct buf *out, struct str value)
{
	buf_put_char(out, '"');
	for (size_t at = 0; at < value.len;) {
		size_t run = plain_run(value, at);

		buf_put(out, value.ptr + at, run);
		at += run;
		if (at < value.len)
			json_special(out, next_cp(value, &at));
	}
	buf_put_char(out, '"');
}

static void xml_special(struct buf *out, uint32_t cp)
{
	switch (cp) {
	case '&':
		buf_put_text(out, "&amp;");
		return;
	case '<':
		buf_put_text(out, "&lt;");
		return;
	case '>':
		buf_put_text(out, "&gt;");
		return;
	case '"':
		buf_put_text(out, "&quot;");
		return;
	default:
		break;
	}
	if ((cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') || cp == 0xFFFE || cp == 0xFFFF)
		buf_put_cp(out, REPLACEMENT);
	else if (is_control(cp) || is_separator(cp))
		buf_printf(out, "&#%u;", (unsigned)cp);
	else
		buf_put_cp(out, cp);
}

static bool is_xml_plain(char c)
{
	return is_printable(c) && c != '&' && c != '<' && c != '>' && c != '"';
}

void escape_xml(struct buf *out, struct str value)
{
	for (size_t at = 0; at < value.len;) {
		size_t start = at;

		while (at < value.len && is_xml_plain(value.ptr[at]))
			at++;
		buf_put(out, value.ptr + start, at - start);
		if (at < value.len)
			xml_special(out, next_cp(value, &at));
	}
}

static void put_percent(struct buf *out, char c)
{
	buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

void escape_uri_path(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		if (ascii_is_alnum(path.ptr[i]) || is_one_of(path.ptr[i], "/-._~"))
			buf_put_char(out, path.ptr[i]);
		else
			put_percent(out, path.ptr[i]);
	}
}

static bool is_percent_escape(struct str s, size_t at)
{
	return s.len - at > 2 && ascii_hex(s.ptr[at + 1]) >= 0 && ascii_hex(s.ptr[at + 2]) >= 0;
}

void escape_uri(struct buf *out, struct str uri)
{
	bool in_fragment = false;

	for (size_t i = 0; i < uri.len; i++) {
		char c = uri.ptr[i];
		bool keep = ascii_is_alnum(c) || is_one_of(c, "-._~:/?@!$&'()*+,;=");

		if (c == '%')
			keep = is_percent_escape(uri, i);
		if (c == '#') {
			keep = !in_fragment;
			in_fragment = true;
		}
		if (keep)
			buf_put_char(out, c);
		else
			put_percent(out, c);
	}
}

void escape_script(struct buf *out, struct str json)
{
	size_t start = 0;

	for (size_t at = 0; at < json.len; at++) {
		char c = json.ptr[at];

		if (c != '<' && c != '>' && c != '&')
			continue;
		buf_put(out, json.ptr + start, at - start);
		buf_printf(out, "\\u%04x", (unsigned)c);
		start = at + 1;
	}
	if (start < json.len)
		buf_put(out, json.ptr + start, json.len - start);
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t cp)
{
	for (size_t i = 0; i < count && ranges[i].first <= cp; i++) {
		if (cp <= ranges[i].last)
			return true;
	}
	return false;
}

// Characters that show nothing or change how their neighbours read: soft
// hyphen, bidirectional marks, overrides and isolates, zero-width spaces,
// line separators, fillers, byte order mark, interlinear marks, shorthand and
// musical controls, tags.
static bool is_hidden(uint32_t cp)
{
	static const struct range ranges[] = {
		{0xAD, 0xAD},	    {0x61C, 0x61C},	{0x115F, 0x1160}, {0x180E, 0x180E},
		{0x200B, 0x200F},   {0x2028, 0x202E},	{0x2060, 0x206F}, {0x3164, 0x3164},
		{0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},	{0xFFF9, 0xFFFB}, {0x1BCA0, 0x1BCA3},
		{0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
	};

	return in_ranges(ranges, sizeof(ranges) / sizeof(ranges[0]), cp);
}

static unsigned char cp_width(uint32_t cp)
{
	// The common blocks of combining marks, and those of East Asian wide
	// characters and pictures; near enough to cut a line.
	static const struct range combining[] = {
		{0x300, 0x36F},	  {0x483, 0x489},   {0x591, 0x5BD},   {0x610, 0x61A},
		{0x64B, 0x65F},	  {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},
		{0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
		{0xFE20, 0xFE2F},
	};
	static const struct range wide[] = {
		{0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0xA4CF},	  {0xA960, 0xA97F},
		{0xAC00, 0xD7A3}, {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},	  {0xFF00, 0xFF60},
		{0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD},
	};

	if (cp < 0x300)
		return 1;
	if (in_ranges(combining, sizeof(combining) / sizeof(combining[0]), cp))
		return 0;
	return in_ranges(wide, sizeof(wide) / sizeof(wide[0]), cp) ? 2 : 1;
}

struct glyph glyph_next(struct str s, size_t *at)
{
	struct glyph glyph = {.text = {s.ptr[*at]}, .len = 1, .width = 1};
	uint32_t cp;

	if (is_printable(s.ptr[*at])) {
		++*at;
		return glyph;
	}
	cp = next_cp(s, at);
	if (is_control(cp) || is_hidden(cp)) {
		glyph.len = (unsigned char)visible(glyph.text, cp);
		glyph.width = glyph.len;
	} else {
		glyph.len = (unsigned char)utf8_encode(cp, glyph.text);
		glyph.width = cp_width(cp);
	}
	return glyph;
}

void escape_terminal(struct buf *out, struct str value)
{
	for (size_t at = 0; at < value.len;) {
		size_t start = at;
		struct glyph glyph;

		while (at < value.len && is_printable(value.ptr[at]))
			at++;
		buf_put(out, value.ptr + start, at - start);
		if (at == value.len)
			break;
		glyph = glyph_next(value, &at);
		buf_put(out, glyph.text, glyph.len);
	}
}

static const char *html_reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void escape_html(struct buf *out, struct str value)
{
	for (size_t at = 0; at < value.len;) {
		const char *reference = html_reference(value.ptr[at]);
		struct glyph glyph;

		if (reference != NULL) {
			buf_put_text(out, reference);
			at++;
			continue;
		}
		glyph = glyph_next(value, &at);
		buf_put(out, glyph.text, glyph.len);
	}
}

size_t escape_terminal_width(struct str value)
{
	size_t width = 0;

	for (size_t at = 0; at < value.len;)
		width += glyph_next(value, &at).width;
	return width;
}

size_t escape_terminal_fit(struct str value, size_t at, size_t width, size_t *used)
{
	size_t marks = 0;

	*used = 0;
	while (at < value.len) {
		size_t next = at;
		struct glyph glyph = glyph_next(value, &next);

		if (glyph.width > width - *used)
			break;
		if (glyph.width == 0 && ++marks > MARKS_PER_COLUMN * width)
			break;
		*used += glyph.width;
		at = next;
	}
	return at;
}

size_t escape_terminal_cut(struct buf *out, struct str value, size_t width)
{
	size_t used;
	size_t end = escape_terminal_fit(value, 0, width, &used);

	if (end == value.len || width == 0) {
		escape_terminal(out, str_sub(value, 0, end));
		return used;
	}
	end = escape_terminal_fit(value, 0, width - 1, &used);
	escape_terminal(out, str_sub(value, 0, end));
	buf_put_text(out, "…");
	return used + 1;
}

size_t escape_terminal_tail(struct buf *out, struct str value, size_t width)
{
	size_t total = escape_terminal_width(value);
	size_t used;
	size_t at = 0;

	if (total <= width || width == 0)
		return escape_terminal_cut(out, value, width);
	while (at < value.len && total > width - 1)
		total -= glyph_next(value, &at).width;
	buf_put_text(out, "…");
	value = str_sub(value, at, value.len - at);
	escape_terminal(out, str_sub(value, 0, escape_terminal_fit(value, 0, width - 1, &used)));
	return used + 1;
}
