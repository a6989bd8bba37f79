// SPDX-License-Identifier: Apache-2.0
// Lost records of a scan: found, told apart, evaluated.
//
// While live records are read, each worker notes what they say, as a print, and which
// templates they have. Then all threads go over the files up to three times:
//
//   learn  templates, from images and damaged logs
//   find   records that can be trusted; what is live in any log, or was found before, goes
//   take   those that are left are evaluated as live records are
//
// What a pass needs is complete before it begins, so that threads find the same.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "recover/finds.h"
#include "recover/stream.h"
#include "scan/internal.h"

// Cells of a ticket: the margins are read twice.
#define TICKET_CELLS_MOST 8u

enum pass { PASS_LEARN, PASS_FIND, PASS_TAKE };

struct salvage_plan {
	enum pass pass;
	struct evtx_book *book;
	atomic_size_t live;	    // records that workers have noted, or would have
	struct recover_finds finds; // of all workers
	struct recover_counts counts;
};

// A worker's.
struct salvage {
	struct evtx_book *book;
	struct buf told; // by shape: u32, file + 1 whose templates it was learned for
	struct recover_finds finds;
	struct recoverer *recoverer; // NULL until it is needed
	struct recover_stream stream;
	struct recover_counts counts;
	struct recover_told taken;
};

struct salvage *salvage_new(void)
{
	struct salvage *salvage = mem_zalloc(sizeof(*salvage));

	salvage->book = evtx_book_new();
	return salvage;
}

void salvage_free(struct salvage *salvage)
{
	if (salvage == NULL)
		return;
	evtx_book_free(salvage->book);
	buf_release(&salvage->told);
	recover_finds_release(&salvage->finds);
	recoverer_free(salvage->recoverer);
	recover_stream_release(&salvage->stream);
	free(salvage);
}

struct salvage_plan *salvage_plan_new(const struct scan *scan)
{
	bool wanted = scan->options.recover;
	struct salvage_plan *plan;

	for (size_t i = 0; i < scan->input->count; i++)
		wanted |= scan->input->files[i].is_image;
	if (!wanted)
		return NULL;
	plan = mem_zalloc(sizeof(*plan));
	plan->book = evtx_book_new();
	return plan;
}

void salvage_plan_free(struct salvage_plan *plan)
{
	if (plan == NULL)
		return;
	evtx_book_free(plan->book);
	recover_finds_release(&plan->finds);
	free(plan);
}

// ---- live records -------------------------------------------------------

// Templates of a shape are learned once for each file.
static bool is_told(struct salvage *salvage, uint32_t shape, size_t file)
{
	size_t at = shape * sizeof(uint32_t);
	uint32_t mark = (uint32_t)file + 1;
	uint32_t known;

	if (shape == 0)
		return false;
	if (at >= salvage->told.len) {
		size_t more = at + sizeof(uint32_t) - salvage->told.len;

		memset(buf_reserve(&salvage->told, more), 0, more);
		salvage->told.len += more;
	}
	memcpy(&known, salvage->told.ptr + at, sizeof(known));
	memcpy(salvage->told.ptr + at, &mark, sizeof(mark));
	return known == mark;
}

void salvage_live(struct worker *worker, const struct evtx_record *record, size_t file)
{
	struct salvage *salvage = worker->salvage;
	struct event event;
	struct err ignored;

	if (!is_told(salvage, record->shape, file))
		evtx_carve_learn(salvage->book, (uint32_t)file, record);
	arena_reset(&worker->record);
	if (evtx_record_event(worker->reader, record, &worker->record, &event, &ignored) != RC_OK)
		return;
	// The bound is one for all workers.
	if (atomic_fetch_add(&worker->scan->salvage->live, 1) >= LIMIT_RECOVER_LIVE)
		salvage->finds.too_many_live = true;
	else
		recover_finds_live(&salvage->finds, &event, (uint32_t)file);
}

// ---- a pass -------------------------------------------------------------

