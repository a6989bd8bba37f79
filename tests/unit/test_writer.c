// SPDX-License-Identifier: Apache-2.0
// The EVTX writer, against the facts of evtx-format.md.
#include <stdlib.h>

#include "evtx_peek.h"

#include "base/text.h"
#include "evtx/crc32.h"
#include "evtx/writer.h"

struct fixture {
	struct arena arena;
	struct buf out;
	struct writer writer;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	writer_init(&f->writer, &f->out, 1);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	writer_release(&f->writer);
	buf_release(&f->out);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static struct evtx_event make_event(struct xml_element *payload)
{
	return (struct evtx_event){
		.provider = STR("Provider-A"),
		.channel = STR("Channel-B"),
		.computer = STR("host.example"),
		.time = 0x01DC4BD3A1B2C3D4,
		.event_id = 4711,
		.record_id = 900,
		.payload = payload,
	};
}

// <EventData><Data Name="name">bytes</Data></EventData>
static struct xml_element *make_payload(struct fixture *f, const char *name, size_t len)
{
	struct xml_element *root = xml_root(&f->arena, STR("EventData"));
	struct xml_element *data = xml_child(&f->arena, root, STR("Data"));
	struct value value = {arena_zalloc(&f->arena, len), (uint32_t)len, VALUE_BINARY, 0};

