// SPDX-License-Identifier: Apache-2.0
// Sorted runs: an external merge sort, which merges in between so that runs stay few.
#include "base/runs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

// What is written at once, and read ahead of a run: of more than 256 runs less, so that
// all together stay below some MiB.
#define WINDOW (16u << 10)
#define WINDOW_LEAST (1u << 10)
#define WINDOWS (4u << 20)
// So many runs of a level are merged to one of the next: a run that is read takes its
// window, or its largest item, and a log of 10 GB in which everything hits made 1,200 runs
// with --memory 16M.
#define RUNS_OF_LEVEL 64u

struct run {
	uint64_t start, end; // in the file
	unsigned level;	     // how often its items were merged
};

struct runs {
	size_t budget;
	runs_order *order;
	struct spill *spill;
	struct buf bytes; // items that are held: length, then bytes
	size_t *offsets;  // of each in `bytes`
	size_t count, cap;
	struct run *runs;
	size_t run_count, run_cap;
};

// In front of each item.
typedef uint64_t length;

struct runs *runs_new(size_t budget, runs_order *order, struct spill *spill)
{
	struct runs *runs = mem_zalloc(sizeof(*runs));

	runs->budget = budget;
	runs->order = order;
	runs->spill = spill;
	return runs;
}

void runs_free(struct runs *runs)
{
	if (runs == NULL)
		return;
	buf_release(&runs->bytes);
	free(runs->offsets);
	free(runs->runs);
	free(runs);
}

// ---- order --------------------------------------------------------------

static struct str item_at(const char *at)
{
	length len;

	memcpy(&len, at, sizeof(len));
	return (struct str){at + sizeof(len), (size_t)len};
}

static int compare(const struct runs *runs, size_t a, size_t b)
{
	return runs->order(item_at(runs->bytes.ptr + a), item_at(runs->bytes.ptr + b));
}

// Sort offsets by a merge sort: qsort takes no context, and globals are banned.
static void sort_offsets(const struct runs *runs, size_t *offsets, size_t count, size_t *scratch)
{
	size_t half = count / 2;
	size_t i = 0;
	size_t k = half;

	if (count < 2)
		return;
	sort_offsets(runs, offsets, half, scratch);
	sort_offsets(runs, offsets + half, count - half, scratch);
	if (compare(runs, offsets[half - 1], offsets[half]) <= 0)
		return;
	for (size_t n = 0; n < count; n++) {
		bool left = k == count || (i < half && compare(runs, offsets[i], offsets[k]) <= 0);

		scratch[n] = left ? offsets[i++] : offsets[k++];
	}
	memcpy(offsets, scratch, count * sizeof(*offsets));
}

static void sort_held(struct runs *runs)
{
	size_t *scratch = mem_alloc(runs->count * sizeof(*scratch));

	sort_offsets(runs, runs->offsets, runs->count, scratch);
	free(scratch);
}

// ---- writing ------------------------------------------------------------

// Write `out` behind the run, and empty it.
static enum rc extend(struct runs *runs, struct run *run, struct buf *out, struct err *err)
{
	uint64_t at;
	enum rc rc = spill_write(runs->spill, buf_str(out), &at, err);

	if (rc != RC_OK)
		return rc;
	if (run->start == run->end)
		run->start = at;
	run->end = at + out->len;
	buf_reset(out);
	return RC_OK;
}

static enum rc write_run(struct runs *runs, struct run *run, struct err *err)
{
	struct buf out = {0};
	enum rc rc = RC_OK;

	for (size_t i = 0; rc == RC_OK && i < runs->count; i++) {
		const char *at = runs->bytes.ptr + runs->offsets[i];

		buf_put(&out, at, sizeof(length) + item_at(at).len);
		if (out.len >= WINDOW || i + 1 == runs->count)
			rc = extend(runs, run, &out, err);
	}
	buf_release(&out);
	return rc;
}

// ---- reading ------------------------------------------------------------

// A run in a file, or what is held in memory; `current` is its next item.
struct source {
	const struct runs *runs;
	bool is_held;
	size_t next;	  // held: index
	uint64_t at, end; // in the file
	size_t ahead;
	struct buf window; // read-ahead of a run
	size_t window_at;
	struct str current;
};

