// SPDX-License-Identifier: Apache-2.0
// Confirmation: each record with a hit is read once more with libevtx, and its
// rules are evaluated on what libevtx says.
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "evtx/format.h"
#include "refreader/refreader.h"
#include "scan/internal.h"

struct confirmer {
	const struct scan *scan;
	struct match_state *state;
	struct arena arena;	  // of the record that was read
	struct refreader *reader; // NULL until it is needed
	const void *chunk;	  // NULL when the reader has it
	size_t len;
	// Answers for one record.
	uint64_t sequence;
	bool asked, readable;
	struct event event;
};

struct confirmer *confirmer_new(const struct scan *scan)
{
	struct confirmer *confirmer = mem_zalloc(sizeof(*confirmer));

	confirmer->scan = scan;
	confirmer->state = match_state_new(scan->matcher, false);
	return confirmer;
}

void confirmer_free(struct confirmer *confirmer)
{
	if (confirmer == NULL)
		return;
	refreader_close(confirmer->reader);
	match_state_free(confirmer->state);
	arena_release(&confirmer->arena);
	free(confirmer);
}

void confirmer_set_chunk(struct confirmer *confirmer, const void *chunk, size_t len)
{
	confirmer->chunk = chunk;
	confirmer->len = len;
	confirmer->asked = false;
}

static bool read_again(struct confirmer *c, const struct corr_record *record)
{
	struct err err = {""};

	arena_reset(&c->arena);
	if (c->chunk != NULL && refreader_set_chunk(&c->reader, c->chunk, c->len, &err) != RC_OK)
		return false;
	c->chunk = NULL;
	return refreader_read(c->reader, record->header_id,
			      (record->offset - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE, &c->arena,
			      &c->event, &err) == RC_OK;
}

enum hit_confirmed confirmer_ask(struct confirmer *c, const struct corr_record *record,
				 const struct rule *rule)
{
	if (!c->asked || c->sequence != record->sequence) {
		c->asked = true;
		c->sequence = record->sequence;
		c->readable = read_again(c, record);
		if (c->readable)
			match_begin(c->state, &c->event);
	}
	if (!c->readable)
		return CONFIRMED_UNREADABLE;
	if (c->event.time != record->time || c->event.record_id != record->record_id)
		return CONFIRMED_DIFFERS;
	return match_rule_alone(c->state, rule) ? CONFIRMED_YES : CONFIRMED_DIFFERS;
}

// A path or value may have any length, and thousands of hits may have it.
static void put(struct buf *out, const char *before, struct str text, const char *after)
{
	buf_put_text(out, before);
	utf8_put_cut(out, text, LIMIT_MESSAGE_VALUE);
	buf_put_text(out, after);
}

static void put_difference(struct buf *out, const struct event *native, const struct event *other)
{
	size_t count = native->count < other->count ? native->count : other->count;

	for (size_t i = 0; i < count; i++) {
		struct str path = native->fields[i].path;
		struct str ours = event_text(native, &native->fields[i]);
		struct str theirs = event_text(other, &other->fields[i]);

		if (!str_eq(path, other->fields[i].path)) {
			put(out, "field ", path, ", where libevtx has ");
			put(out, "", other->fields[i].path, "");
			return;
		}
		if (!str_eq(ours, theirs)) {
			put(out, "field ", path, " is ");
			put(out, "'", ours, "', libevtx reads ");
			put(out, "'", theirs, "'");
			return;
		}
	}
	buf_printf(out, "%zu fields, libevtx reads %zu", native->count, other->count);
}

struct str confirmer_difference(const struct confirmer *c, const struct event *native,
				struct arena *arena)
{
	struct buf text = {0};
	struct str copy;

	put_difference(&text, native, &c->event);
	copy = arena_str(arena, buf_str(&text));
	buf_release(&text);
	return copy;
}
