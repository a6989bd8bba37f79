// SPDX-License-Identifier: Apache-2.0
// Printing hits: one interface, a driver for each format.
//
//	struct output *output = output_new(OUTPUT_CSV, stdout, &options);
//	while (more && output_hit(output, &hit, &err) == RC_OK) ...
//	rc = output_end(output, &err);
//	output_free(output);
//
// Columns (CSV header, JSON keys) are those of design.md, section 2. Where a
// hit has no value, CSV has an empty cell and JSON null or "": null for
// Timestamp, RiskScore, FileSHA256, Chunk and Offset, and for EventID, RecordID
// and HeaderRecordID of a correlation that names no record (0).
//
// CSV has CRLF line ends (RFC 4180) and a header line even without hits; JSON
// is one array, `[]` without hits; a layer of the ATT&CK Navigator and SARIF are one
// object; HTML is a file of its own: a report with the account; the others print
// nothing then.
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include <stdio.h>

#include "base/err.h"
#include "base/zone.h"
#include "output/columns.h"
#include "output/hit.h"
#include "output/ledger.h"

enum output_format {
	OUTPUT_TABLE, // two lines a hit, for a terminal
	OUTPUT_LIST,  // all that is known of a hit, for reading
	OUTPUT_CSV,
	OUTPUT_JSON,
	OUTPUT_JSONL,
	OUTPUT_HTML,
	OUTPUT_NAVIGATOR,
	OUTPUT_SARIF,
	OUTPUT_TIMESKETCH,
	OUTPUT_ECS,
	OUTPUT_FORMATS, // how many there are
};

struct output_options {
	size_t width; // columns of the terminal for the table; 0 = 80
	bool color;   // the table may use colours
	// Of CSV and JSON, borrowed; NULL: those of design.md, in JSON with all else.
	const struct columns *columns;
	// Of the times in table, list, CSV, JSON, JSONL and HTML, borrowed; NULL: UTC. The other
	// formats have their own definition of time.
	const struct zone *zone;
	bool records; // the table is of records that were searched for: no rules
	// Of HTML, SARIF and the layer, borrowed: they close with the account, which must
	// be complete by output_end(). NULL: they have none.
	const struct ledger *ledger;
};

struct output;

// Does the format have columns that can be chosen?
bool output_has_columns(enum output_format format);

// What hits must bring for a format with these options: bits of enum output_need.
unsigned output_needs(enum output_format format, const struct output_options *options);

// The format of that name ("table", "csv", ..., case ignored).
bool output_parse_format(struct str name, enum output_format *format);

// A printer on `stream`, which stays the caller's: to be closed after the
// printer, and the closing to be checked. `options` are copied; NULL = none set.
struct output *output_new(enum output_format format, FILE *stream,
			  const struct output_options *options);
// Print one hit. RC_FATAL when writing failed, now or earlier; the scan may as
// well stop then.
enum rc output_hit(struct output *output, const struct hit *hit, struct err *err) MUST_USE;
// Hits that were not taken so far, because the format has a limit (HTML).
uint64_t output_left_out(const struct output *output);
// Print what closes the document and flush. RC_FATAL with the first reason when
// any byte did not reach the stream (a full disk, a closed pipe). Once.
enum rc output_end(struct output *output, struct err *err) MUST_USE;
// Did it fail because whoever reads the results has closed the pipe, as head does?
bool output_is_unread(const struct output *output);
// Free the printer; NULL is fine. Prints nothing more.
void output_free(struct output *output);

// "yes", "differs", "unreadable", "off".
struct str output_confirmed_name(enum hit_confirmed confirmed);

#endif
