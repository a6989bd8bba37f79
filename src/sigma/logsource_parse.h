// SPDX-License-Identifier: Apache-2.0
// Between logsource.c and logsource_parse.c.
#ifndef SIGMA_LOGSOURCE_PARSE_H
#define SIGMA_LOGSOURCE_PARSE_H

#include "sigma/logsource.h"

// A category or service with its views.
struct source_entry {
	struct str name;
	struct view *views;
	size_t view_count;
};

#endif
