// SPDX-License-Identifier: Apache-2.0
// The XML of one record -> the fields of an event.
//
// Names and paths as event.h says. Types are inferred: those of System from
// the schema, others from the form of the text (differences.h).
#ifndef REFREADER_XML_H
#define REFREADER_XML_H

#include "base/err.h"
#include "event/event.h"

// A parser that is used for one record after the other. Not for concurrent use.
struct xml_reader;

struct xml_reader *xml_reader_new(void);
void xml_reader_free(struct xml_reader *reader);

// Parse `xml`, which mend_xml made, and fill the fields of `event` (from
// event_init; its arena takes them). RC_OK or RC_FAILED: a DOCTYPE, a limit of
// limits.h, or no well-formed Event.
MUST_USE enum rc xml_read_event(struct xml_reader *reader, struct str xml, struct event *event,
				struct err *err);

#endif
