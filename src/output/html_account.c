// SPDX-License-Identifier: Apache-2.0
// The account of the HTML report: the ledger as tables, problems first.
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "output/escape.h"
#include "output/html_page.h"
#include "output/human.h"

// Longer lists are folded.
#define OPEN_ROWS 30
#define LEVEL_COUNT 5 // of Sigma

// ---- tables -------------------------------------------------------------

struct table {
	struct buf *out;
	size_t rows; // so far, those beyond the limit too
};

// A list of `rows` rows; `heads` end with NULL, those of numbers begin with '#'.
static struct table open_table(struct buf *out, const char *title, size_t rows,
			       const char *const *heads)
{
	buf_printf(out, "<details%s><summary>%s <span class=\"count\">",
		   rows <= OPEN_ROWS ? " open" : "", title);
	human_number(out, rows);
	buf_put_text(out, "</span></summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
			  "aria-label=\"");
	buf_printf(out, "%s\">\n<table><thead><tr>", title);
	for (size_t i = 0; heads[i] != NULL; i++) {
		bool number = heads[i][0] == '#';

		buf_printf(out, "<th scope=\"col\"%s>%s</th>", number ? " class=\"number\"" : "",
			   heads[i] + number);
	}
	buf_put_text(out, "</tr></thead><tbody>\n");
	return (struct table){out, 0};
}

// False when the list has been long enough.
static bool open_row(struct table *table)
{
	if (table->rows++ >= LIMIT_REPORT_LIST)
		return false;
	buf_put_text(table->out, "<tr>");
	return true;
}

static void close_row(struct table *table)
{
	buf_put_text(table->out, "</tr>\n");
}

static void close_table(struct table *table)
{
	buf_put_text(table->out, "</tbody></table>\n");
	if (table->rows > LIMIT_REPORT_LIST) {
		buf_put_text(table->out, "<p>And ");
		human_number(table->out, table->rows - LIMIT_REPORT_LIST);
		buf_put_text(table->out, " more; --ledger FILE writes all of them.</p>\n");
	}
	buf_put_text(table->out, "</div></details>\n");
}

static void put_text(struct table *table, struct str text)
{
	buf_put_text(table->out, "<td>");
	escape_html(table->out, text);
	buf_put_text(table->out, "</td>");
}

static void put_number(struct table *table, uint64_t value)
{
	buf_put_text(table->out, "<td class=\"number\">");
	human_number(table->out, value);
	buf_put_text(table->out, "</td>");
}

// A level, or a state of a file, that style and words tell apart.
static void put_badge(struct table *table, const char *kind, struct str text)
{
	buf_printf(table->out, "<td><span class=\"%s\" data-%s=\"", kind, kind);
	escape_html(table->out, text);
	buf_put_text(table->out, "\">");
	escape_html(table->out, text.len > 0 ? text : STR("none"));
	buf_put_text(table->out, "</span></td>");
}

static void put_notes(struct buf *out, const char *title, const char *what, const char *text,
		      const struct ledger_notes *notes)
{
	const char *const heads[] = {what, text, NULL};
	struct table table;

	if (notes->count == 0)
		return;
	table = open_table(out, title, notes->count, heads);
	for (size_t i = 0; i < notes->count && open_row(&table); i++) {
		put_text(&table, notes->items[i].name);
		put_text(&table, notes->items[i].text);
		close_row(&table);
	}
	table.rows = notes->count;
	close_table(&table);
}

// Only what was counted at all.
static void put_counts(struct buf *out, const char *title, const char *what, const char *number,
		       const struct ledger_counts *counts)
{
	const char *const heads[] = {what, number, NULL};
	struct table table;
	size_t counted = 0;

	for (size_t i = 0; i < counts->count; i++)
		counted += counts->items[i].count > 0;
	if (counted == 0)
		return;
	table = open_table(out, title, counted, heads);
	for (size_t i = 0; i < counts->count; i++) {
		if (counts->items[i].count == 0 || !open_row(&table))
			continue;
		put_text(&table, counts->items[i].name);
		put_number(&table, counts->items[i].count);
		close_row(&table);
	}
	close_table(&table);
}

