// SPDX-License-Identifier: Apache-2.0
// The parts of the HTML report that can be read without JavaScript: what was
// scanned, and the account. For src/output only.
#ifndef OUTPUT_HTML_PAGE_H
#define OUTPUT_HTML_PAGE_H

#include "output/html_hits.h"
#include "output/ledger.h"

// The head: complete or not, totals, first and last hit, and in words what the
// report leaves out.
void html_put_head(const struct ledger *ledger, const struct html_hits *hits,
		   const struct zone *zone, struct buf *out);
// Everything that the ledger holds, problems first.
void html_put_account(const struct ledger *ledger, struct buf *out);

#endif