static void take_found(struct worker *worker, uint32_t file, const struct event *event)
{
	const struct recover_finds *finds = &worker->scan->salvage->finds;
	size_t number = recover_finds_before(finds, file, event->offset) -
			recover_finds_before(finds, file, 0);

	if (!recover_finds_has(finds, file, event->offset))
		return;
	worker->files[file].records++;
	worker->files[file].recovered++;
	worker_judge_id(worker, file, event->odd_id);
	recover_told_add(&worker->salvage->taken, event);
	arena_reset(&worker->record);
	worker_take_event(worker, event, NULL, SEQUENCE_RECOVERED(file, number));
}

static void take(void *user, const struct event *event, const struct evtx_record *record)
{
	struct worker *worker = user;
	struct salvage *salvage = worker->salvage;
	uint32_t file = salvage->stream.cell.source;

	switch (worker->scan->salvage->pass) {
	case PASS_LEARN:
		if (event->lent == EVENT_TEMPLATE_OWN)
			evtx_carve_learn(salvage->book, file, record);
		break;
	case PASS_FIND:
		recover_finds_add(&salvage->finds, event, file);
		break;
	case PASS_TAKE:
		take_found(worker, file, event);
		break;
	}
}

// An image that cannot be read on; of logs the first reading has told.
static void lose(struct worker *worker, uint32_t file, const struct err *err)
{
	if (worker->scan->input->files[file].is_image && worker->files[file].error.len == 0)
		worker->files[file].error = arena_str(&worker->arena, str_from(err->text));
}

static bool has_found(const struct salvage_plan *plan, uint32_t file, uint64_t start, uint64_t end)
{
	return recover_finds_before(&plan->finds, file, start) !=
	       recover_finds_before(&plan->finds, file, end);
}

// A cell of an image is done.
static void count_image(struct worker *worker, const struct recover_cell *cell, uint64_t records)
{
	struct progress *progress = worker->scan->options.progress;
	uint64_t len = cell->offset + cell->len - cell->start;

	if (len > RECOVER_CELL)
		len = RECOVER_CELL;
	worker->files[cell->source].searched += len;
	if (progress == NULL)
		return;
	progress_add(&progress->bytes, len);
	progress_add(&progress->records, records);
}

static void search_cell(struct worker *worker)
{
	const struct salvage_plan *plan = worker->scan->salvage;
	struct salvage *salvage = worker->salvage;
	struct recover_cell *cell = &salvage->stream.cell;
	struct recover_counts ignored = {0};
	uint64_t records = salvage->counts.records;

	// A chunk that begins in the cell may end behind it.
	if (plan->pass == PASS_TAKE && !has_found(plan, cell->source, cell->start,
						  cell->start + RECOVER_CELL + RECOVER_MARGIN))
		return;
	cell->book = plan->book;
	recover_search(salvage->recoverer, cell, take, worker,
		       plan->pass == PASS_FIND ? &salvage->counts : &ignored);
	if (plan->pass == PASS_FIND && worker->scan->input->files[cell->source].is_image)
		count_image(worker, cell, salvage->counts.records - records);
}

static void search_cells(struct worker *worker, uint32_t file, uint64_t first, uint64_t count)
{
	struct recover_stream *stream = &worker->salvage->stream;
	struct err err = {""};
	enum rc rc = recover_stream_open(stream, file, worker->scan->input->files[file].is_image,
					 first, &err);

	for (uint64_t i = 0; rc == RC_OK && i < count && !scan_stopped(worker->scan); i++) {
		rc = recover_stream_next(stream, &err);
		if (rc != RC_END)
			search_cell(worker);
	}
	if (rc == RC_FAILED)
		lose(worker, file, &err);
}

// ---- tickets ------------------------------------------------------------

// Damage may have taken templates from the live records.
static bool is_damaged(const struct scan *scan, size_t file)
{
	for (unsigned i = 0; i < scan->options.threads; i++) {
		const struct file_count *count = &scan->workers[i].files[file];

		if (count->damaged || count->chunks_failed > 0 || count->unread.len > 0)
			return true;
	}
	return false;
}