static void open_section(struct buf *out, const char *title)
{
	buf_printf(out, "<section>\n<h3>%s</h3>\n", title);
}

static void close_section(struct buf *out)
{
	buf_put_text(out, "</section>\n");
}

// ", 3 somethings" unless there are none.
static void put_some(struct buf *out, uint64_t value, const char *what)
{
	if (value == 0)
		return;
	buf_put_text(out, ", ");
	human_number(out, value);
	buf_printf(out, " %s", what);
}

// ---- files --------------------------------------------------------------

// Why a file is not complete: a sentence, and the reasons for lost records.
static void put_status(struct table *table, const struct ledger_file *file)
{
	buf_put_text(table->out, "<td>");
	escape_html(table->out, file->status);
	for (size_t i = 0; i < file->reason_count; i++) {
		buf_put_text(table->out, "<br>");
		human_plural(table->out, file->reasons[i].count, "record");
		buf_put_text(table->out, ": ");
		escape_html(table->out, file->reasons[i].text);
	}
	buf_put_text(table->out, "</td>");
}

static bool is_damaged(const struct ledger_file *file)
{
	return file->failed > 0 || file->chunks_failed > 0;
}

static void put_file(struct table *table, const struct ledger_file *file)
{
	static const struct str states[] = {STR_INIT("complete"), STR_INIT("partly read"),
					    STR_INIT("UNREADABLE"), STR_INIT("duplicate")};
	bool complete = file->state == LEDGER_COMPLETE;

	put_badge(table, "file",
		  complete && is_damaged(file) ? STR("damaged") : states[file->state]);
	put_text(table, file->path);
	put_status(table, file);
	put_number(table, file->size);
	put_number(table, file->chunks);
	put_number(table, file->chunks_failed);
	put_number(table, file->records);
	put_number(table, file->recovered);
	put_number(table, file->fallback);
	put_number(table, file->failed);
	buf_put_text(table->out, "<td class=\"hash\">");
	escape_html(table->out, file->sha256);
	buf_put_text(table->out, "</td>");
}

// Unreadable files are what nobody may miss, those without a problem come last.
enum rank { RANK_UNREADABLE, RANK_PARTIAL, RANK_DAMAGED, RANK_DUPLICATE, RANK_COMPLETE };

static unsigned rank(const struct ledger_file *file)
{
	switch (file->state) {
	case LEDGER_UNREADABLE:
		return RANK_UNREADABLE;
	case LEDGER_PARTIAL:
		return RANK_PARTIAL;
	case LEDGER_DUPLICATE:
		return RANK_DUPLICATE;
	case LEDGER_COMPLETE:
		break;
	}
	return is_damaged(file) ? RANK_DAMAGED : RANK_COMPLETE;
}

// Files of these ranks.
static void put_ranks(const struct ledger *ledger, const char *title, unsigned first, unsigned last,
		      struct buf *out)
{
	static const char *const heads[] = {
		"State",    "File",    "What happened",	    "#Bytes", "#Chunks", "#Chunks failed",
		"#Records", "#Carved", "#By libevtx alone", "#Lost",  "SHA-256", NULL};
	struct table table;
	size_t count = 0;

	for (size_t i = 0; i < ledger->file_count; i++)
		count += rank(&ledger->files[i]) >= first && rank(&ledger->files[i]) <= last;
	if (count == 0)
		return;
	table = open_table(out, title, count, heads);
	for (unsigned r = first; r <= last; r++) {
		for (size_t i = 0; i < ledger->file_count; i++) {
			if (rank(&ledger->files[i]) != r || !open_row(&table))
				continue;
			put_file(&table, &ledger->files[i]);
			close_row(&table);
		}
	}
	close_table(&table);
}

