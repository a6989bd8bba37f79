// SPDX-License-Identifier: Apache-2.0
// Walking libevtx's fixed XML layout and escaping what it left raw.
#include "refreader/mend.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

// Bytes that XML 1.0 cannot carry travel as this private-use character and two
// hexadecimal digits a byte; the character itself is coded the same way.
#define CODE_POINT 0xE000u
#define CODE_BYTES "\xEE\x80\x80"

struct walk {
	const struct mend_input *input;
	size_t at;     // in input->xml
	size_t string; // next of input->strings to look for
	size_t looked; // bytes that strings were looked for in, at places where they were not
	struct buf *out;
	struct str open[LIMIT_XML_DEPTH]; // names of the open elements
	size_t depth;
	struct err *err;
};

static void put_coded(struct buf *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf_printf(out, CODE_BYTES "%02x", (unsigned char)bytes[i]);
}

static bool xml_can_carry(uint32_t cp)
{
	return cp != TEXT_INVALID && !(cp >= 0xD800 && cp <= 0xDFFF) && cp != 0xFFFE &&
	       cp != 0xFFFF && cp != CODE_POINT;
}

// Length of the reference that libevtx writes at `at`, 0 when there is none.
static size_t reference_length(struct str text, size_t at)
{
	struct str rest = str_sub(text, at, 5);

	if (str_eq(rest, STR("&amp;")))
		return 5;
	rest = str_sub(text, at, 4);
	return str_eq(rest, STR("&lt;")) || str_eq(rest, STR("&gt;")) ? 4 : 0;
}

// One ASCII character. Line ends and tabs go as references because a parser
// would normalise them away.
static void put_ascii(struct buf *out, char c)
{
	switch (c) {
	case '<':
		buf_put_text(out, "&lt;");
		return;
	case '>':
		buf_put_text(out, "&gt;");
		return;
	case '&':
		buf_put_text(out, "&amp;");
		return;
	case '"':
		buf_put_text(out, "&quot;");
		return;
	case '\t':
	case '\n':
	case '\r':
		buf_printf(out, "&#%d;", c);
		return;
	default:
		if ((unsigned char)c < 0x20)
			put_coded(out, &c, 1);
		else
			buf_put_char(out, c);
	}
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '<' && c != '>' &&
	       c != '&' && c != '"';
}

// Write `text`; `escaped` says that libevtx has put references into it.
static void put_text(struct buf *out, struct str text, bool escaped)
{
	for (size_t at = 0; at < text.len;) {
		size_t start = at;

		while (at < text.len && is_plain(text.ptr[at]))
			at++;
		buf_put(out, text.ptr + start, at - start);
		if (at == text.len)
			return;
		start = at;
		if ((text.ptr[at] & 0x80) != 0) {
			if (xml_can_carry(utf8_next(text, &at)))
				buf_put(out, text.ptr + start, at - start);
			else
				put_coded(out, text.ptr + start, at - start);
		} else if (escaped && reference_length(text, at) != 0) {
			at += reference_length(text, at);
			buf_put(out, text.ptr + start, at - start);
		} else {
			put_ascii(out, text.ptr[at++]);
		}
	}
}

struct str mend_decode(struct str text, struct arena *arena)
{
	size_t at = str_find(text, STR(CODE_BYTES), 0);
	size_t from = 0;
	char *out;
	size_t n = 0;

	if (at == SIZE_MAX)
		return text;
	out = arena_alloc(arena, text.len);
	while (at != SIZE_MAX && text.len - at >= 5) {
		int high = ascii_hex(text.ptr[at + 3]);
		int low = ascii_hex(text.ptr[at + 4]);

		memcpy(out + n, text.ptr + from, at - from);
		n += at - from;
		out[n++] = (char)(high << 4 | low);
		from = at + 5;
		at = str_find(text, STR(CODE_BYTES), from);
	}
	memcpy(out + n, text.ptr + from, text.len - from);
	return (struct str){out, n + (text.len - from)};
}

static enum rc fail(struct walk *walk, const char *what)
{
	err_set(walk->err, "libevtx's XML is not safe to read at byte %zu: %s", walk->at, what);
	return RC_FAILED;
}

static struct str rest_of(const struct walk *walk)
{
	return str_sub(walk->input->xml, walk->at, SIZE_MAX);
}

static bool looking_at(const struct walk *walk, struct str what)
{
	return str_starts(rest_of(walk), what);
}

static bool skip(struct walk *walk, struct str what)
{
	if (!looking_at(walk, what))
		return false;
	walk->at += what.len;
	return true;
}

