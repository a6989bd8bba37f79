// SPDX-License-Identifier: Apache-2.0
// Text: UTF-8, UTF-16LE and Unicode simple case folding.
//
// All text inside the program is UTF-8. A lone UTF-16 surrogate, which a log
// may hold, is kept as its three-byte form (WTF-8), so that no value is lost
// and a literal never matches it. See docs sigma-engine 1.6 for folding: one
// code point to one code point (CaseFolding.txt, status C and S), no
// normalisation, no locale.
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

// Returned by utf8_next for a byte that begins no valid sequence.
#define TEXT_INVALID 0xFFFFFFFFu

// Decode one code point at `*at` (must be < s.len) and move behind it. Lone
// surrogates decode to themselves. An invalid byte gives TEXT_INVALID and
// moves one byte on.
uint32_t utf8_next(struct str s, size_t *at);
// Encode `cp` (up to 0x10FFFF, surrogates allowed); returns 1 to 4.
size_t utf8_encode(uint32_t cp, char out[4]);
void buf_put_cp(struct buf *buf, uint32_t cp);
// True when every byte belongs to a valid sequence and no surrogate occurs.
bool utf8_is_valid(struct str s);
// The first `most` bytes, or fewer so that no character is cut, and how many are missing.
void utf8_put_cut(struct buf *out, struct str s, size_t most);
// A valid UTF-8 copy in which each invalid byte and lone surrogate is U+FFFD;
// `s` itself when there is nothing to mend.
struct str utf8_sanitise(struct arena *arena, struct str s);

// `len` bytes of UTF-16LE (an odd last byte is dropped) as UTF-8.
struct str utf16_to_utf8(struct arena *arena, const void *bytes, size_t len);
// The other way; invalid bytes become U+FFFD.
void utf8_to_utf16(struct buf *out, struct str s);
// Bytes of Windows-1252, the usual system code page of AnsiString values
// (evtx-format.md 3, type 02), as UTF-8. Its five unassigned bytes stay C1
// control characters.
struct str ansi_to_utf8(struct arena *arena, const void *bytes, size_t len);

// Simple case folding of one code point, and of a whole text.
uint32_t fold_cp(uint32_t cp);
struct str text_fold(struct arena *arena, struct str s);
// UTF-16LE straight to folded UTF-8; what text_fold gives for utf16_to_utf8.
struct str utf16_fold(struct arena *arena, const void *bytes, size_t len);
// The same for Windows-1252.
struct str ansi_fold(struct arena *arena, const void *bytes, size_t len);
// Equality under folding.
bool text_eq_fold(struct str a, struct str b);

#endif
