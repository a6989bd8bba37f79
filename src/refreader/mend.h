// SPDX-License-Identifier: Apache-2.0
// libevtx's XML made safe to parse.
//
// libevtx 20181227 escapes only UnicodeString values in element content:
// AnsiString values and all attribute values are printed raw, so a queried DNS
// name can hold `</Data><Data Name="Image">x` and forge a field. It also prints
// control characters that XML 1.0 forbids, and NULs. But its layout is fixed
// (one element a line, two blanks a level), and it hands out the substituted
// values of EventData and UserData apart from the XML, in document order.
// mend_xml walks the layout with those values at hand, takes each of them as
// opaque, and writes the document anew with everything escaped. What cannot be
// told from markup fails the record, and so does a value outside System when
// there is no list of strings to check it against (UserData of several roots).
#ifndef REFREADER_MEND_H
#define REFREADER_MEND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct mend_input {
	struct str xml;		   // as libevtx made it, without the final NUL
	const struct str *strings; // its event strings, in document order
	size_t string_count;
	bool unchecked;	     // it has no such list for this record
	struct str provider; // its source name: the raw Provider Name attribute
};

// Write the safe document into `out` (reset first). Characters that XML cannot
// carry are coded; mend_decode gives them back. RC_OK or RC_FAILED.
MUST_USE enum rc mend_xml(const struct mend_input *input, struct buf *out, struct err *err);

// Text of the parsed document as the log stored it; `text` itself, or a copy
// in `arena` when it holds coded characters.
struct str mend_decode(struct str text, struct arena *arena);

#endif
