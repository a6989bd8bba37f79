// SPDX-License-Identifier: Apache-2.0
// Reading a ticket.
//
// Chunks are read by position into a buffer of the worker: a file that shrinks
// meanwhile is a short read, not a signal. The files of an archive come one after
// the other out of one thread, whose pieces go to all.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "evtx/format.h"
#include "refreader/refreader.h"
#include "scan/internal.h"

// ---- opening ------------------------------------------------------------

static void set_file_error(struct worker *worker, size_t file, const char *text)
{
	if (worker->files[file].error.len == 0)
		worker->files[file].error = arena_str(&worker->arena, str_from(text));
}

// Read the file's header, and show it to `witness` (may be NULL).
static bool open_file(struct worker *worker, size_t file, struct witness *witness)
{
	unsigned char header[EVTX_FILE_HEADER_SIZE];
	struct evtx_file_header parsed;
	struct evtx_extent extent;
	struct err err = {""};
	size_t got;
	enum rc rc;

	if (worker->file == file)
		return true;
	worker->file = SIZE_MAX;
	rc = input_read(worker->input, file, 0, header, sizeof(header), &got, &err);
	if (rc == RC_OK && witness != NULL)
		witness_see(witness, header, got);
	if (rc == RC_OK && witness != NULL && got < sizeof(header))
		witness_keep(witness, (uint32_t)file);
	if (rc != RC_OK || evtx_file_parse(header, got, &parsed, &err) != RC_OK) {
		set_file_error(worker, file, err.text);
		return false;
	}
	worker->file = file;
	worker->file_flags = parsed.flags;
	extent = evtx_extent_of(&parsed, worker->scan->input->files[file].size);
	worker->files[file].dirty = extent.dirty;
	worker->files[file].counted = extent.counted;
	worker->files[file].damaged |= parsed.crc_bad;
	return true;
}

// ---- native -------------------------------------------------------------

// What the native reader could not decode, libevtx may: both are counted.
static void fall_back(struct worker *worker, const unsigned char *bytes, size_t len,
		      const struct piece *piece, uint64_t chunk)
{
	struct file_count *count = &worker->files[piece->file];
	struct err ignored = {""};
	bool ready;

	if (worker->stray_count == 0)
		return;
	ready = refreader_set_chunk(&worker->fallback, bytes, len, &ignored) == RC_OK;
	for (size_t i = 0; i < worker->stray_count; i++) {
		const struct stray *stray = &worker->strays[i];
		struct event event;

		arena_reset(&worker->record);
		if (!ready || refreader_read(worker->fallback, stray->header_id, stray->offset,
					     &worker->record, &event, &ignored) != RC_OK) {
			worker_lose(worker, piece->file, stray->sequence, stray->err.text);
			continue;
		}
		count->fallback++;
		worker_judge_id(worker, piece->file, event.odd_id);
		event.chunk = (uint32_t)chunk;
		event.offset = EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE + stray->offset;
		worker_take_event(worker, &event, NULL, stray->sequence);
	}
}

static void take_stray(struct worker *worker, const struct evtx_record *record, size_t file,
		       uint64_t sequence, const struct err *err)
{
	if (worker->stray_count == LIMIT_STRAYS) {
		worker_lose(worker, file, sequence, err->text);
		return;
	}
	worker->strays[worker->stray_count++] =
		(struct stray){record->header_id, record->offset, sequence, *err};
}

// A record that the native reader has read.
static void count_record(struct worker *worker, const struct evtx_record *record, size_t file)
{
	struct file_count *count = &worker->files[file];

	count->records++;
	count->suspect += record->suspect;
	count->behind += record->behind_damage || record->beyond_free_space;
	worker_judge_id(worker, file, record->odd_id);
}

static void take_record(struct worker *worker, const struct evtx_record *record,
			const struct piece *piece, uint64_t chunk, uint64_t sequence)
{
	const struct plan *plan =
		match_plan(worker->state, &record->channel, &record->provider, record->event_id);
	struct event event;
	struct err err = {""};
	bool wanted;

	if (worker->salvage != NULL)
		salvage_live(worker, record, piece->file);
	wanted = worker_wants(worker, record, plan);
	if (wanted &&
	    evtx_record_event(worker->reader, record, &worker->record, &event, &err) != RC_OK) {
		take_stray(worker, record, piece->file, sequence, &err);
		return;
	}
	count_record(worker, record, piece->file);
	if (!wanted)
		return;
	event.chunk = (uint32_t)chunk;
	event.offset += EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE;
	event.recovered = record->recovered;
	worker_take_event(worker, &event, plan, sequence);
}

// What the native reader says of a chunk that was walked to its end.
static void count_chunk(struct file_count *count, const struct evtx_chunk_info *info)
{
	count->chunks++;
	// A header of another size is odd, but no harm.
	if ((info->warnings & ~EVTX_CHUNK_ODD_SIZE) != 0)
		count->damaged = true;
	if ((info->warnings & EVTX_CHUNK_SHORT) != 0)
		count->chunks_failed++;
}

