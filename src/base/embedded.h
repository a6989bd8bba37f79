// SPDX-License-Identifier: Apache-2.0
// Files that are built into the program: those of rules/, and the parts of the
// HTML report (the Makefile makes the table build/embedded.c from them).
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
	const char *name; // path below rules/ or src/output/: "t1596_001/zone_transfer.yml"
	const unsigned char *data;
	size_t size;
};

// All files, those of a folder sorted by name.
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

// The file of that name; NULL when there is none.
const struct embedded_file *embedded_find(const char *name);

#endif
