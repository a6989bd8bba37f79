// SPDX-License-Identifier: Apache-2.0
// From cells to chunks and runs, and to the records in them.
#include "recover/recover.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"

#define PAGE 4096u

// For each byte of input.
#define WORK (LIMIT_RECOVER_WORK / CHUNK_SIZE)
// Records stand at every eighth byte of a chunk.
#define PLACES (CHUNK_SIZE / 8)

struct recoverer {
	struct evtx_reader *carver;
	struct evtx_reader *reader; // of live records, to leave them aside
	unsigned char *window;	    // CHUNK_SIZE bytes, zeros but for what is at work
	unsigned char *live;	    // by place: part of a live record of the chunk at work
	struct evtx_span *spans;    // of the chunk or run at work
	uint64_t *chunks;	    // offsets of those in and around the cell
	size_t chunk_count, chunk_cap;
	struct arena arena; // of a record
	struct evtx_record record;
	struct evtx_carving carving;
	const struct recover_cell *cell;
	recover_take *take;
	void *user;
	struct recover_counts *counts;
};

struct recoverer *recoverer_new(void)
{
	struct recoverer *r = mem_zalloc(sizeof(*r));

	r->carver = evtx_reader_new();
	r->reader = evtx_reader_new();
	r->window = mem_zalloc(CHUNK_SIZE);
	r->live = mem_zalloc(PLACES);
	r->spans = mem_alloc(PLACES * sizeof(*r->spans));
	return r;
}

void recoverer_free(struct recoverer *r)
{
	if (r == NULL)
		return;
	evtx_reader_free(r->carver);
	evtx_reader_free(r->reader);
	free(r->window);
	free(r->live);
	free(r->spans);
	free(r->chunks);
	arena_release(&r->arena);
	free(r);
}

void recover_counts_add(struct recover_counts *to, const struct recover_counts *from)
{
	to->beginnings += from->beginnings;
	to->records += from->records;
	to->chunks += from->chunks;
	for (size_t i = 0; i < EVTX_DOUBTS; i++)
		to->doubts[i] += from->doubts[i];
}

// ---- a window: a chunk, or a run at its place in one ---------------------

struct window {
	const unsigned char *bytes; // CHUNK_SIZE
	uint32_t start, end;	    // where records may be
	uint32_t limit;		    // those that begin behind it are another cell's
	uint32_t used;		    // behind it is slack
	uint32_t whole;		    // up to there a checksum covers all
	uint64_t offset;	    // of bytes[0] in the log or image; wraps for runs
	bool is_run;
	const unsigned char *after; // what follows a run, RECORD_MIN bytes, or NULL
};

static bool follows(const unsigned char *record, const unsigned char *before)
{
	return load_u64(record + 8) == load_u64(before + 8) + 1;
}

// The end of the records from `at` on that follow each other by id.
static uint32_t run_end(const unsigned char *bytes, uint32_t at, uint32_t end)
{
	uint32_t size = evtx_carve_size(bytes + at, end - at);
	uint32_t next = at + size;

	while (size != 0 && next < end) {
		uint32_t more = evtx_carve_size(bytes + next, end - next);

		if (more == 0 || !follows(bytes + next, bytes + at))
			break;
		at = next;
		next += more;
	}
	return next;
}

// The end of what was written with all that the checksum covers: records behind it that
// go on from its last one were cut off.
static uint32_t whole_end(const struct window *w)
{
	uint32_t last = load_u32(w->bytes + 44);
	uint32_t end = w->whole;

	if (end % 8 != 0 || last < w->start || last > end - RECORD_MIN ||
	    evtx_carve_size(w->bytes + last, end - last) != end - last || w->end < end ||
	    evtx_carve_size(w->bytes + end, w->end - end) == 0 ||
	    !follows(w->bytes + end, w->bytes + last))
		return end;
	return run_end(w->bytes, end, w->end);
}

static void find_spans(struct recoverer *r, const struct window *w)
{
	size_t count = 0;
	uint32_t at = w->start;

	if (w->whole > w->start) {
		uint32_t end = whole_end(w);

		r->spans[count++] = (struct evtx_span){w->bytes + w->start, w->bytes + end};
		at = (end + 7) & ~7u;
	}
	for (; at < w->end; at += 8) {
		uint32_t end = run_end(w->bytes, at, w->end);

		if (end == at)
			continue;
		r->spans[count++] = (struct evtx_span){w->bytes + at, w->bytes + end};
		at = end - 8;
	}
	r->carving.spans = r->spans;
	r->carving.span_count = count;
}

static bool crosses_page(uint64_t at, uint32_t size)
{
	return at / PAGE != (at + size - 1) / PAGE;
}