static bool is_searched(const struct scan *scan, uint32_t index)
{
	const struct input_file *file = &scan->input->files[index];
	const struct salvage_plan *plan = scan->salvage;

	if (file->error.len > 0 || file->duplicate_of.len > 0 ||
	    (!file->is_image && !scan->options.recover))
		return false;
	if (plan->pass == PASS_LEARN)
		return file->is_image || is_damaged(scan, index);
	return plan->pass == PASS_FIND || has_found(plan, index, 0, UINT64_MAX);
}

static void search_archive(struct worker *worker, const struct ticket *ticket)
{
	for (uint32_t i = ticket->file; i < ticket->file + ticket->count; i++) {
		if (is_searched(worker->scan, i))
			search_cells(worker, i, 0, UINT64_MAX);
	}
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct salvage *salvage = worker->salvage;
	struct scan *scan = worker->scan;

	if (salvage->recoverer == NULL) {
		salvage->recoverer = recoverer_new();
		recover_stream_init(&salvage->stream, worker->input);
	}
	while (!scan_stopped(scan)) {
		size_t next = atomic_fetch_add(&scan->next_ticket, 1);
		const struct ticket *ticket;

		if (next >= scan->ticket_count)
			break;
		ticket = &scan->tickets[next];
		if (ticket->kind == TICKET_ARCHIVE)
			search_archive(worker, ticket);
		else
			search_cells(worker, ticket->file, ticket->first, ticket->count);
	}
	input_reader_close(worker->input);
	return NULL;
}

static void run_pass(struct scan *scan, enum pass pass)
{
	scan->salvage->pass = pass;
	tickets_plan_cells(scan, is_searched, RECOVER_CELL, TICKET_CELLS_MOST);
	scan_run_threads(scan, work);
}

// ---- between the passes -------------------------------------------------

static void gather(struct scan *scan)
{
	struct salvage_plan *plan = scan->salvage;

	for (unsigned i = 0; i < scan->options.threads; i++) {
		struct salvage *salvage = scan->workers[i].salvage;

		evtx_book_absorb(plan->book, salvage->book);
		recover_finds_absorb(&plan->finds, &salvage->finds);
		recover_counts_add(&plan->counts, &salvage->counts);
		memset(&salvage->counts, 0, sizeof(salvage->counts));
	}
}

void salvage_run(struct scan *scan)
{
	if (scan->salvage == NULL)
		return;
	gather(scan);
	run_pass(scan, PASS_LEARN);
	gather(scan);
	run_pass(scan, PASS_FIND);
	gather(scan);
	recover_finds_settle(&scan->salvage->finds);
	run_pass(scan, PASS_TAKE);
}

void salvage_account(struct scan *scan)
{
	const struct salvage_plan *plan = scan->salvage;
	struct ledger *ledger = scan->ledger;

	if (plan == NULL)
		return;
	ledger->recovery.was_asked = true;
	ledger->recovery.beginnings = plan->counts.beginnings;
	ledger->recovery.trusted = plan->counts.records - plan->finds.contradicted;
	for (unsigned i = 0; i < scan->options.threads; i++) {
		ledger->recovery.lent += scan->workers[i].salvage->taken.lent;
		ledger->recovery.foreign += scan->workers[i].salvage->taken.foreign;
	}
	ledger->recovery.chunks = plan->counts.chunks;
	ledger->recovery.live = plan->finds.also_live;
	ledger->recovery.again = plan->finds.again;
	for (int i = 0; i < EVTX_DOUBTS; i++)
		ledger_count(ledger, &ledger->recovery.doubts,
			     str_from(evtx_doubt_text((enum evtx_doubt)i)), plan->counts.doubts[i]);
	ledger_count(ledger, &ledger->recovery.doubts, STR("it contradicts another record"),
		     plan->finds.contradicted);
	if (evtx_book_is_full(plan->book))
		ledger_note(ledger, &ledger->warnings, STR("recovery"),
			    STR("too many templates: none was taken from elsewhere"));
	if (plan->finds.too_many_live)
		ledger_note(ledger, &ledger->warnings, STR("recovery"),
			    STR("too many records: those that are live, or were found before, are "
				"among them"));
	if (plan->finds.too_many) {
		ledger_note(ledger, &ledger->warnings, STR("recovery"),
			    STR("too many records: not all are reported"));
		scan->missed = true;
	}
}
