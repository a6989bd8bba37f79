// SPDX-License-Identifier: Apache-2.0
// Confirmation of alerts: every record that they list is read again.
//
// The records are collected first: a record of many alerts that come together is read
// once, and an archive is unpacked once for them, for they are read in the order of the
// files.
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "evtx/format.h"
#include "scan/internal.h"

// A record that a rule is to be evaluated on again, and the key of the answer.
struct question {
	uint64_t sequence;
	uint64_t rule;
};

struct asked {
	struct question question;
	const struct corr_member *member;
};

static struct question question_of(const struct corr_member *member)
{
	return (struct question){member->record->sequence, member->rule->index};
}

static struct str key_of(const struct question *question)
{
	return (struct str){(const char *)question, sizeof(*question)};
}

static int by_place(const void *left, const void *right)
{
	const struct question *a = &((const struct asked *)left)->question;
	const struct question *b = &((const struct asked *)right)->question;

	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	return (a->rule > b->rule) - (a->rule < b->rule);
}

// An inner correlation is confirmed by any of its base rules.
static enum hit_confirmed ask(struct worker *worker, const struct corr_record *record,
			      const struct rule *rule)
{
	enum hit_confirmed best = CONFIRMED_DIFFERS;

	if (rule->kind == RULE_DETECTION)
		return confirmer_ask(worker->confirmer, record, rule);
	for (size_t i = 0; i < rule->correlation->rule_count; i++) {
		enum hit_confirmed answer = ask(worker, record, rule->correlation->rules[i].target);

		if (answer != CONFIRMED_DIFFERS)
			best = answer;
	}
	return best;
}

// A chunk that several lots of alerts ask for is noted once: a note is not added again.
static void note_chunk(struct worker *worker, uint64_t sequence, const char *reason)
{
	struct err note;

	err_set(&note, "cannot be read again to confirm its alerts: %s", reason);
	worker_note(worker, sequence, str_from(note.text));
}

// Make the record's chunk the confirmer's, as far as it can be read again; a note says why
// not. False when nothing can.
static bool load_chunk(struct worker *worker, const struct corr_record *record)
{
	struct err err = {""};
	size_t len;
	enum rc rc;

	buf_reset(&worker->chunks);
	buf_reserve(&worker->chunks, CHUNK_SIZE);
	rc = files_read_chunk(worker, record->file, record->chunk, worker->chunks.ptr, &len, &err);
	if (len > 0)
		confirmer_set_chunk(worker->confirmer, worker->chunks.ptr, len);
	if (rc == RC_OK)
		return true;
	worker->scan->missed = true;
	note_chunk(worker, record->sequence >> 12 << 12, err.text);
	return len > 0;
}

static void ask_all(struct worker *worker, const struct asked *asked, size_t count,
		    struct map *answers)
{
	bool loaded = false;

	for (size_t i = 0; i < count; i++) {
		const struct corr_record *record = asked[i].member->record;
		enum hit_confirmed answer = CONFIRMED_UNREADABLE;

		if (SEQUENCE_IS_RECOVERED(record->sequence))
			continue;
		// SEQUENCE: the lower 12 bits are the place in the chunk.
		if (i == 0 || record->sequence >> 12 != asked[i - 1].question.sequence >> 12)
			loaded = load_chunk(worker, record);
		if (loaded)
			answer = ask(worker, record, asked[i].member->rule);
		map_entry(answers, key_of(&asked[i].question))->value =
			(void *)((uintptr_t)answer + 1);
	}
}

// All members of the alerts, each question once. The caller frees *out.
static size_t collect(const struct corr_alert *alerts, size_t count, struct asked **out)
{
	struct asked *asked;
	size_t total = 0;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		total += alerts[i].member_count;
	asked = mem_alloc(total * sizeof(*asked));
	total = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < alerts[i].member_count; k++) {
			const struct corr_member *member = &alerts[i].members[k];

			asked[total++] = (struct asked){question_of(member), member};
		}
	}
	if (total > 0)
		qsort(asked, total, sizeof(*asked), by_place);
	for (size_t i = 0; i < total; i++) {
		if (kept == 0 || by_place(&asked[i], &asked[kept - 1]) != 0)
			asked[kept++] = asked[i];
	}
	*out = asked;
	return kept;
}

// The worst answer counts: an alert is confirmed when all its records are.
static enum hit_confirmed confirmed(const struct worker *worker, const struct map *answers,
				    const struct corr_alert *alert)
{
	enum hit_confirmed worst = CONFIRMED_YES;

	for (size_t i = 0; i < alert->member_count; i++) {
		if (SEQUENCE_IS_RECOVERED(alert->members[i].record->sequence))
			return CONFIRMED_RECOVERED;
	}
	if (worker->confirmer == NULL)
		return CONFIRMED_OFF;
	for (size_t i = 0; i < alert->member_count; i++) {
		struct question question = question_of(&alert->members[i]);
		uintptr_t known = (uintptr_t)map_get(answers, key_of(&question));
		enum hit_confirmed answer = (enum hit_confirmed)(known - 1);

		if (answer > worst)
			worst = answer;
	}
	return worst;
}

void alerts_take(void *user, const struct corr_alert *alerts, size_t count)
{
	struct worker *worker = user;
	struct asked *asked = NULL;
	struct map answers = {0};

	if (worker->confirmer != NULL) {
		size_t questions = collect(alerts, count, &asked);

		ask_all(worker, asked, questions, &answers);
		input_reader_close(worker->input);
	}
	for (size_t i = 0; i < count; i++)
		hits_add_alert(worker, &alerts[i], confirmed(worker, &answers, &alerts[i]));
	map_release(&answers);
	free(asked);
}
