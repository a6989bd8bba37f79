// SPDX-License-Identifier: Apache-2.0
// Between the files of the ledger. For src/output only.
#ifndef OUTPUT_LEDGER_INTERNAL_H
#define OUTPUT_LEDGER_INTERNAL_H

#include "output/ledger.h"

// The coverage, for a ledger that has it.
void ledger_put_coverage(const struct ledger *ledger, struct buf *out);

#endif
