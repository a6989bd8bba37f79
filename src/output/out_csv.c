// SPDX-License-Identifier: Apache-2.0
// Hits as CSV (RFC 4180): a header, then one line a hit.
#include <inttypes.h>

#include "base/tm.h"
#include "output/escape.h"
#include "output/output_internal.h"

#define LINE_END "\r\n"
#define JOIN " ¦ "

static void csv_begin(struct output_state *state)
{
	buf_put_text(
		&state->text,
		"Timestamp,RuleTitle,Level,RiskScore,Computer,Channel,Provider,EventID,"
		"RecordID,Details,RuleID,Tags,RuleFile,EvtxFile,Confirmed,SuppressedBy" LINE_END);
}

static void put_text(struct buf *out, struct str value)
{
	escape_csv(out, value);
	buf_put_char(out, ',');
}

static void put_number(struct buf *out, bool known, uint64_t value)
{
	if (known)
		buf_printf(out, "%" PRIu64, value);
	buf_put_char(out, ',');
}

static void put_time(struct buf *out, uint64_t ticks)
{
	char text[TM_TEXT_SIZE];

	if (ticks != 0)
		buf_put(out, text, tm_format(ticks, text));
	buf_put_char(out, ',');
}

static void put_details(struct buf *out, const struct hit *hit)
{
	if (hit->detail_count != 0) {
		escape_csv_open(out, hit->details[0].name);
		for (size_t i = 0; i < hit->detail_count; i++) {
			if (i != 0)
				buf_put_text(out, JOIN);
			escape_csv_put(out, hit->details[i].name);
			buf_put_text(out, ": ");
			escape_csv_put(out, hit->details[i].value);
		}
		escape_csv_close(out);
	}
	buf_put_char(out, ',');
}

static void put_tags(struct buf *out, const struct hit *hit)
{
	if (hit->tag_count != 0) {
		escape_csv_open(out, hit->tags[0]);
		for (size_t i = 0; i < hit->tag_count; i++) {
			if (i != 0)
				buf_put_text(out, JOIN);
			escape_csv_put(out, hit->tags[i]);
		}
		escape_csv_close(out);
	}
	buf_put_char(out, ',');
}

static void csv_hit(struct output_state *state, const struct hit *hit)
{
	struct buf *out = &state->text;

	put_time(out, hit->time);
	put_text(out, hit->rule_title);
	put_text(out, hit->level);
	put_number(out, hit->risk_score >= 0, (uint64_t)hit->risk_score);
	put_text(out, hit->computer);
	put_text(out, hit->channel);
	put_text(out, hit->provider);
	put_number(out, output_names_record(hit), hit->event_id);
	put_number(out, output_names_record(hit), hit->record_id);
	put_details(out, hit);
	put_text(out, hit->rule_id);
	put_tags(out, hit);
	put_text(out, hit->rule_file);
	put_text(out, hit->evtx_file);
	put_text(out, output_confirmed_name(hit->confirmed));
	escape_csv(out, hit->suppressed_by);
	buf_put_text(out, LINE_END);
}

const struct output_driver output_csv = {
	.name = STR_INIT("csv"),
	.begin = csv_begin,
	.hit = csv_hit,
};
