// SPDX-License-Identifier: Apache-2.0
// A log, scanned with the embedded rules.
//
// Hits and account are the same, byte for byte, with three threads and without the
// index of literals. What is lost has
// its reasons, and no file with losses is called complete.
#include "base/embedded.h"
#include "custom_mutator.h"
#include "fuzz.h"
#include "output/output.h"
#include "scan/scan.h"

static struct str embedded_text(const struct embedded_file *file)
{
	return (struct str){(const char *)file->data, file->size};
}

static struct ruleset *embedded_rules(void)
{
	struct ruleset *set = ruleset_new();

	CHECK(ruleset_set_sources(set, STR("s"), embedded_text(embedded_find("logsources.yml")),
				  NULL, 0));
	for (size_t i = 0; i < embedded_count; i++) {
		if (str_starts(str_from(embedded_files[i].name), STR("t1596_001/")))
			ruleset_add(set, STR("r"), embedded_text(&embedded_files[i]));
	}
	ruleset_link(set, NULL);
	return set;
}

static void print_hits(struct scan *scan, FILE *stream)
{
	struct output *output = output_new(OUTPUT_JSONL, stream, NULL);
	const struct hit *hit;
	struct err err;

	while (scan_next_hit(scan, &hit))
		CHECK(output_hit(output, hit, &err) == RC_OK);
	CHECK(output_end(output, &err) == RC_OK);
	output_free(output);
}

static void check_account(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger_file *file = &ledger->files[i];

		uint64_t told = 0;

		for (size_t k = 0; k < file->reason_count; k++) {
			CHECK(file->reasons[k].text.len != 0);
			told += file->reasons[k].count;
		}
		CHECK(told <= file->failed && (told == 0) == (file->failed == 0));
		CHECK(file->failed == 0 || file->state != LEDGER_COMPLETE);
		CHECK(file->state == LEDGER_COMPLETE || file->failed != 0 || file->status.len != 0);
	}
}

// All that a scan says.
static struct str scan_log(const struct ruleset *rules, const struct memory_file *log, size_t size,
			   bool use_index, unsigned threads)
{
	struct input_file file = {
		.path = STR("fuzz"), .open_path = log->path, .size = size, .is_evtx = true};
	struct input_list input = {.files = &file, .count = 1};
	struct scan_options options = {.rules = rules,
				       .show_suppressed = true,
				       .use_index = use_index,
				       .native = true,
				       .coverage = true,
				       .needs = NEED_HASH | NEED_FACTS | NEED_FIELDS | NEED_XML,
				       .threads = threads,
				       .memory = 1 << 20};
	struct ledger ledger;
	struct scan *scan;
	struct str text;
	struct err err;
	char *bytes = NULL;
	FILE *stream = open_memstream(&bytes, &text.len);

	ledger_init(&ledger, STR("0"));
	scan = scan_new(&options, &ledger);
	scan_open(scan, &input);
	CHECK(scan_run(scan, &err) == RC_OK);
	print_hits(scan, stream);
	ledger_close(&ledger);
	check_account(&ledger);
	CHECK(ledger_write_json(&ledger, stream, &err) == RC_OK);
	fclose(stream);
	scan_free(scan);
	ledger_release(&ledger);
	text.ptr = bytes;
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ruleset *rules;
	const struct memory_file *log = memory_file(input_of(data, size));
	struct str once, again, naive;

	if (rules == NULL)
		rules = embedded_rules();
	once = scan_log(rules, log, size, true, 1);
	again = scan_log(rules, log, size, true, 3);
	naive = scan_log(rules, log, size, false, 1);
	check_same(once, again, "one thread and three");
	check_same(once, naive, "index and none");
	free((char *)once.ptr);
	free((char *)again.ptr);
	free((char *)naive.ptr);
	return 0;
}