struct runs_reader {
	struct source *sources;
	size_t source_count;
	struct source **heap; // those that have an item; the least first
	size_t count;
	size_t ahead; // of each source
	bool is_out;  // heap[0]'s item was handed out
	bool failed;
	struct err err;
};

// At least `need` bytes in the window.
static enum rc fill(struct source *s, size_t need, struct err *err)
{
	size_t left = s->window.len - s->window_at;
	size_t want;
	enum rc rc;

	if (left >= need)
		return RC_OK;
	memmove(s->window.ptr, s->window.ptr + s->window_at, left);
	s->window.len = left;
	s->window_at = 0;
	want = need - left > s->ahead ? need - left : s->ahead;
	if (want > s->end - s->at)
		want = (size_t)(s->end - s->at);
	rc = spill_read(s->runs->spill, s->at, buf_reserve(&s->window, want), want, err);
	if (rc != RC_OK)
		return rc;
	s->window.len += want;
	s->at += want;
	return RC_OK;
}

// Load the next item. RC_END when there is none.
static enum rc advance(struct source *s, struct err *err)
{
	size_t size;
	enum rc rc;

	if (s->is_held) {
		if (s->next == s->runs->count)
			return RC_END;
		s->current = item_at(s->runs->bytes.ptr + s->runs->offsets[s->next++]);
		return RC_OK;
	}
	if (s->at == s->end && s->window_at == s->window.len)
		return RC_END;
	rc = fill(s, sizeof(length), err);
	if (rc != RC_OK)
		return rc;
	size = sizeof(length) + item_at(s->window.ptr + s->window_at).len;
	rc = fill(s, size, err);
	if (rc != RC_OK)
		return rc;
	s->current = item_at(s->window.ptr + s->window_at);
	s->window_at += size;
	return RC_OK;
}

static bool is_less(const struct source *a, const struct source *b)
{
	return a->runs->order(a->current, b->current) < 0;
}

static void swap(struct runs_reader *reader, size_t i, size_t k)
{
	struct source *source = reader->heap[i];

	reader->heap[i] = reader->heap[k];
	reader->heap[k] = source;
}

static void sift_down(struct runs_reader *reader, size_t at)
{
	for (;;) {
		size_t least = at;

		for (size_t kid = 2 * at + 1; kid <= 2 * at + 2 && kid < reader->count; kid++) {
			if (is_less(reader->heap[kid], reader->heap[least]))
				least = kid;
		}
		if (least == at)
			return;
		swap(reader, at, least);
		at = least;
	}
}

static void add_source(struct runs_reader *reader, struct source source)
{
	struct source *s = &reader->sources[reader->source_count++];
	enum rc rc;

	*s = source;
	s->ahead = reader->ahead;
	buf_reserve(&s->window, 1);
	rc = advance(s, &reader->err);
	if (rc == RC_OK)
		reader->heap[reader->count++] = s;
	reader->failed |= rc == RC_FATAL;
}

static void add_runs(struct runs_reader *reader, const struct runs *runs, size_t from)
{
	for (size_t i = from; i < runs->run_count; i++)
		add_source(reader, (struct source){.runs = runs,
						   .at = runs->runs[i].start,
						   .end = runs->runs[i].end});
}

static struct runs_reader *reader_new(size_t most)
{
	struct runs_reader *reader = mem_zalloc(sizeof(*reader));
	size_t share = WINDOWS / (most + 1);

	reader->ahead = share > WINDOW ? WINDOW : share < WINDOW_LEAST ? WINDOW_LEAST : share;
	reader->sources = mem_zalloc(most * sizeof(*reader->sources));
	reader->heap = mem_zalloc(most * sizeof(*reader->heap));
	return reader;
}

static void make_heap(struct runs_reader *reader)
{
	for (size_t i = reader->count; i > 0; i--)
		sift_down(reader, i - 1);
}

struct runs_reader *runs_read(struct runs **runs, size_t count)
{
	struct runs_reader *reader;
	size_t most = 0;

