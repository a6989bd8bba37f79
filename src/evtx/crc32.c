// SPDX-License-Identifier: Apache-2.0
// CRC32 by libdeflate.
#include "evtx/crc32.h"

#include <libdeflate.h>

uint32_t crc32_update(uint32_t crc, const void *bytes, size_t len)
{
	// NULL would ask libdeflate for the initial value.
	return len == 0 ? crc : libdeflate_crc32(crc, bytes, len);
}
