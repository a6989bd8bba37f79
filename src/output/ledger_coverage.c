// SPDX-License-Identifier: Apache-2.0
// The coverage of a ledger for people: what rules lacked, and what no rule looks at.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "output/escape.h"
#include "output/human.h"
#include "output/ledger_internal.h"

#define SHOWN 5	       // lines below each head
#define TEXT_WIDTH 100 // columns of a name

// A line: how many, of what.
struct tally {
	struct str text;
	uint64_t count;
	const struct ledger_kind *kind; // or NULL
};

static int by_count(const void *left, const void *right)
{
	const struct tally *a = left;
	const struct tally *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->kind != NULL && b->kind != NULL)
		return (a->kind > b->kind) - (a->kind < b->kind);
	return str_cmp(a->text, b->text);
}

static void put_count(struct buf *out, uint64_t value)
{
	struct buf number = {0};

	human_number(&number, value);
	for (size_t i = number.len; i < 10; i++)
		buf_put_char(out, ' ');
	buf_put_str(out, buf_str(&number));
	buf_put_text(out, "  ");
	buf_release(&number);
}

static void put_tallies(struct tally *tallies, size_t count, const char *what, struct buf *out)
{
	if (count > 0)
		qsort(tallies, count, sizeof(*tallies), by_count);
	for (size_t i = 0; i < count && i < SHOWN; i++) {
		const struct ledger_kind *kind = tallies[i].kind;

		put_count(out, tallies[i].count);
		escape_terminal_cut(out, tallies[i].text.len > 0 ? tallies[i].text : STR("-"),
				    TEXT_WIDTH);
		if (kind != NULL && kind->rules > 0) {
			buf_printf(out, " %" PRIu32 ": ", kind->event_id);
			human_plural(out, kind->rules, "rule");
		} else if (kind != NULL) {
			buf_printf(out, " %" PRIu32, kind->event_id);
		}
		buf_put_char(out, '\n');
	}
	if (count > SHOWN) {
		buf_put_text(out, "            and ");
		human_number(out, count - SHOWN);
		buf_printf(out, " more%s\n", what);
	}
}

// ---- rules --------------------------------------------------------------

// Rules of one status, by what they lack.
static void put_status(const struct ledger *ledger, struct str status, struct buf *out)
{
	struct tally *tallies = mem_alloc((ledger->cover_count + 1) * sizeof(*tallies));
	struct map index = {0};
	size_t count = 0;
	uint64_t rules = 0;

	for (size_t i = 0; i < ledger->cover_count; i++) {
		const struct ledger_cover *row = &ledger->cover[i];
		struct map_entry *entry;

		if (!str_eq(row->status, status))
			continue;
		rules++;
		entry = map_entry(&index, row->missing);
		if (entry->value == NULL) {
			tallies[count] = (struct tally){row->missing, 0, NULL};
			entry->value = &tallies[count++];
		}
		((struct tally *)entry->value)->count++;
	}
	buf_put_text(out, "  ");
	buf_put_str(out, status);
	buf_put_text(out, ": ");
	human_plural(out, rules, "rule");
	buf_put_char(out, '\n');
	put_tallies(tallies, count, "", out);
	map_release(&index);
	free(tallies);
}

// The statuses of rules that could not have fired, in order of appearance.
static void put_statuses(const struct ledger *ledger, struct buf *out)
{
	struct map known = {0};

	for (size_t i = 0; i < ledger->cover_count; i++) {
		const struct ledger_cover *row = &ledger->cover[i];

		if (!row->could_fire && map_add(&known, row->status, &known))
			continue;
	}
	for (size_t i = 0; i < known.count; i++)
		put_status(ledger, known.entries[i].key, out);
	map_release(&known);
}

static void put_rules(const struct ledger *ledger, struct buf *out)
{
	uint64_t fired = 0;
	uint64_t possible = 0;

	for (size_t i = 0; i < ledger->cover_count; i++) {
		fired += str_eq(ledger->cover[i].status, STR("fired"));
		possible += ledger->cover[i].could_fire;
	}
	buf_put_text(out, "Coverage: of ");
	human_plural(out, ledger->cover_count, "rule");
	buf_put_text(out, " ");
	human_number(out, fired);
	buf_put_text(out, " fired, ");
	human_number(out, possible - fired);
	buf_put_text(out, " more could have, ");
	human_number(out, ledger->cover_count - possible);
	buf_put_text(out, " could not.\n");
	put_statuses(ledger, out);
}

// ---- records ------------------------------------------------------------

static void put_kinds(const struct ledger *ledger, bool looked_at, struct buf *out)
{
	struct tally *tallies = mem_alloc((ledger->kind_count + 1) * sizeof(*tallies));
	uint64_t records = 0;
	size_t count = 0;

	for (size_t i = 0; i < ledger->kind_count; i++) {
		const struct ledger_kind *kind = &ledger->kinds[i];

		if ((kind->rules > 0) != looked_at)
			continue;
		records += kind->records;
		tallies[count++] =
			(struct tally){kind->channel.len > 0 ? kind->channel : kind->provider,
				       kind->records, kind};
	}
	if (count > 0) {
		buf_put_text(out,
			     looked_at ? "  looked at by rules: " : "  looked at by no rule: ");
		human_plural(out, records, "record");
		buf_put_text(out, " of ");
		human_plural(out, count, "kind");
		buf_put_char(out, '\n');
		put_tallies(tallies, count, " kinds", out);
	}
	free(tallies);
}

void ledger_put_coverage(const struct ledger *ledger, struct buf *out)
{
	put_rules(ledger, out);
	if (ledger->other_kinds > 0) {
		buf_put_text(out, "  too many kinds of records to list: ");
		human_plural(out, ledger->other_kinds, "record");
		buf_put_char(out, '\n');
		return;
	}
	put_kinds(ledger, true, out);
	put_kinds(ledger, false, out);
}
