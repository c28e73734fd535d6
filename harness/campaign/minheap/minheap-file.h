/* SPDX-License-Identifier: MIT */
/*
 * The file of published minimum heaps. `gcmatrix minheap --spec` writes it, and a matrix that names heaps as
 * multiples takes their minima from it. The file is committed in the specification's folder. One command
 * makes it again; nobody types it.
 */
#ifndef HARNESS_CAMPAIGN_MINHEAP_MINHEAP_FILE_H
#define HARNESS_CAMPAIGN_MINHEAP_MINHEAP_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define MINHEAP_FILE_SCHEMA "gcmatrix.minimum-heaps.1"

/* The largest multiple: beyond it no collector collects. */
enum { MINHEAP_MULTIPLE_MAX = 1000 };

/* The largest minimum, in bytes: 8 TiB. Each multiple of it is exact in a double. */
#define MINHEAP_BYTES_MAX (INT64_C(1) << 43)

/*
 * Reads such a file. Returns 0 and a new reference to the minima; or MESSAGE_BAD_INPUT after one line that
 * names the file and what is wrong with it. A minimum is an object of minheap_describe() with `workload`,
 * `workload_options`, `collector`, `collector_options` and `seed`. Where none was found, it has a `reason`,
 * and `minimum_bytes` is null.
 */
int minheap_file_read(const char *path, json_t **ret_minima);

/* Whether the file says of itself that it is one, without a line. */
bool minheap_file_is(const char *path);

/* Writes such a file to a stream, whose errors the caller finds. `command` is the command that made it. */
void minheap_file_write(FILE *stream, const char *command, const json_t *minima);

/*
 * The published minimum of a workload, in bytes; 0 when there is none. It is the smallest of any collector's,
 * so one heap size is the same for all collectors. A minimum that is not monotone does not count. O(minima).
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
