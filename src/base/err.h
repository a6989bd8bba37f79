// SPDX-License-Identifier: Apache-2.0
// Errors on two axes: how bad (the return value) and what (struct err).
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

// Severity. Functions that can fail return one of these, and are used.
enum rc {
	RC_OK = 0,
	RC_END,	   // nothing more to deliver, no error
	RC_FAILED, // this record, rule or entry is lost; go on with the next
	RC_FATAL,  // this file (or the run) is lost
};

// A finished sentence for the user, without a line end and without the name of
// the file, which the caller knows. Untouched when the function succeeds;
// functions accept NULL.
struct err {
	char text[512];
};

#define MUST_USE __attribute__((warn_unused_result))

// Format the sentence into `err` (may be NULL), cut at its size.
void err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
