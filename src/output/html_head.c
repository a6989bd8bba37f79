// SPDX-License-Identifier: Apache-2.0
// The head of the HTML report.
#include "base/limits.h"
#include "output/escape.h"
#include "output/html_page.h"
#include "output/human.h"

static void open_fact(struct buf *out, const char *name)
{
	buf_printf(out, "<div><dt>%s</dt><dd>", name);
}

static void close_fact(struct buf *out)
{
	buf_put_text(out, "</dd></div>\n");
}

static void put_number(struct buf *out, const char *name, uint64_t value)
{
	open_fact(out, name);
	human_number(out, value);
	close_fact(out);
}

// Seconds do here; nothing when there is no time.
static void put_time(struct buf *out, const char *name, const struct zone *zone, uint64_t time)
{
	char text[ZONE_TEXT_SIZE];

	if (time == 0)
		return;
	buf_printf(out, "<div><dt>%s (%s)</dt><dd><time>", name, zone_name(zone));
	buf_put(out, text, zone_format_short(zone, time, text));
	buf_put_text(out, "</time>");
	close_fact(out);
}

// Rules that were refused look at nothing: that is to be seen here too.
static void put_rules(const struct ledger *ledger, struct buf *out)
{
	open_fact(out, "Rules");
	human_number(out, ledger->rules + ledger->correlations);
	if (ledger->refused.count > 0) {
		buf_put_text(out, ", <strong>");
		human_number(out, ledger->refused.count);
		buf_put_text(out, " refused</strong>");
	}
	close_fact(out);
}

static void put_facts(const struct ledger *ledger, const struct html_hits *hits,
		      const struct zone *zone, struct buf *out)
{
	uint64_t first;
	uint64_t last;

	html_hits_range(hits, &first, &last);
	buf_put_text(out, "<dl class=\"facts\">\n");
	put_number(out, "Hits", ledger->hits);
	if (ledger->suppressed > 0)
		put_number(out, "Suppressed", ledger->suppressed);
	put_time(out, "First hit", zone, first);
	put_time(out, "Last hit", zone, last);
	put_number(out, "Files", ledger->totals.files);
	open_fact(out, "Size");
	human_size(out, ledger->totals.bytes);
	close_fact(out);
	put_number(out, "Records", ledger->totals.records);
	if (ledger->shown_choice.len > 0) {
		open_fact(out, "Records looked at");
		escape_html(out, ledger->shown_choice);
		close_fact(out);
	}
	put_rules(ledger, out);
	open_fact(out, "Program");
	buf_put_text(out, "evtxscan ");
	escape_html(out, ledger->version);
	close_fact(out);
	buf_put_text(out, "</dl>\n");
}

static void put_some(struct buf *out, uint64_t value, const char *noun, const char *what)
{
	if (value == 0)
		return;
	buf_put_char(out, ' ');
	human_plural(out, value, noun);
	buf_printf(out, " %s.", what);
}

// What is missing could hold further hits: nobody may overlook that.
static void put_state(const struct ledger *ledger, struct buf *out)
{
	const struct ledger_totals *totals = &ledger->totals;

	if (ledger->complete) {
		buf_put_text(out, "<p class=\"state complete\">Complete</p>\n");
		return;
	}
	buf_put_text(out,
		     "<p class=\"state incomplete\" role=\"alert\"><strong>INCOMPLETE</strong>");
	put_some(out, totals->unreadable, "file", "unreadable");
	put_some(out, totals->partial, "file", "partly read");
	put_some(out, totals->chunks_failed, "chunk", "failed");
	put_some(out, totals->failed, "record", "lost");
	put_some(out, ledger->regex_limits.count, "rule", "not decided");
	put_some(out, ledger->too_many.count, "correlation", "not evaluated");
	buf_put_text(out, " What is missing may hold further hits: "
			  "<a href=\"#view=account\">see the account</a>.</p>\n");
}

static void put_left_out(const struct html_hits *hits, struct buf *out)
{
	uint64_t left_out = html_hits_left_out(hits);

	if (left_out == 0)
		return;
	buf_put_text(out,
		     "<p class=\"state incomplete\" role=\"alert\"><strong>NOT ALL HITS</strong> "
		     "This report holds the first ");
	human_number(out, LIMIT_REPORT_HITS);
	buf_put_text(out, " hits by time; ");
	human_plural(out, left_out, "later hit");
	buf_put_text(out, " are only counted, above and in the account. Scan again with "
			  "--min-level, --from or --to, or write CSV or JSONL.</p>\n");
}

void html_put_head(const struct ledger *ledger, const struct html_hits *hits,
		   const struct zone *zone, struct buf *out)
{
	if (!ledger->complete || html_hits_left_out(hits) == 0)
		put_state(ledger, out);
	put_left_out(hits, out);
	put_facts(ledger, hits, zone, out);
}
