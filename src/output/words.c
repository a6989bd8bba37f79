// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#include "output/words.h"

#include <inttypes.h>
#include <stdio.h>

void words_number(struct buf *out, uint64_t value)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, value);

	for (size_t i = 0; i < len; i++) {
		if (i != 0 && (len - i) % 3 == 0)
			buf_put_char(out, ',');
		buf_put_char(out, digits[i]);
	}
}

void words_plural(struct buf *out, uint64_t value, const char *noun)
{
	words_number(out, value);
	buf_printf(out, " %s%s", noun, value == 1 ? "" : "s");
}

void words_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double value = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		words_plural(out, bytes, "byte");
		return;
	}
	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		unit++;
	}
	buf_printf(out, "%.1f %s", value, units[unit]);
}
