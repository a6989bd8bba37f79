// SPDX-License-Identifier: Apache-2.0
// For a target whose input is EVTX: libFuzzer changes it by evtx_mutate.h.
#ifndef FUZZ_CUSTOM_MUTATOR_H
#define FUZZ_CUSTOM_MUTATOR_H

#include "evtx_mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
// Absent where no libFuzzer is linked.
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct mutation mutation = {seed, LLVMFuzzerMutate};

	return mutate_evtx(&mutation, data, size, max);
}

#endif