static void put_files(const struct ledger *ledger, struct buf *out)
{
	const struct ledger_totals *totals = &ledger->totals;

	open_section(out, "Files");
	buf_put_text(out, "<p>");
	human_plural(out, totals->files, "file");
	buf_put_text(out, ", ");
	human_size(out, totals->bytes);
	buf_put_text(out, ", ");
	human_plural(out, totals->records, "record");
	buf_put_text(out, " read");
	put_some(out, totals->recovered, "of them carved");
	put_some(out, totals->fallback, "of them only by libevtx");
	put_some(out, totals->failed, "<strong>lost</strong>");
	put_some(out, totals->duplicates, totals->duplicates == 1 ? "duplicate" : "duplicates");
	buf_put_text(out, ".</p>\n");
	if (ledger->shown_choice.len > 0) {
		buf_put_text(out, "<p>Records looked at: ");
		escape_html(out, ledger->shown_choice);
		buf_put_text(out, ".</p>\n");
	}
	put_ranks(ledger, "Files with problems", RANK_UNREADABLE, RANK_DAMAGED, out);
	put_ranks(ledger, "Duplicates, read once", RANK_DUPLICATE, RANK_DUPLICATE, out);
	put_ranks(ledger, "Files read completely", RANK_COMPLETE, RANK_COMPLETE, out);
	close_section(out);
}

static void put_recovery(const struct ledger *ledger, struct buf *out)
{
	const struct ledger_recovery *recovery = &ledger->recovery;

	if (!recovery->was_asked)
		return;
	open_section(out, "Recovery");
	buf_put_text(out, "<p>");
	human_plural(out, ledger->totals.recovered, "record");
	buf_put_text(out, " carved");
	put_some(out, recovery->hits, "hits on them");
	put_some(out, recovery->lent, "with a template from elsewhere");
	put_some(out, recovery->foreign, "with one from another log");
	buf_put_text(out, "; ");
	human_plural(out, recovery->beginnings, "place");
	buf_put_text(out, " looked at");
	put_some(out, recovery->live, "live records too");
	put_some(out, recovery->again, "found twice");
	buf_put_text(out, ".</p>\n");
	put_counts(out, "Not trusted", "Why", "#Places", &recovery->doubts);
	close_section(out);
}

// ---- rules and hits -----------------------------------------------------

static void put_rules(const struct ledger *ledger, struct buf *out)
{
	open_section(out, "Rules");
	buf_put_text(out, "<p>");
	human_number(out, ledger->rules);
	buf_put_text(out, " loaded");
	put_some(out, ledger->correlations,
		 ledger->correlations == 1 ? "correlation" : "correlations");
	put_some(out, ledger->filters, ledger->filters == 1 ? "filter" : "filters");
	put_some(out, ledger->unused, "not chosen");
	put_some(out, ledger->refused.count, "<strong>REFUSED</strong>");
	put_some(out, ledger->unplaced.count, "on no known log source");
	buf_put_text(out, ".</p>\n");
	put_notes(out, "Refused", "Place", "Reason", &ledger->refused);
	put_notes(out, "On no known log source", "Rule", "Log source", &ledger->unplaced);
	put_counts(out, "A regular expression gave up", "Rule", "#Values", &ledger->regex_limits);
	put_counts(out, "Correlations: hits without the field to group by", "Correlation", "#Hits",
		   &ledger->no_group);
	put_counts(out,
		   "Correlations: hits not looked at, more in one timespan than --memory holds",
		   "Correlation", "#Hits", &ledger->too_many);
	close_section(out);
}

// Highest first; what is no level of Sigma's comes last.
static unsigned level_rank(struct str level)
{
	static const struct str levels[] = {STR_INIT("critical"), STR_INIT("high"),
					    STR_INIT("medium"), STR_INIT("low"),
					    STR_INIT("informational")};
	unsigned rank = 0;

	while (rank < LEVEL_COUNT && !str_eq(level, levels[rank]))
		rank++;
	return rank;
}

