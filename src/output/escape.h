// SPDX-License-Identifier: Apache-2.0
// All escaping of hostile text: CSV, JSON, XML, HTML and terminals.
//
// Every function takes any bytes. What is not valid UTF-8, and the WTF-8 form
// of a lone surrogate, comes out as U+FFFD, so that the output is always valid
// UTF-8. All functions append to `out`.
#ifndef OUTPUT_ESCAPE_H
#define OUTPUT_ESCAPE_H

#include "base/buf.h"

// One CSV cell (RFC 4180), in quotes when it needs them.
//
// A cell never holds a line end: CR, LF and TAB become the visible \r \n \t,
// other control characters (C0, DEL, C1) \xNN, U+2028 and U+2029 \u2028 \u2029.
// Backslashes stay single, or every Windows path would be doubled; who needs
// the exact bytes reads JSON. A value that a spreadsheet could take for a
// formula (it begins with = + - @, their full-width forms, TAB or CR) gets a
// leading apostrophe.
void escape_csv(struct buf *out, struct str value);

// A cell of several texts: open, any number of puts, close. Between opening
// and closing nothing else may be appended, except separators of one's own
// free of quotes and control characters. `first` is the text that the cell
// begins with (it decides about the apostrophe; it is not put). The broken bar
// of the usual separator becomes \xa6 inside a text, so that no value can forge
// a second one.
void escape_csv_open(struct buf *out, struct str first);
void escape_csv_put(struct buf *out, struct str value);
void escape_csv_close(struct buf *out);

// A JSON string with its quotes. Control characters, DEL, U+2028 and U+2029
// become \uNNNN (\n \r \t \b \f where JSON has a short form).
void escape_json(struct buf *out, struct str value);

// Text of an XML 1.0 element or attribute: & < > " and control characters as
// references, so that line ends survive and the text stays on its line; what XML
// cannot carry (most of C0, U+FFFE, U+FFFF) as U+FFFD.
void escape_xml(struct buf *out, struct str value);

// A path, any bytes, as the path of a URI (RFC 3986): '/' and unreserved characters
// are themselves, every other byte is %XX. So no part of it can become a scheme, query
// or fragment, and no two paths become one.
void escape_uri_path(struct buf *out, struct str path);
// A URI that somebody wrote, kept one: bytes that no URI may hold are %XX.
void escape_uri(struct buf *out, struct str uri);
// JSON that stands in a <script> element: < > and &, which JSON has in texts only,
// as \u003c \u003e \u0026, so that nothing in it can end the element.
void escape_script(struct buf *out, struct str json);

// One character as a terminal shows it.
struct glyph {
	char text[12]; // not NUL-terminated
	unsigned char len;
	unsigned char width; // columns: 0 for combining marks, 2 for East Asian wide forms
};

// The character of `s` at `*at` (must be < s.len); moves behind it. Control
// characters come out as \n \r \t or \xNN; characters that are invisible or turn
// the reading direction (such as U+202E) as \uNNNN or \UNNNNNNNN.
struct glyph glyph_next(struct str s, size_t *at);

// Text for a terminal: no control sequence survives.
void escape_terminal(struct buf *out, struct str value);
// Text of an HTML element or of a quoted attribute: visible as on a terminal, with
// & < > " ' as references.
void escape_html(struct buf *out, struct str value);
// Columns that escape_terminal() takes.
size_t escape_terminal_width(struct str value);
// Where the longest part of `value` from `at` ends that takes at most `width`
// columns, and has at most four combining marks for each of them; `*used` gets the columns.
size_t escape_terminal_fit(struct str value, size_t at, size_t width, size_t *used);
// At most `width` columns of it, with "…" as the last one when something was
// cut off; returns the columns used. `_tail` keeps the end instead of the start.
size_t escape_terminal_cut(struct buf *out, struct str value, size_t width);
size_t escape_terminal_tail(struct buf *out, struct str value, size_t width);

#endif
