/* SPDX-License-Identifier: MIT */
/* Publishes the minimum heaps of a whole matrix. */
#ifndef HARNESS_CLI_MINHEAP_SPEC_H
#define HARNESS_CLI_MINHEAP_SPEC_H

#include <stdint.h>

/*
 * Finds the minimum heap of every workload and collector in the entries of the spec that have heaps, in
 * `trials` trials each. Writes the file that the spec names, or `output` where that is not NULL. `timeout_ns`
 * is for each process; 0 stands for the timeout of minheap_pair_open(). A pair without a minimum is in the
 * file with its reason. Prints a line for each pair. Returns 0, or a status after one line.
 */
int minheap_spec_publish(const char *spec, const char *output, unsigned trials, int64_t timeout_ns);

#endif