	xml_attr(&f->arena, data, STR("Name"), slot_literal(arena_str(&f->arena, str_from(name))));
	data->slot = slot_value(value);
	return root;
}

static void add(struct fixture *f, struct xml_element *payload)
{
	struct evtx_event event = make_event(payload);

	assert_int_equal(writer_add(&f->writer, &event, NULL), RC_OK);
}

static uint16_t hash_of(const char *name)
{
	struct buf units = {0};
	uint16_t hash;

	utf8_to_utf16(&units, str_from(name));
	hash = chunk_hash((const unsigned char *)units.ptr, units.len);
	buf_release(&units);
	return hash;
}

static void crc_is_zlibs(void **state)
{
	(void)state;
	assert_int_equal(crc32_update(0, "123456789", 9), 0xCBF43926);
	assert_int_equal(crc32_update(crc32_update(0, "1234", 4), "56789", 5), 0xCBF43926);
}

// Check values of 1.9, and buckets that Windows put templates into in the
// sample logs (format 3.1).
static void hashes_are_those_of_windows(void **state)
{
	static const unsigned char guids[2][16] = {{0x6d, 0xca, 0x72, 0xc7, 0xcd, 0xb8, 0x8a, 0x67,
						    0xf1, 0x45, 0x69, 0x3b, 0x5d, 0x0b, 0x93, 0x8c},
						   {0xa3, 0x14, 0xea, 0x0b, 0xb3, 0x19, 0x35, 0x56,
						    0xac, 0x9f, 0xe2, 0x6d, 0x3d, 0xef, 0x3b,
						    0x2e}};

	(void)state;
	assert_int_equal(hash_of("Event"), 0x0CBA);
	assert_int_equal(hash_of("xmlns"), 0x0FBC);
	assert_int_equal(hash_of("EventData"), 0x8244);
	assert_int_equal(hash_of("Computer"), 0x6E3B);
	assert_int_equal(chunk_hash(guids[0], 16) % 32, 16);
	assert_int_equal(chunk_hash(guids[1], 16) % 32, 29);
}

// Every entry of a chain lies in the used part, below the one before it, and
// in the bucket of its hash. Returns how many there are.
static size_t check_chains(const unsigned char *chunk, uint32_t table, uint32_t buckets)
{
	uint32_t end = (uint32_t)peek_uint(chunk + 48, 4);
	size_t count = 0;

	for (uint32_t i = 0; i < buckets; i++) {
		uint32_t last = end;

		for (uint32_t at = (uint32_t)peek_uint(chunk + table + 4 * i, 4); at != 0;
		     at = (uint32_t)peek_uint(chunk + at, 4)) {
			size_t len = 2 * (size_t)peek_uint(chunk + at + 6, 2);
			uint16_t hash = buckets == 64 ? chunk_hash(chunk + at + 8, len)
						      : chunk_hash(chunk + at + 4, 16);

			assert_true(at >= 512 && at < last);
			assert_int_equal(hash % buckets, i);
			last = at;
			count++;
		}
	}
	return count;
}

// Records are contiguous, padded, numbered and framed by their size.
static void check_records(const unsigned char *chunk, uint64_t *next_id)
{
	uint32_t end = (uint32_t)peek_uint(chunk + 48, 4);
	uint32_t at = 512;
	uint32_t last = 0;

	assert_int_equal(peek_uint(chunk + 24, 8), *next_id);
	while (at < end) {
		uint32_t size = (uint32_t)peek_uint(chunk + at + 4, 4);

		assert_int_equal(peek_uint(chunk + at, 4), 0x2A2A);
		assert_int_equal(size % 8, 0);
		assert_int_equal(peek_uint(chunk + at + size - 4, 4), size);
		assert_int_equal(peek_uint(chunk + at + 8, 8), (*next_id)++);
		last = at;
		at += size;
	}
	assert_int_equal(at, end);
	assert_int_equal(peek_uint(chunk + 44, 4), last);
	assert_int_equal(peek_uint(chunk + 32, 8), *next_id - 1);
}

static void check_chunk(const unsigned char *chunk, uint64_t *next_id)
{
	uint32_t end = (uint32_t)peek_uint(chunk + 48, 4);
	uint32_t crc = crc32_update(0, chunk, 120);

	assert_memory_equal(chunk, "ElfChnk", 8);
	assert_int_equal(peek_uint(chunk + 40, 4), 128);
	assert_int_equal(peek_uint(chunk + 120, 4), 1);
	assert_true(end <= 65536 - 8);
	assert_int_equal(peek_uint(chunk + 52, 4), crc32_update(0, chunk + 512, end - 512));
	assert_int_equal(peek_uint(chunk + 124, 4), crc32_update(crc, chunk + 128, 384));
	for (size_t i = end; i < 65536; i++)
		assert_int_equal(chunk[i], 0);
	check_records(chunk, next_id);
	assert_true(check_chains(chunk, 128, 64) > 0);
	assert_true(check_chains(chunk, 384, 32) > 0);
}

// Finish the file and check all of its structure; returns its chunks.
static size_t check_file(struct fixture *f, uint64_t first_id, size_t records)
{
	const unsigned char *file;
	uint64_t next_id = first_id;
	size_t chunks;

	writer_finish(&f->writer);
	file = (const unsigned char *)f->out.ptr;
	chunks = (f->out.len - 4096) / 65536;
	assert_int_equal(f->out.len, 4096 + chunks * 65536);
	assert_memory_equal(file, "ElfFile", 8);
	assert_int_equal(peek_uint(file + 8, 8), 0);
	assert_int_equal(peek_uint(file + 16, 8), chunks - 1);
	assert_int_equal(peek_uint(file + 32, 8), UINT64_C(0x0003000100000080)); // 128, 3.1
	assert_int_equal(peek_uint(file + 40, 2), 4096);
	assert_int_equal(peek_uint(file + 42, 2), chunks);
	assert_int_equal(peek_uint(file + 120, 4), 0);
	assert_int_equal(peek_uint(file + 124, 4), crc32_update(0, file, 120));
	for (size_t i = 0; i < chunks; i++)
		check_chunk(file + 4096 + i * 65536, &next_id);
	assert_int_equal(next_id, first_id + records);
	assert_int_equal(peek_uint(file + 24, 8), next_id);
	return chunks;
}

static void system_values_stand_in_layout_a(void **state)
{
	static const unsigned types[18] = {4, 4,  6, 6, 0, 0x15, 0x11, 0, 8,
					   8, 10, 4, 0, 0, 1,	 0,    1, 0x21};
	struct fixture *f = *state;
	struct peek_record record;

	add(f, make_payload(f, "x", 5));
	assert_int_equal(check_file(f, 1, 1), 1);
	peek_record(buf_str(&f->out), 0, &record);
	assert_int_equal(record.outer.count, 18);
	for (size_t i = 0; i < 18; i++)
		assert_int_equal(record.outer.values[i].type, types[i]);
	assert_int_equal(peek_uint(record.outer.values[3].bytes, 2), 4711);
	assert_int_equal(peek_uint(record.outer.values[6].bytes, 8), 0x01DC4BD3A1B2C3D4);
	assert_int_equal(peek_uint(record.chunk + record.at + 16, 8), 0x01DC4BD3A1B2C3D4);
	assert_int_equal(peek_uint(record.outer.values[10].bytes, 8), 900);
	assert_int_equal(record.outer.values[4].len, 0); // a null has no bytes
	assert_int_equal(record.outer.values[16].len, 18);
	assert_memory_equal(record.outer.values[16].bytes, "C\0h\0a\0n\0n\0e\0l\0-\0B", 18);
	assert_int_equal(record.inner.count, 1);
	assert_int_equal(record.inner.values[0].len, 5);
}

static void optional_parts_are_stored_when_present(void **state)
{
	static const unsigned char guid[16] = {1, 2, 3};
	static const char sid[12] = {1, 1, 0, 0, 0, 0, 0, 5, 18};
	struct fixture *f = *state;
	struct evtx_event event = make_event(make_payload(f, "x", 1));
	struct peek_record record;

	event.guid = event.activity_id = event.related_activity_id = guid;
	event.user = (struct str){sid, sizeof(sid)};
	event.has_qualifiers = true;
	event.qualifiers = 0x8000;
	assert_int_equal(writer_add(&f->writer, &event, NULL), RC_OK);
	check_file(f, 1, 1);
	peek_record(buf_str(&f->out), 0, &record);
	assert_int_equal(peek_uint(record.outer.values[4].bytes, 2), 0x8000);
	assert_memory_equal(record.outer.values[7].bytes, guid, 16);
	assert_memory_equal(record.outer.values[13].bytes, guid, 16);
	assert_memory_equal(record.outer.values[15].bytes, guid, 16);
	assert_int_equal(record.outer.values[12].len, 12);
	assert_memory_equal(record.outer.values[12].bytes, sid, 12);
}

// The definition of <EventData><Data Name="x">%0</Data></EventData> in a chunk
// that has all names but x is small enough to be written down by hand (2.4).
static void definitions_are_written_as_documented(void **state)
{
	static const unsigned char head[] = {0x0F, 1, 1, 0, 0x01, 0xFF, 0xFF};
	static const unsigned char tail[] = {0x05, 0x01, 1,   0, 'x',  0, // literal
					     0x02, 0x0D, 0,   0, 0x0E,	  // > %0 binary
					     0x04, 0x04, 0x00};		  // </Data></EventData> end
	struct fixture *f = *state;
	struct peek_record record;
	const unsigned char *definition;
	uint32_t size;

	add(f, make_payload(f, "x", 1));
	check_file(f, 1, 1);
	peek_record(buf_str(&f->out), 0, &record);
	definition = record.chunk + record.inner.definition;
	size = (uint32_t)peek_uint(definition + 20, 4);
	assert_memory_equal(definition + 24, head, sizeof(head));
	// The element's size reaches to the end token of the definition.
	assert_int_equal(peek_uint(definition + 24 + 7, 4), size - 4 - 7 - 1);
	assert_memory_equal(definition + 24 + size - sizeof(tail), tail, sizeof(tail));
}

static void expect_template(const unsigned char *chunk, uint32_t at, const char *text)
{
	struct buf found = {0};

	peek_template(chunk, at, &found);
	assert_string_equal(found.ptr, text);
	buf_release(&found);
}

// Layout A, token for token as in logs of Windows 10 (evtx-format.md 4.2).
#define SYSTEM                                                                                     \
	"@xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>"                          \
	"<System><Provider +@Name=%?14:01 @Guid=%?15:0f/>"                                         \
	"<EventID dep3 @Qualifiers=%?4:06>%?3:06</><Version dep11>%?11:04</>"                      \
	"<Level dep0>%?0:04</><Task dep2>%?2:06</><Opcode dep1>%?1:04</>"                          \
	"<Keywords dep5>%?5:15</><TimeCreated @SystemTime=%?6:11/>"                                \
	"<EventRecordID dep10>%?10:0a</>"                                                          \
	"<Correlation +@ActivityID=%?7:0f @RelatedActivityID=%?13:0f/>"                            \
	"<Execution +@ProcessID=%?8:08 @ThreadID=%?9:08/><Channel dep16>%?16:01</>"                \
	"<Computer>'host.example'</><Security @UserID=%?12:13/></>"

static void outer_template_is_the_one_of_windows(void **state)
{
	struct fixture *f = *state;
	struct evtx_event event = make_event(make_payload(f, "x", 1));
	struct peek_record record;

	add(f, make_payload(f, "x", 1));
	event.user_data = true;
	assert_int_equal(writer_add(&f->writer, &event, NULL), RC_OK);
	check_file(f, 1, 2);
	peek_record(buf_str(&f->out), 0, &record);
	expect_template(record.chunk, record.outer.definition, "<Event dep17 " SYSTEM "%?17:21</>");
	expect_template(record.chunk, record.inner.definition,
			"<EventData><Data @Name='x'>%0:0e</></>");
	peek_record(buf_str(&f->out), 1, &record);
	expect_template(record.chunk, record.outer.definition,
			"<Event " SYSTEM "<UserData dep17>%?17:21</></>");
}

static void names_and_templates_are_stored_once_a_chunk(void **state)
{
	struct fixture *f = *state;
	struct peek_record first, second;

	add(f, make_payload(f, "x", 1));
	add(f, make_payload(f, "x", 1));
	add(f, make_payload(f, "y", 1));
	check_file(f, 1, 3);
	peek_record(buf_str(&f->out), 0, &first);
	peek_record(buf_str(&f->out), 1, &second);
	assert_true(first.outer.is_inline && first.inner.is_inline);
	assert_false(second.outer.is_inline || second.inner.is_inline);
	assert_int_equal(second.inner.definition, first.inner.definition);
	peek_record(buf_str(&f->out), 2, &second);
	assert_false(second.outer.is_inline);
	assert_true(second.inner.is_inline);
	assert_int_equal(check_chains(first.chunk, 384, 32), 3);
}

static void each_chunk_stands_alone(void **state)
{
	struct fixture *f = *state;
	size_t chunks;

	for (unsigned i = 0; i < 3000; i++)
		add(f, make_payload(f, i % 3 == 0 ? "first" : "second", i % 200));
	chunks = check_file(f, 1, 3000);
	assert_true(chunks > 5);
	for (size_t i = 0; i < chunks; i++) {
		const unsigned char *chunk = (unsigned char *)f->out.ptr + 4096 + i * 65536;
		struct peek_instance instance;

		peek_instance(chunk, 512 + 24, &instance);
		assert_true(instance.is_inline);
	}
}

// A record that brings names and a template must leave none of them behind in
// the chunk that it does not fit into; check_chains sees offsets past the end.
static void rejected_record_leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	struct peek_record record;