// Only such a string can be mistaken for markup.
static bool is_special(struct str s)
{
	return str_find_char(s, '<', 0) != SIZE_MAX || str_find_char(s, '&', 0) != SIZE_MAX ||
	       str_find_char(s, '"', 0) != SIZE_MAX;
}

// The next special event string, NULL when there is none left.
static const struct str *next_string(struct walk *walk)
{
	const struct mend_input *input = walk->input;

	while (walk->string < input->string_count && !is_special(input->strings[walk->string]))
		walk->string++;
	return walk->string < input->string_count ? &input->strings[walk->string] : NULL;
}

static bool is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' || (c & 0x80) != 0;
}

static struct str take_name(struct walk *walk)
{
	struct str rest = rest_of(walk);
	size_t len = 0;

	while (len < rest.len && is_name_char(rest.ptr[len]))
		len++;
	walk->at += len;
	return str_sub(rest, 0, len);
}

static bool at_attribute_end(struct str rest, size_t len)
{
	return len < rest.len && rest.ptr[len] == '"' && len + 1 < rest.len &&
	       (rest.ptr[len + 1] == ' ' || rest.ptr[len + 1] == '/' || rest.ptr[len + 1] == '>');
}

// An attribute's value, which libevtx never escapes. When it is one of the
// values known from elsewhere it may hold quotes; else the first one ends it.
static enum rc take_attribute_value(struct walk *walk, bool is_provider)
{
	const struct str *string = next_string(walk);
	struct str provider = walk->input->provider;
	struct str rest = rest_of(walk);
	size_t len = str_find_char(rest, '"', 0);

	if (is_provider && str_starts(rest, provider) && at_attribute_end(rest, provider.len)) {
		len = provider.len;
	} else if (string != NULL && str_starts(rest, *string) &&
		   at_attribute_end(rest, string->len)) {
		len = string->len;
		walk->string++;
	}
	if (len == SIZE_MAX || !at_attribute_end(rest, len))
		return fail(walk, "an attribute has no clear end");
	buf_put_char(walk->out, '"');
	put_text(walk->out, str_sub(rest, 0, len), false);
	buf_put_char(walk->out, '"');
	walk->at += len + 1;
	return RC_OK;
}

// True when a value here would have to be among the strings and there are none.
static bool is_unchecked(const struct walk *walk)
{
	return walk->input->unchecked && walk->depth > 1 && !str_eq(walk->open[1], STR("System"));
}

