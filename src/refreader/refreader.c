// SPDX-License-Identifier: Apache-2.0
// libevtx -> its XML of each record -> events.
#include "refreader/refreader.h"

#include <libbfio.h>
#include <libevtx.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "refreader/guard.h"
#include "refreader/image.h"
#include "refreader/mend.h"
#include "refreader/xml.h"

struct refreader {
	libevtx_file_t *file;
	int next; // index of the record that comes next
	int count;
	struct image *image;
	libbfio_handle_t *memory;
	bool is_started; // by refreader_start_chunk
	struct xml_reader *xml_reader;
	struct buf xml;	 // as libevtx made it
	struct buf safe; // mended
};

// Turn libevtx's error, which this frees, into a sentence. Its first line
// names the innermost function and the reason.
static void set_error(struct err *err, const char *what, libevtx_error_t **error)
{
	char text[400] = "no reason given";

	if (*error != NULL)
		(void)libevtx_error_backtrace_sprint(*error, text, sizeof(text));
	libevtx_error_free(error);
	text[strcspn(text, "\r\n")] = '\0';
	err_set(err, "libevtx cannot %s: %s", what, text);
}

// libevtx takes a lack of memory for damage: between mem_watch() and this.
static void check_memory(void)
{
	if (mem_failed())
		mem_exhausted(0);
}

// ---- chunks ------------------------------------------------------------------

// AnsiString values are in the writer's code page; Windows-1252 is the usual
// one and what the native reader takes (base/text.h).
static bool make_handle(struct refreader *reader, libevtx_error_t **error)
{
	return libevtx_file_initialize(&reader->file, error) == 1 &&
	       libevtx_file_set_ascii_codepage(reader->file, LIBEVTX_CODEPAGE_WINDOWS_1252,
					       error) == 1;
}

static void end_chunk(struct refreader *reader)
{
	if (reader->is_started)
		(void)libevtx_file_close(reader->file, NULL);
	reader->is_started = false;
	reader->next = 0;
	reader->count = 0;
}

void refreader_close(struct refreader *reader)
{
	if (reader == NULL)
		return;
	end_chunk(reader);
	(void)libevtx_file_free(&reader->file, NULL);
	if (reader->memory != NULL)
		(void)libbfio_handle_free(&reader->memory, NULL);
	free(reader->image);
	xml_reader_free(reader->xml_reader);
	buf_release(&reader->xml);
	buf_release(&reader->safe);
	free(reader);
}

static bool open_memory(struct refreader *reader, libevtx_error_t **error)
{
	return make_handle(reader, error) &&
	       libbfio_memory_range_initialize(&reader->memory, error) == 1 &&
	       libbfio_memory_range_set(reader->memory, reader->image->bytes, IMAGE_SIZE, error) ==
		       1;
}

static enum rc make_reader(struct refreader **out, struct err *err)
{
	struct refreader *reader = mem_zalloc(sizeof(*reader));
	libevtx_error_t *error = NULL;

	reader->image = mem_alloc(sizeof(*reader->image));
	mem_watch();
	if (!open_memory(reader, &error)) {
		check_memory();
		set_error(err, "read from memory", &error);
		refreader_close(reader);
		return RC_FATAL;
	}
	reader->xml_reader = xml_reader_new();
	*out = reader;
	return RC_OK;
}

enum rc refreader_set_chunk(struct refreader **reader, const void *chunk, size_t len,
			    struct err *err)
{
	enum rc rc = *reader == NULL ? make_reader(reader, err) : RC_OK;

	if (rc != RC_OK)
		return rc;
	end_chunk(*reader);
	image_set_chunk((*reader)->image, chunk, len);
	return RC_OK;
}

// To read records from `from` to `to` of the chunk.
static enum rc open_image(struct refreader *reader, size_t from, size_t to, struct err *err)
{
	libevtx_error_t *error = NULL;

	if (guard_records(reader->image->bytes + IMAGE_HEADER, IMAGE_CHUNK, from, to, err) != RC_OK)
		return RC_FAILED;
	mem_watch();
	if (libevtx_file_open_file_io_handle(reader->file, reader->memory, LIBEVTX_OPEN_READ,
					     &error) == 1) {
		check_memory();
		return RC_OK;
	}
	check_memory();
	set_error(err, "open the chunk", &error);
	return RC_FAILED;
}

enum rc refreader_start_chunk(struct refreader *reader, struct err *err)
{
	libevtx_error_t *error = NULL;

	end_chunk(reader);
	image_select_all(reader->image);
	if (open_image(reader, IMAGE_FIRST_RECORD, (size_t)reader->image->last_record + 1, err) !=
	    RC_OK)
		return RC_FAILED;
	reader->is_started = true;
	if (libevtx_file_get_number_of_records(reader->file, &reader->count, &error) != 1) {
		check_memory();
		set_error(err, "count the records", &error);
		reader->count = 0;
		return RC_FAILED;
	}
	return RC_OK;
}

// ---- records -----------------------------------------------------------------

// Fetch the XML into reader->xml, without the final NUL.
static enum rc fetch_xml(struct refreader *reader, libevtx_record_t *record, struct err *err)
{
	libevtx_error_t *error = NULL;
	size_t size = 0;
	size_t room;
	char *bytes;

