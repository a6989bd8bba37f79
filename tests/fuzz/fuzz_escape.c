// SPDX-License-Identifier: Apache-2.0
// Any text, escaped for each format, and parsed back by small readers of those formats.
#include "fuzz.h"
#include "output/escape.h"

#define REPLACEMENT 0xFFFDu

typedef void escape_fn(struct buf *out, struct str value);

static struct str escaped(struct buf *out, escape_fn *escape, struct str value)
{
	buf_reset(out);
	escape(out, value);
	CHECK(utf8_is_valid(buf_str(out)));
	return buf_str(out);
}

// ---- JSON ---------------------------------------------------------------

static uint32_t hex(struct str s, size_t *at, int digits)
{
	uint32_t number = 0;

	for (; digits > 0; digits--, ++*at) {
		CHECK(*at < s.len && ascii_hex(s.ptr[*at]) >= 0);
		number = number << 4 | (uint32_t)ascii_hex(s.ptr[*at]);
	}
	return number;
}

static void check_json(struct str json, struct str value)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	struct buf back = {0};

	CHECK(json.len >= 2 && json.ptr[0] == '"' && json.ptr[json.len - 1] == '"');
	json = str_sub(json, 1, json.len - 2);
	for (size_t at = 0; at < json.len;) {
		unsigned char c = (unsigned char)json.ptr[at++];

		CHECK(c >= 0x20 && c != '"' && c != 0x7F);
		if (c != '\\') {
			buf_put_char(&back, (char)c);
			continue;
		}
		CHECK(at < json.len);
		c = (unsigned char)json.ptr[at++];
		if (c == 'u') {
			buf_put_cp(&back, hex(json, &at, 4));
		} else {
			CHECK(c != '\0' && strchr(names, c) != NULL);
			buf_put_char(&back, meant[strchr(names, c) - names]);
		}
	}
	check_same(buf_str(&back), value, "JSON read back and the value");
	buf_release(&back);
}

// ---- markup -------------------------------------------------------------

// The character that a reference behind '&' means; moves behind its ';'.
static uint32_t reference(struct str s, size_t *at)
{
	static const struct {
		struct str name;
		uint32_t cp;
	} named[] = {{STR_INIT("amp"), '&'},
		     {STR_INIT("lt"), '<'},
		     {STR_INIT("gt"), '>'},
		     {STR_INIT("quot"), '"'},
		     {STR_INIT("apos"), '\''}};
	size_t end = str_find_char(s, ';', *at);
	struct str name = str_sub(s, *at, end - *at);
	uint32_t number = 0;

	CHECK(end != SIZE_MAX && name.len > 0);
	*at = end + 1;
	for (size_t i = 0; i < 5; i++) {
		if (str_eq(named[i].name, name))
			return named[i].cp;
	}
	CHECK(name.ptr[0] == '#');
	for (size_t i = 1; i < name.len; i++) {
		bool is_hex = name.ptr[1] == 'x';

		if (is_hex && i == 1)
			continue;
		CHECK(ascii_hex(name.ptr[i]) >= 0);
		number = number * (is_hex ? 16 : 10) + (uint32_t)ascii_hex(name.ptr[i]);
	}
	return number;
}

static void check_markup(struct str markup, struct str text, const char *what)
{
	struct buf back = {0};

	for (size_t at = 0; at < markup.len;) {
		char c = markup.ptr[at++];

		CHECK((unsigned char)c >= 0x20);
		CHECK(c != '<' && c != '>' && c != '"' && c != '\n' && c != '\r');
		if (c == '&')
			buf_put_cp(&back, reference(markup, &at));
		else
			buf_put_char(&back, c);
	}
	check_same(buf_str(&back), text, what);
	buf_release(&back);
}

// XML 1.0 has no other characters than these.
static bool is_xml(uint32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0xD800) ||
	       (cp >= 0xE000 && cp < 0xFFFE) || cp >= 0x10000;
}

static struct str as_xml_can(struct buf *out, struct str value)
{
	for (size_t at = 0; at < value.len;) {
		uint32_t cp = utf8_next(value, &at);

		buf_put_cp(out, is_xml(cp) ? cp : REPLACEMENT);
	}
	return buf_str(out);
}

// ---- CSV ----------------------------------------------------------------

