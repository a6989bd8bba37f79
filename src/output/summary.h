// SPDX-License-Identifier: Apache-2.0
// What the hits of a scan were, in some lines: by rule, by computer, over time.
//
// Fed with every hit that is printed; suppressed ones do not count. Memory is
// bounded (LIMIT_SUMMARY_NAMES); what exceeds it is counted together.
#ifndef OUTPUT_SUMMARY_H
#define OUTPUT_SUMMARY_H

#include "base/buf.h"
#include "base/zone.h"
#include "output/hit.h"

struct summary;

// Hours and days are those of the zone (NULL = UTC), which must outlive the summary.
struct summary *summary_new(const struct zone *zone);
void summary_free(struct summary *summary);
void summary_hit(struct summary *summary, const struct hit *hit);

// For people: nothing without hits, else the most frequent rules and computers,
// and a small timeline. `width` columns (0 = 80), with colours if `color`. No control
// sequence of a log or rule survives.
void summary_put(const struct summary *summary, size_t width, bool color, struct buf *out);

#endif
