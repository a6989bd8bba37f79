// SPDX-License-Identifier: Apache-2.0
// Files of rules/ that are built into the program (the Makefile makes the
// table build/embedded.c from them).
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
	const char *name; // path below rules/, e.g. "t1596_001/zone_transfer.yml"
	const unsigned char *data;
	size_t size;
};

// All files, sorted by name.
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

// The file of that name; NULL when there is none.
const struct embedded_file *embedded_find(const char *name);

#endif
