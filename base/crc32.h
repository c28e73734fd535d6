/* SPDX-License-Identifier: MIT */
/*
 * The checksum CRC-32 of IEEE 802.3, as in zlib and PNG. It finds every damage that lies within 32 bits, a byte
 * that is flipped or lost among it, and misses one other damage in four thousand million. It is no protection
 * against a forger. W. W. Peterson and D. T. Brown, "Cyclic codes for error detection" (1961).
 */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Returns the checksum of some bytes that follow those of which `crc` is the checksum; it is 0 for none. O(size). */
uint32_t crc32_add(uint32_t crc, const void *bytes, size_t size);

#endif
