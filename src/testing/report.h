// SPDX-License-Identifier: Apache-2.0
// What tests came to, and printing it for people, TAP and JUnit.
#ifndef TESTING_REPORT_H
#define TESTING_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

enum test_outcome { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

struct test_result {
	struct str file; // where the test stands, to show
	struct str name;
	enum test_outcome outcome;
	struct str words; // why it failed or was skipped, or a note; several are joined by "; "
};

// A zeroed struct is an empty report. It owns all its texts.
struct test_report {
	struct arena arena;
	struct test_result *items;
	size_t count, cap;
	struct map inputs; // by path: what tests were read from, beside the command's arguments
};

enum report_format { REPORT_TABLE, REPORT_TAP, REPORT_JUNIT };

// "table", "tap", "junit".
bool report_parse_format(struct str name, enum report_format *out);

void report_release(struct test_report *report);
// Add a test that has passed so far; good until the next one is added.
struct test_result *report_add(struct test_report *report, struct str file, struct str name);
// Add words to a test and make it this outcome (TEST_PASSED: a mere note). A
// test that has failed stays so.
void report_say(struct test_report *report, struct test_result *result, enum test_outcome outcome,
		const char *format, ...) __attribute__((format(printf, 4, 5)));
// A file or folder that a test names: the report is not to be written over it.
void report_input(struct test_report *report, struct str path);
size_t report_count(const struct test_report *report, enum test_outcome outcome);

// Append all of it: a line for each test that did not just pass, and the sums;
// TAP 13; or JUnit's XML, the form that CI servers read. Names and words may be
// hostile.
void report_put(const struct test_report *report, enum report_format format, struct buf *out);

#endif
