// SPDX-License-Identifier: Apache-2.0
// AFL++: the mutator of evtx_mutate.h as AFL_CUSTOM_MUTATOR_LIBRARY.
#include <stdlib.h>

#include "evtx_mutate.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT void *afl_custom_init(void *afl, unsigned seed);
EXPORT size_t afl_custom_fuzz(void *data, uint8_t *bytes, size_t size, uint8_t **out,
			      uint8_t *other, size_t other_size, size_t max);
EXPORT void afl_custom_deinit(void *data);

struct afl_mutator {
	struct mutation mutation;
	uint8_t *out;
	size_t cap;
};

void *afl_custom_init(void *afl, unsigned seed)
{
	struct afl_mutator *mutator = calloc(1, sizeof(*mutator));

	(void)afl;
	if (mutator != NULL)
		mutator->mutation.seed = seed;
	return mutator;
}

size_t afl_custom_fuzz(void *data, uint8_t *bytes, size_t size, uint8_t **out, uint8_t *other,
		       size_t other_size, size_t max)
{
	struct afl_mutator *mutator = data;

	(void)other, (void)other_size;
	if (mutator->cap < max) {
		free(mutator->out);
		mutator->out = malloc(max);
		mutator->cap = mutator->out != NULL ? max : 0;
	}
	if (mutator->cap < size)
		return 0;
	memcpy(mutator->out, bytes, size);
	*out = mutator->out;
	return mutate_evtx(&mutator->mutation, mutator->out, size, max);
}

void afl_custom_deinit(void *data)
{
	struct afl_mutator *mutator = data;

	free(mutator->out);
	free(mutator);
}
