/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"
#include "tests/tap.h"

int main(void)
{
    static const char digits[] = "123456789";
    tap_equal(crc32_add(0, digits, 9), 0xcbf43926, "the checksum of nine digits is the published one");
    tap_equal(crc32_add(0, digits, 0), 0, "nothing has the checksum 0");
    tap_equal(crc32_add(crc32_add(0, digits, 4), digits + 4, 5), 0xcbf43926,
              "parts one after the other have the checksum of the whole");
    return tap_done();
}