	add(f, make_payload(f, "a", 40000));
	add(f, make_payload(f, "b-is-new-here", 40000));
	add(f, make_payload(f, "a", 10));
	assert_int_equal(check_file(f, 1, 3), 2);
	peek_record(buf_str(&f->out), 1, &record);
	assert_int_equal(record.at, 512);
	assert_true(record.inner.is_inline);
	assert_int_equal(check_chains((unsigned char *)f->out.ptr + 4096, 384, 32), 2);
}

static void chunk_keeps_eight_bytes_free(void **state)
{
	// Try sizes around the limit, so that one would fill the chunk exactly.
	for (size_t len = 62000; len < 65000; len += 4) {
		struct fixture *f;

		teardown(state);
		setup(state);
		f = *state;
		struct evtx_event event = make_event(make_payload(f, "x", len));

		if (writer_add(&f->writer, &event, NULL) != RC_OK) {
			assert_true(len > 63000); // 6.4: all but some 2 KiB of templates
			return;
		}
		check_file(f, 1, 1);
	}
	fail_msg("nothing was too large");
}

static void a_chunk_takes_its_limit_and_no_byte_more(void **state)
{
	struct chunk_writer *chunk = calloc(1, sizeof(*chunk));
	unsigned char *bytes = calloc(1, CHUNK_SIZE);
	size_t most = CHUNK_LIMIT - CHUNK_HEADER_SIZE;

	(void)state;
	chunk_reset(chunk);
	chunk_put(chunk, bytes, most + 1);
	assert_true(chunk->full);
	assert_int_equal(chunk->used, CHUNK_HEADER_SIZE);
	chunk_reset(chunk);
	chunk_put(chunk, bytes, most);
	assert_false(chunk->full);
	assert_int_equal(chunk->used, CHUNK_LIMIT);
	chunk_put(chunk, bytes, 1);
	assert_true(chunk->full);
	free(bytes);
	free(chunk);
}

