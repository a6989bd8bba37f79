// SPDX-License-Identifier: Apache-2.0
// Templates by the log or image that they were seen in, for records whose own
// definition is gone (evtx-format.md 5.3).
//
// A record names its template by the first 32 bits of a GUID. Within one source, and
// among 800 logs of a hundred hosts, equal bits have always meant equal templates; where
// they do not, the book gives none. It does not depend on the order of what it was told.
#ifndef EVTX_BOOK_H
#define EVTX_BOOK_H

#include "base/str.h"

struct evtx_book;

struct evtx_template {
	struct str guid; // 16 bytes
	struct str form; // binxml.h
	uint32_t count;	 // of the values of its instances
};

struct evtx_book *evtx_book_new(void);
void evtx_book_free(struct evtx_book *book);

// The template was seen in `source`; its texts are copied. Beyond
// LIMIT_TEMPLATE_BOOK bytes the book counts as full, and has no templates at all:
// which ones it would have would depend on the order.
void evtx_book_add(struct evtx_book *book, uint32_t source, const struct evtx_template *template);
// Everything that `from` was told.
void evtx_book_absorb(struct evtx_book *book, const struct evtx_book *from);
bool evtx_book_is_full(const struct evtx_book *book);

enum evtx_book_answer {
	EVTX_BOOK_NONE,
	EVTX_BOOK_OWN,	   // of the source
	EVTX_BOOK_FOREIGN, // of other sources alone
	EVTX_BOOK_SEVERAL, // in the source, or in the others when it has none
};

// The template whose GUID begins with `id`: the only one of `source`, or else the only one
// of all sources. NULL when there is none, or more than one. Good until the book changes.
const struct evtx_template *evtx_book_find(const struct evtx_book *book, uint32_t source,
					   uint32_t id, enum evtx_book_answer *answer);

#endif
