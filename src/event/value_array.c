// SPDX-License-Identifier: Apache-2.0
// The items of an array.
#include "event/value.h"

bool value_next_item(const struct value *array, uint32_t *at, struct value *item)
{
	static const unsigned char sizes[] = {
		[VALUE_INT8] = 1,     [VALUE_UINT8] = 1,       [VALUE_INT16] = 2,
		[VALUE_UINT16] = 2,   [VALUE_INT32] = 4,       [VALUE_UINT32] = 4,
		[VALUE_INT64] = 8,    [VALUE_UINT64] = 8,      [VALUE_FLOAT] = 4,
		[VALUE_DOUBLE] = 8,   [VALUE_BOOL] = 4,	       [VALUE_GUID] = 16,
		[VALUE_FILETIME] = 8, [VALUE_SYSTEMTIME] = 16, [VALUE_HEX32] = 4,
		[VALUE_HEX64] = 8,
	};
	const unsigned char *bytes = (const unsigned char *)array->ptr + *at;
	uint32_t left = array->len - *at;
	unsigned type = array->type & ~(unsigned)VALUE_ARRAY;
	uint32_t len = type < sizeof(sizes) ? sizes[type] : 0;
	uint32_t step;

	if (type == VALUE_STRING || type == VALUE_ANSI) {
		uint32_t unit = type == VALUE_STRING ? 2 : 1;

		for (len = 0; len + unit <= left; len += unit) {
			if (bytes[len] == 0 && bytes[len + unit - 1] == 0)
				break;
		}
		step = len + unit;
	} else {
		if (type == VALUE_SID && left >= 8)
			len = 8 + 4u * bytes[1];
		else if (type == VALUE_SIZE)
			len = array->len % 8 == 0 ? 8 : 4;
		else if (len == 0)
			len = left;
		step = len;
		if (len == 0 || len > left)
			return false;
	}
	if (left == 0)
		return false;
	*item = (struct value){.ptr = bytes, .len = len, .type = (uint16_t)type};
	*at += step < left ? step : left;
	return true;
}
