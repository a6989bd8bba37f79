// SPDX-License-Identifier: Apache-2.0
// Sizes of the EVTX format, and little-endian integers at any address.
#ifndef EVTX_FORMAT_H
#define EVTX_FORMAT_H

#include <stdint.h>
#include <string.h>

// evtx-format.md 1.1 and 1.3.
#define EVTX_FILE_HEADER_SIZE 4096u
#define CHUNK_SIZE 65536u
#define CHUNK_HEADER_SIZE 512u

// 1.4: signature, size, id, time; then the record; then the size again.
#define RECORD_SIGNATURE 0x2A2Au
#define RECORD_HEAD 24u
#define RECORD_MIN 28u
// What the BinXML of a record begins with, as u32: a fragment header, version 1.1.
#define RECORD_FRAGMENT 0x0001010Fu

static inline uint16_t load_u16(const unsigned char *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t load_u32(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline uint64_t load_u64(const unsigned char *at)
{
	return load_u32(at) | (uint64_t)load_u32(at + 4) << 32;
}

#endif