	if (libevtx_record_get_utf8_xml_string_size(record, &size, &error) != 1) {
		set_error(err, "print the record", &error);
		return RC_FAILED;
	}
	if (size > LIMIT_RECORD_XML) {
		err_set(err, "the record's XML of %zu bytes is over the limit", size);
		return RC_FAILED;
	}
	// The size comes out too small when a value is a single '<', '>' or '&':
	// four bytes a value, each of which takes more than that already.
	room = 2 * size + 1;
	buf_reset(&reader->xml);
	bytes = buf_reserve(&reader->xml, room);
	memset(bytes, 0, room);
	if (libevtx_record_get_utf8_xml_string(record, (uint8_t *)bytes, room, &error) != 1) {
		set_error(err, "print the record", &error);
		return RC_FAILED;
	}
	// A value may hold NULs, so the last NUL counts and not the first.
	reader->xml.len = room;
	while (reader->xml.len > 0 && bytes[reader->xml.len - 1] == '\0')
		reader->xml.len--;
	return RC_OK;
}

// The event strings, which libevtx has unless the record holds neither
// EventData nor UserData of one root.
static enum rc fetch_strings(libevtx_record_t *record, struct arena *arena,
			     struct mend_input *input, struct err *err)
{
	libevtx_error_t *error = NULL;
	struct str *strings;
	int count = 0;

	if (libevtx_record_get_number_of_strings(record, &count, &error) != 1 || count < 0) {
		libevtx_error_free(&error);
		input->unchecked = true;
		return RC_OK;
	}
	strings = arena_array(arena, (size_t)count, sizeof(*strings));
	for (int i = 0; i < count; i++) {
		size_t size = 0;
		char *bytes;

		if (libevtx_record_get_utf8_string_size(record, i, &size, &error) != 1 ||
		    size > LIMIT_RECORD_XML) {
			set_error(err, "give an event string", &error);
			return RC_FAILED;
		}
		bytes = arena_zalloc(arena, size + 1);
		if (size != 0 && libevtx_record_get_utf8_string(record, i, (uint8_t *)bytes, size,
								&error) != 1) {
			set_error(err, "give an event string", &error);
			return RC_FAILED;
		}
		strings[i] = (struct str){bytes, size != 0 ? size - 1 : 0};
	}
	input->strings = strings;
	input->string_count = (size_t)count;
	return RC_OK;
}

static struct str fetch_provider(libevtx_record_t *record, struct arena *arena)
{
	struct str name = {NULL, 0};
	size_t size = 0;
	char *bytes;

	if (libevtx_record_get_utf8_source_name_size(record, &size, NULL) != 1 || size < 2 ||
	    size > LIMIT_RECORD_XML)
		return name;
	bytes = arena_zalloc(arena, size);
	if (libevtx_record_get_utf8_source_name(record, (uint8_t *)bytes, size, NULL) != 1)
		return name;
	return (struct str){bytes, size - 1};
}

static enum rc read_record(struct refreader *reader, libevtx_record_t *record, struct event *event,
			   struct err *err)
{
	struct mend_input input = {0};
	enum rc rc;

	(void)libevtx_record_get_identifier(record, &event->header_id, NULL);
	rc = fetch_xml(reader, record, err);
	if (rc == RC_OK)
		rc = fetch_strings(record, event->arena, &input, err);
	if (rc != RC_OK)
		return rc;
	input.xml = buf_str(&reader->xml);
	input.provider = fetch_provider(record, event->arena);
	rc = mend_xml(&input, &reader->safe, err);
	if (rc != RC_OK)
		return rc;
	return xml_read_event(reader->xml_reader, buf_str(&reader->safe), event, err);
}

static enum rc read_index(struct refreader *reader, int index, struct event *event, struct err *err)
{
	libevtx_record_t *record = NULL;
	libevtx_error_t *error = NULL;
	enum rc rc = RC_FAILED;

	mem_watch();
	if (libevtx_file_get_record_by_index(reader->file, index, &record, &error) == 1)
		rc = read_record(reader, record, event, err);
	else
		set_error(err, "read the record", &error);
	check_memory();
	(void)libevtx_record_free(&record, NULL);
	return rc;
}

enum rc refreader_next(struct refreader *reader, struct arena *arena, struct event *event,
		       struct err *err)
{
	event_init(event, arena);
	if (reader->next == reader->count)
		return RC_END;
	return read_index(reader, reader->next++, event, err);
}

enum rc refreader_read(struct refreader *reader, uint64_t header_id, size_t offset,
		       struct arena *arena, struct event *event, struct err *err)
{
	int index = 0;
	size_t end;
	enum rc rc;

	event_init(event, arena);
	event->header_id = header_id;
	end_chunk(reader);
	rc = image_select(reader->image, offset, header_id, &index, &end, err);
	if (rc == RC_OK)
		rc = open_image(reader, offset, end, err);
	if (rc != RC_OK)
		return rc;
	rc = read_index(reader, index, event, err);
	event->offset = offset;
	(void)libevtx_file_close(reader->file, NULL);
	return rc;
}

const char *refreader_library_version(void)
{
	return libevtx_get_version();
}
