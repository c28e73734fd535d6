/* SPDX-License-Identifier: MIT */
/* Which machines a run was measured on: several where it was merged of shards (merge.h). */
#ifndef HARNESS_RESULTS_RUN_MACHINES_H
#define HARNESS_RESULTS_RUN_MACHINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/results/store.h"

/*
 * Fills `ret_places` with the machine of each of `blocks` blocks: its place in the manifest's `machines`; 0 for a block
 * that none names. Returns how many machines there are: from 1 to the blocks, as each ran a block. O(blocks).
 */
size_t run_machines_of_blocks(const json_t *manifest, size_t blocks, size_t *ret_places);

/* Returns how a machine is described: that at a place of `machines`, or the run's own; NULL where it is not. O(1). */
const json_t *run_machines_describe(const json_t *manifest, size_t place);

/* Whether two descriptions are of one machine: host, processor and cores. NULL says nothing. O(1). */
bool run_machines_are_same(const json_t *a, const json_t *b);

/*
 * Leaves of a merged run what the machine at the place measured, as if its blocks had not run elsewhere: its rows, its
 * sessions, and its description as the run's. A run of one machine is left as it is. O(rows + blocks + sessions).
 */
void run_machines_keep(struct store *store, size_t place);

/*
 * Writes what a machine is called: its number from 1, and the first digits of its host's hash, as in "2 (host 4f0a9c)".
 * It is plain (base/escape.h). O(1).
 */
enum { RUN_MACHINES_NAME = 48 };
void run_machines_name(const json_t *manifest, size_t place, char ret_name[RUN_MACHINES_NAME]);

#endif
