// SPDX-License-Identifier: Apache-2.0
// What does not agree, in sentences.
//
// A hint is worth reading only when there are few. So what is normal gives none:
// header ids that differ from EventRecordID, stale records behind the end of a chunk
// (evtx-format.md 1.5, 1.8), a stale file header of a log that was copied while in use,
// holes of an extract. What stays of a damaged chunk is not held against its header.
#include <inttypes.h>

#include "base/limits.h"
#include "base/tm.h"
#include "integrity/internal.h"
#include "metrics/signs.h"
#include "output/human.h"

struct list {
	struct arena *arena;
	struct file_hint items[HINT_KINDS];
	size_t count;
	struct buf text; // of the hint at work
};

static struct buf *begin(struct list *list)
{
	buf_reset(&list->text);
	return &list->text;
}

static void end(struct list *list, enum file_hint_kind kind, uint64_t count)
{
	list->items[list->count++] =
		(struct file_hint){kind, count, arena_str(list->arena, buf_str(&list->text))};
}

static void add(struct list *list, enum file_hint_kind kind, const char *text)
{
	buf_put_text(begin(list), text);
	end(list, kind, 1);
}

static void put_places(struct buf *out, uint64_t count)
{
	human_plural(out, count, "place");
	buf_put_text(out, count > 1 ? ", first" : ",");
}

// ---- file header --------------------------------------------------------

static void hint_flags(const struct file_facts *facts, struct list *list)
{
	if (facts->dirty)
		add(list, HINT_DIRTY,
		    "the log was not closed (dirty flag): copied while in use, or after a crash");
	if (facts->no_checksums)
		add(list, HINT_NO_CHECKSUMS,
		    "the log has no checksums: they cannot show what was changed");
	if (facts->header_checksum == CHECKSUM_BAD)
		add(list, HINT_HEADER_CHECKSUM, "the checksum of the file header is wrong");
}

static void hint_checksums(const struct file_facts *facts, struct list *list)
{
	uint64_t headers = facts->chunk_headers[CHECKSUM_BAD];
	uint64_t records = facts->chunk_records[CHECKSUM_BAD];
	struct buf *out = begin(list);

	if (headers + records == 0)
		return;
	buf_put_text(out, "wrong checksums: ");
	if (headers > 0)
		human_plural(out, headers, "chunk header");
	if (headers > 0 && records > 0)
		buf_put_text(out, ", ");
	if (records > 0) {
		buf_put_text(out, "the records of ");
		human_plural(out, records, "chunk");
	}
	end(list, HINT_CHUNK_CHECKSUM, headers + records);
}

static void hint_damage(const struct integrity *integrity, struct list *list)
{
	struct buf *out = begin(list);

	if (integrity->bad_chunks == 0)
		return;
	human_plural(out, integrity->bad_chunks, "chunk");
	buf_put_text(out, integrity->bad_chunks == 1 ? " is" : " are");
	buf_put_text(out, " damaged: without header, torn or cut short");
	end(list, HINT_DAMAGE, integrity->bad_chunks);
}

// The header of a log that was not closed is of some earlier moment.
static void hint_counts(const struct file_facts *facts, struct list *list)
{
	struct buf *out;

	if (facts->records > 0 && facts->next_record != facts->last_record + 1) {
		out = begin(list);
		buf_printf(out,
			   "the file header says that the next record is %" PRIu64
			   ", but the last one is %" PRIu64,
			   facts->next_record, facts->last_record);
		end(list, HINT_NEXT_RECORD, 1);
	}
	if (facts->chunks_counted != facts->chunks) {
		out = begin(list);
		buf_put_text(out, "the file header counts ");
		human_plural(out, facts->chunks_counted, "chunk");
		buf_put_text(out, ", but there ");
		buf_put_text(out, facts->chunks == 1 ? "is " : "are ");
		human_number(out, facts->chunks);
		end(list, HINT_CHUNK_COUNT, 1);
	}
}

static void hint_order(const struct integrity *integrity, struct list *list)
{
	const struct file_facts *facts = &integrity->facts;
	const struct chunk_span *spans = integrity->spans;
	size_t count = integrity->span_count;
	struct buf *out = begin(list);

	if (count == 0 || integrity->damaged || integrity->breaks.count > 0 ||
	    (spans[0].slot == facts->oldest_chunk && spans[count - 1].slot == facts->newest_chunk))
		return;
	buf_printf(out,
		   "the file header says that chunk %" PRIu64 " is the oldest and %" PRIu64
		   " the newest, but by their records %" PRIu64 " and %" PRIu64 " are",
		   facts->oldest_chunk, facts->newest_chunk, spans[0].slot, spans[count - 1].slot);
	end(list, HINT_CHUNK_ORDER, 1);
}

// ---- chunks and records -------------------------------------------------

static void hint_liars(const struct integrity *integrity, struct list *list)
{
	const struct chunk_span *lie = &integrity->lie;
	const struct chunk_span *truth = &integrity->truth;
	struct buf *out = begin(list);

	if (integrity->liars == 0)
		return;
	human_plural(out, integrity->liars, "chunk header");
	buf_printf(out,
		   " %s other records than there are: that of chunk %" PRIu64 " %" PRIu64
		   " to %" PRIu64 ", but there are %" PRIu64 " to %" PRIu64,
		   integrity->liars == 1 ? "names" : "name", truth->slot, lie->first, lie->last,
		   truth->first, truth->last);
	end(list, HINT_CHUNK_RECORDS, integrity->liars);
}

