// SPDX-License-Identifier: Apache-2.0
// Threads, and putting together what they found.
#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "allow/facts.h"
#include "base/limits.h"
#include "base/mem.h"
#include "scan/internal.h"

static uint64_t correlation_memory(const struct scan_options *options)
{
	if (options->correlation_memory != 0)
		return options->correlation_memory;
	return options->memory / 2 > LIMIT_CORRELATION_MEMORY ? options->memory / 2
							      : LIMIT_CORRELATION_MEMORY;
}

struct scan *scan_new(const struct scan_options *options, struct ledger *ledger)
{
	struct scan *scan = mem_zalloc(sizeof(*scan));
	size_t rules = options->rules->count;

	scan->options = *options;
	if (scan->options.threads == 0)
		scan->options.threads = 1;
	scan->ledger = ledger;
	scan->takes_all = record_choice_is_all(&options->records);
	scan->matcher = matcher_new(options->rules);
	scan->correlations = correlations_new(options->rules, correlation_memory(options));
	scan->class_masks = mem_zalloc((rules + 1) * sizeof(*scan->class_masks));
	for (size_t i = 0; i < rules; i++)
		scan->class_masks[i] = allow_rule_classes(options->rules->rules[i]);
	account_start(scan);
	return scan;
}

void scan_free(struct scan *scan)
{
	if (scan == NULL)
		return;
	runs_reader_free(scan->hits);
	for (unsigned i = 0; scan->workers != NULL && i < scan->options.threads; i++)
		worker_release(&scan->workers[i]);
	if (scan->main.scan != NULL)
		worker_release(&scan->main);
	correlations_free(scan->correlations);
	matcher_free(scan->matcher);
	pieces_free(scan->pieces);
	salvage_plan_free(scan->salvage);
	free(scan->workers);
	free(scan->class_masks);
	free(scan->tickets);
	free(scan->hashes);
	free(scan->hashed);
	free(scan->facts);
	free(scan->archives);
	arena_release(&scan->hit_arena);
	free(scan);
}

// ---- threads ------------------------------------------------------------

void scan_run_threads(struct scan *scan, void *(*work)(void *worker))
{
	unsigned count = scan->options.threads;
	pthread_t *threads = mem_zalloc(count * sizeof(*threads));
	unsigned started = 0;

	for (; started + 1 < count; started++) {
		if (pthread_create(&threads[started], NULL, work, &scan->workers[started + 1]) != 0)
			break; // fewer threads, the same result
	}
	work(&scan->workers[0]);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

// ---- putting together ---------------------------------------------------

static void add_counts(uint64_t *to, const uint64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] += from[i];
}

static void add_file(struct file_count *to, const struct file_count *from)
{
	to->slots += from->slots;
	to->searched += from->searched;
	to->records += from->records;
	to->failed += from->failed;
	to->chunks += from->chunks;
	to->chunks_failed += from->chunks_failed;
	to->fallback += from->fallback;
	to->left_out += from->left_out;
	to->recovered += from->recovered;
	to->suspect += from->suspect;
	to->odd_ids += from->odd_ids;
	to->behind += from->behind;
	to->dirty |= from->dirty;
	if (to->counted < from->counted)
		to->counted = from->counted;
	to->damaged |= from->damaged;
	to->unread_chunks += from->unread_chunks;
	if (to->error.len == 0)
		to->error = from->error;
	if (from->unread.len > 0 && (to->unread.len == 0 || from->unread_at < to->unread_at)) {
		to->unread = from->unread;
		to->unread_at = from->unread_at;
	}
}

static void add_worker(struct worker *to, struct worker *from)
{
	size_t rules = to->scan->options.rules->count;

	add_counts(to->rule_hits, from->rule_hits, rules);
	add_counts(to->rule_suppressed, from->rule_suppressed, rules);
	add_counts(to->filter_hits, from->filter_hits, rules);
	add_counts(to->confirmed, from->confirmed, 5);
	match_add_regex_limits(to->state, from->state);
	to->timeless += from->timeless;
	if (from->highest > to->highest)
		to->highest = from->highest;
	if (to->scan->options.allowlist != NULL)
		allow_audit_add(&to->audit, &from->audit);
	for (size_t i = 0; i < to->scan->input->count; i++)
		add_file(&to->files[i], &from->files[i]);
	losses_merge(&to->losses, &from->losses);
	losses_merge(&to->notes, &from->notes);
	if (to->coverage != NULL)
		coverage_absorb(to->coverage, from->coverage);
	if (to->rc == RC_OK && from->rc != RC_OK) {
		to->rc = from->rc;
		to->err = from->err;
	}
}

