// SPDX-License-Identifier: Apache-2.0
// One thread of a scan: the way of an event through match, allow and correlate.
#include <stdlib.h>
#include <string.h>

#include "allow/facts.h"
#include "base/limits.h"
#include "base/mem.h"
#include "scan/internal.h"

// More than this gains nothing: runs are written and merged in order.
#define STORE_MOST (UINT64_C(8) << 20)

// Hits that a worker holds before it spills: its share of half the budget; the
// other half is for a correlation's group, and for what is needed while printing.
// Inputs of correlations have another as much.
static size_t store_budget(const struct scan *scan)
{
	uint64_t share = scan->options.memory / 4 / scan->options.threads;

	return (size_t)(share < STORE_MOST ? share : STORE_MOST);
}

void worker_init(struct worker *worker, struct scan *scan)
{
	size_t rules = scan->options.rules->count + 1;

	memset(worker, 0, sizeof(*worker));
	worker->scan = scan;
	worker->input = input_reader_new(scan->input);
	worker->integrity = scan->options.integrity ? integrity_new() : NULL;
	worker->file = SIZE_MAX;
	losses_init(&worker->losses, LIMIT_FILE_LOSSES);
	losses_init(&worker->notes, LIMIT_LOSSES);
	worker->reader = evtx_reader_new();
	worker->state = match_state_new(scan->matcher, scan->options.use_index);
	worker->spill = spill_new();
	worker->correlator = correlator_new(scan->correlations, store_budget(scan), worker->spill);
	worker->store = store_new(store_budget(scan), worker->spill);
	if (scan->options.coverage)
		worker->coverage = coverage_new(scan->options.rules, scan->matcher);
	if ((scan->options.needs & NEED_XML) != 0)
		worker->layouts = layouts_new(LAYOUT_XML);
	worker->rule_hits = mem_zalloc(rules * sizeof(*worker->rule_hits));
	worker->rule_suppressed = mem_zalloc(rules * sizeof(*worker->rule_suppressed));
	worker->filter_hits = mem_zalloc(rules * sizeof(*worker->filter_hits));
	worker->files = mem_zalloc((scan->input->count + 1) * sizeof(*worker->files));
	if (scan->options.allowlist != NULL)
		allow_audit_init(&worker->audit, scan->options.allowlist);
	if (scan->salvage != NULL)
		worker->salvage = salvage_new();
	if (scan->options.confirm && scan->options.native)
		worker->confirmer = confirmer_new(scan);
}

void worker_release(struct worker *worker)
{
	input_reader_free(worker->input);
	integrity_free(worker->integrity);
	evtx_reader_free(worker->reader);
	match_state_free(worker->state);
	correlator_free(worker->correlator);
	confirmer_free(worker->confirmer);
	runs_free(worker->store);
	spill_free(worker->spill);
	layouts_free(worker->layouts);
	coverage_free(worker->coverage);
	allow_audit_release(&worker->audit);
	salvage_free(worker->salvage);
	free(worker->rule_hits);
	free(worker->rule_suppressed);
	free(worker->filter_hits);
	free(worker->files);
	losses_release(&worker->losses);
	losses_release(&worker->notes);
	refreader_close(worker->fallback);
	buf_release(&worker->blob);
	buf_release(&worker->chunks);
	arena_release(&worker->arena);
	arena_release(&worker->record);
}

void worker_lose(struct worker *worker, size_t file, uint64_t sequence, const char *reason)
{
	worker->files[file].failed++;
	losses_add(&worker->losses, sequence, str_from(reason));
}

void worker_note(struct worker *worker, uint64_t sequence, struct str text)
{
	losses_add(&worker->notes, sequence, text);
}

// ---- suppression --------------------------------------------------------

static const struct allow_entry *find_entry(struct worker *worker, const struct match *match,
					    const struct event *event)
{
	const struct allowlist *list = worker->scan->options.allowlist;
	unsigned mask = worker->scan->class_masks[match->rule->index];
	struct allow_facts facts;

	if (list == NULL || mask == 0)
		return NULL;
	allow_facts_of(worker->state, match->view, event, &facts);
	return allow_check(list, mask, &facts, &worker->audit);
}

