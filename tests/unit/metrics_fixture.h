// SPDX-License-Identifier: Apache-2.0
// Metrics over hand-made events, and their rows, for tests.
#ifndef TESTS_UNIT_METRICS_FIXTURE_H
#define TESTS_UNIT_METRICS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/tm.h"
#include "metrics/metrics.h"

#define MOST_FIELDS 8

struct fixture {
	struct metrics *metrics;
	struct arena arena;
	struct event event;
	struct field fields[MOST_FIELDS];
	struct buf out;
};

static inline void start(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->metrics = metrics_new(METRICS_ALL);
	metrics_begin_file(f->metrics, STR("a.evtx"));
}

static inline void stop(struct fixture *f)
{
	metrics_free(f->metrics);
	arena_release(&f->arena);
	buf_release(&f->out);
}

// An event of the file, without fields.
static inline void begin_event(struct fixture *f, const char *channel, const char *provider,
			       uint32_t id)
{
	event_init(&f->event, &f->arena);
	f->event.fields = f->fields;
	f->event.channel = str_from(channel);
	f->event.provider = str_from(provider);
	f->event.computer = STR("ws17");
	f->event.event_id = id;
}

static inline void end_event(struct fixture *f)
{
	metrics_event(f->metrics, &f->event);
}

static inline void expect_csv(struct fixture *f, enum metrics_section section, const char *expected)
{
	struct str rows;

	buf_reset(&f->out);
	metrics_put_csv(f->metrics, section, &f->out);
	rows = buf_str(&f->out);
	rows = str_sub(rows, str_find(rows, STR("\r\n"), 0) + 2, rows.len); // without the header
	if (!str_eq(rows, str_from(expected)))
		fail_msg("%.*s\ninstead of\n%s", STR_ARG(rows), expected);
}

#endif
