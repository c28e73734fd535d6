/* SPDX-License-Identifier: MIT */
/*
 * Published minimum heaps: the file that `gcmatrix minheap --spec` writes, and from which a matrix takes the
 * heaps it names in multiples. It is committed beside the spec and made again by one command, never typed.
 */
#ifndef HARNESS_CAMPAIGN_MINHEAP_FILE_H
#define HARNESS_CAMPAIGN_MINHEAP_FILE_H

#include <jansson.h>
#include <stdint.h>

#define MINHEAP_FILE_SCHEMA "gcmatrix.minimum-heaps.1"

/* The largest multiple: beyond it no collector collects any more. */
enum { MINHEAP_MULTIPLE_MAX = 1000 };

/*
 * Reads such a file. Returns 0 and the minima, an array of objects as minheap_describe() makes them with
 * `workload`, `workload_options`, `collector`, `collector_options`, `seed` and, where none was found, a
 * `reason` and a `minimum_bytes` of null; a new reference. MESSAGE_BAD_INPUT after one line that names the
 * file and what is wrong with it.
 */
int minheap_file_read(const char *path, json_t **ret_minima);

/* Writes it, whole or not at all: to a file beside it that then takes its name. `command` says what made it.
 * Returns 0, or MESSAGE_STORAGE after one line. */
int minheap_file_write(const char *path, const char *command, const json_t *minima);

/*
 * The published minimum of a workload, in bytes: the smallest of any collector's, so that one heap size is
 * the same for all of them. Ones that are not monotone are not relied on. 0 when there is none. O(minima).
 */
uint64_t minheap_file_find(const json_t *minima, const char *workload, const char *options, uint64_t seed);

/*
 * Reads a multiple, as in "1.5": 1 to MINHEAP_MULTIPLE_MAX. Returns 0, or MESSAGE_BAD_INPUT after one line
 * that opens with `place`.
 */
int minheap_multiple_read(const char *place, const char *text, double *ret_multiple);

/* The limit at a multiple of a minimum, in whole bytes, rounded up. */
uint64_t minheap_multiple_bytes(double multiple, uint64_t minimum);

#endif
