// SPDX-License-Identifier: Apache-2.0
// The ledger for people.
//
// When all is well:
//
//	Complete: 12 files, 1.2 GiB, 345,678 records read.
//	Rules: 7 loaded, 3 correlations, 1 filter.
//	Hits: 12 (2 critical, 10 high), 3 suppressed.
#include "output/escape.h"
#include "output/human.h"
#include "output/ledger_internal.h"

#define LIST_LIMIT 20
#define TEXT_LIMIT 400 // columns of one text from a log, a path or a rule

static void put_text(struct buf *out, struct str text)
{
	escape_terminal_cut(out, text, TEXT_LIMIT);
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

static void put_more(struct buf *out, size_t total)
{
	if (total > LIST_LIMIT) {
		buf_put_text(out, "  and ");
		human_number(out, total - LIST_LIMIT);
		buf_put_text(out, " more\n");
	}
}

// ", 3 files unreadable" unless there are none.
static void put_some_plural(struct buf *out, uint64_t value, const char *noun, const char *what)
{
	if (value == 0)
		return;
	buf_put_text(out, ", ");
	human_plural(out, value, noun);
	buf_printf(out, " %s", what);
}

static void put_notes(struct buf *out, const char *label, const struct ledger_notes *notes)
{
	for (size_t i = 0; i < notes->count && i < LIST_LIMIT; i++) {
		const struct ledger_note *note = &notes->items[i];

		buf_printf(out, "  %s: ", label);
		put_text(out, note->name);
		if (note->name.len != 0 && note->text.len != 0)
			buf_put_text(out, ": ");
		put_text(out, note->text);
		buf_put_char(out, '\n');
	}
	put_more(out, notes->count);
}

// Only what was counted at all.
static void put_counts(struct buf *out, const char *label, const struct ledger_counts *counts)
{
	size_t listed = 0;

	for (size_t i = 0; i < counts->count; i++) {
		const struct ledger_count *item = &counts->items[i];

		if (item->count == 0 || ++listed > LIST_LIMIT)
			continue;
		buf_printf(out, "  %s: ", label);
		put_text(out, item->name);
		buf_put_text(out, ": ");
		human_number(out, item->count);
		buf_put_char(out, '\n');
	}
	put_more(out, listed);
}

static void put_reasons(struct buf *out, const struct ledger_file *file)
{
	uint64_t rest = file->failed;

	for (size_t i = 0; i < file->reason_count; i++) {
		buf_put_text(out, "    ");
		human_plural(out, file->reasons[i].count, "record");
		buf_put_text(out, ": ");
		put_text(out, file->reasons[i].text);
		buf_put_char(out, '\n');
		rest -= file->reasons[i].count < rest ? file->reasons[i].count : rest;
	}
	if (rest != 0 && file->reason_count != 0) {
		buf_put_text(out, "    ");
		human_plural(out, rest, "more record");
		buf_put_char(out, '\n');
	}
}

void ledger_put_file(const struct ledger_file *file, struct buf *out)
{
	static const char *const labels[] = {"damaged", "partly read", "UNREADABLE",
					     "not read again"};

	buf_printf(out, "  %s: ", labels[file->state]);
	put_text(out, file->path);
	if (file->status.len != 0) {
		buf_put_text(out, ": ");
		put_text(out, file->status);
	}
	if (file->failed != 0 || file->chunks_failed != 0) {
		buf_put_text(out, " (");
		if (file->failed != 0) {
			human_plural(out, file->failed, "record");
			buf_put_text(out, " lost, ");
		}
		human_number(out, file->records);
		buf_put_text(out, " read");
		put_some(out, file->chunks_failed, "of ");
		if (file->chunks_failed != 0) {
			human_plural(out, file->chunks, "chunk");
			buf_put_text(out, " failed");
		}
		buf_put_char(out, ')');
	}
	buf_put_char(out, '\n');
	put_reasons(out, file);
}

bool ledger_file_is_notable(const struct ledger_file *file)
{
	return file->state != LEDGER_COMPLETE || file->failed != 0 || file->chunks_failed != 0;
}

// Files of `state` about which there is something to say; unreadable ones are
// what nobody may miss, so they come first.
static void put_files(struct buf *out, const struct ledger *ledger, enum ledger_state state)
{
	size_t listed = 0;

	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		if (file->state != state || !ledger_file_is_notable(file))
			continue;
		if (++listed <= LIST_LIMIT)
			ledger_put_file(file, out);
	}
	put_more(out, listed);
}

