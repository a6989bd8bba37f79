// SPDX-License-Identifier: Apache-2.0
// A chunk, damaged in any way, as the only one of a log: comparing the readers.
//
// Every difference is printed and counted once: as explained, as not, or as a record
// that both have lost. What is wrong with damaged records is not judged: libevtx reads
// on behind errors. Sound records are judged by fuzz_differential.c.
#include "custom_mutator.h"
#include "dump/verify.h"
#include "fuzz.h"

static void count(void *user, const struct verify_item *item)
{
	struct verify_counts *counts = user;
	struct buf line = {0};

	counts->lost += item->kind == VERIFY_LOST;
	counts->explained += item->kind != VERIFY_LOST && item->explained != NULL;
	counts->unexplained += item->kind != VERIFY_LOST && item->explained == NULL;
	verify_put_text(&line, item);
	CHECK(utf8_is_valid(buf_str(&line)));
	buf_reset(&line);
	verify_put_json(&line, item);
	CHECK(utf8_is_valid(buf_str(&line)));
	buf_release(&line);
}

static void put_file_header(unsigned char *at)
{
	memcpy(at, "ElfFile", 8);
	chunk_set_uint(at + 24, 8, 1);
	chunk_set_uint(at + 32, 4, 128);
	chunk_set_uint(at + 36, 4, 0x00030001);
	chunk_set_uint(at + 40, 2, EVTX_FILE_HEADER_SIZE);
	chunk_set_uint(at + 42, 2, 1);
	chunk_set_uint(at + 124, 4, crc32_update(0, at, 120));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char log[EVTX_FILE_HEADER_SIZE + CHUNK_SIZE];
	struct input_file file = {.path = STR("fuzz"), .size = sizeof(log), .is_evtx = true};
	struct input_list list = {.files = &file, .count = 1};
	struct str input = input_of(data, size);
	struct verify_counts counts = {0}, said = {0};
	struct verify *verify;
	struct err err;
	enum rc rc;

	take_byte(&input);
	if (input.len == 0 || input.len > CHUNK_SIZE)
		return 0;
	memset(log, 0, sizeof(log));
	put_file_header(log);
	memcpy(log + EVTX_FILE_HEADER_SIZE, input.ptr, input.len);
	file.open_path = memory_file((struct str){(const char *)log, sizeof(log)})->path;
	verify = verify_new(&list, count, &counts);
	rc = verify_file(verify, 0, &said, &err);
	// What is no chunk leaves the log cut short.
	CHECK(rc == RC_OK || (rc == RC_FAILED && strstr(err.text, "there are 0") != NULL));
	CHECK(counts.explained == said.explained && counts.unexplained == said.unexplained);
	CHECK(counts.lost == said.lost);
	verify_free(verify);
	return 0;
}