static void too_large_event_is_refused(void **state)
{
	struct fixture *f = *state;
	struct evtx_event event = make_event(make_payload(f, "x", 65536));
	struct err err = {""};

	add(f, make_payload(f, "x", 10));
	assert_int_equal(writer_add(&f->writer, &event, &err), RC_FAILED);
	assert_non_null(strstr(err.text, "too large"));
	event.payload = make_payload(f, "x", 20u << 20);
	assert_int_equal(writer_add(&f->writer, &event, NULL), RC_FAILED);
	add(f, make_payload(f, "x", 10));
	check_file(f, 1, 2);
}

static void header_ids_start_where_told(void **state)
{
	struct fixture *f = *state;

	writer_release(&f->writer);
	buf_reset(&f->out);
	writer_init(&f->writer, &f->out, 5000);
	add(f, make_payload(f, "x", 60000));
	add(f, make_payload(f, "x", 60000));
	assert_int_equal(check_file(f, 5000, 2), 2);
	assert_int_equal(peek_uint((unsigned char *)f->out.ptr + 4096 + 65536 + 8, 8), 2);
}

static void log_without_events_has_an_empty_chunk(void **state)
{
	struct fixture *f = *state;

	writer_finish(&f->writer);
	assert_int_equal(f->out.len, 4096 + 65536);
	assert_int_equal(peek_uint((unsigned char *)f->out.ptr + 4096 + 48, 4), 512);
}

