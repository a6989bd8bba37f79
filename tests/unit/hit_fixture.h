// SPDX-License-Identifier: Apache-2.0
// Hits to print, and printing them, for tests.
#ifndef UNIT_HIT_FIXTURE_H
#define UNIT_HIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/tm.h"
#include "output/output.h"

#define HOSTILE "\"x\", \n\r\t\0\x1b[2J\xff\xed\xa0\x80\xe2\x80\xae=1"

// What a format prints for these hits; free() it.
static inline char *print_hits(enum output_format format, const struct output_options *options,
			       const struct hit *hits, size_t count, size_t *len)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, len);
	struct output *output = output_new(format, stream, options);

	for (size_t i = 0; i < count; i++)
		assert_int_equal(output_hit(output, &hits[i], NULL), RC_OK);
	assert_int_equal(output_end(output, NULL), RC_OK);
	output_free(output);
	fclose(stream);
	return text;
}

static inline struct hit plain_hit(void)
{
	static const struct hit_pair details[] = {
		{STR_INIT("QNAME"), STR_INIT("corp.example")},
		{STR_INIT("Source"), STR_INIT("192.0.2.1")},
		{STR_INIT("QNAME"), STR_INIT("b.example")},
	};
	static const struct str tags[] = {STR_INIT("attack.t1596.001"), STR_INIT("attack.recon")};
	static const struct hit_match matches[] = {
		{STR_INIT("sel"), STR_INIT("QTYPE"), STR_INIT("252"), STR_INIT("252")},
	};
	struct hit hit = {
		.rule_title = STR("Zone transfer"),
		.rule_id = STR("id-1"),
		.rule_file = STR("rules/a.yml"),
		.level = STR("high"),
		.risk_score = 90,
		.tags = tags,
		.tag_count = 2,
		.computer = STR("dc01"),
		.channel = STR("DNS Server"),
		.provider = STR("DNS"),
		.event_id = 6001,
		.record_id = 18446744073709551615u,
		.details = details,
		.detail_count = 3,
		.evtx_file = STR("C:\\logs\\dns.evtx"),
		.confirmed = CONFIRMED_YES,
		.has_position = true,
		.chunk = 2,
		.offset = 135168,
		.header_id = 7,
		.file_sha256 = STR("00ff"),
		.matches = matches,
		.match_count = 1,
	};

	assert_true(tm_parse(STR("2026-11-23T14:18:52.1234567Z"), true, &hit.time));
	return hit;
}

// Every text is hostile; nothing numeric is known.
static inline struct hit hostile_hit(void)
{
	static const struct hit_pair details[] = {
		{STR_INIT(HOSTILE), STR_INIT(HOSTILE)},
		{STR_INIT("a\xfe"), STR_INIT("1")},
		{STR_INIT("a\xff"), STR_INIT("2")},
	};
	static const struct str tags[] = {STR_INIT(HOSTILE)};
	static const struct hit_match matches[] = {
		{STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE), STR_INIT(HOSTILE)}};
	struct str text = STR(HOSTILE);

	return (struct hit){
		.rule_title = text,
		.rule_id = text,
		.rule_file = text,
		.level = text,
		.risk_score = -1,
		.tags = tags,
		.tag_count = 1,
		.computer = text,
		.channel = text,
		.provider = text,
		.details = details,
		.detail_count = 3,
		.evtx_file = text,
		.confirmed = CONFIRMED_DIFFERS,
		.suppressed_by = text,
		.file_sha256 = text,
		.source_view = text,
		.matches = matches,
		.match_count = 1,
		.attributes = details,
		.attribute_count = 3,
	};
}

static inline struct hit correlation_hit(void)
{
	static const struct hit_pair group[] = {{STR_INIT("Client"), STR_INIT("192.0.2.1")}};
	static const struct str values[] = {STR_INIT("a.example"), STR_INIT("b.example")};
	static const struct hit_record records[] = {
		{TM_UNIX_EPOCH, STR_INIT("base"), STR_INIT("dc01"), STR_INIT("DNS"), 12,
		 STR_INIT("x.evtx"), false},
	};
	static const struct hit_correlation correlation = {
		.type = STR_INIT("value_count"),
		.group = group,
		.group_count = 1,
		.value = 57,
		.first = TM_UNIX_EPOCH,
		.trigger = TM_UNIX_EPOCH + 1,
		.values = values,
		.value_count = 2,
		.value_total = 57,
		.records = records,
		.record_count = 1,
		.record_total = 99,
	};

	return (struct hit){
		.rule_title = STR("Sweep"), .risk_score = -1, .correlation = &correlation};
}

#endif
