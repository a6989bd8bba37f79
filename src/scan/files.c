// SPDX-License-Identifier: Apache-2.0
// Tickets: which chunks a worker reads next, and reading them.
//
// Chunks are read with pread into a buffer of the worker: a file that shrinks
// meanwhile is a short read, not a signal. The number of chunks comes from the
// file's size, never from its header (evtx-format.md 1.7).
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "evtx/format.h"
#include "refreader/refreader.h"
#include "scan/internal.h"

// Chunks of a ticket: 256 KiB keep the lock-free counter and the page cache
// busy enough, and stay in the second-level cache (performance.md 5).
#define TICKET_CHUNKS 4

// A whole file for the libevtx reader.
#define WHOLE_FILE UINT32_MAX

static void add_ticket(struct scan *scan, size_t file, uint64_t first, uint32_t count)
{
	mem_grow(&scan->tickets, &scan->ticket_cap, scan->ticket_count + 1, sizeof(*scan->tickets));
	scan->tickets[scan->ticket_count++] = (struct ticket){(uint32_t)file, count, first};
}

static uint64_t slots_of(uint64_t size)
{
	if (size <= EVTX_FILE_HEADER_SIZE)
		return 0;
	return (size - EVTX_FILE_HEADER_SIZE + CHUNK_SIZE - 1) / CHUNK_SIZE;
}

void files_plan(struct scan *scan)
{
	for (size_t i = 0; i < scan->input->count; i++) {
		const struct input_file *file = &scan->input->files[i];
		uint64_t slots = slots_of(file->size);

		if (file->error.len > 0)
			continue;
		// A file without chunks still has its header looked at.
		if (!scan->options.native || slots == 0)
			add_ticket(scan, i, 0, scan->options.native ? 0 : WHOLE_FILE);
		for (uint64_t at = 0; scan->options.native && at < slots; at += TICKET_CHUNKS)
			add_ticket(scan, i, at,
				   slots - at < TICKET_CHUNKS ? (uint32_t)(slots - at)
							      : TICKET_CHUNKS);
	}
}

void files_close(struct worker *worker)
{
	if (worker->fd >= 0)
		close(worker->fd);
	worker->fd = -1;
}

// ---- opening ------------------------------------------------------------

static void set_file_error(struct worker *worker, size_t file, const char *text)
{
	if (worker->files[file].error.len == 0)
		worker->files[file].error = arena_str(&worker->arena, str_from(text));
}

// All that can be had of [at, at + len); short at the end of the file.
static size_t read_fully(int fd, void *out, size_t len, uint64_t at)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(fd, (char *)out + done, len - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
}

static bool open_file(struct worker *worker, size_t file)
{
	const struct input_file *input = &worker->scan->input->files[file];
	unsigned char header[EVTX_FILE_HEADER_SIZE];
	struct evtx_file_header parsed;
	struct err err = {""};
	size_t got;

	if (worker->fd >= 0 && worker->file == file)
		return true;
	files_close(worker);
	worker->fd = open(input->open_path, O_RDONLY | O_CLOEXEC);
	if (worker->fd < 0) {
		set_file_error(worker, file, strerror(errno));
		return false;
	}
	worker->file = file;
	got = read_fully(worker->fd, header, sizeof(header), 0);
	if (evtx_file_parse(header, got, &parsed, &err) != RC_OK) {
		set_file_error(worker, file, err.text);
		files_close(worker);
		return false;
	}
	worker->file_flags = parsed.flags;
	worker->files[file].dirty = (parsed.flags & EVTX_DIRTY) != 0;
	worker->files[file].damaged |= parsed.crc_bad;
	return true;
}

// ---- native -------------------------------------------------------------

// What the native reader could not decode, libevtx may: both are counted.
static void fall_back(struct worker *worker, const unsigned char *bytes, size_t len,
		      const struct ticket *ticket, uint64_t chunk)
{
	struct file_count *count = &worker->files[ticket->file];
	struct err ignored = {""};
	bool ready = true;

	if (worker->stray_count == 0)
		return;
	if (worker->fallback != NULL)
		refreader_reopen_chunk(worker->fallback, bytes, len);
	else
		ready = refreader_open_chunk(bytes, len, &worker->fallback, &ignored) == RC_OK;
	for (size_t i = 0; i < worker->stray_count; i++) {
		const struct stray *stray = &worker->strays[i];
		struct event event;

		arena_reset(&worker->record);
		if (!ready || refreader_read(worker->fallback, stray->header_id, stray->offset,
					     &worker->record, &event, &ignored) != RC_OK) {
			worker_lose(worker, ticket->file, stray->sequence, stray->err.text);
			continue;
		}
		count->fallback++;
		event.chunk = (uint32_t)chunk;
		event.offset = EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE + stray->offset;
		worker_take_event(worker, &event, NULL, stray->sequence);
	}
}

static void take_stray(struct worker *worker, const struct evtx_record *record, size_t file,
		       uint64_t sequence, const struct err *err)
{
	if (worker->stray_count == STRAYS_MOST) {
		worker_lose(worker, file, sequence, err->text);
		return;
	}
	worker->strays[worker->stray_count++] =
		(struct stray){record->header_id, record->offset, sequence, *err};
}

