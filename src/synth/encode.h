// SPDX-License-Identifier: Apache-2.0
// Written texts -> bytes as BinXML stores them (evtx-format.md 3).
//
// Each appends to `out` what `text` (UTF-8) says, or returns false when it is
// not of the form; `out` may then hold a part. `size` counts for numbers only:
// their bytes.
#ifndef SYNTH_ENCODE_H
#define SYNTH_ENCODE_H

#include "base/buf.h"

typedef bool encode_fn(struct buf *out, struct str text, size_t size);

encode_fn encode_uint;	     // decimal or 0x
encode_fn encode_int;	     // decimal or 0x, with a '-' or without
encode_fn encode_real;	     // IEEE 754 with 4 or 8 bytes
encode_fn encode_bool;	     // true or false
encode_fn encode_utf16;	     // any text
encode_fn encode_ansi;	     // what Windows-1252 can hold
encode_fn encode_hex;	     // pairs of hex digits
encode_fn encode_guid;	     // with or without braces
encode_fn encode_sid;	     // S-1-...
encode_fn encode_filetime;   // ISO 8601, or a number of ticks
encode_fn encode_systemtime; // ISO 8601, cut to milliseconds

#endif
