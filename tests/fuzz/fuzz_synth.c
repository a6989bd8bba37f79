// SPDX-License-Identifier: Apache-2.0
// A description of events (evtxscan-events(5)).
//
// There is an error, or a log, the same each time. The native reader finds nothing wrong
// with the log, and reads all its records (evtx_check.h), whose header ids ascend by one.
#include "evtx_check.h"
#include "synth/synth.h"

// A few copies are as good as many.
static bool repeats_often(struct str text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		digits = ascii_is_digit(text.ptr[i]) || text.ptr[i] == '_' ? digits + 1 : 0;
		if (digits >= 4 && str_find(text, STR("repeat"), 0) != SIZE_MAX)
			return true;
	}
	return str_find(text, STR("repeat"), 0) != SIZE_MAX &&
	       (str_find_char(text, 'x', 0) != SIZE_MAX || str_find_char(text, ':', 0) == SIZE_MAX);
}

static void read_back(struct str log)
{
	static struct shapes shapes;
	struct evtx_reader *reader = evtx_reader_new();
	struct evtx_file_header header;
	struct evtx_chunk_info info;
	struct evtx_record record;
	struct arena arena = {0};
	struct event event;
	struct err err;
	uint64_t id = 0;

	CHECK(evtx_file_parse(log.ptr, log.len, &header, &err) == RC_OK && !header.crc_bad);
	CHECK(log.len == EVTX_FILE_HEADER_SIZE + (size_t)header.chunk_count * CHUNK_SIZE);
	for (size_t at = EVTX_FILE_HEADER_SIZE; at < log.len; at += CHUNK_SIZE) {
		memset(&shapes, 0, sizeof(shapes));
		CHECK(evtx_chunk_open(reader, log.ptr + at, CHUNK_SIZE, header.flags, &info) ==
		      RC_OK);
		while (evtx_chunk_next(reader, &record, &err) == RC_OK) {
			CHECK(id == 0 || record.header_id == id + 1);
			id = record.header_id;
			CHECK(!record.suspect && !record.recovered && !record.behind_damage);
			CHECK(evtx_record_event(reader, &record, &arena, &event, &err) == RC_OK);
			check_event(&shapes, &record, &event);
		}
		CHECK(info.warnings == 0);
		arena_reset(&arena);
	}
	evtx_reader_free(reader);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = input_of(data, size);
	struct arena arena = {0};
	struct diag_list diags;
	struct buf log = {0}, again = {0};
	bool built;

	if (repeats_often(text))
		return 0;
	diag_init(&diags, &arena);
	built = synth_build(&arena, STR("e"), text, &log, &diags);
	CHECK(built == (diags.errors == 0) && (built || log.len == 0));
	if (built) {
		CHECK(synth_build(&arena, STR("e"), text, &again, &diags));
		CHECK(log.len == again.len && memcmp(log.ptr, again.ptr, log.len) == 0);
		read_back(buf_str(&log));
	}
	buf_release(&log);
	buf_release(&again);
	diag_release(&diags);
	arena_release(&arena);
	return 0;
}
