/* SPDX-License-Identifier: MIT */
/*
 * A child process that reads the heap of its parent, as a server's worker reads what was loaded before the fork. Parent
 * and child share their pages until one of them writes. What the child unshares is what counts, marks and links in
 * objects cost there, and so does moving them.
 */
#ifndef WORKLOADS_CHILD_H
#define WORKLOADS_CHILD_H

#include "collectors/mutator.h"

/* What the last child unshared. The runner gives the function, and writes the figures into the record. */
struct workload_child {
    /* Bytes of the calling process that it has written and no other shares; -1 where the system does not say it. NULL:
     * nothing is measured. */
    int64_t (*private_dirty_bytes)(void);
    bool ran;
    uint64_t heap_bytes; /* of the objects that were held at the fork */
    /* Readings of the child: as it began, when it had read, and after its collection. -1 where not known. */
    int64_t begun_bytes, read_bytes, collected_bytes;
};
extern struct workload_child workload_child;

/*
 * Calls `visit` in a child process, which has a copy of the heap, and has it collect fully then. Returns what `visit`
 * returned, once the child has ended. Notes the figures above. What happens in the child is not recorded, and leaves
 * this process and its heap as they are. When there can be no child, or it ends early, ends the workload with
 * WORKLOAD_EXIT_WRONG.
 */
uint64_t workload_child_run(struct gc_mutator *mutator, uint64_t (*visit)(struct gc_mutator *mutator));

#endif
