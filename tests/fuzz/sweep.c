// SPDX-License-Identifier: Apache-2.0
// A fuzz target on real logs that were damaged: sweep [-c] MODE COUNT LOG...
//
//	cut COUNT     each log cut off at so many places, evenly and at odd offsets
//	flip COUNT    each log with each of its first COUNT bytes inverted; bytes of the
//	              file header by which it reads as before are passed over
//	mutate COUNT  so many mutations in all (evtx_mutate.h), log after log
//
// With -c the target takes a byte of flags and a chunk, and gets all chunks that were
// touched. A crash, a broken property or a sanitizer's report (with abort_on_error=1)
// ends it, with the log, the mode and the place.
#include <signal.h>

#include "base/file.h"
#include "base/map.h"
#include "evtx/reader.h"
#include "evtx_mutate.h"
#include "fuzz.h"

struct sweep {
	bool chunks;
	const char *path; // at work
	const char *mode;
	uint64_t place;
	uint64_t inputs, bytes;
};

static const struct sweep *running;

static void say_where(int number)
{
	fprintf(stderr, "sweep: %s %s %llu\n", running->path, running->mode,
		(unsigned long long)running->place);
	signal(number, SIG_DFL);
}

static void give(struct sweep *s, const uint8_t *data, size_t size)
{
	s->inputs++;
	s->bytes += size;
	LLVMFuzzerTestOneInput(data, size);
}

// The chunks of `log` that differ from `old`, or the last one of a log that was cut.
static void give_chunks(struct sweep *s, struct buf log, struct str old)
{
	uint8_t input[CHUNK_SIZE + 1];

	for (size_t at = EVTX_FILE_HEADER_SIZE; at < log.len; at += CHUNK_SIZE) {
		size_t size = log.len - at < CHUNK_SIZE ? log.len - at : CHUNK_SIZE;

		if (at + size <= old.len && size == CHUNK_SIZE &&
		    memcmp(log.ptr + at, old.ptr + at, size) == 0)
			continue;
		input[0] = (uint8_t)s->place;
		memcpy(input + 1, log.ptr + at, size);
		give(s, input, size + 1);
	}
}

static void run(struct sweep *s, struct buf log, struct str old)
{
	if (s->chunks)
		give_chunks(s, log, old);
	else
		give(s, (const uint8_t *)log.ptr, log.len);
}

static void cut(struct sweep *s, struct str log, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		size_t end = (size_t)(log.len * i / count + i * 37 % 251);
		struct buf part = {.ptr = (char *)log.ptr, .len = end < log.len ? end : log.len};

		s->place = part.len;
		run(s, part, log);
	}
}

// How a file header reads, as bytes.
static struct str header_key(struct str log, struct arena *arena)
{
	struct evtx_file_header h = {0};
	struct err err = {""};
	enum rc rc = evtx_file_parse(log.ptr, log.len, &h, &err);

	return arena_printf(arena, "%d %s %llu %llu %llu %u %u %u %u %d", (int)rc, err.text,
			    (unsigned long long)h.first_chunk, (unsigned long long)h.last_chunk,
			    (unsigned long long)h.next_record, h.major, h.minor, h.chunk_count,
			    h.flags, h.crc_bad);
}

static void flip(struct sweep *s, struct buf log, uint64_t count)
{
	struct map seen = {0};
	struct arena arena = {0};
	struct str same = {log.ptr, log.len};

	map_add(&seen, header_key(same, &arena), s);
	for (size_t at = 0; at < count && at < log.len; at++) {
		s->place = at;
		log.ptr[at] = (char)~log.ptr[at];
		if (map_add(&seen, header_key(same, &arena), s) || at >= EVTX_FILE_HEADER_SIZE)
			run(s, log, (struct str){NULL, 0});
		log.ptr[at] = (char)~log.ptr[at];
	}
	map_release(&seen);
	arena_release(&arena);
}

static void mutate(struct sweep *s, struct str log, uint64_t seed)
{
	struct mutation m = {(unsigned)seed, NULL};
	struct buf copy = {0};
	size_t most = log.len + CHUNK_SIZE;

	s->place = seed;
	buf_put_str(&copy, log);
	buf_reserve(&copy, CHUNK_SIZE);
	for (unsigned i = 0; i <= seed % 3; i++)
		copy.len = mutate_evtx(&m, (uint8_t *)copy.ptr, copy.len, most);
	run(s, copy, log);
	buf_release(&copy);
}

static void sweep_log(struct sweep *s, struct buf *log, uint64_t count, uint64_t seed,
		      unsigned step)
{
	struct str bytes = buf_str(log);

	if (strcmp(s->mode, "cut") == 0)
		cut(s, bytes, count);
	else if (strcmp(s->mode, "flip") == 0)
		flip(s, *log, count);
	else
		for (; seed < count; seed += step)
			mutate(s, bytes, seed);
}

int main(int argc, char **argv)
{
	struct sweep s = {0};
	int at = 1;
	uint64_t count;

	if (argc > at && strcmp(argv[at], "-c") == 0) {
		s.chunks = true;
		at++;
	}
	if (argc < at + 3)
		return 2;
	s.mode = argv[at];
	count = strtoull(argv[at + 1], NULL, 10);
	at += 2;
	running = &s;
	signal(SIGABRT, say_where);
	for (int i = at; i < argc; i++) {
		struct buf log = {0};
		struct err err = {""};

		s.path = argv[i];
		if (file_read(s.path, SIZE_MAX, &log, &err) != RC_OK) {
			fprintf(stderr, "%s: %s\n", s.path, err.text);
			return 2;
		}
		sweep_log(&s, &log, count, (uint64_t)(i - at), (unsigned)(argc - at));
		buf_release(&log);
	}
	printf("%s: %llu inputs, %llu bytes\n", s.mode, (unsigned long long)s.inputs,
	       (unsigned long long)s.bytes);
	return 0;
}
