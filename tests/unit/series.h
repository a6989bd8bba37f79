// SPDX-License-Identifier: Apache-2.0
// Hand-made series and the findings they give, for tests of windows.
#ifndef TESTS_UNIT_SERIES_H
#define TESTS_UNIT_SERIES_H

#include "rule_fixture.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tm.h"
#include "correlate/internal.h"

// Minutes and seconds to ticks of 100 ns.
#define AT(minutes, seconds) (((uint64_t)(minutes)*60 + (uint64_t)(seconds)) * 10000000u)

static inline struct input hit(uint64_t time, size_t ref, text_id value, double number)
{
	return (struct input){.time = time, .ref = (uint32_t)ref, .value = value, .number = number};
}

// Each item is a record of its own.
static inline struct series series_of(struct input *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i].record = (uint32_t)i;
	return (struct series){.items = items, .count = count, .is_last = true};
}

#define SERIES(items) series_of(items, sizeof(items) / sizeof((items)[0]))

struct seen {
	struct finding *items;
	uint64_t *triggers;
	size_t count, cap, trigger_cap;
	struct series series;
};

static inline void keep(void *user, const struct finding *finding)
{
	struct seen *seen = user;

	mem_grow(&seen->items, &seen->cap, seen->count + 1, sizeof(*seen->items));
	mem_grow(&seen->triggers, &seen->trigger_cap, seen->count + 1, sizeof(*seen->triggers));
	seen->triggers[seen->count] = seen->series.items[finding->trigger].time;
	seen->items[seen->count++] = *finding;
}

static inline void seen_release(struct seen *seen)
{
	free(seen->items);
	free(seen->triggers);
}

// The k-th finding: times of its ends and of its trigger, and its value.
static inline void expect_finding(const struct seen *seen, size_t k, uint64_t first,
				  uint64_t trigger, uint64_t last, double value)
{
	const struct finding *f = &seen->items[k];

	assert_true(k < seen->count);
	assert_int_equal(seen->series.items[f->from].time, first);
	assert_int_equal(seen->triggers[k], trigger);
	assert_int_equal(seen->series.items[f->to].time, last);
	if (f->value < value - 0.005 || f->value > value + 0.005)
		fail_msg("value %f is not %f", f->value, value);
}

#endif
