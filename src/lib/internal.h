// SPDX-License-Identifier: Apache-2.0
// Between the files of lib/: what is behind the types of evtxscan.h.
#ifndef LIB_INTERNAL_H
#define LIB_INTERNAL_H

#include <stdio.h>

#include "allow/allow.h"
#include "base/tm.h"
#include "evtxscan.h"
#include "output/hit.h"
#include "sigma/ruleset.h"

struct evtxscan_rules {
	struct ruleset *set; // its diagnostics hold those of paths as well
	struct arena arena;  // settings and the allowlist
	const char *logsources;
	struct str *enabled; // ids of views
	size_t enabled_count, enabled_cap;
	enum rule_level min_level;
	const struct allowlist *allowlist;
	struct diag_list allow_diags;
	evtxscan_diagnostic_fn *fn;
	void *data;
	size_t reported; // of the set's diagnostics
	bool finished;	 // nothing can be added
	bool usable;
};

struct evtxscan_hit {
	const struct hit *hit;
	char time[TM_TEXT_SIZE];
	size_t time_len;
	char *json; // NULL until it is asked for
	size_t json_len;
};

static inline struct evtxscan_str lib_str(struct str s)
{
	return (struct evtxscan_str){s.ptr, s.len};
}

// What `print` puts on the stream, as text that the caller frees; in the C locale.
// False from `print` counts as exhausted memory, the one reason there is.
char *lib_print(bool (*print)(FILE *stream, const void *what), const void *what, size_t *len);

// The hit for the callback; lib_hit_release() when that has returned.
void lib_hit_init(struct evtxscan_hit *out, const struct hit *hit);
void lib_hit_release(struct evtxscan_hit *hit);

#endif