static enum rc take_attributes(struct walk *walk, struct str element)
{
	while (skip(walk, STR(" "))) {
		struct str name = take_name(walk);
		enum rc rc;

		if (name.len == 0 || !skip(walk, STR("=\"")))
			return fail(walk, "an attribute has no name");
		if (is_unchecked(walk) && !str_starts(name, STR("xmlns")))
			return fail(walk, "an attribute cannot be checked");
		buf_put_char(walk->out, ' ');
		buf_put_str(walk->out, name);
		buf_put_char(walk->out, '=');
		rc = take_attribute_value(walk, walk->depth == 3 &&
							str_eq(element, STR("Provider")) &&
							str_eq(name, STR("Name")));
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

// Length of the end tag that closes a leaf of that name at `at`, else 0.
static size_t end_tag_length(struct str text, size_t at, struct str name)
{
	struct str rest = str_sub(text, at, SIZE_MAX);

	if (rest.len < name.len + 4 || !str_starts(rest, STR("</")) ||
	    !str_starts(str_sub(rest, 2, SIZE_MAX), name) ||
	    !str_eq(str_sub(rest, 2 + name.len, 2), STR(">\n")))
		return 0;
	return name.len + 4;
}

// Length of `string` as libevtx prints it at the start of `text`, escaped or
// raw; 0 when it does not stand there. Both at once are impossible for a
// string with a special character.
static size_t printed_length(struct walk *walk, struct str string, bool escaped)
{
	struct str text = rest_of(walk);
	size_t at = 0;

	for (size_t i = 0; i < string.len; i++) {
		char c = string.ptr[i];
		struct str form = {&string.ptr[i], 1};

		if (escaped && (c == '<' || c == '>' || c == '&'))
			form = c == '<' ? STR("&lt;") : c == '>' ? STR("&gt;") : STR("&amp;");
		if (!str_eq(str_sub(text, at, form.len), form)) {
			walk->looked += at;
			return 0;
		}
		at += form.len;
	}
	return at;
}

// True when the content is what libevtx prints before a child element: a line
// end, the child's indentation and a start tag.
static bool children_follow(const struct walk *walk)
{
	struct str rest = rest_of(walk);
	size_t blanks = 2 * walk->depth;

	if (rest.len < blanks + 3 || rest.ptr[0] != '\n')
		return false;
	for (size_t i = 0; i < blanks; i++) {
		if (rest.ptr[1 + i] != ' ')
			return false;
	}
	return rest.ptr[1 + blanks] == '<' && rest.ptr[2 + blanks] != '/';
}

// True when `string` ends as the last child of the innermost element does: a
// line end and the indentation of the element's own end tag.
static bool ends_like_children(const struct walk *walk, struct str string)
{
	size_t blanks = 2 * (walk->depth - 1);

	if (string.len <= blanks || string.ptr[string.len - blanks - 1] != '\n')
		return false;
	for (size_t i = string.len - blanks; i < string.len; i++) {
		if (string.ptr[i] != ' ')
			return false;
	}
	return true;
}

// Take the content of a leaf as the next event string. Returns false when that
// does not stand here.
static bool take_string(struct walk *walk, struct str name)
{
	const struct str *string = next_string(walk);
	struct str rest = rest_of(walk);

	if (string == NULL)
		return false;
	for (int escaped = 0; escaped < 2; escaped++) {
		size_t len = printed_length(walk, *string, escaped != 0);
		size_t end = len != 0 ? end_tag_length(rest, len, name) : 0;

		if (end == 0) {
			walk->looked += len;
			continue;
		}
		put_text(walk->out, *string, false);
		walk->at += len + end;
		walk->string++;
		return true;
	}
	return false;
}

static void close_element(struct walk *walk)
{
	buf_put_text(walk->out, "</");
	buf_put_str(walk->out, walk->open[--walk->depth]);
	buf_put_char(walk->out, '>');
}

// Behind the '>' of a start tag: children, which the caller's loop takes, or
// text up to the end tag.
static enum rc take_content(struct walk *walk, struct str name)
{
	bool children = children_follow(walk);
	struct str rest = rest_of(walk);
	size_t len;
	size_t end;

	if (walk->looked > LIMIT_XML_LOOKED)
		return fail(walk, "a value looks like too much of what follows it");
	if (take_string(walk, name)) {
		if (children && ends_like_children(walk, walk->input->strings[walk->string - 1]))
			return fail(walk, "a value looks like child elements");
		close_element(walk);
		return RC_OK;
	}
	if (children) {
		walk->at++;
		return RC_OK;
	}
	len = str_find_char(rest, '<', 0);
	end = len != SIZE_MAX ? end_tag_length(rest, len, name) : 0;
	if (end == 0)
		return fail(walk, "a value cannot be told from markup");
	if (is_unchecked(walk))
		return fail(walk, "a value cannot be checked");
	put_text(walk->out, str_sub(rest, 0, len), true);
	walk->at += len + end;
	close_element(walk);
	return RC_OK;
}

static enum rc take_start_tag(struct walk *walk)
{
	struct str name = take_name(walk);
	enum rc rc;

	if (name.len == 0)
		return fail(walk, "no element where one is due");
	if (walk->depth == LIMIT_XML_DEPTH)
		return fail(walk, "elements are nested too deep");
	buf_put_char(walk->out, '<');
	buf_put_str(walk->out, name);
	walk->open[walk->depth++] = name;
	rc = take_attributes(walk, name);
	if (rc != RC_OK)
		return rc;
	buf_put_char(walk->out, '>');
	if (skip(walk, STR("/>\n"))) {
		close_element(walk);
		return RC_OK;
	}
	if (!skip(walk, STR(">")))
		return fail(walk, "a start tag has no end");
	return take_content(walk, name);
}

// One line: the end tag of the innermost open element or a start tag, each
// with its own indentation.
static enum rc take_line(struct walk *walk)
{
	size_t blanks = 0;

	while (skip(walk, STR("  ")))
		blanks++;
	if (looking_at(walk, STR("</")) && walk->depth > 0 && blanks == walk->depth - 1) {
		size_t len =
			end_tag_length(walk->input->xml, walk->at, walk->open[walk->depth - 1]);

		if (len == 0)
			return fail(walk, "an end tag does not fit");
		walk->at += len;
		close_element(walk);
		return RC_OK;
	}
	if (blanks != walk->depth || !skip(walk, STR("<")))
		return fail(walk, "a line is not laid out as libevtx does");
	return take_start_tag(walk);
}

enum rc mend_xml(const struct mend_input *input, struct buf *out, struct err *err)
{
	struct walk walk = {.input = input, .out = out, .err = err};
	enum rc rc;

	buf_reset(out);
	do {
		rc = take_line(&walk);
	} while (rc == RC_OK && walk.depth > 0);
	if (rc != RC_OK)
		return rc;
	if (walk.at != input->xml.len)
		return fail(&walk, "text follows the event");
	if (next_string(&walk) != NULL)
		return fail(&walk, "an event string is not where it belongs");
	return RC_OK;
}
