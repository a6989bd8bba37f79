// SPDX-License-Identifier: Apache-2.0
// The live records of a chunk, ticked off one by one.
#include "evtx/roll.h"

#include <stdlib.h>

#include "base/mem.h"

void roll_release(struct roll *roll)
{
	free(roll->entries);
	*roll = (struct roll){0};
}

void roll_take(struct roll *roll, struct evtx_reader *reader)
{
	struct evtx_record record;
	struct err ignored;
	enum rc rc;

	roll->count = 0;
	roll->next = 0;
	roll->missing = 0;
	while ((rc = evtx_chunk_next(reader, &record, &ignored)) != RC_END) {
		if (rc != RC_OK || record.recovered)
			continue;
		mem_grow(&roll->entries, &roll->cap, roll->count + 1, sizeof(*roll->entries));
		roll->entries[roll->count++] =
			(struct roll_entry){record.header_id, record.offset, false};
	}
}

void roll_call(struct roll *roll, uint64_t header_id)
{
	size_t at = roll->next;

	while (at < roll->count && roll->entries[at].header_id != header_id)
		at++;
	if (at == roll->count && header_id == 0)
		at = roll->next;
	if (at == roll->count)
		return;
	roll->entries[at].called = true;
	roll->next = at + 1;
}

const struct roll_entry *roll_missing(struct roll *roll)
{
	while (roll->missing < roll->count) {
		const struct roll_entry *entry = &roll->entries[roll->missing++];

		if (!entry->called)
			return entry;
	}
	return NULL;
}

void roll_tell(const struct roll_entry *entry, const char *why, struct err *err)
{
	err_set(err, "record %llu at chunk offset %u: %s", (unsigned long long)entry->header_id,
		entry->offset, why);
}