// A page that was not written while those around it were may end a record just as this
// one ends: then what follows is another than the next record.
static bool may_be_torn(const struct window *w, uint32_t at, uint32_t size)
{
	const unsigned char *next = w->bytes + at + size;

	if (at + size <= w->whole ||
	    !(crosses_page(at, size) || crosses_page(w->offset + at, size)))
		return false;
	if (at + size == w->end && w->after != NULL)
		next = w->after;
	else if (w->end - at - size < RECORD_MIN)
		return false;
	return load_u32(next) == RECORD_SIGNATURE && !follows(next, w->bytes + at);
}

static void found(struct recoverer *r, const struct window *w, struct event *event, uint32_t at)
{
	event->place = w->is_run ? EVENT_RECORD : at >= w->used ? EVENT_SLACK : EVENT_CHUNK;
	event->offset = w->offset + at;
	event->shape = 0; // means something among live records only
	event->chunk = 0;
	if (event->offset >= EVTX_FILE_HEADER_SIZE)
		event->chunk = (uint32_t)((event->offset - EVTX_FILE_HEADER_SIZE) / CHUNK_SIZE);
	r->counts->records++;
	r->take(r->user, event, &r->record);
}

// The record at `at`; returns how far to go on.
static uint32_t judge(struct recoverer *r, const struct window *w, uint32_t at)
{
	uint32_t size = evtx_carve_size(w->bytes + at, w->end - at);
	enum evtx_doubt doubt = EVTX_DOUBT_FRAME;
	struct event event;

	r->counts->beginnings++;
	arena_reset(&r->arena);
	if (size != 0 &&
	    evtx_carve(r->carver, &r->record, at, &r->arena, &event, &doubt) == RC_OK) {
		if (!may_be_torn(w, at, size)) {
			found(r, w, &event, at);
			return size;
		}
		doubt = EVTX_DOUBT_PAGES;
	}
	r->counts->doubts[doubt]++;
	return 8;
}

static void search_window(struct recoverer *r, const struct window *w)
{
	uint32_t at = w->start;

	find_spans(r, w);
	evtx_carve_open(r->carver, w->bytes, &r->carving);
	while (at < w->limit && at + RECORD_MIN <= w->end) {
		if (load_u32(w->bytes + at) != RECORD_SIGNATURE || r->live[at / 8] != 0)
			at += 8;
		else
			at += judge(r, w, at);
	}
}

// ---- chunks -------------------------------------------------------------

static const unsigned char *bytes_at(const struct recover_cell *cell, uint64_t offset)
{
	return cell->bytes + (offset - cell->offset);
}

static uint64_t bytes_end(const struct recover_cell *cell)
{
	return cell->offset + cell->len;
}

