// SPDX-License-Identifier: Apache-2.0
// The way of an event through the layers.
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "refreader/refreader.h"
#include "scan/internal.h"

// Chunk geometry of an EVTX file (evtx-format.md 1.1).
#define FILE_HEADER_SIZE 4096u
#define CHUNK_SIZE 65536u



static unsigned class_mask(const struct rule *rule)
{
	unsigned mask = 0;

	for (size_t i = 0; i < rule->allowlist_count; i++) {
		enum allow_class class;

		if (allow_class_from_name(rule->allowlist[i], &class))
			mask |= ALLOW_MASK(class);
	}
	return mask;
}

struct scan *scan_new(const struct scan_options *options, struct ledger *ledger)
{
	struct scan *scan = mem_zalloc(sizeof(*scan));
	size_t rules = options->rules->count + 1;

	scan->options = *options;
	scan->ledger = ledger;
	scan->matcher = matcher_new(options->rules);
	scan->state = match_state_new(scan->matcher, options->use_index);
	scan->correlator = correlator_new(options->rules);
	scan->class_masks = mem_zalloc(rules * sizeof(*scan->class_masks));
	scan->rule_hits = mem_zalloc(rules * sizeof(*scan->rule_hits));
	scan->rule_suppressed = mem_zalloc(rules * sizeof(*scan->rule_suppressed));
	scan->filter_hits = mem_zalloc(rules * sizeof(*scan->filter_hits));
	for (size_t i = 0; i < options->rules->count; i++)
		scan->class_masks[i] = class_mask(options->rules->rules[i]);
	if (options->allowlist != NULL)
		allow_audit_init(&scan->audit, options->allowlist);
	account_start(scan);
	return scan;
}

void scan_free(struct scan *scan)
{
	if (scan == NULL)
		return;
	match_state_free(scan->state);
	matcher_free(scan->matcher);
	correlator_free(scan->correlator);
	allow_audit_release(&scan->audit);
	free(scan->class_masks);
	free(scan->rule_hits);
	free(scan->rule_suppressed);
	free(scan->filter_hits);
	free(scan->files);
	free(scan->hits);
	free(scan->printed);
	arena_release(&scan->arena);
	arena_release(&scan->record);
	free(scan);
}

// ---- suppression --------------------------------------------------------

static struct allow_values fact(struct scan *scan, const struct match *match, const char *name)
{
	struct instances found = match_field(scan->state, match->view, str_from(name));
	struct str *values = arena_array(&scan->record, found.count, sizeof(*values));

	for (size_t i = 0; i < found.count; i++)
		values[i] = match_text(scan->state, &found.items[i]);
	return (struct allow_values){values, found.count};
}

static const struct allow_entry *find_entry(struct scan *scan, const struct match *match,
					    const struct event *event)
{
	struct allow_facts facts;

	if (scan->options.allowlist == NULL || scan->class_masks[match->rule->index] == 0)
		return NULL;
	facts.address = fact(scan, match, "ClientAddress");
	facts.zone = fact(scan, match, "ZoneName");
	facts.computer = fact(scan, match, "Computer");
	facts.account_sid = fact(scan, match, "ActorSid");
	facts.account_name = fact(scan, match, "ActorName");
	facts.parent = fact(scan, match, "ParentImage");
	facts.has_time = event->time != 0;
	facts.time = event->time;
	return allow_check(scan->options.allowlist, scan->class_masks[match->rule->index], &facts,
			   &scan->audit);
}

// Who silences the hit; empty when nobody does. Filters come first: they are
// part of the rule.
static struct str suppressor(struct scan *scan, const struct match *match,
			     const struct event *event)
{
	const struct allow_entry *entry;

	if (match->filtered != NULL) {
		scan->filter_hits[match->filtered->index]++;
		return arena_printf(&scan->arena, "filter: %.*s",
				    STR_ARG(match->filtered->title));
	}
	entry = find_entry(scan, match, event);
	if (entry == NULL)
		return (struct str){NULL, 0};
	if (entry->engagement.len > 0)
		return arena_printf(&scan->arena, "%s: %.*s (%.*s)",
				    allow_class_name(entry->class), STR_ARG(entry->name),
				    STR_ARG(entry->engagement));
	return arena_printf(&scan->arena, "%s: %.*s", allow_class_name(entry->class),
			    STR_ARG(entry->name));
}

// ---- events -------------------------------------------------------------

