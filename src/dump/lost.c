// SPDX-License-Identifier: Apache-2.0
// The passes of scan/salvage.c, for one thread.
#include "dump/lost.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "recover/stream.h"

struct lost {
	struct evtx_book *book;
	struct evtx_book *learned; // from lost records, until the first are handed out
	struct recover_finds finds;
	struct recoverer *recoverer;
	struct recover_stream stream;
	struct lost_account account;
	lost_take *take;
	void *user;
	bool stopped;
};

struct lost *lost_new(struct input_reader *input)
{
	struct lost *lost = mem_zalloc(sizeof(*lost));

	lost->book = evtx_book_new();
	lost->learned = evtx_book_new();
	lost->recoverer = recoverer_new();
	recover_stream_init(&lost->stream, input);
	return lost;
}

void lost_free(struct lost *lost)
{
	if (lost == NULL)
		return;
	evtx_book_free(lost->book);
	evtx_book_free(lost->learned);
	recover_finds_release(&lost->finds);
	recoverer_free(lost->recoverer);
	recover_stream_release(&lost->stream);
	free(lost);
}

void lost_see(struct lost *lost, const struct evtx_record *record, const struct event *event,
	      size_t file)
{
	evtx_carve_learn(lost->book, (uint32_t)file, record);
	recover_finds_live(&lost->finds, event, (uint32_t)file);
}

// ---- passes -------------------------------------------------------------

static void learn(void *user, const struct event *event, const struct evtx_record *record)
{
	struct lost *lost = user;

	if (event->lent == EVENT_TEMPLATE_OWN)
		evtx_carve_learn(lost->learned, lost->stream.cell.source, record);
}

static void find(void *user, const struct event *event, const struct evtx_record *record)
{
	struct lost *lost = user;

	(void)record;
	recover_finds_add(&lost->finds, event, lost->stream.cell.source);
}

static void hand_out(void *user, const struct event *event, const struct evtx_record *record)
{
	struct lost *lost = user;

	(void)record;
	if (lost->stopped ||
	    !recover_finds_has(&lost->finds, lost->stream.cell.source, event->offset))
		return;
	recover_told_add(&lost->account.told, event);
	lost->stopped = !lost->take(lost->user, event);
}

static enum rc run_pass(struct lost *lost, size_t file, bool is_image, recover_take *take,
			struct recover_counts *counts, struct err *err)
{
	struct recover_stream *stream = &lost->stream;
	enum rc rc = recover_stream_open(stream, file, is_image, 0, err);
	bool failed = rc != RC_OK;

	while (rc == RC_OK && !lost->stopped) {
		rc = recover_stream_next(stream, err);
		failed |= rc == RC_FAILED;
		if (rc == RC_END)
			break;
		stream->cell.book = lost->book;
		recover_search(lost->recoverer, &stream->cell, take, lost, counts);
	}
	return failed ? RC_FAILED : RC_OK;
}

void lost_learn(struct lost *lost, size_t file, bool is_image)
{
	struct recover_counts ignored = {0};
	struct err untold;
	enum rc rc = run_pass(lost, file, is_image, learn, &ignored, &untold);

	(void)rc; // lost_find tells
}

static void account_for(struct lost *lost)
{
	lost->account.no_templates = evtx_book_is_full(lost->book);
	lost->account.also_live = lost->finds.also_live;
	lost->account.again = lost->finds.again;
	lost->account.contradicted = lost->finds.contradicted;
	lost->account.too_many_live = lost->finds.too_many_live;
	lost->account.too_many |= lost->finds.too_many;
}

enum rc lost_find(struct lost *lost, size_t file, bool is_image, lost_take *take, void *user,
		  struct err *err)
{
	struct recover_counts ignored = {0};
	struct err again = {""};
	enum rc rc;

	lost->take = take;
	lost->user = user;
	if (lost->learned != NULL)
		evtx_book_absorb(lost->book, lost->learned);
	evtx_book_free(lost->learned);
	lost->learned = NULL;
	rc = run_pass(lost, file, is_image, find, &lost->account.counts, err);
	recover_finds_settle(&lost->finds);
	account_for(lost);
	if (lost->finds.count > 0 &&
	    run_pass(lost, file, is_image, hand_out, &ignored, &again) != RC_OK) {
		if (rc == RC_OK)
			err_set(err, "%s", again.text);
		rc = RC_FAILED;
	}
	recover_finds_reset(&lost->finds);
	return rc;
}

const struct lost_account *lost_account(const struct lost *lost)
{
	return &lost->account;
}