static void template_guid_follows_content_only(void **state)
{
	struct fixture *f = *state;
	struct xml_element *a = make_payload(f, "x", 1);
	struct xml_element *same = make_payload(f, "x", 99);
	struct xml_element *other = make_payload(f, "y", 1);
	unsigned char guids[4][16];

	xml_template_guid(a, guids[0]);
	xml_template_guid(same, guids[1]);
	xml_template_guid(other, guids[2]);
	a->children->slot.index = 1;
	xml_template_guid(a, guids[3]);
	assert_memory_equal(guids[0], guids[1], 16);
	assert_memory_not_equal(guids[0], guids[2], 16);
	assert_memory_not_equal(guids[0], guids[3], 16);
}

static void binary_is_preceded_by_its_size(void **state)
{
	struct fixture *f = *state;
	struct xml_element *root = make_payload(f, "x", 3);
	struct xml_element *binary = xml_child(&f->arena, root, STR("Binary"));
	struct peek_record record;

	binary->slot = slot_value((struct value){"abcde", 5, VALUE_BINARY, 0});
	binary->size_before = true;
	add(f, root);
	check_file(f, 1, 1);
	peek_record(buf_str(&f->out), 0, &record);
	assert_int_equal(record.inner.count, 3);
	assert_int_equal(record.inner.values[1].type, VALUE_UINT32);
	assert_int_equal(peek_uint(record.inner.values[1].bytes, 4), 5);
	assert_int_equal(record.inner.values[2].len, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc_is_zlibs),
		cmocka_unit_test(hashes_are_those_of_windows),
		TEST(system_values_stand_in_layout_a),
		TEST(optional_parts_are_stored_when_present),
		TEST(definitions_are_written_as_documented),
		TEST(outer_template_is_the_one_of_windows),
		TEST(names_and_templates_are_stored_once_a_chunk),
		TEST(each_chunk_stands_alone),
		TEST(rejected_record_leaves_no_trace),
		TEST(chunk_keeps_eight_bytes_free),
		TEST(a_chunk_takes_its_limit_and_no_byte_more),
		TEST(too_large_event_is_refused),
		TEST(header_ids_start_where_told),
		TEST(log_without_events_has_an_empty_chunk),
		TEST(template_guid_follows_content_only),
		TEST(binary_is_preceded_by_its_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
