// SPDX-License-Identifier: Apache-2.0
// The scan of the public interface.
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/limits.h"
#include "base/mem.h"
#include "lib/internal.h"
#include "load/load.h"
#include "output/output.h"

#define THREADS_MOST 256
#define PASSWORD_MOST 1024
#define MEMORY_LEAST (UINT64_C(1) << 20)
#define MEMORY_DEFAULT (UINT64_C(256) << 20)

struct evtxscan_scan {
	const struct evtxscan_rules *rules;
	struct evtxscan_options options;
	struct input_list input;
	struct str *passwords;
	struct progress progress; // for its wish to stop
	struct ledger ledger;
	struct evtxscan_totals totals;
	char *account; // NULL until it is asked for
	size_t account_len;
	struct scan *inner; // NULL until it runs; the ledger may point into it
};

// ---- options ------------------------------------------------------------

// What a newer header knows and this library does not must be zero.
static bool has_unknown(const struct evtxscan_options *given)
{
	const unsigned char *bytes = (const unsigned char *)given;

	for (size_t i = sizeof(*given); i < given->size; i++) {
		if (bytes[i] != 0)
			return true;
	}
	return false;
}

static bool take_options(const struct evtxscan_options *given, struct evtxscan_options *out)
{
	memset(out, 0, sizeof(*out));
	if (given != NULL) {
		if (given->size < sizeof(given->size) || has_unknown(given))
			return false;
		memcpy(out, given, given->size < sizeof(*out) ? given->size : sizeof(*out));
	}
	if (out->threads == 0)
		out->threads = cpu_count() < THREADS_MOST ? cpu_count() : THREADS_MOST;
	if (out->memory == 0)
		out->memory = MEMORY_DEFAULT;
	return out->threads <= THREADS_MOST && out->memory >= MEMORY_LEAST;
}

struct evtxscan_scan *evtxscan_scan_new(const struct evtxscan_rules *rules,
					const struct evtxscan_options *options)
{
	struct evtxscan_options taken;
	struct evtxscan_scan *scan;

	if (!rules->usable || !take_options(options, &taken))
		return NULL;
	scan = mem_zalloc(sizeof(*scan));
	scan->rules = rules;
	scan->options = taken;
	input_init(&scan->input);
	scan->input.progress = &scan->progress;
	scan->input.keep_duplicates = taken.keep_duplicates;
	ledger_init(&scan->ledger, STR(EVTXSCAN_VERSION));
	return scan;
}

void evtxscan_scan_free(struct evtxscan_scan *scan)
{
	if (scan == NULL)
		return;
	scan_free(scan->inner);
	input_release(&scan->input);
	ledger_release(&scan->ledger);
	free(scan->account);
	free(scan);
}

enum evtxscan_result evtxscan_scan_add_password(struct evtxscan_scan *scan, const char *password)
{
	struct input_list *input = &scan->input;

	if (scan->inner != NULL || input->password_count == LIMIT_PASSWORDS ||
	    strlen(password) > PASSWORD_MOST)
		return EVTXSCAN_MISUSE;
	if (scan->passwords == NULL)
		scan->passwords =
			arena_array(&input->arena, LIMIT_PASSWORDS, sizeof(*scan->passwords));
	input->passwords = scan->passwords;
	scan->passwords[input->password_count++] = arena_str(&input->arena, str_from(password));
	return EVTXSCAN_OK;
}

void evtxscan_scan_stop(struct evtxscan_scan *scan)
{
	atomic_store(&scan->progress.stop, true);
}

// ---- running ------------------------------------------------------------

// "-" is standard input for the command line, and here a file like any other.
static void find_logs(struct input_list *input, const char *const *paths, size_t count)
{
	struct str *logs = mem_alloc(count * sizeof(*logs));

	for (size_t i = 0; i < count; i++)
		logs[i] = str_from(strcmp(paths[i], "-") == 0 ? "./-" : paths[i]);
	input_find(input, logs, count, -1);
	free(logs);
}

static struct scan *start(struct evtxscan_scan *scan)
{
	const struct evtxscan_options *options = &scan->options;
	const struct output_options json = {0};
	struct scan_options inner = {
		.rules = scan->rules->set,
		.allowlist = scan->rules->allowlist,
		.records = {.from = options->from, .to = options->to},
		.show_suppressed = options->show_suppressed,
		.use_index = !options->no_index,
		.needs = output_needs(OUTPUT_JSONL, &json) & ~(options->no_hash ? NEED_HASH : 0u),
		.native = true,
		.confirm = !options->no_confirm,
		.threads = options->threads,
		.memory = options->memory,
		.progress = &scan->progress,
	};

	return scan_new(&inner, &scan->ledger);
}

// False when the callback did not want more.
static bool hand_out(struct scan *scan, evtxscan_hit_fn *fn, void *data)
{
	const struct hit *hit;
	bool more = true;

	while (more && scan_next_hit(scan, &hit)) {
		struct evtxscan_hit out;

		lib_hit_init(&out, hit);
		more = fn == NULL || fn(&out, data) == 0;
		lib_hit_release(&out);
	}
	return more;
}

static void sum_up(struct evtxscan_scan *scan)
{
	const struct ledger *ledger = &scan->ledger;

	scan->totals = (struct evtxscan_totals){
		.complete = ledger->complete,
		.files = ledger->totals.files,
		.files_partial = ledger->totals.partial,
		.files_unreadable = ledger->totals.unreadable,
		.bytes = ledger->totals.bytes,
		.records = ledger->totals.records,
		.records_failed = ledger->totals.failed,
		.rules = ledger->rules + ledger->correlations + ledger->filters,
		.rules_refused = scan->rules->set->refused,
		.hits = ledger->hits,
		.suppressed = ledger->suppressed,
		.files_duplicate = ledger->totals.duplicates,
	};
}

enum evtxscan_result evtxscan_scan_run(struct evtxscan_scan *scan, const char *const *paths,
				       size_t count, evtxscan_hit_fn *fn, void *data)
{
	struct err err = {""};
	bool all;

	if (scan->inner != NULL)
		return EVTXSCAN_MISUSE;
	find_logs(&scan->input, paths, count);
	scan->inner = start(scan);
	load_note_refused(&scan->rules->allow_diags, &scan->ledger);
	scan_open(scan->inner, &scan->input);
	if (scan_run(scan->inner, &err) != RC_OK)
		ledger_note(&scan->ledger, &scan->ledger.warnings, STR("hits"), str_from(err.text));
	all = hand_out(scan->inner, fn, data);
	sum_up(scan);
	if (!all)
		return EVTXSCAN_STOPPED;
	return scan->totals.complete ? EVTXSCAN_OK : EVTXSCAN_PARTIAL;
}

// ---- account ------------------------------------------------------------

const struct evtxscan_totals *evtxscan_scan_totals(const struct evtxscan_scan *scan)
{
	return scan->inner != NULL ? &scan->totals : NULL;
}

static bool print_account(FILE *stream, const void *what)
{
	return ledger_write_json(what, stream, NULL) == RC_OK;
}

struct evtxscan_str evtxscan_scan_account(struct evtxscan_scan *scan)
{
	if (scan->inner != NULL && scan->account == NULL)
		scan->account = lib_print(print_account, &scan->ledger, &scan->account_len);
	return (struct evtxscan_str){scan->account, scan->account_len};
}
