// SPDX-License-Identifier: Apache-2.0
// Numbers of the DNS and their names, as IANA lists them.
#ifndef BASE_DNS_H
#define BASE_DNS_H

#include "base/arena.h"

// "AXFR" for 252; TYPEn (RFC 3597), in `arena`, for a type without a name here.
struct str dns_type_name(uint64_t type, struct arena *arena);
// "NXDOMAIN" for 3; empty for a code without a name here.
struct str dns_response_name(uint64_t code);

#endif
