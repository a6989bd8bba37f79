// SPDX-License-Identifier: Apache-2.0
// The items of an array.
#include "event/value.h"

// Up to its NUL, which the last one may lack; 0 when there is no whole character.
static uint32_t string_size(const unsigned char *bytes, uint32_t left, uint32_t unit)
{
	uint32_t len = 0;

	while (len + unit <= left) {
		if (bytes[len] == 0 && bytes[len + unit - 1] == 0)
			return len + unit;
		len += unit;
	}
	return len;
}

// What the item at `bytes` takes of the `left` that are there, at least one; 0 when
// they are not enough.
static uint32_t item_size(const struct value *array, const unsigned char *bytes, uint32_t left)
{
	static const unsigned char sizes[] = {
		[VALUE_INT8] = 1,     [VALUE_UINT8] = 1,       [VALUE_INT16] = 2,
		[VALUE_UINT16] = 2,   [VALUE_INT32] = 4,       [VALUE_UINT32] = 4,
		[VALUE_INT64] = 8,    [VALUE_UINT64] = 8,      [VALUE_FLOAT] = 4,
		[VALUE_DOUBLE] = 8,   [VALUE_BOOL] = 4,	       [VALUE_GUID] = 16,
		[VALUE_FILETIME] = 8, [VALUE_SYSTEMTIME] = 16, [VALUE_HEX32] = 4,
		[VALUE_HEX64] = 8,
	};
	unsigned type = array->type & ~(unsigned)VALUE_ARRAY;
	uint32_t size = left; // types that have no arrays are one item

	if (type == VALUE_STRING || type == VALUE_ANSI)
		return string_size(bytes, left, type == VALUE_STRING ? 2 : 1);
	if (type == VALUE_SID)
		size = left < 8 ? 8 : 8 + 4u * bytes[1];
	else if (type == VALUE_SIZE)
		size = array->len % 8 == 0 ? 8 : 4;
	else if (type < sizeof(sizes) && sizes[type] != 0)
		size = sizes[type];
	return size <= left ? size : 0;
}

// A string without the NUL that ends it.
static void drop_nul(struct value *item)
{
	const unsigned char *bytes = item->ptr;
	uint32_t len = item->len - (item->type == VALUE_STRING ? 2 : 1);

	if (bytes[len] == 0 && bytes[item->len - 1] == 0)
		item->len = len;
}

bool value_next_item(const struct value *array, uint32_t *at, struct value *item)
{
	const unsigned char *bytes = (const unsigned char *)array->ptr + *at;
	uint32_t left = array->len - *at;
	uint32_t size;

	if (left == 0)
		return false;
	size = item_size(array, bytes, left);
	*item = (struct value){bytes, size, array->type & ~VALUE_ARRAY & 0xFF, 0};
	if (size == 0)
		*item = (struct value){bytes, left, VALUE_BINARY, 0};
	else if (item->type == VALUE_STRING || item->type == VALUE_ANSI)
		drop_nul(item);
	*at += size != 0 ? size : left;
	return true;
}
