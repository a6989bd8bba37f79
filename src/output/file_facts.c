// SPDX-License-Identifier: Apache-2.0
// The facts of a log as JSON and as lines.
#include "output/file_facts.h"

#include <stdio.h>

#include "output/human.h"

static const char *const checksum_names[CHECKSUM_STATES] = {
	[CHECKSUM_GOOD] = "good",
	[CHECKSUM_BAD] = "bad",
	[CHECKSUM_ABSENT] = "absent",
};

struct str file_hint_name(enum file_hint_kind kind)
{
	static const struct str names[HINT_KINDS] = {
		[HINT_DIRTY] = STR_INIT("dirty"),
		[HINT_NO_CHECKSUMS] = STR_INIT("no-checksums"),
		[HINT_HEADER_CHECKSUM] = STR_INIT("header-checksum"),
		[HINT_CHUNK_CHECKSUM] = STR_INIT("chunk-checksum"),
		[HINT_DAMAGE] = STR_INIT("damage"),
		[HINT_NEXT_RECORD] = STR_INIT("next-record"),
		[HINT_CHUNK_COUNT] = STR_INIT("chunk-count"),
		[HINT_CHUNK_ORDER] = STR_INIT("chunk-order"),
		[HINT_CHUNK_RECORDS] = STR_INIT("chunk-records"),
		[HINT_RECORD_SEQUENCE] = STR_INIT("record-sequence"),
		[HINT_RECORD_SIZE] = STR_INIT("record-size"),
		[HINT_RECORD_CONTENT] = STR_INIT("record-content"),
		[HINT_HIDDEN_RECORD] = STR_INIT("hidden-record"),
		[HINT_RECORD_ID_GAP] = STR_INIT("gap"),
		[HINT_TIME_STEP] = STR_INIT("time-step"),
		[HINT_LOG_CLEARED] = STR_INIT("cleared"),
	};

	return names[kind];
}

// ---- JSON ---------------------------------------------------------------

static void put_flags(struct json *json, const struct file_facts *facts)
{
	json_put_open(json, "Flags", '[');
	if (facts->dirty)
		json_str(json, STR("dirty"));
	if (facts->full)
		json_str(json, STR("full"));
	if (facts->no_checksums)
		json_str(json, STR("no checksums"));
	json_close(json, ']');
}

static void put_header(struct json *json, const struct file_facts *facts)
{
	json_put_open(json, "Header", '{');
	json_put_str(json, "Checksum", str_from(checksum_names[facts->header_checksum]));
	json_put_u64(json, "OldestChunk", facts->oldest_chunk);
	json_put_u64(json, "NewestChunk", facts->newest_chunk);
	json_put_u64(json, "NextRecord", facts->next_record);
	json_put_u64(json, "Chunks", facts->chunks_counted);
	json_close(json, '}');
}

static void put_found(struct json *json, const struct file_facts *facts)
{
	json_put_open(json, "Found", '{');
	json_put_u64(json, "Chunks", facts->chunks);
	json_put_u64(json, "Records", facts->records);
	json_put_u64(json, "FirstRecord", facts->first_record);
	json_put_u64(json, "LastRecord", facts->last_record);
	json_put_u64(json, "RecordSizesDiffer", facts->sizes_differ);
	json_close(json, '}');
}

static void put_sums(struct json *json, const char *key, const uint64_t sums[CHECKSUM_STATES])
{
	json_put_open(json, key, '{');
	json_put_u64(json, "Good", sums[CHECKSUM_GOOD]);
	json_put_u64(json, "Bad", sums[CHECKSUM_BAD]);
	json_put_u64(json, "Absent", sums[CHECKSUM_ABSENT]);
	json_close(json, '}');
}

static void put_hints(struct json *json, const struct file_facts *facts)
{
	json_put_open(json, "Hints", '[');
	for (size_t i = 0; i < facts->hint_count; i++) {
		json_open(json, '{');
		json_put_str(json, "Kind", file_hint_name(facts->hints[i].kind));
		json_put_u64(json, "Count", facts->hints[i].count);
		json_put_str(json, "Text", facts->hints[i].text);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void file_facts_put_json(struct json *json, const struct file_facts *facts)
{
	char version[32];

	if (facts == NULL) {
		json_null(json);
		return;
	}
	(void)snprintf(version, sizeof(version), "%u.%u", facts->major, facts->minor);
	json_open(json, '{');
	json_put_str(json, "FormatVersion", str_from(version));
	put_flags(json, facts);
	put_header(json, facts);
	put_found(json, facts);
	put_sums(json, "ChunkHeaderChecksums", facts->chunk_headers);
	put_sums(json, "RecordChecksums", facts->chunk_records);
	put_hints(json, facts);
	json_close(json, '}');
}

// ---- text ---------------------------------------------------------------

static void put_line(struct buf *out, const char *name)
{
	buf_printf(out, "  %-16s", name);
}

// "3 good, 1 bad"
static void put_sums_text(struct buf *out, const uint64_t sums[CHECKSUM_STATES])
{
	const char *between = "";

	for (int i = 0; i < CHECKSUM_STATES; i++) {
		if (sums[i] == 0)
			continue;
		buf_put_text(out, between);
		human_number(out, sums[i]);
		buf_printf(out, " %s", checksum_names[i]);
		between = ", ";
	}
	buf_put_text(out, between[0] != '\0' ? "" : "none");
}

void file_facts_put_text(const struct file_facts *facts, struct buf *out)
{
	put_line(out, "Format:");
	buf_printf(out, "EVTX %u.%u, %s%s%s\n", facts->major, facts->minor,
		   facts->dirty ? "not closed (dirty)" : "closed", facts->full ? ", full" : "",
		   facts->no_checksums ? ", without checksums" : "");
	put_line(out, "Header says:");
	human_plural(out, facts->chunks_counted, "chunk");
	buf_put_text(out, ", next record ");
	human_number(out, facts->next_record);
	buf_put_char(out, '\n');
	put_line(out, "Found:");
	human_plural(out, facts->chunks, "chunk");
	buf_put_text(out, ", ");
	human_plural(out, facts->records, "record");
	if (facts->records > 0) {
		buf_put_text(out, ", numbers ");
		human_number(out, facts->first_record);
		buf_put_text(out, " to ");
		human_number(out, facts->last_record);
	}
	buf_put_char(out, '\n');
	put_line(out, "Checksums:");
	buf_printf(out, "file header %s; chunk headers ", checksum_names[facts->header_checksum]);
	put_sums_text(out, facts->chunk_headers);
	buf_put_text(out, "; records of chunks ");
	put_sums_text(out, facts->chunk_records);
	buf_put_char(out, '\n');
}
