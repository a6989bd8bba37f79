// SPDX-License-Identifier: Apache-2.0
// Which part of a DNS name somebody registered: the public suffix list.
//
// The list is the one built into libpsl, so an answer depends on the version
// installed, never on files or the network. An unknown top-level domain counts
// as a suffix (the list's default rule "*"): private names such as
// host.corp.local belong to corp.local. Safe for concurrent use.
#ifndef BASE_PSL_H
#define BASE_PSL_H

#include "base/str.h"

// Split `name` (any case, with or without the final dot) into its registered
// domain and what stands before it, without the dot between ("" for nothing).
// Both are slices of `name`, in its case and without the final dot.
//
//   www.dev.example.co.uk   -> example.co.uk, www.dev
//   4.3.2.1.in-addr.arpa    -> 2.1.in-addr.arpa, 4.3  (the zone of a /16)
//   ....8.b.d.0.1.0.0.2.ip6.arpa -> the last eight nibbles (a /32)
//
// Reverse names group by network, so that a sweep over neighbouring addresses
// is one group; a shorter reverse name is its own registered domain. A name
// that is no sound DNS name (over 255 bytes, an empty label, a byte outside
// printable ASCII) belongs to its last two labels. False, with both outputs
// empty, for a bare suffix, the root, an IP address and a single label.
bool psl_split(struct str name, struct str *registered, struct str *sub);

// True for a public suffix (com, co.uk, in-addr.arpa), for every single label
// and for the root, written "" or ".".
bool psl_is_suffix(struct str name);

#endif
