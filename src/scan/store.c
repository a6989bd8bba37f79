// SPDX-License-Identifier: Apache-2.0
// Sorted runs of hits.
#include "scan/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

// How a hit lies in memory and in a run: this, the texts, the body.
struct stored {
	struct store_key key;
	uint32_t texts_len, body_len;
};

struct run {
	off_t start, end; // in the store's file
};

struct store {
	size_t budget;
	struct buf bytes; // hits that are held
	size_t *offsets;  // of each in `bytes`
	size_t count, cap;
	FILE *file; // NULL when it could not be made: `error` says why
	int error;
	off_t end; // of the file
	struct run *runs;
	size_t run_count, run_cap;
};

struct store *store_new(size_t budget)
{
	struct store *store = mem_zalloc(sizeof(*store));
	int fd;

	store->budget = budget;
	fd = file_temporary();
	store->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
	store->error = store->file == NULL ? errno : 0;
	if (store->file == NULL && fd >= 0)
		close(fd);
	return store;
}

void store_free(struct store *store)
{
	if (store == NULL)
		return;
	if (store->file != NULL)
		fclose(store->file);
	buf_release(&store->bytes);
	free(store->offsets);
	free(store->runs);
	free(store);
}

// ---- order --------------------------------------------------------------

static struct str next_text(const char **at, uint32_t len)
{
	struct str text = {*at, len};

	*at += len;
	return text;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

// `a` and `b` point to struct stored; copied, because runs are not aligned.
static int compare(const char *a, const char *b)
{
	struct stored x;
	struct stored y;
	const char *ta = a + sizeof(x);
	const char *tb = b + sizeof(y);
	int order;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	order = compare_u64(x.key.time, y.key.time);
	if (order == 0)
		order = str_cmp((struct str){ta, x.key.computer_len},
				(struct str){tb, y.key.computer_len});
	next_text(&ta, x.key.computer_len);
	next_text(&tb, y.key.computer_len);
	if (order == 0)
		order = str_cmp((struct str){ta, x.key.channel_len},
				(struct str){tb, y.key.channel_len});
	next_text(&ta, x.key.channel_len);
	next_text(&tb, y.key.channel_len);
	if (order == 0)
		order = compare_u64(x.key.record_id, y.key.record_id);
	if (order == 0)
		order = str_cmp((struct str){ta, x.key.path_len}, (struct str){tb, y.key.path_len});
	next_text(&ta, x.key.path_len);
	next_text(&tb, y.key.path_len);
	if (order == 0)
		order = compare_u64(x.key.sequence, y.key.sequence);
	if (order == 0)
		order = compare_u64(x.key.rule, y.key.rule);
	if (order == 0)
		order = str_cmp((struct str){ta, x.key.group_len},
				(struct str){tb, y.key.group_len});
	return order;
}

// Sort offsets by a merge sort: qsort takes no context, and globals are banned.
static void sort_offsets(const char *bytes, size_t *offsets, size_t count, size_t *scratch)
{
	size_t half = count / 2;
	size_t i = 0;
	size_t k = half;

	if (count < 2)
		return;
	sort_offsets(bytes, offsets, half, scratch);
	sort_offsets(bytes, offsets + half, count - half, scratch);
	for (size_t n = 0; n < count; n++) {
		bool left = k == count ||
			    (i < half && compare(bytes + offsets[i], bytes + offsets[k]) <= 0);

		scratch[n] = left ? offsets[i++] : offsets[k++];
	}
	memcpy(offsets, scratch, count * sizeof(*offsets));
}

static void sort_held(struct store *store)
{
	size_t *scratch = mem_alloc(store->count * sizeof(*scratch));

	sort_offsets(store->bytes.ptr, store->offsets, store->count, scratch);
	free(scratch);
}

static size_t stored_size(const char *at)
{
	struct stored head;

	memcpy(&head, at, sizeof(head));
	return sizeof(head) + head.texts_len + head.body_len;
}

// ---- writing ------------------------------------------------------------

static enum rc spill_failed(struct err *err)
{
	err_set(err, "cannot keep hits in a temporary file: %s", strerror(errno));
	return RC_FATAL;
}

static enum rc spill(struct store *store, struct err *err)
{
	struct run run;

	errno = store->error;
	if (store->file == NULL)
		return spill_failed(err);
	sort_held(store);
	run = (struct run){store->end, store->end};
	for (size_t i = 0; i < store->count; i++) {
		const char *at = store->bytes.ptr + store->offsets[i];

		if (fwrite(at, stored_size(at), 1, store->file) != 1)
			return spill_failed(err);
		run.end += (off_t)stored_size(at);
	}
	if (fflush(store->file) != 0)
		return spill_failed(err);
	store->end = run.end;
	mem_grow(&store->runs, &store->run_cap, store->run_count + 1, sizeof(*store->runs));
	store->runs[store->run_count++] = run;
	store->count = 0;
	buf_reset(&store->bytes);
	return RC_OK;
}

enum rc store_add(struct store *store, const struct store_key *key, struct str texts,
		  struct str body, struct err *err)
{
	struct stored head = {*key, (uint32_t)texts.len, (uint32_t)body.len};
	size_t need = sizeof(head) + texts.len + body.len + sizeof(size_t);

