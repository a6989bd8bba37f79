// SPDX-License-Identifier: Apache-2.0
// Keeping the hits of a scan.
#include "testing/tally.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "evtxscan.h"

static void keep(struct tally *tally, const struct hit *hit)
{
	mem_grow(&tally->hits, &tally->cap, tally->count + 1, sizeof(*tally->hits));
	tally->hits[tally->count++] = (struct tally_hit){
		.rule_id = hit->rule_id,
		.rule_title = hit->rule_title,
		.rule_file = hit->rule_file,
		.level = hit->level,
		.evtx = arena_str(&tally->arena, hit->evtx_file),
		.computer = arena_str(&tally->arena, hit->computer),
		.file = hit->file,
		.time = hit->time,
		.record_id = hit->record_id,
		.header_id = hit->header_id,
		.offset = hit->offset,
		.alert = hit->correlation != NULL,
		.suppressed = hit->suppressed_by.len > 0,
		.filtered = str_starts(hit->suppressed_by, STR("filter: ")),
	};
}

enum rc tally_scan(struct tally *tally, const struct tally_options *options,
		   const struct str *paths, size_t count, struct err *err)
{
	struct scan_options scan_options = {
		.rules = options->rules,
		.allowlist = options->allowlist,
		.show_suppressed = true,
		.use_index = true,
		.native = true,
		.threads = options->threads,
		.memory = options->memory,
	};
	struct scan *scan;
	const struct hit *hit;
	enum rc rc;

	tally->used = true;
	input_init(&tally->input);
	// A test may name each of two equal logs.
	tally->input.keep_duplicates = true;
	ledger_init(&tally->ledger, STR(EVTXSCAN_VERSION));
	input_find(&tally->input, paths, count, STDIN_FILENO);
	scan = scan_new(&scan_options, &tally->ledger);
	scan_open(scan, &tally->input);
	rc = scan_run(scan, err);
	while (scan_next_hit(scan, &hit))
		keep(tally, hit);
	scan_free(scan);
	return rc;
}

void tally_release(struct tally *tally)
{
	if (tally->used) {
		input_release(&tally->input);
		ledger_release(&tally->ledger);
	}
	free(tally->hits);
	arena_release(&tally->arena);
	memset(tally, 0, sizeof(*tally));
}

void tally_put_inputs(const struct tally *tally, struct test_report *report)
{
	for (size_t i = 0; i < tally->input.count; i++) {
		if (tally->input.files[i].open_path != NULL)
			report_input(report, str_from(tally->input.files[i].open_path));
	}
}

bool tally_is(const struct tally_hit *hit, const struct rule *rule)
{
	return str_eq(hit->rule_id, rule->id) && str_eq(hit->rule_title, rule->title) &&
	       str_eq(hit->rule_file, rule->path);
}

struct str tally_trouble(const struct tally *tally, struct str path)
{
	for (size_t i = 0; i < tally->ledger.file_count; i++) {
		const struct ledger_file *file = &tally->ledger.files[i];

		if (!str_eq(file->path, path) || file->state == LEDGER_COMPLETE)
			continue;
		if (file->status.len == 0 && file->reason_count > 0)
			return file->reasons[0].text;
		return file->status.len > 0 ? file->status : STR("not read completely");
	}
	return (struct str){NULL, 0};
}
