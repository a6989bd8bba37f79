// SPDX-License-Identifier: Apache-2.0
// Numbers of logon events in words. For src/metrics only.
#ifndef METRICS_WORDS_H
#define METRICS_WORDS_H

#include "base/str.h"

// Name of a logon type (4624, 4625); "" when it has none.
struct str logon_type_name(uint32_t type);

// Why a logon failed, by an NTSTATUS (4625, 4776) or by a Kerberos error (4768,
// 4771); "" when it is not in the table.
struct str status_words(uint32_t status, bool is_kerberos);

#endif
