// SPDX-License-Identifier: Apache-2.0
// Holes in the record ids of a log, and steps back of its time.
//
// A log is a channel of a computer in one file. Its ids (EventRecordID) count
// up by one from record to record; the order in the file is another one where a
// ring has wrapped (evtx-format.md 1.7). So ids are kept as runs, and looked at
// when the file is done and its runs are sorted. What was found in 727 logs of
// 616 public files decides what is noise:
//
// - Logs that were copied as a whole have no hole, or one in 100 records and
//   more. Extracts by a filter have up to one a record. A log with more than one
//   hole in 50 records gets one row for all of them.
// - A computer that was renamed, or writes its name in two cases, continues the
//   ids of its old name: what another computer of the channel has is no hole,
//   unless ids of several computers overlap, as in logs of a collector.
// - Logs begin anywhere: old records are overwritten, clearing does not start
//   again from 1, extracts begin where they begin.
// - Of 205 steps back from one record to the next (of 42,476 pairs), 147 are at
//   most a second and 3 up to 1.3 seconds: threads and processors have buffers,
//   which come in as they are written out. The other 55 are of 7 seconds to four
//   years: clocks that were set. STEP_TOLERANCE lies in between.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/tm.h"
#include "metrics/internal.h"

#define STEP_TOLERANCE (2 * TM_TICKS_PER_SECOND)
#define RECORDS_PER_HOLE 50

// Sums of ids that a log may choose.
static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void add_gap(struct order *order, const struct gap *gap)
{
	order->gap_totals[gap->kind]++;
	order->missing[gap->kind] = add(order->missing[gap->kind], gap->missing);
	if (order->gap_count == LIMIT_METRICS_ROWS)
		return;
	mem_grow(&order->gaps, &order->gap_cap, order->gap_count + 1, sizeof(*gap));
	order->gaps[order->gap_count++] = *gap;
}

// Is there a step between the last record of `run` and a later one?
static void check_step(struct metrics *metrics, const struct run *run, uint64_t id, uint64_t time)
{
	struct order *order = &metrics->order;

	if (time == 0 || run->last_time <= time || run->last_time - time <= STEP_TOLERANCE)
		return;
	order->step_total++;
	if (order->step_count == LIMIT_METRICS_ROWS)
		return;
	mem_grow(&order->steps, &order->step_cap, order->step_count + 1, sizeof(*order->steps));
	order->steps[order->step_count++] = (struct step){
		.place = order->logs[run->log].place,
		.path = metrics->path,
		.from = run->last,
		.to = id,
		.from_time = run->last_time,
		.to_time = time,
	};
}

// ---- records ------------------------------------------------------------

void order_begin_log(struct metrics *metrics, struct place *place)
{
	struct order *order = &metrics->order;

	place->log = (uint32_t)order->log_count;
	mem_grow(&order->logs, &order->log_cap, order->log_count + 1, sizeof(*order->logs));
	order->logs[order->log_count++] = (struct log){.place = place, .run = SIZE_MAX};
}

static void begin_run(struct order *order, const struct place *place, const struct event *event)
{
	if (order->run_count == LIMIT_METRICS_RUNS) {
		order->scattered = true;
		return;
	}
	order->logs[place->log].run = order->run_count;
	mem_grow(&order->runs, &order->run_cap, order->run_count + 1, sizeof(*order->runs));
	order->runs[order->run_count++] = (struct run){
		.channel = place->key.channel,
		.log = place->log,
		.first = event->record_id,
		.last = event->record_id,
		.first_time = event->time,
		.last_time = event->time,
	};
}

// Logs behind the bounds are mixed up, and records without an id are nowhere.
static bool is_in_order(const struct place *place, const struct event *event)
{
	return event->record_id != 0 && place->key.channel != NAME_OTHERS &&
	       place->key.computer != NAME_OTHERS;
}

void order_event(struct metrics *metrics, const struct place *place, const struct event *event)
{
	struct order *order = &metrics->order;
	struct log *log = &order->logs[place->log];
	struct run *run;

	if (order->scattered || !is_in_order(place, event))
		return;
	log->records++;
	run = log->run != SIZE_MAX ? &order->runs[log->run] : NULL;
	if (run == NULL || run->last != event->record_id - 1) {
		begin_run(order, place, event);
		return;
	}
	check_step(metrics, run, event->record_id, event->time);
	run->last = event->record_id;
	run->last_time = event->time;
}

// ---- the end of a file --------------------------------------------------

// By channel and id; equal ones in any fixed order.
static int compare_runs(const void *left, const void *right)
{
	const struct run *a = left;
	const struct run *b = right;
	int order = compare_numbers(a->channel, b->channel);

	if (order == 0)
		order = compare_numbers(a->first, b->first);
	if (order == 0)
		order = compare_numbers(a->last, b->last);
	if (order == 0)
		order = compare_numbers(a->log, b->log);
	if (order == 0)
		order = compare_numbers(a->first_time, b->first_time);
	return order != 0 ? order : compare_numbers(a->last_time, b->last_time);
}

// The runs of one channel, sorted.
struct channel_runs {
	struct run *items;
	size_t count;
	bool overlap; // an id occurs twice
};