static void put_levels(const struct ledger *ledger, struct buf *out)
{
	for (unsigned r = 0; r <= LEVEL_COUNT; r++) {
		for (size_t i = 0; i < ledger->levels.count; i++) {
			const struct ledger_count *level = &ledger->levels.items[i];

			if (level->count == 0 || level_rank(level->name) != r)
				continue;
			buf_put_text(out, ", ");
			human_number(out, level->count);
			buf_put_char(out, ' ');
			escape_html(out, level->name.len > 0 ? level->name : STR("without level"));
		}
	}
}

static int by_importance(const void *a, const void *b)
{
	const struct ledger_rule_hits *x = *(const struct ledger_rule_hits *const *)a;
	const struct ledger_rule_hits *y = *(const struct ledger_rule_hits *const *)b;
	unsigned left = level_rank(x->level);
	unsigned right = level_rank(y->level);

	if (left != right)
		return left < right ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return x < y ? -1 : 1; // the order of the rules
}

static void put_rule_hits(const struct ledger *ledger, struct buf *out)
{
	static const char *const heads[] = {"Level", "Rule", "Id", "#Hits", "#Suppressed", NULL};
	const struct ledger_rule_hits **sorted;
	struct table table;

	if (ledger->rule_hit_count == 0)
		return;
	sorted = mem_alloc(ledger->rule_hit_count * sizeof(*sorted));
	for (size_t i = 0; i < ledger->rule_hit_count; i++)
		sorted[i] = &ledger->rule_hits[i];
	qsort(sorted, ledger->rule_hit_count, sizeof(*sorted), by_importance);
	table = open_table(out, "By rule", ledger->rule_hit_count, heads);
	for (size_t i = 0; i < ledger->rule_hit_count && open_row(&table); i++) {
		const struct ledger_rule_hits *rule = sorted[i];

		put_badge(&table, "level", rule->level);
		put_text(&table, rule->title);
		put_text(&table, rule->id);
		put_number(&table, rule->hits);
		put_number(&table, rule->suppressed);
		close_row(&table);
	}
	table.rows = ledger->rule_hit_count;
	close_table(&table);
	free(sorted);
}

static void put_hits(const struct ledger *ledger, struct buf *out)
{
	open_section(out, "Hits");
	buf_put_text(out, "<p>");
	human_plural(out, ledger->hits, "hit");
	put_levels(ledger, out);
	put_some(out, ledger->suppressed, "suppressed besides");
	buf_put_text(out, ".</p>\n<p>The second reader: ");
	human_number(out, ledger->confirmed);
	buf_put_text(out, " confirmed");
	put_some(out, ledger->differs, "on which the two readers <strong>DIFFER</strong>");
	put_some(out, ledger->unconfirmed, "unreadable for it");
	buf_put_text(out, ".</p>\n");
	put_rule_hits(ledger, out);
	close_section(out);
}

// ---- what was silenced --------------------------------------------------

static void put_allow_entries(const struct ledger *ledger, struct buf *out)
{
	static const char *const heads[] = {
		"Section", "Entry", "Owner", "#Silenced", "#After its expiry, not silenced", NULL};
	struct table table;

	if (ledger->allow_count == 0)
		return;
	table = open_table(out, "Entries", ledger->allow_count, heads);
	for (size_t i = 0; i < ledger->allow_count && open_row(&table); i++) {
		const struct ledger_allow *allow = &ledger->allow[i];

		put_text(&table, allow->section);
		put_text(&table, allow->name);
		put_text(&table, allow->owner);
		put_number(&table, allow->silenced);
		put_number(&table, allow->after_expiry);
		close_row(&table);
	}
	table.rows = ledger->allow_count;
	close_table(&table);
}