static size_t count_hints(const struct ledger_file *file)
{
	return file->facts != NULL ? file->facts->hint_count : 0;
}

// Each hint is a line; files are cut, not their hints.
static void put_hints(struct buf *out, const struct ledger *ledger)
{
	uint64_t files = 0;

	for (size_t i = 0; i < ledger->file_count; i++)
		files += count_hints(&ledger->files[i]) > 0;
	if (files == 0)
		return;
	buf_put_text(out, "Hints of tampering or damage: ");
	human_plural(out, files, "file");
	buf_put_text(out, ".\n");
	for (size_t i = 0, listed = 0; i < ledger->file_count && listed < LIST_LIMIT; i++) {
		const struct ledger_file *file = &ledger->files[i];

		listed += count_hints(file) > 0;
		for (size_t k = 0; k < count_hints(file); k++) {
			buf_put_text(out, "  ");
			put_text(out, file->path);
			buf_put_text(out, ": ");
			put_text(out, file->facts->hints[k].text);
			buf_put_char(out, '\n');
		}
	}
	put_more(out, files);
}

void ledger_put_input(const struct ledger *ledger, struct buf *out)
{
	const struct ledger_totals *totals = &ledger->totals;

	buf_put_text(out, ledger->complete	? "Complete: "
			  : ledger->interrupted ? "INTERRUPTED, INCOMPLETE: "
						: "INCOMPLETE: ");
	human_plural(out, totals->files, "file");
	buf_put_text(out, ", ");
	human_size(out, totals->bytes);
	buf_put_text(out, ", ");
	human_plural(out, totals->records, "record");
	buf_put_text(out, " read");
	put_some(out, totals->recovered, "of them carved");
	put_some(out, totals->fallback, "of them only by libevtx");
	put_some_plural(out, totals->failed, "record", "lost");
	put_some_plural(out, totals->unreadable, "file", "unreadable");
	put_some_plural(out, totals->partial, "file", "partly read");
	put_some(out, totals->duplicates, totals->duplicates == 1 ? "duplicate" : "duplicates");
	buf_put_text(out, ".\n");
}

static void put_input(struct buf *out, const struct ledger *ledger)
{
	ledger_put_input(ledger, out);
	put_files(out, ledger, LEDGER_UNREADABLE);
	put_files(out, ledger, LEDGER_PARTIAL);
	put_files(out, ledger, LEDGER_COMPLETE);
	put_files(out, ledger, LEDGER_DUPLICATE);
	put_hints(out, ledger);
	if (ledger->shown_choice.len > 0) {
		buf_put_text(out, "Records looked at: ");
		put_text(out, ledger->shown_choice);
		if (ledger->timeless > 0) {
			buf_put_text(out, "; without ");
			human_plural(out, ledger->timeless, "record");
			buf_put_text(out, " whose time cannot be read");
		}
		buf_put_text(out, ".\n");
	}
}

void ledger_put_recovery(const struct ledger *ledger, struct buf *out)
{
	const struct ledger_recovery *recovery = &ledger->recovery;

	if (!recovery->was_asked)
		return;
	buf_put_text(out, "Recovery: ");
	human_plural(out, ledger->totals.recovered, "record");
	buf_put_text(out, " carved");
	put_some(out, recovery->lent, "with a template from elsewhere");
	put_some(out, recovery->foreign, "with one from another log");
	put_some_plural(out, recovery->chunks, "chunk", "found");
	buf_put_text(out, "; ");
	human_plural(out, recovery->beginnings, "place");
	buf_put_text(out, " looked at");
	put_some(out, recovery->live, "live records too");
	put_some(out, recovery->again, "found twice");
	buf_put_text(out, ".\n");
	put_counts(out, "not trusted", &recovery->doubts);
}

