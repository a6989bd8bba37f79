// SPDX-License-Identifier: Apache-2.0
// Sentences, fingerprints and names of hits.
#include "output/describe.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/tm.h"
#include "output/json.h"
#include "output/output_internal.h"

unsigned describe_level(struct str level)
{
	static const char *const names[DESCRIBE_LEVELS - 1] = {"informational", "low", "medium",
							       "high", "critical"};

	for (unsigned i = 0; i < DESCRIBE_LEVELS - 1; i++) {
		if (str_eq_nocase(level, str_from(names[i])))
			return i + 1;
	}
	return 0;
}

// ---- the sentence -------------------------------------------------------

static void put_place(struct buf *out, const struct hit *hit)
{
	const char *separator = "";

	if (hit->computer.len != 0) {
		buf_put_str(out, hit->computer);
		separator = ", ";
	}
	if (hit->channel.len != 0) {
		buf_put_text(out, separator);
		buf_put_str(out, hit->channel);
		separator = " ";
	}
	if (output_names_record(hit))
		buf_printf(out, "%sevent %" PRIu32 ", record %" PRIu64, separator, hit->event_id,
			   hit->record_id);
}

static void put_window(struct buf *out, const struct hit_correlation *correlation)
{
	char text[TM_TEXT_SIZE];
	char number[JSON_DOUBLE_SIZE];

	buf_put_text(out, "; ");
	buf_put_str(out, correlation->type);
	json_format_double(correlation->value, number);
	buf_printf(out, " %s of %" PRIu64 " records", number, correlation->record_total);
	buf_put_text(out, ", ");
	buf_put(out, text, tm_format(correlation->first, text));
	buf_put_text(out, " to ");
	buf_put(out, text, tm_format(correlation->last, text));
}

static void put_cut(struct buf *out, struct str value)
{
	utf8_put_cut(out, value, LIMIT_MESSAGE_VALUE);
}

static void put_details(struct buf *out, const struct hit *hit)
{
	size_t start = out->len;

	for (size_t i = 0; i < hit->detail_count; i++) {
		buf_put_text(out, i == 0 ? ". " : "; ");
		if (out->len - start > LIMIT_MESSAGE_DETAILS) {
			buf_printf(out, "%zu more", hit->detail_count - i);
			return;
		}
		put_cut(out, hit->details[i].name);
		buf_put_text(out, ": ");
		put_cut(out, hit->details[i].value);
	}
}

void describe_hit(struct buf *out, const struct hit *hit)
{
	put_cut(out, hit->rule_title);
	if (hit->level.len != 0) {
		buf_put_text(out, " (");
		buf_put_str(out, hit->level);
		buf_put_char(out, ')');
	}
	buf_put_text(out, ": ");
	put_place(out, hit);
	if (hit->correlation != NULL)
		put_window(out, hit->correlation);
	put_details(out, hit);
}

// ---- identity -----------------------------------------------------------

// With its length in front, so that no two lists of texts give the same bytes.
static void put_counted(struct buf *out, struct str text)
{
	buf_printf(out, "%zu:", text.len);
	buf_put_str(out, text);
}

static void put_numbers(struct buf *out, const uint64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%" PRIu64 ",", numbers[i]);
}

void describe_fingerprint(const struct hit *hit, char out[SHA256_TEXT_SIZE])
{
	const struct hit_correlation *correlation = hit->correlation;
	const uint64_t record[] = {hit->record_id, hit->header_id,
				   hit->has_position ? hit->offset : 0};
	struct sha256 *hash = sha256_new();
	struct buf text = {0};

	put_counted(&text, hit->rule_id);
	put_counted(&text, hit->rule_title);
	put_counted(&text, hit->file_sha256.len != 0 ? hit->file_sha256 : hit->evtx_file);
	put_numbers(&text, record, sizeof(record) / sizeof(record[0]));
	if (correlation != NULL) {
		const uint64_t times[] = {correlation->first, correlation->trigger,
					  correlation->last};

		put_numbers(&text, times, sizeof(times) / sizeof(times[0]));
		for (size_t i = 0; i < correlation->group_count; i++) {
			put_counted(&text, correlation->group[i].name);
			put_counted(&text, correlation->group[i].value);
		}
	}
	sha256_put(hash, text.ptr, text.len);
	sha256_text(hash, out);
	sha256_free(hash);
	buf_release(&text);
}

void describe_rule_key(struct buf *out, const struct hit *hit)
{
	put_counted(out, hit->rule_id);
	put_counted(out, hit->rule_title);
	put_counted(out, hit->rule_file);
}

struct str describe_index_name(struct str name, struct arena *arena)
{
	char *copy = (char *)arena_str(arena, name).ptr;
	bool is_blank = true;

	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)copy[i];

		if (c == '.' || c < 0x20 || c == 0x7F)
			copy[i] = '_';
		is_blank &= copy[i] == ' ';
	}
	return is_blank ? STR("_") : (struct str){copy, name.len};
}
