// SPDX-License-Identifier: Apache-2.0
// Mutation of logs, chunks and BinXML that knows their structure.
//
// Bytes changed at random end at the first checksum or size. Here a field that
// means something is changed and then, mostly, everything that follows from it is
// set right again: sizes of elements, copies of record sizes, checksums. The kind
// of the bytes is told by their signature. Used by libFuzzer (as the custom
// mutator of a target that includes custom_mutator.h) and by AFL++ (mutate_afl.c).
#ifndef FUZZ_EVTX_MUTATE_H
#define FUZZ_EVTX_MUTATE_H

#include "base/str.h"
#include "evtx/crc32.h"
#include "evtx_tokens.h"

// Changes `size` bytes at `data`, at most to `max`; returns the new size. libFuzzer's
// where it is linked.
typedef size_t mutate_bytes_fn(uint8_t *data, size_t size, size_t max);

struct mutation {
	uint64_t seed;
	mutate_bytes_fn *bytes; // NULL: our own
};

static inline uint32_t draw(struct mutation *m, uint32_t below)
{
	uint64_t z = m->seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return below != 0 ? (uint32_t)((z ^ z >> 31) >> 32) % below : 0;
}

static inline bool chance(struct mutation *m, uint32_t percent)
{
	return draw(m, 100) < percent;
}

// ---- numbers ------------------------------------------------------------

