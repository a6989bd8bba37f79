// SPDX-License-Identifier: Apache-2.0
// Styles as ECMA-48 has them: every terminal of the last decades knows these.
#include "output/term.h"

#include "output/escape.h"

void term_style(struct buf *out, bool color, enum term_style style)
{
	static const char *const codes[] = {"\033[0m",	  "\033[1m",  "\033[2m", "\033[1;31m",
					    "\033[1;35m", "\033[33m", "\033[36m"};

	if (color)
		buf_put_text(out, codes[style]);
}

void term_blanks(struct buf *out, size_t count)
{
	while (count-- != 0)
		buf_put_char(out, ' ');
}

void term_padded(struct buf *out, struct str text, size_t width)
{
	term_blanks(out, width - escape_terminal_cut(out, text, width));
}

static const struct level {
	struct str name, word;
	enum term_style style;
} levels[] = {
	{STR_INIT("critical"), STR_INIT("crit"), TERM_MAGENTA},
	{STR_INIT("high"), STR_INIT("high"), TERM_RED},
	{STR_INIT("medium"), STR_INIT("med"), TERM_YELLOW},
	{STR_INIT("low"), STR_INIT("low"), TERM_CYAN},
	{STR_INIT("informational"), STR_INIT("info"), TERM_DIM},
	{STR_INIT(""), STR_INIT("-"), TERM_DIM},
};

static const struct level *find(struct str level)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (str_eq_nocase(level, levels[i].name))
			return &levels[i];
	}
	return NULL;
}

enum term_style term_level_style(struct str level)
{
	const struct level *known = find(level);

	return known != NULL ? known->style : TERM_NONE;
}

int term_level_rank(struct str level)
{
	const struct level *known = find(level);

	// The last one is that of no level.
	return known != NULL ? (int)(levels + sizeof(levels) / sizeof(levels[0]) - 1 - known) : 0;
}

struct str term_level_word(struct str level)
{
	const struct level *known = find(level);

	return known != NULL ? known->word : level;
}