static void run_correlations(struct scan *scan)
{
	unsigned count = scan->options.threads;
	struct correlator **fed = mem_alloc((count + 1) * sizeof(struct correlator *));
	struct worker *worker = &scan->main;
	struct err err;
	enum rc rc;

	for (unsigned i = 0; i < count; i++)
		fed[i] = scan->workers[i].correlator;
	fed[count] = worker->correlator;
	rc = correlations_run(scan->correlations, fed, count + 1, alerts_take, worker, &err);
	free(fed);
	if (rc == RC_OK || worker->rc != RC_OK)
		return;
	worker->rc = rc;
	worker->err = err;
}

static void open_hits(struct scan *scan)
{
	unsigned count = scan->options.threads;
	struct runs **stores = mem_alloc((count + 1) * sizeof(struct runs *));

	for (unsigned i = 0; i < count; i++)
		stores[i] = scan->workers[i].store;
	stores[count] = scan->main.store;
	scan->hits = runs_read(stores, count + 1);
	free(stores);
}

void scan_open(struct scan *scan, const struct input_list *input)
{
	unsigned count = scan->options.threads;

	scan->input = input;
	scan->hashes = mem_zalloc((input->count + 1) * sizeof(*scan->hashes));
	scan->hashed = mem_zalloc((input->count + 1) * sizeof(*scan->hashed));
	if (scan->options.integrity) {
		scan->facts = mem_zalloc((input->count + 1) * sizeof(*scan->facts));
		scan->archives = mem_zalloc((input->count + 1) * sizeof(*scan->archives));
	}
	tickets_plan(scan);
	scan->salvage = salvage_plan_new(scan);
	scan->workers = mem_zalloc(count * sizeof(*scan->workers));
	for (unsigned i = 0; i < count; i++)
		worker_init(&scan->workers[i], scan);
	worker_init(&scan->main, scan);
}

enum rc scan_run(struct scan *scan, struct err *err)
{
	unsigned count = scan->options.threads;

	scan_run_threads(scan, worker_run);
	salvage_run(scan);
	for (unsigned i = 0; i < count; i++)
		add_worker(&scan->main, &scan->workers[i]);
	run_correlations(scan);
	open_hits(scan);
	account_finish(scan);
	if (scan->main.rc != RC_OK)
		err_set(err, "%s", scan->main.err.text);
	return scan->main.rc;
}

// ---- hits ---------------------------------------------------------------

static void lose_hash(struct scan *scan, size_t file, const char *why)
{
	struct ledger *ledger = scan->ledger;

	ledger_note(ledger, &ledger->warnings, scan->input->files[file].path,
		    arena_printf(&ledger->arena, "cannot hash the file: %s", why));
	ledger->complete = false;
}

// Only files with a hit are hashed, and only where the hash is shown; those in
// archives were on the way.
static struct str file_hash(struct scan *scan, size_t file)
{
	char text[SHA256_TEXT_SIZE];
	struct err err = {""};

	if ((scan->options.needs & NEED_HASH) == 0)
		return (struct str){NULL, 0};
	if (!scan->hashed[file]) {
		scan->hashed[file] = true;
		if (input_hash(scan->main.input, file, text, &err) == RC_OK)
			scan->hashes[file] = ledger_text(scan->ledger, str_from(text));
		else
			lose_hash(scan, file, err.text);
	}
	if (scan->ledger->files[file].sha256.len == 0)
		scan->ledger->files[file].sha256 = ledger_text(scan->ledger, scan->hashes[file]);
	return scan->hashes[file];
}

bool scan_next_hit(struct scan *scan, const struct hit **hit)
{
	struct store_key key;
	struct str texts;
	struct str body;
	struct err err = {""};
	enum rc rc = store_next(scan->hits, &key, &texts, &body, &err);

	if (rc == RC_FATAL) {
		ledger_note(scan->ledger, &scan->ledger->warnings, STR("hits"), str_from(err.text));
		scan->ledger->complete = false;
	}
	if (rc != RC_OK)
		return false;
	hits_decode(scan, &key, texts, body);
	scan->hit.file_sha256 = file_hash(scan, scan->hit.file);
	*hit = &scan->hit;
	return true;
}

enum rule_level scan_highest_level(const struct scan *scan)
{
	return scan->main.highest;
}