	for (size_t i = 0; i < count; i++)
		most += runs[i]->run_count + 1;
	reader = reader_new(most);
	for (size_t i = 0; i < count; i++) {
		sort_held(runs[i]);
		add_source(reader, (struct source){.runs = runs[i], .is_held = true});
		add_runs(reader, runs[i], 0);
	}
	make_heap(reader);
	return reader;
}

void runs_reader_free(struct runs_reader *reader)
{
	if (reader == NULL)
		return;
	for (size_t i = 0; i < reader->source_count; i++)
		buf_release(&reader->sources[i].window);
	free(reader->sources);
	free(reader->heap);
	free(reader);
}

// Go on behind the item that is out.
static void step(struct runs_reader *reader)
{
	enum rc rc = advance(reader->heap[0], &reader->err);

	if (rc != RC_OK)
		reader->heap[0] = reader->heap[--reader->count];
	reader->failed |= rc == RC_FATAL;
	sift_down(reader, 0);
}

enum rc runs_next(struct runs_reader *reader, struct str *item, struct err *err)
{
	if (reader->is_out)
		step(reader);
	reader->is_out = false;
	if (reader->failed) {
		err_set(err, "%s", reader->err.text);
		return RC_FATAL;
	}
	if (reader->count == 0)
		return RC_END;
	*item = reader->heap[0]->current;
	reader->is_out = true;
	return RC_OK;
}

// ---- adding -------------------------------------------------------------

// Levels fall from the first run to the last.
static bool has_full_level(const struct runs *runs)
{
	size_t n = runs->run_count;

	return n >= RUNS_OF_LEVEL && runs->runs[n - RUNS_OF_LEVEL].level == runs->runs[n - 1].level;
}

static enum rc copy_items(struct runs *runs, struct runs_reader *reader, struct run *run,
			  struct err *err)
{
	struct buf out = {0};
	struct str item;
	enum rc rc;

	while ((rc = runs_next(reader, &item, err)) == RC_OK) {
		length len = item.len;

		buf_put(&out, &len, sizeof(len));
		buf_put_str(&out, item);
		if (out.len >= WINDOW && (rc = extend(runs, run, &out, err)) != RC_OK)
			break;
	}
	if (rc == RC_END)
		rc = extend(runs, run, &out, err);
	buf_release(&out);
	return rc;
}

// Merge the last runs, which are of one level.
static enum rc merge_level(struct runs *runs, struct err *err)
{
	size_t from = runs->run_count - RUNS_OF_LEVEL;
	struct run merged = {.level = runs->runs[from].level + 1};
	struct runs_reader *reader = reader_new(RUNS_OF_LEVEL);
	enum rc rc;

	add_runs(reader, runs, from);
	make_heap(reader);
	rc = copy_items(runs, reader, &merged, err);
	runs_reader_free(reader);
	if (rc != RC_OK)
		return rc;
	runs->runs[from] = merged;
	runs->run_count = from + 1;
	return RC_OK;
}

static enum rc spill_held(struct runs *runs, struct err *err)
{
	struct run run = {0};
	enum rc rc;

	sort_held(runs);
	rc = write_run(runs, &run, err);
	if (rc != RC_OK)
		return rc;
	mem_grow(&runs->runs, &runs->run_cap, runs->run_count + 1, sizeof(*runs->runs));
	runs->runs[runs->run_count++] = run;
	runs->count = 0;
	buf_reset(&runs->bytes);
	while (rc == RC_OK && has_full_level(runs))
		rc = merge_level(runs, err);
	return rc;
}

enum rc runs_add(struct runs *runs, const struct str *parts, size_t count, struct err *err)
{
	length len = 0;
	size_t taken = runs->bytes.len + (runs->count + 1) * sizeof(size_t) + sizeof(len);

	for (size_t i = 0; i < count; i++)
		len += parts[i].len;
	if (runs->count > 0 && taken + len > runs->budget) {
		enum rc rc = spill_held(runs, err);

		if (rc != RC_OK)
			return rc;
	}
	mem_grow(&runs->offsets, &runs->cap, runs->count + 1, sizeof(*runs->offsets));
	runs->offsets[runs->count++] = runs->bytes.len;
	buf_put(&runs->bytes, &len, sizeof(len));
	for (size_t i = 0; i < count; i++)
		buf_put_str(&runs->bytes, parts[i]);
	return RC_OK;
}
