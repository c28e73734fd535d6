/* SPDX-License-Identifier: MIT */
/* The minimum heaps of a whole matrix, published. */
#ifndef HARNESS_CLI_MINHEAP_SPEC_H
#define HARNESS_CLI_MINHEAP_SPEC_H

#include <stdint.h>

/*
 * Finds the minimum heap of every workload and collector in the entries of the spec that have heaps, in
 * `trials` trials each, and writes the file the spec names (or `output`, where not NULL). `timeout_ns` is for
 * each process, 0 for minheap_pair_open()'s own. A pair without a minimum is in the file with its reason.
 * Prints a line for each pair. Returns 0, or a status after one line.
 */
int minheap_spec_publish(const char *spec, const char *output, unsigned trials, int64_t timeout_ns);

#endif
