// SPDX-License-Identifier: Apache-2.0
// Filling the ledger.
#include <stdlib.h>
#include <string.h>

#include "scan/internal.h"

static struct str rule_name(struct scan *scan, const struct rule *rule)
{
	if (rule->id.len == 0)
		return rule->title;
	return arena_printf(&scan->ledger->arena, "%.*s (%.*s)", STR_ARG(rule->title),
			    STR_ARG(rule->id));
}

static void count_rules(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];

		if (rule->kind == RULE_FILTER)
			ledger->filters++;
		else if (rule->unused)
			ledger->unused++;
		else if (rule->kind == RULE_CORRELATION)
			ledger->correlations += !rule->broken;
		else if (rule->view_count > 0)
			ledger->rules++;
		else
			ledger_note(ledger, &ledger->unplaced, rule_name(scan, rule),
				    set->unplaced[i]);
	}
}

static void note_refusals(struct scan *scan)
{
	const struct diag_list *diags = &scan->options.rules->diags;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->items[i];

		if (diag->severity == DIAG_ERROR)
			ledger_note(ledger, &ledger->refused,
				    arena_printf(&ledger->arena, "%.*s:%u:%u", STR_ARG(diag->path),
						 diag->line, diag->col),
				    arena_printf(&ledger->arena, "%.*s [%s]",
						 STR_ARG(diag->message), diag->code));
	}
}

static void note_choice(struct scan *scan)
{
	struct buf text = {0};

	record_choice_put(&scan->options.records, NULL, &text);
	scan->ledger->choice = ledger_text(scan->ledger, buf_str(&text));
	buf_reset(&text);
	record_choice_put(&scan->options.records, scan->options.zone, &text);
	scan->ledger->shown_choice = ledger_text(scan->ledger, buf_str(&text));
	buf_release(&text);
}

void account_start(struct scan *scan)
{
	note_choice(scan);
	count_rules(scan);
	note_refusals(scan);
}

// The most serious level first.
static void count_levels(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	uint64_t counts[LEVEL_CRITICAL + 1] = {0};

	for (size_t i = 0; i < set->count; i++)
		counts[set->rules[i]->level] += scan->main.rule_hits[i];
	for (int level = LEVEL_CRITICAL; level >= LEVEL_UNSET; level--) {
		if (counts[level] > 0)
			ledger_count(scan->ledger, &scan->ledger->levels,
				     level == LEVEL_UNSET
					     ? STR("no level")
					     : str_from(rule_level_name((enum rule_level)level)),
				     counts[level]);
	}
}

static void count_hits(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	struct ledger *ledger = scan->ledger;

	for (size_t i = 0; i < set->count; i++) {
		const struct rule *rule = set->rules[i];
		struct ledger_rule_hits *row;

		if (scan->main.filter_hits[i] > 0)
			ledger_count(ledger, &ledger->filter_hits, rule->title,
				     scan->main.filter_hits[i]);
		if (scan->main.rule_hits[i] == 0 && scan->main.rule_suppressed[i] == 0)
			continue;
		row = ledger_add_rule_hits(ledger);
		*row = (struct ledger_rule_hits){
			rule->id, rule->title, str_from(rule_level_name(rule->level)),
			scan->main.rule_hits[i], scan->main.rule_suppressed[i]};
		ledger->hits += scan->main.rule_hits[i];
		ledger->suppressed += scan->main.rule_suppressed[i];
	}
	count_levels(scan);
}

static void copy_audit(struct scan *scan)
{
	const struct allowlist *list = scan->options.allowlist;

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		struct ledger_allow *row = ledger_add_allow(scan->ledger);

		row->name = list->entries[i].name;
		row->section = str_from(allow_class_name(list->entries[i].class));
		row->owner = list->entries[i].owner;
		row->silenced = scan->main.audit.silenced[i];
		row->after_expiry = scan->main.audit.after_expiry[i];
	}
}

static void copy_limits(struct scan *scan)
{
	const struct ruleset *set = scan->options.rules;
	const uint64_t *limits = match_regex_limits(scan->main.state);
	const struct corr_diagnostic *rows;
	size_t count = correlations_diagnostics(scan->correlations, &rows);

	for (size_t i = 0; i < set->count; i++) {
		if (limits[i] > 0)
			ledger_count(scan->ledger, &scan->ledger->regex_limits,
				     rule_name(scan, set->rules[i]), limits[i]);
	}
	for (size_t i = 0; i < count; i++) {
		if (rows[i].without_group > 0)
			ledger_count(scan->ledger, &scan->ledger->no_group,
				     rule_name(scan, rows[i].rule), rows[i].without_group);
		if (rows[i].too_many > 0)
			ledger_count(scan->ledger, &scan->ledger->too_many,
				     rule_name(scan, rows[i].rule), rows[i].too_many);
	}
}

