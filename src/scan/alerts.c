// SPDX-License-Identifier: Apache-2.0
// Confirmation of alerts: every record that they list is read again.
#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "evtx/format.h"
#include "scan/internal.h"

// What is known of one record and rule, so that no record is read twice.
struct answer {
	uint64_t sequence;
	uint64_t rule;
};

// Make the record's chunk the confirmer's. The bytes stay in worker->chunks.
static bool load_chunk(struct worker *worker, const struct corr_record *record)
{
	uint64_t chunk = record->sequence >> 12;
	size_t len;

	if (worker->chunk_loaded && worker->loaded == chunk)
		return true;
	buf_reset(&worker->chunks);
	buf_reserve(&worker->chunks, CHUNK_SIZE);
	len = files_read_chunk(worker, record->file, record->chunk, worker->chunks.ptr);
	worker->chunk_loaded = len > 0;
	worker->loaded = chunk;
	if (len > 0)
		confirmer_set_chunk(worker->confirmer, worker->chunks.ptr, len);
	return len > 0;
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

static enum hit_confirmed ask_once(struct worker *worker, const struct corr_record *record,
				   const struct rule *rule)
{
	struct answer key = {record->sequence, rule->index};
	struct str bytes = {(const char *)&key, sizeof(key)};
	void *known = map_get(&worker->answers, bytes);
	enum hit_confirmed answer;

	if (known != NULL)
		return (enum hit_confirmed)((uintptr_t)known - 1);
	answer = load_chunk(worker, record) ? ask(worker, record, rule) : CONFIRMED_UNREADABLE;
	map_add(&worker->answers, arena_str(&worker->arena, bytes),
		(void *)((uintptr_t)answer + 1));
	return answer;
}

// The worst answer counts: an alert is confirmed when all its records are.
enum hit_confirmed alert_confirm(struct worker *worker, const struct corr_alert *alert)
{
	enum hit_confirmed worst = CONFIRMED_YES;

	if (worker->confirmer == NULL)
		return CONFIRMED_OFF;
	for (size_t i = 0; i < alert->member_count; i++) {
		enum hit_confirmed answer =
			ask_once(worker, alert->members[i].record, alert->members[i].rule);

		if (answer > worst)
			worst = answer;
	}
	return worst;
}