static void take_match(struct scan *scan, const struct match *match, const struct event *event,
		       const struct corr_record *record)
{
	struct str by = suppressor(scan, match, event);

	if (by.len == 0 && correlator_wants(scan->correlator, match->rule))
		correlator_feed(scan->correlator, match, scan->state, record);
	if (match->rule->hidden)
		return;
	hits_add_match(scan, match, event, record, by);
}

static bool in_range(const struct scan *scan, const struct event *event)
{
	return event->time >= scan->options.from &&
	       (scan->options.to == 0 || event->time <= scan->options.to);
}

static void take_event(struct scan *scan, const struct event *event, uint64_t position)
{
	size_t file = scan->file_count - 1;
	struct corr_record record = {
		.sequence = (uint64_t)file << SEQUENCE_RECORD_BITS | position,
		.time = event->time,
		.record_id = event->record_id,
		.header_id = event->header_id,
		.chunk = event->chunk,
		.offset = event->offset,
		.event_id = event->event_id,
		.file = (uint32_t)file,
		.computer = event->computer,
		.channel = event->channel,
		.provider = event->provider,
	};
	const struct match *matches;
	size_t count;

	if (!in_range(scan, event))
		return;
	count = match_event(scan->state, event, &matches);
	for (size_t i = 0; i < count; i++)
		take_match(scan, &matches[i], event, &record);
}

static void read_records(struct scan *scan, struct refreader *reader, struct ledger_file *account)
{
	for (uint64_t position = 0;; position++) {
		struct event event;
		struct err err = {""};
		enum rc rc;

		arena_reset(&scan->record);
		rc = refreader_next(reader, &scan->record, &event, &err);
		if (rc == RC_END)
			return;
		if (rc != RC_OK) {
			ledger_lose(scan->ledger, account, 1, str_from(err.text));
			account->state = LEDGER_PARTIAL;
			continue;
		}
		account->records++;
		take_event(scan, &event, position);
	}
}

// libevtx ignores a last chunk that is cut short, without a word.
static void check_geometry(struct scan *scan, const struct refreader_info *info,
			   struct ledger_file *account)
{
	uint64_t tail = account->size > FILE_HEADER_SIZE
				? (account->size - FILE_HEADER_SIZE) % CHUNK_SIZE
				: 0;

	if (tail != 0) {
		account->state = LEDGER_PARTIAL;
		account->chunks_failed++;
		account->status = arena_printf(
			&scan->ledger->arena,
			"cut short: the last chunk, at offset %llu, has %llu of 65536 bytes; "
			"its records are lost",
			(unsigned long long)(account->size - tail), (unsigned long long)tail);
	} else if (info->corrupted) {
		account->state = LEDGER_PARTIAL;
		account->status = STR("damaged: a checksum or count does not fit; "
				      "records may be missing");
	} else if (info->dirty) {
		account->status = STR("copied while in use (dirty flag set)");
	}
}

static void remember_file(struct scan *scan, const struct input_file *file)
{
	struct scan_file_info *info;

	mem_grow(&scan->files, &scan->file_cap, scan->file_count + 1, sizeof(*scan->files));
	info = &scan->files[scan->file_count++];
	memset(info, 0, sizeof(*info));
	info->path = arena_str(&scan->arena, file->path);
	info->open_path = file->open_path;
}

void scan_file(struct scan *scan, const struct input_file *file)
{
	struct ledger_file *account = ledger_add_file(scan->ledger);
	struct refreader *reader = NULL;
	struct refreader_info info;
	struct err err = {""};

	remember_file(scan, file);
	account->path = ledger_text(scan->ledger, file->path);
	account->size = file->size;
	if (file->error.len > 0) {
		account->state = LEDGER_UNREADABLE;
		account->status = ledger_text(scan->ledger, file->error);
		return;
	}
	if (refreader_open(file->open_path, &reader, &err) != RC_OK) {
		account->state = LEDGER_UNREADABLE;
		account->status = ledger_text(scan->ledger, str_from(err.text));
		return;
	}
	refreader_get_info(reader, &info);
	check_geometry(scan, &info, account);
	read_records(scan, reader, account);
	refreader_close(reader);
}

void scan_finish(struct scan *scan)
{
	const struct corr_alert *alerts;
	size_t count = correlator_run(scan->correlator, &alerts);

	for (size_t i = 0; i < count; i++)
		hits_add_alert(scan, &alerts[i]);
	hits_sort(scan);
	account_finish(scan);
}

const struct hit *scan_hits(const struct scan *scan, size_t *count)
{
	*count = scan->hit_count;
	return scan->printed;
}

enum rule_level scan_highest_level(const struct scan *scan)
{
	return scan->highest;
}
