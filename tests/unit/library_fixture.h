// SPDX-License-Identifier: Apache-2.0
// A rule, a sample and callbacks that note what they were handed.
#ifndef TESTS_LIBRARY_FIXTURE_H
#define TESTS_LIBRARY_FIXTURE_H

#include <string.h>

#include "base/buf.h"
#include "evtxscan.h"

#define SUCCESS "samples/zone_transfer_success.evtx"

static const char rule[] = "title: Transfer given\n"
			   "id: 3f1c2a54-6f0e-4b53-9f0e-0d6f0a1b2c3d\n"
			   "logsource: {product: windows, service: dns-server-analytic}\n"
			   "detection:\n"
			   "  answer: {EventID: 271, RCODE: 0}\n"
			   "  condition: answer\n"
			   "level: high\n"
			   "risk_score: 55\n"
			   "tags: [attack.reconnaissance]\n"
			   "fields: [ZoneName]\n";

// What the callbacks were handed.
struct seen {
	struct buf text;
	size_t count;
	size_t most; // stop after so many; 0 = never
	void (*look)(struct evtxscan_hit *hit);
};

static inline void put(struct buf *out, struct evtxscan_str s)
{
	buf_put(out, s.ptr, s.len);
}

static inline void on_diagnostic(const struct evtxscan_diagnostic *diagnostic, void *data)
{
	struct seen *seen = data;

	put(&seen->text, diagnostic->path);
	buf_printf(&seen->text, ":%u:%u: %d %s\n", diagnostic->line, diagnostic->column,
		   diagnostic->severity, diagnostic->code);
	seen->count++;
}

static inline int on_hit(struct evtxscan_hit *hit, void *data)
{
	struct seen *seen = data;

	if (seen->look != NULL)
		seen->look(hit);
	put(&seen->text, evtxscan_hit_json(hit));
	seen->count++;
	return seen->count == seen->most;
}

static inline struct evtxscan_rules *one_rule(void)
{
	struct evtxscan_rules *rules = evtxscan_rules_new(NULL, NULL);

	assert_int_equal(evtxscan_rules_add_text(rules, "one.yml", rule, strlen(rule)),
			 EVTXSCAN_OK);
	assert_int_equal(evtxscan_rules_finish(rules), EVTXSCAN_OK);
	return rules;
}

#endif