// Who silences the hit; empty when nobody does. Filters come first: they are
// part of the rule.
static struct str suppressor(struct worker *worker, const struct match *match,
			     const struct event *event)
{
	const struct allow_entry *entry;

	if (match->filtered != NULL) {
		worker->filter_hits[match->filtered->index]++;
		return arena_printf(&worker->record, "filter: %.*s",
				    STR_ARG(match->filtered->title));
	}
	entry = find_entry(worker, match, event);
	if (entry == NULL)
		return (struct str){NULL, 0};
	if (entry->engagement.len > 0)
		return arena_printf(&worker->record, "%s: %.*s (%.*s)",
				    allow_class_name(entry->class), STR_ARG(entry->name),
				    STR_ARG(entry->engagement));
	return arena_printf(&worker->record, "%s: %.*s", allow_class_name(entry->class),
			    STR_ARG(entry->name));
}

// ---- events -------------------------------------------------------------

static void feed(struct worker *worker, const struct match *match, const struct corr_record *record)
{
	if (worker->rc == RC_OK)
		worker->rc = correlator_feed(worker->correlator, match, worker->state, record,
					     &worker->err);
	if (worker->rc != RC_OK)
		worker->scan->stop = true;
}

static void take_match(struct worker *worker, const struct match *match, const struct event *event,
		       const struct corr_record *record)
{
	struct str by = suppressor(worker, match, event);

	if (worker->coverage != NULL)
		coverage_fired(worker->coverage, match->rule, by.len == 0);
	if (by.len == 0 && correlator_wants(worker->correlator, match->rule))
		feed(worker, match, record);
	if (!match->rule->hidden)
		hits_add_match(worker, match, event, record, by);
}

// The choice of records takes it. A record whose time cannot be read is before any
// --from, and counted: it may be what somebody looks for.
static bool is_chosen(struct worker *worker, const struct event *event)
{
	struct record_choice choice = worker->scan->options.records;

	if (record_choice_takes(&choice, event))
		return true;
	choice.from = 0;
	worker->timeless += event->time == 0 && record_choice_takes(&choice, event);
	return false;
}

bool worker_wants(struct worker *worker, const struct evtx_record *record, const struct plan *plan)
{
	if (worker->coverage == NULL &&
	    (match_plan_is_empty(plan) ||
	     (record->is_plain && match_plan_is_idle(worker->state, plan))))
		return false;
	arena_reset(&worker->record);
	return worker->scan->takes_all ||
	       record_choice_takes_kind(&worker->scan->options.records, &record->channel,
					&record->provider, record->event_id, &worker->record);
}

void worker_take_event(struct worker *worker, const struct event *event, const struct plan *plan,
		       uint64_t sequence)
{
	struct corr_record record = {
		.sequence = sequence,
		.time = event->time,
		.record_id = event->record_id,
		.header_id = event->header_id,
		.chunk = event->chunk,
		.offset = event->offset,
		.event_id = event->event_id,
		.file = (uint32_t)SEQUENCE_FILE(sequence),
		.computer = event->computer,
		.channel = event->channel,
		.provider = event->provider,
	};
	const struct match *matches;
	size_t count;

	if (!worker->scan->takes_all && !is_chosen(worker, event))
		return;
	if (worker->coverage != NULL)
		coverage_see(worker->coverage, event);
	count = match_event(worker->state, event, plan, &matches);
	for (size_t i = 0; i < count; i++)
		take_match(worker, &matches[i], event, &record);
}

// What was unpacked comes first, so that the thread that unpacks can go on.
static bool take_piece(struct worker *worker, bool wait)
{
	struct pieces *pieces = worker->scan->pieces;
	struct piece piece;

	if (pieces == NULL || !pieces_take(pieces, wait, &piece))
		return false;
	files_read_piece(worker, &piece);
	pieces_give_back(pieces, piece.bytes);
	return true;
}

static bool take_ticket(struct worker *worker)
{
	struct scan *scan = worker->scan;
	size_t next = atomic_fetch_add(&scan->next_ticket, 1);

	if (next >= scan->ticket_count)
		return false;
	files_read(worker, &scan->tickets[next]);
	return true;
}

void *worker_run(void *arg)
{
	struct worker *worker = arg;
	struct scan *scan = worker->scan;

	while (!scan_stopped(scan)) {
		if (!take_piece(worker, false) && !take_ticket(worker) && !take_piece(worker, true))
			break;
	}
	// Nobody waits for what nobody will unpack.
	if (scan_stopped(scan) && scan->pieces != NULL)
		pieces_stop(scan->pieces);
	input_reader_close(worker->input);
	return NULL;
}