static void read_chunk(struct worker *worker, const unsigned char *bytes, size_t len,
		       const struct piece *piece, uint64_t chunk)
{
	struct file_count *count = &worker->files[piece->file];
	struct evtx_chunk_info info;
	struct evtx_record record;
	uint64_t place = 0;
	enum rc rc;

	rc = evtx_chunk_open(worker->reader, bytes, len, piece->flags, &info);
	if (rc == RC_END)
		return;
	if (worker->confirmer != NULL)
		confirmer_set_chunk(worker->confirmer, bytes, len);
	worker->stray_count = 0;
	for (;; place++) {
		struct err err = {""};
		uint64_t sequence = SEQUENCE(piece->file, chunk, place);

		rc = evtx_chunk_next(worker->reader, &record, &err);
		if (rc == RC_END)
			break;
		if (rc != RC_OK)
			take_stray(worker, &record, piece->file, sequence, &err);
		else if (record.recovered)
			count->left_out++;
		else
			take_record(worker, &record, piece, chunk, sequence);
	}
	fall_back(worker, bytes, len, piece, chunk);
	count_chunk(count, &info);
}

// ---- libevtx ------------------------------------------------------------

// Each record of the chunk alone, where the native reader finds it: what libevtx lists by itself
// ends at the first record that it rejects, and at the free-space offset of a log that was not
// closed, without a word.
static void read_reference(struct worker *worker, const struct evtx_record *record,
			   const struct piece *piece, uint64_t chunk, uint64_t sequence)
{
	struct event event;
	struct err why = {""}, err;

	arena_reset(&worker->record);
	if (refreader_read(worker->fallback, record->header_id, record->offset, &worker->record,
			   &event, &why) != RC_OK) {
		(void)evtx_record_lost(record, why.text, &err);
		worker_lose(worker, piece->file, sequence, err.text);
		return;
	}
	count_record(worker, record, piece->file);
	event.chunk = (uint32_t)chunk;
	event.offset += EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE;
	worker_take_event(worker, &event, NULL, sequence);
}

static void read_chunk_with_libevtx(struct worker *worker, const unsigned char *bytes, size_t len,
				    const struct piece *piece, uint64_t chunk)
{
	struct file_count *count = &worker->files[piece->file];
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct err err = {""};
	enum rc rc;

	if (evtx_chunk_open(worker->reader, bytes, len, piece->flags, &info) == RC_END)
		return;
	if (refreader_set_chunk(&worker->fallback, bytes, len, &err) != RC_OK) {
		worker_lose(worker, piece->file, SEQUENCE(piece->file, chunk, 0), err.text);
		return;
	}
	for (uint64_t place = 0; (rc = evtx_chunk_next(worker->reader, &record, &err)) != RC_END;
	     place++) {
		if (rc == RC_OK && record.recovered)
			count->left_out++;
		else
			read_reference(worker, &record, piece, chunk,
				       SEQUENCE(piece->file, chunk, place));
	}
	count_chunk(count, &info);
}

// ---- pieces -------------------------------------------------------------

void files_read_piece(struct worker *worker, const struct piece *piece)
{
	struct progress *progress = worker->scan->options.progress;
	uint64_t records = worker->files[piece->file].records;

	worker->files[piece->file].slots += (piece->len + CHUNK_SIZE - 1) / CHUNK_SIZE;
	for (size_t at = 0; at < piece->len; at += CHUNK_SIZE) {
		size_t len = piece->len - at < CHUNK_SIZE ? piece->len - at : CHUNK_SIZE;
		uint64_t chunk = piece->first + at / CHUNK_SIZE;

		if (worker->scan->options.native)
			read_chunk(worker, piece->bytes + at, len, piece, chunk);
		else
			read_chunk_with_libevtx(worker, piece->bytes + at, len, piece, chunk);
	}
	if (progress == NULL)
		return;
	progress_add(&progress->bytes, piece->len);
	progress_add(&progress->records, worker->files[piece->file].records - records);
}

// Chunks that cannot be read, if any: nobody knows of how many records. When there are
// none, what went wrong was at the end of the last.
static void lose_chunks(struct worker *worker, size_t file, uint64_t first, uint64_t end,
			const char *why)
{
	struct file_count *count = &worker->files[file];

	count->chunks += end - first;
	count->chunks_failed += end - first;
	count->unread_chunks += end - first;
	count->slots += end - first;
	if (count->unread.len > 0 && count->unread_at <= first)
		return;
	count->unread_at = first;
	count->unread =
		arena_str(&worker->arena,
			  why[0] != '\0' ? str_from(why) : STR("the file has become shorter"));
}

static uint64_t chunk_offset(uint64_t chunk)
{
	return EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE;
}

// Chunks that came after the files were found have no ticket.
static void check_growth(struct worker *worker, size_t file)
{
	uint64_t size = worker->scan->input->files[file].size;
	struct err err = {""};
	size_t got;
	char byte;

	if (input_read(worker->input, file, size, &byte, 1, &got, &err) != RC_OK || got == 0)
		return;
	worker->scan->missed = true;
	worker_note(worker, SEQUENCE(file, evtx_slots(size), 0),
		    STR("the file has grown; what came while it was scanned was not read"));
}