// ---- files --------------------------------------------------------------

#define ODD_IDS "; %llu with an EventID that is no number"

// What damage did to the records, as far as there is something to say.
static struct str damage_text(struct scan *scan, const struct file_count *count)
{
	struct buf text = {0};
	struct str copy;

	buf_put_text(&text, "damaged: a checksum, count or size does not fit");
	if (count->behind > 0)
		buf_printf(&text, "; %llu read behind the damage",
			   (unsigned long long)count->behind);
	if (count->suspect > 0)
		buf_printf(&text, "; %llu torn, read as far as they go",
			   (unsigned long long)count->suspect);
	if (count->odd_ids > 0)
		buf_printf(&text, ODD_IDS, (unsigned long long)count->odd_ids);
	if (count->left_out > 0 && !scan->options.recover)
		buf_printf(&text, "; %llu stale or headerless ones left out",
			   (unsigned long long)count->left_out);
	copy = ledger_text(scan->ledger, buf_str(&text));
	buf_release(&text);
	return copy;
}

// What could not be read at all, and what of the rest is damaged.
static struct str unread_text(struct scan *scan, const struct file_count *count)
{
	struct arena *arena = &scan->ledger->arena;
	struct str text;

	if (count->unread_chunks == 0)
		text = arena_printf(arena, "cannot be read to its end: %.*s",
				    STR_ARG(count->unread));
	else
		text = arena_printf(
			arena, "%llu chunk%s cannot be read, the first at offset %llu: %.*s",
			(unsigned long long)count->unread_chunks,
			count->unread_chunks == 1 ? "" : "s",
			(unsigned long long)(EVTX_FILE_HEADER_SIZE + count->unread_at * CHUNK_SIZE),
			STR_ARG(count->unread));
	if (!count->damaged)
		return text;
	return arena_printf(arena, "%.*s; %.*s", STR_ARG(text), STR_ARG(damage_text(scan, count)));
}

// An image is any bytes: there is nothing that it ought to hold. But what is found ought to
// be what rules can ask for.
static void set_image_state(struct scan *scan, const struct input_file *file,
			    const struct file_count *count, struct ledger_file *row)
{
	row->status = STR("searched for records");
	if (file->packed.len > 0) {
		row->state = LEDGER_PARTIAL;
		row->status = file->packed;
	}
	if (file->is_headless) {
		row->state = LEDGER_PARTIAL;
		row->status =
			STR("no log: it does not start with \"ElfFile\"; searched for records");
	}
	if (count->odd_ids > 0) {
		row->state = LEDGER_PARTIAL;
		row->status =
			arena_printf(&scan->ledger->arena, "%.*s" ODD_IDS, STR_ARG(row->status),
				     (unsigned long long)count->odd_ids);
	}
	if (scan_stopped(scan)) {
		row->state = LEDGER_PARTIAL;
		row->status = STR("not searched to its end: the scan was interrupted");
	} else if (count->error.len > 0) {
		row->state = LEDGER_PARTIAL;
		row->status = ledger_text(scan->ledger, count->error);
	}
}

// Chunks that could not be read are told as such.
static bool is_cut(const struct scan *scan, size_t index, uint64_t size, struct err *err)
{
	const struct file_count *count = &scan->main.files[index];
	struct evtx_extent extent = {
		.size = size,
		.counted = count->chunks_failed == 0 ? count->counted : 0,
		.dirty = count->dirty,
		.used = count->chunks,
	};

	return evtx_is_cut(&extent, err);
}

// What an interrupted scan did not reach of a file.
static uint64_t unread(const struct scan *scan, size_t index, uint64_t size)
{
	const struct file_count *count = &scan->main.files[index];
	uint64_t read = count->searched;

	if (!scan_stopped(scan))
		return 0;
	if (!scan->input->files[index].is_image && count->slots > 0)
		read = EVTX_FILE_HEADER_SIZE + count->slots * CHUNK_SIZE;
	return read < size ? size - read : 0;
}

