// SPDX-License-Identifier: Apache-2.0
// Words and colours that the formats for terminals share. For src/output only.
#ifndef OUTPUT_TERM_H
#define OUTPUT_TERM_H

#include "base/buf.h"

enum term_style {
	TERM_NONE,
	TERM_BOLD,
	TERM_DIM,
	TERM_RED,
	TERM_MAGENTA,
	TERM_YELLOW,
	TERM_CYAN,
};

// Switch to a style; nothing unless `color`.
void term_style(struct buf *out, bool color, enum term_style style);
void term_blanks(struct buf *out, size_t count);
// `text` in exactly `width` columns: cut with "…", or filled up.
void term_padded(struct buf *out, struct str text, size_t width);

// How a level is shown; a level may be any text.
enum term_style term_level_style(struct str level);
// The more severe, the greater; 0 for none and for words that are no level.
int term_level_rank(struct str level);
// At most 4 columns: crit high med low info, "-" for none.
struct str term_level_word(struct str level);

#endif
