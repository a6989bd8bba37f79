// SPDX-License-Identifier: Apache-2.0
// Inputs of correlations as they lie in sorted runs.
//
// An item is a head, a key and a detail. Keys compare as bytes: the place of the
// correlation, the group, then the order of records (4.4). The detail is what an
// alert shows.
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "correlate/internal.h"
#include "match/number.h"

struct head {
	uint32_t key_len;
	uint32_t group_len; // of the key, behind the place
};

// The first part of a detail; computer, channel, provider and the texts follow.
struct fixed {
	uint64_t sequence, time, record_id, header_id, chunk, offset;
	double number;
	uint32_t event_id, file, ref;
};

// Length of a text that is missing.
#define MISSING UINT32_MAX

// ---- writing ------------------------------------------------------------

// Big-endian, so that bytes compare like numbers.
static void put_number(struct buf *out, uint64_t value, size_t bytes)
{
	for (size_t i = bytes; i > 0; i--)
		buf_put_char(out, (char)(value >> (8 * (i - 1))));
}

// Ends in 0 0, and a 0 in it becomes 0 1: bytes compare like str_cmp, and nothing of
// the next part is compared with this one.
static void put_ordered(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		buf_put_char(out, text.ptr[i]);
		if (text.ptr[i] == 0)
			buf_put_char(out, 1);
	}
	buf_put(out, "\0", 2);
}

static void put_key(struct item_maker *maker, const struct correlations *c,
		    const struct reference *reference, const struct facts *facts, struct head *head)
{
	const struct corr_record *record = facts->record;
	struct buf *out = &maker->key;

	put_number(out, c->nodes[reference->correlation->index].place, 4);
	for (size_t i = 0; i < reference->correlation->correlation->group_count; i++) {
		struct str text = facts->texts[reference->group[i]];
		struct str folded = text_fold(&maker->arena, text);

		put_number(out, folded.len, 4);
		buf_put_str(out, folded);
	}
	head->group_len = (uint32_t)out->len - 4;
	put_number(out, record->time, 8);
	put_ordered(out, record->computer);
	put_ordered(out, record->channel);
	put_number(out, record->record_id, 8);
	put_number(out, record->sequence, 8);
	put_number(out, reference->ref, 4);
	head->key_len = (uint32_t)out->len;
}

static void put_text(struct buf *out, struct str text)
{
	uint32_t len = text.ptr != NULL ? (uint32_t)text.len : MISSING;

	buf_put(out, &len, sizeof(len));
	if (text.ptr != NULL)
		buf_put_str(out, text);
}

static void put_texts(struct buf *out, const struct facts *facts, const size_t *places,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_text(out, facts->texts[places[i]]);
}

static void put_detail(struct item_maker *maker, const struct correlations *c,
		       const struct reference *reference, const struct facts *facts, double number)
{
	const struct corr_record *record = facts->record;
	const struct rule *rule = reference->correlation;
	struct buf *out = &maker->body;
	struct fixed fixed;

	memset(&fixed, 0, sizeof(fixed)); // no byte of it is left to chance
	fixed.sequence = record->sequence;
	fixed.time = record->time;
	fixed.record_id = record->record_id;
	fixed.header_id = record->header_id;
	fixed.chunk = record->chunk;
	fixed.offset = record->offset;
	fixed.number = number;
	fixed.event_id = record->event_id;
	fixed.file = record->file;
	fixed.ref = (uint32_t)reference->ref;
	buf_put(out, &fixed, sizeof(fixed));
	put_text(out, record->computer);
	put_text(out, record->channel);
	put_text(out, record->provider);
	put_texts(out, facts, reference->group, rule->correlation->group_count);
	put_texts(out, facts, reference->values, rule->correlation->field_count);
	put_texts(out, facts, reference->passed, c->nodes[rule->index].passed_count);
}

static bool have_all(const struct facts *facts, const size_t *places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (facts->texts[places[i]].ptr == NULL)
			return false;
	}
	return true;
}

bool correlation_is_numeric(const struct correlation *corr)
{
	return corr->type == CORR_VALUE_SUM || corr->type == CORR_VALUE_AVG ||
	       corr->type == CORR_VALUE_MEDIAN ||
	       (corr->type == CORR_VALUE_PERCENTILE && corr->has_percentile);
}

