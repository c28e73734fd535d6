/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"

#define CRC32_POLYNOMIAL 0xedb88320u /* reflected: the lowest bit comes first */

static uint32_t byte_add(uint32_t crc, unsigned char byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (crc & 1 ? CRC32_POLYNOMIAL : 0);
    return crc;
}

uint32_t crc32_add(uint32_t crc, const void *bytes, size_t size)
{
    static uint32_t steps[256]; /* what each byte adds; the last is not 0 once they are made */
    if (!steps[255])
        for (unsigned byte = 0; byte < 256; byte++)
            steps[byte] = byte_add(0, (unsigned char)byte);
    crc = ~crc;
    for (const unsigned char *next = bytes, *end = next + size; next < end; next++)
        crc = (crc >> 8) ^ steps[(crc ^ *next) & 255];
    return ~crc;
}