static void put_allowlist(const struct ledger *ledger, struct buf *out)
{
	size_t idle = 0;

	if (ledger->allow_count == 0 && ledger->allow_refused.count == 0 &&
	    ledger->filter_hits.count == 0)
		return;
	for (size_t i = 0; i < ledger->allow_count; i++)
		idle += ledger->allow[i].silenced == 0 && ledger->allow[i].after_expiry == 0;
	open_section(out, "Allowlist and filters");
	if (ledger->allow_count > 0 || ledger->allow_refused.count > 0) {
		buf_put_text(out, "<p>");
		human_number(out, ledger->allow_count);
		buf_put_text(out, ledger->allow_count == 1 ? " entry" : " entries");
		put_some(out, idle, "did nothing");
		put_some(out, ledger->allow_refused.count, "<strong>REFUSED</strong>");
		buf_put_text(out, ".</p>\n");
	}
	put_allow_entries(ledger, out);
	put_notes(out, "Refused entries", "Place", "Reason", &ledger->allow_refused);
	put_counts(out, "Filters", "Filter", "#Silenced", &ledger->filter_hits);
	close_section(out);
}

// ---- coverage -----------------------------------------------------------

static void put_kinds(const struct ledger *ledger, struct buf *out)
{
	static const char *const heads[] = {
		"Channel", "Provider", "#Event id", "#Records", "#Rules that look at it", NULL};
	struct table table;

	table = open_table(out, "Kinds of records", ledger->kind_count, heads);
	for (size_t i = 0; i < ledger->kind_count && open_row(&table); i++) {
		const struct ledger_kind *kind = &ledger->kinds[i];

		put_text(&table, kind->channel);
		put_text(&table, kind->provider);
		buf_printf(out, "<td class=\"number\">%u</td>", (unsigned)kind->event_id);
		put_number(&table, kind->records);
		put_number(&table, kind->rules);
		close_row(&table);
	}
	table.rows = ledger->kind_count;
	close_table(&table);
	if (ledger->other_kinds > 0) {
		buf_put_text(out, "<p>");
		human_plural(out, ledger->other_kinds, "record");
		buf_put_text(out, " of further kinds.</p>\n");
	}
}

static void put_cover(const struct ledger *ledger, const struct ledger_count *status,
		      struct buf *out)
{
	static const char *const heads[] = {"Level", "Rule", "Missing", "#Hits", "File", NULL};
	struct buf title = {0};
	struct table table;

	escape_html(&title, status->name);
	table = open_table(out, title.ptr != NULL ? title.ptr : "", status->count, heads);
	buf_release(&title);
	for (size_t i = 0; i < ledger->cover_count; i++) {
		const struct ledger_cover *cover = &ledger->cover[i];

		if (!str_eq(cover->status, status->name) || !open_row(&table))
			continue;
		put_badge(&table, "level", cover->level);
		put_text(&table, cover->title);
		put_text(&table, cover->missing);
		put_number(&table, cover->hits);
		put_text(&table, cover->file);
		close_row(&table);
	}
	close_table(&table);
}

// Rules that could not have fired, whatever happened: grouped by what they lack.
static void put_coverage(const struct ledger *ledger, struct buf *out)
{
	struct ledger groups;

	if (!ledger->has_coverage)
		return;
	ledger_init(&groups, ledger->version);
	for (size_t i = 0; i < ledger->cover_count; i++)
		ledger_count(&groups, &groups.levels, ledger->cover[i].status, 1);
	open_section(out, "Coverage: could each rule have hit in these logs?");
	for (size_t i = 0; i < groups.levels.count; i++)
		put_cover(ledger, &groups.levels.items[i], out);
	put_kinds(ledger, out);
	close_section(out);
	ledger_release(&groups);
}

void html_put_account(const struct ledger *ledger, struct buf *out)
{
	if (ledger->warnings.count > 0) {
		open_section(out, "Warnings");
		put_notes(out, "Warnings", "About", "What", &ledger->warnings);
		close_section(out);
	}
	put_files(ledger, out);
	put_recovery(ledger, out);
	put_rules(ledger, out);
	put_hits(ledger, out);
	put_allowlist(ledger, out);
	put_coverage(ledger, out);
}
