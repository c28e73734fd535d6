/* SPDX-License-Identifier: MIT */
/*
 * THE reader of numbers that a person writes: in options, on command lines and in matrix files.
 *
 *     number   digits [. digits] [e [+|-] digits]     as in 3, 0.5, 1e6, 1.5e-3
 *     scale    k K M G (1000 each)  Ki Mi Gi (1024 each)
 *
 * Nothing else is a number: no blank, no sign, no hexadecimal, no leading zero as in 010, no infinity. None
 * of the functions needs memory, and each is linear in the length of its text.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

/* Integers below this one survive in a double. */
#define NUMBER_DOUBLE_END (UINT64_C(1) << 53)

/*
 * Reads an integer up to `most`: plain digits, or a number with a scale whose product is whole, as in 1e6,
 * 64k, 1.5Mi. Returns 0, or -1 where the text is none, or lies above `most`. What is not plain digits lies
 * below 2^53.
 */
int number_integer_read(const char *text, uint64_t most, uint64_t *ret_value);

/*
 * Reads a size in bytes below 2^53: an integer as above, or with a B behind it. "64M" and "64MB" are 64000000
 * bytes, "64Mi" and "64MiB" 67108864. A fraction of a unit is rounded down to a byte, as in "1.1GiB". Returns
 * 0 or -1.
 */
int number_bytes_read(const char *text, uint64_t *ret_bytes);

/* What a size in bytes looks like, for the line that refuses another. */
#define NUMBER_BYTES_EXPECTED "bytes, as in 64MiB (2^20 each), 64MB (10^6 each) or 67108864"

/*
 * Reads a number at the begin of a text. Returns what follows it, which is "" for a number alone; or NULL
 * where the text begins with none, or with one that no double holds.
 */
const char *number_real_read(const char *text, double *ret_value);

#endif
