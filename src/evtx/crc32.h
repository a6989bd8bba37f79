// SPDX-License-Identifier: Apache-2.0
// The CRC32 of EVTX file and chunk headers: zlib's (IEEE, reflected), with
// "123456789" giving 0xCBF43926 (evtx-format.md, conventions).
#ifndef EVTX_CRC32_H
#define EVTX_CRC32_H

#include <stddef.h>
#include <stdint.h>

// The CRC of what went before (0 at the start), continued over `len` bytes.
uint32_t crc32_update(uint32_t crc, const void *bytes, size_t len);

#endif