static void put_rules(struct buf *out, const struct ledger *ledger)
{
	buf_put_text(out, "Rules: ");
	human_number(out, ledger->rules);
	buf_put_text(out, " loaded");
	put_some(out, ledger->correlations,
		 ledger->correlations == 1 ? "correlation" : "correlations");
	put_some(out, ledger->filters, ledger->filters == 1 ? "filter" : "filters");
	put_some(out, ledger->unused, "not chosen");
	put_some(out, ledger->refused.count, "REFUSED");
	put_some(out, ledger->unplaced.count, "on no known log source");
	buf_put_text(out, ".\n");
	put_notes(out, "refused", &ledger->refused);
	put_notes(out, "no log source", &ledger->unplaced);
	put_counts(out, "regular expression gave up (limit), values", &ledger->regex_limits);
	put_counts(out, "correlation, hits without its group field", &ledger->no_group);
	put_counts(out, "hits NOT CORRELATED, too many in one timespan (--memory)",
		   &ledger->too_many);
}

static void put_hits(struct buf *out, const struct ledger *ledger)
{
	size_t listed = 0;

	buf_put_text(out, "Hits: ");
	human_number(out, ledger->hits);
	for (size_t i = 0; i < ledger->levels.count; i++) {
		const struct ledger_count *level = &ledger->levels.items[i];

		if (level->count == 0 || ++listed > LIST_LIMIT)
			continue;
		buf_put_text(out, listed == 1 ? " (" : ", ");
		human_number(out, level->count);
		buf_put_char(out, ' ');
		put_text(out, level->name.len != 0 ? level->name : STR("without level"));
	}
	buf_put_text(out, listed != 0 ? ")" : "");
	put_some(out, ledger->suppressed, "suppressed");
	put_some(out, ledger->differs, "on which the two readers DIFFER");
	put_some(out, ledger->unconfirmed, "unreadable for the second reader");
	put_some(out, ledger->recovery.hits, "on recovered records");
	buf_put_text(out, ".\n");
}

static void put_allow_entry(struct buf *out, const struct ledger_allow *allow)
{
	buf_put_text(out, "  ");
	put_text(out, allow->section);
	buf_put_text(out, ": ");
	put_text(out, allow->name);
	if (allow->owner.len != 0) {
		buf_put_text(out, " (");
		put_text(out, allow->owner);
		buf_put_char(out, ')');
	}
	buf_put_text(out, ": ");
	human_number(out, allow->silenced);
	buf_put_text(out, " silenced");
	put_some(out, allow->after_expiry, "after its expiry, not silenced");
	buf_put_char(out, '\n');
}

// Entries that did nothing are counted here and named in the JSON.
static void put_allowlist(struct buf *out, const struct ledger *ledger)
{
	size_t used = 0;

	for (size_t i = 0; i < ledger->allow_count; i++)
		used += ledger->allow[i].silenced != 0 || ledger->allow[i].after_expiry != 0;
	if (ledger->allow_count != 0 || ledger->allow_refused.count != 0) {
		size_t listed = 0;

		buf_put_text(out, "Allowlist: ");
		human_number(out, ledger->allow_count);
		buf_put_text(out, ledger->allow_count == 1 ? " entry" : " entries");
		put_some(out, ledger->allow_count - used, "did nothing");
		put_some(out, ledger->allow_refused.count, "REFUSED");
		buf_put_text(out, ".\n");
		for (size_t i = 0; i < ledger->allow_count; i++) {
			const struct ledger_allow *allow = &ledger->allow[i];

			if (allow->silenced == 0 && allow->after_expiry == 0)
				continue;
			if (++listed <= LIST_LIMIT)
				put_allow_entry(out, allow);
		}
		put_more(out, listed);
		put_notes(out, "refused", &ledger->allow_refused);
	}
	put_counts(out, "filter silenced", &ledger->filter_hits);
}

void ledger_put_search(const struct ledger *ledger, struct buf *out)
{
	put_input(out, ledger);
	ledger_put_recovery(ledger, out);
	put_counts(out, "regular expression gave up (limit), values", &ledger->regex_limits);
	buf_put_text(out, "Found: ");
	human_plural(out, ledger->hits, "record");
	buf_put_text(out, ".\n");
	if (ledger->warnings.count != 0)
		put_notes(out, "warning", &ledger->warnings);
}

void ledger_put_text(const struct ledger *ledger, struct buf *out)
{
	put_input(out, ledger);
	ledger_put_recovery(ledger, out);
	put_rules(out, ledger);
	put_hits(out, ledger);
	put_allowlist(out, ledger);
	if (ledger->has_coverage)
		ledger_put_coverage(ledger, out);
	if (ledger->warnings.count != 0)
		put_notes(out, "warning", &ledger->warnings);
}