static bool is_slot(const struct recover_cell *cell, uint64_t offset)
{
	return cell->is_log && (offset - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE == 0;
}

static bool begins_chunk(const struct recover_cell *cell, uint64_t offset)
{
	const unsigned char *at = bytes_at(cell, offset);

	if (bytes_end(cell) - offset < CHUNK_HEADER_SIZE || memcmp(at, "ElfChnk", 8) != 0)
		return false;
	return is_slot(cell, offset) || evtx_carve_header(at);
}

static void find_chunks(struct recoverer *r)
{
	const struct recover_cell *cell = r->cell;
	const unsigned char *end = cell->bytes + cell->len;
	const unsigned char *at = cell->bytes;

	r->chunk_count = 0;
	while ((at = memchr(at, 'E', (size_t)(end - at))) != NULL) {
		uint64_t offset = cell->offset + (uint64_t)(at - cell->bytes);

		if (begins_chunk(cell, offset)) {
			mem_grow(&r->chunks, &r->chunk_cap, r->chunk_count + 1, sizeof(*r->chunks));
			r->chunks[r->chunk_count++] = offset;
		}
		at++;
	}
}

// Live records are not lost ones.
static void mark_live(struct recoverer *r, const unsigned char *bytes, size_t len)
{
	struct evtx_chunk_info info;
	struct err ignored;
	enum rc rc = evtx_chunk_open(r->reader, bytes, len, r->cell->flags, &info);

	while (rc != RC_END && (rc = evtx_chunk_next(r->reader, &r->record, &ignored)) != RC_END) {
		if (rc == RC_OK && !r->record.recovered)
			memset(r->live + r->record.offset / 8, 1,
			       (r->record.offset % 8 + r->record.size + 7) / 8);
	}
}

// The chunk at `offset`, of which `len` bytes are there.
static void search_chunk(struct recoverer *r, uint64_t offset, size_t len)
{
	const unsigned char *bytes = bytes_at(r->cell, offset);
	struct window w = {.start = CHUNK_HEADER_SIZE, .end = (uint32_t)len, .offset = offset};
	bool whole;

	if (is_slot(r->cell, offset))
		mark_live(r, bytes, len);
	else
		r->counts->chunks++;
	if (len < CHUNK_SIZE) {
		memcpy(r->window, bytes, len);
		bytes = r->window;
	}
	w.bytes = bytes;
	w.limit = w.end;
	w.used = evtx_carve_used(bytes, len, &whole);
	w.whole = whole ? w.used : 0;
	r->carving.work = len * WORK;
	search_window(r, &w);
	memset(r->live, 0, PLACES);
	if (len < CHUNK_SIZE)
		memset(r->window, 0, len);
}

// ---- runs ---------------------------------------------------------------

// Where in its chunk the run was, if one of its records says so and all fits.
static uint32_t run_place(const struct recover_cell *cell, uint64_t offset,
			  const unsigned char *run, uint32_t len)
{
	uint64_t slot = (offset - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE;
	uint32_t size;

	for (uint32_t at = 0; at < len; at += size) {
		uint32_t place;

		size = evtx_carve_size(run + at, len - at);
		place = evtx_carve_place(run + at, size);
		if (place >= CHUNK_HEADER_SIZE + at && place - at <= CHUNK_SIZE - len)
			return place - at;
	}
	if (cell->is_log && slot % 8 == 0 && slot >= CHUNK_HEADER_SIZE && slot <= CHUNK_SIZE - len)
		return (uint32_t)slot;
	// Where definitions hardly are: what refers to one must not find itself there.
	return (CHUNK_SIZE - len) & ~7u;
}

// The run at `offset`, which ends before `end`, its records that begin before `limit`;
// returns how far to go on.
static uint64_t search_run(struct recoverer *r, uint64_t offset, uint64_t limit, uint64_t end)
{
	const unsigned char *run = bytes_at(r->cell, offset);
	uint64_t room = end - offset;
	uint32_t len = room < CHUNK_SIZE - CHUNK_HEADER_SIZE ? (uint32_t)room
							     : CHUNK_SIZE - CHUNK_HEADER_SIZE;
	struct window w = {.bytes = r->window, .is_run = true};

	len = run_end(run, 0, len);
	if (len == 0 || r->carving.work < len) {
		r->counts->beginnings++;
		r->counts->doubts[len == 0 ? EVTX_DOUBT_FRAME : EVTX_DOUBT_WORK]++;
		return 1;
	}
	r->carving.work -= len;
	w.start = run_place(r->cell, offset, run, len);
	w.end = w.start + len;
	w.limit = limit - offset < len ? w.start + (uint32_t)(limit - offset) : w.end;
	w.offset = offset - w.start;
	if (room - len >= RECORD_MIN)
		w.after = run + len;
	memcpy(r->window + w.start, run, len);
	search_window(r, &w);
	memset(r->window + w.start, 0, len);
	return len;
}

// Runs that begin in [at, limit); chunks begin at `end`.
static void search_between(struct recoverer *r, uint64_t at, uint64_t limit, uint64_t end)
{
	r->carving.work = (size_t)(end - at) * WORK;
	while (at < limit) {
		const unsigned char *from = bytes_at(r->cell, at);
		const unsigned char *hit = memchr(from, '*', (size_t)(limit - at));

		if (hit == NULL)
			return;
		at += (uint64_t)(hit - from);
		if (end - at >= RECORD_MIN && load_u32(hit) == RECORD_SIGNATURE)
			at += search_run(r, at, limit, end);
		else
			at++;
	}
}

// ---- cells --------------------------------------------------------------

// Up to the next chunk, or as far as one reaches.
static uint64_t chunk_end(const struct recoverer *r, size_t i)
{
	uint64_t end = r->chunks[i] + CHUNK_SIZE;

	if (i + 1 < r->chunk_count && r->chunks[i + 1] < end)
		end = r->chunks[i + 1];
	return end < bytes_end(r->cell) ? end : bytes_end(r->cell);
}

void recover_search(struct recoverer *r, const struct recover_cell *cell, recover_take *take,
		    void *user, struct recover_counts *counts)
{
	uint64_t stop = cell->start + RECOVER_CELL;
	uint64_t at = cell->start;

	r->cell = cell;
	r->take = take;
	r->user = user;
	r->counts = counts;
	r->carving.book = cell->book;
	r->carving.source = cell->source;
	find_chunks(r);
	if (stop > bytes_end(cell))
		stop = bytes_end(cell);
	for (size_t i = 0; i <= r->chunk_count && at < stop; i++) {
		uint64_t next = i < r->chunk_count ? r->chunks[i] : bytes_end(cell);

		if (next > at)
			search_between(r, at, next < stop ? next : stop, next);
		if (next >= stop)
			return;
		if (next >= cell->start)
			search_chunk(r, next, (size_t)(chunk_end(r, i) - next));
		if (chunk_end(r, i) > at)
			at = chunk_end(r, i);
	}
}
