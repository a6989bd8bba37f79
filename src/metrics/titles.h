// SPDX-License-Identifier: Apache-2.0
// What well-known events are, in a few words. For src/metrics only.
#ifndef METRICS_TITLES_H
#define METRICS_TITLES_H

#include "base/str.h"

// "" for an event that is not in the table. Providers compare without case.
struct str title_of(struct str provider, uint32_t event_id);

#endif
