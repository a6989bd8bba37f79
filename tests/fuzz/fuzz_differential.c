// SPDX-License-Identifier: Apache-2.0
// A record of typed values, written, then read by both readers: for each value a byte
// of its type, one of its size, its bytes.
//
// The native reader gives back the values that were written, of their types. libevtx
// gives the same texts, or the table of known differences says why not.
#include "dump/verify.h"
#include "evtx/reader.h"
#include "evtx/writer.h"
#include "fuzz.h"

#define VALUES 40u

struct record {
	struct value values[VALUES];
	struct str names[VALUES];
	size_t count;
	struct arena arena;
	struct buf log;
};

static const struct {
	uint8_t type, least, most; // bytes
} kinds[] = {
	{VALUE_NULL, 0, 0},	    {VALUE_STRING, 0, 254}, {VALUE_ANSI, 0, 255},
	{VALUE_INT8, 1, 8},	    {VALUE_UINT8, 1, 8},    {VALUE_INT16, 1, 8},
	{VALUE_UINT16, 1, 8},	    {VALUE_INT32, 1, 8},    {VALUE_UINT32, 1, 8},
	{VALUE_INT64, 1, 8},	    {VALUE_UINT64, 1, 8},   {VALUE_FLOAT, 4, 4},
	{VALUE_DOUBLE, 8, 8},	    {VALUE_BOOL, 4, 4},	    {VALUE_BINARY, 0, 255},
	{VALUE_GUID, 16, 16},	    {VALUE_SIZE, 8, 8},	    {VALUE_FILETIME, 8, 8},
	{VALUE_SYSTEMTIME, 16, 16}, {VALUE_SID, 8, 68},	    {VALUE_HEX32, 1, 8},
	{VALUE_HEX64, 1, 8},
};

// What is at most 8 bytes is a number, which is 1, 2, 4 or 8.
static uint32_t whole_word(uint32_t size)
{
	while ((size & (size - 1)) != 0)
		size--;
	return size;
}

// Sizes are made to fit the type.
static struct value take_value(struct record *record, struct str *input)
{
	size_t kind = take_byte(input) % (sizeof(kinds) / sizeof(kinds[0]));
	uint32_t size = take_byte(input);
	unsigned char *bytes;

	size = size < kinds[kind].least ? kinds[kind].least : size;
	size = size > kinds[kind].most ? kinds[kind].most : size;
	if (kinds[kind].type == VALUE_STRING)
		size &= ~1u;
	if (kinds[kind].most == 8)
		size = whole_word(size);
	bytes = arena_zalloc(&record->arena, size + 1);
	if (input->len != 0)
		memcpy(bytes, input->ptr, input->len < size ? input->len : size);
	*input = str_sub(*input, size, SIZE_MAX);
	if (kinds[kind].type == VALUE_SID) { // revision, and as many parts as there is room for
		bytes[0] = 1;
		bytes[1] = (unsigned char)((size - 8) / 4);
		size = 8 + 4u * bytes[1];
	}
	if (kinds[kind].type == VALUE_BOOL)
		chunk_set_uint(bytes, 4, bytes[0] & 1);
	return (struct value){bytes, size, kinds[kind].type, 0};
}

static void write_record(struct record *record)
{
	struct xml_element *root = xml_root(&record->arena, STR("EventData"));
	struct evtx_event event = {.provider = STR("P"),
				   .channel = STR("C"),
				   .computer = STR("H"),
				   .time = 134391824497021145,
				   .record_id = 1,
				   .event_id = 1,
				   .payload = root};
	struct writer writer;
	struct err err;

	for (size_t i = 0; i < record->count; i++) {
		struct xml_element *data = xml_child(&record->arena, root, STR("Data"));

		record->names[i] = arena_printf(&record->arena, "V%zu", i);
		xml_attr(&record->arena, data, STR("Name"), slot_literal(record->names[i]));
		data->slot = slot_value(record->values[i]);
	}
	writer_init(&writer, &record->log, 1);
	CHECK(writer_add(&writer, &event, &err) == RC_OK);
	writer_finish(&writer);
	writer_release(&writer);
}

static void check_native(struct record *record)
{
	struct evtx_reader *reader = evtx_reader_new();
	struct evtx_chunk_info info;
	struct evtx_record view;
	struct event event;
	struct err err;

	CHECK(evtx_chunk_open(reader, record->log.ptr + EVTX_FILE_HEADER_SIZE, CHUNK_SIZE, 0,
			      &info) == RC_OK);
	CHECK(evtx_chunk_next(reader, &view, &err) == RC_OK && !view.suspect);
	CHECK(evtx_record_event(reader, &view, &record->arena, &event, &err) == RC_OK);
	for (size_t i = 0; i < record->count; i++) {
		const struct value *written = &record->values[i];
		const struct field *field = event_find(&event, record->names[i]);

		CHECK(field != NULL || written->type == VALUE_NULL);
		if (field == NULL || written->len == 0)
			continue;
		CHECK(field->value.type == written->type && field->value.len == written->len);
		CHECK(memcmp(field->value.ptr, written->ptr, written->len) == 0);
	}
	CHECK(evtx_chunk_next(reader, &view, &err) == RC_END && info.warnings == 0);
	evtx_reader_free(reader);
}

static void judge(void *user, const struct verify_item *item)
{
	struct buf line = {0};

	(void)user;
	verify_put_text(&line, item);
	if (item->explained == NULL)
		fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&line)));
	CHECK(item->explained != NULL);
	buf_release(&line);
}

static void check_libevtx(struct str log)
{
	struct input_file file = {.path = STR("fuzz"), .size = log.len, .is_evtx = true};
	struct input_list list = {.files = &file, .count = 1};
	struct verify *verify = verify_new(&list, judge, NULL);
	struct verify_counts counts = {0};
	struct err err;

	file.open_path = memory_file(log)->path;
	CHECK(verify_file(verify, 0, &counts, &err) == RC_OK);
	CHECK(counts.both == 1 || counts.explained != 0);
	verify_free(verify);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record record = {0};
	struct str input = input_of(data, size);

	while (input.len > 0 && record.count < VALUES)
		record.values[record.count++] = take_value(&record, &input);
	write_record(&record);
	check_native(&record);
	check_libevtx(buf_str(&record.log));
	arena_release(&record.arena);
	buf_release(&record.log);
	return 0;
}
