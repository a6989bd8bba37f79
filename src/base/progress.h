// SPDX-License-Identifier: Apache-2.0
// What a long job tells while it runs, and is told: counters and a wish to stop.
//
// Any thread may add and look; a signal handler may set `stop`. Jobs take a
// pointer that may be NULL.
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	atomic_bool stop;	      // to be asked for between pieces of work
	atomic_uint_fast64_t files;   // found so far
	atomic_uint_fast64_t total;   // bytes of them
	atomic_uint_fast64_t bytes;   // read so far
	atomic_uint_fast64_t records; // looked at
	atomic_uint_fast64_t hits;    // found in them
};

static inline bool progress_stopped(struct progress *progress)
{
	return progress != NULL && atomic_load_explicit(&progress->stop, memory_order_relaxed);
}

static inline void progress_add(atomic_uint_fast64_t *counter, uint64_t more)
{
	atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

#endif