	if (store->count > 0 &&
	    store->bytes.len + store->count * sizeof(size_t) + need > store->budget) {
		enum rc rc = spill(store, err);

		if (rc != RC_OK)
			return rc;
	}
	mem_grow(&store->offsets, &store->cap, store->count + 1, sizeof(*store->offsets));
	store->offsets[store->count++] = store->bytes.len;
	buf_put(&store->bytes, &head, sizeof(head));
	buf_put_str(&store->bytes, texts);
	buf_put_str(&store->bytes, body);
	return RC_OK;
}

// ---- reading ------------------------------------------------------------

// A run in a file, or what a store holds; `current` is its next hit.
struct source {
	const struct store *store;
	int fd; // -1: held in memory
	off_t at, end;
	size_t next;	   // held: index
	struct buf window; // read-ahead of a run
	size_t window_at;
	const char *current;
};

// Read-ahead of a run; hundreds of runs stay below a few MiB.
#define WINDOW (16u << 10)

struct store_reader {
	struct source *sources;
	size_t count;
	struct source *out; // whose hit was handed out
	int error;	    // of a run that cannot be read back; 0 = none
};

// At least `need` bytes in the window.
static bool fill(struct source *s, size_t need)
{
	size_t left = s->window.len - s->window_at;

	if (left >= need)
		return true;
	memmove(s->window.ptr, s->window.ptr + s->window_at, left);
	s->window.len = left;
	s->window_at = 0;
	while (s->window.len < need && s->at < s->end) {
		size_t want = need > WINDOW ? need - s->window.len : WINDOW;
		ssize_t got;

		if ((off_t)want > s->end - s->at)
			want = (size_t)(s->end - s->at);
		got = pread(s->fd, buf_reserve(&s->window, want), want, s->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return false;
		s->window.len += (size_t)got;
		s->at += got;
	}
	return s->window.len >= need;
}

// Load the next hit. RC_END when there is none.
static enum rc advance(struct source *s)
{
	size_t size;

	if (s->fd < 0) {
		if (s->next == s->store->count)
			return RC_END;
		s->current = s->store->bytes.ptr + s->store->offsets[s->next++];
		return RC_OK;
	}
	if (s->at == s->end && s->window_at == s->window.len)
		return RC_END;
	if (!fill(s, sizeof(struct stored)))
		return RC_FATAL;
	size = stored_size(s->window.ptr + s->window_at);
	if (!fill(s, size))
		return RC_FATAL;
	s->current = s->window.ptr + s->window_at;
	s->window_at += size;
	return RC_OK;
}

static void load_next(struct store_reader *reader, struct source *s)
{
	enum rc rc = advance(s);

	if (rc != RC_OK)
		s->current = NULL;
	if (rc == RC_FATAL)
		reader->error = errno;
}

static void add_source(struct store_reader *reader, const struct store *store, int fd, off_t start,
		       off_t end)
{
	struct source *s = &reader->sources[reader->count++];

	*s = (struct source){.store = store, .fd = fd, .at = start, .end = end};
	buf_reserve(&s->window, 1);
	load_next(reader, s);
}

struct store_reader *store_read(struct store **stores, size_t count)
{
	struct store_reader *reader = mem_zalloc(sizeof(*reader));
	size_t most = 0;

	for (size_t i = 0; i < count; i++)
		most += stores[i]->run_count + 1;
	reader->sources = mem_zalloc(most * sizeof(*reader->sources));
	for (size_t i = 0; i < count; i++) {
		struct store *store = stores[i];

		sort_held(store);
		add_source(reader, store, -1, 0, 0);
		for (size_t k = 0; k < store->run_count; k++)
			add_source(reader, store, fileno(store->file), store->runs[k].start,
				   store->runs[k].end);
	}
	return reader;
}

void store_reader_free(struct store_reader *reader)
{
	if (reader == NULL)
		return;
	for (size_t i = 0; i < reader->count; i++)
		buf_release(&reader->sources[i].window);
	free(reader->sources);
	free(reader);
}

enum rc store_next(struct store_reader *reader, struct store_key *key, struct str *texts,
		   struct str *body, struct err *err)
{
	struct source *least = NULL;
	struct stored head;

	if (reader->out != NULL)
		load_next(reader, reader->out);
	if (reader->error != 0) {
		err_set(err, "cannot read hits back from the temporary file: %s",
			strerror(reader->error));
		return RC_FATAL;
	}
	for (size_t i = 0; i < reader->count; i++) {
		struct source *s = &reader->sources[i];

		if (s->current != NULL &&
		    (least == NULL || compare(s->current, least->current) < 0))
			least = s;
	}
	reader->out = least;
	if (least == NULL)
		return RC_END;
	memcpy(&head, least->current, sizeof(head));
	*key = head.key;
	*texts = (struct str){least->current + sizeof(head), head.texts_len};
	*body = (struct str){texts->ptr + head.texts_len, head.body_len};
	return RC_OK;
}