static void read_chunks(struct worker *worker, const struct ticket *ticket)
{
	size_t want = (size_t)ticket->count * CHUNK_SIZE;
	struct piece piece = {.file = ticket->file, .first = ticket->first};
	const struct scan *scan = worker->scan;
	struct err err = {""};
	uint64_t there;
	enum rc rc;

	if (!open_file(worker, ticket->file, NULL))
		return;
	if (scan->options.progress != NULL && ticket->first == 0)
		progress_add(&scan->options.progress->bytes, EVTX_FILE_HEADER_SIZE);
	buf_reset(&worker->chunks);
	piece.bytes = (unsigned char *)buf_reserve(&worker->chunks, want);
	piece.flags = worker->file_flags;
	// What could be read counts, whatever ended it.
	rc = input_read(worker->input, ticket->file, chunk_offset(ticket->first), piece.bytes, want,
			&piece.len, &err);
	files_read_piece(worker, &piece);
	there = (piece.len + CHUNK_SIZE - 1) / CHUNK_SIZE;
	if (there < ticket->count || rc != RC_OK)
		lose_chunks(worker, ticket->file, ticket->first + there,
			    ticket->first + ticket->count, err.text);
	else if (ticket->first + ticket->count == evtx_slots(scan->input->files[ticket->file].size))
		check_growth(worker, ticket->file);
}

// ---- archives -----------------------------------------------------------

// The next piece of an unpacked file goes to whoever is free, or is read here.
static enum rc pass_on(struct worker *worker, struct piece *piece, struct witness *witness,
		       struct err *err)
{
	struct pieces *pieces = worker->scan->pieces;
	unsigned char *buffer = pieces_buffer(pieces);
	size_t want = (size_t)PIECE_CHUNKS * CHUNK_SIZE;
	enum rc rc;

	buf_reset(&worker->chunks);
	piece->bytes =
		buffer != NULL ? buffer : (unsigned char *)buf_reserve(&worker->chunks, want);
	rc = input_read(worker->input, piece->file, chunk_offset(piece->first), piece->bytes, want,
			&piece->len, err);
	witness_see(witness, piece->bytes, piece->len);
	if (buffer == NULL)
		files_read_piece(worker, piece);
	else if (piece->len > 0)
		pieces_put(pieces, piece);
	else
		pieces_give_back(pieces, buffer);
	return rc == RC_OK && piece->len < want ? RC_END : rc;
}

static void unpack_file(struct worker *worker, uint32_t file, struct witness *witness)
{
	struct scan *scan = worker->scan;
	uint64_t slots = evtx_slots(scan->input->files[file].size);
	struct piece piece = {.file = file};
	struct err err = {""};
	enum rc rc = RC_OK;

	if (!open_file(worker, file, witness))
		return;
	piece.flags = worker->file_flags;
	for (; rc == RC_OK && !scan_stopped(scan); piece.first += PIECE_CHUNKS)
		rc = pass_on(worker, &piece, witness, &err);
	if (rc == RC_OK)
		return;
	// Behind the last piece that was read, which may be short.
	piece.first -= PIECE_CHUNKS;
	piece.first += (piece.len + CHUNK_SIZE - 1) / CHUNK_SIZE;
	if (piece.first < slots || rc == RC_FAILED)
		lose_chunks(worker, file, piece.first, slots > piece.first ? slots : piece.first,
			    err.text);
	if (rc == RC_END)
		witness_keep(witness, file);
}

static void unpack_files(struct worker *worker, const struct ticket *ticket)
{
	struct scan *scan = worker->scan;
	struct witness witness;

	witness_init(&witness, worker);
	for (uint32_t i = ticket->file; i < ticket->file + ticket->count && !scan_stopped(scan);
	     i++) {
		const struct input_file *file = &scan->input->files[i];

		witness_begin(&witness);
		if (file_is_read(file))
			unpack_file(worker, i, &witness);
		else if (scan->options.integrity && file_is_examined(file))
			evidence_examine(worker, i);
	}
	witness_release(&witness);
	input_reader_close(worker->input);
	pieces_end(scan->pieces);
}

// ---- tickets ------------------------------------------------------------

enum rc files_read_chunk(struct worker *worker, size_t file, uint64_t chunk, void *out, size_t *got,
			 struct err *err)
{
	enum rc rc =
		input_read(worker->input, file, chunk_offset(chunk), out, CHUNK_SIZE, got, err);

	if (rc != RC_OK || *got > 0)
		return rc;
	err_set(err, "the file has become shorter");
	return RC_FAILED;
}

void files_read(struct worker *worker, const struct ticket *ticket)
{
	if (ticket->kind == TICKET_ARCHIVE)
		unpack_files(worker, ticket);
	else if (ticket->kind == TICKET_EXAMINE)
		evidence_examine(worker, ticket->file);
	else if (ticket->kind == TICKET_CONTAINER)
		evidence_hash_archive(worker, ticket->file);
	else
		read_chunks(worker, ticket);
}
