// SPDX-License-Identifier: Apache-2.0
// Written texts -> bytes as BinXML stores them (evtx-format.md 3).
//
// Each appends to `out` what `text` (UTF-8) says, or returns false when it is
// not of the form; `out` may then hold a part. `size` counts for numbers only:
// their bytes.
#ifndef SYNTH_STORE_H
#define SYNTH_STORE_H

#include "base/buf.h"

typedef bool store_fn(struct buf *out, struct str text, size_t size);

store_fn store_uint;	   // decimal or 0x
store_fn store_int;	   // decimal or 0x, with a '-' or without
store_fn store_real;	   // IEEE 754 with 4 or 8 bytes
store_fn store_bool;	   // true or false
store_fn store_utf16;	   // any text
store_fn store_ansi;	   // what Windows-1252 can hold
store_fn store_hex;	   // pairs of hex digits
store_fn store_guid;	   // with or without braces
store_fn store_sid;	   // S-1-...
store_fn store_filetime;   // ISO 8601, or a number of ticks
store_fn store_systemtime; // ISO 8601, cut to milliseconds

#endif