static void take_record(struct worker *worker, const struct evtx_record *record,
			const struct ticket *ticket, uint64_t chunk, uint64_t sequence)
{
	const struct plan *plan =
		match_plan(worker->state, &record->channel, &record->provider, record->event_id);
	struct event event;
	struct err err = {""};

	worker->files[ticket->file].records++;
	worker->files[ticket->file].suspect += record->suspect;
	worker->files[ticket->file].behind += record->behind_damage || record->beyond_free_space;
	if (match_plan_is_empty(plan) ||
	    (record->is_plain && match_plan_is_idle(worker->state, plan)))
		return;
	arena_reset(&worker->record);
	if (evtx_record_event(worker->reader, record, &worker->record, &event, &err) != RC_OK) {
		worker->files[ticket->file].records--;
		take_stray(worker, record, ticket->file, sequence, &err);
		return;
	}
	event.chunk = (uint32_t)chunk;
	event.offset += EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE;
	event.recovered = record->recovered;
	worker_take_event(worker, &event, plan, sequence);
}

static void read_chunk(struct worker *worker, const unsigned char *bytes, size_t len,
		       const struct ticket *ticket, uint64_t chunk)
{
	struct file_count *count = &worker->files[ticket->file];
	struct evtx_chunk_info info;
	struct evtx_record record;
	uint64_t place = 0;
	enum rc rc;

	rc = evtx_chunk_open(worker->reader, bytes, len, worker->file_flags, &info);
	if (rc == RC_END)
		return;
	if (worker->confirmer != NULL)
		confirmer_set_chunk(worker->confirmer, bytes, len);
	count->chunks++;
	worker->stray_count = 0;
	for (;; place++) {
		struct err err = {""};
		uint64_t sequence = SEQUENCE(ticket->file, chunk, place);

		rc = evtx_chunk_next(worker->reader, &record, &err);
		if (rc == RC_END)
			break;
		if (rc != RC_OK)
			take_stray(worker, &record, ticket->file, sequence, &err);
		else if (record.recovered)
			count->left_out++;
		else
			take_record(worker, &record, ticket, chunk, sequence);
	}
	fall_back(worker, bytes, len, ticket, chunk);
	if ((info.warnings & (EVTX_CHUNK_HEADER_CRC | EVTX_CHUNK_DATA_CRC | EVTX_CHUNK_NO_HEADER |
			      EVTX_CHUNK_DAMAGED | EVTX_CHUNK_SHORT)) != 0)
		count->damaged = true;
	if ((info.warnings & EVTX_CHUNK_SHORT) != 0)
		count->chunks_failed++;
}

static void read_native(struct worker *worker, const struct ticket *ticket)
{
	size_t want = (size_t)ticket->count * CHUNK_SIZE;
	size_t got;

	if (!open_file(worker, ticket->file))
		return;
	buf_reset(&worker->chunks);
	buf_reserve(&worker->chunks, want);
	got = read_fully(worker->fd, worker->chunks.ptr, want,
			 EVTX_FILE_HEADER_SIZE + ticket->first * CHUNK_SIZE);
	for (uint32_t i = 0; i < ticket->count; i++) {
		size_t at = (size_t)i * CHUNK_SIZE;
		size_t len = got > at ? got - at : 0;

		if (len == 0) {
			worker->files[ticket->file].chunks_failed++;
			worker_lose(worker, ticket->file,
				    SEQUENCE(ticket->file, ticket->first + i, 0),
				    "the chunk cannot be read from the file");
			continue;
		}
		read_chunk(worker, (unsigned char *)worker->chunks.ptr + at,
			   len < CHUNK_SIZE ? len : CHUNK_SIZE, ticket, ticket->first + i);
	}
}

size_t files_read_chunk(struct worker *worker, size_t file, uint64_t chunk, void *out)
{
	if (!open_file(worker, file))
		return 0;
	return read_fully(worker->fd, out, CHUNK_SIZE, EVTX_FILE_HEADER_SIZE + chunk * CHUNK_SIZE);
}

// ---- libevtx ------------------------------------------------------------

static void read_records(struct worker *worker, struct refreader *reader, size_t file)
{
	// libevtx tells no chunk; its order is the physical one.
	for (uint64_t place = 0;; place++) {
		uint64_t sequence = SEQUENCE(file, 0, 0) | place;
		struct event event;
		struct err err = {""};
		enum rc rc;

		arena_reset(&worker->record);
		rc = refreader_next(reader, &worker->record, &event, &err);
		if (rc == RC_END)
			return;
		if (rc != RC_OK) {
			worker_lose(worker, file, sequence, err.text);
			continue;
		}
		worker->files[file].records++;
		worker_take_event(worker, &event, NULL, sequence);
	}
}

// libevtx ignores a last chunk that is cut short, without a word.
static void check_geometry(struct worker *worker, size_t file, const struct refreader_info *info)
{
	struct file_count *count = &worker->files[file];
	uint64_t size = worker->scan->input->files[file].size;

	count->damaged = info->corrupted;
	count->dirty = info->dirty;
	if (size > EVTX_FILE_HEADER_SIZE && (size - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE != 0) {
		count->chunks_failed++;
		count->damaged = true;
	}
}

static void read_with_libevtx(struct worker *worker, size_t file)
{
	const struct input_file *input = &worker->scan->input->files[file];
	struct refreader *reader = NULL;
	struct refreader_info info;
	struct err err = {""};

	if (refreader_open(input->open_path, &reader, &err) != RC_OK) {
		set_file_error(worker, file, err.text);
		return;
	}
	refreader_get_info(reader, &info);
	check_geometry(worker, file, &info);
	read_records(worker, reader, file);
	refreader_close(reader);
}

void files_read(struct worker *worker, const struct ticket *ticket)
{
	if (ticket->count == WHOLE_FILE)
		read_with_libevtx(worker, ticket->file);
	else
		read_native(worker, ticket);
}