static void set_state(struct scan *scan, size_t index, struct ledger_file *row)
{
	const struct file_count *count = &scan->main.files[index];
	struct err cut;

	if (scan->input->files[index].is_image) {
		set_image_state(scan, &scan->input->files[index], count, row);
	} else if (scan_stopped(scan) && count->slots < evtx_slots(row->size)) {
		row->state = LEDGER_PARTIAL;
		row->status = STR("not read to its end: the scan was interrupted");
	} else if (count->error.len > 0) {
		row->state = LEDGER_UNREADABLE;
		row->status = ledger_text(scan->ledger, count->error);
	} else if (count->unread.len > 0) {
		row->state = LEDGER_PARTIAL;
		row->status = unread_text(scan, count);
	} else if (is_cut(scan, index, row->size, &cut)) {
		row->state = LEDGER_PARTIAL;
		row->status = ledger_text(scan->ledger, str_from(cut.text));
	} else if (count->damaged || count->failed > 0) {
		row->state = LEDGER_PARTIAL;
		if (count->damaged)
			row->status = damage_text(scan, count);
	} else if (count->dirty) {
		row->status = STR("copied while in use (dirty flag set)");
	}
}

static void note_not_compared(struct scan *scan, const struct input_file *file)
{
	if (file->not_compared.len == 0)
		return;
	ledger_note(scan->ledger, &scan->ledger->warnings, file->path, file->not_compared);
	scan->missed = true;
}

// A duplicate has the hash of what it is equal to.
static void show_evidence(struct scan *scan, size_t index, struct ledger_file *row)
{
	const struct input_file *file = &scan->input->files[index];

	row->sha256 = scan->hashes[file->duplicate_of.len > 0 ? file->original : index];
	row->facts = scan->facts[index];
}

static void list_archives(struct scan *scan)
{
	for (size_t i = 0; scan->archives != NULL && i < scan->input->count; i++) {
		if (scan->archives[i].path.len > 0)
			*ledger_add_archive(scan->ledger) = scan->archives[i];
	}
}

static void count_files(struct scan *scan)
{
	for (size_t i = 0; i < scan->input->count; i++) {
		const struct input_file *input = &scan->input->files[i];
		const struct file_count *count = &scan->main.files[i];
		struct ledger_file *row = ledger_add_file(scan->ledger);

		row->path = input->path;
		row->size = input->size;
		row->records = count->records + count->fallback;
		row->chunks = count->chunks;
		row->chunks_failed = count->chunks_failed;
		row->fallback = count->fallback;
		row->recovered = count->recovered;
		row->failed = count->failed;
		if (scan->options.integrity)
			show_evidence(scan, i, row);
		if (input->duplicate_of.len > 0) {
			row->state = LEDGER_DUPLICATE;
			row->status = arena_printf(&scan->ledger->arena, "the same bytes as %.*s",
						   STR_ARG(input->duplicate_of));
		} else if (input->error.len > 0) {
			row->state = LEDGER_UNREADABLE;
			row->status = input->error;
		} else {
			row->unread = unread(scan, i, row->size);
			set_state(scan, i, row);
			note_not_compared(scan, input);
		}
	}
}

// The first reasons of each file, in order of the records.
static void explain_losses(struct scan *scan)
{
	const struct losses *losses = &scan->main.losses;

	for (size_t i = 0; i < losses->count; i++) {
		struct ledger_file *row =
			&scan->ledger->files[SEQUENCE_FILE(losses->items[i].sequence)];
		uint64_t failed = row->failed;

		ledger_lose(scan->ledger, row, 1, losses->items[i].reason);
		row->failed = failed; // counted already
	}
}

static void add_notes(struct scan *scan)
{
	const struct losses *notes = &scan->main.notes;

	for (size_t i = 0; i < notes->count; i++)
		ledger_note(scan->ledger, &scan->ledger->warnings,
			    scan->input->files[SEQUENCE_FILE(notes->items[i].sequence)].path,
			    notes->items[i].reason);
}

void account_finish(struct scan *scan)
{
	struct ledger *ledger = scan->ledger;

	count_files(scan);
	list_archives(scan);
	explain_losses(scan);
	add_notes(scan);
	count_hits(scan);
	ledger->timeless = scan->main.timeless;
	ledger->confirmed = scan->main.confirmed[CONFIRMED_YES];
	ledger->differs = scan->main.confirmed[CONFIRMED_DIFFERS];
	ledger->unconfirmed = scan->main.confirmed[CONFIRMED_UNREADABLE];
	ledger->recovery.hits = scan->main.confirmed[CONFIRMED_RECOVERED];
	salvage_account(scan);
	copy_audit(scan);
	if (scan->main.coverage != NULL)
		coverage_fill(scan->main.coverage, ledger);
	copy_limits(scan);
	ledger_close(ledger);
	ledger->interrupted = progress_stopped(scan->options.progress);
	if (ledger->interrupted || scan->main.rc != RC_OK || scan->missed)
		ledger->complete = false;
}