static bool has_values(const struct reference *reference, const struct facts *facts, double *number)
{
	const struct correlation *corr = reference->correlation->correlation;
	struct number parsed;

	*number = 0;
	if (!have_all(facts, reference->values, corr->field_count))
		return false;
	if (corr->field_count == 0 || !correlation_is_numeric(corr))
		return true;
	if (!number_parse(facts->texts[reference->values[0]], &parsed) || !isfinite(parsed.real))
		return false;
	*number = parsed.real;
	return true;
}

enum rc item_put(struct item_maker *maker, const struct correlations *c,
		 const struct reference *reference, const struct facts *facts,
		 struct corr_diagnostic *diagnostic, struct runs *runs, struct err *err)
{
	struct head head;
	struct str parts[3];
	double number;

	if (!have_all(facts, reference->group, reference->correlation->correlation->group_count)) {
		diagnostic->without_group++;
		return RC_OK;
	}
	if (!has_values(reference, facts, &number)) {
		diagnostic->without_value++;
		return RC_OK;
	}
	buf_reset(&maker->key);
	buf_reset(&maker->body);
	put_key(maker, c, reference, facts, &head);
	put_detail(maker, c, reference, facts, number);
	parts[0] = (struct str){(const char *)&head, sizeof(head)};
	parts[1] = buf_str(&maker->key);
	parts[2] = buf_str(&maker->body);
	return runs_add(runs, parts, 3, err);
}

void item_maker_release(struct item_maker *maker)
{
	arena_release(&maker->arena);
	buf_release(&maker->key);
	buf_release(&maker->body);
}

// ---- reading ------------------------------------------------------------

static struct str key_of(struct str item, struct head *head)
{
	memcpy(head, item.ptr, sizeof(*head));
	return str_sub(item, sizeof(*head), head->key_len);
}

int item_order(struct str a, struct str b)
{
	struct head x;
	struct head y;

	return str_cmp(key_of(a, &x), key_of(b, &y));
}

static struct str take_bytes(struct str *rest, size_t len)
{
	struct str taken = str_sub(*rest, 0, len);

	*rest = str_sub(*rest, len, SIZE_MAX);
	return taken;
}

static struct str take_text(struct str *rest)
{
	uint32_t len;

	memcpy(&len, take_bytes(rest, sizeof(len)).ptr, sizeof(len));
	if (len == MISSING)
		return (struct str){NULL, 0};
	return len > 0 ? take_bytes(rest, len) : STR("");
}

void item_read_detail(const struct correlations *c, const struct rule *correlation,
		      struct str detail, struct arena *arena, struct corr_item *out)
{
	size_t count = correlation->correlation->group_count +
		       correlation->correlation->field_count +
		       c->nodes[correlation->index].passed_count;
	struct fixed fixed;

	memcpy(&fixed, take_bytes(&detail, sizeof(fixed)).ptr, sizeof(fixed));
	out->record = (struct corr_record){
		.sequence = fixed.sequence,
		.time = fixed.time,
		.record_id = fixed.record_id,
		.header_id = fixed.header_id,
		.chunk = fixed.chunk,
		.offset = fixed.offset,
		.event_id = fixed.event_id,
		.file = fixed.file,
	};
	out->record.computer = take_text(&detail);
	out->record.channel = take_text(&detail);
	out->record.provider = take_text(&detail);
	out->number = fixed.number;
	out->ref = fixed.ref;
	out->texts = arena_array(arena, count, sizeof(*out->texts));
	for (size_t i = 0; i < count; i++)
		out->texts[i] = take_text(&detail);
}

static uint32_t place_of(struct str key)
{
	uint32_t place = 0;

	for (size_t i = 0; i < 4; i++)
		place = place << 8 | (unsigned char)key.ptr[i];
	return place;
}

void item_read(const struct correlations *c, struct str bytes, struct arena *arena,
	       struct corr_item *out)
{
	struct head head;
	struct str key = key_of(bytes, &head);

	out->place = place_of(key);
	out->group = str_sub(key, 4, head.group_len);
	out->detail = str_sub(bytes, sizeof(head) + head.key_len, SIZE_MAX);
	item_read_detail(c, c->order[out->place], out->detail, arena, out);
}