static void sum_below(struct channel_runs *runs)
{
	uint64_t below = 0;
	uint64_t highest = 0;

	for (size_t i = 0; i < runs->count; i++) {
		struct run *run = &runs->items[i];

		runs->overlap |= run->first <= highest;
		highest = run->last > highest ? run->last : highest;
		run->below = below;
		below = add(below, run->last - run->first + 1);
	}
}

// Ids between two runs of a log that no computer of the channel has.
static uint64_t count_missing(const struct channel_runs *runs, const struct run *after,
			      const struct run *before)
{
	uint64_t between = before->first - after->last - 1;

	if (!runs->overlap)
		between -= before->below - (after + 1)->below;
	return between;
}

typedef void visit_fn(struct metrics *metrics, const struct run *after, const struct run *before,
		      uint64_t missing);

// Each run of a log with the one before it, lower ids first.
static void visit_runs(struct metrics *metrics, const struct channel_runs *runs, visit_fn *visit)
{
	for (size_t i = 0; i < runs->count; i++) {
		struct run *run = &runs->items[i];
		struct log *log = &metrics->order.logs[run->log];

		if (log->highest == NULL)
			log->lowest = run;
		else if (run->first > log->highest->last)
			visit(metrics, log->highest, run, count_missing(runs, log->highest, run));
		if (log->highest == NULL || run->last > log->highest->last)
			log->highest = run;
	}
}

static void measure(struct metrics *metrics, const struct run *after, const struct run *before,
		    uint64_t missing)
{
	struct log *log = &metrics->order.logs[before->log];

	if (missing > 0) {
		log->missing += missing;
		if (log->holes++ == 0)
			log->after = after;
		log->before = before;
	}
	check_step(metrics, after, before->first, before->first_time);
}

static bool is_sparse(const struct log *log)
{
	return log->holes > log->records / RECORDS_PER_HOLE;
}

// A row for `holes` between two runs of a log.
static void add_holes(struct metrics *metrics, enum gap_kind kind, const struct run *after,
		      const struct run *before, uint64_t holes, uint64_t missing)
{
	const struct log *log = &metrics->order.logs[before->log];
	struct gap gap = {
		.kind = kind,
		.place = log->place,
		.path = metrics->path,
		.after = after->last,
		.before = before->first,
		.after_time = after->last_time,
		.before_time = before->first_time,
		.records = log->records,
		.holes = holes,
		.missing = missing,
	};

	add_gap(&metrics->order, &gap);
}

static void add_hole(struct metrics *metrics, const struct run *after, const struct run *before,
		     uint64_t missing)
{
	if (missing > 0 && !is_sparse(&metrics->order.logs[before->log]))
		add_holes(metrics, metrics->order.hole, after, before, 1, missing);
}

// What there is to say of a log as a whole. A computer that takes over from
// another one begins where that ends.
static void add_log(struct metrics *metrics, const struct channel_runs *runs, const struct log *log)
{
	struct gap start = {
		.kind = GAP_START,
		.place = log->place,
		.path = metrics->path,
		.before = log->lowest->first,
		.before_time = log->lowest->first_time,
		.records = log->records,
		.missing = log->lowest->first - 1,
	};

	if (is_sparse(log))
		add_holes(metrics, GAP_SPARSE, log->after, log->before, log->holes, log->missing);
	if (start.missing > 0 && (runs->overlap || log->lowest == runs->items))
		add_gap(&metrics->order, &start);
}

static void end_channel(struct metrics *metrics, struct channel_runs *runs)
{
	struct order *order = &metrics->order;

	sum_below(runs);
	visit_runs(metrics, runs, measure);
	for (size_t i = 0; i < runs->count; i++) {
		struct log *log = &order->logs[runs->items[i].log];

		if (log->lowest == &runs->items[i])
			add_log(metrics, runs, log);
	}
	for (size_t i = 0; i < runs->count; i++)
		order->logs[runs->items[i].log].highest = NULL;
	visit_runs(metrics, runs, add_hole);
}

static void end_channels(struct metrics *metrics)
{
	struct order *order = &metrics->order;
	size_t from = 0;

	if (order->run_count > 1)
		qsort(order->runs, order->run_count, sizeof(*order->runs), compare_runs);
	while (from < order->run_count) {
		struct channel_runs runs = {.items = &order->runs[from]};

		while (from + runs.count < order->run_count &&
		       runs.items[runs.count].channel == runs.items->channel)
			runs.count++;
		from += runs.count;
		end_channel(metrics, &runs);
	}
}

void order_end_file(struct metrics *metrics, bool damaged)
{
	struct order *order = &metrics->order;
	struct gap scattered = {.kind = GAP_SCATTERED, .path = metrics->path};

	order->hole = damaged ? GAP_DAMAGE : GAP_HOLE;
	if (order->scattered)
		add_gap(order, &scattered);
	else
		end_channels(metrics);
	order->run_count = 0;
	order->log_count = 0;
	order->scattered = false;
}

void order_release(struct order *order)
{
	free(order->runs);
	free(order->logs);
	free(order->gaps);
	free(order->steps);
}