static void hint_sequence(const struct integrity *integrity, struct list *list)
{
	const struct breaks *breaks = &integrity->breaks;
	struct buf *out = begin(list);

	if (integrity->is_too_large) {
		buf_put_text(out, "not looked at: the log has more chunks than ");
		human_number(out, LIMIT_INTEGRITY_CHUNKS);
	} else if (breaks->count > 0) {
		buf_put_text(out, "the numbers in record headers do not count up by one in ");
		put_places(out, breaks->count);
		buf_printf(out, " from %" PRIu64 " to %" PRIu64, breaks->after, breaks->before);
	} else {
		return;
	}
	end(list, HINT_RECORD_SEQUENCE, breaks->count);
}

// "3 records <what>, first 17"
static void hint_records(const struct records *records, enum file_hint_kind kind, const char *what,
			 struct list *list)
{
	struct buf *out = begin(list);

	if (records->count == 0)
		return;
	human_plural(out, records->count, "record");
	buf_printf(out, " %s: number %s%" PRIu64, what, records->count > 1 ? "(first) " : "",
		   records->first);
	end(list, kind, records->count);
}

static void hint_sizes(const struct integrity *integrity, struct list *list)
{
	uint64_t count = integrity->facts.sizes_differ;
	struct buf *out = begin(list);

	if (count > 0) {
		buf_put_text(out, "the two sizes of ");
		human_plural(out, count, "record");
		buf_put_text(out, " differ");
		end(list, HINT_RECORD_SIZE, count);
	}
	hint_records(&integrity->larger, HINT_RECORD_CONTENT,
		     "with more bytes than the content takes", list);
	hint_records(&integrity->hiding, HINT_HIDDEN_RECORD, "with another record hidden behind it",
		     list);
}

// ---- ids and times ------------------------------------------------------

static void put_channel(struct buf *out, struct str channel)
{
	if (channel.len == 0)
		return;
	buf_put_text(out, " (");
	buf_put_str(out, channel);
	buf_put_char(out, ')');
}

static void hint_gaps(const struct metrics_signs *signs, struct list *list)
{
	struct buf *out = begin(list);

	if (signs->gaps == 0)
		return;
	human_plural(out, signs->missing, "record");
	buf_put_text(out, signs->missing == 1 ? " is missing in " : " are missing in ");
	put_places(out, signs->gaps);
	buf_printf(out, " between ids %" PRIu64 " and %" PRIu64, signs->gap_after,
		   signs->gap_before);
	put_channel(out, signs->gap_channel);
	end(list, HINT_RECORD_ID_GAP, signs->gaps);
}

static void hint_steps(const struct metrics_signs *signs, struct list *list)
{
	struct buf *out = begin(list);

	if (signs->steps == 0)
		return;
	buf_put_text(out, "time goes back in ");
	human_plural(out, signs->steps, "place");
	buf_put_text(out, signs->steps > 1 ? ", most by " : ", by ");
	human_plural(out, signs->step_ticks / TM_TICKS_PER_SECOND, "second");
	buf_printf(out, " from id %" PRIu64 " to %" PRIu64, signs->step_from, signs->step_to);
	put_channel(out, signs->step_channel);
	end(list, HINT_TIME_STEP, signs->steps);
}

static void hint_clears(const struct metrics_signs *signs, struct list *list)
{
	struct buf *out = begin(list);
	char time[TM_TEXT_SIZE];

	if (signs->clears == 0)
		return;
	buf_put_text(out, "it records that ");
	buf_put_str(out, signs->cleared.len > 0 ? signs->cleared : STR("a log"));
	buf_put_text(out, " was cleared");
	if (signs->cleared_time != 0) {
		tm_format(signs->cleared_time, time);
		buf_printf(out, " at %s", time);
	}
	if (signs->cleared_by.len > 0) {
		buf_put_text(out, " by ");
		buf_put_str(out, signs->cleared_by);
	}
	if (signs->clears > 1) {
		buf_put_text(out, ", and ");
		human_number(out, signs->clears - 1);
		buf_put_text(out, " more");
	}
	end(list, HINT_LOG_CLEARED, signs->clears);
}

void hints_make(struct integrity *integrity, struct arena *arena)
{
	struct file_facts *facts = &integrity->facts;
	struct metrics_signs signs = metrics_signs(integrity->metrics, arena);
	struct list list = {.arena = arena};
	struct file_hint *hints;

	hint_flags(facts, &list);
	hint_checksums(facts, &list);
	hint_damage(integrity, &list);
	if (!facts->dirty) {
		hint_counts(facts, &list);
		hint_order(integrity, &list);
	}
	hint_liars(integrity, &list);
	hint_sequence(integrity, &list);
	hint_sizes(integrity, &list);
	hint_gaps(&signs, &list);
	hint_steps(&signs, &list);
	hint_clears(&signs, &list);
	hints = arena_array(arena, list.count, sizeof(*hints));
	for (size_t i = 0; i < list.count; i++)
		hints[i] = list.items[i];
	facts->hints = hints;
	facts->hint_count = list.count;
	buf_release(&list.text);
}
