/* SPDX-License-Identifier: MIT */
/*
 * What is being merged. Only these files use it:
 *
 *      merge.c             opens the folders, compares them, and chooses which block comes from which
 *      merge-manifest.c    the manifest of the result
 *      merge-write.c       the folder of the result
 */
#ifndef HARNESS_RESULTS_MERGING_H
#define HARNESS_RESULTS_MERGING_H

#include "base/writing.h"
#include "harness/results/store.h"

/* A folder that is merged. */
struct merge_source {
    struct writing_folder run; /* locked */
    struct store *store;
    size_t *counts; /* of each block, the processes that it has, without repetitions */
};

struct merging {
    struct merge_source *sources;
    size_t count;
    size_t cells, blocks;
    size_t *from; /* of each block, the source that it comes from; `count`: no source has any of it */
    size_t rows, processes;
};

/* Whether the row is of a block that comes from this source. O(1). */
static inline bool merging_takes(const struct merging *merging, size_t source, const struct store_row *row)
{
    return merging->from[row->block] == source;
}

/*
 * The manifest of the merged run, without the check of its reference.csv; a new reference. What all sources share is
 * the first's. `machines` lists each machine with its blocks; `sessions` and `warnings` are those of all. Sets how
 * many machines there are. O(blocks x sources + sessions²).
 */
json_t *merge_manifest(const struct merging *merging, size_t *ret_machines);

/*
 * Writes the folder `to` with these rows and their files, under another name until all of it is on the disk. Stops where
 * SIGINT or SIGTERM waits, both of which the caller has blocked. Sets how many machines there are. Returns 0, or a
 * status with nothing left behind. O(bytes of the sources).
 */
int merge_write(const struct merging *merging, struct store_row *const *rows, const char *to,
                size_t *ret_machines);

#endif