// A number that is often wrong in an interesting way, near to the old one.
static inline uint64_t odd_number(struct mutation *m, uint64_t old)
{
	static const uint32_t edges[] = {
		0,	1,	2,	 4,	  8,	      24,	  28,	      127,
		128,	255,	256,	 511,	  512,	      0x1000,	  0x7FFF,     0x8000,
		0xFFFE, 0xFFFF, 0x10000, 0x10001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};

	switch (draw(m, 4)) {
	case 0:
		return edges[draw(m, sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return old + draw(m, 9) - 4;
	case 2:
		return old ^ UINT64_C(1) << draw(m, 32);
	default:
		return draw(m, CHUNK_SIZE);
	}
}

static inline void mutate_number(struct mutation *m, unsigned char *at, size_t size)
{
	uint64_t old = 0;

	memcpy(&old, at, size);
	chunk_set_uint(at, size, odd_number(m, old));
}

// ---- tokens -------------------------------------------------------------

static inline void mutate_token(struct mutation *m, unsigned char *at)
{
	static const unsigned char tokens[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
					       0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D,
					       0x0E, 0x0F, 0x41, 0x45, 0x46, 0x4D, 0x4E};

	*at = tokens[draw(m, sizeof(tokens))];
}

static inline void mutate_type(struct mutation *m, unsigned char *at)
{
	*at = (unsigned char)draw(m, 0x24);
	if (chance(m, 20))
		*at |= 0x80;
}

// The same kind of field elsewhere, to take what it holds.
static inline const unsigned char *other_spot(struct mutation *m, const struct tokens *t,
					      const struct spot *like)
{
	uint32_t start = draw(m, (uint32_t)t->count);

	for (size_t i = 0; i < t->count; i++) {
		const struct spot *spot = &t->spots[(start + i) % t->count];

		if (spot->kind == like->kind && spot->size == like->size && spot->at != like->at)
			return t->bytes + spot->at;
	}
	return NULL;
}

// Bytes go from one value of an instance to its neighbour: the sum stays.
static inline void shift_values(struct mutation *m, unsigned char *at)
{
	uint32_t left = load_u16(at);
	uint32_t right = load_u16(at + 4);
	uint32_t part = draw(m, left + right + 1);

	chunk_set_uint(at, 2, part);
	chunk_set_uint(at + 4, 2, left + right - part);
}

static inline void mutate_value(struct mutation *m, unsigned char *at, uint32_t size)
{
	if (size == 0)
		return;
	if (size <= 8 && chance(m, 50))
		mutate_number(m, at, size);
	else
		at[draw(m, size)] = (unsigned char)draw(m, 256);
}

static inline void mutate_descriptor(struct mutation *m, const struct tokens *t,
				     const struct spot *spot)
{
	unsigned char *at = t->bytes + spot->at;

	if (chance(m, 50))
		mutate_type(m, at + 2);
	else if (chance(m, 70) && tokens_has(t, spot->at, 8))
		shift_values(m, at);
	else
		mutate_number(m, at, 2);
}

static inline void mutate_spot(struct mutation *m, const struct tokens *t, const struct spot *spot)
{
	unsigned char *at = t->bytes + spot->at;
	const unsigned char *other = other_spot(m, t, spot);

	if (!tokens_has(t, spot->at, spot->size))
		return;
	if (other != NULL && chance(m, spot->kind == SPOT_NAME ? 80 : 30)) {
		memmove(at, other, spot->size);
		return;
	}
	switch (spot->kind) {
	case SPOT_TOKEN:
		mutate_token(m, at);
		return;
	case SPOT_TYPE:
		mutate_type(m, at);
		return;
	case SPOT_DESCRIPTOR:
		mutate_descriptor(m, t, spot);
		return;
	case SPOT_VALUE:
		mutate_value(m, at, spot->size);
		return;
	case SPOT_INDEX:
		chunk_set_uint(at, 2, chance(m, 80) ? draw(m, 24) : draw(m, 65536));
		return;
	default:
		mutate_number(m, at, spot->size);
	}
}

static inline void mutate_any_spot(struct mutation *m, struct tokens *t)
{
	if (t->count != 0)
		mutate_spot(m, t, &t->spots[draw(m, (uint32_t)t->count)]);
}

// ---- chunks -------------------------------------------------------------

#define MUTATE_RECORDS 512u

struct chunk_records {
	uint32_t at[MUTATE_RECORDS];
	size_t count;
};

// Where records seem to begin.
static inline void find_records(const unsigned char *chunk, struct chunk_records *out)
{
	out->count = 0;
	for (uint32_t at = CHUNK_HEADER_SIZE; at + 32 <= CHUNK_SIZE; at += 8) {
		if (load_u32(chunk + at) == 0x2A2A && out->count < MUTATE_RECORDS)
			out->at[out->count++] = at;
	}
}

static inline uint32_t record_end(const struct chunk_records *records, size_t i,
				  const unsigned char *chunk)
{
	uint32_t size = load_u32(chunk + records->at[i] + 4);
	uint32_t most = (i + 1 < records->count ? records->at[i + 1] : CHUNK_SIZE) - records->at[i];

	return records->at[i] + (size < 32 || size > most ? most : size);
}

static inline void walk_record(struct tokens *t, unsigned char *chunk, uint32_t at, uint32_t end,
			       bool repair)
{
	t->bytes = chunk;
	t->end = end - 4;
	t->repair = repair;
	t->is_template = false;
	t->nesting = 0;
	t->count = 0;
	tokens_stream(t, at + 24);
}

// One record over another, or a part of it.
static inline void copy_record(struct mutation *m, unsigned char *chunk,
			       const struct chunk_records *records)
{
	size_t from = draw(m, (uint32_t)records->count);
	size_t to = draw(m, (uint32_t)records->count);
	uint32_t size = record_end(records, from, chunk) - records->at[from];
	uint32_t room = CHUNK_SIZE - records->at[to];

	memmove(chunk + records->at[to], chunk + records->at[from], size < room ? size : room);
}

static inline void mutate_record(struct mutation *m, unsigned char *chunk,
				 const struct chunk_records *records)
{
	static struct tokens tokens;
	size_t i = draw(m, (uint32_t)records->count);
	uint32_t end = record_end(records, i, chunk);
	unsigned char *at = chunk + records->at[i];

	switch (draw(m, 12)) {
	case 0:
		mutate_number(m, at + 4, 4);
		return;
	case 1:
		mutate_number(m, at + 8, 8);
		return;
	case 2:
		copy_record(m, chunk, records);
		return;
	case 3:
		mutate_number(m, chunk + end - 4, 4);
		return;
	default:
		walk_record(&tokens, chunk, records->at[i], end, false);
		for (uint32_t n = draw(m, 4) + 1; n > 0; n--)
			mutate_any_spot(m, &tokens);
		if (chance(m, 60))
			walk_record(&tokens, chunk, records->at[i], end, true);
	}
}

static inline void mutate_chunk_header(struct mutation *m, unsigned char *chunk)
{
	static const struct {
		unsigned char at, size;
	} fields[] = {{0, 8},  {8, 8},	{16, 8}, {24, 8},  {32, 8}, {40, 4},
		      {44, 4}, {48, 4}, {52, 4}, {120, 4}, {124, 4}};
	size_t i = draw(m, sizeof(fields) / sizeof(fields[0]));

	mutate_number(m, chunk + fields[i].at, fields[i].size);
}

// The framing of records, as it follows from where they begin; then the header.
static inline void repair_records(unsigned char *chunk, const struct chunk_records *records)
{
	uint32_t end = CHUNK_HEADER_SIZE;

	for (size_t i = 0; i < records->count; i++) {
		uint32_t size = record_end(records, i, chunk) - records->at[i];

		chunk_set_uint(chunk + records->at[i] + 4, 4, size);
		chunk_set_uint(chunk + records->at[i] + size - 4, 4, size);
		end = records->at[i] + size;
	}
	if (records->count == 0)
		return;
	chunk_set_uint(chunk + 44, 4, records->at[records->count - 1]);
	chunk_set_uint(chunk + 48, 4, end);
}

static inline void repair_checksums(unsigned char *chunk)
{
	uint32_t end = load_u32(chunk + 48);
	uint32_t header;

	if (end >= CHUNK_HEADER_SIZE && end <= CHUNK_SIZE)
		chunk_set_uint(chunk + 52, 4,
			       crc32_update(0, chunk + CHUNK_HEADER_SIZE, end - CHUNK_HEADER_SIZE));
	header = crc32_update(0, chunk, 120);
	chunk_set_uint(chunk + 124, 4, crc32_update(header, chunk + 128, CHUNK_HEADER_SIZE - 128));
}

// A chunk of CHUNK_SIZE bytes, in place. For carved regions as well: the header is
// not needed.
static inline void mutate_chunk(struct mutation *m, unsigned char *chunk)
{
	struct chunk_records records;

	find_records(chunk, &records);
	for (uint32_t n = draw(m, 3) + 1; n > 0; n--) {
		if (records.count == 0 || chance(m, 8))
			mutate_chunk_header(m, chunk);
		else if (chance(m, 4))
			chunk[draw(m, CHUNK_SIZE)] = (unsigned char)draw(m, 256);
		else
			mutate_record(m, chunk, &records);
	}
	if (chance(m, 85)) {
		find_records(chunk, &records);
		repair_records(chunk, &records);
	}
	if (chance(m, 95))
		repair_checksums(chunk);
}

// ---- whole inputs -------------------------------------------------------

static inline size_t mutate_plain(struct mutation *m, uint8_t *data, size_t size, size_t max)
{
	if (m->bytes != NULL)
		return m->bytes(data, size, max);
	if (size == 0)
		return 0;
	for (uint32_t n = draw(m, 8) + 1; n > 0; n--)
		data[draw(m, (uint32_t)size)] = (uint8_t)draw(m, 256);
	return size;
}

// Trailing zeros are not stored.
static inline size_t trimmed(const uint8_t *data, size_t size)
{
	while (size > 0 && data[size - 1] == 0)
		size--;
	return size;
}

// One chunk that begins at `at` of the input, which may hold fewer bytes.
static inline size_t mutate_chunk_at(struct mutation *m, uint8_t *data, size_t size, size_t max,
				     size_t at)
{
	static unsigned char chunk[CHUNK_SIZE];
	size_t there = size - at < CHUNK_SIZE ? size - at : CHUNK_SIZE;
	size_t room = max - at < CHUNK_SIZE ? max - at : CHUNK_SIZE;

	memset(chunk, 0, sizeof(chunk));
	memcpy(chunk, data + at, there);
	mutate_chunk(m, chunk);
	if (there == size - at) {
		there = trimmed(chunk, room);
		size = at + there;
	}
	memcpy(data + at, chunk, there);
	return size;
}

static inline size_t mutate_log(struct mutation *m, uint8_t *data, size_t size, size_t max)
{
	size_t chunks = (size - EVTX_FILE_HEADER_SIZE - 1) / CHUNK_SIZE + 1;
	size_t at = EVTX_FILE_HEADER_SIZE + draw(m, (uint32_t)chunks) * (size_t)CHUNK_SIZE;

	if (chance(m, 5)) {
		mutate_number(m, data + 8 + 8 * draw(m, 15), 8);
		chunk_set_uint(data + 124, 4, crc32_update(0, data, 120));
		return size;
	}
	return mutate_chunk_at(m, data, size, max, at);
}

// An element: a byte of which the lowest bit says that it is in a template, u16 its
// place in the chunk, its bytes.
static inline size_t mutate_element(struct mutation *m, uint8_t *data, size_t size, size_t max)
{
	static unsigned char chunk[CHUNK_SIZE];
	static struct tokens tokens;
	uint32_t at = load_u16(data + 1);

	if (size - 3 > CHUNK_SIZE - at || chance(m, 5))
		return mutate_plain(m, data, size, max);
	memset(chunk, 0, sizeof(chunk));
	memcpy(chunk + at, data + 3, size - 3);
	tokens = (struct tokens){.bytes = chunk, .end = at + (uint32_t)(size - 3)};
	tokens.is_template = (data[0] & 1) != 0;
	tokens_stream(&tokens, at);
	for (uint32_t n = draw(m, 4) + 1; n > 0; n--)
		mutate_any_spot(m, &tokens);
	if (chance(m, 70)) {
		tokens.repair = true;
		tokens_stream(&tokens, at);
	}
	memcpy(data + 3, chunk + at, size - 3);
	return size;
}

// Any input: a log, a chunk (with at most a byte before it), an element, or other bytes.
static inline size_t mutate_evtx(struct mutation *m, uint8_t *data, size_t size, size_t max)
{
	if (size > EVTX_FILE_HEADER_SIZE && memcmp(data, "ElfFile", 8) == 0 && chance(m, 95))
		return mutate_log(m, data, size, max);
	for (size_t at = 0; at < 2 && size > CHUNK_HEADER_SIZE + at; at++) {
		if (memcmp(data + at, "ElfChnk", 8) == 0 && chance(m, 98))
			return mutate_chunk_at(m, data, size, max, at);
	}
	if (size > 8 && (data[3] & 0xBF) == 0x01)
		return mutate_element(m, data, size, max);
	return mutate_plain(m, data, size, max);
}

#endif
