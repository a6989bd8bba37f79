// SPDX-License-Identifier: Apache-2.0
// Hits as the HTML report holds them: blocks of JSON in <script> elements, which
// report/data.js reads. For src/output only.
//
// A block is a pair of elements for up to a thousand hits.
//
// class="rows": what the table and the charts need, an array of ROW values a hit:
//
//	0  milliseconds since the hit before; of the first one since 1601
//	1  100 ns units, 0 to 9,999; both 0 since 1601: the record has no time
//	2  rule, 3 computer, 4 channel
//	5  event id, -1: names no record
//	6  record id
//	7  file
//	8  enum hit_confirmed
//	9  suppressed by; the empty text: not suppressed
//
// class="details": the rest, parsed when it is needed. {"strings": [text...],
// "records": [[form, value...]...], "hits": [[...]...]}; values are numbers of
// strings, and several hits of one record share it. A hit is
//
//	record (-1: none), provider, view, header id, chunk, offset, carved (0, 1),
//	number of details, name and value of each, number of matches, selection,
//	field, value and pattern of each, correlation (an object, if it is one)
//
// id="dictionary", at the end: {"rules", "texts" (3, 4 and 9 above), "files", "forms",
// "hits", "leftOut", and but for UTC "zone": [[milliseconds since 1601, minutes east of UTC from
// then on]...]}. What is not in a dictionary because it was full stands
// where its number would have been. Numbers above 2^53 are texts.
#ifndef OUTPUT_HTML_HITS_H
#define OUTPUT_HTML_HITS_H

#include "base/buf.h"
#include "base/zone.h"
#include "output/hit.h"

struct html_hits;

// The offsets of the zone (NULL = UTC) are written with the hits; it must outlive them.
struct html_hits *html_hits_new(const struct zone *zone);
void html_hits_free(struct html_hits *hits); // NULL is fine

// Append blocks to `out` as they fill.
void html_hits_add(struct html_hits *hits, const struct hit *hit, struct buf *out);
// The last block and the dictionaries. Once.
void html_hits_end(struct html_hits *hits, struct buf *out);

// Hits that came after LIMIT_REPORT_HITS, and are not there.
uint64_t html_hits_left_out(const struct html_hits *hits);
// Times of the first and last hit that has one; 0 = there is none.
void html_hits_range(const struct html_hits *hits, uint64_t *first, uint64_t *last);

#endif