// One cell on one line, that is no formula; its text without quotes.
static void check_csv(struct str cell, struct str value)
{
	struct buf text = {0};
	bool quoted = cell.len > 0 && cell.ptr[0] == '"';
	size_t first = 0;
	uint32_t cp;

	for (size_t i = quoted; i < cell.len; i++) {
		CHECK(cell.ptr[i] != '\n' && cell.ptr[i] != '\r' && cell.ptr[i] != '\t');
		if (quoted && cell.ptr[i] == '"') {
			if (i + 1 == cell.len)
				break;
			i++;
			CHECK(cell.ptr[i] == '"' && i + 1 < cell.len);
		} else {
			CHECK(quoted || (cell.ptr[i] != '"' && cell.ptr[i] != ','));
		}
		buf_put_char(&text, cell.ptr[i]);
	}
	cp = text.len > 0 ? utf8_next(buf_str(&text), &first) : 0;
	CHECK(cp == 0 ||
	      (cp < 0x80 ? strchr("=+-@", (int)cp) == NULL
			 : cp != 0xFF1D && cp != 0xFF0B && cp != 0xFF0D && cp != 0xFF20));
	CHECK(value.len == 0 || text.len > 0);
	buf_release(&text);
}

// ---- paths and terminals ------------------------------------------------

static void check_path(struct str uri, struct str path)
{
	struct buf back = {0};

	for (size_t at = 0; at < uri.len;) {
		char c = uri.ptr[at++];

		CHECK(c == '%' || ascii_is_alnum(c) || strchr("/-._~", c) != NULL);
		buf_put_char(&back, c == '%' ? (char)hex(uri, &at, 2) : c);
	}
	check_same(buf_str(&back), path, "a path and its URI");
	buf_release(&back);
}

static void check_uri(struct str uri)
{
	for (size_t i = 0; i < uri.len; i++)
		CHECK(uri.ptr[i] > 0x20 && uri.ptr[i] < 0x7F &&
		      strchr("\"<>\\^`{|}", uri.ptr[i]) == NULL);
}

static void check_terminal(struct str shown, struct str value)
{
	struct buf cut = {0};
	size_t width = escape_terminal_width(value);

	for (size_t at = 0; at < shown.len;) {
		uint32_t cp = utf8_next(shown, &at);

		CHECK(cp >= 0x20 && (cp < 0x7F || cp >= 0xA0) && (cp < 0x202A || cp > 0x202E));
	}
	for (size_t most = 1; most < 12; most++) {
		size_t used;
		size_t end = escape_terminal_fit(value, 0, most, &used);
		// What fits is only cut for a flood of combining marks.
		bool flood = width <= most && end < value.len;

		CHECK(end <= value.len && used <= most && (end < value.len || width <= most));
		CHECK(!flood || glyph_next(value, &end).width == 0);
		buf_reset(&cut);
		used = escape_terminal_cut(&cut, value, most);
		CHECK(used <= most && (width > most || flood || used == width));
		CHECK(used == escape_terminal_width(buf_str(&cut)));
		buf_reset(&cut);
		used = escape_terminal_tail(&cut, value, most);
		CHECK(used <= most && (width > most || flood || used == width));
	}
	buf_release(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str value = input_of(data, size);
	struct arena arena = {0};
	struct buf out = {0};
	struct buf other = {0};
	struct str clean = utf8_sanitise(&arena, value);

	CHECK(utf8_is_valid(clean));
	check_json(escaped(&out, escape_json, value), clean);
	check_markup(escaped(&out, escape_xml, value), as_xml_can(&other, clean), "XML");
	check_csv(escaped(&out, escape_csv, value), value);
	check_path(escaped(&out, escape_uri_path, value), value);
	check_markup(escaped(&out, escape_html, value), escaped(&other, escape_terminal, value),
		     "HTML and the terminal");
	check_terminal(buf_str(&other), value);
	escaped(&other, escape_json, value);
	check_json(escaped(&out, escape_script, buf_str(&other)), clean);
	CHECK(str_find_char(buf_str(&out), '<', 0) == SIZE_MAX);
	check_uri(escaped(&out, escape_uri, value));
	buf_release(&out);
	buf_release(&other);
	arena_release(&arena);
	return 0;
}
