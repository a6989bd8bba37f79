// SPDX-License-Identifier: Apache-2.0
// Chunks in the order of their records: a ring that has wrapped begins in the middle
// of the file (evtx-format.md 1.7).
#include <stdlib.h>

#include "integrity/internal.h"

static int by_number(const void *left, const void *right)
{
	const struct chunk_span *a = left;
	const struct chunk_span *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

// Of a damaged log nobody knows which numbers its chunks had.
void spans_sort(struct integrity *integrity)
{
	if (integrity->span_count > 0)
		qsort(integrity->spans, integrity->span_count, sizeof(*integrity->spans),
		      by_number);
	for (size_t i = 1; !integrity->damaged && i < integrity->span_count; i++) {
		const struct chunk_span *before = &integrity->spans[i - 1];

		if (integrity->spans[i].first != before->last + 1)
			breaks_add(&integrity->breaks, before->last, integrity->spans[i].first);
	}
}
