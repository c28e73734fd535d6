/* SPDX-License-Identifier: MIT */
/*
 * One run of several folders: of shards (shard.h), or of the same plan run twice. Each block comes from one folder as a
 * whole, because a block is measured on one machine. It comes from the folder that has most of its processes, and from
 * the first where several have as many. So the result depends on the folders alone, and merging it once more with any of
 * them changes nothing.
 */
#ifndef HARNESS_RESULTS_MERGE_H
#define HARNESS_RESULTS_MERGE_H

#include <stddef.h>

/* What a merged run holds. */
struct merge_sum {
    size_t folders, machines;
    size_t processes, due; /* without repetitions: those that are there, and those of the plan */
    size_t twice;          /* blocks of which more than one folder has processes */
    size_t blocks;
    size_t *lacking; /* of each block, how many processes are missing */
    size_t shards;   /* of how many the folders are, where all say the same; 0: they do not */
    size_t disagree; /* processes whose checksum is another than that of the same work in another folder */
};

/*
 * Makes the run's folder `to`, which must not be there, of `count` folders, one at least. They must be of this
 * schema, and have the same plan, executables and allocators, in a fixed number of blocks. No other process may write
 * to them. The folder appears when all of it is on the disk. Copies rows, raw files and the times of the reference
 * program; damaged rows are left out, as they are where a run is read. A folder that is named twice counts once.
 * Returns 0 and a sum for merge_sum_free(); MESSAGE_BAD_INPUT or MESSAGE_STORAGE after one line, or
 * MESSAGE_INTERRUPTED, with nothing left behind. O(bytes of the folders).
 */
int merge_runs(char *const *dirs, size_t count, const char *to, struct merge_sum *ret_sum);
void merge_sum_free(struct merge_sum *sum);

#endif
