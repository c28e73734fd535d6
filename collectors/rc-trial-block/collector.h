/* SPDX-License-Identifier: MIT */
/*
 * rc-trial-block: trial deletion engineered. It runs the algorithm of rc-trial on a block heap. Each pass is
 * a wave over all roots together, with its cache misses overlapped. The trigger keeps the work in proportion
 * to what was allocated.
 */
#ifndef COLLECTORS_RC_TRIAL_BLOCK_COLLECTOR_H
#define COLLECTORS_RC_TRIAL_BLOCK_COLLECTOR_H

#include "collectors/gc.h"
#include "collectors/support/count/leaf.h"
#include "collectors/support/count/suspects.h"
#include "collectors/support/finalise/finalise.h"
#include "collectors/support/heap/region-table.h"
#include "collectors/support/trace/kernel.h"
#include "collectors/support/trigger/trial-trigger.h"
#include "collectors/support/trigger/weight.h"

static const struct gc_traits gc_traits = {
    .counts = true,
    .reclaims = true,
    .reclaims_cycles = true,
    .frees_at_once = true,
    .buffers_roots = true,
    .finalises = true,
    .header_bytes = sizeof(struct gc_object),
};

struct wave_options {
    uint64_t roots;
    double share;
    uint64_t weight;
};

struct wave_mutator {
    struct gc_mutator common;
    const struct wave_options *options;
    struct block_heap heap;
    struct worklist roots;   /* a table of regions; in a collection the possible roots examined, each once */
    struct worklist touched; /* in a collection: the objects that the trial reached, while they are few */
    uint64_t few;            /* a walk through the heap finds more touched objects than this */
    bool green_touched;      /* the trial met a reference to an acyclic object */
    struct kernel kernel;
    uint64_t look_at;      /* entries of the root buffer that call for a poll */
    uint64_t purge_at;     /* entries that call for a purge, if no collection comes before */
    uint64_t held_wanted;  /* objects held that call for a collection, once there are enough possible roots */
    uint64_t bytes_wanted; /* bytes held that call for one by weight, once there is a possible root */
    /* While a collection attends to its garbage: how many objects the trial reached, and what is done to each. */
    uint64_t touched_count;
    const struct finalise_garbage *attended;
    finalise_step *attend;
};

static inline void gc_local_new(struct gc_mutator *mutator, struct gc_slot *slot,
                                const struct gc_shape *shape, uint64_t length)
{
    struct gc_object *object =
        block_allocate_in(mutator, &((struct wave_mutator *)mutator)->heap, shape, length, TRIAL_BUFFERED);
    counting_hand_over(mutator, &slot->ref, (struct gc_ref){object});
}

#endif
