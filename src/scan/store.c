// SPDX-License-Identifier: Apache-2.0
// The order of hits.
#include "scan/store.h"

#include <string.h>

// How a hit lies in a run: this, the texts, the body.
struct stored {
	struct store_key key;
	uint32_t texts_len;
};

static struct str next_text(struct str *rest, uint32_t len)
{
	struct str text = str_sub(*rest, 0, len);

	*rest = str_sub(*rest, len, SIZE_MAX);
	return text;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_texts(struct str *a, uint32_t a_len, struct str *b, uint32_t b_len)
{
	return str_cmp(next_text(a, a_len), next_text(b, b_len));
}

static int compare(struct str a, struct str b)
{
	struct stored x;
	struct stored y;
	int order;

	memcpy(&x, a.ptr, sizeof(x));
	memcpy(&y, b.ptr, sizeof(y));
	a = str_sub(a, sizeof(x), SIZE_MAX);
	b = str_sub(b, sizeof(y), SIZE_MAX);
	order = compare_u64(x.key.time, y.key.time);
	if (order == 0)
		order = compare_texts(&a, x.key.computer_len, &b, y.key.computer_len);
	if (order == 0)
		order = compare_texts(&a, x.key.channel_len, &b, y.key.channel_len);
	if (order == 0)
		order = compare_u64(x.key.record_id, y.key.record_id);
	if (order == 0)
		order = compare_texts(&a, x.key.path_len, &b, y.key.path_len);
	if (order == 0)
		order = compare_u64(x.key.sequence, y.key.sequence);
	if (order == 0)
		order = compare_u64(x.key.rule, y.key.rule);
	if (order == 0)
		order = compare_texts(&a, x.key.group_len, &b, y.key.group_len);
	return order;
}

struct runs *store_new(size_t budget, struct spill *spill)
{
	return runs_new(budget, compare, spill);
}

enum rc store_add(struct runs *store, const struct store_key *key, struct str texts,
		  struct str body, struct err *err)
{
	struct stored head = {*key, (uint32_t)texts.len};
	struct str parts[] = {{(const char *)&head, sizeof(head)}, texts, body};

	return runs_add(store, parts, 3, err);
}

enum rc store_next(struct runs_reader *reader, struct store_key *key, struct str *texts,
		   struct str *body, struct err *err)
{
	struct stored head;
	struct str item;
	enum rc rc = runs_next(reader, &item, err);

	if (rc != RC_OK)
		return rc;
	memcpy(&head, item.ptr, sizeof(head));
	*key = head.key;
	*texts = str_sub(item, sizeof(head), head.texts_len);
	*body = str_sub(item, sizeof(head) + head.texts_len, SIZE_MAX);
	return RC_OK;
}
